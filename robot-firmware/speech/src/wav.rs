//! Reads WAV files of any rate, width and channel count as 16 kHz mono, and writes mono WAV files.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};

use hound::{SampleFormat, WavReader, WavSpec, WavWriter};

use crate::resample::{ResampleError, resample};
use crate::whisper::LONGEST_AUDIO;

/// The rate at which speech is recognised.
pub const SPEECH_RATE_HZ: u32 = 16_000;

/// Why a WAV file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum WavError {
    /// The file can't be opened, read or written.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// The file ends before its sound does.
    #[error(
        "{} is cut off: its sound is shorter than its header says; copy or record it again",
        path.display()
    )]
    Cut {
        /// The file.
        path: PathBuf,
    },
    /// The file is something else.
    #[error(
        "{} is not a WAV file (it starts with {starts_with}); convert it to WAV first", path.display()
    )]
    NotWav {
        /// The file.
        path: PathBuf,
        /// The first bytes, made printable.
        starts_with: String,
    },
    /// The sound is longer than what is recognised at once; nothing of it was read.
    #[error(
        "{} lasts {seconds} s, and at most {} s are recognised at once; cut it into shorter files",
        path.display(),
        LONGEST_AUDIO.as_secs()
    )]
    TooLong {
        /// The file.
        path: PathBuf,
        /// Its length by its header.
        seconds: u64,
    },
    /// The file is a WAV file that can't be decoded.
    #[error("cannot read the audio in {}: {reason}; save it as 16-bit PCM", path.display())]
    Unsupported {
        /// The file.
        path: PathBuf,
        /// What stands in the way.
        reason: String,
    },
}

/// Reads `path` as mono samples from −1 to 1 at [`SPEECH_RATE_HZ`]. Channels are averaged.
///
/// Takes PCM of 8 to 32 bits and 32-bit floats, of at most [`LONGEST_AUDIO`].
///
/// # Errors
/// [`WavError`] names the file, what is wrong with it and what to do.
pub fn read(path: &Path) -> Result<Vec<f32>, WavError> {
    let io_error = |source| WavError::Io {
        action: "read",
        path: path.to_owned(),
        source,
    };
    let mut file = File::open(path).map_err(io_error)?;
    let mut head = [0; 12];
    let length = read_up_to(&mut file, &mut head).map_err(io_error)?;
    if length < head.len() || &head[..4] != b"RIFF" || &head[8..] != b"WAVE" {
        let starts_with = printable(&head[..length]);
        return Err(WavError::NotWav {
            path: path.to_owned(),
            starts_with,
        });
    }
    file.rewind().map_err(io_error)?;
    let unsupported = |reason: String| WavError::Unsupported {
        path: path.to_owned(),
        reason: reason.trim_end_matches('.').to_owned(),
    };
    let reader =
        WavReader::new(io::BufReader::new(file)).map_err(|error| unsupported(error.to_string()))?;
    let rate = reader.spec().sample_rate;
    let seconds = u64::from(reader.duration() / rate.max(1));
    if seconds > LONGEST_AUDIO.as_secs() {
        return Err(WavError::TooLong {
            path: path.to_owned(),
            seconds,
        });
    }
    let samples = mono(reader).map_err(|error| match error {
        hound::Error::IoError(error) if is_cut(&error) => WavError::Cut {
            path: path.to_owned(),
        },
        error => unsupported(error.to_string()),
    })?;
    resample(&samples, rate, SPEECH_RATE_HZ)
        .map_err(|error: ResampleError| unsupported(error.to_string()))
}

/// Writes mono 16-bit samples to `path`.
///
/// # Errors
/// [`WavError::Io`] when the file can't be written.
pub fn write(path: &Path, rate_hz: u32, samples: &[i16]) -> Result<(), WavError> {
    let spec = WavSpec {
        channels: 1,
        sample_rate: rate_hz,
        bits_per_sample: 16,
        sample_format: SampleFormat::Int,
    };
    let io_error = |error| {
        let source = match error {
            hound::Error::IoError(source) => source,
            other => io::Error::other(other),
        };
        WavError::Io {
            action: "write",
            path: path.to_owned(),
            source,
        }
    };
    let mut writer = WavWriter::create(path, spec).map_err(io_error)?;
    samples
        .iter()
        .try_for_each(|sample| writer.write_sample(*sample))
        .map_err(io_error)?;
    writer.finalize().map_err(io_error)
}

fn mono(mut reader: WavReader<impl Read>) -> Result<Vec<f32>, hound::Error> {
    let spec = reader.spec();
    let interleaved: Vec<f32> = match spec.sample_format {
        SampleFormat::Float => reader.samples::<f32>().collect::<Result<_, _>>()?,
        SampleFormat::Int => {
            let scale = 1.0 / (1_i64 << (spec.bits_per_sample - 1)) as f32;
            let samples = reader.samples::<i32>();
            samples
                .map(|sample| Ok(sample? as f32 * scale))
                .collect::<Result<_, hound::Error>>()?
        }
    };
    let channels = usize::from(spec.channels);
    let mono = interleaved.chunks_exact(channels);
    let mono = mono
        .map(|frame| frame.iter().sum::<f32>() / channels as f32)
        .collect();
    Ok(mono)
}

/// hound gives the end of a file that comes too early a sentence instead of a kind.
fn is_cut(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::UnexpectedEof || error.kind() == io::ErrorKind::Other
}

fn read_up_to(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < buffer.len() {
        match file.read(&mut buffer[length..])? {
            0 => break,
            count => length += count,
        }
    }
    Ok(length)
}

fn printable(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "nothing: it is empty".to_owned();
    }
    format!("\"{}\"", bytes[..bytes.len().min(8)].escape_ascii())
}
