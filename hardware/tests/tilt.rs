//! The driver of the tilt sensor against a model of its registers.
#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};

use madoguchi_hardware::simulation::{NoisyBus, SimulatedLis3dh};
use madoguchi_hardware::tilt::{DEFAULT_ADDRESS, Lis3dh, Tilt, Up};
use madoguchi_hardware::{Device, Fault, Reopening};
use proptest::prelude::*;

const UP: Up = Up {
    axis: 2,
    reversed: false,
};

fn open(sensor: &SimulatedLis3dh, up: Up) -> Result<Lis3dh<SimulatedLis3dh>, Fault> {
    Lis3dh::open(sensor.clone(), DEFAULT_ADDRESS, up)
}

/// What it tells once it has felt the same for a while, in degrees.
fn settled(sensor: &mut impl Tilt) -> f64 {
    let told = (0..200).filter_map(|_| sensor.read().unwrap()).last();
    told.unwrap().0.to_degrees()
}

#[test]
fn it_tells_the_lean_to_whichever_side_as_it_is_mounted() {
    let model = SimulatedLis3dh::new(DEFAULT_ADDRESS);
    for (axis, reversed) in [0, 1, 2]
        .into_iter()
        .flat_map(|at| [(at, false), (at, true)])
    {
        let mut sensor = open(&model, Up { axis, reversed }).unwrap();
        for degrees in [0.0, 5.0, 30.0, 89.0, 170.0_f64] {
            for aside in [1, 2] {
                let (sine, cosine) = degrees.to_radians().sin_cos();
                let mut felt = [0.0; 3];
                felt[axis] = if reversed { -cosine } else { cosine };
                felt[(axis + aside) % 3] = sine;
                model.set(felt.map(|g: f64| (g * 1000.0).round() as i16));
                let told = settled(&mut sensor);
                assert!((told - degrees).abs() < 0.2, "{told}, not {degrees}");
            }
        }
    }
}

#[test]
fn a_single_jolt_is_no_lean() {
    let model = SimulatedLis3dh::new(DEFAULT_ADDRESS);
    let mut sensor = open(&model, UP).unwrap();
    assert!(settled(&mut sensor) < 0.1);
    model.set([400, 0, 900]);
    let jolted = (0..2).find_map(|_| sensor.read().unwrap()).unwrap();
    assert!(jolted.0.to_degrees() < 5.0, "{jolted}");
}

#[test]
fn between_two_measurements_there_is_none() {
    let mut sensor = open(&SimulatedLis3dh::new(DEFAULT_ADDRESS), UP).unwrap();
    let looks: Vec<bool> = (0..6).map(|_| sensor.read().unwrap().is_some()).collect();
    assert_eq!(looks.iter().filter(|there| **there).count(), 3, "{looks:?}");
}

#[test]
fn another_device_and_one_that_is_not_there_are_told_with_what_helps() {
    let model = SimulatedLis3dh::new(DEFAULT_ADDRESS);
    model.set_name(0x68);
    let fault = open(&model, UP).unwrap_err();
    assert!(matches!(fault, Fault::Garbled { .. }), "{fault:?}");
    assert!(fault.to_string().contains("0x68"), "{fault}");
    model.connect(false);
    let fault = open(&model, UP).unwrap_err();
    assert!(matches!(fault, Fault::Absent { .. }), "{fault:?}");
    assert!(fault.to_string().contains("check its cable"), "{fault}");
    assert_eq!(fault.device(), Device::Tilt);
}

/// Reads until what is wanted comes, as often as the pauses between two tries take.
fn until(
    sensor: &mut impl Tilt,
    wanted: impl Fn(&Result<Option<madoguchi_hardware::units::Radians>, Fault>) -> bool,
) {
    let started = Instant::now();
    loop {
        let told = sensor.read();
        if wanted(&told) {
            return;
        }
        assert!(started.elapsed() < Duration::from_secs(20), "{told:?}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn it_is_opened_again_when_it_fell_silent_was_unplugged_or_felt_what_no_robot_can() {
    let model = SimulatedLis3dh::new(DEFAULT_ADDRESS);
    let here = model.clone();
    let mut sensor = Reopening::new(move || open(&here, UP));
    let works = |sensor: &mut Reopening<_>| until(sensor, |told| matches!(told, Ok(Some(_))));
    works(&mut sensor);
    model.set_stuck(true);
    until(&mut sensor, |told| {
        matches!(told, Err(Fault::Silent { .. }))
    });
    model.set_stuck(false);
    works(&mut sensor);
    model.connect(false);
    until(&mut sensor, |told| {
        matches!(told, Err(Fault::Absent { .. }))
    });
    model.connect(true);
    works(&mut sensor);
    for felt in [[0, 0, 0], [1900, 1900, 1900]] {
        model.set(felt);
        until(&mut sensor, |told| {
            assert!(!matches!(told, Err(Fault::Silent { .. })), "{told:?}");
            matches!(told, Err(Fault::Garbled { .. }))
        });
        model.set([0, 0, 1000]);
        works(&mut sensor);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_it_feels_is_an_angle_or_none(felt: [i16; 3], looks in 1..60_u8) {
        let model = SimulatedLis3dh::new(DEFAULT_ADDRESS);
        let mut sensor = open(&model, UP).unwrap();
        model.set(felt);
        for _ in 0..looks {
            if let Ok(Some(lean)) = sensor.read() {
                prop_assert!((0.0..=std::f64::consts::PI).contains(&lean.0));
            }
        }
    }

    #[test]
    fn any_noise_on_the_bus_is_a_fault_or_a_sensor(
        script in prop::collection::vec(prop::option::weighted(0.95, any::<u8>()), 1..400),
    ) {
        if let Ok(mut sensor) = Lis3dh::open(NoisyBus::new(script), DEFAULT_ADDRESS, UP) {
            for _ in 0..50 {
                if let Ok(Some(lean)) = sensor.read() {
                    prop_assert!((0.0..=std::f64::consts::PI).contains(&lean.0));
                }
            }
        }
    }
}
