//! A line on the screen, with what belongs to it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::Lang;
use crate::packet::Speaker;

/// One line on the screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Caption {
    /// The turn's number; a partial caption keeps its number when it becomes final.
    pub number: u32,
    /// Who spoke.
    pub speaker: Speaker,
    /// The name of the person at the console whose words these are.
    pub said_by: Option<String>,
    /// The words, in the resident's language where a translation was possible.
    pub text: String,
    /// The language of `text`; absent when it wasn't recognised.
    pub language: Option<Lang>,
    /// The original, when `text` is a machine translation.
    pub original: Option<Original>,
    /// What belongs to the words and is only shown: an address, a table of days.
    pub detail: Option<String>,
    /// What there is to look at beside the words.
    pub attachments: Vec<Attachment>,
    /// Set when the line should have been translated and no model was there.
    pub untranslated: bool,
    /// Whether a machine wrote the words down from an operator's voice: it may have misheard.
    pub recognised: bool,
    /// Still being said.
    pub partial: bool,
    /// The part of `text` that the robot is speaking at this moment.
    pub sounding: Option<TextSpan>,
}

/// Something to look at beside an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Attachment {
    /// A picture.
    Picture(Picture),
    /// A map.
    Map(Picture),
    /// A page, to be opened on the visitor's own telephone.
    Link {
        /// Its whole address.
        url: String,
    },
    /// What the visitor takes along, as a code that their telephone reads without a network.
    Note {
        /// The words, as they are shown.
        text: String,
    },
}

/// A picture or map that the robot serves to its own page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Picture {
    /// Where, relative to the page's own address.
    pub src: String,
    /// What is on it, for those who can't see it; in the language of the line.
    pub alt: String,
    /// The place that was asked for.
    #[serde(default)]
    pub mark: Option<Mark>,
}

/// A place on a map, in hundredths of its width from the left and of its height from the top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Mark {
    /// From the left, 0 to 100.
    pub left_percent: u8,
    /// From the top, 0 to 100.
    pub top_percent: u8,
}

/// A part of a text, counted in UTF-16 code units as the page's language counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct TextSpan {
    /// Where it begins.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
}

/// The words behind a machine translation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Original {
    /// Their language.
    pub language: Lang,
    /// The words.
    pub text: String,
}
