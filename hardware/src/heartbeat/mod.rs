//! The sign of life for a watchdog relay, which opens the motors' circuit when it stays away.
//!
//! The relay wants edges: a pin that stays high or low, a process that hangs and one that is gone
//! are all the same to it.

mod gpio;

pub use gpio::GpioHeartbeat;

use crate::Fault;

/// An output that a watchdog relay looks at.
pub trait Heartbeat: Send {
    /// One edge. Whoever moves the wheels calls this once in every step, and nowhere else.
    fn beat(&mut self) -> Result<(), Fault>;
}
