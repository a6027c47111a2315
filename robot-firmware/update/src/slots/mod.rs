//! Two places for a system, and which of them starts.

mod raspberry_pi;
mod uefi;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use semver::Version;
use serde::{Deserialize, Serialize};

pub use raspberry_pi::RaspberryPi;
pub use uefi::Uefi;

use crate::disk::Disk;
use crate::manifest::Manifest;

/// One of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    /// The first.
    A,
    /// The second.
    B,
}

impl Slot {
    /// Both.
    pub const BOTH: [Self; 2] = [Self::A, Self::B];

    /// The one that isn't this.
    pub fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }

    /// In names of partitions and files.
    pub fn letter(self) -> &'static str {
        match self {
            Self::A => "a",
            Self::B => "b",
        }
    }

    /// The running one, by `madoguchi.slot=` on the kernel's command line.
    pub fn of_command_line(line: &str) -> Option<Self> {
        let mut words = line.split_ascii_whitespace();
        match words.find_map(|word| word.strip_prefix("madoguchi.slot="))? {
            "a" => Some(Self::A),
            "b" => Some(Self::B),
            _ => None,
        }
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.letter())
    }
}

/// What would start a slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Of the system in it.
    pub version: Version,
    /// How often it may still be tried; absent once it is kept.
    pub tries_left: Option<u32>,
}

impl Entry {
    /// Whether it was tried as often as it may be, and not kept.
    pub fn failed(&self) -> bool {
        self.tries_left == Some(0)
    }

    /// Whether it may still be tried.
    pub fn on_trial(&self) -> bool {
        self.tries_left.is_some()
    }
}

/// Where a part of a system goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Into a partition that is there.
    Partition(PathBuf),
    /// Into a file, made anew.
    File(PathBuf),
    /// Nowhere: it is for the other slot.
    Nowhere,
}

/// What has to be done so that a slot is tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// Start the machine anew; the boot loader chooses, and counts.
    Restart,
    /// Start it anew with these words to the firmware.
    RestartWith(&'static str),
}

/// Why slots can't be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum SlotError {
    /// The file system of the boot loader.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// No recipe of a slot names such a part.
    #[error("the bundle has a part `{0}`, for which there is no place on this board")]
    NoPlace(String),
    /// A part without which the slot doesn't start.
    #[error("the bundle has no part `{0}`, without which this board doesn't start")]
    Missing(&'static str),
    /// There is nothing to try.
    #[error("nothing waits to be tried in the other slot")]
    NothingToTry,
    /// A file of the boot loader's says something else than this program writes.
    #[error("{} can't be understood", path.display())]
    Strange {
        /// Which.
        path: PathBuf,
    },
}

impl SlotError {
    fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }
}

/// How a board starts one of two systems. Whatever is cut off in the middle of one of these, the
/// running system is what starts, or, once it is offered, the new one.
pub trait Slots {
    /// The one that runs.
    fn current(&self) -> Slot;
    /// What would start that slot; nothing while something is written there.
    ///
    /// # Errors
    /// [`SlotError`].
    fn entry(&self, disk: &dyn Disk, slot: Slot) -> Result<Option<Entry>, SlotError>;
    /// Where a part goes.
    ///
    /// # Errors
    /// [`SlotError::NoPlace`].
    fn place(&self, part: &str, slot: Slot) -> Result<Place, SlotError>;
    /// The parts without which that slot doesn't start.
    fn needed(&self, slot: Slot) -> &'static [&'static str];
    /// Nothing starts that slot any more.
    ///
    /// # Errors
    /// [`SlotError`].
    fn retire(&self, disk: &mut dyn Disk, slot: Slot) -> Result<(), SlotError>;
    /// What was written to the slot, and is known to be there, is to be tried so often. The last
    /// step of it is one that is there or isn't.
    ///
    /// # Errors
    /// [`SlotError`].
    fn offer(
        &self,
        disk: &mut dyn Disk,
        slot: Slot,
        manifest: &Manifest,
        tries: u32,
    ) -> Result<(), SlotError>;
    /// How the offered slot is tried, to be asked before each try. Where nobody else counts, it has
    /// counted: once a restart is accepted, this process may not live to do so.
    ///
    /// # Errors
    /// [`SlotError::NothingToTry`] where nothing is offered, or was tried often enough.
    fn begin_try(&self, disk: &mut dyn Disk) -> Result<Start, SlotError>;
    /// The restart that [`Slots::begin_try`] asked for was refused: it doesn't count.
    ///
    /// # Errors
    /// [`SlotError`].
    fn take_back_try(&self, disk: &mut dyn Disk) -> Result<(), SlotError>;
    /// What runs is good: from now on it is what starts, without counting.
    ///
    /// # Errors
    /// [`SlotError`].
    fn keep(&self, disk: &mut dyn Disk) -> Result<(), SlotError>;
}
