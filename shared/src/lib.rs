//! The wire: every message that crosses a process in Madoguchi.
//!
//! Robot ↔ console ([`link`]), console ↔ operator's page ([`operator`]), robot ↔ its own screen
//! page ([`screen`]), and what travels inside them: the [`packet`] and WebRTC [`signal`]s. [`motion`] is what robot and
//! operator's page say to each other directly. Beside
//! them stands how both daemons tell a mistake in their [configuration](config).
//!
//! All messages are JSON objects tagged by `type`. The TypeScript of both pages is generated from
//! these types by `make generate`, and so is the [schema] of the packet for whoever reads it
//! with other software.
//!
//! Receivers ignore fields they don't know; a message whose `type` is unknown is dropped with a
//! warning, so that an older peer stays usable.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod config;
pub mod hex;
pub mod ids;
pub mod link;
pub mod loopback;
pub mod motion;
pub mod onsite;
pub mod operator;
pub mod packet;
pub mod proof;
pub mod schema;
pub mod screen;
pub mod show;
pub mod signal;
pub mod still;
pub mod together;
pub mod transfer;
pub mod typescript;
pub mod updates;
pub mod watch;

/// Version of the robot ↔ console protocol and of the packet. Raised when a peer of the older
/// version could misunderstand a message, not when a field is added.
pub const PROTOCOL_VERSION: u32 = 1;
