//! What is on the counter right now: robots, open cases, operators' pages.
//!
//! Pure state. Each method takes what happened and returns what must be said to whom; the
//! [`crate::hub`] stores first and carries out afterwards.

mod calls;
mod cases;
mod leases;
mod offers;
mod pages;
mod phones;
mod robots;
mod watching;

pub use cases::Held;
pub use leases::NotLeased;
pub use offers::NotOffered;
pub use watching::{Taking, Watched};

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use madoguchi_shared::ids::{CaseId, OperatorId, RobotId, UnixMs};
use madoguchi_shared::link::ConsoleToRobot;
use madoguchi_shared::onsite::ConsoleToPhone;
use madoguchi_shared::operator::{ConsoleToOperator, Duty, Offer, RobotEntry};
use madoguchi_shared::packet::{CaseState, OperatorCard};
use madoguchi_shared::signal::IceServer;
use madoguchi_shared::transfer::Colleague;

use crate::routing::{Plan, Progress};
use crate::store::{CaseRecord, Staff};
use crate::turn::Turn;

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
    /// To phones of staff in the room.
    Phones(Vec<ConnectionId>, ConsoleToPhone),
    /// Hang up.
    Drop(ConnectionId),
}

#[derive(Debug)]
struct Robot {
    entry: RobotEntry,
    public_key: String,
    /// The office it stands in.
    site: String,
    link: Option<ConnectionId>,
    /// The page that watches the visit that is under way.
    watched_on: Option<ConnectionId>,
    /// Who takes it over: the case that it becomes is theirs.
    taken: Option<Taking>,
}

#[derive(Debug)]
struct Case {
    record: CaseRecord,
    carrier: Option<Carrier>,
    /// When its holder took it.
    accepted_at: Option<UnixMs>,
    /// How far it came while it waits.
    progress: Progress,
    plan: Plan,
    told: Told,
}

/// What pages and robot know of a waiting case.
#[derive(Debug, Default)]
struct Told {
    offers: BTreeMap<OperatorId, Offer>,
    /// How many it reaches, its place, and what it may take.
    robot: Option<(u32, u32, Option<u32>)>,
}

/// A call that a page begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Its number.
    pub number: u32,
    /// What the page drew with it, for the robot's signature.
    pub nonce: String,
}

/// The holder's page that carries a conversation, and its call.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Carrier {
    page: ConnectionId,
    call: Call,
    /// While its operator drives the robot.
    lease: Option<leases::Lease>,
}

impl Case {
    fn is_carried_by(&self, page: ConnectionId) -> bool {
        let carrier = self.carrier.as_ref();
        carrier.is_some_and(|carrier| carrier.page == page)
    }
}

#[derive(Debug)]
struct Page {
    operator: OperatorCard,
    session: String,
    /// Public half of the session's key.
    key: Option<String>,
    opened: BTreeSet<CaseId>,
    /// What the page knows of its operator's duty.
    duty: Duty,
    /// Who else is on duty, as the page knows it.
    colleagues: Vec<Colleague>,
}

/// The counter.
#[derive(Debug, Default)]
pub struct Board {
    ice_servers: Vec<IceServer>,
    turn: Option<Turn>,
    robots: BTreeMap<RobotId, Robot>,
    cases: BTreeMap<CaseId, Case>,
    pages: BTreeMap<ConnectionId, Page>,
    staff: BTreeMap<OperatorId, Staff>,
    phones: phones::Phones,
    idle_since: BTreeMap<OperatorId, UnixMs>,
    /// How long the newest cases took, in seconds.
    handled_s: VecDeque<u32>,
    now: UnixMs,
}

impl Board {
    /// A counter with what the store knows and nobody connected.
    pub fn new(
        (ice_servers, turn): (Vec<IceServer>, Option<Turn>),
        robots: Vec<(RobotEntry, (String, String))>,
        cases: Vec<CaseRecord>,
        now: UnixMs,
    ) -> Self {
        Self {
            ice_servers,
            turn,
            robots: robots
                .into_iter()
                .map(|(entry, (public_key, site))| {
                    let link = None;
                    let robot = Robot {
                        entry,
                        public_key,
                        site,
                        link,
                        watched_on: None,
                        taken: None,
                    };
                    (robot.entry.id, robot)
                })
                .collect(),
            cases: cases
                .into_iter()
                .map(|record| (record.entry.case_id, Case::new(record, now)))
                .collect(),
            now,
            ..Self::default()
        }
    }

    fn case_and_link(&self, id: CaseId) -> Option<(&Case, ConnectionId)> {
        let case = self.cases.get(&id)?;
        let link = self.robots.get(&case.record.entry.robot_id)?.link?;
        Some((case, link))
    }

    /// STUN and TURN servers for one end of a case's call.
    fn servers_for(&self, end: &str, id: CaseId) -> Vec<IceServer> {
        let turn = self.turn.as_ref();
        let issued = turn.map(|turn| turn.issue(&format!("{end}-{id}"), self.now));
        self.ice_servers.iter().cloned().chain(issued).collect()
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
