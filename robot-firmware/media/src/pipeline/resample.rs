//! Speech comes at the rate of its voice; the loudspeaker has one rate.

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler};

/// Frames that go through the transform at once: 46 ms at 22,050 Hz.
const CHUNK_FRAMES: usize = 1_024;

/// Samples of one channel, from one rate to another; `None` when the rate makes no sense.
pub(crate) fn resample(samples: Vec<i16>, from_hz: u32, to_hz: u32) -> Option<Vec<i16>> {
    if from_hz == to_hz || samples.is_empty() {
        return Some(samples);
    }
    if !(4_000..=192_000).contains(&from_hz) {
        return None;
    }
    let input: Vec<f32> = samples.iter().map(|sample| f32::from(*sample)).collect();
    let mut resampler = Fft::<f32>::new(
        from_hz as usize,
        to_hz as usize,
        CHUNK_FRAMES,
        1,
        FixedSync::Input,
    )
    .ok()?;
    let view = InterleavedSlice::new(&input[..], 1, input.len()).ok()?;
    let output = resampler.process_all(&view, input.len(), None).ok()?;
    Some(
        output
            .take_data()
            .into_iter()
            .map(|sample| sample.round().clamp(-32_768.0, 32_767.0) as i16)
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sine(rate_hz: u32, count: usize) -> Vec<i16> {
        (0..count)
            .map(|n| {
                let turn = n as f32 * 440.0 / rate_hz as f32 * std::f32::consts::TAU;
                (turn.sin() * 16_000.0) as i16
            })
            .collect()
    }

    #[test]
    fn a_second_stays_a_second_and_keeps_its_shape() {
        for from in [16_000, 22_050, 44_100] {
            let out = resample(sine(from, from as usize), from, 48_000).unwrap();
            assert!(
                (47_900..=48_100).contains(&out.len()),
                "{from}: {}",
                out.len()
            );
            let expected = sine(48_000, out.len());
            let worst = (4_800..43_200)
                .map(|n| (i32::from(out[n]) - i32::from(expected[n])).abs())
                .max()
                .unwrap();
            assert!(worst < 400, "{from}: off by {worst}");
        }
    }

    #[test]
    fn a_rate_that_makes_no_sense_is_refused() {
        assert_eq!(resample(vec![1; 10], 0, 48_000), None);
    }
}
