//! The verdict on the language of an utterance.

use std::sync::atomic::{AtomicBool, Ordering};

use madoguchi_shared::ids::Lang;

use super::RecogniseError;

/// The verdict on an utterance's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LanguageDecision {
    /// Surely one of the languages that the office has.
    Candidate(Lang),
    /// Surely a language that it doesn't have.
    Other(Lang),
    /// Too close to call: the two or three languages between which it lies, likeliest first.
    Unsure(Vec<Lang>),
}

impl LanguageDecision {
    /// The language in which to write the words down: in doubt the one that was `held` so far,
    /// where it is one of the likely ones.
    pub(super) fn words_in(&self, held: Option<&Lang>) -> Option<&Lang> {
        let kept = match self {
            Self::Unsure(likely) => likely.iter().find(|lang| Some(*lang) == held),
            Self::Candidate(_) | Self::Other(_) => None,
        };
        kept.or(self.likeliest())
    }

    /// The single likeliest language.
    pub fn likeliest(&self) -> Option<&Lang> {
        match self {
            Self::Candidate(lang) | Self::Other(lang) => Some(lang),
            Self::Unsure(langs) => langs.first(),
        }
    }

    /// Whether there is no doubt.
    pub fn is_sure(&self) -> bool {
        !matches!(self, Self::Unsure(_))
    }
}

/// What is known about the language before an utterance is heard.
#[derive(Debug, Clone, Copy, Default)]
pub struct Expected<'a> {
    /// The languages that the office has: they weigh in the decision but never hide another one.
    /// With none, every language is as welcome as any other.
    pub candidates: &'a [Lang],
    /// The language that the visit has been held in so far, so that an "OK" doesn't change it.
    pub held: Option<&'a Lang>,
    /// The language that somebody chose on the screen: no other comes into question.
    pub named: Option<&'a Lang>,
    /// The words are for a caption while somebody still speaks: one look, even if it stays
    /// doubtful.
    pub hurry: bool,
    /// Set by whoever asked when nobody waits for the words any more.
    pub given_up: Option<&'a AtomicBool>,
}

impl<'a> Expected<'a> {
    /// An office with these languages, and a visitor who hasn't spoken yet.
    pub fn among(candidates: &'a [Lang]) -> Self {
        Self {
            candidates,
            ..Self::default()
        }
    }

    /// Whether somebody still waits for the words.
    ///
    /// # Errors
    /// [`RecogniseError::GivenUp`] when nobody does.
    pub(super) fn awaited(&self) -> Result<(), RecogniseError> {
        match self.given_up {
            Some(given_up) if given_up.load(Ordering::Relaxed) => Err(RecogniseError::GivenUp),
            _ => Ok(()),
        }
    }

    /// The verdict that it is `lang` without a doubt.
    pub(super) fn certain(&self, lang: &Lang) -> LanguageDecision {
        if self.is_candidate(lang) {
            LanguageDecision::Candidate(lang.clone())
        } else {
            LanguageDecision::Other(lang.clone())
        }
    }

    pub(super) fn is_candidate(&self, lang: &Lang) -> bool {
        let primary = lang.primary();
        self.candidates.is_empty() || self.candidates.iter().any(|own| own.primary() == primary)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_doubt_the_words_are_in_the_language_held_so_far() {
        let lang = |tag: &str| -> Lang { tag.parse().unwrap() };
        let (pt, en, ja) = (lang("pt"), lang("en"), lang("ja"));
        let unsure = LanguageDecision::Unsure(vec![pt.clone(), en.clone()]);
        assert_eq!(unsure.words_in(Some(&en)), Some(&en));
        assert_eq!(unsure.words_in(Some(&ja)), Some(&pt));
        assert_eq!(unsure.words_in(None), Some(&pt));
        let sure = LanguageDecision::Candidate(pt.clone());
        assert_eq!(sure.words_in(Some(&en)), Some(&pt));
    }
}
