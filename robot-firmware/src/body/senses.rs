use std::time::Duration;

use madoguchi_core::motion::MotionInput;

/// Everything that bears on motion but the operator, the visit and the wheels.
pub trait Senses: Send {
    /// Tells what is felt now, and when it was so. What stays untold is silence, which stops the
    /// robot.
    fn feel(&mut self, now: Duration, tell: &mut dyn FnMut(MotionInput, Duration));

    /// Whether the emergency stop says at this moment that it is pressed. Asked between the steps,
    /// where the contacts can be read at once.
    fn pressed(&mut self) -> bool;
}

/// A robot without sensors never moves.
pub struct NoSenses;

impl Senses for NoSenses {
    fn feel(&mut self, _: Duration, _: &mut dyn FnMut(MotionInput, Duration)) {}

    fn pressed(&mut self) -> bool {
        false
    }
}
