//! Watching a visit that the agent serves: a person reads along, suggests the agent's next line, or
//! takes the visitor over.
//!
//! Of visits under way the console knows that they are, and nothing that was said in them. Once
//! somebody watches, the robot tells the visitor first, then sends the conversation; it ends with
//! the visit, with a case, and with either connection.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::{Lang, UnixMs, VisitId};

/// A visit that the agent serves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct VisitUnderWay {
    /// The visit.
    pub visit_id: VisitId,
    /// Since when.
    pub since: UnixMs,
    /// The language that it is held in.
    pub language: Lang,
}

/// Longest line that may be suggested, in characters.
pub const SUGGESTION_MAX_CHARS: usize = 500;
