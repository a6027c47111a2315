//! Voice activity: how likely each short frame of sound is speech.
//!
//! Where an utterance starts and ends is decided elsewhere, from these probabilities.

use std::time::Duration;

/// Samples of 16 kHz sound in one frame.
pub const FRAME_SAMPLES: usize = 256;
/// Length of one frame.
pub const FRAME: Duration = Duration::from_millis(16);

/// A streaming detector; one for each stream of sound.
pub struct VoiceDetector {
    detector: Box<earshot::Detector>,
    pending: Vec<f32>,
}

impl Default for VoiceDetector {
    fn default() -> Self {
        Self::new()
    }
}

impl VoiceDetector {
    /// A detector that has heard nothing.
    pub fn new() -> Self {
        Self {
            detector: Box::default(),
            pending: Vec::with_capacity(FRAME_SAMPLES),
        }
    }

    /// Takes mono 16 kHz samples from −1 to 1, any number of them, and hands the probability of
    /// speech (0 to 1) of every [`FRAME`] that is now complete to `on_frame`.
    pub fn push(&mut self, samples: &[f32], mut on_frame: impl FnMut(f32)) {
        for sample in samples {
            self.pending.push(sample.clamp(-1.0, 1.0));
            if self.pending.len() == FRAME_SAMPLES {
                on_frame(self.detector.predict_f32(&self.pending));
                self.pending.clear();
            }
        }
    }

    /// Forgets what was heard, for a new stream.
    pub fn reset(&mut self) {
        self.detector.reset();
        self.pending.clear();
    }
}

/// The longest stretch of speech in a clip, and all of it together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct VoicedTime {
    /// Longest unbroken stretch.
    pub longest: Duration,
    /// Sum of all frames with speech.
    pub total: Duration,
}

/// Measures the speech in a whole clip of mono 16 kHz samples.
pub fn voiced_time(samples: &[f32]) -> VoicedTime {
    let (mut detector, mut run, mut longest, mut total) = (VoiceDetector::new(), 0, 0, 0);
    detector.push(samples, |probability| {
        run = if probability >= 0.5 { run + 1 } else { 0 };
        longest = longest.max(run);
        total += u32::from(probability >= 0.5);
    });
    VoicedTime {
        longest: FRAME * longest,
        total: FRAME * total,
    }
}
