//! What can't be wired so.

use std::collections::BTreeMap;

use madoguchi_core::motion::Side;
use madoguchi_hardware::range::DEFAULT_ADDRESS;

use super::{BatteryConfig, BodyConfig, HeadConfig, MonitorKind, Omission, RangeConfig};

/// The last pin of a Raspberry Pi's header.
const LAST_PIN: u8 = 27;
/// The bus that the header has from the start, and its pins.
const FIRST_BUS: u8 = 1;
const FIRST_BUS_PINS: [u8; 2] = [2, 3];
/// I²C addresses that no device is given.
const ADDRESSES: std::ops::RangeInclusive<u8> = 0x08..=0x77;

impl BodyConfig {
    /// What is wrong and what to do, in one sentence.
    pub(in crate::config) fn check(&self, bell: Option<u8>) -> Result<(), String> {
        self.check_pins(bell)?;
        self.check_ranges()?;
        self.check_bus()?;
        if let Some(HeadConfig { pan, tilt }) = self.head
            && pan.channel == tilt.channel
        {
            return Err(format!(
                "PWM channel {} is body.head.pan and body.head.tilt; give each servo a channel of its own",
                pan.channel
            ));
        }
        let servos = self.head.into_iter().flat_map(|head| [head.pan, head.tilt]);
        for servo in servos {
            let checked = servo.joint().check();
            checked.map_err(|fault| format!("body.head: {fault}"))?;
        }
        match &self.battery {
            Some(battery) => check_battery(battery),
            None => Ok(()),
        }
    }

    /// Whether all is there that a base needs to drive among people.
    pub(in crate::config) fn check_whole(&self) -> Result<(), String> {
        let required = [
            ("emergency_stop", self.emergency_stop.is_some()),
            ("bumpers", self.bumpers.is_some()),
            ("battery", self.battery.is_some()),
        ];
        if let Some((key, _)) = required.iter().find(|(_, there)| !there) {
            return Err(format!(
                "drive.sensors = \"body\" needs body.{key}; without it the robot would never move"
            ));
        }
        for (side, words) in [(Side::Front, "front"), (Side::Rear, "rear")] {
            if !self.ranges.iter().any(|range| range.side == side) {
                return Err(format!(
                    "drive.sensors = \"body\" needs a sensor in body.range with side = \"{words}\"; \
                     without it the robot would never move"
                ));
            }
        }
        let may_lack = [
            (Omission::Tilt, self.tilt.is_some()),
            (Omission::Cliffs, self.cliffs.is_some()),
            (Omission::Heartbeat, self.heartbeat.is_some()),
        ];
        for (omission, there) in may_lack {
            let (key, consequence) = omission.words();
            match (there, self.without.contains(&omission)) {
                (true, true) => {
                    return Err(format!(
                        "body.{key} is there and body.without says that it isn't; remove one"
                    ));
                }
                (false, false) => {
                    return Err(format!(
                        "body.{key} is missing; wire it, or where it is borne that {consequence}, \
                         add \"{key}\" to body.without"
                    ));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn check_pins(&self, bell: Option<u8>) -> Result<(), String> {
        let mut pins = Vec::new();
        if let Some(stop) = self.emergency_stop {
            let [first, second] = stop.contacts;
            pins.extend([first, second, stop.reset].map(|pin| ("body.emergency_stop", pin)));
        }
        for (key, ends) in [("body.bumpers", self.bumpers), ("body.cliffs", self.cliffs)] {
            pins.extend(
                ends.into_iter()
                    .flat_map(|ends| [(key, ends.front), (key, ends.rear)]),
            );
        }
        pins.extend(self.heartbeat.map(|pin| ("body.heartbeat", pin)));
        pins.extend(self.lamp.map(|lamp| ("body.lamp", lamp.pin)));
        pins.extend(bell.map(|pin| ("bell.contact", pin)));
        let shut = self.ranges.iter().filter_map(|range| range.xshut);
        pins.extend(shut.map(|pin| ("body.range.xshut", pin)));
        let on_first_bus = self.ranges.iter().any(|range| range.bus == FIRST_BUS)
            || self.tilt.is_some_and(|tilt| tilt.bus == FIRST_BUS)
            || self.battery.as_ref().is_some_and(|battery| {
                battery.monitor != MonitorKind::Kernel && battery.bus == FIRST_BUS
            });
        let bus = FIRST_BUS_PINS.map(|pin| ("I²C bus 1", pin));
        pins.extend(bus.into_iter().filter(|_| on_first_bus));
        let mut taken = BTreeMap::new();
        for (key, pin) in pins {
            if pin > LAST_PIN {
                return Err(format!(
                    "{key} names pin {pin}; write a BCM number from 0 to {LAST_PIN}"
                ));
            }
            if let Some(other) = taken.insert(pin, key) {
                return Err(format!(
                    "pin {pin} is {other} and {key}; give each a pin of its own"
                ));
            }
        }
        Ok(())
    }

    /// Each device on a bus has an address there, and its own.
    fn check_bus(&self) -> Result<(), String> {
        let ranges = self.ranges.iter();
        let monitor = self
            .battery
            .as_ref()
            .filter(|battery| battery.monitor != MonitorKind::Kernel);
        let devices = ranges
            .map(|range| ("body.range", range.bus, range.address))
            .chain(self.tilt.map(|tilt| ("body.tilt", tilt.bus, tilt.address)))
            .chain(monitor.map(|battery| ("body.battery", battery.bus, battery.address)));
        let mut taken = BTreeMap::new();
        for (key, bus, address) in devices {
            if !ADDRESSES.contains(&address) {
                return Err(format!(
                    "{key}.address = {address} is no I²C address for a device; write one from 8 to 119"
                ));
            }
            if let Some(other) = taken.insert((bus, address), key) {
                return Err(format!(
                    "address {address} of I²C bus {bus} is given twice, by {other} and {key}; give each device its own"
                ));
            }
        }
        Ok(())
    }

    fn check_ranges(&self) -> Result<(), String> {
        for (index, range) in self.ranges.iter().enumerate() {
            let RangeConfig {
                bus,
                address,
                xshut,
                ..
            } = *range;
            let others = || {
                let others = self
                    .ranges
                    .iter()
                    .enumerate()
                    .filter(|(at, _)| *at != index);
                others
                    .map(|(_, other)| other)
                    .filter(|other| other.bus == bus)
            };
            let shared = others().next().is_some();
            if shared && (xshut.is_none() || address == DEFAULT_ADDRESS) {
                return Err(format!(
                    "I²C bus {bus} has several range sensors, which all begin at address {DEFAULT_ADDRESS}; \
                     give each of them an xshut pin and another address"
                ));
            }
            if xshut.is_none() && address != DEFAULT_ADDRESS {
                return Err(format!(
                    "body.range.address = {address} needs an xshut pin; without one the sensor stays at {DEFAULT_ADDRESS}"
                ));
            }
        }
        Ok(())
    }
}

fn check_battery(battery: &BatteryConfig) -> Result<(), String> {
    let BatteryConfig {
        empty_v, full_v, ..
    } = battery;
    match battery.monitor {
        MonitorKind::Kernel if battery.folder.is_none() => Err(
            "body.battery with monitor = \"kernel\" needs folder, such as \"/sys/class/power_supply/BAT0\""
                .to_owned(),
        ),
        MonitorKind::Kernel => Ok(()),
        MonitorKind::Ina219 if !battery.shunt_ohms.is_some_and(|ohms| ohms.is_finite() && ohms > 0.0) => {
            Err("body.battery with monitor = \"ina219\" needs shunt_ohms, as printed on its board (R100 is 0.1)"
                .to_owned())
        }
        _ if !(empty_v.is_finite() && full_v.is_finite() && 0.0 < *empty_v && empty_v < full_v) => Err(format!(
            "body.battery needs the pack's empty_v and full_v at rest, the lower first; they are {empty_v} and {full_v}"
        )),
        _ if !(battery.charging_a.is_finite() && battery.charging_a > 0.0) => {
            Err("body.battery.charging_a must be above zero".to_owned())
        }
        _ => Ok(()),
    }
}
