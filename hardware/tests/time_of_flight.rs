//! The driver of the time-of-flight sensors against a model of their registers and pins.
#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};

use embedded_hal::digital::OutputPin;
use madoguchi_hardware::range::{DEFAULT_ADDRESS, Distance, Range, Vl53l1x};
use madoguchi_hardware::simulation::{
    NoisyBus, SimulatedSensorBus, SimulatedShutdown, SimulatedVl53l1x,
};
use madoguchi_hardware::units::Metres;
use madoguchi_hardware::{Device, Fault, Reopening};
use proptest::prelude::*;

const NO_PIN: Option<&mut SimulatedShutdown> = None;

fn open(sensor: &SimulatedVl53l1x) -> Result<Vl53l1x<SimulatedVl53l1x>, Fault> {
    Vl53l1x::open(sensor.clone(), DEFAULT_ADDRESS, NO_PIN)
}

/// The next measurement; the model has one with every second look.
fn next(sensor: &mut impl Range) -> Result<Distance, Fault> {
    for _ in 0..4 {
        if let Some(distance) = sensor.read()? {
            return Ok(distance);
        }
    }
    panic!("it doesn't measure")
}

#[test]
fn it_measures_again_and_again() {
    let model = SimulatedVl53l1x::new();
    let mut sensor = open(&model).unwrap();
    for millimetres in [1000, 0, 37, 1299, 3999] {
        model.set(millimetres, 9);
        // One that was there already is taken away first.
        let _ = next(&mut sensor).unwrap();
        let metres = Metres(f64::from(millimetres) / 1000.0);
        assert_eq!(next(&mut sensor), Ok(Distance::Obstacle(metres)));
    }
}

#[test]
fn between_two_measurements_there_is_none() {
    let mut sensor = open(&SimulatedVl53l1x::new()).unwrap();
    let looks: Vec<bool> = (0..6).map(|_| sensor.read().unwrap().is_some()).collect();
    assert_eq!(looks.iter().filter(|there| **there).count(), 3, "{looks:?}");
}

#[test]
fn what_it_says_of_a_measurement_counts() {
    let model = SimulatedVl53l1x::new();
    let mut sensor = open(&model).unwrap();
    let mut of = |millimetres, status| {
        model.set(millimetres, status);
        let _ = next(&mut sensor);
        next(&mut sensor)
    };
    assert_eq!(of(900, 4), Ok(Distance::Clear), "nothing shines back");
    assert_eq!(of(900, 8), Ok(Distance::Obstacle(Metres(0.0))), "too near");
    for status in 0..32_u8 {
        let told = of(900, status);
        match status {
            4 | 8 | 9 => assert!(told.is_ok(), "{status}: {told:?}"),
            5..=7 => assert!(matches!(told, Err(Fault::Unsure { .. })), "{told:?}"),
            _ => assert!(matches!(told, Err(Fault::Failed { .. })), "{told:?}"),
        }
    }
    assert!(matches!(of(9000, 9), Err(Fault::Garbled { .. })));
}

#[test]
fn another_device_is_not_taken_for_one() {
    let model = SimulatedVl53l1x::new();
    model.set_model(0xeeaa);
    let fault = open(&model).unwrap_err();
    assert!(matches!(fault, Fault::Garbled { .. }), "{fault:?}");
    assert!(fault.to_string().contains("0xeeaa"), "{fault}");
}

#[test]
fn one_that_is_not_there_or_does_not_measure_is_told_with_what_helps() {
    let model = SimulatedVl53l1x::new();
    model.connect(false);
    let fault = open(&model).unwrap_err();
    assert!(matches!(fault, Fault::Absent { .. }), "{fault:?}");
    assert!(fault.to_string().contains("check its cable"), "{fault}");
    model.connect(true);
    model.set_stuck(true);
    let fault = open(&model).unwrap_err();
    assert!(matches!(fault, Fault::Silent { .. }), "{fault:?}");
    assert_eq!(fault.device(), Device::Range);
}

/// Reads until what is wanted comes, as often as the pauses between two tries take.
fn until(sensor: &mut impl Range, wanted: impl Fn(&Result<Option<Distance>, Fault>) -> bool) {
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
fn it_is_opened_again_when_it_fell_silent_or_was_unplugged() {
    let model = SimulatedVl53l1x::new();
    let here = model.clone();
    let mut sensor = Reopening::new(move || open(&here));
    until(&mut sensor, |told| matches!(told, Ok(Some(_))));
    model.set_stuck(true);
    until(&mut sensor, |told| {
        matches!(told, Err(Fault::Silent { .. }))
    });
    model.set_stuck(false);
    until(&mut sensor, |told| matches!(told, Ok(Some(_))));
    model.connect(false);
    until(&mut sensor, |told| {
        matches!(told, Err(Fault::Absent { .. }))
    });
    model.connect(true);
    until(&mut sensor, |told| matches!(told, Ok(Some(_))));
}

#[test]
fn a_measurement_that_it_does_not_vouch_for_opens_nothing_again() {
    let model = SimulatedVl53l1x::new();
    let here = model.clone();
    let mut opened = 0;
    let (tell, told) = std::sync::mpsc::channel();
    let mut sensor = Reopening::new(move || {
        opened += 1;
        tell.send(opened).unwrap();
        open(&here)
    });
    for status in [9, 6, 9] {
        model.set(500, status);
        until(&mut sensor, |told| {
            matches!(told, Ok(Some(_)) if status == 9)
                || matches!(told, Err(Fault::Unsure { .. }) if status == 6)
        });
    }
    assert_eq!(told.try_iter().last(), Some(1));
}

#[test]
fn several_share_a_bus_by_their_shutdown_pins() {
    let models = [(); 3].map(|()| SimulatedVl53l1x::new());
    let bus = SimulatedSensorBus(models.to_vec());
    let mut pins = models.each_ref().map(SimulatedVl53l1x::shutdown);
    for pin in &mut pins {
        pin.set_low().unwrap();
    }
    let addresses = [0x30, 0x31, 0x32];
    let mut sensors = Vec::new();
    for (address, pin) in addresses.into_iter().zip(&mut pins) {
        sensors.push(Vl53l1x::open(bus.clone(), address, Some(pin)).unwrap());
    }
    assert_eq!(models.each_ref().map(SimulatedVl53l1x::address), addresses);
    for (sensor, (model, millimetres)) in sensors.iter_mut().zip(models.iter().zip([100, 200, 300]))
    {
        model.set(millimetres, 9);
        let _ = next(sensor).unwrap();
        let metres = Metres(f64::from(millimetres) / 1000.0);
        assert_eq!(next(sensor), Ok(Distance::Obstacle(metres)));
    }
    // One alone is reset and finds its address again, beside the others.
    models[1].connect(false);
    assert!(matches!(next(&mut sensors[1]), Err(Fault::Absent { .. })));
    models[1].connect(true);
    sensors[1] = Vl53l1x::open(bus, addresses[1], Some(&mut pins[1])).unwrap();
    for sensor in &mut sensors {
        next(sensor).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_registers_are_a_distance_or_a_fault(millimetres: u16, status: u8, looks in 1..60_u8) {
        let model = SimulatedVl53l1x::new();
        let mut sensor = open(&model).unwrap();
        model.set(millimetres, status);
        for _ in 0..looks {
            if let Ok(Some(Distance::Obstacle(Metres(metres)))) = sensor.read() {
                prop_assert!((0.0..=4.5).contains(&metres));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn any_noise_on_the_bus_is_a_fault_or_a_sensor(
        script in prop::collection::vec(prop::option::weighted(0.95, any::<u8>()), 1..400),
    ) {
        if let Ok(mut sensor) = Vl53l1x::open(NoisyBus::new(script), DEFAULT_ADDRESS, NO_PIN) {
            for _ in 0..50 {
                if let Ok(Some(Distance::Obstacle(Metres(metres)))) = sensor.read() {
                    prop_assert!((0.0..=4.5).contains(&metres));
                }
            }
        }
    }
}
