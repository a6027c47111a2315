use super::Velocity;
use crate::units::{Metres, MetresPerSecond, RadiansPerSecond};
use crate::{Device, Fault};

/// The geometry of a differential drive: two driven wheels on one axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wheels {
    /// Between the two points where the wheels touch the floor.
    pub track: Metres,
    /// The fastest that either wheel may be asked for.
    pub top_speed: MetresPerSecond,
}

impl Wheels {
    /// Refuses a geometry, and a scale of the encoders in whatever per metre, that can't be.
    pub(super) fn check(&self, per_metre: f64) -> Result<(), Fault> {
        let sound = [self.track.0, self.top_speed.0, per_metre]
            .iter()
            .all(|value| value.is_finite() && *value > 0.0);
        if sound {
            Ok(())
        } else {
            Err(Fault::Impossible {
                device: Device::Drive,
                detail: format!(
                    "a track of {}, a top speed of {} and {per_metre} encoder units a metre are to \
                     be above zero",
                    self.track, self.top_speed
                ),
            })
        }
    }

    /// The speeds of the left and the right wheel.
    pub(super) fn speeds(&self, velocity: Velocity) -> Result<[f64; 2], Fault> {
        let turning = velocity.angular.0 * self.track.0 / 2.0;
        let speeds = [velocity.linear.0 - turning, velocity.linear.0 + turning];
        if speeds.iter().all(|speed| speed.abs() <= self.top_speed.0) {
            Ok(speeds)
        } else {
            Err(Fault::Impossible {
                device: Device::Drive,
                detail: format!(
                    "{:.3} and {:.3}; the wheels' top speed is {}",
                    velocity.linear, velocity.angular, self.top_speed
                ),
            })
        }
    }

    /// The motion that the speeds of the left and the right wheel make.
    pub(super) fn velocity(&self, [left, right]: [f64; 2]) -> Velocity {
        Velocity {
            linear: MetresPerSecond((left + right) / 2.0),
            angular: RadiansPerSecond((right - left) / self.track.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHEELS: Wheels = Wheels {
        track: Metres(0.5),
        top_speed: MetresPerSecond(1.0),
    };

    fn moving(linear: f64, angular: f64) -> Velocity {
        Velocity {
            linear: MetresPerSecond(linear),
            angular: RadiansPerSecond(angular),
        }
    }

    #[test]
    fn a_turn_to_the_left_is_faster_on_the_right() {
        assert_eq!(WHEELS.speeds(moving(0.5, 1.0)), Ok([0.25, 0.75]));
        assert_eq!(WHEELS.velocity([0.25, 0.75]), moving(0.5, 1.0));
    }

    #[test]
    fn what_no_wheel_can_do_is_refused() {
        for impossible in [
            moving(0.9, 0.5),
            moving(f64::NAN, 0.0),
            moving(0.0, f64::INFINITY),
        ] {
            assert!(
                matches!(WHEELS.speeds(impossible), Err(Fault::Impossible { .. })),
                "{impossible:?}"
            );
        }
    }
}
