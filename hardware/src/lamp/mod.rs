//! The lamp that tells people across a hall what the robot is doing.

mod gpio;
mod simulated;

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use gpio::GpioLamp;
pub use simulated::SimulatedLamp;

use crate::Fault;
pub use crate::gpio::Polarity;

/// What the lamp says. A later variant outranks an earlier one where only one can be shown.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum LampSignal {
    /// Nothing to say.
    #[default]
    Off,
    /// A resident waits for a person: amber, slow blinking.
    Attention,
    /// The robot can't serve: red, fast blinking.
    Fault,
    /// A camera or microphone reaches a person now: white, steady.
    InUse,
}

impl LampSignal {
    /// How a lamp of one colour shows it.
    pub fn rhythm(self) -> Rhythm {
        match self {
            Self::Off => Rhythm::Dark,
            Self::Attention => Rhythm::Blinking {
                period: Duration::from_secs(2),
            },
            Self::Fault => Rhythm::Blinking {
                period: Duration::from_millis(500),
            },
            Self::InUse => Rhythm::Steady,
        }
    }
}

/// Light over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rhythm {
    /// No light.
    Dark,
    /// Light without a break.
    Steady,
    /// Light for the first half of each period. At 3 Hz and below nobody is put at risk of a
    /// seizure (WCAG 2.2, success criterion 2.3.1).
    Blinking {
        /// One light and one dark phase together.
        period: Duration,
    },
}

/// A lamp that can show a [`LampSignal`].
pub trait Lamp: Send {
    /// Shows `signal` until the next call, without needing to be called again.
    fn show(&mut self, signal: LampSignal) -> Result<(), Fault>;
}

impl Lamp for Box<dyn Lamp> {
    fn show(&mut self, signal: LampSignal) -> Result<(), Fault> {
        self.as_mut().show(signal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_signal_has_a_rhythm_of_its_own_and_none_blinks_faster_than_three_times_a_second() {
        let signals = [
            LampSignal::Off,
            LampSignal::Attention,
            LampSignal::Fault,
            LampSignal::InUse,
        ];
        for (index, signal) in signals.iter().enumerate() {
            for other in &signals[index + 1..] {
                assert_ne!(signal.rhythm(), other.rhythm());
            }
            if let Rhythm::Blinking { period } = signal.rhythm() {
                assert!(period >= Duration::from_millis(334), "{signal:?}");
            }
        }
    }
}
