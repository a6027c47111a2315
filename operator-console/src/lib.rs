//! Madoguchi's console: the server that robots dial and at which operators sit.
//!
//! [`server::Server::start`] runs a whole console from a [`config::Config`], also inside a test.
//! A message from a robot goes socket → [`hub`] → [`store`] → [`board`] → sockets: stored first,
//! told afterwards.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod auth;
pub mod board;
pub mod cli;
pub mod config;
pub mod http;
pub mod hub;
pub mod introductions;
pub mod onsite_live;
pub mod operator_live;
pub mod robot_link;
pub mod routing;
pub mod secret;
pub mod server;
pub mod socket;
pub mod store;
pub mod tls;
pub mod turn;

pub use config::Config;
pub use server::{Running, Server};
