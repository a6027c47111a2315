//! The simulated devices behave as a test of the daemon relies on.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use madoguchi_hardware::battery::BatteryReading;
use madoguchi_hardware::drive::Velocity;
use madoguchi_hardware::emergency_stop::StopState;
use madoguchi_hardware::lamp::LampSignal;
use madoguchi_hardware::range::Distance;
use madoguchi_hardware::units::{Metres, MetresPerSecond, RadiansPerSecond, Ratio, Volts};
use madoguchi_hardware::{Body, Device, Fault, World};

const FORWARD: Velocity = Velocity {
    linear: MetresPerSecond(0.5),
    angular: RadiansPerSecond(0.0),
};

fn broken(device: Device) -> Fault {
    Fault::Failed {
        device,
        detail: "no answer".to_owned(),
    }
}

#[test]
fn what_devices_are_told_is_seen_in_the_world() {
    let world = World::new();
    let mut body = Body::simulated(&world);
    body.lamp
        .as_mut()
        .unwrap()
        .show(LampSignal::Attention)
        .unwrap();
    body.display
        .as_mut()
        .unwrap()
        .set_backlight(Ratio::clamped(0.3))
        .unwrap();
    body.bell.as_mut().unwrap().ring().unwrap();
    body.drive.as_mut().unwrap().set_velocity(FORWARD).unwrap();
    assert_eq!(world.rung(), 1);
    assert_eq!(world.lamp(), LampSignal::Attention);
    assert_eq!(world.backlight(), Ratio::clamped(0.3));
    assert_eq!(world.velocity(), FORWARD);
}

#[test]
fn what_happens_in_the_world_is_felt_by_the_devices() {
    let world = World::new();
    let mut body = Body::simulated(&world);
    let low = BatteryReading {
        charge: Ratio::clamped(0.1),
        voltage: Volts(21.0),
        plugged_in: true,
    };
    world.set_battery(low);
    world.set_somebody(true);
    world.set_ahead(Distance::Obstacle(Metres(1.0)));
    assert_eq!(body.battery.as_mut().unwrap().read(), Ok(low));
    assert_eq!(body.presence.as_mut().unwrap().read(), Ok(true));
    assert_eq!(
        body.range.as_mut().unwrap().read(),
        Ok(Some(Distance::Obstacle(Metres(1.0))))
    );
}

#[test]
fn the_emergency_stop_cuts_the_motors_and_a_release_starts_nothing() {
    let world = World::new();
    let mut body = Body::simulated(&world);
    let (drive, stop) = (
        body.drive.as_mut().unwrap(),
        body.emergency_stop.as_mut().unwrap(),
    );
    drive.set_velocity(FORWARD).unwrap();
    world.press_emergency_stop();
    assert_eq!(stop.read(), Ok(StopState::Pressed));
    assert_eq!(drive.read().unwrap().velocity, Velocity::ZERO);
    drive.set_velocity(FORWARD).unwrap();
    assert_eq!(drive.read().unwrap().velocity, Velocity::ZERO);
    world.release_emergency_stop();
    assert_eq!(stop.read(), Ok(StopState::Released));
    assert_eq!(drive.read().unwrap().velocity, Velocity::ZERO);
}

#[test]
fn a_broken_wire_of_the_emergency_stop_stops_too() {
    let world = World::new();
    let mut body = Body::simulated(&world);
    body.drive.as_mut().unwrap().set_velocity(FORWARD).unwrap();
    world.break_emergency_stop_wire();
    let state = body.emergency_stop.as_mut().unwrap().read().unwrap();
    assert_eq!(state, StopState::Disagreeing);
    assert!(!state.allows_motion());
    assert_eq!(world.velocity(), Velocity::ZERO);
}

#[test]
fn a_broken_device_answers_with_its_fault_until_it_is_repaired() {
    let world = World::new();
    let mut body = Body::simulated(&world);
    let drive = body.drive.as_mut().unwrap();
    drive.set_velocity(FORWARD).unwrap();
    world.break_down(broken(Device::Drive));
    assert_eq!(drive.stop(), Err(broken(Device::Drive)));
    assert_eq!(world.velocity(), Velocity::ZERO);
    assert_eq!(body.lamp.as_mut().unwrap().show(LampSignal::Fault), Ok(()));
    world.repair(Device::Drive);
    assert_eq!(drive.set_velocity(FORWARD), Ok(()));
}

#[test]
fn a_velocity_that_is_no_number_stops() {
    let world = World::new();
    let mut body = Body::simulated(&world);
    let drive = body.drive.as_mut().unwrap();
    drive.set_velocity(FORWARD).unwrap();
    let nonsense = Velocity {
        linear: MetresPerSecond(f64::NAN),
        ..FORWARD
    };
    assert!(drive.set_velocity(nonsense).is_err());
    assert_eq!(world.velocity(), Velocity::ZERO);
}

#[test]
fn the_robot_moves_along_an_arc_and_nears_what_stands_ahead() {
    let world = World::new();
    let mut body = Body::simulated(&world);
    world.set_ahead(Distance::Obstacle(Metres(1.2)));
    let drive = body.drive.as_mut().unwrap();
    drive.set_velocity(FORWARD).unwrap();
    world.advance(Duration::from_secs(2));
    assert_eq!(world.pose().x, Metres(1.0));
    let Ok(Some(Distance::Obstacle(Metres(left)))) = body.range.as_mut().unwrap().read() else {
        panic!("the obstacle is gone");
    };
    assert!((left - 0.2).abs() < 1e-9);

    // A quarter of a circle with a radius of one metre, to the left.
    let quarter = std::f64::consts::FRAC_PI_2;
    drive
        .set_velocity(Velocity {
            linear: MetresPerSecond(quarter),
            angular: RadiansPerSecond(quarter),
        })
        .unwrap();
    world.advance(Duration::from_secs(1));
    let pose = world.pose();
    assert!((pose.x.0 - 2.0).abs() < 1e-9, "{pose:?}");
    assert!((pose.y.0 - 1.0).abs() < 1e-9, "{pose:?}");
    assert!((pose.heading.0 - quarter).abs() < 1e-9, "{pose:?}");
}
