//! What was said.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::{Lang, UnixMs};
use crate::screen::TextSpan;

/// Who spoke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    /// The visitor.
    Resident,
    /// The robot.
    Agent,
    /// The remote operator.
    Operator,
    /// A member of the staff at the robot, who speaks through it in interpreter mode.
    Clerk,
}

/// How words came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Spoken.
    Speech,
    /// Typed.
    Typed,
    /// Chosen by a button.
    Touch,
}

/// Turns that a packet carries, the newest.
const NEWEST: usize = 200;
/// Bytes of their words: a packet stays below the console's limit of 1 MiB for a message.
const NEWEST_BYTES: usize = 384 * 1024;

/// Leaves of a transcript what a packet may carry: its newest 200 turns, or fewer where their
/// words are longer than 384 KiB.
pub fn keep_newest(transcript: &mut Vec<Turn>) {
    let mut bytes = 0;
    let fits = |turn: &&Turn| {
        bytes += turn.bytes();
        bytes <= NEWEST_BYTES
    };
    let kept = transcript.iter().rev().take(NEWEST).take_while(fits);
    let kept = kept.count();
    transcript.drain(..transcript.len() - kept);
}

/// One line of the transcript.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Turn {
    /// Counts the visit's lines from 1.
    pub number: u32,
    /// Who spoke.
    pub speaker: Speaker,
    /// The name of the person at the console whose words these are; absent for other speakers, and
    /// for a line that was suggested before anybody had the visitor.
    #[serde(default)]
    pub said_by: Option<String>,
    /// How.
    pub channel: Channel,
    /// The words as said, written or recognised.
    pub text: String,
    /// Their language; absent when it wasn't recognised.
    pub language: Option<Lang>,
    /// Into the reader's language.
    pub translation: Option<Translation>,
    /// The recogniser's confidence from 0 to 1; absent for typed text.
    pub confidence: Option<f32>,
    /// The parts of `text` that the recogniser is unsure of, in order; empty for typed text.
    #[serde(default)]
    pub doubtful: Vec<TextSpan>,
    /// The language in which the screen shows an operator's words; absent for other lines, and
    /// until they are shown.
    pub shown: Option<Lang>,
    /// Whether the line was cut off by the other side.
    pub interrupted: bool,
    /// What the robot had spoken of a line that was cut off, up to the clause in which it
    /// stopped; absent for every other line.
    pub spoken: Option<String>,
    /// When it was complete.
    pub at: UnixMs,
}

/// What somebody in a call is saying, before the words are certain. It is shown and not kept: the
/// line that becomes of it follows as a [`Turn`], or none does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WordsSoFar {
    /// Who speaks.
    pub speaker: Speaker,
    /// The words so far; empty once the utterance is over.
    pub text: String,
    /// The likeliest language so far.
    pub language: Option<Lang>,
}

impl Turn {
    fn bytes(&self) -> usize {
        let translation = self.translation.as_ref();
        let translated = translation.map_or("", |own| &own.text);
        let back = translation.and_then(|own| own.back.as_deref());
        let spoken = self.spoken.as_deref();
        [&self.text, translated]
            .into_iter()
            .chain(back)
            .chain(spoken)
            .map(str::len)
            .sum()
    }
}

/// The words in another language; a machine translation is marked wherever it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Translation {
    /// The target language.
    pub language: Lang,
    /// The translated words.
    pub text: String,
    /// Whether a machine translated them; otherwise the office wrote them in this language too.
    pub machine: bool,
    /// A machine's translation, translated back by machine, for whoever can't read it; absent
    /// where no model leads back.
    #[serde(default)]
    pub back: Option<String>,
    /// How far a machine's translation can be trusted; absent where nothing tells.
    #[serde(default)]
    pub confidence: Option<TranslationConfidence>,
}

/// How far a machine's translation can be trusted, by what was lost on its way there and back.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum TranslationConfidence {
    /// Something is probably wrong in it.
    Low,
    /// The gist is probably right.
    Medium,
    /// It says what was said, as far as a machine can tell.
    High,
}
