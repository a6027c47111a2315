use std::time::Duration;

use super::{Gate, LeaseId};

/// What the gate knows, as whoever drives should see it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Report {
    /// The lease that holds.
    pub lease: Option<LeaseId>,
    /// The nearest thing at the front and at the rear, in m, while the sensors tell.
    pub ranges_m: [Option<f64>; 2],
    /// The battery's charge from 0 to 1.
    pub charge: Option<f64>,
    /// How old the newest command was when it came.
    pub round_trip: Option<Duration>,
    /// How old the picture was then that it was given by.
    pub picture_age: Option<Duration>,
    /// The number of the newest command that was taken under this lease.
    pub sequence: Option<u64>,
    /// Whether a remote stop holds.
    pub stopped: bool,
}

impl Gate {
    /// What is known at `now`.
    pub fn report(&self, now: Duration) -> Report {
        let [front, rear] = &self.ends;
        let newest = self.command.0;
        Report {
            lease: self
                .lease
                .filter(|lease| now < lease.until)
                .map(|lease| lease.id),
            ranges_m: [front, rear].map(|end| end.range_m.within(self.limits.silence, now)),
            charge: self
                .battery
                .within(self.limits.slow_silence, now)
                .map(|(charge, _)| charge),
            round_trip: newest.map(|(command, at)| at.saturating_sub(command.heard)),
            picture_age: newest.map(|(command, at)| at.saturating_sub(command.seen)),
            sequence: self.last_sequence,
            stopped: self.protective,
        }
    }
}
