//! What the robot still owes its console, on disk: encrypted under the device key, erased once the
//! console has it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use madoguchi_shared::ids::{CaseId, TaskId, UnixMs};
use madoguchi_shared::packet::{Packet, Task};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use serde::{Deserialize, Serialize};

use crate::device_key::DeviceKey;
use crate::files::write_private;

/// File name in the state folder.
const FILE: &str = "owed.sealed";
/// What the sealing key is derived for; part of the file's format.
const PURPOSE: &str = "madoguchi-owed-v1";

/// What the console hasn't acknowledged yet.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Owed {
    /// Cases that are open or not yet stored.
    pub packets: BTreeMap<CaseId, Packet>,
    /// Promises, in the order in which they were given.
    pub tasks: BTreeMap<TaskId, Task>,
    /// When it was written.
    pub written_at: UnixMs,
}

impl Owed {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.packets.is_empty() && self.tasks.is_empty()
    }
}

/// Why what was kept can't be read.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The file can't be read.
    #[error("{} can't be read; the daemon must own it", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// It was written under another device key, or is damaged.
    #[error(
        "{} was sealed with another device key or is damaged; what it held is lost, remove it",
        path.display()
    )]
    Sealed {
        /// The file.
        path: PathBuf,
    },
}

/// The file, and the key that it is sealed with.
#[derive(Debug)]
pub struct Vault {
    path: PathBuf,
    key: LessSafeKey,
}

impl Vault {
    /// The vault in the state folder. Nothing is read yet.
    pub fn new(state: &Path, device: &DeviceKey) -> Self {
        let key = device.derive(PURPOSE);
        let key = UnboundKey::new(&CHACHA20_POLY1305, &key);
        let key = LessSafeKey::new(key.expect("32 bytes"));
        Self {
            path: state.join(FILE),
            key,
        }
    }

    /// What was kept; nothing where there is no file.
    ///
    /// # Errors
    /// [`VaultError`]; the file stays as it is.
    pub fn read(&self) -> Result<Owed, VaultError> {
        let path = self.path.clone();
        let mut sealed = match fs::read(&self.path) {
            Ok(sealed) => sealed,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Owed::default()),
            Err(source) => return Err(VaultError::Read { path, source }),
        };
        let opened = sealed
            .split_at_mut_checked(NONCE_LEN)
            .and_then(|(nonce, body)| {
                let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
                let text = self
                    .key
                    .open_in_place(nonce, Aad::from(PURPOSE), body)
                    .ok()?;
                serde_json::from_slice(text).ok()
            });
        opened.ok_or(VaultError::Sealed { path })
    }

    /// Replaces what was kept; nothing is kept as no file.
    ///
    /// # Errors
    /// When the folder can't be written.
    pub fn write(&self, owed: &Owed) -> io::Result<()> {
        if owed.is_empty() {
            return match fs::remove_file(&self.path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            };
        }
        let nonce: [u8; NONCE_LEN] = rand::random();
        let mut body = serde_json::to_vec(owed)?;
        self.key
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(PURPOSE),
                &mut body,
            )
            .map_err(|_| io::Error::other("sealing failed"))?;
        write_private(&self.path, &[&nonce[..], &body].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::super::book::tests::{packet, task};
    use super::*;

    fn owed() -> Owed {
        let (case, task) = (packet(1), task(2));
        Owed {
            packets: [(case.case_id, case)].into(),
            tasks: [(task.task_id, task)].into(),
            written_at: UnixMs(5),
        }
    }

    #[test]
    fn what_is_kept_is_read_by_its_own_robot_only_and_shows_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let key = DeviceKey::load_or_create(dir.path()).unwrap();
        let vault = Vault::new(dir.path(), &key);
        assert_eq!(vault.read().unwrap(), Owed::default());
        vault.write(&owed()).unwrap();
        assert_eq!(Vault::new(dir.path(), &key).read().unwrap(), owed());

        let bytes = fs::read(dir.path().join(FILE)).unwrap();
        for words in ["0312345678", "asked_for_person"] {
            let shows = bytes
                .windows(words.len())
                .any(|part| part == words.as_bytes());
            assert!(!shows, "{words} can be read on the disk");
        }
        let other = tempfile::tempdir().unwrap();
        let stranger = DeviceKey::load_or_create(other.path()).unwrap();
        let error = Vault::new(dir.path(), &stranger).read().unwrap_err();
        assert!(error.to_string().contains("another device key"), "{error}");
    }

    #[test]
    fn what_was_acknowledged_is_no_longer_on_the_disk() {
        let dir = tempfile::tempdir().unwrap();
        let key = DeviceKey::load_or_create(dir.path()).unwrap();
        let vault = Vault::new(dir.path(), &key);
        vault.write(&owed()).unwrap();
        vault.write(&Owed::default()).unwrap();
        assert!(!dir.path().join(FILE).exists());
        vault.write(&Owed::default()).unwrap();
    }
}
