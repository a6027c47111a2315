//! The air between a simulated loudspeaker and a simulated microphone.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use gstreamer as gst;

use crate::config::SimulatedRoom;
use crate::event::MICROPHONE_RATE_HZ;

/// Samples a second of everything in the room.
pub(crate) const RATE_HZ: u32 = MICROPHONE_RATE_HZ;

/// The walls' part of the sound: how much later than the direct sound, in samples, and how strong.
const REFLECTIONS: [(usize, f32); 12] = [
    (0, 0.70),
    (1, 0.35),
    (29, -0.28),
    (53, 0.24),
    (97, -0.21),
    (151, 0.17),
    (233, 0.14),
    (331, -0.11),
    (433, 0.08),
    (577, -0.06),
    (719, 0.04),
    (953, 0.03),
];
/// Timestamps are rounded, and a pipeline may begin within a sample: what is closer together than
/// this follows without a gap.
const JITTER: u64 = 5 * RATE_HZ as u64 / 1_000;
/// A loudspeaker has got this far ahead of what is heard, by the buffer that it holds.
const AHEAD: u64 = 30 * RATE_HZ as u64 / 1_000;
/// How long the microphone waits for a loudspeaker that is late on a busy machine: in a room there
/// is no such thing.
const LATE: Duration = Duration::from_millis(500);

/// What is played on one side comes out on the other, later, weaker and reflected.
#[derive(Clone)]
pub(crate) struct Room {
    air: Arc<(Mutex<Air>, Condvar)>,
    delay: u64,
    gains: [f32; REFLECTIONS.len()],
}

#[derive(Default)]
struct Air {
    /// The newest samples that were played.
    played: VecDeque<f32>,
    /// Number of the sample after them, counted from the pipelines' common zero.
    end: u64,
}

impl Room {
    pub(crate) fn new(room: SimulatedRoom) -> Self {
        let energy: f32 = REFLECTIONS.iter().map(|(_, gain)| gain * gain).sum();
        let loss = 10f32.powf(f32::from(room.loss_db) / 20.0);
        Self {
            air: Arc::default(),
            delay: samples_in(room.delay),
            gains: REFLECTIONS.map(|(_, gain)| gain / energy.sqrt() / loss),
        }
    }

    /// The loudspeaker plays samples, native-endian `f32`, from `at` on.
    pub(crate) fn play(&self, at: gst::ClockTime, samples: &[u8]) {
        let (air, more) = &*self.air;
        let Ok(mut air) = air.lock() else { return };
        let start = sample_at(at);
        if start > air.end + JITTER || start + JITTER < air.end {
            air.played.clear();
            air.end = start;
        }
        let samples = samples.as_chunks::<4>().0;
        air.played
            .extend(samples.iter().copied().map(f32::from_ne_bytes));
        air.end += samples.len() as u64;
        let keep = usize::try_from(self.delay).unwrap_or(usize::MAX) + RATE_HZ as usize;
        let surplus = air.played.len().saturating_sub(keep);
        air.played.drain(..surplus);
        more.notify_one();
    }

    /// Adds to what the microphone takes up from `at` on, samples as native-endian `f32`.
    pub(crate) fn hear(&self, at: gst::ClockTime, out: &mut [u8]) {
        let (air, more) = &*self.air;
        let out = out.as_chunks_mut::<4>().0;
        let start = sample_at(at);
        let needed = start + out.len() as u64 + AHEAD;
        let Ok(air) = air.lock() else { return };
        let late = |air: &mut Air| air.end < needed && air.end + u64::from(RATE_HZ) > needed;
        let Ok((air, _)) = more.wait_timeout_while(air, LATE, late) else {
            return;
        };
        for (now, bytes) in (start..).zip(out) {
            let echo: f32 = REFLECTIONS
                .iter()
                .zip(self.gains)
                .map(|((later, _), gain)| gain * air.sample(now, self.delay + *later as u64))
                .sum();
            *bytes = (f32::from_ne_bytes(*bytes) + echo).to_ne_bytes();
        }
    }
}

impl Air {
    /// What was played `ago` samples before the sample `now`; silence where nothing was.
    fn sample(&self, now: u64, ago: u64) -> f32 {
        let begin = self.end - self.played.len() as u64;
        now.checked_sub(ago + begin)
            .and_then(|index| self.played.get(usize::try_from(index).ok()?))
            .copied()
            .unwrap_or(0.0)
    }
}

fn samples_in(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX) * u64::from(RATE_HZ) / 1_000_000
}

fn sample_at(time: gst::ClockTime) -> u64 {
    (time.nseconds() * u64::from(RATE_HZ / 1_000) + 500_000) / 1_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(samples: &[f32]) -> Vec<u8> {
        samples
            .iter()
            .flat_map(|sample| sample.to_ne_bytes())
            .collect()
    }

    fn heard(room: &Room, at_ms: u64, samples: usize) -> Vec<f32> {
        let mut out = bytes(&vec![0.0; samples]);
        room.hear(gst::ClockTime::from_mseconds(at_ms), &mut out);
        let (chunks, _) = out.as_chunks::<4>();
        chunks.iter().copied().map(f32::from_ne_bytes).collect()
    }

    #[test]
    fn sound_comes_back_later_and_weaker() {
        let room = Room::new(SimulatedRoom {
            delay: Duration::from_millis(60),
            loss_db: 20,
        });
        let mut click = vec![0.0; 1_600];
        click[0] = 1.0;
        room.play(gst::ClockTime::from_mseconds(1_000), &bytes(&click));
        assert!(heard(&room, 1_050, 160).iter().all(|sample| *sample == 0.0));
        let echo = heard(&room, 1_060, 1_600 - 960);
        assert!(echo[0] > 0.05, "{}", echo[0]);
        let tail = heard(&room, 1_100, 960);
        let energy: f32 = echo.iter().chain(&tail).map(|sample| sample * sample).sum();
        assert!((energy.sqrt() - 0.1).abs() < 0.01, "{}", energy.sqrt());
    }

    #[test]
    fn a_visitor_is_heard_through_the_echo() {
        let room = Room::new(SimulatedRoom::default());
        let mut out = bytes(&[0.25; 4]);
        room.hear(gst::ClockTime::from_seconds(5), &mut out);
        assert_eq!(out, bytes(&[0.25; 4]));
    }

    #[test]
    fn a_loudspeaker_that_comes_back_is_heard_from_then_on() {
        let room = Room::new(SimulatedRoom {
            delay: Duration::ZERO,
            loss_db: 0,
        });
        room.play(gst::ClockTime::from_seconds(1), &bytes(&[1.0; 160]));
        room.play(gst::ClockTime::from_seconds(9), &bytes(&[1.0; 160]));
        assert!(heard(&room, 1_000, 16).iter().all(|sample| *sample == 0.0));
        assert!(heard(&room, 9_000, 160)[100] > 0.1);
    }
}
