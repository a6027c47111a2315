//! From utterances to words.

use crossbeam_channel::{Receiver, Sender};
use madoguchi_core::Input;
use madoguchi_core::input::{Ability, Heard, SpokenLanguage};
use madoguchi_shared::ids::Lang;
use madoguchi_speech::whisper::{LanguageDecision, Recogniser, Transcript};
use tracing::{debug, error, info};

use super::Controls;
use super::hearing::Utterance;
use crate::event::Event;

/// Loads a recogniser and serves until the queue of utterances is dropped. Without one, every
/// utterance is answered with "nothing heard".
pub fn run(
    load: impl FnOnce() -> anyhow::Result<Box<dyn Recogniser>>,
    languages: Vec<Lang>,
    utterances: Receiver<Utterance>,
    events: Sender<Event>,
    controls: &Controls,
) {
    let tell = |input| drop(events.send(Event::Core(input)));
    let mut recogniser = match load() {
        Ok(recogniser) => Some(recogniser),
        Err(error) => {
            error!("the robot can't understand speech, typing works: {error:#}");
            None
        }
    };
    tell(Input::Ability {
        ability: Ability::Recogniser,
        available: recogniser.is_some(),
    });
    for utterance in utterances {
        if controls.stopping() {
            return;
        }
        let number = utterance.number;
        let transcript = recogniser.as_mut().and_then(|recogniser| {
            recogniser
                .transcribe(&utterance.samples, &languages)
                .inspect_err(|error| error!("recognition failed: {error}"))
                .ok()
        });
        tell(
            match transcript.and_then(|transcript| heard(number, transcript)) {
                Some(heard) => Input::Heard(heard),
                None => Input::HeardNothing { utterance: number },
            },
        );
    }
}

fn heard(utterance: u32, transcript: Transcript) -> Option<Heard> {
    info!(
        audio_ms = transcript.audio.as_millis(),
        compute_ms = transcript.compute.as_millis(),
        rejected = ?transcript.rejected,
        "recognised"
    );
    debug!(text = transcript.text, language = %transcript.language, "words");
    if transcript.rejected.is_some() || transcript.text.trim().is_empty() {
        return None;
    }
    let language = match transcript.decision {
        LanguageDecision::Candidate(language) => SpokenLanguage::Pack(language),
        LanguageDecision::Other(language) => SpokenLanguage::Other(language),
        LanguageDecision::Unsure(languages) => SpokenLanguage::Unsure(languages),
    };
    Some(Heard {
        utterance,
        text: transcript.text,
        language,
        language_probability: transcript.language_probability,
        confidence: transcript.confidence,
    })
}
