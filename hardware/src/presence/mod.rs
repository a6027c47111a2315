//! Whether somebody stands in front of the robot.

mod simulated;

pub use simulated::SimulatedPresence;

use crate::Fault;

/// A sensor for people in front.
pub trait Presence: Send {
    /// Whether somebody is there now.
    fn read(&mut self) -> Result<bool, Fault>;
}
