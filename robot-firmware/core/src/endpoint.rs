//! Endpointing: from voice probabilities per frame to the start and end of an utterance.

use std::time::Duration;

/// How long things must last.
#[derive(Debug, Clone, PartialEq)]
pub struct EndpointSettings {
    /// A frame at or above this probability counts as voice. Default 0.5.
    pub threshold: f32,
    /// Voice needed, within [`Self::start_window`], before an utterance starts; shorter bursts
    /// (a cough, a clap) start nothing. Default 200 ms.
    pub start_voice: Duration,
    /// Default 400 ms.
    pub start_window: Duration,
    /// Silence that ends an utterance. Default 600 ms.
    pub end_silence: Duration,
    /// An utterance is ended after this in any case. Default 28 s, inside Whisper's 30 s window.
    pub longest: Duration,
}

impl Default for EndpointSettings {
    fn default() -> Self {
        Self {
            threshold: 0.5,
            start_voice: Duration::from_millis(200),
            start_window: Duration::from_millis(400),
            end_silence: Duration::from_millis(600),
            longest: Duration::from_secs(28),
        }
    }
}

/// What a frame changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndpointEvent {
    /// Somebody speaks; the utterance began `ago` before the end of this frame.
    Started {
        /// How far back the first voiced frame lies.
        ago: Duration,
    },
    /// The utterance is over; its last `silence` holds no voice.
    Ended {
        /// Trailing silence; zero when the utterance was cut at its longest.
        silence: Duration,
    },
}

/// The state of endpointing on one microphone.
#[derive(Debug, Clone)]
pub struct Endpointer {
    settings: EndpointSettings,
    state: State,
}

#[derive(Debug, Clone, Copy)]
enum State {
    Silence,
    /// Some voice, not yet enough.
    Candidate {
        since: Duration,
        voice: Duration,
    },
    Speech {
        length: Duration,
        silence: Duration,
    },
}

impl Endpointer {
    /// Starts in silence.
    pub fn new(settings: EndpointSettings) -> Self {
        Self {
            settings,
            state: State::Silence,
        }
    }

    /// Takes the voice probability (0 to 1) of a frame of the given length.
    pub fn push(&mut self, probability: f32, frame: Duration) -> Option<EndpointEvent> {
        let voiced = probability >= self.settings.threshold;
        match self.state {
            State::Silence if voiced => self.candidate(frame, frame),
            State::Silence => None,
            State::Candidate { since, voice } => {
                let voice = if voiced { voice + frame } else { voice };
                self.candidate(since + frame, voice)
            }
            State::Speech { length, silence } => {
                let silence = if voiced {
                    Duration::ZERO
                } else {
                    silence + frame
                };
                let length = length + frame;
                if silence >= self.settings.end_silence {
                    self.state = State::Silence;
                    return Some(EndpointEvent::Ended { silence });
                }
                if length >= self.settings.longest {
                    self.state = State::Silence;
                    return Some(EndpointEvent::Ended {
                        silence: Duration::ZERO,
                    });
                }
                self.state = State::Speech { length, silence };
                None
            }
        }
    }

    fn candidate(&mut self, since: Duration, voice: Duration) -> Option<EndpointEvent> {
        if voice >= self.settings.start_voice {
            self.state = State::Speech {
                length: since,
                silence: Duration::ZERO,
            };
            return Some(EndpointEvent::Started { ago: since });
        }
        self.state = if since >= self.settings.start_window {
            State::Silence
        } else {
            State::Candidate { since, voice }
        };
        None
    }

    /// Whether an utterance is running.
    pub fn in_speech(&self) -> bool {
        matches!(self.state, State::Speech { .. })
    }

    /// Forgets a running utterance, as when the robot starts to speak without echo cancellation.
    pub fn reset(&mut self) {
        self.state = State::Silence;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Duration = Duration::from_millis(20);

    fn run(pattern: &[(f32, u32)]) -> Vec<EndpointEvent> {
        let mut endpointer = Endpointer::new(EndpointSettings::default());
        pattern
            .iter()
            .flat_map(|&(p, ms)| std::iter::repeat_n(p, (ms / 20) as usize))
            .filter_map(|p| endpointer.push(p, FRAME))
            .collect()
    }

    #[test]
    fn a_cough_starts_nothing() {
        assert_eq!(run(&[(0.0, 200), (0.9, 120), (0.0, 2_000)]), []);
    }

    #[test]
    fn a_sentence_with_a_short_pause_is_one_utterance() {
        let events = run(&[(0.9, 800), (0.1, 400), (0.9, 800), (0.1, 700)]);
        assert_eq!(
            events,
            [
                EndpointEvent::Started {
                    ago: Duration::from_millis(200)
                },
                EndpointEvent::Ended {
                    silence: Duration::from_millis(600)
                },
            ]
        );
    }

    #[test]
    fn an_endless_talker_is_cut_and_heard_again() {
        let events = run(&[(0.9, 60_000)]);
        let ended = events
            .iter()
            .filter(|e| matches!(e, EndpointEvent::Ended { .. }))
            .count();
        assert_eq!(ended, 2);
        assert!(matches!(events.last(), Some(EndpointEvent::Started { .. })));
    }
}
