//! The open cases as the console should know them, and what was promised to residents.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use madoguchi_shared::ids::{CaseId, TaskId, UnixMs};
use madoguchi_shared::link::{Failure, RobotToConsole};
use madoguchi_shared::packet::{CaseState, Owner, Packet, Task, keep_newest};
use tokio::sync::Notify;
use tracing::error;

use super::vault::{Owed, Vault};
use crate::clock::wall;

/// Cases kept for a console that doesn't answer, the newest. A robot has one open case at a time.
const KEPT: usize = 32;
/// Promises kept likewise; the newest are given up last.
const TASKS_KEPT: usize = 256;

/// Keeps each case's newest packet, and each promise, until the console has stored it.
#[derive(Debug, Default)]
pub struct CaseBook {
    owed: Mutex<Owed>,
    overflow: AtomicBool,
    changed: Notify,
    vault: Option<Vault>,
    /// The vault's file has one writer at a time.
    writing: Mutex<()>,
}

impl CaseBook {
    /// A book that is kept on the disk, with what was owed when the robot ended.
    pub fn open(vault: Vault) -> Self {
        let owed = vault.read().unwrap_or_else(|error| {
            error!("what is owed to the console is lost: {error:#}");
            Owed::default()
        });
        Self {
            owed: Mutex::new(owed),
            vault: Some(vault),
            ..Self::default()
        }
    }

    /// The case in which the robot ended, if it is younger than `patience_ms`; whoever waited
    /// longer is gone. All others that were open are closed as the robot's fault.
    pub fn interrupted(&self, now: UnixMs, patience_ms: i64) -> Option<Packet> {
        let mut owed = self.lock();
        let fresh = now.0.saturating_sub(owed.written_at.0) <= patience_ms;
        let mut open = None;
        for packet in owed.packets.values_mut().rev() {
            if packet.state == CaseState::Closed {
                continue;
            }
            if fresh && open.is_none() {
                open = Some(packet.clone());
            } else {
                packet.state = CaseState::Closed;
                packet.owner = Owner::Agent;
                packet.revision = packet.revision.saturating_add(1);
                packet.failure = packet.failure.or(Some(Failure::RobotFault));
            }
        }
        open
    }

    /// Notes what is about to be sent.
    pub fn note(&self, message: &RobotToConsole) {
        let owed = &mut *self.lock();
        while owed.packets.len() > KEPT {
            owed.packets.pop_first();
        }
        let packets = &mut owed.packets;
        match message {
            RobotToConsole::Case { packet } => {
                packets.insert(packet.case_id, (**packet).clone());
            }
            RobotToConsole::Task { task } => {
                owed.tasks.insert(task.task_id, task.clone());
                while owed.tasks.len() > TASKS_KEPT {
                    owed.tasks.pop_first();
                }
            }
            RobotToConsole::Turn {
                case_id,
                revision,
                turn,
            } => {
                if let Some(packet) = packets.get_mut(case_id) {
                    packet.revision = *revision;
                    packet
                        .transcript
                        .retain(|known| known.number != turn.number);
                    packet.transcript.push(turn.clone());
                    keep_newest(&mut packet.transcript);
                }
            }
            RobotToConsole::Progress {
                case_id,
                state,
                owner,
                failure,
                ..
            } => {
                if let Some(packet) = packets.get_mut(case_id) {
                    packet.state = *state;
                    packet.owner = *owner;
                    packet.failure = packet.failure.or(*failure);
                }
            }
            _ => return,
        }
        self.changed.notify_one();
    }

    /// Forgets a closed case that is stored.
    pub fn saved(&self, case_id: CaseId, revision: u32) {
        self.lock().packets.retain(|id, packet| {
            *id != case_id || packet.state != CaseState::Closed || packet.revision > revision
        });
        self.changed.notify_one();
    }

    /// Forgets a promise that is stored.
    pub fn task_saved(&self, task_id: TaskId) {
        self.lock().tasks.remove(&task_id);
        self.changed.notify_one();
    }

    /// All cases, oldest first.
    pub fn packets(&self) -> Vec<Packet> {
        self.lock().packets.values().cloned().collect()
    }

    /// All promises, in the order in which they were given.
    pub fn tasks(&self) -> Vec<Task> {
        self.lock().tasks.values().cloned().collect()
    }

    /// Writes every change to the disk, for ever. A change that comes meanwhile is written next.
    pub async fn keep(self: Arc<Self>) {
        loop {
            self.changed.notified().await;
            tokio::task::block_in_place(|| self.write());
        }
    }

    /// Writes what is owed now.
    pub fn write(&self) {
        let Some(vault) = &self.vault else { return };
        let _alone = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut owed = self.lock().clone();
        owed.written_at = wall();
        if let Err(error) = vault.write(&owed) {
            error!(
                "what is owed to the console isn't on the disk, free its space or rights: {error}"
            );
        }
    }

    /// Something could not be queued: everything is sent again at the next chance.
    pub fn overflowed(&self) {
        self.overflow.store(true, Ordering::Relaxed);
    }

    pub(super) fn take_overflow(&self) -> bool {
        self.overflow.swap(false, Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, Owed> {
        self.owed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use madoguchi_shared::ids::VisitId;
    use madoguchi_shared::packet::{
        Channel, Reason, ReasonCode, Resident, RobotCondition, Route, Speaker, TaskKind, Turn,
        Versions,
    };
    use uuid::Uuid;

    use super::*;

    pub fn packet(case: u128) -> Packet {
        match message(case, 1, CaseState::Requested) {
            RobotToConsole::Case { packet } => *packet,
            other => panic!("no packet: {other:?}"),
        }
    }

    pub fn task(id: u128) -> Task {
        Task {
            task_id: TaskId(Uuid::from_u128(id)),
            case_id: CaseId(Uuid::from_u128(1)),
            visit_id: VisitId(Uuid::from_u128(1)),
            kind: TaskKind::Callback,
            reference: "K7Q-4MX".to_owned(),
            contact: Some("0312345678".to_owned()),
            language: "es".parse().unwrap(),
            reason: ReasonCode::AskedForPerson,
            summary: Vec::new(),
            promised_at: UnixMs(0),
        }
    }

    fn message(case: u128, revision: u32, state: CaseState) -> RobotToConsole {
        RobotToConsole::Case {
            packet: Box::new(Packet {
                schema_version: 1,
                revision,
                case_id: CaseId(Uuid::from_u128(case)),
                visit_id: VisitId(Uuid::from_u128(1)),
                robot_id: None,
                opened_at: UnixMs(0),
                expires_at: None,
                state,
                owner: Owner::Waiting,
                failure: None,
                reason: Reason {
                    code: ReasonCode::AskedForPerson,
                    language: None,
                    evidence: Vec::new(),
                },
                route: Route {
                    languages: Vec::new(),
                    skills: Vec::new(),
                    authority: Vec::new(),
                    priority: 40,
                    steps: Vec::new(),
                    fallback: Vec::new(),
                },
                summary: Vec::new(),
                facts: Vec::new(),
                transcript: Vec::new(),
                account_history: None,
                actions: Vec::new(),
                policy_flags: Vec::new(),
                next_steps: Vec::new(),
                resident: Resident {
                    languages: Vec::new(),
                    distress: None,
                    distress_trend: None,
                    accessibility: Vec::new(),
                    consent: Vec::new(),
                    redacted: Vec::new(),
                    kept_hours: None,
                },
                robot: RobotCondition::default(),
                returned: None,
                versions: Versions::default(),
            }),
        }
    }

    fn turn(case: u128, revision: u32, number: u32) -> RobotToConsole {
        RobotToConsole::Turn {
            case_id: CaseId(Uuid::from_u128(case)),
            revision,
            turn: Turn {
                number,
                speaker: Speaker::Resident,
                said_by: None,
                channel: Channel::Typed,
                text: "hello".to_owned(),
                language: None,
                translation: None,
                confidence: None,
                doubtful: Vec::new(),
                shown: None,
                interrupted: false,
                spoken: None,
                at: UnixMs(0),
            },
        }
    }

    #[test]
    fn what_a_lost_link_missed_is_in_the_packet_that_is_sent_again() {
        let book = CaseBook::default();
        book.note(&message(1, 1, CaseState::Requested));
        book.note(&turn(1, 2, 1));
        let [packet] = &book.packets()[..] else {
            panic!()
        };
        assert_eq!((packet.revision, packet.transcript.len()), (2, 1));
    }

    #[test]
    fn a_failure_that_a_lost_link_missed_is_in_the_packet_that_is_sent_again() {
        let book = CaseBook::default();
        book.note(&message(1, 1, CaseState::Live));
        for failure in [Failure::MediaFailed, Failure::OperatorLeft] {
            book.note(&RobotToConsole::Progress {
                case_id: CaseId(Uuid::from_u128(1)),
                revision: Some(1),
                state: CaseState::Live,
                owner: Owner::Operator,
                failure: Some(failure),
            });
        }
        assert_eq!(book.packets()[0].failure, Some(Failure::MediaFailed));
    }

    #[test]
    fn a_case_in_which_much_is_said_stays_small_enough_to_be_sent() {
        let book = CaseBook::default();
        book.note(&message(1, 1, CaseState::Live));
        for number in 1..=1_000 {
            book.note(&RobotToConsole::Turn {
                case_id: CaseId(Uuid::from_u128(1)),
                revision: number + 1,
                turn: Turn {
                    number,
                    speaker: Speaker::Resident,
                    said_by: None,
                    channel: Channel::Typed,
                    text: "あ".repeat(2_000),
                    language: None,
                    translation: None,
                    confidence: None,
                    doubtful: Vec::new(),
                    shown: None,
                    interrupted: false,
                    spoken: None,
                    at: UnixMs(0),
                },
            });
        }
        let packet = Box::new(book.packets().remove(0));
        let newest = packet.transcript.last().unwrap().number;
        assert_eq!((newest, packet.revision), (1_000, 1_001));
        let sent = serde_json::to_vec(&RobotToConsole::Case { packet }).unwrap();
        assert!(sent.len() < 1 << 20, "{} bytes", sent.len());
    }

    #[test]
    fn a_closed_case_is_kept_until_its_last_revision_is_stored() {
        let book = CaseBook::default();
        book.note(&message(1, 5, CaseState::Closed));
        book.saved(CaseId(Uuid::from_u128(1)), 4);
        assert_eq!(book.packets().len(), 1);
        book.saved(CaseId(Uuid::from_u128(1)), 5);
        assert!(book.packets().is_empty());
    }

    #[test]
    fn an_open_case_is_kept_though_it_is_stored() {
        let book = CaseBook::default();
        book.note(&message(1, 1, CaseState::Requested));
        book.saved(CaseId(Uuid::from_u128(1)), 1);
        assert_eq!(book.packets().len(), 1);
    }

    #[test]
    fn a_console_that_never_answers_does_not_fill_the_memory() {
        let book = CaseBook::default();
        for case in 0..100 {
            book.note(&message(case, 1, CaseState::Closed));
        }
        assert!(book.packets().len() <= KEPT + 1);
        assert_eq!(
            book.packets().last().unwrap().case_id,
            CaseId(Uuid::from_u128(99))
        );
    }

    #[test]
    fn promises_are_kept_in_their_order_until_each_is_stored() {
        let book = CaseBook::default();
        for id in [3, 1, 2] {
            let task = task(id);
            book.note(&RobotToConsole::Task { task });
        }
        let kept = || -> Vec<u128> {
            let tasks = book.tasks().into_iter();
            tasks.map(|task| task.task_id.0.as_u128()).collect()
        };
        assert_eq!(kept(), [1, 2, 3]);
        book.task_saved(TaskId(Uuid::from_u128(2)));
        assert_eq!(kept(), [1, 3]);
    }

    #[test]
    fn a_robot_that_comes_back_soon_goes_on_with_its_case_and_later_closes_it() {
        for (later_ms, goes_on) in [(60_000, true), (700_000, false)] {
            let dir = tempfile::tempdir().unwrap();
            let key = crate::device_key::DeviceKey::load_or_create(dir.path()).unwrap();
            let vault = || Vault::new(dir.path(), &key);
            let before = CaseBook::open(vault());
            before.note(&message(7, 4, CaseState::Live));
            before.write();
            let after = CaseBook::open(vault());
            let now = UnixMs(wall().0 + later_ms);
            let open = after.interrupted(now, 600_000);
            assert_eq!(open.is_some(), goes_on);
            let kept = &after.packets()[0];
            assert_eq!(kept.state == CaseState::Closed, !goes_on);
            assert_eq!(kept.failure.is_some(), !goes_on);
        }
    }
}
