//! Why a person is needed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::Lang;

/// The typed code of a trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReasonCode {
    /// The resident speaks a language the office doesn't have.
    UnsupportedLanguage,
    /// A policy of the pack would have to be bent.
    PolicyException,
    /// Anger, fear, grief, confusion or crisis.
    Distress,
    /// "I want a person", in words or by the button.
    AskedForPerson,
    /// The agent isn't sure what was meant.
    LowConfidence,
    /// Several answers in a row did not help.
    RepeatedFailure,
    /// The matter needs an identity check that the robot can't make.
    IdentityNeeded,
    /// What was asked can't be undone.
    IrreversibleAction,
    /// Somebody may be in danger.
    Safety,
    /// The resident needs help that the robot can't give.
    AccessibilityNeed,
    /// The robot itself is at fault.
    SystemFault,
    /// Nothing called for a person: one who watched the visit took it over.
    SteppedIn,
}

/// Why a person is needed, with the evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Reason {
    /// The code.
    pub code: ReasonCode,
    /// The language named by `unsupported_language`.
    pub language: Option<Lang>,
    /// What set it off; the strongest first.
    pub evidence: Vec<Evidence>,
}

/// One piece of evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Evidence {
    /// Which detector spoke, such as `language_id` or `person_request`.
    pub detector: String,
    /// Its score from 0 to 1; for a button or a rule 1.
    pub score: f32,
    /// The words or the event that set it off.
    pub detail: String,
    /// The turn it was seen in.
    pub turn: Option<u32>,
}
