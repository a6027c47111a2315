//! Robots, cases and promises as operators see them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::{CaseId, Lang, OperatorId, RobotId, UnixMs};
use crate::link::Failure;
use crate::packet::{CaseState, OperatorCard, Owner, ReasonCode, RobotCondition, RouteTo, Task};
use crate::transfer::{Hold, Transfer};
use crate::updates::Updates;
use crate::watch::VisitUnderWay;

/// A robot as operators see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RobotEntry {
    /// The robot.
    pub id: RobotId,
    /// Its name.
    pub name: String,
    /// Whether its connection stands.
    pub online: bool,
    /// Its last word about itself.
    pub condition: Option<RobotCondition>,
    /// How up to date it is, once it has told.
    pub updates: Option<Updates>,
    /// When it was last heard.
    pub last_seen: Option<UnixMs>,
    /// The visit that its agent serves.
    pub visit: Option<VisitUnderWay>,
    /// Who watches it.
    pub watched_by: Option<OperatorCard>,
}

/// A case in the queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct CaseEntry {
    /// The case.
    pub case_id: CaseId,
    /// The robot.
    pub robot_id: RobotId,
    /// The robot's name.
    pub robot_name: String,
    /// Why.
    pub reason: ReasonCode,
    /// The resident's language, the one to use.
    pub language: Option<Lang>,
    /// Higher goes first.
    pub priority: u8,
    /// Since when the resident waits.
    pub opened_at: UnixMs,
    /// Where the handover stands.
    pub state: CaseState,
    /// Who holds the conversation.
    pub owner: Owner,
    /// The operator who holds it.
    pub operator: Option<OperatorCard>,
    /// Why it ended, when it failed.
    pub failure: Option<Failure>,
    /// How it is offered to the reader, while it waits or is passed on; absent when it isn't (yet).
    pub offer: Option<Offer>,
    /// Present while the visitor is on hold.
    pub hold: Option<Hold>,
    /// Its newest passing on, for the holder and those who are asked.
    pub transfer: Option<Transfer>,
}

/// A waiting case as it is offered to one operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Offer {
    /// The step of the route that the operator belongs to; absent when a colleague passes it on.
    pub step: Option<RouteTo>,
    /// Why this operator, the strongest first.
    pub because: Vec<Because>,
    /// Whether the operator may take it now.
    pub free: bool,
    /// For whom it is kept at the moment.
    pub reserved: Option<Reserved>,
}

/// For whom a waiting case is kept, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Reserved {
    /// The operator.
    pub operator: OperatorId,
    /// Their name.
    pub name: String,
    /// Until when.
    pub until: UnixMs,
}

/// One reason for offering a case to an operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Because {
    /// They spoke with this visitor before, in the same visit.
    SameVisit,
    /// They speak the visitor's language.
    Language {
        /// Which.
        language: Lang,
        /// How well, from 1 to 5; absent where that was never set.
        level: Option<u8>,
    },
    /// They know the topic.
    Topic {
        /// Which.
        topic: String,
    },
    /// They may decide what is asked.
    Authority {
        /// What.
        authority: String,
    },
    /// It is urgent: everybody is asked at once.
    Urgent,
    /// Nobody who fits better has taken it.
    NobodyElse,
    /// They are a supervisor.
    Supervisor,
    /// No skills were set for them, so they are offered everything.
    Everything,
    /// A colleague passes it on.
    PassedOn {
        /// The colleague's name.
        by: String,
    },
}

/// Something that was promised to a resident, as operators see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TaskEntry {
    /// The promise.
    pub task: Task,
    /// The robot at which it was given.
    pub robot_id: RobotId,
    /// The robot's name.
    pub robot_name: String,
    /// Until when it is to be kept.
    pub due_at: UnixMs,
    /// How often somebody tried.
    pub tries: u32,
    /// Whether it is kept.
    pub done: bool,
    /// What the last one who tried wrote.
    pub note: String,
    /// Their name.
    pub operator: Option<String>,
}
