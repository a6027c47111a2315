//! The one image that is ever stored: a still from the robot's camera, taken in a call with the
//! visitor's consent and seen by them before it leaves the robot. JPEG, in the case alone.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::UnixMs;

/// Largest still, in bytes; one of 640 × 480 pixels has about a tenth.
pub const STILL_MAX_BYTES: usize = 600_000;

/// A still as the case holds it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Still {
    /// When it was taken.
    pub at: UnixMs,
    /// A JPEG image in base64.
    pub jpeg: String,
}

impl std::fmt::Debug for Still {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Still")
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

/// How far a still that an operator asked for is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StillStep {
    /// The visitor is asked whether one may be taken.
    Asked,
    /// The visitor looks at it.
    Preview,
    /// The visitor said no, to taking or to sending it.
    Declined,
    /// The camera gave none.
    Failed,
    /// It is on its way to the case.
    Sent,
}
