use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The fastest along and about.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Pace {
    /// In m/s.
    pub linear_m_s: f64,
    /// In rad/s.
    pub angular_rad_s: f64,
}

/// How hard the speed may grow, or shrink where nothing but the operator's wish asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Tempo {
    /// In units of speed per second.
    pub acceleration: f64,
    /// In units of speed per second squared.
    pub jerk: f64,
}

/// A limit that takes speed away step by step: all of it is left at `full`, nothing at `zero`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Fade {
    /// Up to here full speed.
    pub full: f64,
    /// From here none.
    pub zero: f64,
}

impl Fade {
    /// The part of the speed that is left, from 0 to 1; of what is no number, nothing.
    pub fn left(&self, value: f64) -> f64 {
        let left = (self.zero - value) / (self.zero - self.full);
        if left.is_nan() {
            0.0
        } else {
            left.clamp(0.0, 1.0)
        }
    }

    fn is_sound(&self) -> bool {
        self.full.is_finite() && self.zero.is_finite() && self.full != self.zero
    }
}

/// All limits. The defaults are for a kiosk of about 60 kg on a smooth floor.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// With nobody near. Default 0.8 m/s and 1.0 rad/s, which is also the most that is accepted.
    pub free: Pace,
    /// With people near, or nobody knows. Default 0.3 m/s and 0.6 rad/s, the most that is accepted.
    pub near_people: Pace,
    /// Along the heading. Default 0.5 m/s² and 1 m/s³.
    pub linear: Tempo,
    /// About the axis. Default 1 rad/s² and 2 rad/s³.
    pub angular: Tempo,
    /// How hard the motors' controller brakes, as it was set up. Default 1 m/s².
    pub braking_m_s2: f64,
    /// From a measurement until the wheels obey it: the sensor's interval, a step, the line.
    /// Default 120 ms.
    pub reaction: Duration,
    /// What stays free between the robot and an obstacle. Default 0.15 m.
    pub clearance_m: f64,
    /// With something nearer than this at either end the robot doesn't turn. Default 0.05 m.
    pub turn_clearance_m: f64,
    /// Older commands are refused. Default and most 200 ms.
    pub command_age: Duration,
    /// How long one command moves. With the controller's own timeout of 100 ms after it, the
    /// wheels are stopped 200 ms after the last command even where the robot's process died.
    /// Default 100 ms, at most 200 ms.
    pub command_hold: Duration,
    /// Of the round trip, in seconds. Default 0.1 to 0.25 s.
    pub round_trip_s: Fade,
    /// Of the age of the picture that the operator sees, in seconds. Default 0.3 to 0.8 s.
    pub picture_age_s: Fade,
    /// How long contacts, range, bumpers, floor, tilt and drive may be silent, and the gate between
    /// two steps. Default 100 ms.
    pub silence: Duration,
    /// How long battery, temperature and presence may be silent. Default 2 s.
    pub slow_silence: Duration,
    /// How long nothing may be known of the visitor. Default 500 ms.
    pub visit_silence: Duration,
    /// Of the battery's charge. Default 0.15 to 0.05.
    pub charge: Fade,
    /// Of the tilt, in radians; `None` for a base without a tilt sensor. Default 0.09 to 0.17
    /// (5° to 10°).
    pub tilt_rad: Option<Fade>,
    /// Of the hottest of motors and controller. Default 60 to 75 °C.
    pub temperature_c: Fade,
}

impl Default for Limits {
    fn default() -> Self {
        let ms = Duration::from_millis;
        Self {
            free: FREE,
            near_people: NEAR_PEOPLE,
            linear: Tempo {
                acceleration: 0.5,
                jerk: 1.0,
            },
            angular: Tempo {
                acceleration: 1.0,
                jerk: 2.0,
            },
            braking_m_s2: 1.0,
            reaction: ms(120),
            clearance_m: 0.15,
            turn_clearance_m: 0.05,
            command_age: OLDEST_COMMAND,
            command_hold: ms(100),
            round_trip_s: Fade {
                full: 0.1,
                zero: 0.25,
            },
            picture_age_s: Fade {
                full: 0.3,
                zero: 0.8,
            },
            silence: ms(100),
            slow_silence: ms(2000),
            visit_silence: ms(500),
            charge: Fade {
                full: 0.15,
                zero: 0.05,
            },
            tilt_rad: Some(Fade {
                full: 0.09,
                zero: 0.17,
            }),
            temperature_c: Fade {
                full: 60.0,
                zero: 75.0,
            },
        }
    }
}

const FREE: Pace = Pace {
    linear_m_s: 0.8,
    angular_rad_s: 1.0,
};
const NEAR_PEOPLE: Pace = Pace {
    linear_m_s: 0.3,
    angular_rad_s: 0.6,
};
const OLDEST_COMMAND: Duration = Duration::from_millis(200);

/// Limits that don't limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LimitsError {
    /// A value is no number or not above zero.
    #[error("the motion limit `{0}` must be a number above zero")]
    NotPositive(&'static str),
    /// A limit would be laxer than is ever accepted.
    #[error("the motion limit `{0}` is above the most that is accepted; lower it")]
    TooLax(&'static str),
    /// A fading limit begins where it ends, or is no number.
    #[error("the motion limit `{0}` must have two different numbers")]
    NoFade(&'static str),
}

impl Limits {
    /// Refuses limits that would not limit.
    pub fn check(&self) -> Result<(), LimitsError> {
        let positive = [
            ("free.linear_m_s", self.free.linear_m_s),
            ("free.angular_rad_s", self.free.angular_rad_s),
            ("near_people.linear_m_s", self.near_people.linear_m_s),
            ("near_people.angular_rad_s", self.near_people.angular_rad_s),
            ("linear.acceleration", self.linear.acceleration),
            ("linear.jerk", self.linear.jerk),
            ("angular.acceleration", self.angular.acceleration),
            ("angular.jerk", self.angular.jerk),
            ("braking_m_s2", self.braking_m_s2),
            ("clearance_m", self.clearance_m),
            ("turn_clearance_m", self.turn_clearance_m),
        ];
        if let Some((name, _)) = positive
            .iter()
            .find(|(_, value)| !(value.is_finite() && *value > 0.0))
        {
            return Err(LimitsError::NotPositive(name));
        }
        let lax = [
            ("free", exceeds(self.free, FREE)),
            ("near_people", exceeds(self.near_people, NEAR_PEOPLE)),
            ("command_age", self.command_age > OLDEST_COMMAND),
            ("command_hold", self.command_hold > OLDEST_COMMAND),
        ];
        if let Some((name, _)) = lax.iter().find(|(_, lax)| *lax) {
            return Err(LimitsError::TooLax(name));
        }
        let fades = [
            ("round_trip_s", Some(self.round_trip_s)),
            ("picture_age_s", Some(self.picture_age_s)),
            ("charge", Some(self.charge)),
            ("tilt_rad", self.tilt_rad),
            ("temperature_c", Some(self.temperature_c)),
        ];
        match fades
            .iter()
            .find(|(_, fade)| fade.is_some_and(|fade| !fade.is_sound()))
        {
            Some((name, _)) => Err(LimitsError::NoFade(name)),
            None => Ok(()),
        }
    }

    /// The speed from which the robot still comes to rest before an obstacle at this distance:
    /// the way of the reaction and the braking together are at most what is free.
    pub(super) fn speed_before(&self, distance_m: f64) -> f64 {
        let free = distance_m - self.clearance_m;
        if free.is_nan() || free <= 0.0 {
            return 0.0;
        }
        let before_braking = self.braking_m_s2 * self.reaction.as_secs_f64();
        (before_braking.powi(2) + 2.0 * self.braking_m_s2 * free).sqrt() - before_braking
    }
}

fn exceeds(pace: Pace, most: Pace) -> bool {
    pace.linear_m_s > most.linear_m_s || pace.angular_rad_s > most.angular_rad_s
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_accepted() {
        assert_eq!(Limits::default().check(), Ok(()));
    }

    #[test]
    fn laxer_limits_are_refused() {
        let refused = |change: fn(&mut Limits)| {
            let mut limits = Limits::default();
            change(&mut limits);
            limits.check().unwrap_err()
        };
        assert_eq!(
            refused(|limits| limits.near_people.linear_m_s = 0.31),
            LimitsError::TooLax("near_people")
        );
        assert_eq!(
            refused(|limits| limits.command_hold = Duration::from_millis(201)),
            LimitsError::TooLax("command_hold")
        );
        assert_eq!(
            refused(|limits| limits.braking_m_s2 = f64::NAN),
            LimitsError::NotPositive("braking_m_s2")
        );
        assert_eq!(
            refused(|limits| limits.linear.jerk = 0.0),
            LimitsError::NotPositive("linear.jerk")
        );
        assert_eq!(
            refused(|limits| limits.charge.zero = limits.charge.full),
            LimitsError::NoFade("charge")
        );
    }

    #[test]
    fn a_fade_runs_either_way_and_knows_no_nan() {
        let charge = Limits::default().charge;
        let near = |value: f64, left: f64| assert!((charge.left(value) - left).abs() < 1e-9);
        near(1.0, 1.0);
        near(0.15, 1.0);
        near(0.10, 0.5);
        near(0.05, 0.0);
        near(-1.0, 0.0);
        near(f64::NAN, 0.0);
    }

    #[test]
    fn reaction_and_braking_fit_into_what_is_free() {
        let limits = Limits::default();
        for centimetres in 0..400 {
            let distance = f64::from(centimetres) / 100.0;
            let speed = limits.speed_before(distance);
            let way =
                speed * limits.reaction.as_secs_f64() + speed.powi(2) / (2.0 * limits.braking_m_s2);
            assert!(way <= (distance - limits.clearance_m).max(0.0) + 1e-9);
        }
        for nonsense in [f64::NAN, -1.0, f64::NEG_INFINITY] {
            assert_eq!(limits.speed_before(nonsense), 0.0);
        }
    }
}
