//! How loud the robot speaks: as people do, louder where the room is louder.
//!
//! People raise their voice by about half a decibel for each decibel of noise (the Lombard
//! effect); so does the robot, between two limits.

use std::time::Duration;

/// A room as quiet as this, in dB of full scale at the microphone, is answered with the least
/// volume.
const QUIET_DB: f32 = -60.0;
/// Decibels of volume for a decibel of noise.
const SLOPE: f32 = 0.5;
/// A door that slams is no louder room: the floor rises slowly and falls faster.
const RISE_DB_PER_S: f32 = 2.0;
const FALL_DB_PER_S: f32 = 6.0;
/// Quieter than any microphone.
const SILENCE_DB: f32 = -90.0;
/// Voice detectors are surely below this in noise.
const NOISE_PROBABILITY: f32 = 0.2;

/// The limits of the volume, in dB relative to the voices' common loudness.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VolumeLimits {
    /// In a quiet room. Default −9.
    pub min_db: f32,
    /// In a loud room. Default 0: above it, peaks are clipped.
    pub max_db: f32,
}

impl Default for VolumeLimits {
    fn default() -> Self {
        Self {
            min_db: -9.0,
            max_db: 0.0,
        }
    }
}

impl VolumeLimits {
    /// The volume for a room with this noise floor, in dB of full scale.
    pub fn volume_db(&self, noise_db: f32) -> f32 {
        let louder = SLOPE * (noise_db - QUIET_DB).max(0.0);
        (self.min_db + louder).min(self.max_db)
    }
}

/// The noise floor of the room: the level at the microphone while nobody speaks, followed slowly.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoiseFloor {
    db: Option<f32>,
}

impl NoiseFloor {
    /// Takes a frame: its loudness at the microphone (RMS, 0 to 1), before noise suppression takes
    /// away what is measured here, and the probability that it holds a voice.
    pub fn push(&mut self, rms: f32, voice_probability: f32, length: Duration) {
        if voice_probability >= NOISE_PROBABILITY || !rms.is_finite() {
            return;
        }
        let db = (20.0 * rms.log10()).max(SILENCE_DB);
        let seconds = length.as_secs_f32();
        self.db = Some(match self.db {
            None => db,
            Some(floor) if db > floor => (floor + RISE_DB_PER_S * seconds).min(db),
            Some(floor) => (floor - FALL_DB_PER_S * seconds).max(db),
        });
    }

    /// In dB of full scale; `None` before the first frame without a voice.
    pub fn db(&self) -> Option<f32> {
        self.db
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Duration = Duration::from_millis(16);

    fn after(floor: &mut NoiseFloor, level_db: f32, probability: f32, seconds: f32) -> f32 {
        let rms = 10.0_f32.powf(level_db / 20.0);
        for _ in 0..(seconds / FRAME.as_secs_f32()) as usize {
            floor.push(rms, probability, FRAME);
        }
        floor.db().unwrap()
    }

    #[test]
    fn the_volume_rises_by_half_the_noise_between_its_limits() {
        let limits = VolumeLimits::default();
        for (noise_db, volume_db) in [
            (-90.0, -9.0),
            (-60.0, -9.0),
            (-50.0, -4.0),
            (-42.0, 0.0),
            (-10.0, 0.0),
        ] {
            assert_eq!(limits.volume_db(noise_db), volume_db, "{noise_db}");
        }
    }

    #[test]
    fn a_slammed_door_changes_little_and_a_louder_room_is_followed() {
        let mut floor = NoiseFloor::default();
        assert_eq!(floor.db(), None);
        assert!((after(&mut floor, -60.0, 0.0, 1.0) + 60.0).abs() < 0.1);
        assert!(after(&mut floor, -10.0, 0.0, 0.3) < -59.0, "a door");
        assert!((after(&mut floor, -40.0, 0.0, 15.0) + 40.0).abs() < 0.1);
        assert!((after(&mut floor, -60.0, 0.0, 5.0) + 60.0).abs() < 0.1);
    }

    #[test]
    fn speech_and_digital_silence_do_not_mislead() {
        let mut floor = NoiseFloor::default();
        after(&mut floor, -55.0, 0.0, 1.0);
        assert!((after(&mut floor, -20.0, 0.9, 30.0) + 55.0).abs() < 0.1);
        for rms in [0.0, f32::NAN, f32::INFINITY] {
            floor.push(rms, 0.0, FRAME);
            assert!(floor.db().unwrap().is_finite());
        }
    }
}
