//! `[body]`: what a real base feels with, and what it shows.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use madoguchi_core::motion::Side;
use madoguchi_hardware::battery::{Monitor, Pack};
use madoguchi_hardware::board::Board;
use madoguchi_hardware::head::Joint;
use madoguchi_hardware::lamp::Polarity;
use madoguchi_hardware::range::DEFAULT_ADDRESS;
use madoguchi_hardware::units::{Amperes, Radians, Volts};
use serde::Deserialize;

/// The last pin of a Raspberry Pi's header.
const LAST_PIN: u8 = 27;
/// I²C addresses that no device is given.
const ADDRESSES: std::ops::RangeInclusive<u8> = 0x08..=0x77;

/// `[body]`. Pins are BCM numbers.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BodyConfig {
    /// Where pins and buses are.
    pub board: BoardKind,
    /// What this base is meant to do without.
    pub without: Vec<Omission>,
    /// The emergency stop.
    pub emergency_stop: Option<EmergencyStopPins>,
    /// The bumpers.
    pub bumpers: Option<EndPins>,
    /// What sees the floor end.
    pub cliffs: Option<EndPins>,
    /// The square wave for a watchdog relay.
    pub heartbeat: Option<u8>,
    /// The battery.
    pub battery: Option<BatteryConfig>,
    /// A folder of the kernel's class `thermal`.
    pub temperature: Option<PathBuf>,
    /// The head.
    pub head: Option<HeadConfig>,
    /// The signal lamp.
    pub lamp: Option<SwitchedPin>,
    /// What looks where the robot drives.
    #[serde(rename = "range")]
    pub ranges: Vec<RangeConfig>,
}

/// Where pins and buses are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BoardKind {
    /// On a Raspberry Pi's header.
    #[default]
    RaspberryPi,
    /// In the folder `board` of `state`.
    Simulated,
}

/// What a base may be meant to do without; each is a decision with a consequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Omission {
    /// Leaning doesn't stop it.
    Tilt,
    /// An edge of the floor doesn't stop it.
    Cliffs,
    /// No relay cuts the motors' power when the program hangs.
    Heartbeat,
}

impl Omission {
    /// As it stands in the configuration, and what follows.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Tilt => ("tilt", "leaning doesn't stop the robot"),
            Self::Cliffs => ("cliffs", "an edge of the floor doesn't stop the robot"),
            Self::Heartbeat => (
                "heartbeat",
                "no relay cuts the motors' power when the program hangs",
            ),
        }
    }
}

/// Two normally closed contacts to ground, and a button to ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmergencyStopPins {
    /// The stop's contacts.
    pub contacts: [u8; 2],
    /// The button that resets the robot once the stop is pulled out.
    pub reset: u8,
}

/// A normally closed contact to ground at each end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndPins {
    /// In front.
    pub front: u8,
    /// Behind.
    pub rear: u8,
}

impl EndPins {
    /// With their sides.
    pub fn both(self) -> [(Side, u8); 2] {
        [(Side::Front, self.front), (Side::Rear, self.rear)]
    }
}

/// A pin that switches something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SwitchedPin {
    /// The pin.
    pub pin: u8,
    /// Which level switches on.
    pub active: Active,
}

/// Which level switches on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Active {
    /// The supply's.
    High,
    /// Ground's.
    Low,
}

impl From<Active> for Polarity {
    fn from(active: Active) -> Self {
        match active {
            Active::High => Self::ActiveHigh,
            Active::Low => Self::ActiveLow,
        }
    }
}

/// Two servos.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadConfig {
    /// To the left and right.
    pub pan: ServoConfig,
    /// Up and down.
    pub tilt: ServoConfig,
}

/// A servo at a hardware PWM channel.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServoConfig {
    /// The channel.
    pub channel: u8,
    /// The pulse that looks straight ahead.
    pub centre_us: f64,
    /// What a degree to the left, or up, adds to it.
    pub us_per_degree: f64,
    /// How far it turns to either side.
    pub limit_degrees: f64,
}

impl ServoConfig {
    /// As the head is told of it.
    pub fn joint(self) -> Joint {
        Joint {
            centre_us: self.centre_us,
            us_per_radian: self.us_per_degree.to_degrees(),
            limit: Radians(self.limit_degrees.to_radians()),
        }
    }
}

/// A VL53L1X.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RangeConfig {
    /// Where it looks.
    pub side: Side,
    /// Its I²C bus.
    #[serde(default = "default_bus")]
    pub bus: u8,
    /// Its I²C address; it is given this one where it has an `xshut`.
    #[serde(default = "default_range_address")]
    pub address: u8,
    /// The pin at its XSHUT.
    pub xshut: Option<u8>,
}

/// A battery and what measures it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatteryConfig {
    /// Which monitor.
    pub monitor: MonitorKind,
    /// Its I²C bus.
    #[serde(default = "default_bus")]
    pub bus: u8,
    /// Its I²C address.
    #[serde(default = "default_monitor_address")]
    pub address: u8,
    /// An INA219's shunt.
    pub shunt_ohms: Option<f64>,
    /// The pack's voltage at rest, empty …
    #[serde(default)]
    pub empty_v: f64,
    /// … and full.
    #[serde(default)]
    pub full_v: f64,
    /// A current into the pack above this is a charger's.
    #[serde(default = "default_charging")]
    pub charging_a: f64,
    /// The kernel's folder of a battery.
    pub folder: Option<PathBuf>,
}

/// What measures the battery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MonitorKind {
    /// An INA219.
    Ina219,
    /// An INA260.
    Ina260,
    /// The kernel's class `power_supply`.
    Kernel,
}

fn default_bus() -> u8 {
    1
}

fn default_range_address() -> u8 {
    DEFAULT_ADDRESS
}

fn default_monitor_address() -> u8 {
    0x40
}

fn default_charging() -> f64 {
    0.1
}

impl BatteryConfig {
    /// The monitor on an I²C bus, and the pack.
    pub fn on_bus(&self) -> (Monitor, Pack) {
        let monitor = match self.monitor {
            MonitorKind::Ina219 => Monitor::Ina219 {
                shunt_ohms: self.shunt_ohms.unwrap_or_default(),
            },
            MonitorKind::Ina260 | MonitorKind::Kernel => Monitor::Ina260,
        };
        let pack = Pack {
            empty: Volts(self.empty_v),
            full: Volts(self.full_v),
            charging: Amperes(self.charging_a),
        };
        (monitor, pack)
    }
}

impl BodyConfig {
    /// The board, with `state` for a simulated one.
    pub fn board(&self, state: &Path) -> Board {
        match self.board {
            BoardKind::RaspberryPi => Board::raspberry_pi(),
            BoardKind::Simulated => Board::simulated(state.join("board")),
        }
    }

    /// Makes relative paths start at `base`.
    pub(super) fn start_at(&mut self, base: &Path) {
        let battery = self
            .battery
            .as_mut()
            .and_then(|battery| battery.folder.as_mut());
        for path in battery.into_iter().chain(&mut self.temperature) {
            *path = base.join(&*path);
        }
    }

    /// What is wrong and what to do, in one sentence.
    pub(super) fn check(&self, bell: Option<u8>) -> Result<(), String> {
        self.check_pins(bell)?;
        self.check_ranges()?;
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
    pub(super) fn check_whole(&self) -> Result<(), String> {
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
            (Omission::Tilt, false),
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
                (false, false) if omission == Omission::Tilt => {
                    return Err(format!(
                        "no tilt sensor is known here; where it is borne that {consequence}, add \
                         \"{key}\" to body.without"
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

    fn check_ranges(&self) -> Result<(), String> {
        let monitor = self
            .battery
            .as_ref()
            .filter(|battery| battery.monitor != MonitorKind::Kernel);
        for (index, range) in self.ranges.iter().enumerate() {
            let RangeConfig {
                bus,
                address,
                xshut,
                ..
            } = *range;
            if !ADDRESSES.contains(&address) {
                return Err(format!(
                    "body.range.address = {address} is no I²C address for a device; write one from 8 to 119"
                ));
            }
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
            let twice = others().any(|other| other.address == address)
                || monitor.is_some_and(|battery| (battery.bus, battery.address) == (bus, address));
            if twice {
                return Err(format!(
                    "address {address} of I²C bus {bus} is given twice in [body]; give each device its own"
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
