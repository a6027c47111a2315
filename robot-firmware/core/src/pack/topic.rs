//! Routine questions and their answers.

use std::collections::BTreeMap;
use std::fmt;

use madoguchi_shared::ids::Lang;
use madoguchi_shared::screen::Attachment;

use super::attachments::{Attachments, Picture};
use super::nearest;

/// A day of the Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// The year.
    pub year: u16,
    /// The month from 1.
    pub month: u8,
    /// The day from 1.
    pub day: u8,
}

impl From<jiff::civil::Date> for Date {
    fn from(day: jiff::civil::Date) -> Self {
        Self {
            year: day.year().unsigned_abs(),
            month: day.month().unsigned_abs(),
            day: day.day().unsigned_abs(),
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// What the robot answers in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Two to four short sentences to be spoken.
    pub say: String,
    /// What the screen shows beside them, such as an address; absent when the spoken words are
    /// enough.
    pub show: Option<String>,
}

/// A routine question and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// Its name in files, packets and logs, such as `garbage-days`.
    pub id: String,
    pub(super) title: BTreeMap<Lang, String>,
    pub(super) ask: BTreeMap<Lang, Vec<String>>,
    pub(super) answer: BTreeMap<Lang, Answer>,
    pub(super) suggestion: BTreeMap<Lang, String>,
    pub(super) operator_hint: BTreeMap<Lang, String>,
    pub(super) attachments: Attachments,
    /// The topics and flows that are offered after the answer.
    pub follow_ups: Vec<String>,
    /// The opening hours that it is about.
    pub hours: Option<String>,
    /// The first day on which the answer holds.
    pub valid_from: Option<Date>,
    /// The last day on which the answer holds.
    pub valid_until: Option<Date>,
}

impl Topic {
    /// Its title, such as "Moving in"; every language of the pack has one.
    pub fn title(&self, language: &Lang) -> &str {
        nearest(&self.title, language)
            .or(self.title.values().next())
            .map_or(&self.id, |t| t)
    }

    /// The example questions, by language.
    pub fn ask(&self) -> &BTreeMap<Lang, Vec<String>> {
        &self.ask
    }

    /// The answer; absent for a language that the pack doesn't have.
    pub fn answer(&self, language: &Lang) -> Option<&Answer> {
        nearest(&self.answer, language)
    }

    /// What the screen shows beside the answer.
    pub fn attachments(&self, language: &Lang) -> Vec<Attachment> {
        self.attachments.shown(language)
    }

    /// Its files.
    pub fn pictures(&self) -> impl Iterator<Item = &Picture> {
        self.attachments.pictures()
    }

    /// The question as a button for the screen, where the office wants one.
    pub fn suggestion(&self, language: &Lang) -> Option<&str> {
        nearest(&self.suggestion, language).map(String::as_str)
    }

    /// What an operator might do next, in the operator's language.
    pub fn operator_hint(&self, language: &Lang) -> Option<&str> {
        nearest(&self.operator_hint, language).map(String::as_str)
    }

    /// Whether the answer holds on that day.
    pub fn valid_on(&self, day: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= day)
            && self.valid_until.is_none_or(|until| day <= until)
    }
}
