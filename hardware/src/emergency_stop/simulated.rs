use super::{EmergencyStop, StopState};
use crate::{Device, Fault, World};

/// An emergency stop in a [`World`].
#[derive(Debug, Clone)]
pub struct SimulatedEmergencyStop(World);

impl SimulatedEmergencyStop {
    /// The emergency stop of the robot in `world`.
    pub fn new(world: &World) -> Self {
        Self(world.clone())
    }
}

impl EmergencyStop for SimulatedEmergencyStop {
    fn read(&mut self) -> Result<StopState, Fault> {
        self.0.working(Device::EmergencyStop, |state| {
            StopState::of_contacts(state.contacts[0], state.contacts[1])
        })
    }
}
