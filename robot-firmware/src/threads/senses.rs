//! Sensors on buses, read for the motion gate.

use std::thread::sleep;
use std::time::{Duration, Instant};

use super::Controls;
use super::Orders;
use super::pulse::Pulse;
use crate::body::Sensors;

/// The fastest of them measures every 40 ms.
const EVERY: Duration = Duration::from_millis(10);

/// Tells what they measure until the daemon stops. Moments are since `started`.
pub fn run(
    mut sensors: Sensors,
    started: Instant,
    orders: &Orders,
    controls: &Controls,
    pulse: &Pulse,
) {
    while !controls.stopping() {
        sensors.look(
            // Asked before each sensor: opening several that aren't there takes longer than a round
            // may.
            || {
                pulse.beat();
                started.elapsed()
            },
            // Where the gate's thread doesn't read, silence stops it.
            &mut |input, at| {
                orders.give(input, at);
            },
        );
        sleep(EVERY);
    }
}
