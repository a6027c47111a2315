//! Interpreter mode on the robot's screen: staff and visitor at both sides of a counter.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::LanguageChoice;
use crate::ids::Lang;

/// Whose half of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum InterpreterSide {
    /// The staff's.
    Clerk,
    /// The visitor's.
    Visitor,
}

/// What somebody wants of interpreter mode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum InterpreterWish {
    /// To choose its two languages.
    Choose,
    /// To begin.
    Between {
        /// The staff's language.
        clerk: Lang,
        /// The visitor's.
        visitor: Lang,
    },
    /// To have the staff's half stand on its head, or not.
    Turn {
        /// Which.
        turned: bool,
    },
    /// To say something by typing it.
    Say {
        /// In whose half it was typed.
        side: InterpreterSide,
        /// The words.
        text: String,
    },
    /// To end it, or to choose no languages.
    End,
}

/// What the screen shows of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct InterpreterView {
    /// Whether it runs; else the languages are being chosen.
    pub running: bool,
    /// Whether nothing translates between the two languages that were chosen.
    pub refused: bool,
    /// Whether the staff's half stands on its head.
    pub turned: bool,
    /// The staff's language, or the one that is proposed.
    pub clerk: Lang,
    /// The visitor's.
    pub visitor: Lang,
    /// The page's words in the staff's language; [`super::ScreenView::labels`] are the visitor's.
    pub clerk_labels: BTreeMap<String, String>,
    /// What can be chosen.
    pub choices: Vec<LanguageChoice>,
    /// What was said since it began, oldest first.
    pub lines: Vec<Interpreted>,
}

/// A line in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Interpreted {
    /// Number of its turn.
    pub number: u32,
    /// Who said it.
    pub side: InterpreterSide,
    /// The words as they were said.
    pub text: String,
    /// What a machine made of them for the other one; absent until it is there.
    pub translation: Option<String>,
    /// Set when it could not be translated.
    pub untranslated: bool,
    /// Whether the robot is saying the translation.
    pub sounding: bool,
}
