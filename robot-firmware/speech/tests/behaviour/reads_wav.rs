//! WAV files of every kind become 16 kHz mono; others are refused in one clear sentence.

use std::path::Path;

use hound::{SampleFormat, WavSpec, WavWriter};
use madoguchi_speech::wav::{self, SPEECH_RATE_HZ};

fn tone(rate_hz: u32) -> impl Iterator<Item = f32> {
    let step = std::f32::consts::TAU * 300.0 / rate_hz as f32;
    (0..rate_hz).map(move |i| 0.5 * (i as f32 * step).sin())
}

#[test]
fn every_width_rate_and_channel_count_sounds_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let expected: Vec<f32> = tone(SPEECH_RATE_HZ).collect();
    for (rate, bits, channels) in [
        (16_000, 16, 1),
        (8_000, 16, 1),
        (44_100, 24, 2),
        (48_000, 32, 2),
        (22_050, 8, 1),
        (16_000, 0, 1),
    ] {
        let path = dir.path().join("tone.wav");
        let float = bits == 0;
        let spec = WavSpec {
            channels,
            sample_rate: rate,
            bits_per_sample: if float { 32 } else { bits },
            sample_format: if float {
                SampleFormat::Float
            } else {
                SampleFormat::Int
            },
        };
        let mut writer = WavWriter::create(&path, spec).unwrap();
        for sample in tone(rate) {
            for _ in 0..channels {
                if float {
                    writer.write_sample(sample).unwrap();
                } else {
                    let full_scale = ((1_i64 << (bits - 1)) - 1) as f32;
                    writer.write_sample((sample * full_scale) as i32).unwrap();
                }
            }
        }
        writer.finalize().unwrap();
        let samples = wav::read(&path).unwrap();
        assert!(
            samples.len().abs_diff(16_000) <= 2,
            "{rate} Hz: {}",
            samples.len()
        );
        let errors = (1_000..15_000).map(|i| (samples[i] - expected[i]).abs());
        let worst = errors.fold(0.0, f32::max);
        assert!(
            worst < 0.045,
            "{rate} Hz, {bits} bits, {channels} channels: {worst}"
        );
    }
}

#[test]
fn what_was_written_is_read_back() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("out.wav");
    wav::write(&path, 16_000, &[0, 16_384, -16_384, 0]).unwrap();
    assert_eq!(wav::read(&path).unwrap(), [0.0, 0.5, -0.5, 0.0]);
    let error = wav::write(Path::new("/nonexistent/out.wav"), 16_000, &[]).unwrap_err();
    assert!(
        error.to_string().contains("/nonexistent/out.wav"),
        "{error}"
    );
}

#[test]
fn another_file_is_named_with_what_it_starts_with() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("song.wav");
    for (bytes, expected) in [
        (
            &b"ID3\x03\0\0\0\0\0\0\0\0\0"[..],
            "is not a WAV file (it starts with \"ID3\\x03",
        ),
        (b"", "it is empty"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "cannot read the audio in"),
        (b"RIFF\x24\0\0\0AVI LIST", "is not a WAV file"),
    ] {
        std::fs::write(&path, bytes).unwrap();
        let error = wav::read(&path).unwrap_err().to_string();
        assert!(
            error.contains(expected) && error.contains("song.wav"),
            "{error}"
        );
    }
    let error = wav::read(&dir.path().join("absent.wav"))
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("cannot read") && error.contains("absent.wav"),
        "{error}"
    );
}
