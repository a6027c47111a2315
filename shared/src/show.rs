//! What the operator of a call puts on the robot's screen, and where either side points at it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::Lang;

/// Largest coordinate of a [`Point`].
pub const POINT_MAX: u16 = 10_000;
/// Longest name of a topic or address in a wish, in bytes.
pub const WISH_MAX_BYTES: usize = 256;

/// What to put on the screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum ShowWish {
    /// A topic's words with all that belongs to them.
    Topic {
        /// Its name in the pack.
        topic: String,
    },
    /// A topic's picture alone.
    Picture {
        /// The topic.
        topic: String,
    },
    /// A topic's map alone.
    Map {
        /// The topic.
        topic: String,
    },
    /// A topic's link, as a code.
    Link {
        /// The topic.
        topic: String,
    },
    /// A link of the operator's, as a code: to one of [`Showable::link_hosts`].
    Address {
        /// Its whole `https` address.
        url: String,
    },
}

impl ShowWish {
    /// Its one text, whose length is bounded by [`WISH_MAX_BYTES`].
    pub fn text(&self) -> &str {
        match self {
            Self::Topic { topic }
            | Self::Picture { topic }
            | Self::Map { topic }
            | Self::Link { topic } => topic,
            Self::Address { url } => url,
        }
    }
}

/// A place on a picture, in its own coordinates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Point {
    /// Ten-thousandths of its width, from the left; at most [`POINT_MAX`].
    pub x: u16,
    /// Ten-thousandths of its height, from the top; at most [`POINT_MAX`].
    pub y: u16,
}

impl Point {
    /// The nearest place on the picture.
    pub fn on_picture(self) -> Self {
        Self {
            x: self.x.min(POINT_MAX),
            y: self.y.min(POINT_MAX),
        }
    }
}

/// What a robot's pack has to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Showable {
    /// The topics that hold today, ordered by name.
    pub topics: Vec<ShowableTopic>,
    /// The forms that can be filled in together, ordered by name.
    #[serde(default)]
    pub forms: Vec<ShowableForm>,
    /// Hosts to which the office lets its operators show links of their own.
    pub link_hosts: Vec<String>,
}

/// One form of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ShowableForm {
    /// The flow's name in the pack.
    pub flow: String,
    /// Its title, in `language`.
    pub title: String,
    /// The operator's, where the pack has it.
    pub language: Lang,
}

/// One topic of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ShowableTopic {
    /// Its name in the pack.
    pub topic: String,
    /// Its title, in `language`.
    pub title: String,
    /// Its words, in `language`.
    pub text: String,
    /// The operator's, where the pack has it.
    pub language: Lang,
    /// Whether there is a picture.
    pub picture: bool,
    /// Whether there is a map.
    pub map: bool,
    /// Whether there is a link.
    pub link: bool,
}

/// What stands on the screen, for the operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Showing {
    /// Counts what is shown; [`Point`]s name it.
    pub number: u32,
    /// What was wished for.
    pub wish: ShowWish,
    /// The language of the words below: the visitor's, where the pack has it.
    pub language: Lang,
    /// The topic's title, or what is on the picture.
    pub title: String,
    /// The topic's words; empty where they aren't shown.
    pub text: String,
    /// The address of the link that is shown.
    pub url: Option<String>,
    /// The picture that can be pointed at.
    pub picture: Option<PictureData>,
    /// Where it is pointed at.
    pub pointer: Option<Point>,
}

/// A picture with what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PictureData {
    /// Its media type.
    pub kind: String,
    /// Its bytes in base64.
    pub base64: String,
}

/// Why something isn't shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NotShown {
    /// The pack has none of that, or it doesn't hold today.
    NotInPack,
    /// That is no whole `https` address.
    NoAddress,
    /// The office doesn't list the address's host.
    ForeignHost,
}
