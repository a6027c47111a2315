//! Labelled sound to calibrate on: clips cut short, and made worse as rooms and lines do.

use std::time::Duration;

use crate::resample::resample;
use crate::vad;
use crate::wav::SPEECH_RATE_HZ;

/// Lengths in seconds of the pieces that a clip is cut into.
const PIECES_S: [f32; 4] = [0.8, 1.5, 3.0, 5.0];
/// At most this many pieces of one length are taken of a clip, evenly spread.
const MOST_PIECES: usize = 4;
/// A piece must be speech for this part of its length.
const LEAST_VOICED: f32 = 0.5;
/// Signal-to-noise ratios in decibels.
const NOISES_DB: [f32; 2] = [20.0, 10.0];
/// Rate of a telephone line.
const TELEPHONE_HZ: u32 = 8_000;
/// Somebody far from the microphone: a tenth of the amplitude.
const FAR_GAIN: f32 = 0.1;

/// A piece of a clip under one condition.
#[derive(Debug, Clone)]
pub struct Cut {
    /// Mono 16 kHz samples.
    pub samples: Vec<f32>,
    /// Speech in it, measured before it was made worse.
    pub voiced: Duration,
}

/// What makes sound worse.
type Condition = fn(&[f32]) -> Vec<f32>;

/// The pieces of `clip` (mono, 16 kHz): the whole under every condition (clean, two levels of room
/// noise, telephone band, far away), shorter ones clean and under one other condition in turn.
pub fn cuts(clip: &[f32]) -> Vec<Cut> {
    let worse: [Condition; 4] = [
        |clip| with_noise(clip, NOISES_DB[0]),
        |clip| with_noise(clip, NOISES_DB[1]),
        by_telephone,
        |clip| clip.iter().map(|sample| sample * FAR_GAIN).collect(),
    ];
    let mut cuts = Vec::new();
    for (number, piece) in pieces(clip).into_iter().enumerate() {
        let voiced = vad::voiced_time(piece).total;
        let mut add = |samples| cuts.push(Cut { samples, voiced });
        add(piece.to_vec());
        let conditions = match number {
            0 => &worse[..],
            _ => std::slice::from_ref(&worse[number % worse.len()]),
        };
        conditions
            .iter()
            .for_each(|condition| add(condition(piece)));
    }
    cuts
}

/// The whole clip, then its shorter pieces.
fn pieces(clip: &[f32]) -> Vec<&[f32]> {
    let mut pieces = vec![clip];
    for seconds in PIECES_S {
        let length = (seconds * SPEECH_RATE_HZ as f32) as usize;
        let speech: Vec<&[f32]> = clip
            .chunks_exact(length)
            .filter(|piece| vad::voiced_time(piece).total.as_secs_f32() >= LEAST_VOICED * seconds)
            .collect();
        let step = speech.len().div_ceil(MOST_PIECES).max(1);
        pieces.extend(speech.into_iter().step_by(step));
    }
    pieces
}

/// Adds pink noise, as a room has it: the sum of white noises that change at every sample, every
/// second one, every fourth … (Voss). The same for the same length.
fn with_noise(samples: &[f32], snr_db: f32) -> Vec<f32> {
    const OCTAVES: usize = 10;
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut white = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / (1 << 23) as f32 - 1.0
    };
    let mut rows = [0.0; OCTAVES];
    let noise: Vec<f32> = (0..samples.len())
        .map(|i| {
            for (octave, row) in rows.iter_mut().enumerate() {
                if i % (1 << octave) == 0 {
                    *row = white();
                }
            }
            rows.iter().sum()
        })
        .collect();
    let power = |samples: &[f32]| samples.iter().map(|s| s * s).sum::<f32>();
    let ratio = 10_f32.powf(snr_db / 10.0);
    let gain = (power(samples) / (ratio * power(&noise).max(f32::MIN_POSITIVE))).sqrt();
    samples
        .iter()
        .zip(noise)
        .map(|(s, n)| s + gain * n)
        .collect()
}

fn by_telephone(samples: &[f32]) -> Vec<f32> {
    resample(samples, SPEECH_RATE_HZ, TELEPHONE_HZ)
        .and_then(|narrow| resample(&narrow, TELEPHONE_HZ, SPEECH_RATE_HZ))
        .unwrap_or_else(|_| samples.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_has_the_level_asked_for_and_a_telephone_no_treble() {
        let tone = |hz: f32| -> Vec<f32> {
            let step = std::f32::consts::TAU * hz / SPEECH_RATE_HZ as f32;
            (0..16_000).map(|i| (i as f32 * step).sin()).collect()
        };
        let power = |samples: &[f32]| samples.iter().map(|s| s * s).sum::<f32>();
        let clean = tone(440.0);
        let noisy = with_noise(&clean, 10.0);
        let noise: Vec<f32> = noisy.iter().zip(&clean).map(|(n, c)| n - c).collect();
        let snr_db = 10.0 * (power(&clean) / power(&noise)).log10();
        assert!((snr_db - 10.0).abs() < 0.1, "{snr_db}");
        assert!(power(&by_telephone(&tone(6_000.0))) < 0.01 * power(&clean));
        assert!(power(&by_telephone(&clean)) > 0.9 * power(&clean));
    }

    #[test]
    fn silence_gives_nothing_but_itself() {
        let cuts = cuts(&[0.0; 80_000]);
        assert_eq!(cuts.len(), 5);
        assert!(
            cuts.iter()
                .all(|cut| cut.voiced.is_zero() && cut.samples.len() == 80_000)
        );
    }
}
