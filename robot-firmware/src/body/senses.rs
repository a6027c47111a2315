use std::time::Duration;

use madoguchi_core::motion::MotionInput;

/// Everything that bears on motion but the operator, the visit and the wheels.
pub trait Senses: Send {
    /// Tells what is felt now. What stays untold is silence, which stops the robot.
    fn feel(&mut self, now: Duration, tell: &mut dyn FnMut(MotionInput));
}

/// A robot without sensors never moves.
pub struct NoSenses;

impl Senses for NoSenses {
    fn feel(&mut self, _: Duration, _: &mut dyn FnMut(MotionInput)) {}
}
