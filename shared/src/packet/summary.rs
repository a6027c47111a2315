//! The matter in a few lines.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A sentence of the summary with the turns it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct SummaryLine {
    /// What it tells.
    pub about: SummaryPart,
    /// The sentence.
    pub text: String,
    /// Numbers of the turns it was taken from.
    pub turns: Vec<u32>,
}

/// The three questions a summary answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum SummaryPart {
    /// What the resident wants.
    Wanted,
    /// What was done.
    Done,
    /// What is needed now.
    Needed,
}

/// Something known about the matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Fact {
    /// What it is, such as `date_of_move`.
    pub name: String,
    /// Its value as text.
    pub value: String,
    /// Where it came from.
    pub source: FactSource,
}

/// Where a fact came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum FactSource {
    /// Recognised in speech or typed, not read back.
    Heard,
    /// Read back and confirmed.
    ConfirmedByResident,
    /// From a back-office system.
    SystemOfRecord,
    /// Concluded by the agent.
    Inferred,
}
