//! Visits that a robot's agent serves, and who watches them.

use madoguchi_shared::ids::{OperatorId, RobotId, VisitId};
use madoguchi_shared::link::ConsoleToRobot;
use madoguchi_shared::operator::ConsoleToOperator;
use madoguchi_shared::packet::OperatorCard;
use madoguchi_shared::watch::VisitUnderWay;

use super::{Board, Call, ConnectionId, Effect, Robot};

/// What an operator's authority must name for them to watch visits; supervisors need not.
const WATCH_VISITS: &str = "watch_visits";

/// Somebody takes over the visitor whom they watch.
#[derive(Debug, Clone)]
pub struct Taking {
    visit_id: VisitId,
    /// Their page.
    pub page: ConnectionId,
    /// Who.
    pub operator: OperatorCard,
    /// The page's call.
    pub call: Call,
}

/// Whether a page watches a robot's visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Watched {
    /// It does: the robot's connection and the visit.
    Here(ConnectionId, VisitId),
    /// Somebody else does.
    By(OperatorCard),
    /// Nobody does, and this is what there would be to watch.
    ByNobody(ConnectionId, VisitId),
    /// There is no visit.
    NoVisit,
}

impl Robot {
    pub(super) fn forget_watch(&mut self) {
        self.entry.watched_by = None;
        self.watched_on = None;
        self.taken = None;
    }
}

impl Board {
    /// Whether an operator may watch visits at all: a supervisor, or whoever it was given to.
    pub fn may_watch(&self, operator: OperatorId) -> bool {
        let skills = self.staff.get(&operator).map(|staff| &staff.skills);
        skills.is_some_and(|skills| skills.supervisor || skills.authority.contains(WATCH_VISITS))
    }

    /// The same at a robot: whoever serves some sites watches at no other.
    pub fn may_watch_at(&self, operator: OperatorId, id: RobotId) -> bool {
        let sites = self.staff.get(&operator).map(|staff| &staff.skills.sites);
        let here = self.robots.get(&id).is_some_and(|robot| {
            sites.is_none_or(|sites| sites.is_empty() || sites.contains(&robot.site))
        });
        here && self.may_watch(operator)
    }

    /// A robot tells which visit its agent serves. Another one than before is watched by nobody.
    pub fn visit_told(&mut self, id: RobotId, visit: Option<VisitUnderWay>) -> Vec<Effect> {
        let Some(robot) = self.robots.get_mut(&id) else {
            return Vec::new();
        };
        let of = |visit: &Option<VisitUnderWay>| visit.as_ref().map(|visit| visit.visit_id);
        let taken = robot.taken.take();
        if of(&robot.entry.visit) != of(&visit) {
            robot.forget_watch();
        }
        // The case that it becomes may come after this word.
        robot.taken = taken.filter(|_| visit.is_none());
        robot.entry.visit = visit;
        self.show_robot(id)
    }

    /// How a page stands to a robot's visit.
    pub fn watched(&self, id: RobotId, page: ConnectionId) -> Watched {
        let robot = self.robots.get(&id);
        let visit = robot.and_then(|robot| {
            let visit = robot.entry.visit.as_ref()?;
            Some((robot, robot.link?, visit.visit_id))
        });
        let Some((robot, link, visit_id)) = visit else {
            return Watched::NoVisit;
        };
        match (&robot.entry.watched_by, robot.watched_on) {
            (Some(_), Some(on)) if on == page => Watched::Here(link, visit_id),
            (Some(by), _) => Watched::By(by.clone()),
            (None, _) => Watched::ByNobody(link, visit_id),
        }
    }

    /// A page begins to watch a robot's visit, or nobody does any more.
    pub fn watch(&mut self, id: RobotId, by: Option<(ConnectionId, OperatorCard)>) -> Vec<Effect> {
        let Some(robot) = self.robots.get_mut(&id) else {
            return Vec::new();
        };
        let visit_id = robot.entry.visit.as_ref().map(|visit| visit.visit_id);
        let (Some(link), Some(visit_id)) = (robot.link, visit_id) else {
            return Vec::new();
        };
        robot.forget_watch();
        robot.watched_on = by.as_ref().map(|(page, _)| *page);
        robot.entry.watched_by = by.map(|(_, card)| card);
        let by = robot.entry.watched_by.clone();
        let mut effects = vec![Effect::Robot(
            link,
            ConsoleToRobot::Watched { visit_id, by },
        )];
        effects.extend(self.show_robot(id));
        effects
    }

    /// Notes who takes a watched visit over.
    pub fn take_visit(
        &mut self,
        id: RobotId,
        visit_id: VisitId,
        by: (ConnectionId, OperatorCard),
        call: Call,
    ) {
        if let Some(robot) = self.robots.get_mut(&id) {
            let (page, operator) = by;
            robot.taken = Some(Taking {
                visit_id,
                page,
                operator,
                call,
            });
        }
    }

    /// Who has taken over the visit that became a case, if their page is still there.
    pub fn taken_visit(&mut self, id: RobotId, visit_id: VisitId) -> Option<Taking> {
        let robot = self.robots.get_mut(&id)?;
        let taking = robot.taken.take_if(|taking| taking.visit_id == visit_id)?;
        self.pages.contains_key(&taking.page).then_some(taking)
    }

    /// The page that watches a robot's visit.
    pub fn watching_page(&self, id: RobotId, visit_id: VisitId) -> Option<ConnectionId> {
        let robot = self.robots.get(&id)?;
        let visit = robot.entry.visit.as_ref()?;
        robot.watched_on.filter(|_| visit.visit_id == visit_id)
    }

    /// A page that watched is gone.
    pub(super) fn watcher_left(&mut self, page: ConnectionId) -> Vec<Effect> {
        let watched = |robot: &&Robot| robot.watched_on == Some(page);
        let ids: Vec<RobotId> = self
            .robots
            .values()
            .filter(watched)
            .map(|r| r.entry.id)
            .collect();
        ids.into_iter()
            .flat_map(|id| self.watch(id, None))
            .collect()
    }

    fn show_robot(&self, id: RobotId) -> Vec<Effect> {
        let robot = self.robots.get(&id).map(|robot| robot.entry.clone());
        let shown = robot.map(|robot| self.to_all(ConsoleToOperator::Robot { robot }));
        shown.into_iter().collect()
    }
}
