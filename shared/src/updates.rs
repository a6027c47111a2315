//! How up to date a robot is, for whoever looks after it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which software a robot has, and how its last update went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Updates {
    /// Version of the robot's program.
    pub program: String,
    /// Version of the whole system; absent where it is apt's.
    pub system: Option<String>,
    /// The last update, or the one that goes on.
    pub last: Option<LastUpdate>,
    /// Why none goes on by itself, in one sentence in English.
    pub fault: Option<String>,
}

/// One update.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LastUpdate {
    /// `system`, `pack` or `models`.
    pub kind: String,
    /// The version that it brings.
    pub version: String,
    /// How far it is.
    pub phase: UpdatePhase,
    /// Of its bytes, 0 to 100.
    pub percent: u8,
    /// Why it failed, in one sentence in English.
    pub reason: Option<String>,
}

/// The steps of an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum UpdatePhase {
    /// It is being fetched and written.
    Writing,
    /// It is written, and the robot is to start anew.
    Restarting,
    /// It runs, and has to prove itself.
    Trial,
    /// It is in use.
    Done,
    /// It was refused, or broke off; what was in use is.
    Failed,
    /// It was tried, and the robot went back to what was in use before.
    FellBack,
}
