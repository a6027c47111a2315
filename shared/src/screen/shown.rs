use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Attachment;
use crate::ids::Lang;
use crate::show::Point;

/// What the person of a call shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Shown {
    /// Counts what is shown.
    pub number: u32,
    /// The topic's title; absent where only a picture or a code is shown.
    pub title: Option<String>,
    /// The topic's words.
    pub text: Option<String>,
    /// What belongs to them and is only shown.
    pub detail: Option<String>,
    /// The language of all of these.
    pub language: Lang,
    /// Pictures and codes.
    pub attachments: Vec<Attachment>,
    /// Whether the one picture can be pointed at.
    pub pointable: bool,
    /// Where it is.
    pub pointer: Option<Point>,
}
