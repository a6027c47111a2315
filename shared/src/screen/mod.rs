//! Robot ↔ its own screen page, over a WebSocket on loopback (`GET /ws`).
//!
//! The page is a picture of the daemon's state: it always receives the whole [`ScreenView`], so a
//! page that crashed or was reloaded shows the right thing at once. All words come from the
//! knowledge pack.

mod form;
mod motion;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::{Lang, UnixMs};
use crate::packet::{OperatorCard, Speaker};
use crate::signal::Signal;

pub use form::{Form, FormChoice, FormKind};
pub use motion::MotionCard;

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
    /// While somebody is awaited who is on duty: how long it may take.
    pub line: Option<PlaceInLine>,
    /// Nobody comes for now, and what the resident can do.
    pub nobody: Option<Nobody>,
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

/// Nobody comes for now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Nobody {
    /// What the resident can choose.
    pub ways: Vec<Way>,
    /// How far that is.
    pub step: NobodyStep,
}

/// What a resident can do when nobody comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Wait on.
    Wait,
    /// Leave a telephone number or mail address.
    Callback,
    /// Take a number.
    Ticket,
    /// Call staff in the building.
    Bell,
    /// Close what is shown.
    Nothing,
}

/// How far the resident's choice is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum NobodyStep {
    /// Nothing is chosen yet.
    Choose,
    /// The telephone number or mail address is to be said or typed.
    Contact {
        /// Whether the last words held none.
        wrong: bool,
    },
    /// What was understood is to be confirmed.
    ReadBack {
        /// So it was understood.
        contact: String,
    },
    /// Somebody will get in touch.
    Kept {
        /// What it can be named by.
        reference: String,
        /// By when.
        due_at: UnixMs,
    },
    /// A number was given.
    Ticket {
        /// The number.
        reference: String,
        /// What its QR code holds.
        code: String,
    },
    /// Staff in the building were called.
    BellRung,
}

/// The page's pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Nobody is here: greeting in all languages.
    Greeting,
    /// The agent serves a visitor.
    Conversation,
    /// Waiting for a person.
    Waiting,
    /// A person accepted; picture and sound are being set up.
    Connecting,
    /// A person is here.
    Live,
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

/// One line on the screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Caption {
    /// The turn's number; a partial caption keeps its number when it becomes final.
    pub number: u32,
    /// Who spoke.
    pub speaker: Speaker,
    /// The words, in the resident's language where a translation was possible.
    pub text: String,
    /// The language of `text`; absent when it wasn't recognised.
    pub language: Option<Lang>,
    /// The original, when `text` is a machine translation.
    pub original: Option<Original>,
    /// What belongs to the words and is only shown: an address, a table of days.
    pub detail: Option<String>,
    /// What there is to look at beside the words.
    pub attachments: Vec<Attachment>,
    /// Set when the line should have been translated and no model was there.
    pub untranslated: bool,
    /// Whether a machine wrote the words down from an operator's voice: it may have misheard.
    pub recognised: bool,
    /// Still being said.
    pub partial: bool,
    /// The part of `text` that the robot is speaking at this moment.
    pub sounding: Option<TextSpan>,
}

/// Something to look at beside an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Attachment {
    /// A picture.
    Picture(Picture),
    /// A map.
    Map(Picture),
    /// A page, to be opened on the visitor's own telephone.
    Link {
        /// Its whole address.
        url: String,
    },
}

/// A picture or map that the robot serves to its own page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Picture {
    /// Where, relative to the page's own address.
    pub src: String,
    /// What is on it, for those who can't see it; in the language of the line.
    pub alt: String,
}

/// A part of a text, counted in UTF-16 code units as the page's language counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct TextSpan {
    /// Where it begins.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
}

/// The words behind a machine translation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Original {
    /// Their language.
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
