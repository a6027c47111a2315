//! The wheels.

pub mod odrive;
pub mod roboclaw;

mod simulated;
mod wheels;

use serde::{Deserialize, Serialize};

pub use simulated::SimulatedDrive;
pub use wheels::Wheels;

use crate::Fault;
use crate::units::{Amperes, Celsius, Metres, MetresPerSecond, RadiansPerSecond};

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

/// What the controller measures. Pairs are the left and the right wheel.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct DriveReading {
    /// The motion.
    pub velocity: Velocity,
    /// The way of each wheel since the drive was opened.
    pub travelled: [Metres; 2],
    /// The current of each motor.
    pub current: [Amperes; 2],
    /// The hottest place of the controller that it measures.
    pub temperature: Celsius,
}

/// A differential drive. It holds no policy: limits, leases and deadlines are decided before.
///
/// A drive that was just opened stands still. Its controller has a timeout of its own, which stops
/// the wheels when no call reaches it: whoever drives calls at least at half of that interval.
pub trait Drive: Send {
    /// Moves so until the next call. Reaching it, or zero, the wheels slow down no harder than the
    /// braking that the drive was set up with. A velocity that is no number or beyond the wheels'
    /// top speed is [`Fault::Impossible`], and stops.
    fn set_velocity(&mut self, velocity: Velocity) -> Result<(), Fault>;

    /// Stands still, by the surest way that the controller has.
    fn stop(&mut self) -> Result<(), Fault>;

    /// What is measured now.
    fn read(&mut self) -> Result<DriveReading, Fault>;
}

impl<D: Drive + ?Sized> Drive for Box<D> {
    fn set_velocity(&mut self, velocity: Velocity) -> Result<(), Fault> {
        (**self).set_velocity(velocity)
    }

    fn stop(&mut self) -> Result<(), Fault> {
        (**self).stop()
    }

    fn read(&mut self) -> Result<DriveReading, Fault> {
        (**self).read()
    }
}
