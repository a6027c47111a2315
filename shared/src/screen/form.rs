//! The question that is being asked, in a matter that takes several.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A question, with what it takes to answer it on the screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Form {
    /// Its number; no two questions of a visit have the same.
    pub number: u32,
    /// What the matter is.
    pub title: String,
    /// The question.
    pub prompt: String,
    /// How it is answered.
    pub kind: FormKind,
    /// What can be chosen.
    pub choices: Vec<FormChoice>,
    /// What was understood, to be confirmed; absent where nothing is, or nothing may be shown.
    pub value: Option<String>,
    /// Whether nobody but the office's systems may see the answer.
    pub secret: bool,
    /// How many digits at most, for a number.
    pub digits: Option<u32>,
    /// Which question this is, from 1.
    pub step: u32,
    /// How many there are, as far as that is known now.
    pub of: u32,
    /// Whether there is a question before.
    pub can_go_back: bool,
}

/// How a question is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FormKind {
    /// With a day.
    Date,
    /// With somebody's name.
    Name,
    /// With digits.
    Number,
    /// With one of the choices.
    Choice,
    /// With an address.
    Address,
    /// With yes or no.
    Confirm,
}

/// Something that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FormChoice {
    /// For [`super::ScreenToRobot::Answer`].
    pub value: String,
    /// The button.
    pub label: String,
}
