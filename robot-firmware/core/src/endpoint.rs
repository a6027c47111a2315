//! Endpointing: from voice probabilities per frame to the start and end of an utterance.
//!
//! How long a pause may last before it counts as the end depends on the words so far
//! ([`Completeness`]): whoever drives the endpointer has them recognised at
//! [`EndpointEvent::Paused`] and tells what they look like with [`Endpointer::judge`].

use std::collections::VecDeque;
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
    /// A frame at or above this probability is surely voice. Default 0.7: what an echo canceller
    /// leaves of the robot's own voice stays below.
    pub sure_threshold: f32,
    /// Sure voice, within [`Self::start_window`], that starts an utterance sooner than
    /// [`Self::start_voice`]. Default 144 ms.
    pub sure_voice: Duration,
    /// Voice needed to go on after [`Self::hush`]; shorter bursts (a breath, a click) belong to
    /// the silence. Default 48 ms.
    pub resume_voice: Duration,
    /// Silence that is shown to the speaker as noticed. Default 96 ms.
    pub hush: Duration,
    /// Silence after which the words so far are worth looking at. Default 112 ms: recognition takes longer than the pause that
    /// ends complete words, so that it should begin as soon as voice surely stops.
    pub pause: Duration,
    /// Silence that ends an utterance whose words are complete. Default 400 ms.
    pub complete_silence: Duration,
    /// Silence that ends an utterance whose words don't tell. Default 900 ms.
    pub end_silence: Duration,
    /// Silence that ends an utterance whose words can't be the last ones, and one whose words are
    /// still being looked at. Default 1,300 ms.
    pub unfinished_silence: Duration,
    /// An utterance is ended after this in any case. Default 28 s, inside Whisper's 30 s window.
    pub longest: Duration,
}

impl Default for EndpointSettings {
    fn default() -> Self {
        Self {
            threshold: 0.5,
            start_voice: Duration::from_millis(200),
            start_window: Duration::from_millis(400),
            sure_threshold: 0.7,
            sure_voice: Duration::from_millis(144),
            resume_voice: Duration::from_millis(48),
            hush: Duration::from_millis(96),
            pause: Duration::from_millis(112),
            complete_silence: Duration::from_millis(400),
            end_silence: Duration::from_millis(900),
            unfinished_silence: Duration::from_millis(1_300),
            longest: Duration::from_secs(28),
        }
    }
}

/// What the words before a pause look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Completeness {
    /// Nobody would go on after these.
    Complete,
    /// They don't tell.
    Unknown,
    /// These can't be the last ones.
    Unfinished,
}

/// What a frame changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndpointEvent {
    /// Somebody speaks; the utterance began `ago` before the end of this frame.
    Started {
        /// How far back the first voiced frame lies.
        ago: Duration,
    },
    /// The voice stopped, for a breath or for good.
    Hushed {
        /// Silence so far.
        silence: Duration,
    },
    /// The pause is long enough for its words to be looked at; once a pause.
    Paused {
        /// Number of the pause, for [`Endpointer::judge`].
        pause: u32,
        /// Silence so far.
        silence: Duration,
    },
    /// The voice goes on after [`Self::Hushed`]: it is the same utterance.
    Resumed,
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
    /// Number of the newest pause.
    pause: u32,
    /// Voice in the newest utterance.
    voice: Duration,
    /// Before an utterance, what was within [`EndpointSettings::start_window`], from its first
    /// voice on: each frame's length and probability of voice.
    recent: VecDeque<(Duration, f32)>,
}

#[derive(Debug, Clone, Copy)]
enum State {
    Silence,
    Speech(Speech),
}

#[derive(Debug, Clone, Copy, Default)]
struct Speech {
    length: Duration,
    silence: Duration,
    /// Voice at the end of `silence`, not yet enough to end it.
    burst: Duration,
    told: Told,
}

/// What was said about the running silence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Told {
    #[default]
    Nothing,
    Hushed,
    Paused(Option<Completeness>),
}

impl Endpointer {
    /// Starts in silence.
    pub fn new(settings: EndpointSettings) -> Self {
        Self {
            settings,
            state: State::Silence,
            pause: 0,
            voice: Duration::ZERO,
            recent: VecDeque::new(),
        }
    }

    /// Takes the voice probability (0 to 1) of a frame of the given length.
    pub fn push(&mut self, probability: f32, frame: Duration) -> Option<EndpointEvent> {
        let voiced = probability >= self.settings.threshold;
        match self.state {
            State::Silence => self.start(frame, probability),
            State::Speech(mut speech) => {
                speech.length += frame;
                self.voice += if voiced { frame } else { Duration::ZERO };
                let event = if voiced {
                    self.go_on(&mut speech, frame)
                } else {
                    self.silence(&mut speech, frame)
                };
                let cut = speech.length >= self.settings.longest;
                let event = match event {
                    Some(EndpointEvent::Ended { .. }) => event,
                    _ if cut => Some(EndpointEvent::Ended {
                        silence: Duration::ZERO,
                    }),
                    _ => event,
                };
                self.state = match event {
                    Some(EndpointEvent::Ended { .. }) => State::Silence,
                    _ => State::Speech(speech),
                };
                event
            }
        }
    }

    /// Says what the words before a pause look like. Too late for a pause that is over.
    pub fn judge(&mut self, pause: u32, words: Completeness) {
        if let State::Speech(speech) = &mut self.state
            && pause == self.pause
            && matches!(speech.told, Told::Paused(_))
        {
            speech.told = Told::Paused(Some(words));
        }
    }

    fn start(&mut self, frame: Duration, probability: f32) -> Option<EndpointEvent> {
        let settings = &self.settings;
        self.recent.push_back((frame, probability));
        let length = |recent: &VecDeque<(Duration, f32)>| -> Duration {
            recent.iter().map(|(frame, _)| *frame).sum()
        };
        while let Some((_, probability)) = self.recent.front()
            && (*probability < settings.threshold || length(&self.recent) > settings.start_window)
        {
            self.recent.pop_front();
        }
        let above = |threshold: f32| -> Duration {
            let frames = self.recent.iter().filter(|(_, p)| *p >= threshold);
            frames.map(|(frame, _)| *frame).sum()
        };
        let voice = above(settings.threshold);
        if voice < settings.start_voice && above(settings.sure_threshold) < settings.sure_voice {
            return None;
        }
        let ago = length(&self.recent);
        self.recent.clear();
        self.voice = voice;
        self.state = State::Speech(Speech {
            length: ago,
            ..Speech::default()
        });
        Some(EndpointEvent::Started { ago })
    }

    fn go_on(&self, speech: &mut Speech, frame: Duration) -> Option<EndpointEvent> {
        if speech.told != Told::Nothing {
            speech.burst += frame;
            speech.silence += frame;
            if speech.burst < self.settings.resume_voice {
                return None;
            }
        }
        let resumed = speech.told != Told::Nothing;
        *speech = Speech {
            length: speech.length,
            ..Speech::default()
        };
        resumed.then_some(EndpointEvent::Resumed)
    }

    fn silence(&mut self, speech: &mut Speech, frame: Duration) -> Option<EndpointEvent> {
        speech.burst = Duration::ZERO;
        speech.silence += frame;
        let silence = speech.silence;
        match speech.told {
            Told::Nothing if silence >= self.settings.hush => {
                speech.told = Told::Hushed;
                Some(EndpointEvent::Hushed { silence })
            }
            Told::Hushed if silence >= self.settings.pause => {
                self.pause = self.pause.wrapping_add(1);
                speech.told = Told::Paused(None);
                let pause = self.pause;
                Some(EndpointEvent::Paused { pause, silence })
            }
            Told::Paused(words) if silence >= self.patience(words) => {
                Some(EndpointEvent::Ended { silence })
            }
            _ => None,
        }
    }

    /// While the words are being looked at nothing is gained by ending the utterance.
    fn patience(&self, words: Option<Completeness>) -> Duration {
        match words {
            Some(Completeness::Complete) => self.settings.complete_silence,
            Some(Completeness::Unknown) => self.settings.end_silence,
            Some(Completeness::Unfinished) | None => self.settings.unfinished_silence,
        }
    }

    /// Whether an utterance is running.
    pub fn in_speech(&self) -> bool {
        matches!(self.state, State::Speech(_))
    }

    /// How much voice the running utterance holds, or after its end the last one.
    pub fn voice(&self) -> Duration {
        self.voice
    }

    /// Whether the voice sounds, or has paused for less than [`EndpointSettings::hush`].
    pub fn hears_voice(&self) -> bool {
        matches!(self.state, State::Speech(speech) if speech.told == Told::Nothing)
    }

    /// Forgets a running utterance, as when the robot starts to speak without echo cancellation.
    pub fn reset(&mut self) {
        self.state = State::Silence;
        self.recent.clear();
    }
}

#[cfg(test)]
mod tests;
