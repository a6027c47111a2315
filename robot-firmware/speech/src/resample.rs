//! Change of sample rate for whole clips (not for live streams, which GStreamer resamples).

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler};

/// Frames that the resampler takes at a time.
const CHUNK: usize = 1024;

/// A rate that no resampler can be built for.
#[derive(Debug, thiserror::Error)]
#[error("cannot change the sample rate from {from_hz} Hz to {to_hz} Hz: {reason}")]
pub struct ResampleError {
    from_hz: u32,
    to_hz: u32,
    reason: String,
}

/// `samples` (mono, −1 to 1) at another rate, as long in time, by an FFT resampler with an
/// anti-alias filter.
///
/// # Errors
/// [`ResampleError`] when a rate is 0 or otherwise impossible.
pub fn resample(samples: &[f32], from_hz: u32, to_hz: u32) -> Result<Vec<f32>, ResampleError> {
    if from_hz == to_hz || samples.is_empty() {
        return Ok(samples.to_vec());
    }
    let failed = |reason: String| ResampleError {
        from_hz,
        to_hz,
        reason,
    };
    let (from, to) = (from_hz as usize, to_hz as usize);
    let mut resampler = Fft::<f32>::new(from, to, CHUNK, 1, FixedSync::Both)
        .map_err(|error| failed(error.to_string()))?;
    let input = InterleavedSlice::new(samples, 1, samples.len())
        .map_err(|error| failed(error.to_string()))?;
    let output = resampler
        .process_all(&input, samples.len(), None)
        .map_err(|error| failed(error.to_string()))?;
    Ok(output.take_data())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_keeps_its_pitch_and_length() {
        let tone = |rate: u32| -> Vec<f32> {
            let step = std::f32::consts::TAU * 440.0 / rate as f32;
            (0..rate / 2)
                .map(|i| 0.5 * (i as f32 * step).sin())
                .collect()
        };
        for rate in [8_000, 22_050, 44_100, 48_000] {
            let resampled = resample(&tone(rate), rate, 16_000).unwrap();
            assert!(
                resampled.len().abs_diff(8_000) <= 2,
                "{rate}: {}",
                resampled.len()
            );
            let expected = tone(16_000);
            let middle = 1_000..7_000;
            let error = middle
                .map(|i| (resampled[i] - expected[i]).abs())
                .fold(0.0, f32::max);
            // Half a sample of delay is as far off as 0.043.
            assert!(error < 0.045, "{rate}: {error}");
        }
    }

    #[test]
    fn an_impossible_rate_is_an_error() {
        assert!(resample(&[0.0; 10], 0, 16_000).is_err());
    }
}
