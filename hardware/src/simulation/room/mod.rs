//! A room in two dimensions with a robot in it, for simulated controllers and sensors.
//!
//! Nothing in it has a clock: [`Room::advance`] lets time pass, in steps of a millisecond, for the
//! people, the base and its motor controller. The same seed and the same calls give the same run.

mod base;
mod geometry;

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

pub use base::BaseSettings;
pub use geometry::{Area, Point, Segment};

use self::base::Base;
use super::{Controller, Demand};
use crate::drive::Velocity;
use crate::units::{Metres, MetresPerSecond};
use crate::world::Pose;

const STEP: Duration = Duration::from_millis(1);
/// To either side of the heading the range sensors see, and one ray each.
const FIELD_OF_VIEW_RAD: f64 = 1.4;
const RAYS: u32 = 57;
/// Nearer than this a bumper is pressed.
const TOUCH_M: f64 = 0.005;
/// Nearer than this nobody walks up to the robot.
const KEPT_BY_PEOPLE_M: f64 = 0.1;

/// Somebody who walks from point to point, round and round, and takes the next point of their way
/// rather than walk into the robot: nearer than 0.1 m they come by no step of their own.
#[derive(Debug, Clone)]
pub struct Person {
    /// Where they are.
    pub at: Point,
    /// Where they go, one after the other; nobody without a way moves.
    pub way: Vec<Point>,
    /// In m/s.
    pub pace_m_s: f64,
}

/// How wide people are, as a radius in m.
pub const PERSON_RADIUS_M: f64 = 0.25;

/// What there is besides the robot.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// What nobody goes through.
    pub walls: Vec<Segment>,
    /// A wall for as long as it is shut.
    pub door: Option<Segment>,
    /// Where there is no floor: beyond the edge of a ramp or a step.
    pub drops: Vec<Area>,
    /// Everybody.
    pub people: Vec<Person>,
}

/// What the sensors get wrong.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SensorNoise {
    /// Standard deviation of a range, in m.
    pub range_m: f64,
    /// How often a range is missed, from 0 to 1.
    pub missed: f64,
}

/// An end of the robot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Where it drives forward.
    Front,
    /// Where it drives backward.
    Rear,
}

/// See the [module](self). The robot begins at the origin, heading along x.
#[derive(Debug)]
pub struct Room {
    plan: Plan,
    door_open: bool,
    base: Base,
    noise: SensorNoise,
    random: StdRng,
    emergency: bool,
    nearest_m: f64,
    hardest_touch: Option<MetresPerSecond>,
}

impl Room {
    /// A room with the robot in it and the door shut.
    pub fn new(plan: Plan, base: BaseSettings, noise: SensorNoise, seed: u64) -> Self {
        let mut room = Self {
            plan,
            door_open: false,
            base: Base::new(base),
            noise,
            random: StdRng::seed_from_u64(seed),
            emergency: false,
            nearest_m: f64::INFINITY,
            hardest_touch: None,
        };
        room.nearest_m = room.gap_m();
        room
    }

    /// Lets time pass for everybody, and for the controller of the base.
    pub fn advance(&mut self, time: Duration, controller: &mut impl Controller) {
        let mut left = time;
        while !left.is_zero() {
            let step = left.min(STEP);
            left -= step;
            controller.advance(step);
            // The emergency stop's relay takes the motors from the controller and shorts them.
            let demand = if self.emergency {
                Demand::Brake
            } else {
                controller.demand()
            };
            self.walk(step.as_secs_f64());
            let before = self.base.clone();
            self.base.advance(demand, step.as_secs_f64());
            let gap = self.gap_m();
            if gap <= 0.0 {
                let speed = self.base.velocity().linear.0.abs();
                let hardest = self.hardest_touch.map_or(0.0, |touch| touch.0);
                self.hardest_touch = Some(MetresPerSecond(hardest.max(speed)));
                if gap < gap_m(&before, &self.plan, self.door_open) {
                    self.base = before.halted();
                }
            }
            self.nearest_m = self.nearest_m.min(gap);
            controller.feel(self.base.motion());
        }
    }

    /// Opens the door or shuts it.
    pub fn set_door(&mut self, open: bool) {
        self.door_open = open;
    }

    /// Presses the emergency stop or releases it.
    pub fn set_emergency(&mut self, pressed: bool) {
        self.emergency = pressed;
    }

    /// The emergency stop's two contacts, `true` for closed.
    pub fn contacts(&self) -> [bool; 2] {
        [!self.emergency; 2]
    }

    /// What there is besides the robot, everybody where they are now.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// All walls, a shut door included.
    pub fn walls(&self) -> impl Iterator<Item = &Segment> {
        walls(&self.plan, self.door_open)
    }

    /// Where the robot is.
    pub fn pose(&self) -> Pose {
        self.base.pose()
    }

    /// How it moves in truth.
    pub fn velocity(&self) -> Velocity {
        self.base.velocity()
    }

    /// The free way between the robot's edge and whatever is nearest now, in m.
    pub fn gap_m(&self) -> f64 {
        gap_m(&self.base, &self.plan, self.door_open)
    }

    /// The least that this gap has been.
    pub fn nearest_m(&self) -> f64 {
        self.nearest_m
    }

    /// The robot's greatest speed while it touched something, if it ever did.
    pub fn hardest_touch(&self) -> Option<MetresPerSecond> {
        self.hardest_touch
    }

    /// Whether the robot's middle has left the floor.
    pub fn has_fallen(&self) -> bool {
        let at = self.base.at();
        self.plan.drops.iter().any(|drop| drop.contains(at))
    }

    /// What the range sensors of an end measure, from the robot's edge, up to `reach`; `None`
    /// where they missed.
    pub fn range(&mut self, end: End, reach: Metres) -> Option<Metres> {
        if self.random.random::<f64>() < self.noise.missed {
            return None;
        }
        let heading = self.heading(end);
        let nearest = (0..RAYS)
            .map(|ray| {
                let part = f64::from(ray) / f64::from(RAYS - 1) * 2.0 - 1.0;
                self.ray_m(heading + part * FIELD_OF_VIEW_RAD)
            })
            .fold(f64::INFINITY, f64::min);
        let seen = nearest - self.base.radius_m() + self.gaussian() * self.noise.range_m;
        Some(Metres(seen.clamp(0.0, reach.0)))
    }

    /// Whether the bumper of an end touches something.
    pub fn bumper(&self, end: End) -> bool {
        let at = self.base.at();
        let touched = |from: Point, distance_m: f64| {
            distance_m - self.base.radius_m() < TOUCH_M
                && (from - at).dot(Point::towards(self.heading(end))) >= 0.0
        };
        let walls = self.walls().any(|wall| {
            let nearest = wall.nearest(at);
            touched(nearest, at.distance(nearest))
        });
        walls
            || self
                .plan
                .people
                .iter()
                .any(|person| touched(person.at, at.distance(person.at) - PERSON_RADIUS_M))
    }

    /// Whether the floor is missing at a distance ahead of an end.
    pub fn cliff(&self, end: End, ahead: Metres) -> bool {
        let reach = self.base.radius_m() + ahead.0;
        let looked_at = self.base.at() + Point::towards(self.heading(end)) * reach;
        self.plan.drops.iter().any(|drop| drop.contains(looked_at))
    }

    /// Whether somebody is within a distance of the robot's edge.
    pub fn somebody_within(&self, distance: Metres) -> bool {
        let reach = self.base.radius_m() + PERSON_RADIUS_M + distance.0;
        self.plan
            .people
            .iter()
            .any(|person| self.base.at().distance(person.at) <= reach)
    }

    fn heading(&self, end: End) -> f64 {
        let heading = self.base.pose().heading.0;
        match end {
            End::Front => heading,
            End::Rear => heading + std::f64::consts::PI,
        }
    }

    fn ray_m(&self, direction: f64) -> f64 {
        let (from, along) = (self.base.at(), Point::towards(direction));
        let walls = self.walls().filter_map(|wall| wall.hit(from, along));
        let people = self
            .plan
            .people
            .iter()
            .filter_map(|person| geometry::hit_circle(from, along, person.at, PERSON_RADIUS_M));
        walls.chain(people).fold(f64::INFINITY, f64::min)
    }

    fn walk(&mut self, seconds: f64) {
        let (robot, kept) = (
            self.base.at(),
            self.base.radius_m() + PERSON_RADIUS_M + KEPT_BY_PEOPLE_M,
        );
        for person in &mut self.plan.people {
            let Some(goal) = person.way.first().copied() else {
                continue;
            };
            let left = person.at.distance(goal);
            let step = person.pace_m_s * seconds;
            if left <= step {
                person.at = goal;
                person.way.rotate_left(1);
            } else {
                let next = person.at + (goal - person.at) * (step / left);
                let distance = robot.distance(next);
                if distance >= kept || distance >= robot.distance(person.at) {
                    person.at = next;
                } else {
                    person.way.rotate_left(1);
                }
            }
        }
    }

    /// A number of the standard normal distribution (Box and Muller).
    fn gaussian(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.random.random::<f64>()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.random.random::<f64>()).cos()
    }
}

fn walls(plan: &Plan, door_open: bool) -> impl Iterator<Item = &Segment> {
    plan.walls
        .iter()
        .chain(plan.door.iter().filter(move |_| !door_open))
}

fn gap_m(base: &Base, plan: &Plan, door_open: bool) -> f64 {
    let at = base.at();
    let to_walls = walls(plan, door_open).map(|wall| at.distance(wall.nearest(at)));
    let to_people = plan
        .people
        .iter()
        .map(|person| at.distance(person.at) - PERSON_RADIUS_M);
    to_walls.chain(to_people).fold(f64::INFINITY, f64::min) - base.radius_m()
}
