//! Fits the recogniser to the board that it runs on: a known clip is timed once, and the largest
//! model is taken with which an answer doesn't keep people waiting.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Length of the clip that is timed.
pub const CLIP: Duration = Duration::from_secs(4);
/// It must be recognised within this time.
pub const LONGEST_WAIT: Duration = Duration::from_secs(2);
/// Captions are worth having while somebody speaks if one look takes no longer than this: they
/// are made about once a second, and the last one must not hold up the answer.
const LONGEST_CAPTION: Duration = Duration::from_millis(900);
/// Both looks together take so many times as long as the first.
const SECOND_LOOK: u32 = 5;
/// Doubtful speech, which is rare, may take so long.
const LONGEST_DOUBT: Duration = Duration::from_secs(4);

/// What the recogniser is run with on this board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fit {
    /// Name of the model.
    pub model: String,
    /// The time for [`CLIP`], by one look with the audio context fitted to it.
    pub time: Duration,
    /// Whether words are shown while somebody still speaks.
    pub captions: bool,
    /// Whether doubtful speech is looked at a second time, with the full audio context.
    pub second_look: bool,
    /// Whether a look leaves out some of the audio context's margin: faster, and more often wrong
    /// about the language.
    pub lean: bool,
}

/// How a model did on this board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    /// Name of the model.
    pub model: String,
    /// The time for [`CLIP`], by one look.
    pub time: Duration,
    /// Whether that look was a lean one, see [`Fit::lean`].
    pub lean: bool,
    /// The words that it heard in the clip.
    pub text: String,
    /// Whether other work had the processor meanwhile.
    pub disturbed: bool,
}

/// Takes the first model (the largest comes first) that is fast enough, else the fastest. Those
/// after it are not measured.
pub fn choose(measured: impl IntoIterator<Item = Measured>) -> Option<Measured> {
    let mut fastest: Option<Measured> = None;
    for model in measured {
        if model.time <= LONGEST_WAIT {
            return Some(model);
        }
        if fastest.as_ref().is_none_or(|other| model.time < other.time) {
            fastest = Some(model);
        }
    }
    fastest
}

impl Fit {
    /// For a model that was measured.
    pub fn of(measured: &Measured) -> Self {
        let time = measured.time;
        Self {
            model: measured.model.clone(),
            time,
            captions: time <= LONGEST_CAPTION,
            second_look: time * SECOND_LOOK <= LONGEST_DOUBT && !measured.lean,
            lean: measured.lean,
        }
    }

    /// Whether [`CLIP`] is recognised within [`LONGEST_WAIT`].
    pub fn is_fast_enough(&self) -> bool {
        self.time <= LONGEST_WAIT
    }
}

impl fmt::Display for Fit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [captions, second] = [self.captions, self.second_look].map(|on| match on {
            true => "with",
            false => "without",
        });
        write!(
            f,
            "{}: {:.2} s for {} s of speech, {captions} captions while somebody speaks, {second} a \
             second look at doubtful speech",
            self.model,
            self.time.as_secs_f64(),
            CLIP.as_secs(),
        )?;
        if self.lean {
            write!(f, ", with less context than is sure")?;
        }
        if !self.is_fast_enough() {
            write!(f, "; too slow for this board, install a smaller model")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured((model, time_ms): (&str, u64)) -> Measured {
        Measured {
            model: model.to_owned(),
            time: Duration::from_millis(time_ms),
            lean: false,
            text: String::new(),
            disturbed: false,
        }
    }

    /// Chooses on a board that is `slow` times slower than one on which small takes 0.9 s.
    fn on_a_board(slow: u64) -> Measured {
        let models = [
            ("small", 900 * slow),
            ("base", 300 * slow),
            ("tiny", 160 * slow),
        ];
        choose(models.map(measured)).unwrap()
    }

    #[test]
    fn the_slower_the_board_the_smaller_the_model() {
        let chosen = [1, 2, 4, 8, 20].map(|slow| on_a_board(slow).model);
        assert_eq!(chosen, ["small", "small", "base", "tiny", "tiny"]);
        assert_eq!(choose([]), None);
    }

    #[test]
    fn no_model_is_measured_after_one_that_is_fast_enough() {
        let never = std::iter::once_with(|| panic!("it was measured"));
        let chosen = choose([measured(("base", 400))].into_iter().chain(never));
        assert_eq!(chosen.unwrap().model, "base");
    }

    #[test]
    fn the_slower_the_model_the_less_is_done_twice() {
        for (time_ms, captions, second_look) in [
            (300, true, true),
            (660, true, true),
            (800, true, true),
            (850, true, false),
            (1_000, false, false),
            (3_000, false, false),
        ] {
            let base = measured(("base", time_ms));
            let fit = Fit::of(&base);
            let chosen = (fit.captions, fit.second_look);
            assert_eq!(chosen, (captions, second_look), "{fit}");
            let too_slow = fit.to_string().contains("too slow");
            assert_eq!(too_slow, time_ms > 2_000, "{fit}");
            let lean = Fit::of(&Measured { lean: true, ..base });
            assert!(!lean.second_look && lean.to_string().contains("less context"));
        }
    }
}
