use super::Bell;
use crate::{Device, Fault, World};

/// A bell in a [`World`].
#[derive(Debug, Clone)]
pub struct SimulatedBell(World);

impl SimulatedBell {
    /// The bell of the robot in `world`.
    pub fn new(world: &World) -> Self {
        Self(world.clone())
    }
}

impl Bell for SimulatedBell {
    fn ring(&mut self) -> Result<(), Fault> {
        self.0.working(Device::Bell, |state| state.rung += 1)
    }
}
