//! The open cases as the console should know them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use madoguchi_shared::ids::CaseId;
use madoguchi_shared::link::RobotToConsole;
use madoguchi_shared::packet::{CaseState, Packet};

/// Cases kept for a console that doesn't answer, the newest. A robot has one open case at a time.
const KEPT: usize = 32;

/// Keeps each case's newest packet until the console has stored its last revision.
#[derive(Debug, Default)]
pub struct CaseBook {
    packets: Mutex<BTreeMap<CaseId, Packet>>,
    overflow: AtomicBool,
}

impl CaseBook {
    /// Notes what is about to be sent.
    pub fn note(&self, message: &RobotToConsole) {
        let mut packets = self.lock();
        while packets.len() > KEPT {
            packets.pop_first();
        }
        match message {
            RobotToConsole::Case { packet } => {
                packets.insert(packet.case_id, (**packet).clone());
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
            _ => {}
        }
    }

    /// Forgets a closed case that is stored.
    pub fn saved(&self, case_id: CaseId, revision: u32) {
        self.lock().retain(|id, packet| {
            *id != case_id || packet.state != CaseState::Closed || packet.revision > revision
        });
    }

    /// All cases, oldest first.
    pub fn packets(&self) -> Vec<Packet> {
        self.lock().values().cloned().collect()
    }

    /// Something could not be queued: everything is sent again at the next chance.
    pub fn overflowed(&self) {
        self.overflow.store(true, Ordering::Relaxed);
    }

    pub(super) fn take_overflow(&self) -> bool {
        self.overflow.swap(false, Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<CaseId, Packet>> {
        self.packets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use madoguchi_shared::ids::{UnixMs, VisitId};
    use madoguchi_shared::link::Failure;
    use madoguchi_shared::packet::{
        Channel, Owner, Reason, ReasonCode, Resident, RobotCondition, Route, Speaker, Turn,
        Versions,
    };
    use uuid::Uuid;

    use super::*;

    fn packet(case: u128, revision: u32, state: CaseState) -> RobotToConsole {
        RobotToConsole::Case {
            packet: Box::new(Packet {
                schema_version: 1,
                revision,
                case_id: CaseId(Uuid::from_u128(case)),
                visit_id: VisitId(Uuid::from_u128(1)),
                robot_id: None,
                opened_at: UnixMs(0),
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
                    accessibility: Vec::new(),
                    consent: Vec::new(),
                    redacted: Vec::new(),
                },
                robot: RobotCondition::default(),
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
                channel: Channel::Typed,
                text: "hello".to_owned(),
                language: None,
                translation: None,
                confidence: None,
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
        book.note(&packet(1, 1, CaseState::Requested));
        book.note(&turn(1, 2, 1));
        let [packet] = &book.packets()[..] else {
            panic!()
        };
        assert_eq!((packet.revision, packet.transcript.len()), (2, 1));
    }

    #[test]
    fn a_failure_that_a_lost_link_missed_is_in_the_packet_that_is_sent_again() {
        let book = CaseBook::default();
        book.note(&packet(1, 1, CaseState::Live));
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
    fn a_closed_case_is_kept_until_its_last_revision_is_stored() {
        let book = CaseBook::default();
        book.note(&packet(1, 5, CaseState::Closed));
        book.saved(CaseId(Uuid::from_u128(1)), 4);
        assert_eq!(book.packets().len(), 1);
        book.saved(CaseId(Uuid::from_u128(1)), 5);
        assert!(book.packets().is_empty());
    }

    #[test]
    fn an_open_case_is_kept_though_it_is_stored() {
        let book = CaseBook::default();
        book.note(&packet(1, 1, CaseState::Requested));
        book.saved(CaseId(Uuid::from_u128(1)), 1);
        assert_eq!(book.packets().len(), 1);
    }

    #[test]
    fn a_console_that_never_answers_does_not_fill_the_memory() {
        let book = CaseBook::default();
        for case in 0..100 {
            book.note(&packet(case, 1, CaseState::Closed));
        }
        assert!(book.packets().len() <= KEPT + 1);
        assert_eq!(
            book.packets().last().unwrap().case_id,
            CaseId(Uuid::from_u128(99))
        );
    }
}
