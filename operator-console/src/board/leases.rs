//! Who may drive the robot of a case: at most the page that carries it.
//!
//! Leases are in memory alone. One ends by itself on the robot, by the robot's own clock, when the
//! page doesn't ask for it again; and with the call that it belongs to, of whose end robots are told
//! anyway.

use madoguchi_shared::ids::{CaseId, UnixMs};
use madoguchi_shared::link::ConsoleToRobot;
use madoguchi_shared::motion::{LEASE_MS, LeaseGrant};
use madoguchi_shared::operator::ConsoleToOperator;

use super::{Board, Carrier, ConnectionId, Effect};

/// The lease of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lease {
    id: u32,
    until: UnixMs,
}

/// Why a page doesn't get the lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotLeased {
    /// It doesn't carry the case.
    NotHeld,
    /// The robot isn't connected.
    RobotAway,
    /// The robot has nothing that moves it.
    NoDrive,
}

impl Board {
    /// Grants the lease to the page that carries a case, or grants it again; `fresh` names a new
    /// one.
    pub fn lease(
        &mut self,
        page: ConnectionId,
        id: CaseId,
        fresh: u32,
    ) -> Result<Vec<Effect>, NotLeased> {
        let now = self.now;
        let Some(case) = self.cases.get_mut(&id) else {
            return Err(NotLeased::NotHeld);
        };
        let entry = &case.record.entry;
        let holder = entry.operator.as_ref().map(|card| card.id);
        let carries = |carrier: &&mut Carrier| carrier.page == page && case.record.back.is_none();
        let carried = case.carrier.as_mut().filter(carries);
        let (Some(operator), Some(carrier)) = (holder, carried) else {
            return Err(NotLeased::NotHeld);
        };
        let Some(robot) = self.robots.get(&entry.robot_id) else {
            return Err(NotLeased::RobotAway);
        };
        let Some(link) = robot.link else {
            return Err(NotLeased::RobotAway);
        };
        let condition = robot.entry.condition.as_ref();
        if !condition.is_some_and(|condition| condition.motion) {
            return Err(NotLeased::NoDrive);
        }
        let held = carrier.lease.filter(|lease| now < lease.until);
        let lease = Lease {
            id: held.map_or(fresh, |lease| lease.id),
            until: UnixMs(now.0.saturating_add(LEASE_MS.into())),
        };
        carrier.lease = Some(lease);
        let grant = Some(LeaseGrant {
            id: lease.id,
            operator,
            for_ms: LEASE_MS,
        });
        Ok(vec![
            Effect::Robot(link, robots(id, grant)),
            Effect::Pages(vec![page], pages(id, grant)),
        ])
    }

    /// The page that carries a case gives its lease back.
    pub fn give_lease_back(&mut self, page: ConnectionId, id: CaseId) -> Vec<Effect> {
        let Some(case) = self.cases.get_mut(&id) else {
            return Vec::new();
        };
        let carrier = case.carrier.as_mut();
        let Some(carrier) = carrier.filter(|carrier| carrier.page == page) else {
            return Vec::new();
        };
        carrier.lease = None;
        let link = self.case_and_link(id).map(|(_, link)| link);
        link.map(|link| Effect::Robot(link, robots(id, None)))
            .into_iter()
            .chain([Effect::Pages(vec![page], pages(id, None))])
            .collect()
    }
}

fn robots(case_id: CaseId, lease: Option<LeaseGrant>) -> ConsoleToRobot {
    ConsoleToRobot::Lease { case_id, lease }
}

fn pages(case_id: CaseId, lease: Option<LeaseGrant>) -> ConsoleToOperator {
    ConsoleToOperator::Lease { case_id, lease }
}
