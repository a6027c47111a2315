//! How far the way ahead is free.

mod simulated;
mod vl53l1x;

use serde::{Deserialize, Serialize};

pub use simulated::SimulatedRange;
pub use vl53l1x::{DEFAULT_ADDRESS, REACH, Vl53l1x};

use crate::Fault;
use crate::units::Metres;

/// One measurement.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Distance {
    /// Nothing within the sensor's reach.
    Clear,
    /// Something this far from the robot's edge.
    Obstacle(Metres),
}

/// A sensor that looks where the robot would drive.
pub trait Range: Send {
    /// What was measured since the last call, if anything was. A fault means that the way is not
    /// known to be free.
    fn read(&mut self) -> Result<Option<Distance>, Fault>;
}
