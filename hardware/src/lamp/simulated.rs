use super::{Lamp, LampSignal};
use crate::{Device, Fault, World};

/// A lamp in a [`World`].
#[derive(Debug, Clone)]
pub struct SimulatedLamp(World);

impl SimulatedLamp {
    /// The lamp of the robot in `world`.
    pub fn new(world: &World) -> Self {
        Self(world.clone())
    }
}

impl Lamp for SimulatedLamp {
    fn show(&mut self, signal: LampSignal) -> Result<(), Fault> {
        self.0.working(Device::Lamp, |state| state.lamp = signal)
    }
}
