//! What can be wrong with a device.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A part of the body, as faults and configuration name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Device {
    /// The screen's backlight.
    Display,
    /// The signal lamp.
    Lamp,
    /// The bell for the staff in the room.
    Bell,
    /// The wheels.
    Drive,
    /// The emergency stop's contacts.
    EmergencyStop,
    /// The sign of life for the watchdog relay.
    Heartbeat,
    /// The battery.
    Battery,
    /// What tells the heat inside.
    Temperature,
    /// What feels the robot lean.
    Tilt,
    /// A bumper.
    Bumper,
    /// A sensor that sees the floor end.
    Cliff,
    /// The range sensors.
    Range,
    /// The head's servos.
    Head,
    /// The presence sensor.
    Presence,
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Display => "display",
            Self::Lamp => "lamp",
            Self::Bell => "bell",
            Self::Drive => "drive",
            Self::EmergencyStop => "emergency stop",
            Self::Heartbeat => "heartbeat output",
            Self::Battery => "battery",
            Self::Temperature => "thermometer",
            Self::Tilt => "tilt sensor",
            Self::Bumper => "bumper",
            Self::Cliff => "cliff sensor",
            Self::Range => "range sensor",
            Self::Head => "head",
            Self::Presence => "presence sensor",
        })
    }
}

/// Why a device can't do or tell what was asked; a value, so that it can be recorded and replayed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fault {
    /// It isn't there.
    #[error("the {device} is not there ({detail}); check its cable and its name in the config")]
    Absent {
        /// Which.
        device: Device,
        /// What was looked for.
        detail: String,
    },
    /// It is there and may not be used.
    #[error("the {device} may not be used ({detail}); give the service's user access to it")]
    Denied {
        /// Which.
        device: Device,
        /// What was refused.
        detail: String,
    },
    /// It is there and gives no answer in time.
    #[error("the {device} doesn't answer ({detail}); check its power and its cable")]
    Silent {
        /// Which.
        device: Device,
        /// What was asked.
        detail: String,
    },
    /// Its answer is no answer: noise on the line, a wrong checksum, another device.
    #[error(
        "the {device} answers what can't be understood ({detail}); check that its cable is the \
         right one, and its shield"
    )]
    Garbled {
        /// Which.
        device: Device,
        /// What was received.
        detail: String,
    },
    /// It was asked for what it can't do, and did nothing.
    #[error("the {device} can't do that ({detail}); ask for less")]
    Impossible {
        /// Which.
        device: Device,
        /// What was asked.
        detail: String,
    },
    /// It works, and can't vouch for what it measured this time.
    #[error("the {device} is not sure ({detail}); clean its window and keep strong light off it")]
    Unsure {
        /// Which.
        device: Device,
        /// What it said.
        detail: String,
    },
    /// It stopped working, or answered what cannot be true.
    #[error("the {device} failed ({detail}); switch the robot off and on, then call service")]
    Failed {
        /// Which.
        device: Device,
        /// What was seen.
        detail: String,
    },
}

impl Fault {
    /// The device that it is about.
    pub fn device(&self) -> Device {
        match self {
            Self::Absent { device, .. }
            | Self::Denied { device, .. }
            | Self::Silent { device, .. }
            | Self::Garbled { device, .. }
            | Self::Impossible { device, .. }
            | Self::Unsure { device, .. }
            | Self::Failed { device, .. } => *device,
        }
    }

    /// The fault that an I/O error at `place` means.
    pub(crate) fn io(device: Device, place: impl fmt::Display, error: &std::io::Error) -> Self {
        let detail = format!("{place}: {error}");
        match error.kind() {
            std::io::ErrorKind::NotFound => Self::Absent { device, detail },
            std::io::ErrorKind::PermissionDenied => Self::Denied { device, detail },
            _ => Self::Failed { device, detail },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::ErrorKind;

    #[test]
    fn a_fault_names_device_reason_and_remedy() {
        let fault = Fault::io(Device::Lamp, "pin 17", &ErrorKind::PermissionDenied.into());
        assert_eq!(fault.device(), Device::Lamp);
        assert_eq!(
            fault.to_string(),
            "the lamp may not be used (pin 17: permission denied); give the service's user access \
             to it"
        );
        let absent = Fault::io(Device::Battery, "BAT0", &ErrorKind::NotFound.into());
        assert!(matches!(
            absent,
            Fault::Absent {
                device: Device::Battery,
                ..
            }
        ));
    }
}
