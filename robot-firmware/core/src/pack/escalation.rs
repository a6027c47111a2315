//! When the robot calls a person by itself: `escalation.toml`.

use std::collections::BTreeMap;

use madoguchi_shared::ids::Lang;

use super::{Sentences, Texts};
use crate::escalation::Danger;

/// Where a danger's sentence names the emergency number.
pub(crate) const NUMBER: &str = "{number}";

/// What counts as evidence, and how much.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Escalation {
    /// From which scores on the sentence vector alone calls a person.
    pub scores: Scores,
    /// How distress is measured.
    pub distress: Distress,
    /// What is said and done about each danger; a danger that isn't here is still seen by the
    /// sentence vector.
    pub dangers: BTreeMap<Danger, Rules>,
    /// Words that only sound like danger or distress.
    pub only_sounds: Sentences,
}

/// From which scores on the sentence vector alone calls a person, each from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scores {
    /// For danger; default 0.7.
    pub danger: f32,
    /// For the wish for a person in words that aren't like the pack's; default 0.8.
    pub person: f32,
    /// For help that the robot can't give; default 0.7.
    pub accessibility: f32,
    /// For an identity that has to be checked by a person; default 0.7.
    pub identity: f32,
}

impl Default for Scores {
    fn default() -> Self {
        Self {
            danger: 0.7,
            person: 0.8,
            accessibility: 0.7,
            identity: 0.7,
        }
    }
}

/// How distress is measured; each part from 0 to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Distress {
    /// From which level on a person is called; default 0.6.
    pub threshold: f32,
    /// What the sentence vector's score counts; default 1.
    pub classifier: f32,
    /// The sentence vector's score below which it counts nothing; default 0.2.
    pub least: f32,
    /// What words of the list count; default 0.5.
    pub words: f32,
    /// What it counts that the visitor said it before; default 0.2.
    pub repeats: f32,
    /// What a long silence before the turn counts; default 0.1.
    pub silence: f32,
    /// How long that is, in seconds; default 25.
    pub silence_s: u8,
    /// What is left of a turn's distress at the next turn; default 0.5.
    pub carry: f32,
    /// Words of distress in each language.
    pub list: Sentences,
    /// What the operator does first, in the office's languages.
    pub next_step: Texts,
}

impl Default for Distress {
    fn default() -> Self {
        Self {
            threshold: 0.6,
            classifier: 1.0,
            least: 0.2,
            words: 0.5,
            repeats: 0.2,
            silence: 0.1,
            silence_s: 25,
            carry: 0.5,
            list: Sentences::new(),
            next_step: Texts::new(),
        }
    }
}

/// What is said and done about a danger.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rules {
    /// The local emergency number.
    pub number: String,
    /// Words that tell of it, in each language.
    pub words: Sentences,
    /// The office's sentences, those that somebody answers for.
    pub say: Texts,
    /// What the operator does first, in the office's languages.
    pub next_step: Texts,
}

impl Rules {
    /// The office's sentence with the number, in this very language.
    pub fn sentence(&self, language: &Lang) -> Option<String> {
        let text = super::nearest(&self.say, language)?;
        Some(text.replace(NUMBER, &self.number))
    }
}
