//! The sound of what was said, for as long as it may have to be recognised once more.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use madoguchi_speech::whisper::{LanguageDecision, Transcript};

/// No sound stays in memory for longer.
const LONGEST: Duration = Duration::from_secs(60);

/// More utterances than this never wait for the recogniser.
const MOST_WAITING: usize = 4;

/// Utterances that wait for their words, and one whose language the visitor is asked for.
#[derive(Default)]
pub(super) struct KeptSound {
    waiting: VecDeque<Utterance>,
    doubtful: Option<Utterance>,
}

struct Utterance {
    number: u32,
    /// Mono at 16 kHz.
    samples: Vec<f32>,
    since: Instant,
}

impl KeptSound {
    /// An utterance is over; its words are to come.
    pub(super) fn keep(&mut self, number: u32, samples: Vec<f32>) {
        self.waiting.push_back(Utterance {
            number,
            samples,
            since: Instant::now(),
        });
        if self.waiting.len() > MOST_WAITING {
            self.waiting.pop_front();
        }
    }

    /// The words of an utterance, or none, are there: its sound goes, unless its language may
    /// have to be asked for.
    pub(super) fn understood(&mut self, number: u32, transcript: Option<&Transcript>) {
        let place = self.waiting.iter().position(|kept| kept.number == number);
        let sound = place.and_then(|place| self.waiting.remove(place));
        let unsure = transcript.is_some_and(|transcript| {
            transcript.rejected.is_none()
                && matches!(transcript.decision, LanguageDecision::Unsure(_))
        });
        if sound.is_some() && unsure {
            self.doubtful = sound;
        }
    }

    /// The sound of an utterance whose language the visitor has named.
    pub(super) fn take_doubtful(&mut self, number: u32) -> Option<Vec<f32>> {
        let utterance = self.doubtful.take_if(|kept| kept.number == number)?;
        Some(utterance.samples)
    }

    /// Nobody will name a language any more.
    pub(super) fn forget_doubtful(&mut self) {
        self.doubtful = None;
    }

    pub(super) fn let_go_of_old_sound(&mut self) {
        let is_old = |kept: &Utterance| kept.since.elapsed() > LONGEST;
        self.waiting.retain(|kept| !is_old(kept));
        self.doubtful.take_if(|kept| is_old(kept));
    }
}
