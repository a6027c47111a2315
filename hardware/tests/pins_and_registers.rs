//! The drivers of GPIO and I²C devices against models of pins and registers.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use madoguchi_hardware::battery::{Battery, InaBattery, Monitor, Pack};
use madoguchi_hardware::emergency_stop::{EmergencyStop, GpioEmergencyStop, StopState};
use madoguchi_hardware::heartbeat::{GpioHeartbeat, Heartbeat};
use madoguchi_hardware::simulation::{
    NoisyBus, SimulatedContact, SimulatedRegisters, SimulatedRelay,
};
use madoguchi_hardware::touch::{GpioTouch, Touch};
use madoguchi_hardware::units::{Amperes, Volts};
use madoguchi_hardware::{Device, Fault};
use proptest::prelude::*;

const ADDRESS: u8 = 0x40;
const PACK: Pack = Pack {
    empty: Volts(20.0),
    full: Volts(25.0),
    charging: Amperes(0.2),
};
const INA219: Monitor = Monitor::Ina219 { shunt_ohms: 0.01 };

fn ina219() -> SimulatedRegisters {
    // 24.0 V, conversion ready; 20 mV at the shunt: 2 A.
    let registers = [(0x00, 0), (0x01, 2000), (0x02, (6000 << 3) | 2)];
    SimulatedRegisters::new(ADDRESS, registers, [0x00])
}

fn ina260() -> SimulatedRegisters {
    // 22.5 V; 1 A into the pack.
    let current = (-800_i16).cast_unsigned();
    let registers = [
        (0x01, current),
        (0x02, 18_000),
        (0xfe, 0x5449),
        (0xff, 0x2270),
    ];
    SimulatedRegisters::new(ADDRESS, registers, [])
}

#[test]
fn an_ina219_tells_voltage_and_charge() {
    let mut battery = InaBattery::open(ina219(), ADDRESS, INA219, PACK).unwrap();
    let reading = battery.read().unwrap();
    assert!((reading.voltage.0 - 24.0).abs() < 1e-9);
    assert!((reading.charge.get() - 0.8).abs() < 1e-9);
    assert!(!reading.plugged_in);
}

#[test]
fn an_ina260_tells_that_the_pack_is_charged() {
    let mut battery = InaBattery::open(ina260(), ADDRESS, Monitor::Ina260, PACK).unwrap();
    let reading = battery.read().unwrap();
    assert!((reading.charge.get() - 0.5).abs() < 1e-9);
    assert!(reading.plugged_in);
}

#[test]
fn another_device_is_not_taken_for_a_monitor() {
    let fault = InaBattery::open(ina219(), ADDRESS, Monitor::Ina260, PACK).unwrap_err();
    assert!(matches!(fault, Fault::Garbled { .. }), "{fault:?}");
    let fault = InaBattery::open(ina260(), ADDRESS, INA219, PACK).unwrap_err();
    assert!(matches!(fault, Fault::Garbled { .. }), "{fault:?}");
    let fault = InaBattery::open(ina260(), 0x41, Monitor::Ina260, PACK).unwrap_err();
    assert!(matches!(fault, Fault::Absent { .. }), "{fault:?}");
}

#[test]
fn a_pack_or_shunt_that_can_not_be_is_refused() {
    let reversed = Pack {
        empty: PACK.full,
        full: PACK.empty,
        ..PACK
    };
    let fault = InaBattery::open(ina260(), ADDRESS, Monitor::Ina260, reversed).unwrap_err();
    assert!(matches!(fault, Fault::Impossible { .. }), "{fault:?}");
    for shunt_ohms in [0.0, -1.0, f64::NAN] {
        let monitor = Monitor::Ina219 { shunt_ohms };
        let fault = InaBattery::open(ina219(), ADDRESS, monitor, PACK).unwrap_err();
        assert!(matches!(fault, Fault::Impossible { .. }), "{fault:?}");
    }
}

#[test]
fn a_monitor_that_leaves_is_absent_and_comes_back() {
    let device = ina260();
    let mut battery = InaBattery::open(device.clone(), ADDRESS, Monitor::Ina260, PACK).unwrap();
    device.connect(false);
    let fault = battery.read().unwrap_err();
    assert_eq!(fault.device(), Device::Battery);
    assert!(matches!(fault, Fault::Absent { .. }), "{fault:?}");
    device.connect(true);
    battery.read().unwrap();
}

#[test]
fn an_overflow_and_an_impossible_voltage_are_faults() {
    let device = ina219();
    let mut battery = InaBattery::open(device.clone(), ADDRESS, INA219, PACK).unwrap();
    for registers in [(6000 << 3) | 3, 0xfff8, 0] {
        device.set(0x02, registers);
        let fault = battery.read().unwrap_err();
        assert!(matches!(fault, Fault::Failed { .. }), "{fault:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_noise_on_the_bus_is_a_battery_or_a_fault(
        script in prop::collection::vec(prop::option::weighted(0.95, any::<u8>()), 0..40),
    ) {
        for monitor in [INA219, Monitor::Ina260] {
            let bus = NoisyBus::new(script.clone());
            if let Ok(mut battery) = InaBattery::open(bus, ADDRESS, monitor, PACK)
                && let Ok(reading) = battery.read()
            {
                prop_assert!((15.0..=30.0).contains(&reading.voltage.0));
            }
        }
    }

    #[test]
    fn any_registers_are_a_battery_or_a_fault(voltage: u16, current: u16) {
        for (device, monitor) in [(ina219(), INA219), (ina260(), Monitor::Ina260)] {
            let mut battery = InaBattery::open(device.clone(), ADDRESS, monitor, PACK).unwrap();
            device.set(0x01, current);
            device.set(0x02, voltage);
            if let Ok(reading) = battery.read() {
                prop_assert!((15.0..=30.0).contains(&reading.voltage.0));
            }
        }
    }
}

#[test]
fn two_contacts_must_agree() {
    let contacts = [SimulatedContact::default(), SimulatedContact::default()];
    let mut stop = GpioEmergencyStop::on(contacts.clone());
    let [first, second] = contacts;
    assert_eq!(stop.read(), Ok(StopState::Pressed), "unwired is pressed");
    first.close(true);
    assert_eq!(stop.read(), Ok(StopState::Disagreeing));
    second.close(true);
    assert_eq!(stop.read(), Ok(StopState::Released));
    first.close(false);
    assert_eq!(stop.read(), Ok(StopState::Disagreeing));
}

#[test]
fn the_relay_opens_when_the_heartbeat_stays_away() {
    let relay = SimulatedRelay::new(Duration::from_millis(100));
    let mut heartbeat = GpioHeartbeat::on(relay.clone());
    assert!(!relay.is_closed(), "open before the first beats");
    for _ in 0..50 {
        heartbeat.beat().unwrap();
        relay.advance(Duration::from_millis(20));
    }
    assert!(relay.is_closed());
    relay.advance(Duration::from_millis(80));
    assert!(relay.is_closed());
    relay.advance(Duration::from_millis(1));
    assert!(!relay.is_closed());
    heartbeat.beat().unwrap();
    assert!(!relay.is_closed(), "one edge is no heartbeat");
}

#[test]
fn a_bumper_without_a_wire_is_pressed() {
    let contact = SimulatedContact::default();
    let mut bumper = GpioTouch::on(Device::Bumper, contact.clone());
    assert_eq!(bumper.read(), Ok(true));
    contact.close(true);
    assert_eq!(bumper.read(), Ok(false));
}
