//! Sensors of one bit that say "no further": bumpers, and switches or light barriers that see the
//! floor end.

mod gpio;

pub use gpio::GpioTouch;

use crate::Fault;

/// A sensor of one bit at one end of the robot.
pub trait Touch: Send {
    /// Whether it is touched, or the floor is gone. A fault means the same.
    fn read(&mut self) -> Result<bool, Fault>;
}
