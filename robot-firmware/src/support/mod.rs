//! What a supporter needs of a robot, with nothing in it that is personal or secret.

mod board;
mod log;
mod redact;

pub use board::board;
pub use log::{services, told};
pub use redact::configuration;
