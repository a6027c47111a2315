//! Where the robot's face looks.

mod servo;

pub use servo::{Joint, Pulses, ServoHead};

use crate::Fault;
use crate::units::Radians;

/// A head that can be turned.
pub trait Head: Send {
    /// Looks so far to the left and so far up, or as far as its joints go.
    fn turn(&mut self, pan: Radians, tilt: Radians) -> Result<(), Fault>;
}
