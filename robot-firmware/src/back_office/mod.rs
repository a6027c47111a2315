//! The office's own programs, reached by the Model Context Protocol (MCP).
//!
//! One task for each server of the configuration starts it, watches it, starts it again, and
//! carries calls to it. Core decides which tool is called; nothing here looks at what a tool says
//! beyond its form. Arguments and answers are never logged.

mod answer;
mod child;
mod connection;
mod http;
mod meter;
mod schema;
mod server;
mod tools;

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crossbeam_channel::Sender;
use madoguchi_core::tool::{ToolCall, ToolOutcome};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tracing::warn;

pub use answer::word;
pub use connection::Connection;
pub use tools::Tool;

use crate::config;
use crate::event::Event;
use crate::threads;
use crate::threads::ends::Ends;
use server::Server;

/// The loop's ends of the servers' queues.
#[derive(Debug, Default)]
pub struct BackOffice {
    servers: BTreeMap<String, mpsc::Sender<ToolCall>>,
}

impl BackOffice {
    /// Starts a task for each server in `tasks`; each ends, with its server, when this is dropped.
    pub fn start(
        servers: &[config::BackOffice],
        runtime: &Handle,
        tasks: &mut JoinSet<()>,
        events: &Sender<Event>,
        ends: &Ends,
    ) -> Self {
        let servers = servers.iter().map(|config| {
            let (calls_in, calls) = mpsc::channel(threads::TOOL_CALLS);
            let server = Server::new(config.clone(), calls, events.clone());
            tasks.spawn_on(ends.clone().watch("back office", server.run()), runtime);
            (config.name.clone(), calls_in)
        });
        Self {
            servers: servers.collect(),
        }
    }

    /// Has a tool called; the answer comes as [`madoguchi_core::Input::ToolAnswered`].
    ///
    /// # Errors
    /// The answer, where none will come: there is no such server, or it has too much to do.
    pub fn call(&self, call: ToolCall) -> Result<(), ToolOutcome> {
        let server = self.servers.get(&call.server).ok_or(ToolOutcome::BadCall)?;
        server.try_send(call).map_err(|_| ToolOutcome::Unavailable)
    }
}

/// Reads a file of secrets, and says so when it isn't one.
fn secret(path: &Path) -> std::io::Result<String> {
    let text = std::fs::read_to_string(path)?;
    if std::fs::metadata(path)?.permissions().mode() & 0o077 != 0 {
        let path = path.display();
        warn!("others can read the secrets in {path}; `chmod 600` it");
    }
    Ok(text)
}
