//! From sound to words.

use std::sync::atomic::Ordering;
use std::time::Duration;

use crossbeam_channel::Sender;
use madoguchi_core::Input;
use madoguchi_core::input::{Ability, Heard, HeardWord, NoWords, SpokenLanguage};
use madoguchi_shared::ids::Lang;
use madoguchi_speech::whisper::{
    Expected, LanguageDecision, RecogniseError, Recogniser, Rejection, Transcript, Whisper,
};
use tracing::{debug, error, info};

use super::Controls;
use super::jobs::{Jobs, Purpose, Voice};
use crate::check::{CheckBook, Condition, Finding, Part};
use crate::event::Event;
use crate::fit::Fitted;

/// With less voice than this in it, an utterance without words was a cough or a bang.
const SPOKEN: Duration = Duration::from_millis(600);

/// Loads a recogniser and serves until every voice is gone.
pub fn run(
    load: impl FnOnce() -> anyhow::Result<(Whisper, Fitted)>,
    languages: Vec<Lang>,
    jobs: Jobs,
    events: Sender<Event>,
    controls: &Controls,
    check: &CheckBook,
) {
    let mut recogniser = match load() {
        Ok((recogniser, fitted)) => {
            info!("recogniser {}", fitted.fit);
            controls
                .captions
                .store(fitted.fit.captions, Ordering::Relaxed);
            controls.recognises.store(true, Ordering::Relaxed);
            check.note_recogniser(&fitted);
            Some(recogniser)
        }
        Err(_) if controls.stopping() => return,
        Err(error) => {
            let detail = format!("{error:#}");
            check.note(Finding::new(Part::Recogniser, Condition::Trouble, detail));
            error!("the robot can't understand speech, typing works: {error:#}");
            None
        }
    };
    let ready = Input::Ability {
        ability: Ability::Recogniser,
        available: recogniser.is_some(),
    };
    let _ = events.send(Event::Core(ready));
    let languages: Vec<Lang> = languages.iter().map(as_model_knows).collect();
    for (job, behind) in jobs {
        if controls.stopping() {
            return;
        }
        let mut wanted = !job.given_up.load(Ordering::Relaxed);
        let (candidates, held) = match job.voice {
            Voice::Visitor => {
                let held = controls.held.lock().ok().and_then(|held| held.clone());
                (languages.clone(), held.as_ref().map(as_model_knows))
            }
            Voice::Operator => {
                let own = controls.operators_languages();
                wanted &= own.is_some();
                let own: Vec<Lang> = own.iter().flatten().map(as_model_knows).collect();
                let held = own.first().cloned();
                (own, held)
            }
        };
        let named = match &job.purpose {
            Purpose::Again(language) => Some(as_model_knows(language)),
            Purpose::Partial | Purpose::Words => None,
        };
        let transcript = recogniser
            .as_mut()
            .filter(|_| wanted)
            .and_then(|recogniser| {
                let expected = Expected {
                    named: named.as_ref(),
                    held: held.as_ref(),
                    hurry: behind || job.purpose == Purpose::Partial,
                    given_up: Some(&job.given_up),
                    ..Expected::among(&candidates)
                };
                recogniser
                    .transcribe(&job.samples, expected)
                    .inspect_err(|error| match error {
                        RecogniseError::GivenUp => debug!("{error}"),
                        error => error!("recognition failed: {error}"),
                    })
                    .ok()
            });
        if let Some(transcript) = &transcript {
            info!(
                audio_ms = transcript.audio.as_millis(),
                compute_ms = transcript.compute.as_millis(),
                rejected = ?transcript.rejected,
                "recognised"
            );
        }
        job.answer(transcript);
    }
}

/// A language without its region: `pt` for `pt-BR`. Core maps the other way round.
fn as_model_knows(language: &Lang) -> Lang {
    language
        .primary()
        .parse()
        .unwrap_or_else(|_| language.clone())
}

/// An utterance, as core takes it: its words or, where `transcript` has none, why it has none.
/// `voice` is how much voice it holds.
pub fn outcome(utterance: u32, transcript: Option<Transcript>, voice: Duration) -> Input {
    let nobody = matches!(
        transcript
            .as_ref()
            .and_then(|transcript| transcript.rejected),
        Some(Rejection::NoSpeech | Rejection::Boilerplate)
    );
    let heard = transcript.and_then(|transcript| heard(utterance, transcript));
    heard.map_or_else(
        || {
            let why = if nobody || voice < SPOKEN {
                NoWords::Nobody
            } else {
                NoWords::NotCaught
            };
            Input::HeardNothing { utterance, why }
        },
        Input::Heard,
    )
}

fn heard(utterance: u32, transcript: Transcript) -> Option<Heard> {
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
        words: transcript
            .words
            .into_iter()
            .map(|word| HeardWord {
                text: word.text,
                confidence: word.confidence,
            })
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rejected(rejection: Rejection) -> Transcript {
        Transcript {
            text: String::new(),
            words: Vec::new(),
            language: "en".parse().unwrap(),
            language_probability: 0.5,
            decision: LanguageDecision::Unsure(Vec::new()),
            scores: Vec::new(),
            confidence: 0.1,
            no_speech_probability: 0.1,
            rejected: Some(rejection),
            audio: Duration::from_secs(5),
            compute: Duration::from_secs(1),
        }
    }

    #[test]
    fn the_model_is_asked_for_languages_without_their_region() {
        for (pack, model) in [("pt-BR", "pt"), ("zh-Hant", "zh"), ("ja", "ja")] {
            let pack: Lang = pack.parse().unwrap();
            assert_eq!(as_model_knows(&pack).as_str(), model);
        }
    }

    #[test]
    fn only_speech_whose_words_are_missing_was_not_caught() {
        let long = Duration::from_secs(3);
        let cough = Duration::from_millis(300);
        for (transcript, voice, why) in [
            (Some(Rejection::LowConfidence), long, NoWords::NotCaught),
            (Some(Rejection::Repetitive), long, NoWords::NotCaught),
            (None, long, NoWords::NotCaught),
            (Some(Rejection::NoSpeech), long, NoWords::Nobody),
            (Some(Rejection::Boilerplate), long, NoWords::Nobody),
            (Some(Rejection::LowConfidence), cough, NoWords::Nobody),
            (None, cough, NoWords::Nobody),
        ] {
            let expected = Input::HeardNothing { utterance: 3, why };
            let told = outcome(3, transcript.map(rejected), voice);
            assert_eq!(told, expected, "{transcript:?} after {voice:?}");
        }
    }
}
