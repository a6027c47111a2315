use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Twist;

/// Names one grant of the lease: the same operator gets another with the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LeaseId(pub u64);

/// The exclusive, expiring right to drive the robot's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// Which grant.
    pub id: LeaseId,
    /// When it ends, unless it is granted again before.
    pub until: Duration,
}

/// What an operator wishes now. The page sends it for as long as the operator holds on, and with
/// a velocity of zero when they don't.
///
/// Its age is known without the operator's clock: each of the robot's messages carries the
/// robot's clock, and the command carries the last of these back.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DriveCommand {
    /// Under which lease.
    pub lease: LeaseId,
    /// Grows with every command of a lease.
    pub sequence: u64,
    /// The robot's clock in the last message that the operator's page had when it sent this: the
    /// command is at most so old.
    pub heard: Duration,
    /// The robot's clock when the picture was taken that the operator saw.
    pub seen: Duration,
    /// The wish.
    pub velocity: Twist,
}

/// Why a command was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Its lease is not the one that holds now.
    #[error("the lease to drive is not held; take it first")]
    NoLease,
    /// A later one came before it, or it came twice.
    #[error("the command was sent before another that has arrived")]
    OutOfOrder,
    /// It is older than commands may be.
    #[error("the command is too old; the connection is too slow to drive")]
    TooOld,
    /// It has what is no number, an absurd speed, or a moment that has not come yet.
    #[error("the command can't be meant; the robot stops")]
    Nonsense,
    /// The emergency stop is pressed, its contacts disagree, or the wheels still turn.
    #[error("the emergency stop is not released, or the robot still moves")]
    NotReleased,
}
