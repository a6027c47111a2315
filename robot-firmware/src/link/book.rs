//! The open cases as the console should know them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use madoguchi_shared::ids::CaseId;
use madoguchi_shared::link::RobotToConsole;
use madoguchi_shared::packet::{CaseState, Packet};

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
                    packet.transcript.push(turn.clone());
                }
            }
            RobotToConsole::Progress {
                case_id,
                state,
                owner,
                ..
            } => {
                if let Some(packet) = packets.get_mut(case_id) {
                    packet.state = *state;
                    packet.owner = *owner;
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
