//! The middle of the house: takes what robots and pages say, stores it, updates the board and
//! says on what follows.
//!
//! Order: changes of cases go one after another through `changes`, and nothing is said about a
//! change before it is durable. Signalling doesn't touch the store and never waits for it.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::extract::ws::Utf8Bytes;
use madoguchi_shared::ids::{CaseId, RobotId, UnixMs};
use madoguchi_shared::link::{ConsoleToRobot, RobotToConsole};
use madoguchi_shared::operator::{ApiError, ConsoleToOperator, OperatorToConsole, RobotEntry};
use madoguchi_shared::packet::{OperatorCard, ReturnPacket, Turn};
use madoguchi_shared::signal::IceServer;
use serde::Serialize;
use tokio::sync::Mutex as AsyncMutex;

use crate::board::{Board, ConnectionId, Effect, Held};
use crate::socket::Outbox;
use crate::store::{
    Accepting, OperatorSession, PacketSaved, RobotRecord, Store, StoreError, TurnSaved,
};

/// Longest text that an operator may type at once, in characters.
pub const SAY_MAX_CHARS: usize = 2_000;
/// Longest note of a return packet, in characters.
pub const NOTE_MAX_CHARS: usize = 4_000;

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
    changes: AsyncMutex<()>,
    counter: Mutex<Counter>,
    next_connection: AtomicU64,
}

impl Hub {
    /// A hub with everything that the store knows.
    pub async fn new(store: Store, ice_servers: Vec<IceServer>) -> Result<Self> {
        let robots = store.robots().await?.into_iter().map(entry).collect();
        let board = Board::new(ice_servers.clone(), robots, store.open_cases().await?);
        Ok(Self {
            store,
            ice_servers,
            changes: AsyncMutex::new(()),
            counter: Mutex::new(Counter {
                board,
                outboxes: HashMap::new(),
            }),
            next_connection: AtomicU64::new(1),
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

    // --- robots

    /// A robot has proved its key.
    pub async fn robot_joined(&self, robot: RobotRecord, outbox: Outbox) -> Result<ConnectionId> {
        let _change = self.changes.lock().await;
        self.store.robot_seen(robot.id, now()).await?;
        let link = self.connection();
        let mut entry = entry(robot);
        entry.last_seen = Some(now());
        self.act(Some((link, outbox)), |board| {
            board.robot_joined(entry, link)
        });
        Ok(link)
    }

    /// A robot's connection ended.
    pub async fn robot_left(&self, robot: RobotId, link: ConnectionId) {
        let _change = self.changes.lock().await;
        let effects = self.act(None, |board| board.robot_left(robot, link, now()));
        self.forget(link);
        if effects > 0
            && let Err(error) = self.store.robot_seen(robot, now()).await
        {
            tracing::warn!(%robot, %error, "the robot's last sight isn't stored");
        }
    }

    /// A robot said something. `Err` ends its connection: it sends again after the next one.
    pub async fn from_robot(
        &self,
        robot: RobotId,
        link: ConnectionId,
        message: RobotToConsole,
    ) -> Result<()> {
        if !self.lock().board.is_current(robot, link) {
            return Ok(());
        }
        match message {
            RobotToConsole::Hello(_) => {
                tracing::warn!(%robot, "a second hello was dropped");
            }
            RobotToConsole::Case { packet } => {
                let _change = self.changes.lock().await;
                let case = packet.case_id;
                let (record, changed) = match self.store.save_packet(robot, &packet, now()).await? {
                    PacketSaved::Stored(record) => (record, true),
                    PacketSaved::Known(record) => (record, false),
                    PacketSaved::Foreign => {
                        tracing::warn!(%robot, %case, "a packet for another robot's case was dropped");
                        return Ok(());
                    }
                };
                self.say_saved(link, case, record.revision);
                self.act(None, |board| board.case_stored(record));
                if changed {
                    self.show_packet_to_readers(case).await?;
                }
            }
            RobotToConsole::Turn {
                case_id,
                revision,
                turn,
            } => {
                self.add_turn(robot, link, case_id, revision, turn).await?;
            }
            RobotToConsole::Progress {
                case_id,
                state,
                owner,
                failure,
            } => {
                let _change = self.changes.lock().await;
                let word = (state, owner, failure);
                match self.store.progress(robot, case_id, word, now()).await? {
                    Some(record) => {
                        tracing::info!(%robot, case = %case_id, state = record.entry.state.as_str(), "case moved");
                        self.act(None, |board| board.case_stored(record));
                    }
                    None => {
                        tracing::warn!(%robot, case = %case_id, "progress of an unknown case was dropped");
                    }
                }
            }
            RobotToConsole::Signal { case_id, signal } => {
                self.to_holder(
                    robot,
                    case_id,
                    ConsoleToOperator::Signal { case_id, signal },
                );
            }
            RobotToConsole::Shown {
                case_id,
                message,
                language,
                text,
                translated,
            } => {
                let shown = ConsoleToOperator::Shown {
                    case_id,
                    message,
                    language,
                    text,
                    translated,
                };
                self.to_holder(robot, case_id, shown);
            }
            RobotToConsole::Status { condition, .. } => {
                self.act(None, |board| board.robot_status(robot, condition, now()));
            }
        }
        Ok(())
    }

    async fn add_turn(
        &self,
        robot: RobotId,
        link: ConnectionId,
        case_id: CaseId,
        revision: u32,
        turn: Turn,
    ) -> Result<()> {
        let _change = self.changes.lock().await;
        match self
            .store
            .add_turn(robot, case_id, revision, &turn, now())
            .await?
        {
            TurnSaved::Stored => {
                self.say_saved(link, case_id, revision);
                let message = ConsoleToOperator::Turn {
                    case_id,
                    revision,
                    turn,
                };
                self.act(None, |board| vec![board.to_readers(case_id, message)]);
            }
            TurnSaved::Standing(revision) => self.say_saved(link, case_id, revision),
            TurnSaved::Foreign => {
                tracing::warn!(%robot, case = %case_id, "a line for an unknown case was dropped");
            }
        }
        Ok(())
    }

    fn say_saved(&self, link: ConnectionId, case_id: CaseId, revision: u32) {
        let saved = ConsoleToRobot::CaseSaved { case_id, revision };
        self.act(None, |_| vec![Effect::Robot(link, saved)]);
    }

    fn to_holder(&self, robot: RobotId, case: CaseId, message: ConsoleToOperator) {
        self.act(None, |board| match board.page_of_case(case, robot) {
            Some(page) => vec![Effect::Pages(vec![page], message)],
            None => {
                tracing::debug!(%robot, %case, "no page holds the case; a message was dropped");
                Vec::new()
            }
        });
    }

    async fn show_packet_to_readers(&self, case: CaseId) -> Result<()> {
        if !self.lock().board.has_readers(case) {
            return Ok(());
        }
        if let Some(packet) = self.store.packet(case).await? {
            let message = ConsoleToOperator::Packet {
                packet: Box::new(packet),
            };
            self.act(None, |board| vec![board.to_readers(case, message)]);
        }
        Ok(())
    }

    // --- operators' pages

    /// An operator's page connected. A case that the operator holds comes back to it.
    pub async fn page_joined(
        &self,
        session: &OperatorSession,
        outbox: Outbox,
    ) -> Result<ConnectionId> {
        let _change = self.changes.lock().await;
        let page = self.connection();
        let card = session.card.clone();
        let token = session.token_hash.clone();
        self.act(Some((page, outbox)), |board| {
            board.page_joined(page, card, token, now())
        });
        let held = self.lock().board.holding(session.card.id).cloned();
        if let Some(record) = held {
            let case = record.entry.case_id;
            self.act(None, |board| board.held(record, page));
            self.open(page, case).await?;
        }
        Ok(page)
    }

    /// An operator's page went away.
    pub async fn page_left(&self, page: ConnectionId) {
        let _change = self.changes.lock().await;
        self.act(None, |board| board.page_left(page));
        self.forget(page);
    }

    /// Hangs up all pages of a session that was ended.
    pub fn session_ended(&self, token_hash: &str) {
        self.act(None, |board| {
            board
                .pages_of_session(token_hash)
                .into_iter()
                .map(Effect::Drop)
                .collect()
        });
    }

    /// A page said something. `Err` ends its connection.
    pub async fn from_page(&self, page: ConnectionId, message: OperatorToConsole) -> Result<()> {
        let Some(operator) = self.lock().board.operator_of(page).cloned() else {
            return Ok(());
        };
        match message {
            OperatorToConsole::Open { case_id } => {
                let _change = self.changes.lock().await;
                self.open(page, case_id).await?;
            }
            OperatorToConsole::Accept { case_id } => self.accept(page, &operator, case_id).await?,
            OperatorToConsole::End { case_id, back } => {
                self.end(page, &operator, case_id, back).await?;
            }
            OperatorToConsole::Say {
                case_id,
                message,
                text,
                language,
            } => {
                if text.trim().is_empty() || text.chars().count() > SAY_MAX_CHARS {
                    let remedy = format!("Write 1 to {SAY_MAX_CHARS} characters at once.");
                    self.refuse(page, case_id, "text_length", remedy);
                    return Ok(());
                }
                let say = ConsoleToRobot::Say {
                    case_id,
                    message,
                    text,
                    language,
                };
                self.to_robot(page, case_id, say);
            }
            OperatorToConsole::Signal { case_id, signal } => {
                self.to_robot(page, case_id, ConsoleToRobot::Signal { case_id, signal });
            }
        }
        Ok(())
    }

    async fn open(&self, page: ConnectionId, case: CaseId) -> Result<()> {
        let may = self.lock().board.follow(page, case);
        match if may {
            self.store.packet(case).await?
        } else {
            None
        } {
            Some(packet) => {
                self.act(None, |_| vec![Board::packet_to(page, packet)]);
            }
            None => self.refuse(
                page,
                case,
                "not_yours",
                "This case has ended or a colleague holds it; choose another one.",
            ),
        }
        Ok(())
    }

    async fn accept(
        &self,
        page: ConnectionId,
        operator: &OperatorCard,
        case: CaseId,
    ) -> Result<()> {
        let _change = self.changes.lock().await;
        match self.store.accept(case, operator.id, now()).await? {
            Accepting::Holds(record) => {
                tracing::info!(%case, operator = %operator.id, "case accepted");
                self.act(None, |board| board.held(record, page));
                self.open(page, case).await?;
            }
            Accepting::HeldBy(holder) => self.refuse(
                page,
                case,
                "already_taken",
                format!(
                    "{} was a moment faster and has taken this case.",
                    holder.name
                ),
            ),
            Accepting::HoldsAnother => self.refuse(
                page,
                case,
                "holding_another",
                "You hold another conversation; end it before you take the next one.",
            ),
            Accepting::Gone => self.refuse(
                page,
                case,
                "gone",
                "This case has ended; the visitor no longer waits for a person.",
            ),
        }
        Ok(())
    }

    async fn end(
        &self,
        page: ConnectionId,
        operator: &OperatorCard,
        case: CaseId,
        back: ReturnPacket,
    ) -> Result<()> {
        if back.note.chars().count() > NOTE_MAX_CHARS {
            let remedy = format!("Write at most {NOTE_MAX_CHARS} characters into the note.");
            self.refuse(page, case, "text_length", remedy);
            return Ok(());
        }
        let _change = self.changes.lock().await;
        match self.store.end(case, operator.id, &back, now()).await? {
            Some(record) => {
                tracing::info!(%case, operator = %operator.id, "case ended by its operator");
                self.act(None, |board| {
                    let mut effects = board.case_stored(record);
                    effects.extend(board.standing(case));
                    effects
                });
            }
            None => self.refuse(page, case, "not_yours", NOT_HELD),
        }
        Ok(())
    }

    fn to_robot(&self, page: ConnectionId, case: CaseId, message: ConsoleToRobot) {
        let held = self.lock().board.robot_of_held(case, page);
        match held {
            Held::Robot(link) => {
                self.act(None, |_| vec![Effect::Robot(link, message)]);
            }
            Held::RobotAway => self.refuse(
                page,
                case,
                "robot_away",
                "The robot isn't connected right now; try again when it is back.",
            ),
            Held::NotHeld => self.refuse(page, case, "not_yours", NOT_HELD),
        }
    }

    fn refuse(&self, page: ConnectionId, case: CaseId, code: &str, message: impl Into<String>) {
        let error = ApiError {
            code: code.to_owned(),
            message: message.into(),
        };
        let message = ConsoleToOperator::Error {
            case_id: Some(case),
            error,
        };
        self.act(None, |_| vec![Effect::Pages(vec![page], message)]);
    }

    // --- upkeep

    /// Erases every case that didn't change since `before`.
    pub async fn erase_cases(&self, before: UnixMs) -> Result<usize> {
        let _change = self.changes.lock().await;
        let erased = self.store.erase_cases(before).await?;
        for case in &erased {
            self.act(None, |board| board.case_erased(*case));
        }
        Ok(erased.len())
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

    /// Changes the board and puts what follows into the outboxes, in one step; never waits.
    fn act(
        &self,
        joining: Option<(ConnectionId, Outbox)>,
        change: impl FnOnce(&mut Board) -> Vec<Effect>,
    ) -> usize {
        let mut counter = self.lock();
        counter.outboxes.extend(joining);
        let effects = change(&mut counter.board);
        let count = effects.len();
        for effect in effects {
            match effect {
                Effect::Robot(link, message) => counter.put(&[link], &message),
                Effect::Pages(pages, message) => counter.put(&pages, &message),
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

const NOT_HELD: &str = "You don't hold this case in this window; accept it first.";

fn entry(robot: RobotRecord) -> RobotEntry {
    RobotEntry {
        id: robot.id,
        name: robot.name,
        online: false,
        condition: None,
        last_seen: robot.last_seen,
    }
}
