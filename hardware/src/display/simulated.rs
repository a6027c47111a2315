use super::Display;
use crate::units::Ratio;
use crate::{Device, Fault, World};

/// A screen in a [`World`].
#[derive(Debug, Clone)]
pub struct SimulatedDisplay(World);

impl SimulatedDisplay {
    /// The screen of the robot in `world`.
    pub fn new(world: &World) -> Self {
        Self(world.clone())
    }
}

impl Display for SimulatedDisplay {
    fn set_backlight(&mut self, level: Ratio) -> Result<(), Fault> {
        self.0
            .working(Device::Display, |state| state.backlight = level)
    }
}
