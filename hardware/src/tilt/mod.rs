//! How far the robot leans.

mod lis3dh;

pub use lis3dh::{DEFAULT_ADDRESS, Lis3dh};

use crate::Fault;
use crate::units::Radians;

/// Something that feels which way is down.
pub trait Tilt: Send {
    /// How far the robot leans from the vertical, to whichever side; none where nothing new was
    /// measured since the last time.
    fn read(&mut self) -> Result<Option<Radians>, Fault>;
}

/// How a sensor is mounted: which of its axes points up on a floor that is level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Up {
    /// 0 for x, 1 for y, 2 for z.
    pub axis: usize,
    /// It points down.
    pub reversed: bool,
}
