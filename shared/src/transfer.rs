//! What an operator can do with a conversation besides talking: put the visitor on hold, and pass
//! them on to a colleague.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::{CaseId, Lang, OperatorId, UnixMs};
use crate::packet::OperatorCard;

/// The visitor is on hold: nothing of either side's camera and microphone reaches the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Hold {
    /// Since when, by the console's clock.
    pub since: UnixMs,
    /// How long it may take by the operator's word, in minutes from 1 to
    /// [`LONGEST_HOLD_MIN`].
    pub minutes: u32,
}

/// The longest hold that can be announced, in minutes.
pub const LONGEST_HOLD_MIN: u32 = 30;

/// A case that is to be passed on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PassOn {
    /// The case.
    pub case_id: CaseId,
    /// To whom.
    pub to: TransferTo,
    /// What the next one should know; may be empty.
    pub note: String,
    /// Whether the two talk first.
    #[serde(default)]
    pub warm: bool,
}

/// To whom a conversation is passed on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "to", rename_all = "snake_case")]
pub enum TransferTo {
    /// One colleague.
    Colleague {
        /// Who.
        operator: OperatorId,
    },
    /// Whoever of those on duty can do all that is named; the first who accepts.
    Group {
        /// A language to speak.
        language: Option<Lang>,
        /// A topic to know.
        topic: Option<String>,
        /// Something to be allowed to decide, such as `waive_fees`.
        authority: Option<String>,
        /// Supervisors only.
        supervisors: bool,
    },
}

/// A conversation that is being passed on, or was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Transfer {
    /// To whom.
    pub to: TransferTo,
    /// The colleague who is named.
    pub colleague: Option<OperatorCard>,
    /// Who passes it on.
    pub from: OperatorCard,
    /// What the next one should know.
    pub note: String,
    /// Until when it can be accepted.
    pub until: UnixMs,
    /// Whether a colleague talks to who passes it on before taking it over.
    #[serde(default)]
    pub warm: bool,
    /// What they write to each other, once a colleague has come for it: nobody else is asked then,
    /// and the visitor never reads it.
    #[serde(default)]
    pub talk: Option<Talk>,
    /// How it ended; absent while it is offered.
    pub ended: Option<TransferEnd>,
}

impl Transfer {
    /// The same, ended.
    pub fn ending(&self, end: TransferEnd) -> Self {
        Self {
            ended: Some(end),
            ..self.clone()
        }
    }
}

/// Most lines that are kept of a [`Talk`], the newest.
pub const TALK_MAX_LINES: usize = 100;

/// Longest of these lines, in characters.
pub const TALK_MAX_CHARS: usize = 500;

/// What two operators write to each other before one takes over from the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Talk {
    /// The colleague who came.
    pub with: OperatorCard,
    /// At most [`TALK_MAX_LINES`], oldest first.
    pub lines: Vec<TalkLine>,
}

/// One line of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TalkLine {
    /// Who wrote it.
    pub by: OperatorId,
    /// The words, at most [`TALK_MAX_CHARS`] characters.
    pub text: String,
    /// When, by the console's clock.
    pub at: UnixMs,
}

/// How passing on ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TransferEnd {
    /// A colleague has taken over.
    Accepted,
    /// Everybody who was asked said no, or who came to talk first stepped back.
    Declined,
    /// Nobody accepted in time.
    NoOneInTime,
}

/// A colleague who is there: to whom a conversation may be passed on, unless they are busy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Colleague {
    /// Who.
    pub card: OperatorCard,
    /// Topics they know; all of them when none is named.
    pub topics: Vec<String>,
    /// What they may decide.
    pub authority: Vec<String>,
    /// Whether they are a supervisor.
    pub supervisor: bool,
    /// Whether they hold a conversation, so that they can't take another one.
    pub busy: bool,
}
