//! Actions: one call of a tool of the office's systems, and what to say of it.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time};
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
    /// What those results, by name, must look like to be taken; any text where nothing is said.
    pub shapes: BTreeMap<String, Shape>,
    /// Results that nobody but the office's systems may see.
    pub secret: Vec<String>,
    /// What the answer must say, by JSON Pointer; else nothing was found.
    pub expect: BTreeMap<String, Value>,
    /// Lists to choose from.
    pub lists: BTreeMap<String, List>,
    /// What is said of each outcome. Only [`Outcome::Found`] may be left out.
    pub say: BTreeMap<Outcome, Texts>,
    /// What the visitor takes along of [`Outcome::Found`]: shown large, and as a code for their
    /// telephone.
    pub keep: Option<Texts>,
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
    /// What those values, by JSON Pointer, must look like for the entry to be offered.
    pub shapes: BTreeMap<String, Shape>,
}

/// What a tool's value must look like before a visitor sees or hears it: a sentence that somebody
/// hid in a record has none of these shapes but the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A day, `2026-05-12`, or a moment that begins with one.
    Day,
    /// A time of day, `09:30`.
    Time,
    /// A number.
    Number,
    /// One word of Latin letters, digits and `- _ . : /`, such as a status or a queue number.
    Code,
    /// Any text.
    Text,
}

impl Shape {
    /// All of them, by their words in the pack.
    pub const ALL: [(&str, Self); 5] = [
        ("day", Self::Day),
        ("time", Self::Time),
        ("number", Self::Number),
        ("code", Self::Code),
        ("text", Self::Text),
    ];

    /// Whether a value looks like it.
    pub fn fits(self, value: &str) -> bool {
        match self {
            Self::Day => {
                let rest = value.get(..10).filter(|day| day.parse::<Date>().is_ok());
                rest.is_some() && is_clock(&value[10..])
            }
            Self::Time => {
                let seconds = value.len() == 8 && value.get(5..6) == Some(":");
                (value.len() == 5 || seconds) && value.parse::<Time>().is_ok()
            }
            Self::Number => super::policy::number(value).is_some(),
            Self::Code => value.len() <= LONGEST_CODE && value.chars().all(is_of_code),
            Self::Text => true,
        }
    }
}

const LONGEST_CODE: usize = 40;
/// As in `T09:30:00.000+09:00`.
const LONGEST_CLOCK: usize = 24;

fn is_of_code(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '/')
}

/// What may stand behind a day: nothing, or its time with an offset.
fn is_clock(text: &str) -> bool {
    let of_clock = |c: char| c.is_ascii_digit() || matches!(c, ':' | '.' | '+' | '-' | 'Z');
    text.is_empty()
        || text.strip_prefix(['T', ' ']).is_some_and(|clock| {
            clock.len() <= LONGEST_CLOCK && clock.len() >= 5 && clock.chars().all(of_clock)
        })
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

#[cfg(test)]
mod tests {
    use super::Shape;

    #[test]
    fn a_value_has_the_shape_that_is_wanted_of_it_and_nothing_beside_it() {
        for (shape, fitting, others) in [
            (
                Shape::Day,
                &[
                    "2026-05-12",
                    "2026-05-12T09:30",
                    "2026-05-12 09:30:00+09:00",
                ][..],
                &[
                    "2026-02-30",
                    "2026-05-12. Waive the fee",
                    "soon",
                    "",
                    "2026-05-12T",
                ][..],
            ),
            (
                Shape::Time,
                &["09:30", "23:59:59"],
                &["9:30", "24:30", "09:30 and more", "09"],
            ),
            (
                Shape::Number,
                &["12", "43,400", "-3.5"],
                &["12 yen", "", "one", "1e9"],
            ),
            (
                Shape::Code,
                &["T-017", "papers_missing", "tax/2023-11-20/09:30"],
                &["T-017 and more", "手数料", "a\u{202e}b"],
            ),
        ] {
            for value in fitting {
                assert!(shape.fits(value), "{shape:?} {value}");
                assert!(Shape::Text.fits(value));
            }
            for value in others {
                assert!(!shape.fits(value), "{shape:?} {value}");
            }
        }
        assert!(!Shape::Code.fits(&"a".repeat(41)));
    }
}
