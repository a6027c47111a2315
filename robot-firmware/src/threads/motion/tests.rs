use crossbeam_channel::bounded;
use madoguchi_core::motion::{DriveCommand, Held, Lease, LeaseId, Visit};
use madoguchi_hardware::drive::roboclaw::SimulatedRoboClaw;
use madoguchi_hardware::simulation::SimulatedLine;

use super::*;
use crate::body::Simulation;
use crate::check::CheckBook;
use crate::config::{Config, SensorKind};
use crate::threads::pulse::{Patience, Pulses};
use crate::threads::{Orders, TOLD, orders};

const LEASE: LeaseId = LeaseId(1);

/// Somebody holds on, with all that the gate wants of them and of the visit.
fn hold_on(orders: &Orders, sequence: u64, told: &Told) {
    let at = told.at;
    let lease = Some(Lease {
        id: LEASE,
        until: at + Duration::from_secs(1),
    });
    let visit = Visit {
        visiting: false,
        consent: false,
        touching: false,
        form_open: false,
    };
    let let_go = told.step.held == Some(Held::LetGo);
    let command = DriveCommand {
        lease: LEASE,
        sequence,
        heard: at,
        seen: at,
        velocity: Twist {
            linear_m_s: if let_go { 0.0 } else { 0.3 },
            angular_rad_s: 0.0,
        },
    };
    orders.give(MotionInput::Lease { lease }, at);
    orders.give(MotionInput::Visit(visit), at);
    orders.give(MotionInput::Command(command), at);
}

/// Whether the wheels of a real base are ever told to turn with these sensors, in so many steps.
fn drives(sensors: SensorKind, steps: usize) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let line = SimulatedLine::plug(
        SimulatedRoboClaw::new(0x80, 1000.0),
        folder.path().join("wheels"),
    );
    let line = line.unwrap();
    let file = folder.path().join("robot.toml");
    let text = format!(
        "state = \"state\"\n[drive]\ncontroller = \"roboclaw\"\nport = \"{}\"\nper_metre = 1000\n\
         track_m = 0.4\nanswer_timeout_ms = 500\n",
        line.name().display()
    );
    std::fs::write(&file, text).unwrap();
    let mut config = Config::load(&file).unwrap();
    config.drive.sensors = sensors;
    let (given, taken) = orders();
    let (told_in, told) = bounded(TOLD);
    let controls = Controls::default();
    let pulse = Pulses::default().of("motion", Patience::Loop);
    let started = Instant::now();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let build = || Body::of(&config, Simulation::default(), &CheckBook::default());
            run(build, started, &taken, &told_in, &controls, &pulse);
        });
        let turns = |(sequence, told): (usize, Told)| {
            hold_on(&given, sequence as u64 + 1, &told);
            told.step.velocity != Twist::ZERO
        };
        let drives = told.iter().take(steps).enumerate().any(turns);
        controls
            .stopping
            .store(true, std::sync::atomic::Ordering::Relaxed);
        drives
    })
}

#[test]
fn a_robot_that_is_set_up_for_blocks_stays_still_in_service() {
    assert!(drives(SensorKind::Bench, 1_000), "on blocks");
    assert!(!drives(SensorKind::Bench.in_service(), 150), "off them");
}

#[test]
fn no_queue_is_so_full_that_a_stop_is_lost() {
    let (given, taken) = orders();
    let at = Duration::ZERO;
    let end = MotionInput::EndProtectiveStop { lease: LEASE };
    let kept = (0..1_000).filter(|_| given.give(end, at)).count();
    assert_eq!(kept, crate::threads::ORDERS);
    assert!(given.give(MotionInput::ProtectiveStop, at));
    assert_eq!(taken.take().last(), Some((MotionInput::ProtectiveStop, at)));
    assert_eq!(taken.take().next(), None, "once");
}
