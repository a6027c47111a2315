//! A form that operator and visitor of a call fill in together: one of the pack's flows.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::Lang;
use crate::packet::ReasonCode;
use crate::screen::{Attachment, FormChoice, FormKind};

/// Longest name or text of a [`FormWish`], in bytes.
pub const FORM_TEXT_MAX_BYTES: usize = 512;

/// What an operator does with a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum FormWish {
    /// Put one of [`crate::show::Showable::forms`] on the screen; the one before is left.
    Open {
        /// Its name in the pack.
        flow: String,
    },
    /// Write in a field, without an answer yet.
    Write {
        /// [`SharedField::id`].
        field: String,
        /// Everything that stands in it: digits, a day as `2026-05-12`, the value of a choice, words.
        text: String,
    },
    /// That is the answer; the visitor is asked whether it is right, as soon as its turn comes.
    Answer {
        /// [`SharedField::id`].
        field: String,
        /// As in [`FormWish::Write`].
        text: String,
    },
    /// Go back to the field before, where nothing was changed since.
    Back,
    /// Leave the form, and take it from the screen. What is being changed at this moment comes to its
    /// end first.
    Close,
}

impl FormWish {
    /// How long its texts are together, in bytes.
    pub fn len_bytes(&self) -> usize {
        match self {
            Self::Open { flow } => flow.len(),
            Self::Write { field, text } | Self::Answer { field, text } => field.len() + text.len(),
            Self::Back | Self::Close => 0,
        }
    }
}

/// The form as one of the two ends sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SharedForm {
    /// Its name in the pack.
    pub flow: String,
    /// What it is.
    pub title: String,
    /// The language of all its words.
    pub language: Lang,
    /// Its fields, in the order in which they are asked; further ones may come.
    pub fields: Vec<SharedField>,
    /// What the visitor is asked to agree to before it is done.
    pub consent: Option<String>,
    /// Whether the office's systems are at work.
    pub busy: bool,
    /// Whether there is a field to go back to.
    pub can_go_back: bool,
    /// What was said of it last: a result, or why an answer can't be taken.
    pub said: Option<String>,
    /// What belongs to that and is only shown.
    pub detail: Option<String>,
    /// What the visitor takes along. Empty for the operator.
    pub attachments: Vec<Attachment>,
    /// Whether it is over, and only what came of it is shown.
    pub ended: bool,
    /// Why it is left to the operator; nothing of it was done then, unless it is not known.
    pub left: Option<LeftToOperator>,
}

/// Why the robot doesn't carry a form to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LeftToOperator {
    /// The reason for which it would have called a person.
    pub code: ReasonCode,
    /// The evidence, such as the rule.
    pub detail: String,
}

/// One field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SharedField {
    /// Its flow and step, as `cancel-appointment/appointment_number`.
    pub id: String,
    /// The question.
    pub label: String,
    /// How it is answered.
    pub kind: FormKind,
    /// What can be chosen, as far as that is known.
    pub choices: Vec<FormChoice>,
    /// How many digits at most, for a number.
    pub digits: Option<u32>,
    /// Whether only the visitor may write in it, and nobody at the console reads it.
    pub secret: bool,
    /// How far it is.
    pub state: FieldState,
    /// What is written in it and not yet an answer; never of a secret.
    pub draft: Option<String>,
    /// Who wrote in it last.
    pub by: Option<Writer>,
    /// The answer in words, confirmed or to be confirmed; of a secret dots.
    pub value: Option<String>,
}

/// How far a field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FieldState {
    /// Its turn comes later.
    Later,
    /// It is being asked.
    Asked,
    /// The visitor is asked whether it is right.
    ReadBack,
    /// The visitor said that it is right.
    Confirmed,
}

/// Who writes in a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Writer {
    /// The visitor.
    Visitor,
    /// The operator.
    Operator,
}

/// Why something that an operator wanted with a form isn't done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NotFilled {
    /// The pack has no such form.
    NotInPack,
    /// A rule of the office keeps it closed.
    RuleForbids,
    /// Only the visitor may write there.
    Secret,
    /// The field isn't there any more, or is confirmed already.
    Gone,
    /// That is no answer to this question.
    NotRead,
}
