//! Everything that can happen to the robot, as one closed enum.

mod speech;

use madoguchi_shared::ids::{CaseId, Lang, VisitId};
use madoguchi_shared::link::Asked;
use madoguchi_shared::motion::LeaseGrant;
use madoguchi_shared::packet::{OperatorCard, Packet, ReturnPacket};
use madoguchi_shared::screen::{InterpreterWish, Way};
use madoguchi_shared::show::{Point, ShowWish};
use madoguchi_shared::together::FormWish;
use madoguchi_shared::transfer::Hold;
use serde::{Deserialize, Serialize};

use crate::onsite::Staff;
use crate::tool::{ToolCard, ToolOutcome};
use crate::translation::MachineTranslation;

pub use speech::{Heard, HeardWord, NoWords, OperatorVoice, Partial, SpokenLanguage};

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// The visitor chose a language on the screen.
    ChoseLanguage(Lang),
    /// The visitor typed words.
    Typed(String),
    /// Words were typed in a language that is known, as from `madoguchi-robot ask --lang`.
    TypedIn {
        /// The language.
        language: Lang,
        /// The words.
        text: String,
    },
    /// The visitor touched the screen or a key: somebody is there.
    Touched,
    /// The visitor pressed "talk to a person".
    PressedPerson,
    /// The visitor stopped the robot's speech on the screen.
    PressedStopSpeaking,
    /// The visitor doesn't want to wait for a person any more.
    PressedStopWaiting,
    /// The visitor pressed "goodbye".
    PressedGoodbye,
    /// The visitor switched the microphone off or on.
    SwitchedMicrophone {
        /// Whether it is to hear.
        on: bool,
    },
    /// The visitor answered the question of that number on the screen.
    Answered {
        /// [`madoguchi_shared::screen::Form::number`].
        form: u32,
        /// The answer.
        text: String,
    },
    /// The visitor said yes or no to it on the screen.
    Confirmed {
        /// [`madoguchi_shared::screen::Form::number`].
        form: u32,
        /// Which.
        yes: bool,
    },
    /// The visitor wants the question before.
    WentBack,
    /// The visitor wants all questions of the flow again.
    StartedOver,
    /// The visitor wants no more questions.
    CancelledForm,
    /// The visitor chose what happens when nobody comes.
    ChoseWay(Way),
    /// Somebody touched what belongs to interpreter mode, or typed in it.
    Interpreter(InterpreterWish),
    /// The visitor said whether the contact was understood.
    ConfirmedContact {
        /// Whether it is right.
        yes: bool,
    },

    /// Staff in the room did something, at their panel or on a phone.
    Staff(Staff),

    /// What the presence sensor sees now; told when it changes.
    Presence {
        /// Whether somebody stands in front of the robot; `None` while the sensor doesn't work.
        somebody: Option<bool>,
    },

    /// Voice began.
    SpeechStarted {
        /// Counts the utterances of the microphone.
        utterance: u32,
    },
    /// The voice stopped, for a breath or for good.
    SpeechPaused {
        /// The utterance.
        utterance: u32,
        /// How long it has been silent, in milliseconds.
        silence_ms: u32,
    },
    /// The voice goes on in the same utterance.
    SpeechResumed {
        /// The utterance.
        utterance: u32,
    },
    /// The words so far of an utterance that goes on.
    Partial(Partial),
    /// The utterance ended; its words are awaited.
    SpeechEnded {
        /// The utterance.
        utterance: u32,
    },
    /// The utterance was cut at its longest while the voice went on: the next one goes on with it.
    /// Its words are awaited.
    SpeechCut {
        /// The utterance.
        utterance: u32,
    },
    /// Words were recognised.
    Heard(Heard),
    /// The utterance gave no words.
    HeardNothing {
        /// The utterance.
        utterance: u32,
        /// Why.
        #[serde(default)]
        why: NoWords,
    },
    /// The operator's voice in a call.
    OperatorVoice(OperatorVoice),
    /// A sentence vector; `None` when no embedder is there.
    Embedded {
        /// Number of the request. One of an earlier visit changes nothing.
        request: u64,
        /// 384 normalised numbers.
        vector: Option<Vec<f32>>,
    },
    /// A translation came back; `None` when no model is there or it failed.
    Translated {
        /// Number of the request. One of an earlier visit changes nothing.
        request: u64,
        /// What came.
        translated: Option<MachineTranslation>,
    },
    /// A sentence began to sound.
    SayStarted {
        /// Its number.
        id: u64,
    },
    /// A piece of a sentence began to sound.
    SayProgress {
        /// The sentence's number.
        id: u64,
        /// Where the piece begins in the text of [`crate::Output::Say`], in bytes.
        start: usize,
        /// Where it ends.
        end: usize,
    },
    /// A sentence ended or was cut off, or could not be spoken.
    SayEnded {
        /// Its number.
        id: u64,
    },

    /// Whether staff in the building could be called.
    BellAnswered {
        /// Whether it rang.
        rung: bool,
    },
    /// The robot was interrupted in this case, not long ago.
    Restored(Box<Packet>),

    /// The link to the console stands.
    ConsoleUp,
    /// The link to the console is gone.
    ConsoleDown,
    /// How many operators see the case. One that an operator held is waiting again.
    Offered {
        /// The case.
        case_id: CaseId,
        /// Their number.
        operators: u32,
        /// The case's place among those who wait, from 1.
        #[serde(default)]
        position: u32,
        /// How long that may take, in seconds.
        #[serde(default)]
        expected_s: Option<u32>,
    },
    /// A packet is stored.
    CaseSaved {
        /// The case.
        case_id: CaseId,
        /// Its revision.
        revision: u32,
    },
    /// An operator took the case, or came back to it.
    Accepted {
        /// The case.
        case_id: CaseId,
        /// Who.
        operator: OperatorCard,
        /// The page's call: another number than before wants a new media session. Absent while no
        /// page is there.
        call: Option<u32>,
    },
    /// How the conversation with the operator stands.
    InCall {
        /// The case.
        case_id: CaseId,
        /// Present while the visitor is on hold.
        hold: Option<Hold>,
        /// Present while a colleague is asked to take over.
        transfer: Option<Asked>,
    },
    /// Who watches a visit of the agent's now.
    Watched {
        /// The visit.
        visit_id: VisitId,
        /// Who; absent when nobody does.
        by: Option<OperatorCard>,
    },
    /// Who watches wants the agent to say this next, as theirs.
    Suggested {
        /// The visit.
        visit_id: VisitId,
        /// The words.
        text: String,
        /// Their language.
        language: Lang,
    },
    /// Who watches takes the visitor over.
    VisitTaken {
        /// The visit.
        visit_id: VisitId,
    },
    /// Who may drive the robot's body.
    Lease {
        /// The case.
        case_id: CaseId,
        /// The lease; absent when nobody may.
        lease: Option<LeaseGrant>,
    },
    /// The visitor lets the robot be moved, or stops it.
    LetMove {
        /// Whether it may move.
        may: bool,
    },
    /// The operator puts something on the screen, or takes it away.
    Show {
        /// The case.
        case_id: CaseId,
        /// What; absent to take it away.
        wish: Option<ShowWish>,
    },
    /// The operator points at the picture that is shown, or no longer.
    Point {
        /// The case.
        case_id: CaseId,
        /// Number of what is shown.
        shown: u32,
        /// Where.
        at: Option<Point>,
    },
    /// The visitor points at it.
    Pointed {
        /// Number of what is shown.
        shown: u32,
        /// Where.
        at: Point,
    },
    /// The operator does something with a form that is filled in together.
    FillIn {
        /// The case.
        case_id: CaseId,
        /// What.
        wish: FormWish,
    },
    /// The visitor writes in its field that is asked.
    Wrote {
        /// Number of the question.
        form: u32,
        /// Everything that stands in it.
        text: String,
    },
    /// The operator asks for a still from the camera, or no longer.
    StillAsked {
        /// The case.
        case_id: CaseId,
        /// Whether.
        on: bool,
    },
    /// The visitor lets it be taken, or sent, or doesn't.
    StillAnswered {
        /// Which.
        yes: bool,
        /// The picture that they saw; absent before one is taken.
        seen: Option<String>,
    },
    /// The camera gave the still of that number, or none.
    StillTaken {
        /// Its number.
        number: u32,
        /// Whether there is one.
        taken: bool,
    },
    /// The emergency stop; told when it changes.
    EmergencyStop {
        /// It was pressed and nobody has reset it.
        latched: bool,
    },
    /// The robot is about to start anew with newer software, or isn't any more.
    Renewing {
        /// Whether.
        on: bool,
    },
    /// The operator's page is gone.
    OperatorAway {
        /// The case.
        case_id: CaseId,
    },
    /// The operator typed words.
    OperatorSaid {
        /// The case.
        case_id: CaseId,
        /// Number of the message.
        message: u32,
        /// The words.
        text: String,
        /// Their language.
        language: Lang,
    },
    /// The operator is done.
    Ended {
        /// The case.
        case_id: CaseId,
        /// What comes back.
        back: ReturnPacket,
    },

    /// What the media session of that number did.
    Media {
        /// Number of the session.
        session: u32,
        /// What happened.
        event: MediaEvent,
    },
    /// A back-office server is there, again or with other tools than before.
    ToolsKnown {
        /// Its name in the configuration.
        server: String,
        /// All of its tools.
        tools: Vec<ToolCard>,
    },
    /// A back-office server is gone.
    ToolsGone {
        /// Its name in the configuration.
        server: String,
    },
    /// A tool was called. Every [`crate::Output::CallTool`] is answered once.
    ToolAnswered {
        /// Number of the call. One that nobody waits for changes nothing.
        call: u64,
        /// What came of it.
        outcome: ToolOutcome,
    },

    /// The examples' sentence vectors are there. Whoever drives the machine calls
    /// [`crate::Machine::learn`] right before this input; the vectors are not recorded, since they
    /// follow from the pack and the model.
    Learned,
    /// A capability came or went.
    Ability {
        /// Which.
        ability: Ability,
        /// Whether it is there.
        available: bool,
    },
}

/// What a media session did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaEvent {
    /// Both ends are connected.
    Connected,
    /// The operator's picture arrives.
    OperatorVisible,
    /// Nothing arrives any more; it may come back.
    Interrupted,
    /// It came back.
    Resumed,
    /// It will not come back by itself.
    Failed,
    /// It was refused: one end could not prove to be itself.
    Untrusted,
}

/// What the robot may be able to do at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ability {
    /// The microphone delivers sound.
    Microphone,
    /// A recogniser is loaded.
    Recogniser,
    /// The camera delivers pictures.
    Camera,
}
