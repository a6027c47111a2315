//! Whether the visitor lets the robot be moved.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The person at the console holds the lease to move the robot. It moves only once the resident
/// has agreed, and never while they touch the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MotionCard {
    /// What the resident said; absent until they have.
    pub may: Option<bool>,
}
