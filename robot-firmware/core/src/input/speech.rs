//! What was heard, or could not be.

use madoguchi_shared::ids::Lang;
use serde::{Deserialize, Serialize};

/// Words that may still change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partial {
    /// The utterance.
    pub utterance: u32,
    /// The words so far.
    pub text: String,
    /// The likeliest language so far.
    pub language: Lang,
}

/// A recognised utterance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Heard {
    /// The utterance.
    pub utterance: u32,
    /// The words.
    pub text: String,
    /// In which language.
    pub language: SpokenLanguage,
    /// Probability of that language, from 0 to 1.
    pub language_probability: f32,
    /// The recogniser's confidence in the words, from 0 to 1.
    pub confidence: f32,
    /// The same word by word, in the order of `text`; empty where the recogniser doesn't tell.
    #[serde(default)]
    pub words: Vec<HeardWord>,
}

/// A word of an utterance; in languages written without spaces, a piece of one or a few characters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeardWord {
    /// As it stands in the utterance's text.
    pub text: String,
    /// The recogniser's confidence in it, from 0 to 1.
    pub confidence: f32,
}

impl Heard {
    /// This utterance and the one that goes on with it, as one.
    pub(crate) fn joined(self, rest: Self) -> Self {
        let surer = if self.language_probability >= rest.language_probability {
            self.language
        } else {
            rest.language
        };
        Self {
            utterance: rest.utterance,
            text: format!("{} {}", self.text, rest.text),
            language: surer,
            language_probability: self.language_probability.max(rest.language_probability),
            confidence: self.confidence.min(rest.confidence),
            words: self.words.into_iter().chain(rest.words).collect(),
        }
    }
}

/// What became of the operator's voice. Its utterances are counted apart from the microphone's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OperatorVoice {
    /// It began.
    Started {
        /// The utterance.
        utterance: u32,
    },
    /// The words so far.
    Partial(Partial),
    /// Words were recognised; [`SpokenLanguage::Pack`] stands for one of the operator's languages.
    Heard(Heard),
    /// The utterance gave no words.
    Nothing {
        /// The utterance.
        utterance: u32,
    },
}

/// Why an utterance gave no words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoWords {
    /// Nobody spoke: noise, a cough. The visitor needs to know nothing of it.
    #[default]
    Nobody,
    /// Somebody spoke, and the words could not be made out in time or at all.
    NotCaught,
}

/// The decision over all languages that the recogniser knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpokenLanguage {
    /// Surely one of the pack's.
    Pack(Lang),
    /// Surely another one.
    Other(Lang),
    /// Not sure; the likeliest first. The words are in [`crate::output::Listen::held`] where that
    /// is one of them, else in the first.
    Unsure(Vec<Lang>),
}

impl SpokenLanguage {
    /// The same with every language's tag changed.
    pub(crate) fn map(self, change: impl FnMut(Lang) -> Lang) -> Self {
        let mut change = change;
        match self {
            Self::Pack(language) => Self::Pack(change(language)),
            Self::Other(language) => Self::Other(change(language)),
            Self::Unsure(likely) => Self::Unsure(likely.into_iter().map(change).collect()),
        }
    }
}
