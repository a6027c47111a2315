//! What the loudspeaker plays next: the robot's own sentences and the operator's voice, mixed.
//!
//! A pure object that is asked for samples by whoever drives the device, so that stopping a
//! sentence takes effect with the very next buffer.

use std::collections::VecDeque;

/// Samples a second of everything in the mixer; one channel.
pub(crate) const RATE_HZ: u32 = 48_000;

const SAMPLES_PER_MS: usize = RATE_HZ as usize / 1_000;
/// Five minutes; more than any answer takes.
const CLIP_SAMPLES_LIMIT: usize = 300_000 * SAMPLES_PER_MS;
const VOICE_START: usize = 20 * SAMPLES_PER_MS;
/// The operator's clock and the loudspeaker's drift apart, at worst a few hundred ms an hour.
/// What piles up beyond this is dropped down to [`VOICE_KEEP`].
const VOICE_LIMIT: usize = 200 * SAMPLES_PER_MS;
const VOICE_KEEP: usize = 40 * SAMPLES_PER_MS;

/// A change of volume is spread over about this many samples, or it would click.
const VOLUME_RAMP: f32 = (20 * SAMPLES_PER_MS) as f32;

/// What became of a clip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Playback {
    Started { id: u64 },
    Ended { id: u64, cut: bool },
}

struct Clip {
    id: u64,
    samples: Vec<i16>,
    position: usize,
    started: bool,
}

/// See the module.
#[derive(Default)]
pub(crate) struct Mixer {
    clips: VecDeque<Clip>,
    clip_samples: usize,
    voice: VecDeque<i16>,
    voice_flows: bool,
    voice_muted: bool,
    out_of_order: bool,
    volume: Volume,
}

/// Factors on everything that is heard: the one in use, and the one that it moves to.
struct Volume {
    now: f32,
    wanted: f32,
}

impl Default for Volume {
    fn default() -> Self {
        Self {
            now: 1.0,
            wanted: 1.0,
        }
    }
}

impl Volume {
    fn apply(&mut self, out: &mut [i16]) {
        for sample in out {
            self.now += (self.wanted - self.now) / VOLUME_RAMP;
            *sample = (f32::from(*sample) * self.now) as i16;
        }
    }
}

impl Mixer {
    /// Sets the volume of everything that is heard, as a factor on the samples.
    pub(crate) fn set_volume(&mut self, factor: f32) {
        self.volume.wanted = factor;
    }

    /// Queues a clip. Refused (`Ended`, cut) when the queue is full or no device plays it.
    pub(crate) fn push_clip(&mut self, id: u64, samples: Vec<i16>) -> Option<Playback> {
        if self.out_of_order || self.clip_samples + samples.len() > CLIP_SAMPLES_LIMIT {
            return Some(Playback::Ended { id, cut: true });
        }
        self.clip_samples += samples.len();
        self.clips.push_back(Clip {
            id,
            samples,
            position: 0,
            started: false,
        });
        None
    }

    /// Empties the queue of clips.
    pub(crate) fn stop_clips(&mut self) -> Vec<Playback> {
        self.clip_samples = 0;
        self.clips
            .drain(..)
            .map(|clip| Playback::Ended {
                id: clip.id,
                cut: true,
            })
            .collect()
    }

    /// Adds to the operator's voice.
    pub(crate) fn push_voice(&mut self, samples: impl IntoIterator<Item = i16>) {
        if self.voice_muted {
            return;
        }
        self.voice.extend(samples);
        if self.voice.len() > VOICE_LIMIT {
            self.voice.drain(..self.voice.len() - VOICE_KEEP);
        }
    }

    /// Silences the operator's voice at once, or lets it be heard from now on.
    pub(crate) fn mute_voice(&mut self, mute: bool) {
        self.voice.clear();
        self.voice_flows = false;
        self.voice_muted = mute;
    }

    /// The device went away (`false`) or works (`true`).
    pub(crate) fn set_device(&mut self, works: bool) -> Vec<Playback> {
        self.out_of_order = !works;
        if works {
            return Vec::new();
        }
        self.voice.clear();
        self.stop_clips()
    }

    /// Writes the next samples.
    pub(crate) fn fill(&mut self, out: &mut [i16]) -> Vec<Playback> {
        out.fill(0);
        let events = self.fill_clips(out);
        self.add_voice(out);
        self.volume.apply(out);
        events
    }

    fn fill_clips(&mut self, out: &mut [i16]) -> Vec<Playback> {
        let mut events = Vec::new();
        let mut filled = 0;
        while filled < out.len() {
            let Some(clip) = self.clips.front_mut() else {
                break;
            };
            if !clip.started {
                clip.started = true;
                events.push(Playback::Started { id: clip.id });
            }
            let rest = &clip.samples[clip.position..];
            let count = rest.len().min(out.len() - filled);
            out[filled..filled + count].copy_from_slice(&rest[..count]);
            filled += count;
            clip.position += count;
            self.clip_samples -= count;
            if clip.position == clip.samples.len() {
                events.push(Playback::Ended {
                    id: clip.id,
                    cut: false,
                });
                self.clips.pop_front();
            }
        }
        events
    }

    fn add_voice(&mut self, out: &mut [i16]) {
        if !self.voice_flows && self.voice.len() < VOICE_START {
            return;
        }
        self.voice_flows = true;
        for sample in out {
            let Some(voice) = self.voice.pop_front() else {
                self.voice_flows = false;
                return;
            };
            *sample = sample.saturating_add(voice);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clips_follow_each_other_without_a_gap() {
        let mut mixer = Mixer::default();
        assert_eq!(mixer.push_clip(1, vec![10; 3]), None);
        assert_eq!(mixer.push_clip(2, vec![20; 3]), None);
        let mut out = [99; 5];
        let events = mixer.fill(&mut out);
        assert_eq!(out, [10, 10, 10, 20, 20]);
        assert_eq!(
            events,
            [
                Playback::Started { id: 1 },
                Playback::Ended { id: 1, cut: false },
                Playback::Started { id: 2 },
            ]
        );
        assert_eq!(
            mixer.fill(&mut out),
            [Playback::Ended { id: 2, cut: false }]
        );
        assert_eq!(out, [20, 0, 0, 0, 0]);
    }

    #[test]
    fn stopping_is_silent_at_once_and_ends_every_clip_once() {
        let mut mixer = Mixer::default();
        mixer.push_clip(1, vec![10; 100]);
        mixer.push_clip(2, vec![20; 100]);
        mixer.fill(&mut [0; 10]);
        assert_eq!(
            mixer.stop_clips(),
            [
                Playback::Ended { id: 1, cut: true },
                Playback::Ended { id: 2, cut: true },
            ]
        );
        let mut out = [99; 4];
        assert_eq!(mixer.fill(&mut out), []);
        assert_eq!(out, [0; 4]);
    }

    #[test]
    fn an_empty_clip_starts_and_ends() {
        let mut mixer = Mixer::default();
        mixer.push_clip(7, Vec::new());
        assert_eq!(
            mixer.fill(&mut [0; 4]),
            [
                Playback::Started { id: 7 },
                Playback::Ended { id: 7, cut: false },
            ]
        );
    }

    #[test]
    fn voice_and_clip_are_added_and_never_wrap() {
        let mut mixer = Mixer::default();
        mixer.push_clip(1, vec![30_000; 4]);
        mixer.push_voice(vec![10_000; VOICE_START]);
        let mut out = [0; 6];
        mixer.fill(&mut out);
        assert_eq!(
            out,
            [i16::MAX, i16::MAX, i16::MAX, i16::MAX, 10_000, 10_000]
        );
    }

    #[test]
    fn a_muted_voice_is_silent_at_once_and_later_begins_with_the_present() {
        let mut mixer = Mixer::default();
        mixer.push_voice(vec![5; VOICE_START]);
        mixer.mute_voice(true);
        mixer.push_voice(vec![6; VOICE_START]);
        let mut out = [0; 4];
        mixer.fill(&mut out);
        assert_eq!(out, [0; 4]);
        mixer.mute_voice(false);
        mixer.push_voice(vec![7; VOICE_START]);
        mixer.fill(&mut out);
        assert_eq!(out, [7; 4]);
    }

    #[test]
    fn a_voice_that_piles_up_is_cut_to_a_short_delay() {
        let mut mixer = Mixer::default();
        mixer.push_voice(vec![5; VOICE_LIMIT + 1]);
        assert_eq!(mixer.voice.len(), VOICE_KEEP);
    }

    #[test]
    fn the_volume_moves_without_a_click_to_what_is_wanted() {
        let mut mixer = Mixer::default();
        mixer.push_clip(1, vec![10_000; 30_000]);
        mixer.set_volume(0.25);
        let mut out = [0; 20_000];
        mixer.fill(&mut out);
        assert!(out[0] > 9_900);
        assert!(out[19_999].abs_diff(2_500) < 10, "{}", out[19_999]);
        let step = out.windows(2).map(|pair| pair[1].abs_diff(pair[0])).max();
        assert!(step < Some(20), "{step:?}");
        mixer.set_volume(8.0);
        mixer.fill(&mut out);
        assert_eq!(out[9_999], i16::MAX);
    }

    #[test]
    fn without_a_device_a_clip_ends_instead_of_waiting_for_ever() {
        let mut mixer = Mixer::default();
        mixer.push_clip(1, vec![10; 100]);
        assert_eq!(
            mixer.set_device(false),
            [Playback::Ended { id: 1, cut: true }]
        );
        assert_eq!(
            mixer.push_clip(2, vec![10; 100]),
            Some(Playback::Ended { id: 2, cut: true })
        );
        assert_eq!(mixer.set_device(true), []);
        assert_eq!(mixer.push_clip(3, vec![10; 100]), None);
    }
}
