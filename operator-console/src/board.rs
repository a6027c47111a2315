//! What is on the counter right now: robots, open cases, operators' pages.
//!
//! Pure state. Each method takes what happened and returns what must be said to whom; the
//! [`crate::hub`] stores first and carries out afterwards.

use std::collections::{BTreeMap, BTreeSet};

use madoguchi_shared::ids::{CaseId, OperatorId, RobotId, UnixMs};
use madoguchi_shared::link::ConsoleToRobot;
use madoguchi_shared::operator::{ApiError, CaseEntry, ConsoleToOperator, RobotEntry};
use madoguchi_shared::packet::{CaseState, OperatorCard, Packet, RobotCondition};
use madoguchi_shared::signal::IceServer;

use crate::routing::may_read;
use crate::store::CaseRecord;

/// One WebSocket connection of this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// Something to be said or done.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// To a robot's connection.
    Robot(ConnectionId, ConsoleToRobot),
    /// To operators' pages.
    Pages(Vec<ConnectionId>, ConsoleToOperator),
    /// Hang up.
    Drop(ConnectionId),
}

#[derive(Debug)]
struct Robot {
    entry: RobotEntry,
    link: Option<ConnectionId>,
}

#[derive(Debug)]
struct Case {
    record: CaseRecord,
    /// The holder's page that carries the conversation.
    page: Option<ConnectionId>,
}

#[derive(Debug)]
struct Page {
    operator: OperatorCard,
    session: String,
    opened: BTreeSet<CaseId>,
}

/// The counter.
#[derive(Debug, Default)]
pub struct Board {
    ice_servers: Vec<IceServer>,
    robots: BTreeMap<RobotId, Robot>,
    cases: BTreeMap<CaseId, Case>,
    pages: BTreeMap<ConnectionId, Page>,
}

impl Board {
    /// A counter with what the store knows and nobody connected.
    pub fn new(
        ice_servers: Vec<IceServer>,
        robots: Vec<RobotEntry>,
        cases: Vec<CaseRecord>,
    ) -> Self {
        Self {
            ice_servers,
            robots: robots
                .into_iter()
                .map(|entry| (entry.id, Robot { entry, link: None }))
                .collect(),
            cases: cases
                .into_iter()
                .map(|record| (record.entry.case_id, Case { record, page: None }))
                .collect(),
            pages: BTreeMap::new(),
        }
    }

    // --- robots

    /// A robot's connection stands. An older one is dropped; what the robot may have missed is
    /// said again.
    pub fn robot_joined(&mut self, mut entry: RobotEntry, link: ConnectionId) -> Vec<Effect> {
        let id = entry.id;
        entry.online = true;
        let mut effects = Vec::new();
        let older = self.robots.remove(&id);
        if let Some(older) = older {
            effects.extend(older.link.map(Effect::Drop));
            entry.condition = older.entry.condition;
        }
        effects.push(self.to_all(ConsoleToOperator::Robot {
            robot: entry.clone(),
        }));
        self.robots.insert(
            id,
            Robot {
                entry,
                link: Some(link),
            },
        );
        let cases: Vec<CaseId> = self
            .cases
            .values()
            .filter(|case| case.record.entry.robot_id == id)
            .map(|case| case.record.entry.case_id)
            .collect();
        for case in cases {
            effects.extend(self.standing(case));
        }
        effects
    }

    /// A robot's connection ended. Nothing happens when a newer one stands.
    pub fn robot_left(&mut self, id: RobotId, link: ConnectionId, now: UnixMs) -> Vec<Effect> {
        match self.robots.get_mut(&id) {
            Some(robot) if robot.link == Some(link) => {
                robot.link = None;
                robot.entry.online = false;
                robot.entry.last_seen = Some(now);
                let message = ConsoleToOperator::Robot {
                    robot: robot.entry.clone(),
                };
                vec![self.to_all(message)]
            }
            _ => Vec::new(),
        }
    }

    /// Whether this connection is the robot's current one.
    pub fn is_current(&self, id: RobotId, link: ConnectionId) -> bool {
        self.robots
            .get(&id)
            .is_some_and(|robot| robot.link == Some(link))
    }

    /// A robot told its condition.
    pub fn robot_status(
        &mut self,
        id: RobotId,
        condition: RobotCondition,
        now: UnixMs,
    ) -> Vec<Effect> {
        let Some(robot) = self.robots.get_mut(&id) else {
            return Vec::new();
        };
        robot.entry.condition = Some(condition);
        robot.entry.last_seen = Some(now);
        let message = ConsoleToOperator::Robot {
            robot: robot.entry.clone(),
        };
        vec![self.to_all(message)]
    }

    // --- cases

    /// A case was stored, new or changed. A closed one leaves the counter.
    pub fn case_stored(&mut self, record: CaseRecord) -> Vec<Effect> {
        let id = record.entry.case_id;
        let entry = record.entry.clone();
        let waits = waits(&record);
        let known = self.cases.get(&id);
        let is_new = known.is_none();
        let page = known.and_then(|case| case.page);
        if entry.state == CaseState::Closed {
            self.cases.remove(&id);
            for page in self.pages.values_mut() {
                page.opened.remove(&id);
            }
            return vec![self.to_all(ConsoleToOperator::Case { case: entry })];
        }
        self.cases.insert(id, Case { record, page });
        let mut effects = vec![self.to_all(ConsoleToOperator::Case { case: entry })];
        if is_new && waits {
            effects.extend(self.standing(id));
        }
        effects
    }

    /// A case was erased from the store.
    pub fn case_erased(&mut self, id: CaseId) -> Vec<Effect> {
        match self.cases.remove(&id) {
            Some(case) => {
                let entry = CaseEntry {
                    state: CaseState::Closed,
                    ..case.record.entry
                };
                vec![self.to_all(ConsoleToOperator::Case { case: entry })]
            }
            None => Vec::new(),
        }
    }

    /// What the case's robot must know as things stand: its end, who holds it, or how many
    /// operators see it.
    pub fn standing(&self, id: CaseId) -> Vec<Effect> {
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
                    ice_servers: self.ice_servers.clone(),
                })];
                if case.page.is_none() {
                    effects.push(say(ConsoleToRobot::OperatorAway { case_id: id }));
                }
                effects
            }
            (None, None) if waits(&case.record) => vec![say(ConsoleToRobot::Offered {
                case_id: id,
                operators: self.operators_on_duty(),
            })],
            (None, None) => Vec::new(),
        }
    }

    /// An operator holds a case from this page, now or again. The robot is told (again), so that
    /// it offers media to this page.
    pub fn held(&mut self, record: CaseRecord, page: ConnectionId) -> Vec<Effect> {
        let id = record.entry.case_id;
        let before = self
            .cases
            .get(&id)
            .and_then(|case| case.page)
            .filter(|old| *old != page);
        let entry = record.entry.clone();
        self.cases.insert(
            id,
            Case {
                record,
                page: Some(page),
            },
        );
        let mut effects = vec![
            self.to_all(ConsoleToOperator::Case { case: entry }),
            Effect::Pages(
                vec![page],
                ConsoleToOperator::Accepted {
                    case_id: id,
                    ice_servers: self.ice_servers.clone(),
                },
            ),
        ];
        if let Some(old) = before {
            effects.push(Effect::Pages(vec![old], moved_elsewhere(id)));
        }
        effects.extend(self.standing(id));
        effects
    }

    /// The robot's connection and the operator's page of a case that `page` carries.
    pub fn robot_of_held(&self, id: CaseId, page: ConnectionId) -> Held {
        match self.cases.get(&id) {
            Some(case) if case.page == Some(page) && case.record.back.is_none() => {
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
        case.page.filter(|_| own)
    }

    // --- pages

    /// An operator's page connected: it gets everything. When that changes how many operators are
    /// on duty, waiting robots are told.
    pub fn page_joined(
        &mut self,
        page: ConnectionId,
        operator: OperatorCard,
        session: String,
        now: UnixMs,
    ) -> Vec<Effect> {
        let before = self.operators_on_duty();
        let snapshot = ConsoleToOperator::Snapshot {
            now,
            operator: operator.clone(),
            robots: self
                .robots
                .values()
                .map(|robot| robot.entry.clone())
                .collect(),
            cases: self
                .cases
                .values()
                .map(|case| case.record.entry.clone())
                .collect(),
            holding: self.holding(operator.id).map(|record| record.entry.case_id),
        };
        self.pages.insert(
            page,
            Page {
                operator,
                session,
                opened: BTreeSet::new(),
            },
        );
        let mut effects = vec![Effect::Pages(vec![page], snapshot)];
        effects.extend(self.duty_changed(before));
        effects
    }

    /// An operator's page went away.
    pub fn page_left(&mut self, page: ConnectionId) -> Vec<Effect> {
        let before = self.operators_on_duty();
        if self.pages.remove(&page).is_none() {
            return Vec::new();
        }
        let mut effects = Vec::new();
        for case in self
            .cases
            .values_mut()
            .filter(|case| case.page == Some(page))
        {
            case.page = None;
            let link = self
                .robots
                .get(&case.record.entry.robot_id)
                .and_then(|robot| robot.link);
            if let (Some(link), None) = (link, &case.record.back) {
                let case_id = case.record.entry.case_id;
                effects.push(Effect::Robot(
                    link,
                    ConsoleToRobot::OperatorAway { case_id },
                ));
            }
        }
        effects.extend(self.duty_changed(before));
        effects
    }

    /// The operator of a page.
    pub fn operator_of(&self, page: ConnectionId) -> Option<&OperatorCard> {
        self.pages.get(&page).map(|page| &page.operator)
    }

    /// The case that an operator holds.
    pub fn holding(&self, operator: OperatorId) -> Option<&CaseRecord> {
        self.cases.values().map(|case| &case.record).find(|record| {
            record.back.is_none()
                && record
                    .entry
                    .operator
                    .as_ref()
                    .is_some_and(|holder| holder.id == operator)
        })
    }

    /// The pages of a session that was ended.
    pub fn pages_of_session(&self, session: &str) -> Vec<ConnectionId> {
        self.pages_where(|page| page.session == session)
    }

    /// Notes that a page follows a case; false when it may not.
    pub fn follow(&mut self, page: ConnectionId, id: CaseId) -> bool {
        let (Some(page), Some(case)) = (self.pages.get_mut(&page), self.cases.get(&id)) else {
            return false;
        };
        let may = may_read(&case.record.entry, &page.operator);
        if may {
            page.opened.insert(id);
        }
        may
    }

    /// A message about a case to the pages that follow it and may still read it.
    pub fn to_readers(&self, id: CaseId, message: ConsoleToOperator) -> Effect {
        let entry = self.cases.get(&id).map(|case| &case.record.entry);
        let readers = self.pages_where(|page| {
            page.opened.contains(&id) && entry.is_some_and(|case| may_read(case, &page.operator))
        });
        Effect::Pages(readers, message)
    }

    /// Whether anybody would read a change of this case.
    pub fn has_readers(&self, id: CaseId) -> bool {
        self.pages.values().any(|page| page.opened.contains(&id))
    }

    /// A whole packet to one page.
    pub fn packet_to(page: ConnectionId, packet: Packet) -> Effect {
        Effect::Pages(
            vec![page],
            ConsoleToOperator::Packet {
                packet: Box::new(packet),
            },
        )
    }

    // --- inside

    fn case_and_link(&self, id: CaseId) -> Option<(&Case, ConnectionId)> {
        let case = self.cases.get(&id)?;
        let link = self.robots.get(&case.record.entry.robot_id)?.link?;
        Some((case, link))
    }

    fn operators_on_duty(&self) -> u32 {
        let distinct: BTreeSet<OperatorId> =
            self.pages.values().map(|page| page.operator.id).collect();
        u32::try_from(distinct.len()).unwrap_or(u32::MAX)
    }

    fn duty_changed(&self, before: u32) -> Vec<Effect> {
        let operators = self.operators_on_duty();
        if operators == before {
            return Vec::new();
        }
        self.cases
            .values()
            .filter(|case| waits(&case.record))
            .filter_map(|case| {
                let id = case.record.entry.case_id;
                let (_, link) = self.case_and_link(id)?;
                Some(Effect::Robot(
                    link,
                    ConsoleToRobot::Offered {
                        case_id: id,
                        operators,
                    },
                ))
            })
            .collect()
    }

    fn pages_where(&self, wanted: impl Fn(&Page) -> bool) -> Vec<ConnectionId> {
        self.pages
            .iter()
            .filter(|(_, page)| wanted(page))
            .map(|(id, _)| *id)
            .collect()
    }

    fn to_all(&self, message: ConsoleToOperator) -> Effect {
        Effect::Pages(self.pages.keys().copied().collect(), message)
    }
}

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

fn waits(record: &CaseRecord) -> bool {
    record.back.is_none()
        && record.entry.operator.is_none()
        && matches!(
            record.entry.state,
            CaseState::Requested | CaseState::Offered
        )
}

fn moved_elsewhere(case_id: CaseId) -> ConsoleToOperator {
    ConsoleToOperator::Error {
        case_id: Some(case_id),
        error: ApiError {
            code: "moved_elsewhere".into(),
            message: "This conversation was opened in another window; go on there.".into(),
        },
    }
}
