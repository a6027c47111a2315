//! Pins and buses of a board that is a folder, and of a machine that has none.
#![allow(clippy::unwrap_used)]

use std::convert::Infallible;
use std::fs;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use embedded_hal::digital::{ErrorType, InputPin, OutputPin};
use madoguchi_hardware::battery::{Battery, InaBattery, Monitor, Pack};
use madoguchi_hardware::bell::{Bell, GpioBell};
use madoguchi_hardware::board::{Board, Level};
use madoguchi_hardware::head::{Head, Joint, ServoHead};
use madoguchi_hardware::heartbeat::{GpioHeartbeat, Heartbeat};
use madoguchi_hardware::lamp::{LampSignal, Polarity};
use madoguchi_hardware::range::{Distance, Range, Vl53l1x};
use madoguchi_hardware::units::{Amperes, Metres, Radians, Volts};
use madoguchi_hardware::{Device, Fault};

#[test]
fn a_folder_stands_in_for_a_header() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let board = Board::simulated(folder.path());
    let mut contact = board.contact(Device::Bumper, 5).unwrap();
    assert_eq!(contact.is_high(), Ok(true), "nothing is wired");
    fs::write(file("gpio-5"), "closed").unwrap();
    assert_eq!(contact.is_low(), Ok(true));

    let pin = board.output(Device::Heartbeat, 6, Level::Low).unwrap();
    let mut heartbeat = GpioHeartbeat::on(pin);
    for _ in 0..3 {
        heartbeat.beat().unwrap();
    }
    assert_eq!(fs::read_to_string(file("gpio-6")).unwrap(), "1 3");

    let mut lamp = board.lamp(7, Polarity::ActiveHigh).unwrap();
    lamp.show(LampSignal::InUse).unwrap();
    assert_eq!(fs::read_to_string(file("gpio-7")).unwrap(), "InUse");
}

#[test]
fn a_head_turns_as_far_as_its_joints_go() {
    let folder = tempfile::tempdir().unwrap();
    let board = Board::simulated(folder.path());
    let pulses = || {
        [0, 1].map(|channel| {
            let file = folder.path().join(format!("pwm-{channel}"));
            fs::read_to_string(file).unwrap().parse::<u32>().unwrap()
        })
    };
    let servo = |channel| board.servo(Device::Head, channel).unwrap();
    let pan = Joint {
        centre_us: 1500.0,
        us_per_radian: 500.0,
        limit: Radians(1.0),
    };
    let tilt = Joint {
        centre_us: 1400.0,
        us_per_radian: -400.0,
        limit: Radians(0.5),
    };
    let mut head = ServoHead::on((servo(0), pan), (servo(1), tilt)).unwrap();
    assert_eq!(
        pulses(),
        [1500, 1400],
        "straight ahead from the beginning on"
    );
    head.turn(Radians(0.5), Radians(0.25)).unwrap();
    assert_eq!(pulses(), [1750, 1300]);
    head.turn(Radians(-9.0), Radians(f64::MAX)).unwrap();
    assert_eq!(pulses(), [1000, 1200]);
    let fault = head.turn(Radians(0.0), Radians(f64::NAN)).unwrap_err();
    assert!(matches!(fault, Fault::Impossible { .. }), "{fault:?}");
    assert_eq!(pulses(), [1000, 1200], "and nothing moved");
    for limit in [2.1, 0.0, -1.0, f64::NAN, f64::INFINITY] {
        let far = Joint {
            limit: Radians(limit),
            ..pan
        };
        let fault = ServoHead::on((servo(0), far), (servo(1), tilt)).unwrap_err();
        assert!(
            matches!(fault, Fault::Impossible { .. }),
            "{limit}: {fault:?}"
        );
    }
}

#[test]
fn sensors_on_a_folders_bus_are_read_by_their_drivers() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let board = Board::simulated(folder.path());
    let bus = || board.bus(Device::Range, 1).unwrap();
    let mut shutdown = board.output(Device::Range, 8, Level::Low).unwrap();
    let fault = Vl53l1x::open(bus(), 0x30, Some(&mut shutdown)).unwrap_err();
    assert!(matches!(fault, Fault::Absent { .. }), "{fault:?}");
    fs::write(file("range-8"), "640 9").unwrap();
    let mut range = Vl53l1x::open(bus(), 0x30, Some(&mut shutdown)).unwrap();
    let mut measured = (0..4).filter_map(|_| range.read().unwrap());
    assert_eq!(measured.next(), Some(Distance::Obstacle(Metres(0.64))));

    let pack = Pack {
        empty: Volts(20.0),
        full: Volts(25.0),
        charging: Amperes(0.2),
    };
    let absent = InaBattery::open(bus(), 0x40, Monitor::Ina260, pack).unwrap_err();
    assert!(matches!(absent, Fault::Absent { .. }), "{absent:?}");
    fs::write(file("battery"), "24").unwrap();
    let mut battery = InaBattery::open(bus(), 0x40, Monitor::Ina260, pack).unwrap();
    let charge = battery.read().unwrap().charge.get();
    assert!((charge - 0.8).abs() < 0.01, "{charge}");
}

/// A pin that tells each level.
struct Told(Sender<bool>);

impl ErrorType for Told {
    type Error = Infallible;
}

impl OutputPin for Told {
    fn set_low(&mut self) -> Result<(), Infallible> {
        let _ = self.0.send(false);
        Ok(())
    }

    fn set_high(&mut self) -> Result<(), Infallible> {
        let _ = self.0.send(true);
        Ok(())
    }
}

#[test]
fn a_bell_is_silent_until_it_rings_and_after() {
    for (polarity, on) in [(Polarity::ActiveHigh, true), (Polarity::ActiveLow, false)] {
        let (tell, told) = channel();
        let mut bell = GpioBell::on(Told(tell), polarity, Duration::from_millis(1)).unwrap();
        bell.ring().unwrap();
        let levels = [(); 3].map(|()| told.recv_timeout(Duration::from_secs(20)).unwrap());
        assert_eq!(levels, [!on, on, !on]);
        drop(bell);
        assert!(
            told.recv_timeout(Duration::from_secs(20)).is_err(),
            "its thread ends"
        );
    }
}
