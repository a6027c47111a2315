//! From microphone blocks to utterances.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, TrySendError};
use madoguchi_core::Input;
use madoguchi_core::endpoint::{EndpointEvent, EndpointSettings, Endpointer};
use madoguchi_media::AudioBlock;
use madoguchi_speech::vad::{FRAME, FRAME_SAMPLES, VoiceDetector};
use madoguchi_speech::wav::SPEECH_RATE_HZ;
use tracing::warn;

use super::Controls;
use crate::event::Event;

/// Sound kept from before the voice began: soft first consonants lie below the threshold.
const PRE_ROLL: Duration = Duration::from_millis(300);
/// Trailing silence that goes to the recogniser with the words.
const POST_ROLL: Duration = Duration::from_millis(200);

/// What the recogniser is given.
#[derive(Debug)]
pub struct Utterance {
    /// Counts the utterances of the microphone.
    pub number: u32,
    /// Mono, 16 kHz.
    pub samples: Vec<f32>,
}

/// Runs until the microphone's queue is dropped.
pub fn run(
    blocks: Receiver<AudioBlock>,
    utterances: Sender<Utterance>,
    events: Sender<Event>,
    endpoint: EndpointSettings,
    controls: &Controls,
) {
    let mut hearing = Hearing {
        detector: VoiceDetector::new(),
        endpointer: Endpointer::new(endpoint),
        buffer: VecDeque::new(),
        number: 0,
        utterances,
        events,
    };
    for block in blocks {
        if controls.deaf.load(Ordering::Relaxed) {
            hearing.forget();
        } else {
            hearing.take(&block.samples);
        }
    }
}

struct Hearing {
    detector: VoiceDetector,
    endpointer: Endpointer,
    /// The running utterance, or the pre-roll before one.
    buffer: VecDeque<f32>,
    number: u32,
    utterances: Sender<Utterance>,
    events: Sender<Event>,
}

impl Hearing {
    fn take(&mut self, samples: &[f32]) {
        self.buffer.extend(samples);
        let mut found = Vec::new();
        let endpointer = &mut self.endpointer;
        self.detector.push(samples, |probability| {
            found.extend(endpointer.push(probability, FRAME));
        });
        for event in found {
            match event {
                EndpointEvent::Started { ago } => {
                    self.number = self.number.wrapping_add(1);
                    self.keep_last(samples_of(ago + PRE_ROLL) + FRAME_SAMPLES);
                    self.tell(Input::SpeechStarted {
                        utterance: self.number,
                    });
                }
                EndpointEvent::Ended { silence } => self.finish(silence),
            }
        }
        if !self.endpointer.in_speech() {
            let settings = EndpointSettings::default();
            self.keep_last(samples_of(PRE_ROLL + settings.start_window + FRAME));
        }
    }

    fn finish(&mut self, silence: Duration) {
        self.tell(Input::SpeechEnded {
            utterance: self.number,
        });
        let surplus = samples_of(silence.saturating_sub(POST_ROLL));
        let length = self.buffer.len().saturating_sub(surplus);
        let samples = self.buffer.iter().take(length).copied().collect();
        self.buffer.clear();
        let utterance = Utterance {
            number: self.number,
            samples,
        };
        if let Err(TrySendError::Full(utterance)) = self.utterances.try_send(utterance) {
            warn!("the recogniser is too slow; an utterance is dropped");
            self.tell(Input::HeardNothing {
                utterance: utterance.number,
            });
        }
    }

    fn forget(&mut self) {
        if self.endpointer.in_speech() {
            self.tell(Input::HeardNothing {
                utterance: self.number,
            });
        }
        self.endpointer.reset();
        self.detector.reset();
        self.buffer.clear();
    }

    fn keep_last(&mut self, samples: usize) {
        let surplus = self.buffer.len().saturating_sub(samples);
        self.buffer.drain(..surplus);
    }

    fn tell(&self, input: Input) {
        let _ = self.events.send(Event::Core(input));
    }
}

fn samples_of(span: Duration) -> usize {
    (span.as_secs_f64() * f64::from(SPEECH_RATE_HZ)) as usize
}
