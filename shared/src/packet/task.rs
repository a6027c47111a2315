//! What the office owes a resident whom nobody could serve at once.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ReasonCode, SummaryLine};
use crate::ids::{CaseId, Lang, TaskId, UnixMs, VisitId};

/// Something that was promised to a resident, until somebody has done it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Task {
    /// Made by the robot; a task that comes twice is one.
    pub task_id: TaskId,
    /// The case in which nobody came.
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
}
