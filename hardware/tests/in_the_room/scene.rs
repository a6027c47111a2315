//! An operator, the gate, a driver, a pseudo-terminal, a controller and a room, in one row.

use std::time::Duration;

use madoguchi_core::motion::{
    DriveCommand, Gate, Held, Lease, LeaseId, Limits, MotionInput, Side, Step, Twist, Visit,
};
use madoguchi_hardware::Reopening;
use madoguchi_hardware::drive::odrive::{Odrive, OdriveSettings, SimulatedOdrive};
use madoguchi_hardware::drive::roboclaw::{RoboClaw, RoboClawSettings, SimulatedRoboClaw};
use madoguchi_hardware::drive::{Drive, Velocity, Wheels};
use madoguchi_hardware::simulation::room::{
    Area, BaseSettings, End, Person, Plan, Point, Room, Segment, SensorNoise,
};
use madoguchi_hardware::simulation::{Controller, SimulatedLine};
use madoguchi_hardware::units::{
    Metres, MetresPerSecond, MetresPerSecondSquared, RadiansPerSecond,
};
use tempfile::TempDir;

pub const TICK: Duration = Duration::from_millis(20);
/// Of the controller's own.
const TIMEOUT: Duration = Duration::from_millis(100);
/// Answers come at once; this is for a busy machine.
const PATIENT: Duration = Duration::from_secs(20);
const LEASE: LeaseId = LeaseId(1);
const REACH: Metres = Metres(4.0);
const LOOKS_DOWN: Metres = Metres(0.5);
const ENDS: [(End, Side); 2] = [(End::Front, Side::Front), (End::Rear, Side::Rear)];
const WHEELS: Wheels = Wheels {
    track: Metres(0.4),
    top_speed: MetresPerSecond(1.5),
};
const BRAKING: MetresPerSecondSquared = MetresPerSecondSquared(1.0);
pub const BASE: BaseSettings = BaseSettings {
    mass_kg: 60.0,
    radius_m: 0.25,
    track_m: 0.4,
    motor_force_n: 90.0,
    force_per_ampere_n: 12.0,
    grip: 0.5,
};
const NOISE: SensorNoise = SensorNoise {
    range_m: 0.01,
    missed: 0.02,
};

pub fn ahead(linear_m_s: f64) -> Twist {
    Twist {
        linear_m_s,
        angular_rad_s: 0.0,
    }
}

/// A hall of 12 m × 6 m whose far wall is `far` metres ahead of the robot's middle.
pub fn hall(far: f64) -> Plan {
    let corners = [
        Point::new(far - 12.0, -3.0),
        Point::new(far, -3.0),
        Point::new(far, 3.0),
        Point::new(far - 12.0, 3.0),
    ];
    Plan {
        walls: (0..4)
            .map(|corner| Segment(corners[corner], corners[(corner + 1) % 4]))
            .collect(),
        ..Plan::default()
    }
}

pub fn walker(from: Point, to: Point, pace_m_s: f64) -> Person {
    Person {
        at: from,
        way: vec![to, from],
        pace_m_s,
    }
}

pub fn edge_at(x: f64) -> Area {
    Area {
        from: Point::new(x, -3.0),
        to: Point::new(x + 5.0, 3.0),
    }
}

pub struct Scene<C> {
    pub room: Room,
    pub line: SimulatedLine<C>,
    pub gate: Gate,
    pub now: Duration,
    /// What the operator holds; `None` while the link is dead.
    pub wish: Option<Twist>,
    pub top_speed: f64,
    drive: Box<dyn Drive>,
    sequence: u64,
    _folder: TempDir,
}

pub fn roboclaw(plan: Plan, base: BaseSettings, seed: u64) -> Scene<SimulatedRoboClaw> {
    Scene::new(
        Room::new(plan, base, NOISE, seed),
        SimulatedRoboClaw::new(0x80, 20_000.0),
        |port| {
            RoboClaw::open(RoboClawSettings {
                port,
                baud: 115_200,
                address: 0x80,
                wheels: WHEELS,
                counts_per_metre: 20_000.0,
                reversed: [false, false],
                braking: BRAKING,
                serial_timeout: TIMEOUT,
                answer_timeout: PATIENT,
            })
        },
    )
}

pub fn odrive(plan: Plan, base: BaseSettings, seed: u64) -> Scene<SimulatedOdrive> {
    Scene::new(
        Room::new(plan, base, NOISE, seed),
        SimulatedOdrive::new(2.0),
        |port| {
            Odrive::open(OdriveSettings {
                port,
                baud: 115_200,
                wheels: WHEELS,
                turns_per_metre: 2.0,
                reversed: [false, false],
                braking: BRAKING,
                watchdog: TIMEOUT,
                answer_timeout: PATIENT,
            })
        },
    )
}

impl<C: Controller> Scene<C> {
    fn new<D: Drive + 'static>(
        room: Room,
        controller: C,
        open: impl Fn(std::path::PathBuf) -> Result<D, madoguchi_hardware::Fault> + Send + 'static,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let line = SimulatedLine::plug(controller, folder.path().join("wheels")).unwrap();
        let port = line.name().to_owned();
        let mut scene = Self {
            room,
            line,
            gate: Gate::new(Limits::default()).unwrap(),
            now: Duration::from_secs(1),
            wish: Some(Twist::ZERO),
            top_speed: 0.0,
            drive: Box::new(Reopening::new(move || open(port.clone()))),
            sequence: 0,
            _folder: folder,
        };
        scene.tick();
        scene.tick();
        scene
    }

    /// Time passes and the robot's process does nothing.
    pub fn without_the_process(&mut self, time: Duration) {
        self.now += time;
        self.room.advance(time, &mut *self.line.controller());
    }

    /// Time passes, the robot feels, the operator wishes, the gate decides, the wheels are told.
    pub fn tick(&mut self) -> Step {
        self.without_the_process(TICK);
        self.feel();
        if let Some(velocity) = self.wish {
            self.sequence += 1;
            let heard = self.now.saturating_sub(Duration::from_millis(60));
            self.tell(MotionInput::Command(DriveCommand {
                lease: LEASE,
                sequence: self.sequence,
                heard,
                seen: heard,
                velocity,
            }));
        }
        let step = self.gate.step(self.now);
        let told = if step.emergency {
            self.drive.stop()
        } else {
            self.drive.set_velocity(Velocity {
                linear: MetresPerSecond(step.velocity.linear_m_s),
                angular: RadiansPerSecond(step.velocity.angular_rad_s),
            })
        };
        if told.is_err() {
            self.tell(MotionInput::DriveFault);
        }
        self.top_speed = self.top_speed.max(self.speed());
        step
    }

    pub fn run(&mut self, time: Duration) -> Step {
        let until = self.now + time;
        loop {
            let step = self.tick();
            if self.now >= until {
                return step;
            }
        }
    }

    /// Ticks until the robot stands, and how long and how far that took.
    pub fn until_standing(&mut self) -> (Duration, f64) {
        let (since, from) = (self.now, self.room.pose().x.0);
        while self.speed() > 1e-3 {
            self.tick();
            assert!(
                self.now - since < Duration::from_secs(30),
                "it never stands"
            );
        }
        (self.now - since, self.room.pose().x.0 - from)
    }

    pub fn speed(&self) -> f64 {
        self.room.velocity().linear.0.abs()
    }

    pub fn tell(&mut self, input: MotionInput) {
        self.gate.take(input, self.now).unwrap();
    }

    /// What holds the robot although the operator wishes to move.
    pub fn held(&mut self) -> Option<Held> {
        self.tick().held
    }

    fn feel(&mut self) {
        let [first_closed, second_closed] = self.room.contacts();
        self.tell(MotionInput::Lease {
            lease: Some(Lease {
                id: LEASE,
                until: self.now + Duration::from_secs(1),
            }),
        });
        self.tell(MotionInput::Contacts {
            first_closed,
            second_closed,
        });
        for (end, side) in ENDS {
            if let Some(Metres(metres)) = self.room.range(end, REACH) {
                self.tell(MotionInput::Range { side, metres });
            }
            let pressed = self.room.bumper(end);
            self.tell(MotionInput::Bumper { side, pressed });
            let drop = self.room.cliff(end, LOOKS_DOWN);
            self.tell(MotionInput::Cliff { side, drop });
        }
        self.tell(MotionInput::Tilt { radians: 0.0 });
        self.tell(MotionInput::Battery {
            charge: 0.8,
            plugged_in: false,
        });
        let near = self.room.somebody_within(Metres(2.5));
        self.tell(MotionInput::People { near });
        self.tell(MotionInput::Visit(Visit {
            visiting: false,
            consent: false,
            touching: false,
            form_open: false,
        }));
        match self.drive.read() {
            Ok(reading) => {
                let celsius = reading.temperature.0;
                self.tell(MotionInput::Temperature { celsius });
                self.tell(MotionInput::Measured {
                    velocity: Twist {
                        linear_m_s: reading.velocity.linear.0,
                        angular_rad_s: reading.velocity.angular.0,
                    },
                });
            }
            Err(_) => self.tell(MotionInput::DriveFault),
        }
    }
}
