//! Robots come, go and tell how they are.

use madoguchi_shared::ids::{CaseId, RobotId, UnixMs};
use madoguchi_shared::operator::{ConsoleToOperator, RobotEntry};
use madoguchi_shared::packet::RobotCondition;
use madoguchi_shared::updates::Updates;

use super::{Board, ConnectionId, Effect, Robot};

impl Board {
    /// A robot's connection stands. An older one is dropped; what the robot may have missed is
    /// said again.
    pub fn robot_joined(
        &mut self,
        mut entry: RobotEntry,
        (public_key, site): (String, String),
        link: ConnectionId,
    ) -> Vec<Effect> {
        let id = entry.id;
        entry.online = true;
        let mut effects = Vec::new();
        let older = self.robots.remove(&id);
        if let Some(older) = older {
            effects.extend(older.link.map(Effect::Drop));
            entry.condition = older.entry.condition;
            entry.updates = older.entry.updates;
        }
        effects.push(self.to_all(ConsoleToOperator::Robot {
            robot: entry.clone(),
        }));
        self.robots.insert(
            id,
            Robot {
                entry,
                public_key,
                site,
                link: Some(link),
                watched_on: None,
                taken: None,
            },
        );
        let cases: Vec<CaseId> = self.cases_of(id).collect();
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
                robot.entry.visit = None;
                robot.forget_watch();
                robot.entry.last_seen = Some(now);
                let message = ConsoleToOperator::Robot {
                    robot: robot.entry.clone(),
                };
                vec![self.to_all(message)]
            }
            _ => Vec::new(),
        }
    }

    /// A robot is no longer claimed: it and its cases leave the counter.
    pub fn robot_removed(&mut self, id: RobotId) -> Vec<Effect> {
        self.robots.remove(&id);
        let cases: Vec<CaseId> = self.cases_of(id).collect();
        cases
            .into_iter()
            .flat_map(|case| self.case_erased(case))
            .collect()
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
        (condition, updates): (RobotCondition, Option<Updates>),
        now: UnixMs,
    ) -> Vec<Effect> {
        let Some(robot) = self.robots.get_mut(&id) else {
            return Vec::new();
        };
        robot.entry.condition = Some(condition);
        robot.entry.updates = updates;
        robot.entry.last_seen = Some(now);
        let message = ConsoleToOperator::Robot {
            robot: robot.entry.clone(),
        };
        vec![self.to_all(message)]
    }

    fn cases_of(&self, robot: RobotId) -> impl Iterator<Item = CaseId> {
        self.cases
            .values()
            .map(|case| &case.record.entry)
            .filter(move |entry| entry.robot_id == robot)
            .map(|entry| entry.case_id)
    }
}
