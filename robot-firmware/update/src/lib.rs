//! Updates of a robot: signed bundles, two slots for the system, and packs and models beside it.
//!
//! A [`Bundle`] is one stream: a manifest, its signature, then the parts that the manifest names by
//! size and SHA-256. Nothing is written before the signature is known to be the vendor's and
//! [`rules`] have let the manifest in.
//!
//! A system goes into the slot that isn't running ([`install()`]): what would start that slot is taken
//! away, its parts are written, flushed and read back, and one new boot entry then stands for all of
//! it. The new system is tried a few times only, until it is kept ([`Slots::keep`]); the boot loader
//! goes back to the old one by itself. Packs and models are folders that a symbolic link names
//! ([`apart`]).
//!
//! Everything here blocks, and knows neither the robot's configuration nor its visitors.
#![deny(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod apart;
mod bundle;
mod disk;
mod install;
mod keys;
mod lock;
mod manifest;
mod record;
pub mod rules;
mod slots;

pub use bundle::{Bundle, BundleError, PartReader, Pieces, write_bundle};
pub use disk::{Disk, RealDisk};
pub use install::{InstallError, install};
pub use keys::{KeyError, Keys, generate_key, read_signing_key};
pub use lock::{Lock, LockError};
pub use manifest::{Contents, Manifest, ManifestError, Part};
pub use record::{Phase, Progress, Proven, Record};
pub use slots::{Entry, Place, RaspberryPi, Slot, SlotError, Slots, Start, Uefi};

/// How often a new system is started before the old one is gone back to.
pub const TRIES: u32 = 3;
