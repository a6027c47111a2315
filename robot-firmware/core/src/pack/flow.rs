//! Flows: what is asked, said and done in one matter, in the order of the file.

use std::collections::BTreeMap;

use madoguchi_shared::ids::Lang;
use madoguchi_shared::packet::ReasonCode;

use super::{Sentences, nearest};
use crate::slot::{Choice, Kind};

/// One text for each language of the pack.
pub type Texts = BTreeMap<Lang, String>;

/// A matter that takes several questions.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    /// Its name in files, packets and logs; no topic has the same.
    pub id: String,
    pub(super) title: Texts,
    pub(super) ask: Sentences,
    /// Topics after whose answers it is offered.
    pub topics: Vec<String>,
    /// The verification that a visitor has who came to its end.
    pub grants: Option<String>,
    /// How often a question is asked until a person is called. Default 3.
    pub tries: u8,
    /// What happens, one after the other.
    pub steps: Vec<Step>,
}

impl Flow {
    /// Its title, such as "Book an appointment".
    pub fn title(&self, language: &Lang) -> &str {
        nearest(&self.title, language)
            .or(self.title.values().next())
            .map_or(&self.id, |title| title)
    }

    /// Ways to ask for it, by language.
    pub fn ask(&self) -> &BTreeMap<Lang, Vec<String>> {
        &self.ask
    }

    /// The place of a step.
    pub fn place_of(&self, step: &str) -> Option<usize> {
        self.steps.iter().position(|own| own.id == step)
    }
}

/// One step of a flow.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Its name; what was answered or came of it has the same.
    pub id: String,
    /// It is passed over unless this holds.
    pub when: Option<Test>,
    /// What it does.
    pub does: Does,
}

/// Whether something that is known by now is, or isn't, this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    /// The earlier step.
    pub step: String,
    /// Whether it must be the value, rather than anything else.
    pub is: bool,
    /// The value.
    pub value: String,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq)]
pub enum Does {
    /// Asks the visitor.
    Ask(Ask),
    /// Says something.
    Say(Texts),
    /// Calls a tool.
    Act {
        /// The action.
        action: String,
        /// The step from which to ask again when nothing was found.
        again_from: Option<String>,
    },
    /// Calls a person, for this reason.
    Person(ReasonCode),
}

/// A question.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    /// The kind of answer.
    pub kind: Kind,
    /// What can be chosen.
    pub choices: Vec<Selectable>,
    /// The list of an earlier action that can be chosen from.
    pub choices_from: Option<String>,
    /// The question.
    pub prompt: Texts,
    /// What is said of an answer that can't be taken; else a phrase of the robot.
    pub invalid: Option<Texts>,
    /// How the answer is read back, with `{value}` in its place; else a phrase of the robot.
    pub read_back: Option<Texts>,
    /// How digits are written for the office's systems, as `####-####`.
    pub mask: Option<String>,
    /// Whether nobody but the office's systems may see the answer.
    pub secret: bool,
}

/// Something that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selectable {
    /// What the office's systems call it.
    pub value: String,
    /// The button.
    pub label: Texts,
    /// Other words for it.
    pub also: Sentences,
}

impl Selectable {
    /// It in one language.
    pub fn choice(&self, language: &Lang) -> Choice {
        Choice {
            value: self.value.clone(),
            label: nearest(&self.label, language).cloned().unwrap_or_default(),
            also: nearest(&self.also, language).cloned().unwrap_or_default(),
        }
    }
}
