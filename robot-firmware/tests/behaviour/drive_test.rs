//! `drive-test` on controllers that are simulated behind real pseudo-terminals.

use std::time::{Duration, Instant};

use crate::support::{Ran, Robot};
use madoguchi_hardware::drive::odrive::SimulatedOdrive;
use madoguchi_hardware::drive::roboclaw::SimulatedRoboClaw;
use madoguchi_hardware::simulation::room::{BaseSettings, Plan, Room, SensorNoise};
use madoguchi_hardware::simulation::{Controller, Demand, Motion, SimulatedLine};

/// The command is silent for 500 ms where it means to be.
const MEANT: Duration = Duration::from_millis(400);
const LATE: Duration = Duration::from_millis(15);
const BASE: BaseSettings = BaseSettings {
    mass_kg: 2.0,
    radius_m: 0.25,
    track_m: 0.4,
    motor_force_n: 90.0,
    force_per_ampere_n: 12.0,
    grip: 5.0,
};

/// A controller whose wheels turn in the air. Time passes for it with what it receives: what a
/// busy machine makes late is not taken for silence, what the command keeps silent is.
struct InTheAir<C> {
    room: Room,
    controller: C,
    heard: Instant,
}

impl<C: Controller> Controller for InTheAir<C> {
    fn receive(&mut self, bytes: &[u8]) -> Vec<u8> {
        let silence = self.heard.elapsed();
        self.heard = Instant::now();
        let passed = if silence < MEANT {
            silence.min(LATE)
        } else {
            silence
        };
        self.room.advance(passed, &mut self.controller);
        self.controller.receive(bytes)
    }

    fn advance(&mut self, _: Duration) {}

    fn demand(&self) -> Demand {
        self.controller.demand()
    }

    fn feel(&mut self, motion: Motion) {
        self.controller.feel(motion);
    }
}

/// What the command says when `typed` is typed.
fn tested(controller: impl Controller, kind: &str, typed: &str) -> Ran {
    let noise = SensorNoise {
        range_m: 0.0,
        missed: 0.0,
    };
    let wheels = InTheAir {
        room: Room::new(Plan::default(), BASE, noise, 0),
        controller,
        heard: Instant::now(),
    };
    let robot = Robot::without_models();
    let line = SimulatedLine::plug(wheels, robot.path("wheels")).unwrap();
    let port = line.name().display();
    robot.configure(&format!(
        "[drive]\ncontroller = \"{kind}\"\nport = \"{port}\"\nper_metre = 1000\ntrack_m = 0.4\n\
         answer_timeout_ms = 20000"
    ));
    robot.run_with_input(&["drive-test"], typed.as_bytes())
}

fn roboclaw() -> SimulatedRoboClaw {
    SimulatedRoboClaw::new(0x80, 1000.0)
}

#[test]
fn both_controllers_are_well() {
    for ran in [
        tested(roboclaw(), "roboclaw", "wheels up\n"),
        tested(SimulatedOdrive::new(1000.0), "odrive", "wheels up\n"),
    ] {
        let out = ran.done();
        assert_eq!(out.matches(" well").count(), 4, "{out}");
        assert!(out.contains("timeout: stops the wheels"), "{out}");
        assert!(out.contains("drive.reversed"), "{out}");
    }
}

#[test]
fn nothing_moves_without_the_typed_words() {
    for typed in ["", "yes\n", "wheels\n", "WHEELS UP\n"] {
        let ran = tested(roboclaw(), "roboclaw", typed);
        assert_eq!(ran.code, 1, "{ran:#?}");
        assert!(ran.err.contains("nothing has moved"), "{ran:#?}");
        assert!(!ran.out.contains("forward  "), "{ran:#?}");
    }
}

#[test]
fn a_silent_controller_and_none_are_told() {
    let robot = Robot::without_models();
    let complaint = robot.run(&["drive-test"]);
    assert!(complaint.complaint().contains("set drive.controller"));
    robot.configure(
        "[drive]\ncontroller = \"roboclaw\"\nport = \"/dev/ttyNONE9\"\nper_metre = 1\ntrack_m = 1",
    );
    let ran = robot.run_with_input(&["drive-test"], b"wheels up\n");
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(
        ran.err.contains("the drive is not there (/dev/ttyNONE9)"),
        "{ran:#?}"
    );
}

#[test]
fn sizes_that_can_not_be_are_refused() {
    for (keys, complaint) in [
        ("controller = \"roboclaw\"", "needs drive.port"),
        (
            "controller = \"odrive\"\nport = \"/dev/x\"\nper_metre = 1",
            "drive.track_m = 0",
        ),
        (
            "controller = \"roboclaw\"\nport = \"/dev/x\"\naddress = 7",
            "from 128 to 135",
        ),
        (
            "controller = \"odrive\"\nport = \"/dev/x\"\nper_metre = nan\ntrack_m = 1",
            "drive.per_metre = NaN",
        ),
    ] {
        let robot = Robot::without_models();
        robot.configure(&format!("[drive]\n{keys}"));
        let ran = robot.run(&["drive-test"]);
        assert!(ran.complaint().contains(complaint), "{ran:#?}");
    }
}
