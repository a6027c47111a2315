//! The bell that calls the staff in the room.

mod gpio;
mod simulated;

pub use gpio::GpioBell;
pub use simulated::SimulatedBell;

use crate::Fault;

/// A bell, buzzer or pager that staff in the room hear or see.
pub trait Bell: Send {
    /// Rings once, for as long as the bell takes; returns at once.
    fn ring(&mut self) -> Result<(), Fault>;
}
