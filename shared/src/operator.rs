//! Console ↔ operator's page: sign-in by HTTP, the rest over one WebSocket (`GET /api/live`).

mod entries;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::{CaseId, Lang, RobotId, TaskId, UnixMs, VisitId};
use crate::motion::LeaseGrant;
use crate::packet::{OperatorCard, Packet, ReturnPacket, Turn, WordsSoFar};
use crate::show::{NotShown, Point, ShowWish, Showable, Showing};
use crate::signal::{IceServer, Signal};
use crate::still::{Still, StillStep};
use crate::together::{FormWish, NotFilled, SharedForm};
use crate::transfer::{Colleague, PassOn};

pub use entries::{Because, CaseEntry, Offer, Reserved, RobotEntry, TaskEntry};

/// Body of `POST /api/session`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SignIn {
    /// Account name.
    pub user: String,
    /// Password.
    pub password: String,
    /// Public half of the Ed25519 key that the page made for this session, 32 bytes in base64; its
    /// calls are signed by it ([`crate::proof`]).
    #[serde(default)]
    #[ts(optional)]
    pub key: Option<String>,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn").finish_non_exhaustive()
    }
}

/// Answer to `POST /api/session` and `GET /api/session`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Session {
    /// Who is signed in.
    pub operator: OperatorCard,
    /// [`SignIn::key`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub key: Option<String>,
}

/// Body of every error answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ApiError {
    /// A stable code, such as `wrong_password`.
    pub code: String,
    /// A sentence that names the thing, the reason and the remedy.
    pub message: String,
}

/// Whether cases are offered to an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Duty {
    /// Yes.
    On,
    /// No.
    Off,
    /// Not until then.
    BackAt {
        /// When.
        at: UnixMs,
    },
    /// Not outside of the operator's duty hours.
    OutsideHours,
}

/// What an operator says about their duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "duty", rename_all = "snake_case")]
pub enum SetDuty {
    /// I take cases.
    On,
    /// I take none.
    Off,
    /// I take none for so long.
    BackIn {
        /// Minutes, from 1 to 240.
        minutes: u32,
    },
}

/// What the page says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum OperatorToConsole {
    /// Show me the packet of a case, and its changes from now on.
    Open {
        /// The case.
        case_id: CaseId,
    },
    /// I take this case; or this page carries it from now on, when I hold it already.
    Accept {
        /// The case.
        case_id: CaseId,
        /// Drawn at random for every call that the page begins. It stays the same when the page
        /// comes back after a lost connection and its call still stands.
        call: u32,
        /// Drawn at random with it, 16 bytes in base64: the robot signs its offers for this call
        /// with it, so that no older offer will do.
        nonce: String,
    },
    /// The robot's offer isn't proven to be the robot's, so I don't answer it.
    Distrust {
        /// The case.
        case_id: CaseId,
        /// Number of the media session.
        session: u32,
    },
    /// I don't take this case now; offer it to the next one.
    Decline {
        /// The case.
        case_id: CaseId,
    },
    /// Put the visitor of a case that I hold on hold, or take them up again.
    Hold {
        /// The case.
        case_id: CaseId,
        /// How long it may take, in minutes; absent to take up again.
        minutes: Option<u32>,
    },
    /// Pass a case that I hold on; it stays mine until somebody has accepted it.
    Transfer(PassOn),
    /// I come to talk to the colleague who passes a case on; it stays theirs until I accept it.
    /// [`OperatorToConsole::Decline`] steps back.
    Join {
        /// The case.
        case_id: CaseId,
    },
    /// Words to the colleague at the other end of such a talk.
    Tell {
        /// The case.
        case_id: CaseId,
        /// The words, at most [`crate::transfer::TALK_MAX_CHARS`] characters.
        text: String,
    },
    /// I keep the case that I wanted to pass on.
    KeepCase {
        /// The case.
        case_id: CaseId,
    },
    /// I watch the visit that a robot's agent serves, or no longer do.
    Watch {
        /// The robot.
        robot_id: RobotId,
        /// Whether.
        on: bool,
    },
    /// The agent of the visit that I watch shall say this next, as mine.
    Suggest {
        /// The robot.
        robot_id: RobotId,
        /// The words, at most [`crate::watch::SUGGESTION_MAX_CHARS`] characters.
        text: String,
        /// Their language.
        language: Lang,
    },
    /// I take over the visitor whom I watch: a case that is mine from the start.
    TakeVisit {
        /// The robot.
        robot_id: RobotId,
        /// As in [`OperatorToConsole::Accept`].
        call: u32,
        /// As in [`OperatorToConsole::Accept`].
        nonce: String,
    },
    /// I tried to keep a promise.
    TryTask {
        /// Which.
        task_id: TaskId,
        /// Whether it is kept now.
        done: bool,
        /// What came of it.
        note: String,
    },
    /// I go on or off duty.
    Duty(SetDuty),
    /// Show these words to the resident.
    Say {
        /// The case.
        case_id: CaseId,
        /// Counts my messages of this case from 1.
        message: u32,
        /// The words.
        text: String,
        /// Their language.
        language: Lang,
    },
    /// Put this on the screen of the robot of a case that I hold, or take away what is there.
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
    /// Open a form on the screen of the robot of a case that I hold, write in it, or leave it.
    FillIn {
        /// The case.
        case_id: CaseId,
        /// What.
        wish: FormWish,
    },
    /// Ask the visitor of a case that I hold whether a still may be taken, or no longer.
    AskStill {
        /// The case.
        case_id: CaseId,
        /// Whether.
        on: bool,
    },
    /// I want to drive the robot of a case that I hold, or go on driving it: to be said again every
    /// second. Or I give the lease back.
    Drive {
        /// The case.
        case_id: CaseId,
        /// Whether I want to.
        on: bool,
    },
    /// I am done; the visitor goes back to the agent.
    End {
        /// The case.
        case_id: CaseId,
        /// What goes back with the visitor.
        back: ReturnPacket,
    },
    /// WebRTC signalling for the robot of a case that I hold.
    Signal {
        /// The case.
        case_id: CaseId,
        /// The message.
        signal: Signal,
    },
}

/// What the console says to the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ConsoleToOperator {
    /// Everything, at the start of every connection.
    Snapshot {
        /// The console's clock.
        now: UnixMs,
        /// Me.
        operator: OperatorCard,
        /// All robots.
        robots: Vec<RobotEntry>,
        /// All cases that aren't closed.
        cases: Vec<CaseEntry>,
        /// The case I hold.
        holding: Option<CaseId>,
        /// The call that carries it ([`OperatorToConsole::Accept`]); absent when no page does.
        call: Option<u32>,
        /// The case of mine that ended last, for a page that missed its end.
        ended: Option<CaseEntry>,
        /// Whether cases are offered to me.
        duty: Duty,
        /// Who else is on duty.
        colleagues: Vec<Colleague>,
        /// Whether I may watch visits.
        may_watch: bool,
    },
    /// Who else is on duty now.
    Colleagues {
        /// All of them.
        colleagues: Vec<Colleague>,
    },
    /// A promise was given, tried or kept. All open ones follow the snapshot.
    Task {
        /// Which.
        task: TaskEntry,
    },
    /// Whether cases are offered to me now.
    Duty {
        /// So it is.
        duty: Duty,
    },
    /// A robot came, went or changed.
    Robot {
        /// The robot.
        robot: RobotEntry,
    },
    /// A case came or changed; `closed` ones leave the queue.
    Case {
        /// The case.
        case: CaseEntry,
    },
    /// The whole packet of an opened case.
    Packet {
        /// The packet.
        packet: Box<Packet>,
    },
    /// A line was added to an opened case.
    Turn {
        /// The case.
        case_id: CaseId,
        /// The packet's revision with it.
        revision: u32,
        /// The line.
        turn: Turn,
    },
    /// Lines of the visit that I watch: all of them first, then each that is new or has changed.
    Watched {
        /// The visit.
        visit_id: VisitId,
        /// The lines.
        turns: Vec<Turn>,
    },
    /// I hold the case now.
    Accepted {
        /// The case.
        case_id: CaseId,
        /// The robot's public key, by which it was claimed: 32 bytes in base64.
        robot_key: String,
        /// For the media session.
        ice_servers: Vec<IceServer>,
    },
    /// What is being said in the call of the case that I hold.
    SoFar {
        /// The case.
        case_id: CaseId,
        /// The words.
        words: WordsSoFar,
    },
    /// What the pack of the robot has to show, at the start of a call.
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
    /// The form that the visitor and I fill in together, as it stands now.
    Form {
        /// The case.
        case_id: CaseId,
        /// It; absent when there is none.
        form: Option<Box<SharedForm>>,
        /// Why the newest wish isn't done.
        refused: Option<NotFilled>,
    },
    /// How far the still is that I asked for.
    StillStep {
        /// The case.
        case_id: CaseId,
        /// So far.
        step: StillStep,
    },
    /// The still of the case that I hold; follows its packet, and comes anew when one is stored.
    Still {
        /// The case.
        case_id: CaseId,
        /// The still.
        still: Still,
    },
    /// Whether I may drive the robot of the case that I hold.
    Lease {
        /// The case.
        case_id: CaseId,
        /// My lease; absent when I have none any more.
        lease: Option<LeaseGrant>,
    },
    /// WebRTC signalling from the robot.
    Signal {
        /// The case.
        case_id: CaseId,
        /// The message.
        signal: Signal,
    },
    /// My typed words stand on the robot's screen.
    Shown {
        /// The case.
        case_id: CaseId,
        /// My message's number.
        message: u32,
        /// The language in which it was shown.
        language: Lang,
        /// The words as shown.
        text: String,
        /// Whether they were translated by machine.
        translated: bool,
    },
    /// Something I asked for can't be done.
    Error {
        /// The case it was about.
        case_id: Option<CaseId>,
        /// What and why.
        error: ApiError,
    },
}
