//! How hot it is inside the robot.

mod sysfs;

pub use sysfs::SysfsThermometer;

use crate::Fault;
use crate::units::Celsius;

/// A thermometer that can be asked.
pub trait Thermometer: Send {
    /// The temperature now.
    fn read(&mut self) -> Result<Celsius, Fault>;
}
