//! The demonstration's hall, with a base in it behind a RoboClaw at a real pseudo-terminal.

use std::path::{Path, PathBuf};
use std::time::Duration;

use madoguchi_core::motion::{MotionInput, Side};
use madoguchi_hardware::Fault;
use madoguchi_hardware::drive::Wheels;
use madoguchi_hardware::drive::roboclaw::{RoboClaw, RoboClawSettings, SimulatedRoboClaw};
use madoguchi_hardware::simulation::SimulatedLine;
use madoguchi_hardware::simulation::room::{
    Area, BaseSettings, End, Person, Plan, Point, Room, Segment, SensorNoise,
};
use madoguchi_hardware::units::{Metres, MetresPerSecond, MetresPerSecondSquared};
use madoguchi_shared::motion::SimulatedRoom;

use super::{Senses, Simulation};
use crate::config::CONTROLLERS_TIMEOUT;

pub(super) const TRACK_M: f64 = 0.4;
const ADDRESS: u8 = 0x80;
const COUNTS_PER_METRE: f64 = 20_000.0;
/// A thread answers in place of a controller: it may have to wait for a processor.
const ANSWER_TIMEOUT: Duration = Duration::from_millis(60);
const REACH: Metres = Metres(4.0);
const LOOKS_DOWN: Metres = Metres(0.5);
const PEOPLE_WITHIN: Metres = Metres(1.2);
/// A process that was stopped for long doesn't compute all that time at once.
const LONGEST_STEP: Duration = Duration::from_millis(500);
/// From above.
const SHOWN_EVERY: Duration = Duration::from_millis(200);
const BASE: BaseSettings = BaseSettings {
    mass_kg: 60.0,
    radius_m: 0.25,
    track_m: TRACK_M,
    motor_force_n: 90.0,
    force_per_ampere_n: 12.0,
    grip: 0.5,
};
const NOISE: SensorNoise = SensorNoise {
    range_m: 0.01,
    missed: 0.02,
};
/// A capacity of a battery that lasts a day of standing.
const CHARGE: f64 = 0.8;

pub(super) struct DemoRoom {
    room: Room,
    line: SimulatedLine<SimulatedRoboClaw>,
    simulation: Simulation,
    felt_at: Option<Duration>,
    shown_at: Option<Duration>,
}

impl DemoRoom {
    /// The hall and its wheels, at a port of this name.
    pub(super) fn build(port: &Path, simulation: Simulation) -> std::io::Result<Self> {
        // A daemon that was killed left the name of its port behind.
        match std::fs::remove_file(port) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let controller = SimulatedRoboClaw::new(ADDRESS, COUNTS_PER_METRE);
        Ok(Self {
            room: Room::new(hall(), BASE, NOISE, 1),
            line: SimulatedLine::plug(controller, port)?,
            simulation,
            shown_at: None,
            felt_at: None,
        })
    }

    pub(super) fn opener(&self) -> impl FnMut() -> Result<RoboClaw, Fault> + Send + 'static {
        let port: PathBuf = self.line.name().to_owned();
        move || {
            RoboClaw::open(RoboClawSettings {
                port: port.clone(),
                baud: 115_200,
                address: ADDRESS,
                wheels: Wheels {
                    track: Metres(TRACK_M),
                    top_speed: MetresPerSecond(1.5),
                },
                counts_per_metre: COUNTS_PER_METRE,
                reversed: [false, false],
                braking: MetresPerSecondSquared(1.0),
                serial_timeout: CONTROLLERS_TIMEOUT,
                answer_timeout: ANSWER_TIMEOUT,
            })
        }
    }
}

impl DemoRoom {
    fn show(&mut self, now: Duration) {
        let fresh = |at: Duration| now.saturating_sub(at) < SHOWN_EVERY;
        if self.shown_at.is_some_and(fresh) {
            return;
        }
        self.shown_at = Some(now);
        let pair = |from: Point, to: Point| [from.x, from.y, to.x, to.y].map(|m| m as f32);
        let plan = self.room.plan();
        let pose = self.room.pose();
        self.simulation.show(SimulatedRoom {
            walls: self.room.walls().map(|wall| pair(wall.0, wall.1)).collect(),
            drops: plan
                .drops
                .iter()
                .map(|drop| pair(drop.from, drop.to))
                .collect(),
            people: plan
                .people
                .iter()
                .map(|person| [person.at.x, person.at.y].map(|m| m as f32))
                .collect(),
            robot: [pose.x.0, pose.y.0, pose.heading.0].map(|part| part as f32),
        });
    }
}

impl Senses for DemoRoom {
    fn feel(&mut self, now: Duration, tell: &mut dyn FnMut(MotionInput, Duration)) {
        let mut tell = |input| tell(input, now);
        let before = self.felt_at.replace(now).unwrap_or(now);
        let passed = now.saturating_sub(before).min(LONGEST_STEP);
        self.room.set_emergency(self.simulation.is_pressed());
        self.room.advance(passed, &mut *self.line.controller());
        self.show(now);
        let [first_closed, second_closed] = self.room.contacts();
        tell(MotionInput::Contacts {
            first_closed,
            second_closed,
        });
        if self.simulation.takes_reset() {
            tell(MotionInput::ResetEmergencyStop);
        }
        for (end, side) in [(End::Front, Side::Front), (End::Rear, Side::Rear)] {
            if let Some(Metres(metres)) = self.room.range(end, REACH) {
                tell(MotionInput::Range { side, metres });
            }
            let pressed = self.room.bumper(end);
            tell(MotionInput::Bumper { side, pressed });
            let drop = self.room.cliff(end, LOOKS_DOWN);
            tell(MotionInput::Cliff { side, drop });
        }
        tell(MotionInput::Battery {
            charge: CHARGE,
            plugged_in: false,
        });
        tell(MotionInput::People {
            near: self.room.somebody_within(PEOPLE_WITHIN),
        });
    }

    fn pressed(&mut self) -> bool {
        self.simulation.is_pressed()
    }
}

/// A hall of 10 m × 6 m with a counter, a shut door, an edge, and two people who walk about. The
/// robot begins at the origin, with three free metres ahead.
fn hall() -> Plan {
    let wall = |from: (f64, f64), to: (f64, f64)| {
        Segment(Point::new(from.0, from.1), Point::new(to.0, to.1))
    };
    let walker = |from: Point, to: Point, pace_m_s: f64| Person {
        at: from,
        way: vec![to, from],
        pace_m_s,
    };
    Plan {
        walls: vec![
            wall((-3.0, -3.0), (7.0, -3.0)),
            wall((7.0, -3.0), (7.0, -0.5)),
            wall((7.0, 0.5), (7.0, 3.0)),
            wall((7.0, 3.0), (-3.0, 3.0)),
            wall((-3.0, 3.0), (-3.0, -3.0)),
            wall((0.5, 1.5), (2.5, 1.5)),
            wall((0.5, 2.0), (2.5, 2.0)),
            wall((0.5, 1.5), (0.5, 2.0)),
            wall((2.5, 1.5), (2.5, 2.0)),
        ],
        door: Some(wall((7.0, -0.5), (7.0, 0.5))),
        drops: vec![Area {
            from: Point::new(-3.0, -3.0),
            to: Point::new(-2.0, -1.5),
        }],
        people: vec![
            walker(Point::new(4.5, -2.4), Point::new(4.5, 2.4), 0.8),
            walker(Point::new(6.3, 2.2), Point::new(5.6, -2.2), 0.6),
        ],
    }
}
