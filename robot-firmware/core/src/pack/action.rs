//! Actions: one call of a tool of the office's systems, and what to say of it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Texts;
use crate::tool::Tier;

/// One call of a tool.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    /// Its name in files, packets and logs.
    pub id: String,
    /// The server in the robot's configuration.
    pub server: String,
    /// The tool.
    pub tool: String,
    /// How much harm it can do; the tool's own annotations may only raise this.
    pub tier: Tier,
    /// The verification that it needs.
    pub verification: Option<String>,
    /// Constants, and texts with `{name}` for what is known.
    pub arguments: Map<String, Value>,
    /// What is taken from the answer, by JSON Pointer (RFC 6901). Nothing was found when one of
    /// these is missing or empty.
    pub results: BTreeMap<String, String>,
    /// Results that nobody but the office's systems may see.
    pub secret: Vec<String>,
    /// What the answer must say, by JSON Pointer; else nothing was found.
    pub expect: BTreeMap<String, Value>,
    /// Lists to choose from.
    pub lists: BTreeMap<String, List>,
    /// What is said of each outcome. Only [`Outcome::Found`] may be left out.
    pub say: BTreeMap<Outcome, Texts>,
    /// Outcomes after which a person is called.
    pub person_on: Vec<Outcome>,
    /// What the visitor must agree to first.
    pub confirm: Option<Texts>,
    /// Whether a person does it, never the robot.
    pub person: bool,
    /// How it is taken back.
    pub undo: Option<Undo>,
}

/// A list in a tool's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Where it is, as a JSON Pointer.
    pub at: String,
    /// The value of an entry, as a JSON Pointer inside it.
    pub value: String,
    /// What the visitor reads of it, with JSON Pointers in braces: `{/date} {/time}`.
    pub label: String,
}

/// How an action is taken back.
#[derive(Debug, Clone, PartialEq)]
pub struct Undo {
    /// The tool, of the same server.
    pub tool: String,
    /// As in [`Action::arguments`].
    pub arguments: Map<String, Value>,
}

/// What came of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It was done, and the answer has what it should have.
    Found,
    /// It was done and nothing was found.
    None,
    /// The office's system said no.
    Refused,
    /// It could not be done.
    Failed,
    /// No answer came in time.
    TooSlow,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Found,
        Self::None,
        Self::Refused,
        Self::Failed,
        Self::TooSlow,
    ];

    /// The word in the pack.
    pub fn key(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::None => "none",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::TooSlow => "too_slow",
        }
    }
}
