//! What is at pins and PWM channels.

use madoguchi_core::motion::Side;
use madoguchi_hardware::head::Joint;
use madoguchi_hardware::lamp::Polarity;
use madoguchi_hardware::units::Radians;
use serde::Deserialize;

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
