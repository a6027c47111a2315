use super::{Distance, Range};
use crate::{Device, Fault, World};

/// A range sensor in a [`World`].
#[derive(Debug, Clone)]
pub struct SimulatedRange(World);

impl SimulatedRange {
    /// The forward sensor of the robot in `world`.
    pub fn new(world: &World) -> Self {
        Self(world.clone())
    }
}

impl Range for SimulatedRange {
    fn read(&mut self) -> Result<Option<Distance>, Fault> {
        self.0.working(Device::Range, |state| Some(state.ahead))
    }
}
