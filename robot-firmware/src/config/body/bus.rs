//! What is on buses, and the kernel's battery.

use std::path::PathBuf;

use madoguchi_core::motion::Side;
use madoguchi_hardware::battery::{Monitor, Pack};
use madoguchi_hardware::range::DEFAULT_ADDRESS;
use madoguchi_hardware::tilt::Up;
use madoguchi_hardware::units::{Amperes, Volts};
use serde::Deserialize;

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

/// A LIS3DH.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TiltConfig {
    /// Its I²C bus.
    #[serde(default = "default_bus")]
    pub bus: u8,
    /// Its I²C address.
    #[serde(default = "default_tilt_address")]
    pub address: u8,
    /// Which of the axes printed on its board points up.
    pub up: UpAxis,
}

/// An axis, and its direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum UpAxis {
    /// X.
    #[serde(rename = "x")]
    X,
    /// Against x.
    #[serde(rename = "-x")]
    MinusX,
    /// Y.
    #[serde(rename = "y")]
    Y,
    /// Against y.
    #[serde(rename = "-y")]
    MinusY,
    /// Z.
    #[serde(rename = "z")]
    Z,
    /// Against z.
    #[serde(rename = "-z")]
    MinusZ,
}

impl From<UpAxis> for Up {
    fn from(axis: UpAxis) -> Self {
        let (axis, reversed) = match axis {
            UpAxis::X => (0, false),
            UpAxis::MinusX => (0, true),
            UpAxis::Y => (1, false),
            UpAxis::MinusY => (1, true),
            UpAxis::Z => (2, false),
            UpAxis::MinusZ => (2, true),
        };
        Self { axis, reversed }
    }
}

fn default_tilt_address() -> u8 {
    madoguchi_hardware::tilt::DEFAULT_ADDRESS
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
