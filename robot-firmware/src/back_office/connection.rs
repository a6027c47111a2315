//! A server that answers, however it is reached.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use madoguchi_core::tool::{ToolCard, ToolOutcome};
use rmcp::model::{
    CallToolRequestParams, ClientCapabilities, ClientConfig, Implementation,
    PaginatedRequestParams, ProtocolVersion,
};
use rmcp::service::{
    ClientInitializeError, NotificationContext, Peer, RunningService,
    RunningServiceCancellationToken,
};
use rmcp::transport::IntoTransport;
use rmcp::transport::async_rw::AsyncRwTransport;
use rmcp::{ClientHandler, ClientLifecycleMode, ClientServiceExt, RoleClient, ServiceError};
use serde_json::{Map, Value};
use tokio::sync::Notify;
use tokio::time::timeout;
use tracing::warn;

use super::answer;
use super::child::{ChildError, Program};
use super::http::{self, HttpError};
use super::meter::Metered;
use super::tools::{self, Tool};
use crate::config::{BackOffice, Reach};

/// A list of tools may be as large as this, in bytes.
const LARGEST_LIST: usize = 1024 * 1024;
/// A program loads and answers for the first time within this.
const START: Duration = Duration::from_secs(30);
/// A list of tools ends after so many pages.
const PAGES: usize = 16;
/// A link that was asked to end has ended.
const CLOSE: Duration = Duration::from_secs(1);

/// Why a server can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Its program doesn't run.
    #[error(transparent)]
    Child(#[from] ChildError),
    /// Its address can't be used.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// Nothing comes.
    #[error("it doesn't answer")]
    Silent,
    /// It is gone, or was never there.
    #[error("it ended, or can't be reached")]
    Unreachable,
    /// It refuses.
    #[error("it refuses with MCP error {0}")]
    Refuses(i32),
    /// It sends more than it may.
    #[error("it sends too much")]
    Floods,
    /// It speaks another protocol.
    #[error("what it says is not the Model Context Protocol")]
    Foreign,
}

/// The largest message that a server may send, in bytes: written with escapes, an answer may take
/// twice its own size.
pub(super) fn largest_message(config: &BackOffice) -> usize {
    LARGEST_LIST.max(config.largest_answer() * 2)
}

/// Carries calls to a server.
#[derive(Debug, Clone)]
pub struct Caller {
    peer: Peer<RoleClient>,
    tools: Arc<BTreeMap<String, Tool>>,
    time_limit: Duration,
    largest_answer: usize,
    flooded: Arc<AtomicBool>,
}

/// A server that answers. It is ended by [`Connection::close`], or at once by dropping this.
pub struct Connection {
    caller: Caller,
    changed: Arc<Notify>,
    ended: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    cancel: RunningServiceCancellationToken,
    program: Option<Program>,
}

/// What the robot is to a server: somebody who calls tools, and does nothing that it asks for.
struct Handler {
    changed: Arc<Notify>,
}

impl ClientHandler for Handler {
    fn get_info(&self) -> ClientConfig {
        let name = Implementation::new("madoguchi-robot", env!("CARGO_PKG_VERSION"));
        let mut config = ClientConfig::new(ClientCapabilities::default(), name);
        config.protocol_version = ProtocolVersion::LATEST_WITH_INITIALIZE;
        config
    }

    async fn on_tool_list_changed(&self, _: NotificationContext<RoleClient>) {
        self.changed.notify_one();
    }
}

impl Connection {
    /// Starts or reaches a server, and learns its tools.
    ///
    /// # Errors
    /// [`ConnectError`] when it can't be used; its program is ended then.
    pub async fn open(config: &BackOffice) -> Result<Self, ConnectError> {
        match Self::open_by(config, ClientLifecycleMode::Initialize).await {
            // It may know only the newest protocol, which has no handshake.
            Err(ConnectError::Refuses(_)) => {
                let preferred_versions = vec![ProtocolVersion::LATEST];
                Self::open_by(config, ClientLifecycleMode::Discover { preferred_versions }).await
            }
            opened => opened,
        }
    }

    async fn open_by(
        config: &BackOffice,
        lifecycle: ClientLifecycleMode,
    ) -> Result<Self, ConnectError> {
        let flooded = Arc::new(AtomicBool::new(false));
        let changed = Arc::new(Notify::new());
        let handler = Handler {
            changed: Arc::clone(&changed),
        };
        let mut program = None;
        let service = match config.reach() {
            Reach::Program(command) => {
                let (started, stdout, stdin) = Program::start(config, command)?;
                program = Some(started);
                let stdout = Metered::new(stdout, largest_message(config), Arc::clone(&flooded));
                shake_hands(
                    handler,
                    AsyncRwTransport::new_client(stdout, stdin),
                    lifecycle,
                )
                .await
            }
            Reach::Address(url) => {
                shake_hands(handler, http::transport(config, url)?, lifecycle).await
            }
        };
        let service = service.map_err(|error| match error {
            ConnectError::Unreachable if flooded.load(Ordering::Relaxed) => ConnectError::Floods,
            other => other,
        })?;
        let mut connection = Self {
            caller: Caller {
                peer: service.peer().clone(),
                tools: Arc::default(),
                time_limit: config.time_limit(),
                largest_answer: config.largest_answer(),
                flooded,
            },
            changed,
            cancel: service.cancellation_token(),
            ended: Some(Box::pin(async move { drop(service.waiting().await) })),
            program,
        };
        let listed = connection.caller.list().await?;
        connection.learn(&config.name, listed);
        Ok(connection)
    }

    /// Takes what the server lists as its tools from now on; whether they are others than before.
    pub fn learn(&mut self, server: &str, listed: Vec<rmcp::model::Tool>) -> bool {
        let (tools, unusable) = tools::usable(server, listed);
        let cards = |tools: &BTreeMap<String, Tool>| -> Vec<ToolCard> {
            tools.values().map(|tool| tool.card.clone()).collect()
        };
        let changed = cards(&tools) != cards(&self.caller.tools);
        if changed || self.caller.tools.is_empty() {
            for (tool, reason) in unusable {
                warn!(server, tool = ?tool, "a tool of the back office isn't used: {reason}");
            }
        }
        self.caller.tools = Arc::new(tools);
        changed
    }

    /// The tools.
    pub fn tools(&self) -> impl Iterator<Item = &Tool> {
        self.caller.tools.values()
    }

    /// Carries calls.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Says when the server has other tools.
    pub fn changes(&self) -> Arc<Notify> {
        Arc::clone(&self.changed)
    }

    /// Waits until the server is gone, and tells why.
    pub async fn gone(&mut self) -> ConnectError {
        if let Some(ended) = &mut self.ended {
            ended.await;
            self.ended = None;
        }
        if self.caller.flooded.load(Ordering::Relaxed) {
            ConnectError::Floods
        } else {
            ConnectError::Unreachable
        }
    }

    /// Ends the server, or lets go of it.
    pub async fn close(self) {
        self.cancel.cancel();
        if let Some(ended) = self.ended {
            let _ = timeout(CLOSE, ended).await;
        }
        if let Some(program) = self.program {
            program.end().await;
        }
    }
}

impl Caller {
    /// Calls a tool within the server's limits.
    pub async fn call(&self, tool: &str, arguments: Map<String, Value>) -> ToolOutcome {
        let Some(tool) = self.tools.get(tool).filter(|tool| tool.takes(&arguments)) else {
            return ToolOutcome::BadCall;
        };
        if self.peer.is_transport_closed() {
            return ToolOutcome::Unavailable;
        }
        let name = tool.card.name.clone();
        let wanted = CallToolRequestParams::new(name).with_arguments(arguments);
        match timeout(self.time_limit, self.peer.call_tool(wanted)).await {
            Ok(Ok(result)) => answer::outcome(tool, result, self.largest_answer),
            Ok(Err(error)) => answer::failure(&error, self.flooded.load(Ordering::Relaxed)),
            Err(_) => ToolOutcome::TooSlow,
        }
    }

    /// Asks the server for its tools, which also tells whether it is well.
    ///
    /// # Errors
    /// [`ConnectError`] when it isn't.
    pub async fn list(&self) -> Result<Vec<rmcp::model::Tool>, ConnectError> {
        timeout(self.time_limit, self.all_pages())
            .await
            .map_err(|_| ConnectError::Silent)?
            .map_err(|error| match error {
                ServiceError::McpError(error) => ConnectError::Refuses(error.code.0),
                ServiceError::TransportClosed | ServiceError::TransportSend(_) => {
                    ConnectError::Unreachable
                }
                _ => ConnectError::Foreign,
            })
    }

    async fn all_pages(&self) -> Result<Vec<rmcp::model::Tool>, ServiceError> {
        let mut tools = Vec::new();
        let mut from = None;
        for _ in 0..PAGES {
            let wanted = PaginatedRequestParams::default().with_cursor(from.clone());
            let page = self.peer.list_tools(Some(wanted)).await?;
            tools.extend(page.tools);
            if page.next_cursor.is_none() || page.next_cursor == from {
                break;
            }
            from = page.next_cursor;
        }
        Ok(tools)
    }
}

async fn shake_hands<T, E, A>(
    handler: Handler,
    transport: T,
    lifecycle: ClientLifecycleMode,
) -> Result<RunningService<RoleClient, Handler>, ConnectError>
where
    T: IntoTransport<RoleClient, E, A>,
    E: std::error::Error + Send + Sync + 'static,
{
    timeout(START, handler.serve_with_lifecycle(transport, lifecycle))
        .await
        .map_err(|_| ConnectError::Silent)?
        .map_err(|error| refusal(&error))
}

fn refusal(error: &ClientInitializeError) -> ConnectError {
    match error {
        ClientInitializeError::JsonRpcError(error) => ConnectError::Refuses(error.code.0),
        ClientInitializeError::ConnectionClosed(_)
        | ClientInitializeError::TransportError { .. }
        | ClientInitializeError::Cancelled => ConnectError::Unreachable,
        _ => ConnectError::Foreign,
    }
}
