//! Voices: text becomes sound, sentence by sentence.
//!
//! Three engines behind one door: Piper where a voice is installed for the language, Open JTalk
//! for Japanese, espeak-ng for everything else. espeak-ng and Open JTalk run as programs.

mod espeak;
mod loudness;
mod open_jtalk;
mod piper;
mod program;

use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use espeak::Espeak;
use madoguchi_shared::ids::Lang;
use open_jtalk::OpenJTalk;
use piper::Piper;

use crate::models::ModelStore;
use crate::resample::{ResampleError, resample};
use crate::sentences::sentences;

/// The rate of all speech that comes out of [`Voices`], mono.
pub const VOICE_RATE_HZ: u32 = 22_050;

/// The programs that voices need.
#[derive(Debug, Clone)]
pub struct VoicePrograms {
    /// espeak-ng (Debian `espeak-ng`).
    pub espeak_ng: PathBuf,
    /// Open JTalk (Debian `open-jtalk`).
    pub open_jtalk: PathBuf,
    /// Open JTalk's dictionary (Debian `open-jtalk-mecab-naist-jdic`).
    pub open_jtalk_dictionary: PathBuf,
}

impl Default for VoicePrograms {
    /// Where Debian puts them.
    fn default() -> Self {
        Self {
            espeak_ng: "espeak-ng".into(),
            open_jtalk: "open_jtalk".into(),
            open_jtalk_dictionary: "/var/lib/mecab/dic/open-jtalk/naist-jdic".into(),
        }
    }
}

/// One sentence of speech.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpeechChunk {
    /// Mono samples at [`VOICE_RATE_HZ`], all voices at one loudness.
    pub samples: Vec<i16>,
    /// Number of the sentence, from 0.
    pub index: usize,
    /// The sentence, for captions.
    pub sentence: String,
}

/// Why nothing was said.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VoiceError {
    /// A program that speaks isn't installed.
    #[error("cannot run `{program}`; install it (`apt install {package}`)")]
    NoProgram {
        /// The program.
        program: String,
        /// Debian's packages.
        package: &'static str,
    },
    /// A program that speaks failed.
    #[error("`{program}` failed")]
    Program {
        /// The program.
        program: String,
        /// How.
        source: io::Error,
    },
    /// A program ended well without sound that can be read.
    #[error("`{program}` gave no sound")]
    NoSound {
        /// The program.
        program: String,
    },
    /// Nobody speaks the language.
    #[error("there is no voice for `{lang}`: espeak-ng doesn't know it and no other is installed")]
    NoVoice {
        /// The language.
        lang: Lang,
    },
    /// A voice's files can't be used.
    #[error("cannot load the voice in {}: {reason}; run `madoguchi-robot models fetch`", dir.display())]
    Load {
        /// Its folder.
        dir: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A network failed on a sentence.
    #[error("the voice `{voice}` failed: {reason}")]
    Synthesis {
        /// The voice.
        voice: String,
        /// Why.
        reason: String,
    },
    /// A voice has a rate that can't be changed.
    #[error(transparent)]
    Rate(#[from] ResampleError),
}

/// Every voice that is there. Blocking: belongs to a thread of its own.
pub struct Voices {
    piper: Vec<Piper>,
    open_jtalk: Option<OpenJTalk>,
    espeak: Espeak,
}

impl Voices {
    /// Loads the voices of `store` (0.3 s and 90 MB for a Piper voice). A voice that is missing
    /// or can't be loaded is left out, with a warning where it would speak one of `wanted`:
    /// espeak-ng speaks in its place.
    pub fn load(store: &ModelStore, programs: &VoicePrograms, wanted: &[Lang]) -> Self {
        let wanted = |tag: &str| wanted.iter().any(|language| primary(language) == tag);
        let load = |dir: PathBuf| match Piper::load(&dir) {
            Ok(voice) => Some(voice),
            Err(error) if piper_language(&dir).is_none_or(wanted) => {
                tracing::warn!(%error, "a voice is left out");
                None
            }
            Err(_) => None,
        };
        let piper = store
            .folders("piper-")
            .into_iter()
            .filter_map(load)
            .collect();
        let open_jtalk = match store.file("htsvoice-mei") {
            Ok(voice) if programs.open_jtalk_dictionary.is_dir() => Some(OpenJTalk {
                program: programs.open_jtalk.clone(),
                dictionary: programs.open_jtalk_dictionary.clone(),
                voice,
            }),
            Ok(_) if wanted("ja") => {
                let dictionary = programs.open_jtalk_dictionary.display();
                tracing::warn!(%dictionary, "no dictionary: install open-jtalk-mecab-naist-jdic");
                None
            }
            Err(error) if wanted("ja") => {
                tracing::warn!(%error, "the Japanese voice is left out");
                None
            }
            _ => None,
        };
        Self {
            piper,
            open_jtalk,
            espeak: Espeak {
                program: programs.espeak_ng.clone(),
            },
        }
    }

    /// The name of the voice that speaks `lang`, for people.
    pub fn name_for(&self, lang: &Lang) -> String {
        match self.engine(lang) {
            Engine::Piper(voice) => format!("Piper {}", voice.name),
            Engine::OpenJTalk(_) => "Open JTalk mei_normal".to_owned(),
            Engine::Espeak => format!("espeak-ng {lang}"),
        }
    }

    /// Says `text` in `lang`, handing each sentence to `sink` as soon as it is ready, until all
    /// is said or `sink` breaks. A text without a word is silence, not an error.
    ///
    /// # Errors
    /// [`VoiceError`]; sentences before the error have reached the sink.
    pub fn say(
        &mut self,
        lang: &Lang,
        text: &str,
        sink: &mut dyn FnMut(SpeechChunk) -> ControlFlow<()>,
    ) -> Result<(), VoiceError> {
        let spoken = sentences(text)
            .into_iter()
            .filter(|s| s.chars().any(char::is_alphanumeric));
        for (index, sentence) in spoken.enumerate() {
            let (rate, samples) = self.say_sentence(lang, sentence)?;
            let samples = loudness::level(&resample(&samples, rate, VOICE_RATE_HZ)?);
            let chunk = SpeechChunk {
                samples,
                index,
                sentence: sentence.to_owned(),
            };
            if sink(chunk).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn say_sentence(&self, lang: &Lang, sentence: &str) -> Result<(u32, Vec<f32>), VoiceError> {
        let to_f32 = |(rate, samples): (u32, Vec<i16>)| {
            (
                rate,
                samples.iter().map(|s| f32::from(*s) / 32_768.0).collect(),
            )
        };
        match self.engine(lang) {
            Engine::Piper(voice) => voice.say(&self.espeak, sentence),
            Engine::OpenJTalk(voice) => match voice.say(sentence) {
                Err(error @ (VoiceError::NoProgram { .. } | VoiceError::NoSound { .. })) => {
                    tracing::warn!(%error, "espeak-ng speaks Japanese instead");
                    self.espeak.say(lang, sentence).map(to_f32)
                }
                spoken => spoken.map(to_f32),
            },
            Engine::Espeak => self.espeak.say(lang, sentence).map(to_f32),
        }
    }

    fn engine(&self, lang: &Lang) -> Engine<'_> {
        let primary = primary(lang);
        if let Some(voice) = self.piper.iter().find(|voice| voice.language == primary) {
            return Engine::Piper(voice);
        }
        match &self.open_jtalk {
            Some(voice) if primary == "ja" => Engine::OpenJTalk(voice),
            _ => Engine::Espeak,
        }
    }
}

/// The language that a Piper voice's folder names, as in `piper-en_US-joe-medium`.
fn piper_language(dir: &Path) -> Option<&str> {
    let name = dir.file_name()?.to_str()?.strip_prefix("piper-")?;
    name.split(['_', '-']).next()
}

fn primary(lang: &Lang) -> &str {
    lang.as_str().split('-').next().unwrap_or_default()
}

enum Engine<'a> {
    Piper(&'a Piper),
    OpenJTalk(&'a OpenJTalk),
    Espeak,
}
