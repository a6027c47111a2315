//! Units as types, where they cross from one crate to another.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! unit {
    ($(#[$doc:meta])* $name:ident, $symbol:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub f64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)?;
                f.write_str($symbol)
            }
        }
    };
}

unit!(
    /// A length in metres.
    Metres, " m"
);
unit!(
    /// A speed in metres per second; forward is positive.
    MetresPerSecond, " m/s"
);
unit!(
    /// An angle in radians; to the left is positive.
    Radians, " rad"
);
unit!(
    /// A turning rate in radians per second; to the left is positive.
    RadiansPerSecond, " rad/s"
);
unit!(
    /// A rate of change of speed in metres per second squared.
    MetresPerSecondSquared, " m/s²"
);
unit!(
    /// A voltage in volts.
    Volts, " V"
);
unit!(
    /// A current in amperes; what drives the robot forward is positive.
    Amperes, " A"
);

unit!(
    /// A temperature in degrees Celsius.
    Celsius, " °C"
);

/// A part of a whole, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize)]
#[serde(transparent)]
pub struct Ratio(f64);

impl Ratio {
    /// Nothing.
    pub const NONE: Self = Self(0.0);
    /// All of it.
    pub const FULL: Self = Self(1.0);

    /// The nearest ratio; what is no number counts as nothing.
    pub fn clamped(value: f64) -> Self {
        if value.is_nan() {
            Self::NONE
        } else {
            Self(value.clamp(0.0, 1.0))
        }
    }

    /// The value from 0 to 1.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0} %", self.0 * 100.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_stays_between_nothing_and_all() {
        for (given, kept) in [(-1.0, 0.0), (0.25, 0.25), (7.0, 1.0), (f64::NAN, 0.0)] {
            assert_eq!(Ratio::clamped(given).get(), kept);
        }
        assert_eq!(Ratio::clamped(0.256).to_string(), "26 %");
    }

    #[test]
    fn units_show_their_symbol() {
        assert_eq!(format!("{:.1}", MetresPerSecond(0.25)), "0.2 m/s");
        assert_eq!(Volts(12.5).to_string(), "12.5 V");
    }
}
