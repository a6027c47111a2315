//! Fits the recogniser to the board that it runs on: a known piece of work is timed once, and the
//! largest model is taken with which an answer doesn't keep people waiting.

use std::fmt;
use std::time::Duration;

/// Speech of four seconds must be recognised within this time.
pub const LONGEST_WAIT: Duration = Duration::from_secs(2);
/// Captions are worth having while somebody speaks if one look takes no longer than this: they
/// are made once a second, and the last one must not hold up the answer.
const LONGEST_CAPTION: Duration = Duration::from_millis(500);

/// How long a recogniser takes for four seconds of speech.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// One look with the audio context fitted to the speech.
    pub quick: Duration,
    /// The second look that doubtful speech gets, with the full context.
    pub full: Duration,
}

/// What the recogniser is run with on this board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fit {
    /// Name of the model.
    pub model: String,
    /// Its times here.
    pub timing: Timing,
    /// Whether words are shown while somebody still speaks.
    pub partials: bool,
    /// Whether doubtful speech is looked at a second time.
    pub second_look: bool,
}

impl Fit {
    /// Takes the first of `models` (largest first) that is fast enough by `measure`, else the
    /// fastest that could be measured; `None` where none could.
    pub fn choose<E>(
        models: &[String],
        mut measure: impl FnMut(&str) -> Result<Timing, E>,
    ) -> Option<Self> {
        let mut fastest: Option<Self> = None;
        for model in models {
            let Ok(timing) = measure(model) else { continue };
            let fit = Self::of(model, timing);
            if timing.quick <= LONGEST_WAIT {
                return Some(fit);
            }
            if fastest
                .as_ref()
                .is_none_or(|fastest| timing.quick < fastest.timing.quick)
            {
                fastest = Some(fit);
            }
        }
        fastest
    }

    fn of(model: &str, timing: Timing) -> Self {
        Self {
            model: model.to_owned(),
            timing,
            partials: timing.quick <= LONGEST_CAPTION,
            second_look: timing.quick + timing.full <= LONGEST_WAIT,
        }
    }

    /// Whether four seconds of speech are recognised within [`LONGEST_WAIT`].
    pub fn is_fast_enough(&self) -> bool {
        self.timing.quick <= LONGEST_WAIT
    }
}

impl fmt::Display for Fit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [captions, second] = [self.partials, self.second_look].map(|on| match on {
            true => "with",
            false => "without",
        });
        write!(
            f,
            "{}: {:.2} s for 4 s of speech, {captions} captions while somebody speaks, {second} a \
             second look at doubtful speech",
            self.model,
            self.timing.quick.as_secs_f64()
        )?;
        if !self.is_fast_enough() {
            write!(f, "; too slow for this board, install a smaller model")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Chooses on a board that is `slow` times slower than one on which small takes 0.9 s.
    fn on_a_board(slow: u32) -> Fit {
        let models = ["small", "base", "tiny"].map(str::to_owned);
        let fit = Fit::choose(&models, |model| {
            let quick = match model {
                "small" => 900,
                "base" => 300,
                _ => 160,
            };
            let quick = Duration::from_millis(quick) * slow;
            Ok::<_, ()>(Timing {
                quick,
                full: quick * 4,
            })
        });
        fit.unwrap()
    }

    #[test]
    fn the_slower_the_board_the_smaller_the_model_and_the_less_is_done_twice() {
        let seen: Vec<_> = [1, 2, 4, 8, 20]
            .map(on_a_board)
            .iter()
            .map(|fit| {
                (
                    fit.model.clone(),
                    fit.partials,
                    fit.second_look,
                    fit.is_fast_enough(),
                )
            })
            .collect();
        let row = |model: &str, partials, second, fast| (model.to_owned(), partials, second, fast);
        let expected = [
            row("small", false, false, true),
            row("small", false, false, true),
            row("base", false, false, true),
            row("tiny", false, false, true),
            row("tiny", false, false, false),
        ];
        assert_eq!(seen, expected);
        assert!(
            on_a_board(20).to_string().contains("too slow"),
            "{}",
            on_a_board(20)
        );
    }

    #[test]
    fn a_fast_model_shows_captions_and_looks_twice() {
        let fit = Fit::of(
            "base",
            Timing {
                quick: Duration::from_millis(350),
                full: Duration::from_millis(1300),
            },
        );
        assert!(fit.partials && fit.second_look);
        let text = fit.to_string();
        assert!(
            text.starts_with("base: 0.35 s for 4 s of speech, with captions"),
            "{text}"
        );
    }

    #[test]
    fn models_that_cannot_be_measured_are_passed_over() {
        let models = ["broken".to_owned(), "base".to_owned()];
        let timing = Timing {
            quick: Duration::from_secs(1),
            full: Duration::from_secs(3),
        };
        let fit = Fit::choose(&models, |model| {
            (model == "base").then_some(timing).ok_or(())
        });
        assert_eq!(fit.unwrap().model, "base");
        assert_eq!(Fit::choose(&models, |_| Err(())), None);
    }
}
