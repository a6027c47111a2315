//! The wheels.

mod simulated;

use serde::{Deserialize, Serialize};

pub use simulated::SimulatedDrive;

use crate::Fault;
use crate::units::{MetresPerSecond, RadiansPerSecond};

/// A motion of a differential drive.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Velocity {
    /// Along the robot's heading.
    pub linear: MetresPerSecond,
    /// About its vertical axis.
    pub angular: RadiansPerSecond,
}

impl Velocity {
    /// Standing still.
    pub const ZERO: Self = Self {
        linear: MetresPerSecond(0.0),
        angular: RadiansPerSecond(0.0),
    };

    /// Whether both parts are numbers.
    pub fn is_finite(&self) -> bool {
        self.linear.0.is_finite() && self.angular.0.is_finite()
    }
}

/// A differential drive. It holds no policy: limits, leases and deadlines are decided before.
pub trait Drive: Send {
    /// Moves so until the next call. A velocity that is no number is a fault, and stops.
    fn set_velocity(&mut self, velocity: Velocity) -> Result<(), Fault>;

    /// Stands still, by the surest way that the controller has.
    fn stop(&mut self) -> Result<(), Fault>;

    /// The motion as measured.
    fn velocity(&mut self) -> Result<Velocity, Fault>;
}
