//! What a resident can do when nobody comes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::UnixMs;

/// Nobody comes for now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Nobody {
    /// What the resident can choose.
    pub ways: Vec<Way>,
    /// How far that is.
    pub step: NobodyStep,
}

/// What a resident can do when nobody comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Wait on.
    Wait,
    /// Leave a telephone number or mail address.
    Callback,
    /// Take a number.
    Ticket,
    /// Call staff in the building.
    Bell,
    /// Close what is shown.
    Nothing,
}

/// How far the resident's choice is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum NobodyStep {
    /// Nothing is chosen yet.
    Choose,
    /// The telephone number or mail address is to be said or typed.
    Contact {
        /// Whether the last words held none.
        wrong: bool,
    },
    /// What was understood is to be confirmed.
    ReadBack {
        /// So it was understood.
        contact: String,
    },
    /// Somebody will get in touch.
    Kept {
        /// What it can be named by.
        reference: String,
        /// By when.
        due_at: UnixMs,
    },
    /// A number was given.
    Ticket {
        /// The number.
        reference: String,
        /// What its QR code holds.
        code: String,
    },
    /// Staff in the building were called.
    BellRung,
}
