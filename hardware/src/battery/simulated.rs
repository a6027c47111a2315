use super::{Battery, BatteryReading};
use crate::{Device, Fault, World};

/// A battery in a [`World`].
#[derive(Debug, Clone)]
pub struct SimulatedBattery(World);

impl SimulatedBattery {
    /// The battery of the robot in `world`.
    pub fn new(world: &World) -> Self {
        Self(world.clone())
    }
}

impl Battery for SimulatedBattery {
    fn read(&mut self) -> Result<BatteryReading, Fault> {
        self.0.working(Device::Battery, |state| state.battery)
    }
}
