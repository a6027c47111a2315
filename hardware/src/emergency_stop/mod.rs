//! The emergency stop's auxiliary contacts.
//!
//! The stop itself is a wire that cuts the motors' power; software only learns of it here. The
//! button has two normally closed contacts (ISO 13850, IEC 60947-5-5), each read by itself, so
//! that a broken wire looks like a pressed button and a welded contact doesn't go unnoticed.

mod gpio;
mod simulated;

use serde::{Deserialize, Serialize};

pub use gpio::GpioEmergencyStop;
pub use simulated::SimulatedEmergencyStop;

use crate::Fault;

/// What the two contacts say together. Everything but [`StopState::Released`] means: stand still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopState {
    /// Both contacts are closed.
    Released,
    /// Both contacts are open.
    Pressed,
    /// One is open: the button is moving, or after more than half a second, a contact or a wire
    /// is broken.
    Disagreeing,
}

impl StopState {
    /// From the two contacts, `true` for closed.
    pub fn of_contacts(first_closed: bool, second_closed: bool) -> Self {
        match (first_closed, second_closed) {
            (true, true) => Self::Released,
            (false, false) => Self::Pressed,
            _ => Self::Disagreeing,
        }
    }

    /// Whether the robot may move as far as the button is concerned.
    pub fn allows_motion(self) -> bool {
        self == Self::Released
    }
}

/// The input that tells whether the emergency stop is pressed.
pub trait EmergencyStop: Send {
    /// Reads both contacts now. A fault means the same as pressed.
    fn read(&mut self) -> Result<StopState, Fault>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_two_closed_contacts_allow_motion() {
        let states = [(true, true), (true, false), (false, true), (false, false)]
            .map(|(first, second)| StopState::of_contacts(first, second));
        let [released, broken_second, broken_first, pressed] = states;
        assert_eq!(released, StopState::Released);
        assert_eq!(broken_first, StopState::Disagreeing);
        assert_eq!(broken_second, StopState::Disagreeing);
        assert_eq!(pressed, StopState::Pressed);
        assert_eq!(
            states.map(StopState::allows_motion),
            [true, false, false, false]
        );
    }
}
