//! What an operator can do.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use madoguchi_shared::ids::Lang;
use serde::{Deserialize, Serialize};

use super::{Hours, languages};

/// The level of a language for which none is written, beside one that has one.
const UNWRITTEN_LEVEL: u8 = 3;

/// What an operator can do; by default nothing is known of it, and they are offered everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Skills {
    /// Languages with how well they are spoken, from 1 (a few words) to 5 (as a native).
    pub levels: BTreeMap<Lang, u8>,
    /// Topics they know; all of them when none is named.
    pub topics: BTreeSet<String>,
    /// What they may decide, such as `waive_fees`.
    pub authority: BTreeSet<String>,
    /// Sites they serve; all of them when none is named.
    pub sites: BTreeSet<String>,
    /// When cases are offered to them; always when absent.
    pub hours: Option<Hours>,
    /// Whether they are asked when nobody else comes.
    pub supervisor: bool,
}

impl Skills {
    /// Whether anything is known of what they can do.
    pub fn are_set(&self) -> bool {
        !self.levels.is_empty()
            || !self.topics.is_empty()
            || !self.authority.is_empty()
            || self.supervisor
    }

    pub(super) fn may(&self, authority: &str) -> bool {
        self.authority.contains(authority)
    }

    /// Takes the languages as they were written; whether any has a level decides whether levels
    /// are known at all.
    pub fn set_levels(&mut self, written: &[Level]) {
        self.levels.clear();
        if written.iter().all(|one| one.level.is_none()) {
            return;
        }
        let levels = written.iter();
        self.levels = levels
            .map(|one| (one.language.clone(), one.level.unwrap_or(UNWRITTEN_LEVEL)))
            .collect();
    }
}

/// A language as it is written on the command line: `es`, or `es:4` with its level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// The language.
    pub language: Lang,
    /// How well it is spoken, from 1 to 5.
    pub level: Option<u8>,
}

/// A text that is no language with a level.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "`{0}` is not a language of ISO 639, with or without a level from 1 (a few words) to 5 (as a \
     native); write it as `es`, `pt-BR` or `es:4`"
)]
pub struct NotALevel(String);

impl FromStr for Level {
    type Err = NotALevel;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || NotALevel(text.to_owned());
        let (language, level) = match text.split_once(':') {
            None => (text, None),
            Some((language, level)) => {
                let level = level.parse().map_err(|_| wrong())?;
                (language, Some(level))
            }
        };
        if level.is_some_and(|level| !(1..=5).contains(&level)) {
            return Err(wrong());
        }
        let language: Lang = language.parse().map_err(|_| wrong())?;
        if !languages::is_spoken(&language) {
            return Err(wrong());
        }
        Ok(Self { language, level })
    }
}
