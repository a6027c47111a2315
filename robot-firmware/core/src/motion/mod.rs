//! What moves the wheels: the gate between an operator's wish and the motors.
//!
//! The [`Gate`] is told everything that bears on motion by [`MotionInput`]s, and says at each
//! [`Gate::step`] how the wheels may move now. It fails still: each limit caps the speed, the
//! strictest cap wins, and what is silent, unknown or no number is a cap of zero. Nothing is
//! queued, nothing is moved by itself: without a fresh command of whoever holds the lease the
//! answer is zero. After a stop the operator lets go before anything moves again.
//!
//! Moments are on the robot's monotonic clock, since the daemon's start. A step allocates nothing.

mod caps;
mod command;
mod envelope;
mod gate;
mod input;
mod limits;
mod ramp;
mod report;

pub use command::{DriveCommand, Lease, LeaseId, Refusal};
pub use envelope::Envelope;
pub use gate::{Gate, Step};
pub use input::{MotionInput, Visit};
pub use limits::{Fade, Limits, LimitsError, Pace, Tempo};
pub use madoguchi_shared::motion::{Bound, Held, Side, Twist};
pub use report::Report;
