//! The sound of the running utterance.

use std::collections::VecDeque;
use std::time::Duration;

use madoguchi_core::endpoint::EndpointSettings;
use madoguchi_speech::vad::{FRAME, FRAME_SAMPLES};
use madoguchi_speech::wav::SPEECH_RATE_HZ;

/// Sound kept from before the voice began: soft first consonants lie below the threshold.
const PRE_ROLL: Duration = Duration::from_millis(300);
/// Trailing silence that goes to the recogniser with the words.
const POST_ROLL: Duration = Duration::from_millis(200);

/// The running utterance, or what may become its beginning.
#[derive(Debug)]
pub(super) struct Buffer {
    samples: VecDeque<f32>,
    pre_roll: usize,
}

impl Buffer {
    pub(super) fn new(endpoint: &EndpointSettings) -> Self {
        Self {
            samples: VecDeque::new(),
            pre_roll: samples_of(PRE_ROLL + endpoint.start_window + FRAME),
        }
    }

    pub(super) fn push(&mut self, samples: &[f32]) {
        self.samples.extend(samples);
    }

    /// An utterance began `ago` before the last whole frame.
    pub(super) fn begin(&mut self, ago: Duration) {
        self.keep_last(samples_of(ago + PRE_ROLL) + FRAME_SAMPLES);
    }

    /// Mono sound at 16 kHz; of the `silence` at its end only a little.
    pub(super) fn utterance(&self, silence: Duration) -> Vec<f32> {
        let surplus = samples_of(silence.saturating_sub(POST_ROLL));
        let length = self.samples.len().saturating_sub(surplus);
        self.samples.iter().take(length).copied().collect()
    }

    /// Between utterances.
    pub(super) fn keep_pre_roll(&mut self) {
        self.keep_last(self.pre_roll);
    }

    pub(super) fn clear(&mut self) {
        self.samples.clear();
    }

    fn keep_last(&mut self, samples: usize) {
        let surplus = self.samples.len().saturating_sub(samples);
        self.samples.drain(..surplus);
    }
}

fn samples_of(span: Duration) -> usize {
    (span.as_secs_f64() * f64::from(SPEECH_RATE_HZ)) as usize
}
