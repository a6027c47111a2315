use super::Presence;
use crate::{Device, Fault, World};

/// A presence sensor in a [`World`].
#[derive(Debug, Clone)]
pub struct SimulatedPresence(World);

impl SimulatedPresence {
    /// The presence sensor of the robot in `world`.
    pub fn new(world: &World) -> Self {
        Self(world.clone())
    }
}

impl Presence for SimulatedPresence {
    fn read(&mut self) -> Result<bool, Fault> {
        self.0.working(Device::Presence, |state| state.somebody)
    }
}
