//! Brings every voice to one loudness, so that a change of language is no change of volume.

/// Root mean square that voiced parts are brought to: −20 dB of full scale.
const TARGET_RMS: f32 = 0.1;
/// Highest sample after that: −1 dB of full scale.
const CEILING: f32 = 0.89;
/// Frames quieter than this, −50 dB, are pauses and don't count.
const PAUSE_RMS: f32 = 0.003;
/// Samples a frame, about 20 ms.
const FRAME: usize = 441;

/// Scales `samples` (−1 to 1) to the common loudness and makes them 16-bit.
pub(super) fn level(samples: &[f32]) -> Vec<i16> {
    let power = |frame: &[f32]| frame.iter().map(|s| s * s).sum::<f32>() / frame.len() as f32;
    let voiced: Vec<f32> = samples
        .chunks(FRAME)
        .map(power)
        .filter(|power| power.sqrt() > PAUSE_RMS)
        .collect();
    let rms = (voiced.iter().sum::<f32>() / voiced.len().max(1) as f32).sqrt();
    let peak = samples.iter().fold(0.0_f32, |peak, s| peak.max(s.abs()));
    let gain = if rms > 0.0 {
        (TARGET_RMS / rms).min(CEILING / peak)
    } else {
        1.0
    };
    samples
        .iter()
        .map(|s| (s * gain * f32::from(i16::MAX)) as i16)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loud_and_quiet_voices_come_out_alike() {
        let voice = |volume: f32| -> Vec<f32> {
            (0..20_000)
                .map(|i| volume * (i as f32 * 0.1).sin() * f32::from(i > 10_000))
                .collect()
        };
        let loudest = |samples: Vec<i16>| samples.iter().map(|s| s.unsigned_abs()).max().unwrap();
        let (loud, quiet) = (loudest(level(&voice(0.9))), loudest(level(&voice(0.05))));
        assert!(loud.abs_diff(quiet) < 100, "{loud} {quiet}");
        assert_eq!(loudest(level(&[0.0; 1000])), 0);
        assert!(level(&[]).is_empty());
    }

    #[test]
    fn a_peak_is_not_clipped() {
        let mut samples: Vec<f32> = (0..20_000).map(|i| 0.02 * (i as f32 * 0.1).sin()).collect();
        samples[5_000] = 0.9;
        assert!(level(&samples).iter().all(|s| s.unsigned_abs() < 29_500));
    }
}
