//! The packet: the context that travels with a case, so that nobody has to repeat their story.

mod reason;
mod route;
mod summary;
mod task;
mod transcript;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::{CaseId, Lang, OperatorId, RobotId, UnixMs, VisitId};
use crate::link::Failure;

pub use reason::{Evidence, Reason, ReasonCode};
pub use route::{Route, RouteStep, RouteTo, URGENT};
pub use summary::{Fact, FactSource, SummaryLine, SummaryPart};
pub use task::{Task, TaskKind};
pub use transcript::{
    Channel, Speaker, Translation, TranslationConfidence, Turn, WordsSoFar, keep_newest,
};

/// Everything an operator needs to know, small things first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Packet {
    /// [`crate::PROTOCOL_VERSION`] of the robot that wrote it.
    pub schema_version: u32,
    /// Raised by one with every change of this case's packet; a receiver keeps the highest.
    pub revision: u32,
    /// The case.
    pub case_id: CaseId,
    /// The visit in which it opened.
    pub visit_id: VisitId,
    /// The robot; filled in by the console from the authenticated connection.
    pub robot_id: Option<RobotId>,
    /// When the case opened.
    pub opened_at: UnixMs,
    /// When the visitor is asked what else they want, if nobody has accepted by then; absent once
    /// somebody has.
    #[serde(default)]
    pub expires_at: Option<UnixMs>,
    /// Where the handover stands.
    pub state: CaseState,
    /// Who holds the conversation now.
    pub owner: Owner,
    /// The first thing that failed in the handover; stays when the case is closed.
    pub failure: Option<Failure>,
    /// Why a person is needed.
    pub reason: Reason,
    /// To whom it should go.
    pub route: Route,
    /// What is wanted, what was done, what is needed now.
    pub summary: Vec<SummaryLine>,
    /// What is known, and where it came from.
    pub facts: Vec<Fact>,
    /// The conversation so far.
    pub transcript: Vec<Turn>,
    /// Earlier dealings, as far as verification allowed reading them.
    pub account_history: Option<AccountHistory>,
    /// What the agent did or tried.
    pub actions: Vec<ActionRecord>,
    /// Policies that spoke.
    pub policy_flags: Vec<PolicyFlag>,
    /// What the operator might do next.
    pub next_steps: Vec<NextStep>,
    /// About the person.
    pub resident: Resident,
    /// What staff in the room gave back at the end; absent where an operator did or nobody.
    #[serde(default)]
    pub returned: Option<ReturnPacket>,
    /// About the machine.
    pub robot: RobotCondition,
    /// What software and data produced this.
    pub versions: Versions,
}

/// Who holds the conversation; exactly one, known to both ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// The robot's agent.
    Agent,
    /// Nobody yet: the resident waits for a person.
    Waiting,
    /// A remote operator.
    Operator,
    /// Staff in the room.
    Onsite,
}

/// The handover's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum CaseState {
    /// Opened by the robot, not yet seen by anybody.
    Requested,
    /// Shown to operators.
    Offered,
    /// An operator took it, or staff in the room: the owner tells which.
    Accepted,
    /// Media is being set up.
    Connecting,
    /// Robot and operator see and hear each other.
    Live,
    /// The operator has put the visitor on hold: nothing of either reaches the other.
    Hold,
    /// A colleague is asked to take over; the operator is still there.
    Transferring,
    /// The agent is taking the visitor back.
    Returning,
    /// Ended, whatever the outcome.
    Closed,
}

impl CaseState {
    /// The word on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Offered => "offered",
            Self::Accepted => "accepted",
            Self::Connecting => "connecting",
            Self::Live => "live",
            Self::Hold => "hold",
            Self::Transferring => "transferring",
            Self::Returning => "returning",
            Self::Closed => "closed",
        }
    }
}

/// What may be told of earlier dealings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct AccountHistory {
    /// How the resident was verified, such as `letter_code_and_birth_date`.
    pub verification: String,
    /// One line per dealing, newest first.
    pub entries: Vec<String>,
}

/// An action that the agent took or tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ActionRecord {
    /// Its name in the pack.
    pub name: String,
    /// What went in.
    pub input: String,
    /// What came out, or why it was refused.
    pub outcome: String,
    /// How to undo it; absent when it can't be undone.
    pub undo: Option<String>,
    /// When.
    pub at: UnixMs,
}

/// A policy that spoke.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct PolicyFlag {
    /// The rule.
    pub rule: String,
    /// Its version.
    pub version: String,
    /// What was asked.
    pub asked: String,
    /// What the rule says.
    pub says: String,
}

/// A suggestion for the operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct NextStep {
    /// What to do.
    pub text: String,
    /// The rule or topic it comes from.
    pub source: String,
}

/// About the person; nothing that was not said or shown in this visit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Resident {
    /// Languages heard or chosen; the one to use first.
    pub languages: Vec<Lang>,
    /// Distress from 0 to 1, where it was measured.
    pub distress: Option<f32>,
    /// Which way that went since the case opened; absent while it didn't change.
    #[serde(default)]
    pub distress_trend: Option<Trend>,
    /// Needs that were shown or told, such as `reads_captions`.
    pub accessibility: Vec<String>,
    /// What the resident agreed to, such as `still_picture`.
    pub consent: Vec<String>,
    /// Kinds of what was left out, such as `card_number`.
    pub redacted: Vec<String>,
    /// How long the console keeps the case after its last change, in hours; filled in by the
    /// console. The robot keeps nothing beyond the visit.
    #[serde(default)]
    pub kept_hours: Option<u32>,
}

/// Which way something went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Trend {
    /// Up.
    Rising,
    /// Down.
    Falling,
}

/// The robot when the packet was written.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct RobotCondition {
    /// The site's name.
    pub site: String,
    /// Where in the site it stands.
    pub place: String,
    /// Charge from 0 to 1; absent on mains power.
    pub battery: Option<f32>,
    /// Whether the camera works.
    pub camera: bool,
    /// Whether the microphone works.
    pub microphone: bool,
    /// Whether speech is recognised: without it a call has no captions.
    #[serde(default)]
    pub recogniser: bool,
    /// Whether it may move at all.
    pub motion: bool,
    /// Whether the emergency stop is latched.
    pub estop: bool,
    /// Who may drive the robot now.
    #[serde(default)]
    pub lease: Option<OperatorId>,
    /// Round trip of the connection to the console, in milliseconds; absent where it wasn't measured.
    #[serde(default)]
    pub link_rtt_ms: Option<u32>,
    /// Whether nobody stands in front of the robot any more in a call.
    #[serde(default)]
    pub resident_gone: bool,
}

/// What produced the packet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Versions {
    /// Version of the robot's software.
    pub software: String,
    /// Name and version of the knowledge pack.
    pub pack: String,
    /// Name of the speech model, such as `whisper-base-q8_0`; absent when none is loaded.
    pub recogniser: Option<String>,
    /// Names of the other models at work, such as `translation en-pt`.
    #[serde(default)]
    pub models: Vec<String>,
    /// The newest version among the pack's policies; absent where it has none.
    #[serde(default)]
    pub policies: Option<String>,
}

/// How a case ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// The matter is settled.
    Resolved,
    /// Somebody will come back to the resident.
    FollowUp,
    /// The resident was sent to another place or person.
    Referred,
    /// The resident left.
    ResidentLeft,
    /// It could not be helped.
    NotResolved,
}

/// What comes back with the visitor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ReturnPacket {
    /// How it ended.
    pub disposition: Disposition,
    /// What was done and promised, in the operator's words.
    pub note: String,
    /// Whether the agent may go on with the visit.
    pub resume: bool,
    /// That somebody comes back to the resident about what `note` says.
    #[serde(default)]
    pub promise: Option<Promise>,
}

impl ReturnPacket {
    /// Longest [`ReturnPacket::note`], in characters.
    pub const NOTE_MAX_CHARS: usize = 4_000;
    /// Longest [`Promise::contact`], in characters (RFC 5321 allows 254 for a mail address).
    pub const CONTACT_MAX_CHARS: usize = 254;

    /// The same with texts that are no longer than allowed.
    #[must_use]
    pub fn bounded(mut self) -> Self {
        let cut = |text: &str, most: usize| text.chars().take(most).collect();
        self.note = cut(&self.note, Self::NOTE_MAX_CHARS);
        let contact = self.promise.as_mut().and_then(|own| own.contact.as_mut());
        if let Some(contact) = contact {
            *contact = cut(contact, Self::CONTACT_MAX_CHARS);
        }
        self
    }
}

/// When and how somebody comes back to a resident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Promise {
    /// The telephone number or mail address, where it was given.
    pub contact: Option<String>,
    /// By when.
    pub due_at: UnixMs,
}

/// What a resident may learn of an operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct OperatorCard {
    /// The account.
    pub id: OperatorId,
    /// The name to show.
    pub name: String,
    /// Languages spoken.
    pub languages: Vec<Lang>,
}
