use super::{Drive, DriveReading, Velocity};
use crate::{Device, Fault, World};

/// Wheels in a [`World`]. As in a real robot, a pressed emergency stop cuts their power: they
/// stand still whatever was commanded, and stay so after the release until the next command.
#[derive(Debug, Clone)]
pub struct SimulatedDrive(World);

impl SimulatedDrive {
    /// The wheels of the robot in `world`.
    pub fn new(world: &World) -> Self {
        Self(world.clone())
    }
}

impl Drive for SimulatedDrive {
    fn set_velocity(&mut self, velocity: Velocity) -> Result<(), Fault> {
        if !velocity.is_finite() {
            self.stop()?;
            return Err(Fault::Impossible {
                device: Device::Drive,
                detail: format!("{velocity:?} is no motion"),
            });
        }
        self.0.working(Device::Drive, |state| {
            state.velocity = if state.powered() {
                velocity
            } else {
                Velocity::ZERO
            };
        })
    }

    fn stop(&mut self) -> Result<(), Fault> {
        self.0
            .working(Device::Drive, |state| state.velocity = Velocity::ZERO)
    }

    fn read(&mut self) -> Result<DriveReading, Fault> {
        self.0.working(Device::Drive, |state| DriveReading {
            velocity: state.velocity,
            ..DriveReading::default()
        })
    }
}
