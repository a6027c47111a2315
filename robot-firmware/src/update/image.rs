//! What an image says of itself, and of the slots that it is in.

use std::path::{Path, PathBuf};

use madoguchi_shared::config::{ConfigError, parse};
use madoguchi_update::rules::Installed;
use madoguchi_update::{RaspberryPi, Slot, Slots, Uefi};
use semver::Version;
use serde::Deserialize;

/// `image.toml`, written when an image is built.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Image {
    /// The kind of board, such as `generic-amd64`.
    pub board: String,
    /// The version of the whole system.
    pub version: Version,
    /// When it was built, in seconds since 1970.
    pub built_unix_s: i64,
    /// How the board starts.
    boot: Boot,
    /// Where the boot loader's files are: the EFI system partition, or the first partition of a
    /// Raspberry Pi's card.
    #[serde(default = "default_boot_files")]
    boot_files: PathBuf,
    /// Where partitions are found by their labels.
    #[serde(default = "default_partitions")]
    partitions: PathBuf,
    /// The running kernel's command line.
    #[serde(default = "default_command_line")]
    command_line: PathBuf,
    /// The rest of the next kernel's command line; of UEFI boards only.
    #[serde(default)]
    options: String,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Boot {
    Uefi,
    RaspberryPi,
}

fn default_boot_files() -> PathBuf {
    "/efi".into()
}

fn default_partitions() -> PathBuf {
    "/dev/disk/by-partlabel".into()
}

fn default_command_line() -> PathBuf {
    "/proc/cmdline".into()
}

/// Partitions of a Raspberry Pi's card from which its firmware starts the slots.
const PI_PARTITIONS: [u8; 2] = [2, 3];

/// Why what an image says can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// The file.
    #[error(transparent)]
    File(#[from] ConfigError),
    /// The command line.
    #[error("{} names no slot (madoguchi.slot=a or b), so that none can be called the other one", path.display())]
    NoSlot {
        /// Where it was looked for.
        path: PathBuf,
    },
}

impl Image {
    /// What `path` says; nothing on a robot that wasn't installed from an image.
    ///
    /// # Errors
    /// [`ImageError`].
    pub fn load(path: &Path) -> Result<Option<Self>, ImageError> {
        match std::fs::read_to_string(path) {
            Ok(text) => Ok(Some(parse(&text, path)?)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(source) => {
                let path = path.to_owned();
                Err(ConfigError::Read { path, source }.into())
            }
        }
    }

    /// For the rules.
    pub fn installed(&self) -> Installed {
        Installed {
            board: self.board.clone(),
            version: self.version.clone(),
            built_unix_s: self.built_unix_s,
        }
    }

    /// The slot that runs.
    ///
    /// # Errors
    /// [`ImageError::NoSlot`].
    pub fn slot(&self) -> Result<Slot, ImageError> {
        let line = std::fs::read_to_string(&self.command_line).unwrap_or_default();
        Slot::of_command_line(&line).ok_or_else(|| ImageError::NoSlot {
            path: self.command_line.clone(),
        })
    }

    /// Both, as this board starts them.
    ///
    /// # Errors
    /// [`ImageError::NoSlot`].
    pub fn slots(&self) -> Result<Box<dyn Slots>, ImageError> {
        let (current, partitions) = (self.slot()?, self.partitions.clone());
        Ok(match self.boot {
            Boot::Uefi => Box::new(Uefi {
                esp: self.boot_files.clone(),
                partitions,
                current,
                options: self.options.clone(),
            }),
            Boot::RaspberryPi => Box::new(RaspberryPi {
                boot: self.boot_files.clone(),
                partitions,
                current,
                numbers: PI_PARTITIONS,
            }),
        })
    }
}
