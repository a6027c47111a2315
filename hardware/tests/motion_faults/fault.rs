//! What fails, and how soon the wheels must be told to stop.

use crate::TICK_MS;

/// What may pass between the last valid command and zero.
const COMMANDS_END_MS: u64 = 200 + TICK_MS;
/// What may pass between the last measurement, or the last order that arrived, and zero.
const SILENCE_MS: u64 = 100 + TICK_MS;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    LinkCut,
    LinkStalled,
    CommandsRepeated,
    CommandsReordered,
    CommandsNonsense,
    LeaseEnds,
    LeaseTaken,
    ProcessKilled,
    ProcessStopped,
    /// And the controller has lost its setting of a timeout.
    ProcessKilledAndTimeoutLost,
    CablePulled,
    AnswersLost,
    ClockForward,
    ClockBack,
    EmergencyStop,
    Bumper,
    Cliff,
    SensorSilent,
}

impl Fault {
    pub const ALL: [Self; 18] = [
        Self::LinkCut,
        Self::LinkStalled,
        Self::CommandsRepeated,
        Self::CommandsReordered,
        Self::CommandsNonsense,
        Self::LeaseEnds,
        Self::LeaseTaken,
        Self::ProcessKilled,
        Self::ProcessStopped,
        Self::ProcessKilledAndTimeoutLost,
        Self::CablePulled,
        Self::AnswersLost,
        Self::ClockForward,
        Self::ClockBack,
        Self::EmergencyStop,
        Self::Bumper,
        Self::Cliff,
        Self::SensorSilent,
    ];

    /// From when the time counts, and how much of it there may be.
    pub fn allowed_ms(self) -> (Since, u64) {
        match self {
            Self::EmergencyStop
            | Self::Bumper
            | Self::Cliff
            | Self::AnswersLost
            | Self::LeaseEnds
            | Self::LeaseTaken
            | Self::ClockForward
            | Self::ClockBack => (Since::Fault, TICK_MS),
            Self::SensorSilent | Self::CablePulled => (Since::Fault, SILENCE_MS),
            _ => (Since::LastValidCommand, COMMANDS_END_MS),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    LastValidCommand,
    Fault,
}
