//! What the updater tells the robot's other programs: one small file, replaced whole.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use semver::Version;
use serde::{Deserialize, Serialize};

use crate::slots::Slot;

const FILE: &str = "update.json";

/// Everything that outlives a restart.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The last update, or the one that goes on.
    #[serde(default)]
    pub progress: Option<Progress>,
    /// What was last proven to work here: only then may the motors of a system that came by an
    /// update turn.
    #[serde(default)]
    pub proven: Option<Proven>,
    /// Parts of the robot that worked before the last update, by their identifiers in the robot's
    /// check: they have to work after it.
    #[serde(default)]
    pub worked: Vec<String>,
    /// Those that were in trouble: they need not work after it.
    #[serde(default)]
    pub failing: Vec<String>,
    /// When a restart was announced that is to come at once, in milliseconds since 1970; taken back
    /// where it doesn't come.
    #[serde(default)]
    pub restart_unix_ms: Option<i64>,
    /// Why updates don't go on by themselves, in one sentence; absent as long as they do.
    #[serde(default)]
    pub fault: Option<String>,
}

/// A system that was proven.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proven {
    /// Where.
    pub slot: Slot,
    /// Which.
    pub version: Version,
}

/// How far an update is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// `system`, `pack` or `models`.
    pub kind: String,
    /// What it brings.
    pub version: Version,
    /// How far.
    pub phase: Phase,
    /// Of its bytes, 0 to 100.
    pub percent: u8,
    /// Why it failed, in one sentence.
    #[serde(default)]
    pub reason: Option<String>,
}

/// The steps of an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// It is being fetched and written.
    Writing,
    /// It is written, and the robot is to start anew.
    Restarting,
    /// It runs, and has to prove itself.
    Trial,
    /// It is in use.
    Done,
    /// It was refused, or broke off; what was in use is.
    Failed,
    /// It was tried, and the robot went back to what was in use before.
    FellBack,
}

impl Record {
    /// The record in a folder; an empty one where there is none.
    ///
    /// # Errors
    /// When it can't be read, or isn't one.
    pub fn read(folder: &Path) -> io::Result<Self> {
        match fs::read(folder.join(FILE)) {
            Ok(bytes) => Ok(serde_json::from_slice(&bytes)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error),
        }
    }

    /// Replaces it.
    ///
    /// # Errors
    /// As the system says; the old one is there then.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        let scratch = folder.join(format!("{FILE}.new"));
        let mut file = File::create(&scratch)?;
        file.write_all(&serde_json::to_vec_pretty(self)?)?;
        file.sync_all()?;
        fs::rename(&scratch, folder.join(FILE))?;
        File::open(folder)?.sync_all()
    }
}
