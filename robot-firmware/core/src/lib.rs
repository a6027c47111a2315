//! What the robot decides, and nothing else.
//!
//! [`Machine`] takes an [`Input`] and [`Now`] and returns [`Output`]s; whoever drives it performs
//! them. There is no I/O, no clock, no thread and no randomness of its own in this crate, so that
//! a recorded list of inputs replays to the same outputs ([`record`]).
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod endpoint;
pub mod escalation;
pub mod input;
pub mod language;
pub mod machine;
pub mod motion;
pub mod onsite;
pub mod output;
pub mod pack;
pub mod recognition;
pub mod record;
pub mod slot;
pub mod time;
pub mod tool;
pub mod translation;
pub mod turn_taking;
pub mod understanding;
pub mod volume;

mod bounded;
mod case;
mod doubt;
mod ids;
mod lines;
mod manners;
mod run;
mod summary;
mod view;
mod visit;

pub use input::Input;
pub use machine::{Machine, Settings};
pub use output::Output;
pub use time::Now;
pub use translation::MachineTranslation;
