//! Boards with UEFI and systemd-boot: entries by the Boot Loader Specification, type 1, counted by
//! its Automatic Boot Assessment (`NAME+LEFT-DONE.conf`).
//!
//! A slot's entry names its kernel, its root hash and its partitions. Among the entries that have
//! tries left the loader takes the one of the highest version, and counts in the file's name; one
//! without tries left comes last. So the old entry is never touched.

use std::path::{Path, PathBuf};

use semver::Version;

use super::{Entry, Place, Slot, SlotError, Slots, Start};
use crate::disk::Disk;
use crate::manifest::{Contents, Manifest};

const NEEDED: [&str; 3] = ["root", "hashes", "kernel"];

/// The slots of such a board.
#[derive(Debug, Clone)]
pub struct Uefi {
    /// Where the EFI system partition is mounted.
    pub esp: PathBuf,
    /// Where partitions are found by their labels, `/dev/disk/by-partlabel`.
    pub partitions: PathBuf,
    /// The slot that runs.
    pub current: Slot,
    /// What every entry of a kernel's command line ends with.
    pub options: String,
}

/// A file of an entry, by its name.
struct Counted {
    name: String,
    tries_left: Option<u32>,
}

impl Uefi {
    fn entries(&self) -> PathBuf {
        self.esp.join("loader/entries")
    }

    fn kernels(&self) -> PathBuf {
        self.esp.join("EFI/madoguchi")
    }

    fn kernel(&self, slot: Slot) -> PathBuf {
        self.kernels().join(format!("{slot}.efi"))
    }

    /// Files that start the slot; two where a renaming was cut off.
    fn files(&self, disk: &dyn Disk, slot: Slot) -> Result<Vec<Counted>, SlotError> {
        let folder = self.entries();
        let names = disk
            .names(&folder)
            .map_err(SlotError::io("read", &folder))?;
        let counted = |name: String| {
            let stem = name.strip_suffix(".conf")?;
            let counter = stem
                .strip_prefix("madoguchi-")?
                .strip_prefix(slot.letter())?;
            let tries_left = match counter.strip_prefix('+') {
                None if counter.is_empty() => None,
                None => return None,
                Some(counts) => Some(counts.split('-').next()?.parse().ok()?),
            };
            Some(Counted { name, tries_left })
        };
        Ok(names.into_iter().filter_map(counted).collect())
    }

    fn text(&self, slot: Slot, version: &Version, root_hash: &str) -> String {
        let options = &self.options;
        format!(
            "title Madoguchi {version}\nversion {version}\nsort-key madoguchi\n\
             efi /EFI/madoguchi/{slot}.efi\n\
             options roothash={root_hash} \
             systemd.verity_root_data=PARTLABEL=madoguchi-root-{slot} \
             systemd.verity_root_hash=PARTLABEL=madoguchi-hash-{slot} madoguchi.slot={slot} {options}\n"
        )
    }
}

impl Slots for Uefi {
    fn current(&self) -> Slot {
        self.current
    }

    fn entry(&self, disk: &dyn Disk, slot: Slot) -> Result<Option<Entry>, SlotError> {
        let files = self.files(disk, slot)?;
        // One that is kept stands before one that was left over from its trial.
        let file = files.iter().find(|file| file.tries_left.is_none());
        let Some(file) = file.or(files.first()) else {
            return Ok(None);
        };
        let path = self.entries().join(&file.name);
        let bytes = disk.read(&path).map_err(SlotError::io("read", &path))?;
        let text = String::from_utf8_lossy(&bytes);
        let version = text
            .lines()
            .find_map(|line| line.strip_prefix("version "))
            .and_then(|version| Version::parse(version.trim()).ok())
            .ok_or(SlotError::Strange { path })?;
        let tries_left = file.tries_left;
        Ok(Some(Entry {
            version,
            tries_left,
        }))
    }

    fn place(&self, part: &str, slot: Slot) -> Result<Place, SlotError> {
        let partition = |label: &str| {
            let label = format!("madoguchi-{label}-{slot}");
            Place::Partition(self.partitions.join(label))
        };
        match part {
            "root" => Ok(partition("root")),
            "hashes" => Ok(partition("hash")),
            "kernel" => Ok(Place::File(self.kernel(slot))),
            _ => Err(SlotError::NoPlace(part.to_owned())),
        }
    }

    fn needed(&self, _slot: Slot) -> &'static [&'static str] {
        &NEEDED
    }

    fn retire(&self, disk: &mut dyn Disk, slot: Slot) -> Result<(), SlotError> {
        let folder = self.entries();
        for file in self.files(disk, slot)? {
            let path = folder.join(file.name);
            disk.remove(&path).map_err(SlotError::io("remove", &path))?;
        }
        disk.sync_folder(&folder)
            .map_err(SlotError::io("write", &folder))?;
        let kernel = self.kernel(slot);
        disk.remove(&kernel)
            .map_err(SlotError::io("remove", &kernel))?;
        flush(disk, &self.kernels())
    }

    fn offer(
        &self,
        disk: &mut dyn Disk,
        slot: Slot,
        manifest: &Manifest,
        tries: u32,
    ) -> Result<(), SlotError> {
        let Contents::System { root_hash, .. } = &manifest.contents else {
            return Err(SlotError::Missing("root"));
        };
        flush(disk, &self.kernels())?;
        let path = self
            .entries()
            .join(format!("madoguchi-{slot}+{tries}-0.conf"));
        let text = self.text(slot, &manifest.version, root_hash);
        disk.replace(&path, text.as_bytes())
            .map_err(SlotError::io("write", &path))
    }

    fn begin_try(&self, disk: &mut dyn Disk) -> Result<Start, SlotError> {
        match self.entry(disk, self.current.other())? {
            Some(entry) if entry.tries_left.is_some_and(|left| left > 0) => Ok(Start::Restart),
            _ => Err(SlotError::NothingToTry),
        }
    }

    fn take_back_try(&self, _disk: &mut dyn Disk) -> Result<(), SlotError> {
        Ok(())
    }

    fn keep(&self, disk: &mut dyn Disk) -> Result<(), SlotError> {
        let folder = self.entries();
        let files = self.files(disk, self.current)?;
        let kept = folder.join(format!("madoguchi-{}.conf", self.current));
        let has_kept = files.iter().any(|file| file.tries_left.is_none());
        let mut counted = files.iter().filter(|file| file.tries_left.is_some());
        if !has_kept && let Some(file) = counted.next() {
            let from = folder.join(&file.name);
            disk.rename(&from, &kept)
                .map_err(SlotError::io("write", &kept))?;
            flush(disk, &folder)?;
        }
        for file in counted {
            let path = folder.join(&file.name);
            disk.remove(&path).map_err(SlotError::io("remove", &path))?;
        }
        flush(disk, &folder)
    }
}

fn flush(disk: &mut dyn Disk, folder: &Path) -> Result<(), SlotError> {
    disk.sync_folder(folder)
        .map_err(SlotError::io("write", folder))
}
