//! All that the console does, from outside.
//!
//! One program for all of it: two threads of it run side by side, and it is linked once.
#![allow(clippy::unwrap_used)]

mod agreement;
mod away;
mod case_desk;
mod commands;
mod deltas;
mod hold;
mod interleavings;
mod lease;
mod log_privacy;
mod offers;
mod onsite;
mod phones;
mod presence;
mod restart;
mod robot_handshake;
mod sign_in;
mod stills;
mod tasks;
mod transfer;
mod warm_transfer;
mod watch_interleavings;
mod watching;

#[path = "../support/mod.rs"]
mod support;
