//! What the office owes a resident whom nobody could serve at once.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ReasonCode, SummaryLine};
use crate::ids::{CaseId, Lang, TaskId, UnixMs, VisitId};

/// Something that was promised to a resident, until somebody has done it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Task {
    /// Made by whoever promised; a task that comes twice is one.
    pub task_id: TaskId,
    /// The case in which it was promised.
    pub case_id: CaseId,
    /// The visit.
    pub visit_id: VisitId,
    /// What was promised.
    pub kind: TaskKind,
    /// What the resident can name it by, such as `K7Q-4MX`.
    pub reference: String,
    /// The telephone number or mail address, as the resident confirmed it.
    pub contact: Option<String>,
    /// The resident's language.
    pub language: Lang,
    /// Why a person was needed.
    pub reason: ReasonCode,
    /// What is wanted, what was done, what is needed now.
    pub summary: Vec<SummaryLine>,
    /// When it was promised.
    pub promised_at: UnixMs,
}

/// What was promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// Somebody gets in touch.
    Callback,
    /// Whoever shows the reference at a counter needn't start over.
    Ticket,
    /// An operator said that somebody comes back to the resident.
    FollowUp,
}

impl Task {
    /// A promise that names no time is kept within this time after it was made, in milliseconds.
    pub const DUE_MS: i64 = 24 * 60 * 60 * 1_000;
}

/// Signs that are hard to take for one another, aloud and on paper.
const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const REFERENCE_SIGNS: usize = 6;

impl TaskId {
    /// What the resident can name the task by: six signs out of the random part of its UUID, one in a
    /// thousand million.
    pub fn reference(self) -> String {
        let random = self.0.as_u128();
        let sign =
            |at: usize| char::from(SIGNS[usize::try_from((random >> (5 * at)) & 31).unwrap_or(0)]);
        let (first, last) = (0..REFERENCE_SIGNS / 2, REFERENCE_SIGNS / 2..REFERENCE_SIGNS);
        let first: String = first.map(sign).collect();
        let last: String = last.map(sign).collect();
        format!("{first}-{last}")
    }
}
