//! The connection to the console: dialled by the robot, proven by its key, kept up for ever.

mod book;
mod connect;
mod tls;
mod vault;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::Sender;
use futures_util::{SinkExt, StreamExt};
use madoguchi_shared::link::{ConsoleToRobot, RobotToConsole};
use madoguchi_shared::signal::IceServer;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout, timeout_at};
use tokio_tungstenite::tungstenite::Message;
use tracing::{info, warn};

pub use book::CaseBook;
use connect::Socket;
pub use connect::{LinkError, answers, introduce};
pub use vault::Vault;

use crate::claim::Claim;
use crate::device_key::DeviceKey;

/// A console that says nothing, not even a pong, for so long is gone.
const SILENCE: Duration = Duration::from_secs(15);
const PING: Duration = Duration::from_secs(5);
const FIRST_RETRY: Duration = Duration::from_millis(500);
/// Shorter than a resident is left waiting for a lost console.
const LAST_RETRY: Duration = Duration::from_secs(4);
/// A write that takes longer goes nowhere.
const WRITE: Duration = Duration::from_secs(10);

/// What the link tells the daemon.
#[derive(Debug, Clone)]
pub enum LinkEvent {
    /// The console serves this robot.
    Up {
        /// For media sessions.
        ice_servers: Vec<IceServer>,
    },
    /// The console can't be reached or refuses this robot.
    Down,
    /// The console said something.
    Message(Box<ConsoleToRobot>),
}

/// What the link needs.
#[derive(Debug)]
pub struct Link {
    /// Which console.
    pub claim: Claim,
    /// Who we are.
    pub key: Arc<DeviceKey>,
    /// Where a used claim code is crossed out.
    pub state: PathBuf,
    /// The open cases, sent again after every connect.
    pub book: Arc<CaseBook>,
}

impl Link {
    /// Keeps the link up until `outbox` closes. `events` is bounded; the daemon's loop reads it.
    pub async fn run<E: From<LinkEvent>>(
        mut self,
        mut outbox: mpsc::Receiver<RobotToConsole>,
        events: Sender<E>,
    ) {
        let mut retry = FIRST_RETRY;
        let mut told = None;
        loop {
            match self.connect().await {
                Ok((socket, ice_servers)) => {
                    told = None;
                    tell(&events, LinkEvent::Up { ice_servers });
                    let ended = self.serve(socket, &mut outbox, &events, &mut retry).await;
                    tell(&events, LinkEvent::Down);
                    match ended {
                        Ok(()) => return,
                        Err(error) => warn!("the console's link broke: {}", chain(&error)),
                    }
                }
                Err(error) => {
                    // Once for every new reason: a console may be down for a week.
                    let reason = chain(&error);
                    if told.as_ref() != Some(&reason) {
                        warn!(console = self.claim.url, "no console: {reason}; trying on");
                        told = Some(reason);
                    }
                }
            }
            let pause = retry.mul_f64(rand::random_range(0.7..1.3));
            if !wait_and_drop(&mut outbox, pause).await {
                return;
            }
            retry = (retry * 2).min(LAST_RETRY);
        }
    }

    async fn connect(&mut self) -> Result<(Socket, Vec<IceServer>), LinkError> {
        let (socket, welcome) = connect::handshake(&self.claim, &self.key).await?;
        info!(name = welcome.name, robot = %welcome.robot_id, "the console serves this robot");
        if self.claim.code.take().is_some()
            && let Err(error) = self.claim.store(&self.state)
        {
            warn!("the used claim code could not be crossed out: {error}");
        }
        Ok((socket, welcome.ice_servers))
    }

    async fn serve<E: From<LinkEvent>>(
        &self,
        mut socket: Socket,
        outbox: &mut mpsc::Receiver<RobotToConsole>,
        events: &Sender<E>,
        retry: &mut Duration,
    ) -> Result<(), LinkError> {
        self.resend(&mut socket).await?;
        let mut ping = interval(PING);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut heard = Instant::now();
        loop {
            tokio::select! {
                message = timeout_at(heard + SILENCE, socket.next()) => {
                    let message = message.map_err(|_| LinkError::Silent)?.ok_or(LinkError::Closed)??;
                    heard = Instant::now();
                    // It has taken what was sent again: a console that breaks off there is let be.
                    *retry = FIRST_RETRY;
                    if let Some(message) = connect::read(&message)? {
                        self.note(&message);
                        tell(events, LinkEvent::Message(Box::new(message)));
                    }
                }
                message = outbox.recv() => {
                    let Some(message) = message else {
                        let _ = socket.close(None).await;
                        return Ok(());
                    };
                    if self.book.take_overflow() {
                        // What still waits is older than the packets that are sent now.
                        while outbox.try_recv().is_ok() {}
                        self.resend(&mut socket).await?;
                    } else {
                        send(&mut socket, connect::write(&message)?).await?;
                    }
                }
                _ = ping.tick() => send(&mut socket, Message::Ping(Default::default())).await?,
            }
        }
    }

    async fn resend(&self, socket: &mut Socket) -> Result<(), LinkError> {
        for packet in self.book.packets() {
            let message = RobotToConsole::Case {
                packet: Box::new(packet),
            };
            send(socket, connect::write(&message)?).await?;
        }
        for task in self.book.tasks() {
            send(socket, connect::write(&RobotToConsole::Task { task })?).await?;
        }
        Ok(())
    }

    fn note(&self, message: &ConsoleToRobot) {
        if let ConsoleToRobot::CaseSaved { case_id, revision } = message {
            self.book.saved(*case_id, *revision);
        }
        if let ConsoleToRobot::TaskSaved { task_id } = message {
            self.book.task_saved(*task_id);
        }
    }
}

async fn send(socket: &mut Socket, message: Message) -> Result<(), LinkError> {
    let sent = timeout(WRITE, socket.send(message)).await;
    Ok(sent.map_err(|_| LinkError::Silent)??)
}

/// Waits, letting go of what nobody can be told now; cases stay in the book. `false` at the end.
async fn wait_and_drop(outbox: &mut mpsc::Receiver<RobotToConsole>, pause: Duration) -> bool {
    let until = Instant::now() + pause;
    loop {
        match timeout_at(until, outbox.recv()).await {
            Err(_) => return true,
            Ok(None) => return false,
            Ok(Some(_)) => {}
        }
    }
}

fn tell<E: From<LinkEvent>>(events: &Sender<E>, event: LinkEvent) {
    // The daemon's loop empties its queue within milliseconds; waiting here is back-pressure on
    // the console, and keeps the order.
    let _ = tokio::task::block_in_place(|| events.send(event.into()));
}

/// An error and what led to it, in one line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}
