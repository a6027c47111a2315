use std::time::Duration;

use super::Head;
use crate::units::Radians;
use crate::{Device, Fault};

/// No hobby servo is meant to be told more or less than this, in µs.
const MEANT: std::ops::RangeInclusive<f64> = 500.0..=2500.0;

/// An output of pulses, 50 a second, whose width a servo follows.
pub trait Pulses: Send {
    /// The width of each pulse from now on.
    fn pulse(&mut self, width: Duration) -> Result<(), Fault>;
}

/// One servo of a head, as it is mounted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Joint {
    /// The pulse that looks straight ahead, in µs.
    pub centre_us: f64,
    /// What a radian to the left, or up, adds to it; negative where it is mounted the other way
    /// round.
    pub us_per_radian: f64,
    /// How far it turns to either side.
    pub limit: Radians,
}

impl Joint {
    /// Refuses a joint whose pulses leave what servos are meant for.
    pub fn check(&self) -> Result<(), Fault> {
        let reach = self.us_per_radian.abs() * self.limit.0;
        let ends = [self.centre_us - reach, self.centre_us + reach];
        let sound = self.limit.0 > 0.0 && self.us_per_radian != 0.0;
        if sound && ends.iter().all(|end| MEANT.contains(end)) {
            return Ok(());
        }
        Err(Fault::Impossible {
            device: Device::Head,
            detail: format!("pulses from {:.0} to {:.0} µs", ends[0], ends[1]),
        })
    }

    fn width(&self, angle: Radians) -> Result<Duration, Fault> {
        if !angle.0.is_finite() {
            return Err(Fault::Impossible {
                device: Device::Head,
                detail: format!("an angle of {angle}"),
            });
        }
        let angle = angle.0.clamp(-self.limit.0, self.limit.0);
        let micros = self.centre_us + self.us_per_radian * angle;
        Ok(Duration::from_nanos((micros * 1000.0).round() as u64))
    }
}

/// A head of two servos.
#[derive(Debug)]
pub struct ServoHead<P> {
    pan: (P, Joint),
    tilt: (P, Joint),
}

impl<P: Pulses> ServoHead<P> {
    /// A head that looks straight ahead.
    pub fn on(pan: (P, Joint), tilt: (P, Joint)) -> Result<Self, Fault> {
        pan.1.check()?;
        tilt.1.check()?;
        let mut head = Self { pan, tilt };
        head.turn(Radians(0.0), Radians(0.0))?;
        Ok(head)
    }
}

impl<P: Pulses> Head for ServoHead<P> {
    fn turn(&mut self, pan: Radians, tilt: Radians) -> Result<(), Fault> {
        let (left, up) = (self.pan.1.width(pan)?, self.tilt.1.width(tilt)?);
        self.pan.0.pulse(left)?;
        self.tilt.0.pulse(up)
    }
}
