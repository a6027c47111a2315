//! Robot ↔ its own screen page, over a WebSocket on loopback (`GET /ws`).
//!
//! The page is a picture of the daemon's state: it always receives the whole [`ScreenView`], so a
//! page that crashed or was reloaded shows the right thing at once. All words come from the
//! knowledge pack.

mod caption;
mod form;
mod interpreter;
mod motion;
mod nobody;
mod shown;
mod still;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::Lang;
use crate::onsite::{StaffAct, StaffView};
use crate::packet::OperatorCard;
use crate::show::Point;
use crate::signal::Signal;
use crate::together::SharedForm;

pub use caption::{Attachment, Caption, Mark, Original, Picture, TextSpan};
pub use form::{Form, FormChoice, FormKind};
pub use interpreter::{Interpreted, InterpreterSide, InterpreterView, InterpreterWish};
pub use motion::MotionCard;
pub use nobody::{Nobody, NobodyStep, Way};
pub use shown::Shown;
pub use still::StillCard;

/// What the daemon says to the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum RobotToScreen {
    /// Show this.
    View {
        /// The whole view.
        view: Box<ScreenView>,
    },
    /// Sound levels from 0 to 1, about ten a second while there is sound.
    Level {
        /// At the microphone.
        microphone: f32,
        /// At the loudspeaker.
        loudspeaker: f32,
    },
    /// WebRTC signalling for the operator's face.
    Signal {
        /// The message.
        signal: Signal,
    },
}

/// What the page says to the daemon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ScreenToRobot {
    /// The resident chose a language.
    ChooseLanguage {
        /// Which.
        language: Lang,
    },
    /// The resident typed words.
    Typed {
        /// The words.
        text: String,
    },
    /// The resident touches the screen or types: the visit isn't idle. Sent every few seconds at
    /// most.
    Touched,
    /// The resident wants a person.
    TalkToPerson,
    /// The resident stops the robot's speech.
    StopSpeaking,
    /// The resident doesn't want to wait for a person any more.
    StopWaiting,
    /// The resident is done.
    Goodbye,
    /// The resident switches the microphone off or on, for this visit.
    SwitchMicrophone {
        /// Whether it is to hear.
        on: bool,
    },
    /// The resident answers the question of [`ScreenView::form`].
    Answer {
        /// [`Form::number`]; an answer to another question changes nothing.
        form: u32,
        /// Digits, a day as `2026-05-12`, or the value of a choice.
        text: String,
    },
    /// The resident writes in the field that is asked of [`ScreenView::together`].
    Write {
        /// [`Form::number`].
        form: u32,
        /// Everything that stands in it.
        text: String,
    },
    /// The resident says yes or no to it.
    Confirm {
        /// [`Form::number`].
        form: u32,
        /// Whether it is right.
        yes: bool,
    },
    /// The resident wants the question before.
    GoBack,
    /// The resident wants all questions again.
    StartOver,
    /// The resident wants no more questions.
    CancelForm,
    /// The resident chooses what happens when nobody comes.
    ChooseWay {
        /// One of [`Nobody::ways`], or [`Way::Nothing`].
        way: Way,
    },
    /// The resident says whether the contact was understood.
    ConfirmContact {
        /// Whether it is right.
        yes: bool,
    },
    /// The resident lets the robot be moved, or stops it.
    LetMove {
        /// Whether it may move.
        may: bool,
    },
    /// Staff in the room do something at their panel.
    Staff {
        /// What.
        act: StaffAct,
    },
    /// Somebody touched what belongs to interpreter mode, or typed in it.
    Interpreter {
        /// What they want.
        wish: InterpreterWish,
    },
    /// The resident says yes or no to [`ScreenView::still`].
    AnswerStill {
        /// Whether it may be taken, or sent.
        yes: bool,
        /// The picture that they saw, by its [`StillCard::Preview`]; absent before one is taken.
        seen: Option<String>,
    },
    /// The resident points at the picture that a person shows.
    Point {
        /// [`Shown::number`].
        shown: u32,
        /// Where.
        at: Point,
    },
    /// Let a sample visitor speak into the simulated microphone, or type (demo and tests only).
    PlayVisitor {
        /// Its id in [`ScreenView::sample_visitors`].
        id: String,
    },
    /// WebRTC signalling for the operator's face.
    Signal {
        /// The message.
        signal: Signal,
    },
}

/// Everything the page shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ScreenView {
    /// Which picture.
    pub stage: Stage,
    /// What the robot is doing.
    pub activity: Activity,
    /// The visit's language; the page's `lang` and text direction follow it.
    pub language: Lang,
    /// The office's name in that language.
    pub office: String,
    /// Languages to choose from.
    pub languages: Vec<LanguageChoice>,
    /// Whether the voice that is being heard has paused, for a breath or for good: shown at once,
    /// and so softly that a breath doesn't flicker.
    pub hushed: bool,
    /// Captions of this visit, oldest first; the last one may be partial, and then be without
    /// words yet.
    pub captions: Vec<Caption>,
    /// What the operator is saying, or said last, to be read below their face. One that is
    /// complete stands in `captions` as well.
    pub operator_words: Option<Caption>,
    /// Set in a call while speech isn't recognised, so that nothing said becomes a caption.
    pub no_captions: bool,
    /// Words for the page's own buttons and labels, by the names in the pack's phrases.
    pub labels: BTreeMap<String, String>,
    /// A sentence that must be seen (waiting, connection lost …).
    pub notice: Option<Notice>,
    /// The same greeting in each of the pack's languages, for [`Stage::Greeting`].
    pub greetings: Vec<Greeting>,
    /// While the robot is about to start anew with newer software, and nobody is here: the sentence
    /// that says so in each of the pack's languages, in place of everything else.
    pub renewing: Vec<Greeting>,
    /// Questions that people often ask, as buttons.
    pub suggestions: Vec<String>,
    /// The person who is coming or here.
    pub operator: Option<OperatorCard>,
    /// Who is asked to take over from them; with several, nobody is named.
    pub next_operator: Option<OperatorCard>,
    /// The person has put the visitor on hold.
    pub hold: Option<OnHold>,
    /// The person may drive the robot, if the visitor lets them.
    pub motion: Option<MotionCard>,
    /// The person asks for a still.
    pub still: Option<StillCard>,
    /// What the person shows.
    pub shown: Option<Shown>,
    /// Whether a camera reaches a person now.
    pub camera_in_use: bool,
    /// Whether a microphone reaches a person now.
    pub microphone_in_use: bool,
    /// Whether a person reads along with the agent.
    pub watched: bool,
    /// Whether the resident switched the microphone off for this visit.
    pub microphone_off: bool,
    /// Two or three languages, likeliest first, when only the resident can tell in which one was
    /// spoken; answered with [`ScreenToRobot::ChooseLanguage`].
    pub which_language: Vec<LanguageQuestion>,
    /// The question that is being asked, in a matter that takes several.
    pub form: Option<Form>,
    /// The form that the person and the resident fill in together; its present question is `form`.
    pub together: Option<SharedForm>,
    /// Whether interpreter mode can be had: the agent serves, and something translates.
    pub may_interpret: bool,
    /// Interpreter mode, for [`Stage::Interpreting`].
    pub interpreter: Option<InterpreterView>,
    /// While somebody is awaited who is on duty: how long it may take.
    pub line: Option<PlaceInLine>,
    /// Nobody comes for now, and what the resident can do.
    pub nobody: Option<Nobody>,
    /// The panel of staff in the room, while it is open.
    pub staff: Option<StaffView>,
    /// In simulation: who can be played into the microphone.
    pub sample_visitors: Vec<SampleVisitor>,
}

/// The resident's place among those who wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlaceInLine {
    /// From 1.
    pub place: u32,
    /// How long it may take, in minutes.
    pub minutes: Option<u32>,
}

/// The visitor is on hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OnHold {
    /// How long it may take, in minutes; absent once that has passed.
    pub minutes: Option<u32>,
}

/// The page's pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Nobody is here: greeting in all languages.
    Greeting,
    /// The agent serves a visitor.
    Conversation,
    /// The robot interprets between visitor and staff, or asks between which languages.
    Interpreting,
    /// Waiting for a person.
    Waiting,
    /// A person accepted; picture and sound are being set up.
    Connecting,
    /// A person is here.
    Live,
    /// Staff in the room have the visitor.
    Onsite,
    /// The visit is ending.
    Goodbye,
}

/// What the robot is doing, shown unmistakably.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    /// It waits for words.
    Listening,
    /// It hears somebody speak.
    Hearing,
    /// It works on an answer.
    Thinking,
    /// It speaks.
    Speaking,
    /// It can't hear: no microphone or no recogniser; typing works.
    CannotHear,
    /// The resident switched the microphone off; typing works.
    MicrophoneOff,
    /// A person has the word.
    Quiet,
}

/// A language on a button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LanguageChoice {
    /// The tag.
    pub language: Lang,
    /// Its name in itself.
    pub name: String,
}

/// "In which language was that?", in one of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LanguageQuestion {
    /// The language.
    pub language: Lang,
    /// Its name in itself.
    pub name: String,
    /// The question in it, or in one that the office has.
    pub text: String,
}

/// One greeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Greeting {
    /// Its language.
    pub language: Lang,
    /// The words.
    pub text: String,
}

/// A sentence that must be seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Notice {
    /// How it looks.
    pub tone: Tone,
    /// The words.
    pub text: String,
    /// Their language.
    pub language: Lang,
}

/// How a notice looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// For information.
    Info,
    /// Good news.
    Good,
    /// Something doesn't work.
    Trouble,
}

/// Somebody who speaks into the simulated microphone, or types, at the touch of a button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SampleVisitor {
    /// For [`ScreenToRobot::PlayVisitor`].
    pub id: String,
    /// What to write on the button.
    pub label: String,
    /// The language spoken or typed.
    pub language: Lang,
}
