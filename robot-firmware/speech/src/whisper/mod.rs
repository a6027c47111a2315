//! Speech recognition: what was said, in which language, and how sure that is.

pub mod board;
pub mod calibration;
pub mod convert;
mod ct2;
mod decode;
mod gate;
mod ggml;
mod language;
mod recogniser;
mod vocabulary;
mod windows;
mod words;

use std::path::PathBuf;
use std::time::Duration;

pub use ct2::Ct2Error;
pub use language::{Expected, LanguageDecision};
use madoguchi_shared::ids::Lang;
pub use recogniser::{Whisper, default_threads};
pub use vocabulary::knows_language;
pub use words::Word;

/// Turns an utterance into text.
///
/// Blocking: an implementation belongs to a thread of its own.
pub trait Recogniser: Send {
    /// Recognises one utterance of mono 16 kHz samples from −1 to 1.
    ///
    /// `expected` weighs in the decision on the language; the text is in the likeliest one, in doubt
    /// in the one held so far where that is likely, too.
    ///
    /// An empty, silent or very short clip is no error: it comes back rejected, without text.
    ///
    /// # Errors
    /// [`RecogniseError::TooLong`] beyond [`LONGEST_AUDIO`]; [`RecogniseError::GivenUp`] soon after
    /// nobody waits any more; [`RecogniseError::Engine`] when the model fails.
    fn transcribe(
        &mut self,
        samples: &[f32],
        expected: Expected<'_>,
    ) -> Result<Transcript, RecogniseError>;
}

/// The longest clip that is recognised in one call.
pub const LONGEST_AUDIO: Duration = Duration::from_secs(600);

/// What a recogniser made of an utterance.
#[derive(Debug, Clone)]
pub struct Transcript {
    /// The words; empty when `rejected`.
    pub text: String,
    /// The same word by word, each with its own confidence.
    pub words: Vec<Word>,
    /// The language of the text.
    pub language: Lang,
    /// Probability of that language among all that the model knows, by the calibration.
    pub language_probability: f32,
    /// How the language stands to the candidates; unsure when `rejected`.
    pub decision: LanguageDecision,
    /// Every language with its probability, likeliest first.
    pub scores: Vec<(Lang, f32)>,
    /// Geometric mean of the tokens' probabilities, 0 to 1.
    pub confidence: f32,
    /// Probability that there is no speech at all, as the model sees it.
    pub no_speech_probability: f32,
    /// Why there is no text.
    pub rejected: Option<Rejection>,
    /// Length of the sound.
    pub audio: Duration,
    /// Time that the recognition took.
    pub compute: Duration,
}

/// Why an utterance has no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejection {
    /// Nobody spoke.
    NoSpeech,
    /// The text is what the model writes over noise.
    Boilerplate,
    /// The text is a guess.
    LowConfidence,
    /// The text says the same over and over.
    Repetitive,
}

impl Rejection {
    /// The reason as it stands in machine-readable output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoSpeech => "no_speech",
            Self::Boilerplate => "boilerplate",
            Self::LowConfidence => "low_confidence",
            Self::Repetitive => "repetitive",
        }
    }
}

/// Why recognition failed.
#[derive(Debug, thiserror::Error)]
pub enum RecogniseError {
    /// The model's file can't be loaded.
    #[error(
        "cannot load the speech model {}; run `madoguchi-robot models verify`", path.display()
    )]
    Load {
        /// The file.
        path: PathBuf,
        /// What Whisper says.
        source: whisper_rs::WhisperError,
    },
    /// The model is of an English-only kind.
    #[error("the speech model {} knows English only; install a multilingual one", path.display())]
    EnglishOnly {
        /// The file.
        path: PathBuf,
    },
    /// The clip is longer than [`LONGEST_AUDIO`].
    #[error("the recording is {} s long, more than the {} s that are recognised at once; cut it",
        audio.as_secs(), LONGEST_AUDIO.as_secs())]
    TooLong {
        /// Its length.
        audio: Duration,
    },
    /// [`Expected::given_up`] was set.
    #[error("the recognition was given up")]
    GivenUp,
    /// The model failed on this clip.
    #[error("the speech model failed while {doing}")]
    Engine {
        /// The step.
        doing: &'static str,
        /// What Whisper says.
        source: whisper_rs::WhisperError,
    },
}
