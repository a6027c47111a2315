//! Voices: text becomes sound, piece by piece.
//!
//! A text is cut into pieces; each is written out as it is spoken, synthesised, brought to one
//! loudness and given the pause that its punctuation asks for. Three engines behind one door:
//! Piper where a voice is installed for the language, Open JTalk for Japanese, espeak-ng for
//! everything else. espeak-ng and Open JTalk run as programs.

mod cache;
mod espeak;
mod joints;
mod loudness;
mod open_jtalk;
mod pieces;
mod piper;
mod program;
mod spoken;

use std::collections::BTreeMap;
use std::io;
use std::ops::{ControlFlow, Range};
use std::path::{Path, PathBuf};

use cache::Cache;
use espeak::Espeak;
use loudness::Loudness;
use madoguchi_shared::ids::Lang;
use open_jtalk::OpenJTalk;
use piper::Piper;

use crate::models::ModelStore;
use crate::resample::{ResampleError, resample};

pub use pieces::pieces;

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

/// The sound of one piece of a text, with the pause that follows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpeechPiece {
    /// Mono samples at [`VOICE_RATE_HZ`], all voices at one loudness.
    pub samples: Vec<i16>,
    /// Where the piece stands in the text, in bytes.
    pub span: Range<usize>,
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
    #[error(
        "there is no voice for `{lang}`: espeak-ng doesn't know it and no other is installed; \
         `espeak-ng --voices` lists what it speaks"
    )]
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
    loudness: BTreeMap<String, Loudness>,
    cache: Cache,
}

impl Voices {
    /// Loads the voices of `store` (0.3 s and 90 MB for a Piper voice). A voice that is missing
    /// or can't be loaded is left out, with a warning where it would speak one of `wanted`:
    /// espeak-ng speaks in its place.
    pub fn load(store: &ModelStore, programs: &VoicePrograms, wanted: &[Lang]) -> Self {
        let wanted = |tag: &str| wanted.iter().any(|language| language.primary() == tag);
        let sound = |dir: &Path| {
            store
                .verify_if_listed(dir)
                .map_err(|error| error.to_string())?;
            Piper::load(dir).map_err(|error| error.to_string())
        };
        let load = |dir: PathBuf| match sound(&dir) {
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
        let open_jtalk = match store.sound_file("htsvoice-mei") {
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
            loudness: BTreeMap::new(),
            cache: Cache::default(),
        }
    }

    /// Keeps up to `bytes` of sound that is made ahead; by default none.
    #[must_use]
    pub fn with_cache(mut self, bytes: usize) -> Self {
        self.cache = Cache::new(bytes);
        self
    }

    /// Bytes of sound that are kept at the moment.
    pub fn cached_bytes(&self) -> usize {
        self.cache.bytes()
    }

    /// The name of the voice that speaks `lang`, for people.
    pub fn name_for(&self, lang: &Lang) -> String {
        match self.engine(lang) {
            Engine::Piper(voice) => format!("Piper {}", voice.name),
            Engine::OpenJTalk(_) => "Open JTalk mei_normal".to_owned(),
            Engine::Espeak => format!("espeak-ng {lang}"),
        }
    }

    /// Says `text` in `lang`, handing each piece (a clause or two) to `sink` as soon as it is ready,
    /// until all is said or `sink` breaks. A text without a word is silence, not an error.
    ///
    /// What is said isn't kept: a sentence may hold a visitor's name.
    ///
    /// # Errors
    /// [`VoiceError`]; pieces before the error have reached the sink.
    pub fn say(
        &mut self,
        lang: &Lang,
        text: &str,
        sink: &mut dyn FnMut(SpeechPiece) -> ControlFlow<()>,
    ) -> Result<(), VoiceError> {
        for span in pieces(lang, text) {
            let piece = &text[span.clone()];
            let samples = match self.cache.get(lang, piece) {
                Some(samples) => samples.to_vec(),
                None => self.synthesise(lang, piece)?,
            };
            if sink(SpeechPiece { samples, span }).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Synthesises a piece ahead, so that [`Voices::say`] has it at once. Returns whether it is
    /// kept: `false` when the cache has no room.
    ///
    /// # Errors
    /// [`VoiceError`].
    pub fn prepare(&mut self, lang: &Lang, piece: &str) -> Result<bool, VoiceError> {
        if self.cache.get(lang, piece).is_some() {
            return Ok(true);
        }
        let samples = self.synthesise(lang, piece)?;
        Ok(self.cache.keep(lang, piece, &samples))
    }

    fn synthesise(&mut self, lang: &Lang, piece: &str) -> Result<Vec<i16>, VoiceError> {
        let (rate, samples) = self.raw(lang, piece)?;
        let mut samples = resample(&samples, rate, VOICE_RATE_HZ)?;
        let loudness = self.loudness.entry(self.name_for(lang)).or_default();
        loudness.level(&mut samples);
        Ok(joints::fit(&samples, piece))
    }

    fn raw(&self, lang: &Lang, piece: &str) -> Result<(u32, Vec<f32>), VoiceError> {
        let piece = &spoken::spoken(lang, piece);
        let to_f32 = |(rate, samples): (u32, Vec<i16>)| {
            (
                rate,
                samples.iter().map(|s| f32::from(*s) / 32_768.0).collect(),
            )
        };
        match self.engine(lang) {
            Engine::Piper(voice) => voice.say(&self.espeak, piece),
            Engine::OpenJTalk(voice) => match voice.say(piece) {
                Err(error @ (VoiceError::NoProgram { .. } | VoiceError::NoSound { .. })) => {
                    tracing::warn!(%error, "espeak-ng speaks Japanese instead");
                    self.espeak.say(lang, piece).map(to_f32)
                }
                spoken => spoken.map(to_f32),
            },
            Engine::Espeak => self.espeak.say(lang, piece).map(to_f32),
        }
    }

    fn engine(&self, lang: &Lang) -> Engine<'_> {
        let primary = lang.primary();
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

enum Engine<'a> {
    Piper(&'a Piper),
    OpenJTalk(&'a OpenJTalk),
    Espeak,
}
