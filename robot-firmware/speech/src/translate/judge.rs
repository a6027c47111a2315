//! How far a translation can be trusted, told by translating it back.

use madoguchi_shared::ids::Lang;

use super::{MachineTranslator, Translated, Translator};
use crate::scoring::translation::Chrf;

/// How far a translation can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// Something is probably wrong in it.
    Low,
    /// The gist is probably right.
    Medium,
    /// It says what was said, as far as a machine can tell.
    High,
}

/// What was made of a translation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// It, translated back; absent where no model leads back.
    pub back: Option<String>,
    /// How far it can be trusted; absent where nothing tells.
    pub confidence: Option<Confidence>,
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
                confidence: (done.added > 0).then_some(Confidence::Low),
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
            high if high >= HIGH => Confidence::High,
            medium if medium >= MEDIUM => Confidence::Medium,
            _ => Confidence::Low,
        };
        if done.added > 0 {
            confidence = Confidence::Low;
        } else if done.by_rules || back.by_rules {
            confidence = confidence.min(Confidence::Medium);
        }
        Judged {
            back: Some(back.text),
            confidence: Some(confidence),
        }
    }
}
