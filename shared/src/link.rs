//! Robot ↔ console: one WebSocket that the robot dials (`GET /robot/link`).
//!
//! Handshake: the console sends [`ConsoleToRobot::Challenge`]; the robot answers
//! [`RobotToConsole::Hello`] with its device key and a signature over [`hello_transcript`]; the
//! console answers [`ConsoleToRobot::Welcome`] or [`ConsoleToRobot::Refused`]. Nothing else is
//! taken before that.
//!
//! Delivery: the robot keeps every open case's packet and sends it whole after each connect; the
//! console keeps the highest revision and says so with [`ConsoleToRobot::CaseSaved`]. Sending
//! twice therefore changes nothing, and a lost connection loses nothing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::{CaseId, Lang, RobotId, TaskId, UnixMs, VisitId};
use crate::motion::LeaseGrant;
use crate::onsite::OnsiteAct;
use crate::packet::{
    CaseState, OperatorCard, Owner, Packet, ReturnPacket, RobotCondition, Task, Turn, WordsSoFar,
};
use crate::show::{NotShown, Point, ShowWish, Showable, Showing};
use crate::signal::{IceServer, Signal};
use crate::still::{Still, StillStep};
use crate::together::{FormWish, NotFilled, SharedForm};
use crate::transfer::Hold;
use crate::updates::Updates;
use crate::watch::VisitUnderWay;

/// Largest message that either side takes, in bytes; a packet at its bounds is smaller.
pub const MESSAGE_MAX_BYTES: usize = 1 << 20;

/// What a robot says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum RobotToConsole {
    /// First message of a connection.
    Hello(Hello),
    /// A case's whole packet: new, changed, or sent again after a reconnect.
    Case {
        /// The packet.
        packet: Box<Packet>,
    },
    /// A line was added to an open case's transcript.
    Turn {
        /// The case.
        case_id: CaseId,
        /// The packet's revision with this line in it. A receiver that missed the one before
        /// waits for the whole packet.
        revision: u32,
        /// The line.
        turn: Turn,
    },
    /// The handover moved on the robot's side.
    Progress {
        /// The case.
        case_id: CaseId,
        /// Revision of the newest packet before it: where a newer one is stored, this word is old
        /// and changes nothing. Absent for a case that the robot doesn't hold (any more).
        revision: Option<u32>,
        /// Where it stands now.
        state: CaseState,
        /// Who holds the conversation now.
        owner: Owner,
        /// Why, when it ended without an operator's word (`resident_left`, `media_failed` …).
        failure: Option<Failure>,
    },
    /// What is being said in a call.
    SoFar {
        /// The case.
        case_id: CaseId,
        /// The words.
        words: WordsSoFar,
    },
    /// WebRTC signalling for the operator who holds the case.
    Signal {
        /// The case.
        case_id: CaseId,
        /// The message.
        signal: Signal,
    },
    /// What became of an operator's typed words.
    Shown {
        /// The case.
        case_id: CaseId,
        /// The operator's message number.
        message: u32,
        /// Language in which it was shown.
        language: Lang,
        /// The words as shown.
        text: String,
        /// Whether they were translated by machine.
        translated: bool,
    },
    /// What the pack has to show, at the start of a call.
    Showable {
        /// The case.
        case_id: CaseId,
        /// What.
        showable: Showable,
    },
    /// What the screen shows of it now.
    Showing {
        /// The case.
        case_id: CaseId,
        /// What; absent when nothing is shown.
        showing: Option<Box<Showing>>,
        /// Why the newest wish isn't.
        refused: Option<NotShown>,
    },
    /// The visitor points at the picture that is shown.
    Pointed {
        /// The case.
        case_id: CaseId,
        /// [`Showing::number`].
        shown: u32,
        /// Where.
        at: Point,
    },
    /// The form that is filled in together, as it stands now.
    Form {
        /// The case.
        case_id: CaseId,
        /// It; absent when there is none.
        form: Option<Box<SharedForm>>,
        /// Why the newest wish isn't done.
        refused: Option<NotFilled>,
    },
    /// How far the still is that the operator asked for.
    StillStep {
        /// The case.
        case_id: CaseId,
        /// So far.
        step: StillStep,
    },
    /// A still that the visitor agreed to, for the case. Sent once and kept nowhere on the robot.
    Still {
        /// The case.
        case_id: CaseId,
        /// The still.
        still: Still,
    },
    /// Something was promised to a resident. Sent again after every connect until it is stored;
    /// in the order in which it was promised.
    Task {
        /// What.
        task: Task,
    },
    /// A visit that the agent serves began, changed or ended; said again after every connect.
    Visit {
        /// The visit; absent when there is none.
        visit: Option<VisitUnderWay>,
    },
    /// Lines of a visit that somebody watches: all of them when they begin to, then each that is
    /// new or has changed.
    Watched {
        /// The visit.
        visit_id: VisitId,
        /// The lines.
        turns: Vec<Turn>,
    },
    /// Staff in the room, who gave their PIN, want to go on with a case on a phone; answered with
    /// [`ConsoleToRobot::StaffLink`].
    AskStaffLink {
        /// The case.
        case_id: CaseId,
    },
    /// The robot's condition, at the latest every 10 s.
    Status {
        /// When it was read.
        at: UnixMs,
        /// The condition.
        condition: RobotCondition,
        /// The open case, if any.
        case_id: Option<CaseId>,
        /// How up to date it is; absent from robots that don't tell.
        #[serde(default)]
        updates: Option<Updates>,
    },
}

/// A robot's introduction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Hello {
    /// [`crate::PROTOCOL_VERSION`] of the robot.
    pub protocol: u32,
    /// Version of the robot's software.
    pub software: String,
    /// The device's Ed25519 public key (RFC 8032), 32 bytes in base64.
    pub public_key: String,
    /// Signature over [`hello_transcript`], 64 bytes in base64.
    pub signature: String,
    /// One-time claim code, while the robot isn't claimed yet.
    pub claim_code: Option<String>,
}

/// What the robot signs: a label, the console's challenge and the SHA-256 fingerprint of the
/// console's TLS certificate as the robot saw it (empty on plain loopback), so that a signature
/// can't be passed on through another server.
pub fn hello_transcript(nonce: &str, certificate_fingerprint: &str) -> Vec<u8> {
    format!("madoguchi-robot-hello-v1\n{nonce}\n{certificate_fingerprint}\n").into_bytes()
}

/// What the console says to a robot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ConsoleToRobot {
    /// First message of a connection.
    Challenge {
        /// 32 random bytes in base64, used once.
        nonce: String,
    },
    /// The robot is known and served.
    Welcome {
        /// Its identity.
        robot_id: RobotId,
        /// Its name at this console.
        name: String,
        /// Whether this connection claimed it.
        claimed_now: bool,
        /// For media sessions.
        ice_servers: Vec<IceServer>,
    },
    /// The robot isn't served; the connection ends.
    Refused {
        /// Why.
        reason: Refusal,
    },
    /// A packet is durably stored.
    CaseSaved {
        /// The case.
        case_id: CaseId,
        /// The highest stored revision.
        revision: u32,
    },
    /// A task is durably stored; the robot forgets it.
    TaskSaved {
        /// Which.
        task_id: TaskId,
    },
    /// Operators were told. For a case that an operator held: it waits for the next one, because
    /// that operator has signed out.
    Offered {
        /// The case.
        case_id: CaseId,
        /// How many operators on duty it reaches in its steps; 0 when nobody is there.
        operators: u32,
        /// Its place among those who wait, from 1.
        #[serde(default)]
        position: u32,
        /// How long that will take by what it took lately, in seconds; absent when nobody knows.
        #[serde(default)]
        expected_s: Option<u32>,
    },
    /// An operator took the case.
    Accepted {
        /// The case.
        case_id: CaseId,
        /// Who.
        operator: OperatorCard,
        /// Number of the page's call, see [`crate::operator::OperatorToConsole::Accept`]: another
        /// number than before wants a media session of its own. Absent while no page of the
        /// operator carries the case.
        call: Option<u32>,
        /// What this call's page drew at random and signs by; absent with `call`.
        #[serde(default)]
        page: Option<PageKey>,
        /// For the media session.
        ice_servers: Vec<IceServer>,
    },
    /// The operator's page couldn't verify the offer of a media session ([`crate::proof`]).
    Distrust {
        /// The case.
        case_id: CaseId,
        /// Number of the media session.
        session: u32,
    },
    /// How the conversation of a case that somebody holds stands: follows every
    /// [`ConsoleToRobot::Accepted`] and is said again when it changes.
    InCall {
        /// The case.
        case_id: CaseId,
        /// Present while the visitor is on hold.
        hold: Option<Hold>,
        /// Present while a colleague is asked to take over; one that is named comes with a card.
        transfer: Option<Asked>,
    },
    /// The operator's page went away; it may come back.
    OperatorAway {
        /// The case.
        case_id: CaseId,
    },
    /// Words typed by the operator.
    Say {
        /// The case.
        case_id: CaseId,
        /// Counts the operator's messages of this case from 1; a repeated number is shown once.
        message: u32,
        /// The words.
        text: String,
        /// Their language.
        language: Lang,
    },
    /// Put this on the screen, or take away what is there.
    Show {
        /// The case.
        case_id: CaseId,
        /// What; absent to take it away.
        wish: Option<ShowWish>,
    },
    /// Point at the picture that is shown, or no longer.
    Point {
        /// The case.
        case_id: CaseId,
        /// [`Showing::number`].
        shown: u32,
        /// Where.
        at: Option<Point>,
    },
    /// Open a form, write in it, or leave it.
    FillIn {
        /// The case.
        case_id: CaseId,
        /// What.
        wish: FormWish,
    },
    /// Ask the visitor whether a still may be taken, or no longer.
    AskStill {
        /// The case.
        case_id: CaseId,
        /// Whether.
        on: bool,
    },
    /// The operator is done.
    End {
        /// The case.
        case_id: CaseId,
        /// What comes back with the visitor.
        back: ReturnPacket,
    },
    /// Who watches a visit now.
    Watched {
        /// The visit.
        visit_id: VisitId,
        /// Who; absent when nobody does.
        by: Option<OperatorCard>,
    },
    /// Who watches wants the agent to say this next, as theirs.
    Suggest {
        /// The visit.
        visit_id: VisitId,
        /// The words.
        text: String,
        /// Their language.
        language: Lang,
    },
    /// Who watches takes the visitor over: the robot opens a case.
    TakeVisit {
        /// The visit.
        visit_id: VisitId,
    },
    /// Who may drive the robot's body in the call of a case. Said again before it ends, for as long
    /// as it is to hold.
    Lease {
        /// The case.
        case_id: CaseId,
        /// The lease; absent when nobody may any more.
        lease: Option<LeaseGrant>,
    },
    /// One phone may open the case by this, once.
    StaffLink {
        /// The case.
        case_id: CaseId,
        /// The secret; the robot knows the console's address.
        token: String,
        /// Until when.
        until: UnixMs,
    },
    /// Staff in the room did this with a case, on such a phone.
    Onsite {
        /// The case.
        case_id: CaseId,
        /// What.
        what: OnsiteAct,
    },
    /// WebRTC signalling from the operator's page.
    Signal {
        /// The case.
        case_id: CaseId,
        /// The message.
        signal: Signal,
    },
}

/// By what a robot knows an operator's page, and the page an offer for its call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PageKey {
    /// Drawn by the page for this call.
    pub nonce: String,
    /// Public half of the session's key ([`crate::operator::SignIn::key`]); absent for a page that
    /// has none.
    pub key: Option<String>,
}

/// Who is asked to take over from an operator, as far as a visitor may know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Asked {
    /// The colleague; absent where several are asked.
    pub colleague: Option<OperatorCard>,
    /// Whether that colleague has come and is being told what it is about.
    #[serde(default)]
    pub talking: bool,
}

/// Why a robot isn't served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The signature doesn't belong to the key and this connection.
    BadSignature,
    /// The key isn't claimed and no code was given.
    NotClaimed,
    /// The claim code is wrong, used or expired.
    BadClaimCode,
    /// The protocol version isn't understood.
    Protocol,
}

/// A typed failure of a handover.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// Nobody accepted in time.
    NoOneInTime,
    /// Nobody was on duty.
    NobodyOnDuty,
    /// The console can't be reached.
    ConsoleUnreachable,
    /// Picture and sound could not be set up.
    MediaFailed,
    /// Picture and sound were refused: one end could not prove to be itself.
    Untrusted,
    /// The resident left.
    ResidentLeft,
    /// The operator left without ending.
    OperatorLeft,
    /// The robot is at fault.
    RobotFault,
}
