//! What is on the counter right now: robots, open cases, operators' pages.
//!
//! Pure state. Each method takes what happened and returns what must be said to whom; the
//! [`crate::hub`] stores first and carries out afterwards.

mod cases;
mod pages;
mod robots;

pub use cases::Held;

use std::collections::{BTreeMap, BTreeSet};

use madoguchi_shared::ids::{CaseId, OperatorId, RobotId};
use madoguchi_shared::link::ConsoleToRobot;
use madoguchi_shared::operator::{ConsoleToOperator, RobotEntry};
use madoguchi_shared::packet::{CaseState, OperatorCard};
use madoguchi_shared::signal::IceServer;

use crate::store::CaseRecord;

/// One WebSocket connection of this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// Something to be said or done.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "an effect is carried out as soon as it is decided; none is kept"
)]
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
    carrier: Option<Carrier>,
}

/// The holder's page that carries a conversation, and the number of its call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Carrier {
    page: ConnectionId,
    call: u32,
}

impl Case {
    fn is_carried_by(&self, page: ConnectionId) -> bool {
        self.carrier.is_some_and(|carrier| carrier.page == page)
    }
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
                .map(|record| {
                    let carrier = None;
                    (record.entry.case_id, Case { record, carrier })
                })
                .collect(),
            pages: BTreeMap::new(),
        }
    }

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

fn waits(record: &CaseRecord) -> bool {
    record.back.is_none()
        && record.entry.operator.is_none()
        && matches!(
            record.entry.state,
            CaseState::Requested | CaseState::Offered
        )
}
