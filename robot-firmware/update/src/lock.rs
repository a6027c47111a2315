//! One updater at a time: the timer's and one by hand would write into the same slot.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

const FILE: &str = "lock";
/// Nobody writes more into it.
const HOLDER_MAX: u64 = 200;

/// Held as long as it lives, or the process.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Why there is no lock.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Somebody else's.
    #[error("{holder} is at work on this robot; wait until it has ended, or end it")]
    Held {
        /// What they wrote into it.
        holder: String,
    },
    /// The file.
    #[error("cannot lock {}; run this as root", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

impl Lock {
    /// Takes the lock of a folder of updates at once or not at all, for `command`.
    ///
    /// # Errors
    /// [`LockError`].
    pub fn take(folder: &Path, command: &str) -> Result<Self, LockError> {
        let (path, file) = open(folder)?;
        match file.try_lock() {
            Ok(()) => sign(file, &path, command),
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = (&file).take(HOLDER_MAX).read_to_string(&mut holder);
                if holder.is_empty() {
                    holder = "another updater".to_owned();
                }
                Err(LockError::Held { holder })
            }
            Err(TryLockError::Error(source)) => Err(LockError::Io { path, source }),
        }
    }

    /// Waits for it.
    ///
    /// # Errors
    /// [`LockError::Io`].
    pub fn wait(folder: &Path, command: &str) -> Result<Self, LockError> {
        let (path, file) = open(folder)?;
        match file.lock() {
            Ok(()) => sign(file, &path, command),
            Err(source) => Err(LockError::Io { path, source }),
        }
    }
}

fn open(folder: &Path) -> Result<(PathBuf, File), LockError> {
    let path = folder.join(FILE);
    let mut options = OpenOptions::new();
    // Who holds it still stands there.
    let options = options.read(true).write(true).create(true).truncate(false);
    let opened = fs::create_dir_all(folder).and_then(|()| options.open(&path));
    match opened {
        Ok(file) => Ok((path, file)),
        Err(source) => Err(LockError::Io { path, source }),
    }
}

fn sign(mut file: File, path: &Path, command: &str) -> Result<Lock, LockError> {
    let words = format!("`{command}` (process {})", std::process::id());
    let signed = file
        .set_len(0)
        .and_then(|()| file.write_all(words.as_bytes()));
    signed.map_err(|source| LockError::Io {
        path: path.to_owned(),
        source,
    })?;
    Ok(Lock { _file: file })
}
