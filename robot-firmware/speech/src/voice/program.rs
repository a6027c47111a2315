//! Runs a speech program: text in by its standard input, sound out by its standard output.

use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::VoiceError;

/// A program that takes longer for one sentence hangs.
const TIMEOUT: Duration = Duration::from_secs(20);

/// What `program` writes when it is given `input`. Nothing passes a shell or the disk.
///
/// `package` is named when the program isn't there.
pub(super) fn run<S: AsRef<OsStr>>(
    program: &Path,
    package: &'static str,
    arguments: &[S],
    input: &str,
) -> Result<Vec<u8>, VoiceError> {
    let name = || program.display().to_string();
    let failed = |source| VoiceError::Program {
        program: name(),
        source,
    };
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => VoiceError::NoProgram {
                program: name(),
                package,
            },
            _ => failed(error),
        })?;
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
        .map_err(|_| failed(io::Error::from(io::ErrorKind::TimedOut)))?
        .map_err(failed)?;
    let status = child.0.wait().map_err(failed)?;
    if status.success() {
        Ok(output)
    } else {
        Err(failed(io::Error::other(status.to_string())))
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

/// The rate and the samples of a mono 16-bit WAV stream, whose length fields a program that
/// writes to a pipe can't know.
pub(super) fn parse_wav(bytes: &[u8]) -> Option<(u32, Vec<i16>)> {
    if bytes.get(..4)? != b"RIFF" || bytes.get(8..12)? != b"WAVE" {
        return None;
    }
    let (mut rate, mut rest) = (None, bytes.get(12..)?);
    loop {
        let (head, body) = rest.split_at_checked(8)?;
        let length = u32::from_le_bytes(head[4..].try_into().ok()?) as usize;
        match &head[..4] {
            b"fmt " => {
                let format = body.get(..16)?;
                let mono_16_bit = format[2..4] == [1, 0] && format[14..16] == [16, 0];
                rate = Some(u32::from_le_bytes(format[4..8].try_into().ok()?));
                if !mono_16_bit {
                    return None;
                }
            }
            b"data" => {
                let data = &body[..length.min(body.len())];
                let samples = data
                    .chunks_exact(2)
                    .map(|b| i16::from_le_bytes([b[0], b[1]]));
                return Some((rate?, samples.collect()));
            }
            _ => {}
        }
        rest = body.get(length.next_multiple_of(2)..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_streamed_wav_is_read_to_its_end() {
        let mut bytes = b"RIFF\xff\xff\xff\x7fWAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec();
        bytes.extend(22_050_u32.to_le_bytes());
        bytes.extend(44_100_u32.to_le_bytes());
        bytes.extend(b"\x02\0\x10\0data\0\xf0\xff\x7f\x01\0\xff\xff");
        assert_eq!(parse_wav(&bytes), Some((22_050, vec![1, -1])));
        for length in 0..40 {
            assert_eq!(parse_wav(&bytes[..length]), None);
        }
    }

    #[test]
    fn a_missing_program_is_named_with_its_package() {
        let error = run(Path::new("no-such-program"), "espeak-ng", &["-v"], "hi").unwrap_err();
        assert!(error.to_string().contains("`no-such-program`"), "{error}");
        assert!(
            error.to_string().contains("apt install espeak-ng"),
            "{error}"
        );
    }

    #[test]
    fn text_passes_unchanged_and_unread() {
        let text = "$(reboot); `id` \"quoted\" 窓口\n".repeat(20_000);
        let output = run(Path::new("cat"), "coreutils", &["-"], &text).unwrap();
        assert!(output == text.as_bytes());
        assert!(run(Path::new("false"), "coreutils", &["-"], &text).is_err());
    }
}
