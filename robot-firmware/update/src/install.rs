//! Putting a system into the slot that doesn't run.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::bundle::{Bundle, BundleError, hex};
use crate::disk::Disk;
use crate::manifest::Part;
use crate::rules::Refusal;
use crate::slots::{Place, SlotError, Slots};

/// Why a system could not be installed. The running one is what starts.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// The bundle.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The slots.
    #[error(transparent)]
    Slots(#[from] SlotError),
    /// Not for this robot.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It doesn't fit.
    #[error("`{part}` of {size} bytes doesn't fit into {}, where there is room for {room}", path.display())]
    NoRoom {
        /// Which.
        part: String,
        /// Its size.
        size: u64,
        /// Where it would go.
        path: PathBuf,
        /// What fits.
        room: u64,
    },
    /// A disk that can't be asked or read.
    #[error("cannot read {}", path.display())]
    Disk {
        /// Where.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// What was written is not what is there.
    #[error("{} doesn't give back what was written: the disk is failing, replace it", path.display())]
    ReadsBackOtherwise {
        /// Where.
        path: PathBuf,
    },
}

/// Writes all parts of a system that was judged, and offers it to be tried `tries` times. `told`
/// hears how many bytes are there.
///
/// # Errors
/// [`InstallError`]; the other slot may then be empty.
pub fn install<R: Read>(
    bundle: &mut Bundle<'_, R>,
    slots: &dyn Slots,
    disk: &mut dyn Disk,
    again: bool,
    tries: u32,
    told: &mut dyn FnMut(u64),
) -> Result<(), InstallError> {
    let running = slots.entry(disk, slots.current())?;
    if let Some(entry) = running.filter(|entry| entry.on_trial()) {
        return Err(Refusal::Unproven(entry.version).into());
    }
    let slot = slots.current().other();
    if let Some(entry) = slots.entry(disk, slot)?
        && entry.failed()
        && entry.version == bundle.manifest.version
        && !again
    {
        return Err(Refusal::Failed(entry.version).into());
    }
    for name in slots.needed(slot) {
        if bundle.manifest.part(name).is_none() {
            return Err(SlotError::Missing(name).into());
        }
    }
    for part in &bundle.manifest.parts {
        if let Place::Partition(path) = slots.place(&part.name, slot)? {
            let room = disk.capacity(&path);
            fits(part, room, &path)?;
        }
    }
    slots.retire(disk, slot)?;
    // What was retired makes room.
    for part in &bundle.manifest.parts {
        if let Place::File(path) = slots.place(&part.name, slot)? {
            let folder = path.parent().unwrap_or(Path::new("/"));
            fits(part, disk.room(folder), folder)?;
        }
    }
    let mut there = 0;
    while let Some(reader) = bundle.next_part()? {
        let part = reader.part.clone();
        let path = match slots.place(&part.name, slot)? {
            Place::Nowhere => continue,
            Place::Partition(path) => path,
            Place::File(path) => {
                let made = disk.create(&path);
                made.map_err(|source| BundleError::Write {
                    part: part.name.clone(),
                    source,
                })?;
                path
            }
        };
        let before = there;
        reader.copy(&mut |bytes: &[u8]| {
            disk.write_at(&path, there - before, bytes)?;
            there += bytes.len() as u64;
            told(there);
            Ok(())
        })?;
        disk.sync(&path).map_err(|source| BundleError::Write {
            part: part.name.clone(),
            source,
        })?;
        compare(&part, &path, disk)?;
    }
    Ok(slots.offer(disk, slot, &bundle.manifest, tries)?)
}

fn fits(part: &Part, room: io::Result<u64>, path: &Path) -> Result<(), InstallError> {
    let room = room.map_err(|source| InstallError::Disk {
        path: path.to_owned(),
        source,
    })?;
    if part.size > room {
        return Err(InstallError::NoRoom {
            part: part.name.clone(),
            size: part.size,
            path: path.to_owned(),
            room,
        });
    }
    Ok(())
}

fn compare(part: &Part, path: &Path, disk: &dyn Disk) -> Result<(), InstallError> {
    let mut sum = Sha256::new();
    disk.read_back(path, part.size, &mut |bytes| sum.update(bytes))
        .map_err(|source| InstallError::Disk {
            path: path.to_owned(),
            source,
        })?;
    match hex(&sum.finalize()) == part.sha256 {
        true => Ok(()),
        false => Err(InstallError::ReadsBackOtherwise {
            path: path.to_owned(),
        }),
    }
}
