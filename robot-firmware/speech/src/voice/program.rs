//! Runs a speech program, and reads the sound that it writes.

use std::ffi::OsStr;
use std::io;
use std::path::Path;

use super::VoiceError;

/// What `program` writes when it is given `input`.
///
/// `package` is named when the program isn't there.
pub(super) fn run<S: AsRef<OsStr>>(
    program: &Path,
    package: &'static str,
    arguments: &[S],
    input: &str,
) -> Result<Vec<u8>, VoiceError> {
    let name = || program.display().to_string();
    crate::program::run(program, arguments, input).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => VoiceError::NoProgram {
            program: name(),
            package,
        },
        _ => VoiceError::Program {
            program: name(),
            source,
        },
    })
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
}
