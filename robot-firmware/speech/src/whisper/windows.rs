//! Cuts a long recording into windows that fit the encoder, at the quietest places.

use std::ops::Range;

use crate::wav::SPEECH_RATE_HZ;

/// Longest window: with the 128 positions of margin that keep the decoder from looping, the
/// encoder's 1500 positions of 20 ms hold 27.4 s.
const LONGEST: usize = 27 * SPEECH_RATE_HZ as usize;
/// A cut is searched for from here on.
const EARLIEST_CUT: usize = 15 * SPEECH_RATE_HZ as usize;
/// Length of the pause that is searched for, 300 ms.
const PAUSE: usize = SPEECH_RATE_HZ as usize * 3 / 10;
/// Step of the search, 20 ms.
const STEP: usize = SPEECH_RATE_HZ as usize / 50;

/// The windows of `samples`, in order and without gaps; one if it fits.
pub(super) fn windows(samples: &[f32]) -> Vec<Range<usize>> {
    let mut windows = Vec::new();
    let mut start = 0;
    while samples.len() - start > LONGEST {
        let end = start + quietest(&samples[start..start + LONGEST]);
        windows.push(start..end);
        start = end;
    }
    windows.push(start..samples.len());
    windows
}

/// The middle of the quietest pause in the later part of a window.
fn quietest(window: &[f32]) -> usize {
    let energy = |at: usize| window[at..at + PAUSE].iter().map(|s| s * s).sum::<f32>();
    let places = (EARLIEST_CUT..window.len() - PAUSE).step_by(STEP);
    let best = places.min_by(|a, b| energy(*a).total_cmp(&energy(*b)));
    best.map_or(window.len(), |at| at + PAUSE / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_recording_is_cut_in_its_pauses() {
        let second = SPEECH_RATE_HZ as usize;
        let mut samples: Vec<f32> = (0..70 * second).map(|i| (i as f32 * 0.3).sin()).collect();
        samples[20 * second..20 * second + second / 2].fill(0.0);
        let windows = windows(&samples);
        assert!((20 * second..20 * second + second / 2).contains(&windows[0].end));
        assert!(windows.iter().all(|window| window.len() <= LONGEST));
        assert!(windows.windows(2).all(|pair| pair[0].end == pair[1].start));
        assert_eq!(windows.last().map(|window| window.end), Some(samples.len()));
    }

    #[test]
    fn a_short_recording_is_one_window() {
        assert_eq!(windows(&[0.0; 1000]), vec![0..1000]);
        assert_eq!(windows(&[]), vec![0..0]);
    }
}
