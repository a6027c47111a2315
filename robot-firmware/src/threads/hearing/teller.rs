//! What the loop is told of a voice.

use crossbeam_channel::Sender;
use madoguchi_core::Input;
use madoguchi_core::input::OperatorVoice;

use crate::event::Event;
use crate::threads::jobs::Voice;

/// Tells the loop of one voice.
pub(super) struct Teller {
    pub(super) voice: Voice,
    pub(super) events: Sender<Event>,
}

impl Teller {
    pub(super) fn tell(&self, input: Input) {
        let input = match self.voice {
            Voice::Visitor => Some(input),
            Voice::Operator => of_operator(input).map(Input::OperatorVoice),
        };
        if let Some(input) = input {
            let _ = self.events.send(Event::Core(input));
        }
    }

    /// The newest measure is enough: a full queue needs no more of them.
    pub(super) fn tell_noise(&self, noise_db: f32) {
        if self.voice == Voice::Visitor {
            let _ = self.events.try_send(Event::Noise(noise_db));
        }
    }
}

/// An operator's pauses lead to nothing.
fn of_operator(input: Input) -> Option<OperatorVoice> {
    match input {
        Input::SpeechStarted { utterance } => Some(OperatorVoice::Started { utterance }),
        Input::Partial(partial) => Some(OperatorVoice::Partial(partial)),
        Input::Heard(heard) => Some(OperatorVoice::Heard(heard)),
        Input::HeardNothing { utterance, .. } => Some(OperatorVoice::Nothing { utterance }),
        _ => None,
    }
}
