//! Everything the robot may have to do, as one closed enum.

use madoguchi_shared::ids::{CaseId, Lang, VisitId};
use madoguchi_shared::link::Failure;
use madoguchi_shared::packet::{
    CaseState, Owner, Packet, ReasonCode, Task, TaskKind, Turn, WordsSoFar,
};
use madoguchi_shared::screen::ScreenView;
use madoguchi_shared::show::{NotShown, Point, Showable, Showing};
use madoguchi_shared::still::StillStep;
use madoguchi_shared::together::{NotFilled, SharedForm};
use madoguchi_shared::watch::VisitUnderWay;
use serde::{Deserialize, Serialize};

use crate::tool::ToolCall;

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Output {
    /// Show this on the screen.
    View(Box<ScreenView>),
    /// Speak this; answer with [`crate::Input::SayStarted`], [`crate::Input::SayProgress`]
    /// for each piece, and [`crate::Input::SayEnded`].
    Say {
        /// Its number.
        id: u64,
        /// The language of the words.
        language: Lang,
        /// The words.
        text: String,
    },
    /// Be silent at once.
    StopSaying,
    /// Use the microphone like this from now on.
    Listen(Listen),
    /// Recognise a kept utterance once more as that language; answer with
    /// [`crate::Input::Heard`] or [`crate::Input::HeardNothing`].
    RecogniseAgain {
        /// The utterance, whose language was not sure.
        utterance: u32,
        /// What it is in.
        language: Lang,
    },
    /// Make a sentence vector; answer with [`crate::Input::Embedded`].
    Embed {
        /// Number of the request; no two of a machine's life are the same.
        request: u64,
        /// The words.
        text: String,
    },
    /// Translate; answer with [`crate::Input::Translated`].
    Translate {
        /// Number of the request; no two of a machine's life are the same.
        request: u64,
        /// From.
        from: Lang,
        /// To.
        to: Lang,
        /// The words.
        text: String,
    },
    /// Call a tool of the back office; answer with [`crate::Input::ToolAnswered`].
    CallTool(ToolCall),
    /// Keep this packet until the console has stored this revision, and send it.
    SendCase(Box<Packet>),
    /// Send a line that was added to the packet.
    SendTurn {
        /// The case.
        case_id: CaseId,
        /// The packet's revision with it.
        revision: u32,
        /// The line.
        turn: Turn,
    },
    /// Tell the console where the handover stands.
    SendProgress {
        /// The case.
        case_id: CaseId,
        /// The packet's revision before it; absent for a case that isn't open here.
        revision: Option<u32>,
        /// Where.
        state: CaseState,
        /// Who holds the conversation.
        owner: Owner,
        /// Why it ended, if it failed.
        failure: Option<Failure>,
    },
    /// Tell the console which visit the agent serves; absent when it serves none.
    SendVisit(Option<VisitUnderWay>),
    /// Send lines to who watches the visit.
    SendWatched {
        /// The visit.
        visit_id: VisitId,
        /// The lines.
        turns: Vec<Turn>,
    },
    /// Keep this until the console has stored it, and send it.
    SendTask(Box<Task>),
    /// Check the PIN that was entered; answer with [`crate::onsite::Staff::Checked`].
    CheckPin,
    /// Ask the console for a link to the case for a phone of staff in the room.
    AskStaffLink {
        /// The case.
        case_id: CaseId,
    },
    /// Call the staff in the building.
    RingBell {
        /// The case in which nobody came, or somebody may be in danger.
        case_id: CaseId,
        /// Why a person was needed.
        reason: ReasonCode,
    },
    /// Tell the operator how a message was shown.
    SendShown {
        /// The case.
        case_id: CaseId,
        /// Number of the message.
        message: u32,
        /// Language shown.
        language: Lang,
        /// Words shown.
        text: String,
        /// Whether a machine translated them.
        translated: bool,
    },
    /// Tell the operator what is being said in the call, as far as it is known.
    SendSoFar {
        /// The case.
        case_id: CaseId,
        /// The words.
        words: WordsSoFar,
    },
    /// Tell the operator what the pack has to show.
    SendShowable {
        /// The case.
        case_id: CaseId,
        /// What.
        showable: Showable,
    },
    /// Tell the operator what the screen shows of it.
    SendShowing {
        /// The case.
        case_id: CaseId,
        /// What, without its picture's bytes.
        showing: Option<Box<Showing>>,
        /// The picture's path inside the pack.
        picture: Option<String>,
        /// Why the newest wish isn't shown.
        refused: Option<NotShown>,
    },
    /// Tell the operator that the visitor points at the picture that is shown.
    SendPointed {
        /// The case.
        case_id: CaseId,
        /// Number of what is shown.
        shown: u32,
        /// Where.
        at: Point,
    },
    /// Tell the operator how the form stands that is filled in together.
    SendForm {
        /// The case.
        case_id: CaseId,
        /// It; absent when there is none.
        form: Option<Box<SharedForm>>,
        /// Why the newest wish isn't done.
        refused: Option<NotFilled>,
    },
    /// Take a still of this number from the camera and keep it in memory, for as long as the view
    /// shows it; answer with [`crate::Input::StillTaken`].
    TakeStill {
        /// Its number.
        number: u32,
    },
    /// Send it to the case, and forget it; tell the operator whether it was still there.
    SendStill {
        /// The case.
        case_id: CaseId,
        /// Its number.
        number: u32,
    },
    /// Tell the operator how far it is.
    SendStillStep {
        /// The case.
        case_id: CaseId,
        /// So far.
        step: StillStep,
    },
    /// Offer a media session of this number to the operator's page and the screen.
    StartCall {
        /// The case.
        case_id: CaseId,
        /// Number of the session.
        session: u32,
    },
    /// Let nothing of either side reach the other in the media session, or let it flow again.
    Hold {
        /// Which.
        on: bool,
    },
    /// End the media session.
    EndCall,
    /// A milestone of a visit, for the log; nothing personal.
    Milestone {
        /// The visit.
        visit_id: VisitId,
        /// What happened.
        milestone: Milestone,
    },
}

/// What the robot listens to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listen {
    /// Whether it hears at all; not when the visitor switched it off. Default on.
    pub microphone: bool,
    /// The language that the visit has been held in so far.
    pub held: Option<Lang>,
    /// The languages of the operator whose voice is to be recognised, their own first; absent
    /// while nobody's is.
    #[serde(default)]
    pub operator: Option<Vec<Lang>>,
}

impl Default for Listen {
    fn default() -> Self {
        Self {
            microphone: true,
            held: None,
            operator: None,
        }
    }
}

/// What a log may know of a visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Milestone {
    /// It began.
    VisitStarted,
    /// It goes on after the robot was interrupted.
    VisitRestored,
    /// A topic was answered.
    Answered(String),
    /// The place with this id was told.
    ShowedPlace(String),
    /// Interpreter mode began.
    InterpretingBegan,
    /// It ended.
    InterpretingEnded,
    /// A flow began.
    FlowBegan(String),
    /// A flow came to its end.
    FlowDone(String),
    /// A flow was left before its end.
    FlowLeft(String),
    /// An action was tried or refused; its name and what came of it.
    Acted(String, String),
    /// A policy decided: the rule, its version, its effect.
    Policy(String, String, String),
    /// A question was not understood.
    NotUnderstood,
    /// A case opened.
    Escalated(CaseId, ReasonCode),
    /// The case moved.
    CaseMoved(CaseState, Owner),
    /// The case failed.
    CaseFailed(Failure),
    /// Something was promised.
    Promised(TaskKind),
    /// Staff in the building were called.
    BellRung,
    /// It ended.
    VisitEnded,
}
