//! Raspberry Pi boards: the firmware reads `autoboot.txt` on the first partition, whose
//! `boot_partition` names the partition to start from; after a restart with the word `tryboot` it
//! takes, once, the one of the section `[tryboot]` (Raspberry Pi documentation, "autoboot.txt" and
//! "tryboot").
//!
//! The firmware counts nothing: how often the other slot is still to be tried stands beside, in
//! `slot-a.json` and `slot-b.json`, and is counted before each try.

use std::path::{Path, PathBuf};

use semver::Version;
use serde::{Deserialize, Serialize};

use super::{Entry, Place, Slot, SlotError, Slots, Start};
use crate::disk::Disk;
use crate::manifest::Manifest;

/// The firmware reads no more of `autoboot.txt`, in bytes.
const AUTOBOOT_MAX: usize = 512;

/// The slots of such a board.
#[derive(Debug, Clone)]
pub struct RaspberryPi {
    /// Where the first partition is mounted.
    pub boot: PathBuf,
    /// Where partitions are found by their labels, `/dev/disk/by-partlabel`.
    pub partitions: PathBuf,
    /// The slot that runs.
    pub current: Slot,
    /// The numbers of the two partitions that the firmware starts from.
    pub numbers: [u8; 2],
}

/// `slot-a.json`.
#[derive(Debug, Serialize, Deserialize)]
struct Noted {
    version: Version,
    tries_left: Option<u32>,
}

impl RaspberryPi {
    fn note(&self, slot: Slot) -> PathBuf {
        self.boot.join(format!("slot-{slot}.json"))
    }

    fn write(&self, disk: &mut dyn Disk, slot: Slot, noted: &Noted) -> Result<(), SlotError> {
        let path = self.note(slot);
        let text = serde_json::to_vec(noted).map_err(std::io::Error::from);
        text.and_then(|text| disk.replace(&path, &text))
            .map_err(SlotError::io("write", &path))
    }

    fn number(&self, slot: Slot) -> u8 {
        match slot {
            Slot::A => self.numbers[0],
            Slot::B => self.numbers[1],
        }
    }

    /// Changes how often the other slot may still be tried.
    fn count(
        &self,
        disk: &mut dyn Disk,
        change: impl FnOnce(u32) -> Option<u32>,
    ) -> Result<(), SlotError> {
        let slot = self.current.other();
        let entry = self.entry(disk, slot)?.ok_or(SlotError::NothingToTry)?;
        let tries_left = entry.tries_left.and_then(change);
        if tries_left.is_none() {
            return Err(SlotError::NothingToTry);
        }
        let noted = Noted {
            version: entry.version,
            tries_left,
        };
        self.write(disk, slot, &noted)
    }

    /// What starts from now on, and what after `tryboot`.
    fn choose(&self, disk: &mut dyn Disk, slot: Slot) -> Result<(), SlotError> {
        let (usual, tried) = (self.number(slot), self.number(slot.other()));
        let text = format!(
            "[all]\ntryboot_a_b=1\nboot_partition={usual}\n[tryboot]\nboot_partition={tried}\n"
        );
        debug_assert!(text.len() <= AUTOBOOT_MAX);
        let path = self.boot.join("autoboot.txt");
        disk.replace(&path, text.as_bytes())
            .map_err(SlotError::io("write", &path))
    }
}

impl Slots for RaspberryPi {
    fn current(&self) -> Slot {
        self.current
    }

    fn entry(&self, disk: &dyn Disk, slot: Slot) -> Result<Option<Entry>, SlotError> {
        let path = self.note(slot);
        let bytes = match disk.read(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            read => read.map_err(SlotError::io("read", &path))?,
        };
        let noted: Noted =
            serde_json::from_slice(&bytes).map_err(|_| SlotError::Strange { path })?;
        Ok(Some(Entry {
            version: noted.version,
            tries_left: noted.tries_left,
        }))
    }

    fn place(&self, part: &str, slot: Slot) -> Result<Place, SlotError> {
        let partition = |label: &str| {
            let label = format!("madoguchi-{label}-{slot}");
            Ok(Place::Partition(self.partitions.join(label)))
        };
        match (part, slot) {
            ("root", _) => partition("root"),
            ("hashes", _) => partition("hash"),
            // Its command line names the slot: each has its own.
            ("boot-a", Slot::A) | ("boot-b", Slot::B) => partition("boot"),
            ("boot-a" | "boot-b", _) => Ok(Place::Nowhere),
            _ => Err(SlotError::NoPlace(part.to_owned())),
        }
    }

    fn needed(&self, slot: Slot) -> &'static [&'static str] {
        match slot {
            Slot::A => &["root", "hashes", "boot-a"],
            Slot::B => &["root", "hashes", "boot-b"],
        }
    }

    fn retire(&self, disk: &mut dyn Disk, slot: Slot) -> Result<(), SlotError> {
        // The firmware goes there only when it is asked to, which nobody does without a note.
        let path = self.note(slot);
        disk.remove(&path).map_err(SlotError::io("remove", &path))?;
        flush(disk, &self.boot)
    }

    fn offer(
        &self,
        disk: &mut dyn Disk,
        slot: Slot,
        manifest: &Manifest,
        tries: u32,
    ) -> Result<(), SlotError> {
        let noted = Noted {
            version: manifest.version.clone(),
            tries_left: Some(tries),
        };
        self.write(disk, slot, &noted)
    }

    fn begin_try(&self, disk: &mut dyn Disk) -> Result<Start, SlotError> {
        self.count(disk, |left| left.checked_sub(1))?;
        Ok(Start::RestartWith("0 tryboot"))
    }

    fn take_back_try(&self, disk: &mut dyn Disk) -> Result<(), SlotError> {
        self.count(disk, |left| left.checked_add(1))
    }

    fn keep(&self, disk: &mut dyn Disk) -> Result<(), SlotError> {
        self.choose(disk, self.current)?;
        let Some(entry) = self.entry(disk, self.current)? else {
            return Ok(());
        };
        if !entry.on_trial() {
            return Ok(());
        }
        let noted = Noted {
            version: entry.version,
            tries_left: None,
        };
        self.write(disk, self.current, &noted)
    }
}

fn flush(disk: &mut dyn Disk, folder: &Path) -> Result<(), SlotError> {
    disk.sync_folder(folder)
        .map_err(SlotError::io("write", folder))
}
