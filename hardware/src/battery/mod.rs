//! The battery.

mod ina;
mod simulated;
mod sysfs;

use serde::Serialize;

pub use ina::{InaBattery, Monitor, Pack};
pub use simulated::SimulatedBattery;
pub use sysfs::SysfsBattery;

use crate::Fault;
use crate::units::{Ratio, Volts};

/// What the battery tells.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BatteryReading {
    /// How full it is.
    pub charge: Ratio,
    /// The voltage at its terminals.
    pub voltage: Volts,
    /// Whether it is on the charger, full or not.
    pub plugged_in: bool,
}

/// A battery that can be asked.
pub trait Battery: Send {
    /// Its state now.
    fn read(&mut self) -> Result<BatteryReading, Fault>;
}

impl Battery for Box<dyn Battery> {
    fn read(&mut self) -> Result<BatteryReading, Fault> {
        self.as_mut().read()
    }
}
