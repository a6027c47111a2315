//! How far a translation can be trusted, told by translating it back.

use madoguchi_shared::ids::Lang;
use madoguchi_shared::packet::TranslationConfidence;

use super::{MachineTranslator, Translated, Translator};
use crate::scoring::translation::Chrf;

/// What was made of a translation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// It, translated back; absent where no model leads back.
    pub back: Option<String>,
    /// How far it can be trusted; absent where nothing tells.
    pub confidence: Option<TranslationConfidence>,
}

/// Agreement (chrF) of the text with its way there and back from which on a translation counts as
/// so good.
const HIGH: f64 = 70.0;
const MEDIUM: f64 = 50.0;

impl MachineTranslator {
    /// Translates a translation back and compares.
    pub fn judge(&mut self, from: &Lang, to: &Lang, text: &str, done: &Translated) -> Judged {
        if !self.can_translate(to, from) {
            return Judged {
                back: None,
                confidence: (done.added > 0).then_some(TranslationConfidence::Low),
            };
        }
        let Ok(back) = self.translate(to, from, &done.text) else {
            return Judged {
                back: None,
                confidence: None,
            };
        };
        let agreement = Chrf::of(&back.text, text);
        let mut confidence = match agreement {
            high if high >= HIGH => TranslationConfidence::High,
            medium if medium >= MEDIUM => TranslationConfidence::Medium,
            _ => TranslationConfidence::Low,
        };
        if done.added > 0 {
            confidence = TranslationConfidence::Low;
        } else if done.by_rules || back.by_rules {
            confidence = confidence.min(TranslationConfidence::Medium);
        }
        Judged {
            back: Some(back.text),
            confidence: Some(confidence),
        }
    }
}
