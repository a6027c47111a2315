//! How the daemon learns that a part of it hangs.
//!
//! A robot whose loop is wedged looks like one that listens. So every part of the table beats while
//! it goes round; a watchdog counts the beats of each, and ends the daemon when one's have stopped.
//! It looks at counts, not at clocks: a process that was suspended has hung in no part of it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError};

/// A part that waits for work beats this often, and the watchdog looks this often.
pub const BEAT: Duration = Duration::from_millis(250);

/// How long a part may take for one round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// A loop whose rounds take milliseconds: somebody waits for each of them.
    Loop,
    /// A worker with models: its longest piece of work on the slowest board.
    Worker,
}

impl Patience {
    /// Looks of the watchdog without a beat in between.
    fn looks(self) -> u32 {
        match self {
            Self::Loop => 7,
            Self::Worker => 240,
        }
    }
}

/// The beating of one part; watched from the first beat until it is dropped.
#[derive(Debug)]
pub struct Pulse {
    part: &'static str,
    patience: Patience,
    beats: AtomicU64,
}

impl Pulse {
    /// Once in each round.
    pub fn beat(&self) {
        self.beats.fetch_add(1, Ordering::Relaxed);
    }
}

/// The queue of a worker, which beats while it waits for work.
#[derive(Debug)]
pub struct Work<T> {
    queue: Receiver<T>,
    pulse: Arc<Pulse>,
}

impl<T> Work<T> {
    /// The next piece, if one comes within `time`.
    ///
    /// # Errors
    /// When none does, or none will come any more.
    pub fn within(&self, time: Duration) -> Result<T, RecvTimeoutError> {
        self.pulse.beat();
        self.queue.recv_timeout(time.min(BEAT))
    }
}

impl<T> Iterator for Work<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        loop {
            match self.within(BEAT) {
                Ok(next) => return Some(next),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
    }
}

/// The beating of all parts.
#[derive(Debug, Clone, Default)]
pub struct Pulses(Arc<Mutex<Vec<Weak<Pulse>>>>);

impl Pulses {
    /// The pulse of another part.
    pub fn of(&self, part: &'static str, patience: Patience) -> Arc<Pulse> {
        let beats = AtomicU64::new(0);
        let pulse = Arc::new(Pulse {
            part,
            patience,
            beats,
        });
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(Arc::downgrade(&pulse));
        pulse
    }

    /// The queue of a worker, as one that beats.
    pub fn worker<T>(&self, part: &'static str, queue: Receiver<T>) -> Work<T> {
        let pulse = self.of(part, Patience::Worker);
        Work { queue, pulse }
    }

    fn living(&self) -> Vec<Arc<Pulse>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|pulse| pulse.strong_count() > 0);
        all.iter().filter_map(Weak::upgrade).collect()
    }
}

/// Counts how often each part was found without a new beat.
#[derive(Debug, Default)]
pub struct Watch {
    seen: Vec<(Weak<Pulse>, u64, u32)>,
}

impl Watch {
    /// One look at all; the name of a part that hangs.
    pub fn look(&mut self, pulses: &Pulses) -> Option<&'static str> {
        let before = std::mem::take(&mut self.seen);
        for pulse in pulses.living() {
            let beats = pulse.beats.load(Ordering::Relaxed);
            let known = before
                .iter()
                .find(|(known, ..)| std::ptr::eq(known.as_ptr(), Arc::as_ptr(&pulse)));
            let missed = match known {
                Some((_, last, missed)) if beats > 0 && *last == beats => missed + 1,
                _ => 0,
            };
            if missed >= pulse.patience.looks() {
                return Some(pulse.part);
            }
            self.seen.push((Arc::downgrade(&pulse), beats, missed));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use crossbeam_channel::bounded;

    use super::*;

    /// Looks until a part hangs, `most` times at most.
    fn looks(watch: &mut Watch, pulses: &Pulses, most: u32) -> Option<(&'static str, u32)> {
        (1..=most).find_map(|look| Some((watch.look(pulses)?, look)))
    }

    #[test]
    fn the_part_whose_beats_stop_is_named_within_two_seconds() {
        let (pulses, mut watch) = (Pulses::default(), Watch::default());
        let fine = pulses.of("hearing", Patience::Loop);
        let wedged = pulses.of("loop", Patience::Loop);
        for _ in 0..50 {
            fine.beat();
            wedged.beat();
            assert_eq!(watch.look(&pulses), None);
        }
        let found = (1..=100).find_map(|look| {
            fine.beat();
            Some((watch.look(&pulses)?, look))
        });
        let (part, looks) = found.unwrap();
        assert_eq!(part, "loop");
        assert!(BEAT * looks <= Duration::from_secs(2));
    }

    #[test]
    fn a_part_that_loads_has_ended_or_works_long_does_not_hang() {
        let (pulses, mut watch) = (Pulses::default(), Watch::default());
        let _loading = pulses.of("meaning", Patience::Loop);
        let ended = pulses.of("presence", Patience::Loop);
        ended.beat();
        drop(ended);
        assert_eq!(looks(&mut watch, &pulses, 1_000), None);
        let working = pulses.of("recogniser", Patience::Worker);
        working.beat();
        let (part, after) = looks(&mut watch, &pulses, 1_000).unwrap();
        assert_eq!(part, "recogniser");
        assert!(BEAT * after >= Duration::from_secs(30));
    }

    #[test]
    fn whoever_waits_for_work_beats() {
        let (pulses, (jobs_in, jobs)) = (Pulses::default(), bounded::<u8>(1));
        let work = pulses.worker("voice", jobs);
        let pulse = Arc::clone(&work.pulse);
        let worker = std::thread::spawn(move || work.sum::<u8>());
        while pulse.beats.load(Ordering::Relaxed) < 3 {
            std::thread::yield_now();
        }
        jobs_in.send(4).unwrap();
        jobs_in.send(5).unwrap();
        drop(jobs_in);
        assert_eq!(worker.join().unwrap(), 9);
    }
}
