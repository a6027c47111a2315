//! Cases come, change hands and go.

use madoguchi_shared::ids::{CaseId, RobotId};
use madoguchi_shared::link::{ConsoleToRobot, PageKey};
use madoguchi_shared::operator::{ApiError, CaseEntry, ConsoleToOperator};
use madoguchi_shared::packet::{CaseState, Owner};

use super::{Board, Call, Carrier, Case, ConnectionId, Effect, waits};
use crate::routing::Progress;
use crate::store::CaseRecord;

/// Whether a page may speak for a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// Yes, to this robot's connection.
    Robot(ConnectionId),
    /// Yes, but the robot isn't connected.
    RobotAway,
    /// No.
    NotHeld,
}

impl Board {
    /// A case was stored, new or changed. A closed one leaves the counter, if it is still there: a
    /// second console process may have closed it.
    pub fn case_stored(&mut self, record: CaseRecord) -> Vec<Effect> {
        let id = record.entry.case_id;
        let entry = record.entry.clone();
        let waits = waits(&record);
        let is_new = !self.cases.contains_key(&id);
        if entry.state == CaseState::Closed {
            let Some(case) = self.cases.remove(&id) else {
                return Vec::new();
            };
            self.ended(&case);
            for page in self.pages.values_mut() {
                page.opened.remove(&id);
            }
            let mut effects = self.end_phones(id);
            effects.push(self.to_all(ConsoleToOperator::Case {
                case: without_transfer(entry),
            }));
            return effects;
        }
        self.put(record);
        let mut effects = self.show(id, |_| true);
        if is_new && waits {
            effects.extend(self.standing(id));
        }
        effects
    }

    /// Keeps a case as it is stored, and plans anew with it. One that waits again begins its
    /// route anew.
    fn put(&mut self, record: CaseRecord) {
        let id = record.entry.case_id;
        let now = self.now;
        let is_waiting = waits(&record);
        let onsite = record.entry.owner == Owner::Onsite;
        let before = self.cases.get(&id).filter(|_| onsite);
        if let Some((operator, since)) = before
            .and_then(|case| Some((case.record.entry.operator.as_ref()?.id, case.accepted_at)))
        {
            self.note_end(operator, since);
        }
        match self.cases.get_mut(&id) {
            Some(case) => {
                if is_waiting && !waits(&case.record) {
                    case.progress = Progress::new(now);
                    case.told.robot = None;
                }
                if onsite {
                    case.carrier = None;
                    case.accepted_at = None;
                }
                case.record = record;
            }
            None => {
                self.cases.insert(id, Case::new(record, now));
            }
        }
        self.plan();
    }

    fn ended(&mut self, case: &Case) {
        if let Some(operator) = &case.record.entry.operator {
            self.note_end(operator.id, case.accepted_at);
        }
    }

    /// A case was erased from the store.
    pub fn case_erased(&mut self, id: CaseId) -> Vec<Effect> {
        match self.cases.remove(&id) {
            Some(case) => {
                let entry = CaseEntry {
                    state: CaseState::Closed,
                    ..case.record.entry
                };
                vec![self.to_all(ConsoleToOperator::Case {
                    case: without_transfer(entry),
                })]
            }
            None => Vec::new(),
        }
    }

    /// What the case's robot must know as things stand: its end, who holds it, or how many
    /// operators see it.
    pub fn standing(&mut self, id: CaseId) -> Vec<Effect> {
        let Some((case, link)) = self.case_and_link(id) else {
            return Vec::new();
        };
        let say = |message| Effect::Robot(link, message);
        match (&case.record.back, &case.record.entry.operator) {
            (Some(back), _) => vec![say(ConsoleToRobot::End {
                case_id: id,
                back: back.clone(),
            })],
            (None, Some(operator)) => {
                let mut effects = vec![say(ConsoleToRobot::Accepted {
                    case_id: id,
                    operator: operator.clone(),
                    call: case.carrier.as_ref().map(|carrier| carrier.call.number),
                    page: case.carrier.as_ref().map(|carrier| self.page_key(carrier)),
                    ice_servers: self.servers_for("robot", id),
                })];
                effects.extend(self.in_call(id));
                if case.carrier.is_none() {
                    effects.push(say(ConsoleToRobot::OperatorAway { case_id: id }));
                }
                effects
            }
            (None, None) if waits(&case.record) => self.offered(id).map(say).into_iter().collect(),
            (None, None) => Vec::new(),
        }
    }

    /// An operator holds a case from this page, now or again. The robot is told (again), so that
    /// it offers media to this page's call; another page that carried the case is told as well.
    pub fn held(&mut self, record: CaseRecord, page: ConnectionId, call: Call) -> Vec<Effect> {
        let id = record.entry.case_id;
        let before = self
            .cases
            .get(&id)
            .and_then(|case| case.carrier.as_ref())
            .map(|carrier| carrier.page)
            .filter(|old| *old != page);
        self.put(record);
        let now = self.now;
        if let Some(case) = self.cases.get_mut(&id) {
            case.carrier = Some(Carrier {
                page,
                call,
                lease: None,
            });
            case.accepted_at.get_or_insert(now);
        }
        let mut effects = self.show(id, |_| true);
        effects.push(Effect::Pages(
            vec![page],
            ConsoleToOperator::Accepted {
                case_id: id,
                robot_key: self.robot_key(id),
                ice_servers: self.servers_for("page", id),
            },
        ));
        if let Some(old) = before {
            effects.push(Effect::Pages(vec![old], moved_elsewhere(id)));
        }
        effects.extend(self.standing(id));
        effects
    }

    fn page_key(&self, carrier: &Carrier) -> PageKey {
        let page = self.pages.get(&carrier.page);
        PageKey {
            nonce: carrier.call.nonce.clone(),
            key: page.and_then(|page| page.key.clone()),
        }
    }

    fn robot_key(&self, id: CaseId) -> String {
        let case = self.cases.get(&id);
        let robot = case.and_then(|case| self.robots.get(&case.record.entry.robot_id));
        robot.map_or_else(String::new, |robot| robot.public_key.clone())
    }

    /// The operator who held a case has signed out: it waits for the next one.
    pub fn released(&mut self, record: CaseRecord) -> Vec<Effect> {
        let id = record.entry.case_id;
        if let Some(case) = self.cases.get_mut(&id) {
            case.carrier = None;
            case.accepted_at = None;
        }
        let mut effects = self.case_stored(record);
        effects.extend(self.standing(id));
        effects
    }

    /// The robot's connection and the operator's page of a case that `page` carries.
    pub fn robot_of_held(&self, id: CaseId, page: ConnectionId) -> Held {
        match self.cases.get(&id) {
            Some(case) if case.is_carried_by(page) && case.record.back.is_none() => {
                let robot = self.robots.get(&case.record.entry.robot_id);
                robot
                    .and_then(|robot| robot.link)
                    .map_or(Held::RobotAway, Held::Robot)
            }
            _ => Held::NotHeld,
        }
    }

    /// The page that carries a robot's own case.
    pub fn page_of_case(&self, id: CaseId, robot: RobotId) -> Option<ConnectionId> {
        let case = self.cases.get(&id)?;
        let own = case.record.entry.robot_id == robot && case.record.back.is_none();
        let carrier = case.carrier.as_ref();
        carrier.map(|carrier| carrier.page).filter(|_| own)
    }
}

/// What colleagues write to each other is for the two of them.
fn without_transfer(entry: CaseEntry) -> CaseEntry {
    CaseEntry {
        transfer: None,
        ..entry
    }
}

fn moved_elsewhere(case_id: CaseId) -> ConsoleToOperator {
    ConsoleToOperator::Error {
        case_id: Some(case_id),
        error: ApiError {
            code: "moved_elsewhere".into(),
            message: "Another window of yours has taken this conversation over.".into(),
        },
    }
}
