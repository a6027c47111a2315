//! Time as an argument.

use std::time::Duration;

use madoguchi_shared::ids::UnixMs;
use serde::{Deserialize, Serialize};

/// The moment of an input: one clock for intervals, one for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Now {
    /// Milliseconds since the daemon's start; never goes back. All deadlines use it.
    pub monotonic_ms: u64,
    /// Wall clock, for what people read; may jump.
    pub wall: UnixMs,
}

impl Now {
    /// The moment `span` later on the monotonic clock.
    pub(crate) fn after(self, span: Duration) -> u64 {
        self.monotonic_ms
            .saturating_add(u64::try_from(span.as_millis()).unwrap_or(u64::MAX))
    }

    /// The same on the clock for people.
    pub(crate) fn wall_after(self, span: Duration) -> UnixMs {
        let ms = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        UnixMs(self.wall.0.saturating_add(ms))
    }
}

/// Why a deadline was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deadline {
    /// The visitor has been silent for long.
    VisitIdle,
    /// The presence sensor has seen nobody for a while.
    VisitorAbsent,
    /// The goodbye has been read.
    GoodbyeShown,
    /// The console can't be reached for a new case.
    ConsoleUnreachable,
    /// Nobody accepted.
    NoOneInTime,
    /// Nobody is on duty, and has not come on duty since.
    NobodyOnDuty,
    /// There is a minute less to tell of the wait.
    WaitShorter,
    /// Picture and sound did not come up.
    MediaSetup,
    /// The operator's page didn't come back.
    OperatorReturn,
    /// The visitor has been on hold for longer than the operator said.
    HoldLong,
    /// The lease to drive was not granted again.
    LeaseEnds,
    /// Nobody has touched the panel of staff for a while.
    StaffPanelIdle,
    /// A PIN is taken again after too many wrong ones.
    StaffPinAgain,
    /// The link for a phone of staff can't be used any more.
    StaffLinkOver,
    /// Staff in the room have done nothing for long.
    OnsiteSilent,
    /// Speech synthesis or playback gave no word.
    SpeechLost,
    /// A tool of the back office takes so long that the visitor is asked for patience.
    ToolSlow,
    /// A tool of the back office gave no word.
    ToolLost,
    /// Recognition or matching gave no word.
    AnswerLost,
    /// A sentence has waited long enough for somebody who may not even speak to the robot.
    HeldBack,
}
