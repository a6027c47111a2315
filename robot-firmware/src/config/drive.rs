//! `[drive]`: what turns the wheels.

use std::path::PathBuf;
use std::time::Duration;

use madoguchi_hardware::drive::odrive::{Odrive, OdriveSettings};
use madoguchi_hardware::drive::roboclaw::{RoboClaw, RoboClawSettings};
use madoguchi_hardware::drive::{Drive, Wheels};
use madoguchi_hardware::units::{Metres, MetresPerSecond, MetresPerSecondSquared};
use madoguchi_hardware::{Device, Fault};
use serde::Deserialize;

/// The controller stops by itself after this silence. With as long as a command holds, it is the
/// time after which a robot stands whose process died.
pub const CONTROLLERS_TIMEOUT: Duration = Duration::from_millis(100);

/// `[drive]`; without a controller the robot has no wheels.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DriveConfig {
    /// Which controller.
    pub controller: ControllerKind,
    /// Its serial port.
    pub port: PathBuf,
    /// Bits a second.
    pub baud: u32,
    /// A RoboClaw's address.
    pub address: u8,
    /// Encoder counts of a RoboClaw, or motor turns of an ODrive, that roll a wheel one metre.
    pub per_metre: f64,
    /// Between the wheels.
    pub track_m: f64,
    /// The fastest that a wheel may be asked for.
    pub top_speed_m_s: f64,
    /// The hardest slowing down that neither tips the robot nor makes its wheels slip.
    pub braking_m_s2: f64,
    /// Which motor is mounted the other way round, left and right.
    pub reversed: [bool; 2],
    /// How long an answer may take.
    pub answer_timeout_ms: u16,
    /// What looks where the robot drives.
    pub sensors: SensorKind,
}

/// Sensors of the way, the floor, the emergency stop and the battery.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SensorKind {
    /// None: the robot never moves, except in the simulated room, which has its own.
    #[default]
    None,
    /// None but the emergency stop, and the wheels turn all the same: for a robot on blocks.
    Bench,
    /// Those of `[body]`.
    Body,
}

impl SensorKind {
    /// What looks in service. A robot off its blocks doesn't drive blind.
    pub fn in_service(self) -> Self {
        match self {
            Self::Bench => Self::None,
            Self::None | Self::Body => self,
        }
    }
}

/// A motor controller for two motors.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ControllerKind {
    /// None.
    #[default]
    None,
    /// A RoboClaw behind a pseudo-terminal, in a simulated room.
    Simulated,
    /// A RoboClaw in packet serial mode.
    Roboclaw,
    /// An ODrive of the firmware line 0.5.
    Odrive,
}

impl Default for DriveConfig {
    fn default() -> Self {
        Self {
            controller: ControllerKind::None,
            port: PathBuf::new(),
            baud: 115_200,
            address: 0x80,
            per_metre: 0.0,
            track_m: 0.0,
            top_speed_m_s: 1.2,
            braking_m_s2: 1.0,
            reversed: [false, false],
            answer_timeout_ms: 10,
            sensors: SensorKind::None,
        }
    }
}

impl DriveConfig {
    /// Opens the controller, which then stands still.
    pub fn open(&self) -> Result<Box<dyn Drive>, Fault> {
        let wheels = Wheels {
            track: Metres(self.track_m),
            top_speed: MetresPerSecond(self.top_speed_m_s),
        };
        let braking = MetresPerSecondSquared(self.braking_m_s2);
        let answer_timeout = Duration::from_millis(self.answer_timeout_ms.into());
        match self.controller {
            ControllerKind::None | ControllerKind::Simulated => Err(Fault::Absent {
                device: Device::Drive,
                detail: "drive.controller names no real one".to_owned(),
            }),
            ControllerKind::Roboclaw => Ok(Box::new(RoboClaw::open(RoboClawSettings {
                port: self.port.clone(),
                baud: self.baud,
                address: self.address,
                wheels,
                counts_per_metre: self.per_metre,
                reversed: self.reversed,
                braking,
                serial_timeout: CONTROLLERS_TIMEOUT,
                answer_timeout,
            })?)),
            ControllerKind::Odrive => Ok(Box::new(Odrive::open(OdriveSettings {
                port: self.port.clone(),
                baud: self.baud,
                wheels,
                turns_per_metre: self.per_metre,
                reversed: self.reversed,
                braking,
                watchdog: CONTROLLERS_TIMEOUT,
                answer_timeout,
            })?)),
        }
    }

    /// What is wrong and what to do, in one sentence.
    pub(super) fn check(&self) -> Result<(), String> {
        if matches!(
            self.controller,
            ControllerKind::None | ControllerKind::Simulated
        ) {
            return Ok(());
        }
        if self.port.as_os_str().is_empty() {
            return Err(
                "drive.controller needs drive.port, a name under /dev/serial/by-id".to_owned(),
            );
        }
        if !(0x80..=0x87).contains(&self.address) {
            let address = self.address;
            return Err(format!(
                "drive.address = {address} must be from 128 to 135, as set on the RoboClaw"
            ));
        }
        let sizes = [
            ("per_metre", self.per_metre),
            ("track_m", self.track_m),
            ("top_speed_m_s", self.top_speed_m_s),
            ("braking_m_s2", self.braking_m_s2),
        ];
        match sizes
            .iter()
            .find(|(_, size)| !(size.is_finite() && *size > 0.0))
        {
            Some((key, size)) => Err(format!(
                "drive.{key} = {size} must be measured on the robot and above zero"
            )),
            None => Ok(()),
        }
    }
}
