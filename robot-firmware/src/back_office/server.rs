//! One server: started, watched, started again.

use std::time::Duration;

use crossbeam_channel::Sender;
use madoguchi_core::Input;
use madoguchi_core::tool::{ToolCall, ToolOutcome};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};
use tracing::{info, warn};

use super::answer;
use super::connection::{Caller, ConnectError, Connection};
use crate::config::BackOffice;
use crate::event::Event;
use crate::link::chain;

/// How often a server is asked for its tools: whether they are others, and whether it is well.
const CHECK: Duration = Duration::from_secs(30);
/// A server that says its tools changed is asked no earlier than this.
const SETTLE: Duration = Duration::from_secs(1);
const FIRST_RETRY: Duration = Duration::from_secs(1);
const LAST_RETRY: Duration = Duration::from_secs(60);
/// A server that was there for so long is started again without patience.
const STEADY: Duration = Duration::from_secs(60);
/// Calls that a server has at once.
const AT_ONCE: usize = 4;

/// One server's task.
#[derive(Debug)]
pub struct Server {
    config: BackOffice,
    calls: mpsc::Receiver<ToolCall>,
    events: Sender<Event>,
}

/// What a piece of work came to.
enum Done {
    Called(u64, ToolOutcome),
    Listed(Result<Vec<rmcp::model::Tool>, ConnectError>),
}

impl Server {
    /// Serves `calls`, and tells `events`, which is bounded and read by the loop.
    pub fn new(config: BackOffice, calls: mpsc::Receiver<ToolCall>, events: Sender<Event>) -> Self {
        Self {
            config,
            calls,
            events,
        }
    }

    /// Keeps the server up until `calls` closes.
    pub async fn run(mut self) {
        let server = self.config.name.clone();
        let mut retry = FIRST_RETRY;
        let mut told = None;
        loop {
            let config = self.config.clone();
            let Some(opened) = self.refuse_during(Connection::open(&config)).await else {
                return;
            };
            let began = Instant::now();
            let reason = match opened {
                Ok(connection) => {
                    told = None;
                    info!(
                        server,
                        tools = connection.tools().count(),
                        "the back office is there"
                    );
                    self.tell_tools(&connection);
                    let reason = self.serve(connection).await;
                    self.tell(Input::ToolsGone {
                        server: server.clone(),
                    });
                    match reason {
                        Some(reason) => reason,
                        None => return,
                    }
                }
                Err(reason) => reason,
            };
            // Once for every new reason: a server may be down for a week.
            let reason = chain(&reason);
            if told.as_ref() != Some(&reason) {
                warn!(server, "no back office: {reason}; trying on");
                told = Some(reason);
            }
            if began.elapsed() > STEADY {
                retry = FIRST_RETRY;
            }
            let pause = sleep(retry.mul_f64(rand::random_range(0.7..1.3)));
            if self.refuse_during(pause).await.is_none() {
                return;
            }
            retry = (retry * 2).min(LAST_RETRY);
        }
    }

    /// Waits for `work`; calls meanwhile find no server. `None` at the end.
    async fn refuse_during<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return Some(done),
                call = self.calls.recv() => self.tell(answered(call?.call, ToolOutcome::Unavailable)),
            }
        }
    }

    /// Carries calls to a server until it is lost, which has a reason, or no longer wanted.
    async fn serve(&mut self, mut connection: Connection) -> Option<ConnectError> {
        let changes = connection.changes();
        let mut work = JoinSet::new();
        let mut calls = 0;
        let mut listing = false;
        let mut check_at = Instant::now() + CHECK;
        let reason = loop {
            tokio::select! {
                call = self.calls.recv() => match call {
                    None => {
                        connection.close().await;
                        return None;
                    }
                    Some(call) if calls == AT_ONCE => {
                        self.tell(answered(call.call, ToolOutcome::Unavailable));
                    }
                    Some(call) => {
                        calls += 1;
                        work.spawn(carry(connection.caller().clone(), call));
                    }
                },
                Some(done) = work.join_next() => match done {
                    Ok(Done::Called(call, outcome)) => {
                        calls -= 1;
                        if outcome == ToolOutcome::TooSlow {
                            check_at = Instant::now();
                        }
                        self.tell(answered(call, outcome));
                    }
                    Ok(Done::Listed(Ok(tools))) => {
                        listing = false;
                        check_at = Instant::now() + CHECK;
                        if connection.learn(&self.config.name, tools) {
                            self.tell_tools(&connection);
                        }
                    }
                    Ok(Done::Listed(Err(reason))) => break reason,
                    Err(_) => break ConnectError::Foreign,
                },
                () = changes.notified() => check_at = check_at.min(Instant::now() + SETTLE),
                () = sleep_until(check_at), if !listing => {
                    listing = true;
                    let caller = connection.caller().clone();
                    work.spawn(async move { Done::Listed(caller.list().await) });
                }
                reason = connection.gone() => break reason,
            }
        };
        connection.close().await;
        while let Some(done) = work.join_next().await {
            if let Ok(Done::Called(call, outcome)) = done {
                self.tell(answered(call, outcome));
            }
        }
        Some(reason)
    }

    fn tell_tools(&self, connection: &Connection) {
        self.tell(Input::ToolsKnown {
            server: self.config.name.clone(),
            tools: connection.tools().map(|tool| tool.card.clone()).collect(),
        });
    }

    fn tell(&self, input: Input) {
        // The loop empties its queue within milliseconds.
        let _ = tokio::task::block_in_place(|| self.events.send(Event::Core(input)));
    }
}

async fn carry(caller: Caller, call: ToolCall) -> Done {
    let ToolCall {
        call,
        server,
        tool,
        arguments,
    } = call;
    let began = Instant::now();
    let outcome = caller.call(&tool, arguments).await;
    let ms = began.elapsed().as_millis();
    info!(
        server,
        tool,
        ms,
        outcome = answer::word(&outcome),
        "a tool was called"
    );
    Done::Called(call, outcome)
}

fn answered(call: u64, outcome: ToolOutcome) -> Input {
    Input::ToolAnswered { call, outcome }
}
