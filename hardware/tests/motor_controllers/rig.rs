use std::path::Path;
use std::time::Duration;

use madoguchi_hardware::Fault;
use madoguchi_hardware::drive::odrive::{Odrive, OdriveSettings, SimulatedOdrive};
use madoguchi_hardware::drive::roboclaw::{RoboClaw, RoboClawSettings, SimulatedRoboClaw};
use madoguchi_hardware::drive::{Drive, Wheels};
use madoguchi_hardware::simulation::{Controller, Demand, SimulatedLine};
use madoguchi_hardware::units::{Metres, MetresPerSecond, MetresPerSecondSquared};
use tempfile::TempDir;

pub const SILENCE: Duration = Duration::from_millis(100);
pub const PATIENT: Duration = Duration::from_secs(20);
pub const IMPATIENT: Duration = Duration::from_millis(200);
pub const WHEELS: Wheels = Wheels {
    track: Metres(0.4),
    top_speed: MetresPerSecond(1.2),
};
pub const BRAKING: MetresPerSecondSquared = MetresPerSecondSquared(1.0);
/// A kind of controller, its driver, and how to put the two together.
pub trait Kind {
    type Simulated: Controller;
    type Driver: Drive;
    fn controller() -> Self::Simulated;
    fn open(port: &Path, answer_timeout: Duration) -> Result<Self::Driver, Fault>;
    /// What its motors do when its own timeout has struck.
    const TIMED_OUT: Demand;
    /// How much of an answer to a command is not yet one.
    const HALF: usize;
}

pub struct RoboClaws;

impl Kind for RoboClaws {
    type Simulated = SimulatedRoboClaw;
    type Driver = RoboClaw;

    fn controller() -> SimulatedRoboClaw {
        SimulatedRoboClaw::new(0x80, 10_000.0)
    }

    fn open(port: &Path, answer_timeout: Duration) -> Result<RoboClaw, Fault> {
        RoboClaw::open(RoboClawSettings {
            port: port.to_owned(),
            baud: 115_200,
            address: 0x80,
            wheels: WHEELS,
            counts_per_metre: 10_000.0,
            reversed: [false, false],
            braking: BRAKING,
            serial_timeout: SILENCE,
            answer_timeout,
        })
    }

    const TIMED_OUT: Demand = Demand::Brake;
    const HALF: usize = 0;
}

pub struct Odrives;

impl Kind for Odrives {
    type Simulated = SimulatedOdrive;
    type Driver = Odrive;

    fn controller() -> SimulatedOdrive {
        SimulatedOdrive::new(2.0)
    }

    fn open(port: &Path, answer_timeout: Duration) -> Result<Odrive, Fault> {
        Odrive::open(OdriveSettings {
            port: port.to_owned(),
            baud: 115_200,
            wheels: WHEELS,
            turns_per_metre: 2.0,
            reversed: [false, false],
            braking: BRAKING,
            watchdog: SILENCE,
            answer_timeout,
        })
    }

    const TIMED_OUT: Demand = Demand::Coast;
    const HALF: usize = 3;
}

pub struct Rig<K: Kind> {
    pub line: SimulatedLine<K::Simulated>,
    _folder: TempDir,
}

impl<K: Kind> Rig<K> {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let line = SimulatedLine::plug(K::controller(), folder.path().join("wheels")).unwrap();
        Self {
            line,
            _folder: folder,
        }
    }

    pub fn open(&self) -> K::Driver {
        K::open(self.line.name(), PATIENT).unwrap()
    }

    pub fn pass(&self, time: Duration) {
        self.line.controller().advance(time);
    }

    pub fn demand(&self) -> Demand {
        self.line.controller().demand()
    }
}

pub fn speeds(demand: Demand) -> [f64; 2] {
    match demand {
        Demand::Speed(speeds) => speeds,
        Demand::Brake | Demand::Coast => panic!("{demand:?}"),
    }
}

pub fn near(seen: [f64; 2], expected: [f64; 2]) {
    for (seen, expected) in seen.into_iter().zip(expected) {
        assert!(
            (seen - expected).abs() < 1e-3,
            "{seen} instead of {expected}"
        );
    }
}
