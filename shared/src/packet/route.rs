//! To whom a case should go.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::Lang;
use crate::screen::Way;

/// A priority from which a case goes to everybody at once, with no reservation: somebody is in
/// distress or in danger.
pub const URGENT: u8 = 80;

/// To whom a case should go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Route {
    /// Languages that the person should speak; the best first.
    pub languages: Vec<Lang>,
    /// Topics that the person should know.
    pub skills: Vec<String>,
    /// What the person must be allowed to decide, such as `waive_fees`.
    #[serde(default)]
    pub authority: Vec<String>,
    /// Higher goes first; 0 is routine, 100 is danger to life.
    pub priority: u8,
    /// Who is asked, one after the other; whoever was asked stays asked. Without any, the console
    /// takes [`RouteStep::standard`].
    #[serde(default)]
    pub steps: Vec<RouteStep>,
    /// What the visitor may choose when nobody comes.
    #[serde(default)]
    pub fallback: Vec<Way>,
}

/// One circle of people, and how long it is theirs alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct RouteStep {
    /// Who.
    pub to: RouteTo,
    /// For how long, in seconds, before the next step joins them; the last step lasts until
    /// somebody comes.
    pub lasts_s: u32,
}

impl RouteStep {
    /// Language and topic for 20 s, the language for 20 s, anybody for 40 s, then supervisors too.
    pub fn standard() -> Vec<Self> {
        [
            (RouteTo::LanguageAndTopic, 20),
            (RouteTo::Language, 20),
            (RouteTo::Anyone, 40),
            (RouteTo::Supervisor, 0),
        ]
        .map(|(to, lasts_s)| Self { to, lasts_s })
        .to_vec()
    }
}

/// A circle of people.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum RouteTo {
    /// Who speaks the language, knows the topic and may decide what is asked.
    LanguageAndTopic,
    /// Who speaks the language; captions carry the topic.
    Language,
    /// Anybody: words are translated by machine.
    Anyone,
    /// Supervisors, whatever they speak.
    Supervisor,
}
