//! The middle of the house: takes what robots and pages say, stores it, updates the board and
//! says on what follows.
//!
//! Order: changes of cases go one after another through `changes`, and nothing is said about a
//! change before it is durable. Signalling doesn't touch the store and never waits for it.

mod calls;
mod duty;
mod pages;
mod phones;
mod robots;
mod stills;
mod talks;
mod tasks;
mod watching;

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::extract::ws::Utf8Bytes;
use madoguchi_shared::ids::{CaseId, UnixMs};
use madoguchi_shared::operator::RobotEntry;
use madoguchi_shared::packet::Packet;
use madoguchi_shared::signal::IceServer;
use serde::Serialize;
use tokio::sync::{Mutex as AsyncMutex, Notify};

use crate::board::{Board, ConnectionId, Effect};
use crate::socket::Outbox;
use crate::store::{RobotRecord, Store, StoreError};
use crate::turn::Turn;

pub use pages::{NOTE_MAX_CHARS, SAY_MAX_CHARS};

type Result<T, E = StoreError> = std::result::Result<T, E>;

/// The console's clock.
pub fn now() -> UnixMs {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or(Duration::ZERO);
    UnixMs(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

#[derive(Debug)]
struct Counter {
    board: Board,
    outboxes: HashMap<ConnectionId, Outbox>,
}

/// See the module.
#[derive(Debug)]
pub struct Hub {
    store: Store,
    ice_servers: Vec<IceServer>,
    silence: Duration,
    kept_hours: u32,
    changes: AsyncMutex<()>,
    counter: Mutex<Counter>,
    next_connection: AtomicU64,
    replanned: Notify,
}

impl Hub {
    /// A hub with everything that the store knows. A robot that was silent for `silence` is gone.
    /// Cases are erased `kept` after their last change.
    pub async fn new(
        store: Store,
        (ice_servers, turn): (Vec<IceServer>, Option<Turn>),
        silence: Duration,
        kept: Duration,
    ) -> Result<Self> {
        let with_key = |robot: RobotRecord| {
            let known = (robot.public_key.clone(), robot.site.clone());
            (entry(robot), known)
        };
        let robots = store.robots().await?.into_iter().map(with_key).collect();
        let board = Board::new(
            (ice_servers.clone(), turn),
            robots,
            store.open_cases().await?,
            now(),
        );
        Ok(Self {
            store,
            ice_servers,
            silence,
            kept_hours: u32::try_from(kept.as_secs() / 3_600).unwrap_or(u32::MAX),
            changes: AsyncMutex::new(()),
            counter: Mutex::new(Counter {
                board,
                outboxes: HashMap::new(),
            }),
            next_connection: AtomicU64::new(1),
            replanned: Notify::new(),
        })
    }

    /// The store behind the hub.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// STUN and TURN servers for media sessions.
    pub fn ice_servers(&self) -> &[IceServer] {
        &self.ice_servers
    }

    /// Erases every case that didn't change since `before`.
    pub async fn erase_cases(&self, before: UnixMs) -> Result<usize> {
        let _change = self.changes.lock().await;
        let erased = self.store.erase_cases(before).await?;
        for case in &erased {
            self.act(None, |board| board.case_erased(*case));
        }
        Ok(erased.len())
    }

    /// A case's packet as operators read it.
    async fn packet(&self, case: CaseId) -> Result<Option<Packet>> {
        let mut packet = self.store.packet(case).await?;
        if let Some(packet) = &mut packet {
            packet.resident.kept_hours = Some(self.kept_hours);
        }
        Ok(packet)
    }

    fn connection(&self) -> ConnectionId {
        ConnectionId(self.next_connection.fetch_add(1, Ordering::Relaxed))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Counter> {
        self.counter
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn forget(&self, connection: ConnectionId) {
        self.lock().outboxes.remove(&connection);
    }

    /// Changes the board and puts what follows into the outboxes, in one step; never waits. Says
    /// how much followed from the change itself: what waiting cases are offered to whom follows
    /// from it, too.
    fn act(
        &self,
        joining: Option<(ConnectionId, Outbox)>,
        change: impl FnOnce(&mut Board) -> Vec<Effect>,
    ) -> usize {
        let mut counter = self.lock();
        counter.outboxes.extend(joining);
        counter.board.clock(now());
        let mut effects = change(&mut counter.board);
        let count = effects.len();
        let due = counter.board.next_change();
        effects.extend(counter.board.settle());
        if counter.board.next_change() != due {
            self.replanned.notify_one();
        }
        for effect in effects {
            match effect {
                Effect::Robot(link, message) => counter.put(&[link], &message),
                Effect::Pages(pages, message) => counter.put(&pages, &message),
                Effect::Phones(phones, message) => counter.put(&phones, &message),
                Effect::Drop(connection) => {
                    if let Some(outbox) = counter.outboxes.remove(&connection) {
                        outbox.hang_up();
                    }
                }
            }
        }
        count
    }
}

impl Counter {
    fn put(&self, to: &[ConnectionId], message: &impl Serialize) {
        if to.is_empty() {
            return;
        }
        match serde_json::to_string(message) {
            Ok(text) => {
                let text = Utf8Bytes::from(text);
                for outbox in to
                    .iter()
                    .filter_map(|connection| self.outboxes.get(connection))
                {
                    outbox.put(text.clone());
                }
            }
            Err(error) => tracing::error!(%error, "a message can't be written as JSON"),
        }
    }
}

fn entry(robot: RobotRecord) -> RobotEntry {
    RobotEntry {
        id: robot.id,
        name: robot.name,
        online: false,
        condition: None,
        updates: None,
        last_seen: robot.last_seen,
        visit: None,
        watched_by: None,
    }
}
