//! Runs a program: text in by its standard input, its result out by its standard output.

use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// A program that takes longer for one sentence hangs.
const TIMEOUT: Duration = Duration::from_secs(20);

/// What `program` writes when it is given `input`. Nothing passes a shell or the disk.
///
/// # Errors
/// `NotFound` when the program isn't there, `Other` when it ends badly, `TimedOut` when it hangs.
pub(crate) fn run<S: AsRef<OsStr>>(
    program: &Path,
    arguments: &[S],
    input: &str,
) -> io::Result<Vec<u8>> {
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut child = Running(child);
    let (stdin, stdout) = (child.0.stdin.take(), child.0.stdout.take());
    let text = input.to_owned();
    // Both ends at once: a program that starts to write before it has read all would block.
    thread::spawn(move || {
        // A program that doesn't want all of its input says so by its exit status.
        let _ = stdin.map(|mut pipe| pipe.write_all(text.as_bytes()));
    });
    let (sender, receiver) = mpsc::sync_channel(1);
    thread::spawn(move || {
        let mut output = Vec::new();
        let read = stdout.map_or(Ok(0), |mut pipe| pipe.read_to_end(&mut output));
        let _ = sender.send(read.map(|_| output));
    });
    let output = receiver
        .recv_timeout(TIMEOUT)
        .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
    let status = child.0.wait()?;
    if status.success() {
        Ok(output)
    } else {
        Err(io::Error::other(status.to_string()))
    }
}

/// A child that ends with its owner.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        if let Ok(None) = self.0.try_wait() {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_passes_unchanged_and_unread() {
        let text = "$(reboot); `id` \"quoted\" 窓口\n".repeat(20_000);
        let output = run(Path::new("cat"), &["-"], &text).unwrap();
        assert!(output == text.as_bytes());
        assert!(run(Path::new("false"), &["-"], &text).is_err());
    }
}
