//! Both drivers against their controllers' protocols, over real pseudo-terminals.
//!
//! Time passes for a controller only where a test lets it, so that its timeouts are exact; the
//! drivers' own patience is real, and long wherever an answer is expected.
#![allow(clippy::unwrap_used)]

mod rig;

use std::path::Path;
use std::time::{Duration, Instant};

use madoguchi_hardware::Reopening;
use madoguchi_hardware::drive::roboclaw::SimulatedRoboClaw;
use madoguchi_hardware::drive::{Drive, Velocity};
use madoguchi_hardware::simulation::{Controller, Demand, Mischief, Motion};
use madoguchi_hardware::units::{MetresPerSecond, RadiansPerSecond};
use madoguchi_hardware::{Device, Fault};
use rig::{IMPATIENT, Kind, Odrives, PATIENT, Rig, RoboClaws, SILENCE, near, speeds};

const ARC: Velocity = Velocity {
    linear: MetresPerSecond(0.5),
    angular: RadiansPerSecond(0.5),
};

/// Each behaviour is one of both kinds.
macro_rules! of_both {
    ($($behaviour:ident),* $(,)?) => {
        mod roboclaw { $(#[test] fn $behaviour() { super::$behaviour::<super::RoboClaws>(); })* }
        mod odrive { $(#[test] fn $behaviour() { super::$behaviour::<super::Odrives>(); })* }
    };
}

of_both!(
    a_command_reaches_both_wheels,
    what_is_measured_comes_back,
    zero_slows_down_by_the_braking_that_was_set,
    silence_of_the_driver_stops_the_wheels,
    a_driver_that_goes_on_keeps_them_running,
    a_mute_controller_is_silent,
    a_deaf_controller_is_silent,
    garbage_is_garbled,
    half_an_answer_is_silence,
    noise_is_garbled,
    a_pulled_cable_is_absence,
    a_port_that_was_never_there_is_absent,
    an_impossible_speed_stops,
    after_replugging_it_is_opened_again_and_stands,
);

fn a_command_reaches_both_wheels<K: Kind>() {
    let rig = Rig::<K>::new();
    let mut drive = rig.open();
    drive.set_velocity(ARC).unwrap();
    for _ in 0..20 {
        rig.pass(SILENCE / 2);
        drive.set_velocity(ARC).unwrap();
    }
    rig.pass(SILENCE / 2);
    near(speeds(rig.demand()), [0.4, 0.6]);
}

fn what_is_measured_comes_back<K: Kind>() {
    let rig = Rig::<K>::new();
    rig.line.controller().feel(Motion {
        rolled: [7.0, -7.0],
        ..Motion::default()
    });
    let mut drive = rig.open();
    rig.line.controller().feel(Motion {
        rolled: [7.5, -7.25],
        speed: [0.4, 0.6],
        current: [1.5, -2.0],
        celsius: 41.5,
    });
    let reading = drive.read().unwrap();
    near(reading.travelled.map(|way| way.0), [0.5, -0.25]);
    near(
        [reading.velocity.linear.0, reading.velocity.angular.0],
        [0.5, 0.5],
    );
    near(reading.current.map(|current| current.0), [1.5, -2.0]);
    assert_eq!(reading.temperature.0, 41.5);
}

fn zero_slows_down_by_the_braking_that_was_set<K: Kind>() {
    let rig = Rig::<K>::new();
    let mut drive = rig.open();
    let ahead = Velocity {
        angular: RadiansPerSecond(0.0),
        ..ARC
    };
    drive.set_velocity(ahead).unwrap();
    for _ in 0..20 {
        rig.pass(SILENCE / 2);
        drive.set_velocity(ahead).unwrap();
    }
    near(speeds(rig.demand()), [0.5, 0.5]);
    drive.set_velocity(Velocity::ZERO).unwrap();
    rig.pass(SILENCE / 2);
    near(speeds(rig.demand()), [0.45, 0.45]);
}

fn silence_of_the_driver_stops_the_wheels<K: Kind>() {
    let rig = Rig::<K>::new();
    let mut drive = rig.open();
    drive.set_velocity(ARC).unwrap();
    rig.pass(SILENCE - Duration::from_millis(1));
    assert!(speeds(rig.demand())[1] > 0.0);
    rig.pass(Duration::from_millis(1));
    assert_eq!(rig.demand(), K::TIMED_OUT);
    // Nothing but a new command moves it again.
    rig.pass(SILENCE * 100);
    assert_eq!(rig.demand(), K::TIMED_OUT);
}

fn a_driver_that_goes_on_keeps_them_running<K: Kind>() {
    let rig = Rig::<K>::new();
    let mut drive = rig.open();
    for _ in 0..50 {
        drive.set_velocity(ARC).unwrap();
        rig.pass(Duration::from_millis(60));
        assert!(speeds(rig.demand())[1] > 0.0);
    }
}

/// What a driver of little patience answers on a line that then behaves so.
fn fault_under<K: Kind>(mischief: Mischief) -> Fault {
    let rig = Rig::<K>::new();
    let mut drive = loop {
        // A busy machine may need longer than this patience: the fault to see is a later one.
        match K::open(rig.line.name(), IMPATIENT) {
            Ok(drive) => break drive,
            Err(Fault::Silent { .. }) => {}
            Err(fault) => panic!("{fault}"),
        }
    };
    rig.line.misbehave(mischief);
    let fault = drive.set_velocity(ARC).unwrap_err();
    assert_eq!(fault.device(), Device::Drive);
    assert!(drive.read().is_err());
    fault
}

fn a_mute_controller_is_silent<K: Kind>() {
    let fault = fault_under::<K>(Mischief::Mute);
    assert!(matches!(fault, Fault::Silent { .. }), "{fault:?}");
}

fn a_deaf_controller_is_silent<K: Kind>() {
    let fault = fault_under::<K>(Mischief::Deaf);
    assert!(matches!(fault, Fault::Silent { .. }), "{fault:?}");
}

fn garbage_is_garbled<K: Kind>() {
    let fault = fault_under::<K>(Mischief::Garbage(b"\x00\x13\xfe\n".repeat(9)));
    assert!(matches!(fault, Fault::Garbled { .. }), "{fault:?}");
}

fn half_an_answer_is_silence<K: Kind>() {
    let fault = fault_under::<K>(Mischief::Cut(K::HALF));
    assert!(matches!(fault, Fault::Silent { .. }), "{fault:?}");
}

fn noise_is_garbled<K: Kind>() {
    let fault = fault_under::<K>(Mischief::Noise);
    assert!(matches!(fault, Fault::Garbled { .. }), "{fault:?}");
}

fn a_pulled_cable_is_absence<K: Kind>() {
    let mut rig = Rig::<K>::new();
    let mut drive = rig.open();
    drive.set_velocity(ARC).unwrap();
    rig.line.unplug();
    let fault = drive.set_velocity(ARC).unwrap_err();
    assert!(matches!(fault, Fault::Absent { .. }), "{fault:?}");
    rig.pass(SILENCE);
    assert_eq!(
        rig.demand(),
        K::TIMED_OUT,
        "its own timeout is the second net"
    );
}

fn a_port_that_was_never_there_is_absent<K: Kind>() {
    let Err(fault) = K::open(Path::new("/dev/ttyNONE9"), PATIENT) else {
        panic!("it opened");
    };
    assert!(matches!(fault, Fault::Absent { .. }), "{fault:?}");
    assert!(fault.to_string().contains("/dev/ttyNONE9"));
}

fn an_impossible_speed_stops<K: Kind>() {
    let rig = Rig::<K>::new();
    let mut drive = rig.open();
    drive.set_velocity(ARC).unwrap();
    for impossible in [3.0, -3.0, f64::NAN, f64::INFINITY] {
        let fault = drive
            .set_velocity(Velocity {
                linear: MetresPerSecond(impossible),
                ..ARC
            })
            .unwrap_err();
        assert!(matches!(fault, Fault::Impossible { .. }), "{fault:?}");
    }
    for _ in 0..20 {
        rig.pass(SILENCE / 2);
        drive.stop().unwrap();
    }
    assert!(matches!(
        rig.demand(),
        Demand::Brake | Demand::Speed([0.0, 0.0])
    ));
}

fn after_replugging_it_is_opened_again_and_stands<K: Kind>() {
    let mut rig = Rig::<K>::new();
    let port = rig.line.name().to_owned();
    let mut drive = Reopening::new(move || K::open(&port, PATIENT));
    drive.set_velocity(ARC).unwrap();
    rig.line.unplug();
    let first = drive.set_velocity(ARC).unwrap_err();
    assert!(matches!(first, Fault::Absent { .. }), "{first:?}");
    assert_eq!(drive.read().unwrap_err(), first, "within the pause");
    rig.pass(SILENCE);
    rig.line.replug().unwrap();
    let since = Instant::now();
    while let Err(fault) = drive.read() {
        assert!(matches!(fault, Fault::Absent { .. }), "{fault:?}");
        assert!(since.elapsed() < PATIENT, "{fault}");
        std::thread::yield_now();
    }
    assert!(matches!(
        rig.demand(),
        Demand::Brake | Demand::Speed([0.0, 0.0])
    ));
    drive.set_velocity(ARC).unwrap();
    rig.pass(SILENCE / 2);
    assert!(speeds(rig.demand())[1] > 0.0);
}

#[test]
fn a_roboclaws_timeout_is_armed_in_tenths_and_seen_to_be() {
    let rig = Rig::<RoboClaws>::new();
    let _drive = rig.open();
    assert_eq!(rig.line.controller().timeout_tenths(), 1);
}

#[test]
fn half_a_roboclaws_answer_to_a_question_is_silence() {
    let rig = Rig::<RoboClaws>::new();
    rig.line.misbehave(Mischief::Cut(2));
    let fault = RoboClaws::open(rig.line.name(), IMPATIENT).unwrap_err();
    assert!(matches!(fault, Fault::Silent { .. }), "{fault:?}");
}

#[test]
fn half_a_packet_is_forgotten_before_the_next() {
    let mut controller = SimulatedRoboClaw::new(0x80, 10_000.0);
    let query = madoguchi_hardware::drive::roboclaw::packet::Query::SerialTimeout;
    assert!(controller.receive(&[0x80, 40, 0, 0]).is_empty());
    controller.advance(Duration::from_millis(10));
    let answer = controller.receive(&query.encode(0x80));
    assert_eq!(query.payload(0x80, &answer), Ok(&[0][..]));
}

#[test]
fn a_roboclaws_error_is_told_in_words() {
    let rig = Rig::<RoboClaws>::new();
    let mut drive = rig.open();
    rig.line.controller().set_status(0x0000_0041);
    let fault = drive.read().unwrap_err();
    assert!(
        fault
            .to_string()
            .contains("its emergency stop input is active, a motor driver has a fault"),
        "{fault}"
    );
    rig.line.controller().set_status(0x0010_0000);
    drive.read().unwrap();
}

#[test]
fn encoders_may_wrap() {
    let rig = Rig::<RoboClaws>::new();
    let brink = f64::from(u32::MAX) / 10_000.0;
    rig.line.controller().feel(Motion {
        rolled: [brink, 0.0],
        ..Motion::default()
    });
    let mut drive = rig.open();
    rig.line.controller().feel(Motion {
        rolled: [brink + 0.5, -0.5],
        ..Motion::default()
    });
    near(
        drive.read().unwrap().travelled.map(|way| way.0),
        [0.5, -0.5],
    );
}

#[test]
fn an_odrive_with_an_error_is_taken_under_control_again() {
    let rig = Rig::<Odrives>::new();
    let mut drive = rig.open();
    drive.set_velocity(ARC).unwrap();
    rig.pass(SILENCE);
    let fault = drive.read().unwrap_err();
    assert!(
        fault.to_string().contains("its watchdog expired"),
        "{fault}"
    );
    drop(drive);
    let mut drive = rig.open();
    drive.read().unwrap();
    assert_eq!(rig.demand(), Demand::Speed([0.0, 0.0]));
}
