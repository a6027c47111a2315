//! What comes back of words that were sent to be translated.

use madoguchi_shared::ids::Lang;
use madoguchi_shared::packet::{Translation, TranslationConfidence};
use serde::{Deserialize, Serialize};

use crate::bounded::LONGEST_SPEECH;

/// What a machine made of words in another language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MachineTranslation {
    /// The words.
    pub text: String,
    /// They, translated back; absent where no model leads back.
    #[serde(default)]
    pub back: Option<String>,
    /// How far they can be trusted; absent where nothing tells.
    #[serde(default)]
    pub confidence: Option<TranslationConfidence>,
}

impl<T: Into<String>> From<T> for MachineTranslation {
    fn from(text: T) -> Self {
        Self {
            text: text.into(),
            back: None,
            confidence: None,
        }
    }
}

impl MachineTranslation {
    pub(crate) fn bounded(self) -> Self {
        let short = |text: String| text.chars().take(LONGEST_SPEECH).collect::<String>();
        Self {
            text: short(self.text),
            back: self.back.map(short),
            ..self
        }
    }

    pub(crate) fn into_language(self, language: Lang) -> Translation {
        Translation {
            language,
            text: self.text,
            machine: true,
            back: self.back,
            confidence: self.confidence,
        }
    }
}
