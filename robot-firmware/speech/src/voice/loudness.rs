//! Brings every voice to one loudness, so that a change of language is no change of volume.

/// Root mean square that voiced parts are brought to: −20 dB of full scale.
const TARGET_RMS: f32 = 0.1;
/// Highest sample after that: −1 dB of full scale.
const CEILING: f32 = 0.89;
/// Frames quieter than this, −50 dB, are pauses and don't count.
const PAUSE_RMS: f32 = 0.003;
/// Samples a frame, about 20 ms.
const FRAME: usize = 441;
/// Voiced frames after which a voice is known: a second.
const KNOWN_FRAMES: usize = 50;

/// The loudness of one voice.
///
/// The gain is measured on the first second that the voice speaks and then kept: the pieces of a
/// sentence would differ if each were measured by itself.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Loudness {
    gain: Option<f32>,
}

impl Loudness {
    /// Scales `samples` (around 0, any range) to the common loudness, −1 to 1.
    pub(super) fn level(&mut self, samples: &mut [f32]) {
        let gain = match self.gain {
            Some(gain) => gain,
            None => self.measure(samples),
        };
        let peak = samples.iter().fold(0.0_f32, |peak, s| peak.max(s.abs()));
        let gain = gain.min(CEILING / peak.max(f32::MIN_POSITIVE));
        for sample in samples {
            *sample *= gain;
        }
    }

    fn measure(&mut self, samples: &[f32]) -> f32 {
        let power = |frame: &[f32]| frame.iter().map(|s| s * s).sum::<f32>() / frame.len() as f32;
        let voiced: Vec<f32> = samples
            .chunks(FRAME)
            .map(power)
            .filter(|power| power.sqrt() > PAUSE_RMS)
            .collect();
        if voiced.is_empty() {
            return 1.0;
        }
        let rms = (voiced.iter().sum::<f32>() / voiced.len() as f32).sqrt();
        let gain = TARGET_RMS / rms;
        if voiced.len() >= KNOWN_FRAMES {
            self.gain = Some(gain);
        }
        gain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn voice(volume: f32, length: usize) -> Vec<f32> {
        (0..length)
            .map(|i| volume * (i as f32 * 0.1).sin() * f32::from(i > length / 2))
            .collect()
    }

    fn loudest(mut samples: Vec<f32>, loudness: &mut Loudness) -> f32 {
        loudness.level(&mut samples);
        samples.iter().fold(0.0, |peak, s| peak.max(s.abs()))
    }

    #[test]
    fn loud_and_quiet_voices_come_out_alike() {
        let loud = loudest(voice(0.9, 20_000), &mut Loudness::default());
        let quiet = loudest(voice(0.05, 20_000), &mut Loudness::default());
        assert!((loud - quiet).abs() < 0.003, "{loud} {quiet}");
        assert_eq!(loudest(vec![0.0; 1000], &mut Loudness::default()), 0.0);
        assert_eq!(loudest(Vec::new(), &mut Loudness::default()), 0.0);
    }

    #[test]
    fn a_voice_keeps_its_gain_from_piece_to_piece() {
        let mut loudness = Loudness::default();
        let spoken = loudest(voice(0.2, 60_000), &mut loudness);
        let whispered = loudest(voice(0.1, 60_000), &mut loudness);
        assert!((whispered - spoken / 2.0).abs() < 0.002, "{whispered}");
    }

    #[test]
    fn a_peak_is_not_clipped() {
        let mut samples: Vec<f32> = (0..20_000).map(|i| 0.02 * (i as f32 * 0.1).sin()).collect();
        samples[5_000] = 0.9;
        assert!(loudest(samples, &mut Loudness::default()) < 0.9);
    }
}
