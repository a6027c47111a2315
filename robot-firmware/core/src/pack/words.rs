//! The robot's own words: sentences and labels, and in which language they are found.

use std::collections::BTreeMap;

use madoguchi_shared::ids::Lang;

use super::{Pack, Phrase, ScreenLabel, nearest};

/// Which way a script runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// Like Latin.
    #[default]
    LeftToRight,
    /// Like Arabic.
    RightToLeft,
}

/// Who answers for a language's phrases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Review {
    /// Somebody who speaks the language has read them.
    Reviewed,
    /// Nobody has yet.
    #[default]
    Machine,
}

/// The robot's own words in one language.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Words {
    pub(super) name: String,
    pub(super) direction: Direction,
    pub(super) review: Review,
    pub(super) phrases: BTreeMap<Phrase, String>,
    pub(super) labels: BTreeMap<ScreenLabel, String>,
}

impl Pack {
    /// A sentence of the robot; where the language has no such words, in another one: a language
    /// that the office serves falls back to its default language, any other to English.
    pub fn phrase(&self, language: &Lang, phrase: Phrase) -> &str {
        self.phrase_with_language(language, phrase).1
    }

    /// The same with the language that it is really in, for the voice that reads it.
    pub fn phrase_with_language(&self, language: &Lang, phrase: Phrase) -> (&Lang, &str) {
        self.fallbacks(language)
            .find_map(|(own, words)| Some((own, words.phrases.get(&phrase)?.as_str())))
            .unwrap_or((&self.default_language, ""))
    }

    /// A courtesy sentence in this very language, whether or not the office serves in it.
    pub fn courtesy(&self, language: &Lang, phrase: Phrase) -> Option<&str> {
        nearest(&self.words, language)?
            .phrases
            .get(&phrase)
            .map(String::as_str)
    }

    /// The screen page's words by [`ScreenLabel::key`], each from the nearest language that has it;
    /// those of staff's panel, or all others.
    pub fn labels(&self, language: &Lang, for_staff: bool) -> BTreeMap<String, String> {
        ScreenLabel::ALL
            .iter()
            .filter(|label| label.is_for_staff() == for_staff)
            .map(|label| {
                (
                    label.key().to_owned(),
                    self.label(language, *label).to_owned(),
                )
            })
            .filter(|(_, text)| !text.is_empty())
            .collect()
    }

    /// One of them; empty where no language of the pack has it.
    pub fn label(&self, language: &Lang, label: ScreenLabel) -> &str {
        self.fallbacks(language)
            .find_map(|(_, words)| words.labels.get(&label))
            .map_or("", String::as_str)
    }

    /// A language's name in itself, or its tag where the pack doesn't know it.
    pub fn language_name<'a>(&'a self, language: &'a Lang) -> &'a str {
        nearest(&self.words, language).map_or(language.as_str(), |words| &words.name)
    }

    /// Which way a language runs; left to right where the pack doesn't know it.
    pub fn direction(&self, language: &Lang) -> Direction {
        nearest(&self.words, language).map_or(Direction::default(), |words| words.direction)
    }

    /// Who answers for a language's phrases.
    pub fn review(&self, language: &Lang) -> Option<Review> {
        nearest(&self.words, language).map(|words| words.review)
    }

    /// Every language that has at least courtesy words, ordered by tag.
    pub fn spoken_languages(&self) -> impl Iterator<Item = &Lang> {
        self.words.keys()
    }

    fn fallbacks(&self, language: &Lang) -> impl Iterator<Item = (&Lang, &Words)> {
        let exact = self.words.get_key_value(language);
        let wide = self
            .words
            .iter()
            .find(|(own, _)| own.as_str() == language.primary());
        let default = self.words.get_key_value(&self.default_language);
        let english = self.words.iter().find(|(own, _)| own.as_str() == "en");
        let rest = if self.serves(language).is_some() {
            [default, english]
        } else {
            [english, default]
        };
        [exact, wide].into_iter().chain(rest).flatten()
    }
}
