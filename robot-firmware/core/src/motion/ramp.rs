use super::Tempo;

/// A speed that grows and shrinks with bounded acceleration and jerk.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Ramp {
    speed: f64,
    acceleration: f64,
}

impl Ramp {
    /// Nears `target` for `seconds`; never beyond it.
    pub(super) fn near(&mut self, target: f64, tempo: Tempo, seconds: f64) -> f64 {
        let way = target - self.speed;
        // The acceleration from which the jerk, step by step, still brings it to zero at the target:
        // a²/2j + a·t/2 is the way of such steps.
        let half = tempo.jerk * seconds / 2.0;
        let landing = (half.hypot((2.0 * tempo.jerk * way.abs()).sqrt()) - half).copysign(way);
        let wished = landing.clamp(-tempo.acceleration, tempo.acceleration);
        if self.acceleration * way < 0.0 {
            // A wish for less never means more for a while, however softly.
            self.acceleration = 0.0;
        }
        let step = tempo.jerk * seconds;
        self.acceleration += (wished - self.acceleration).clamp(-step, step);
        let change = self.acceleration * seconds;
        if change.abs() >= way.abs() && change * way >= 0.0 {
            *self = Self {
                speed: target,
                acceleration: 0.0,
            };
        } else {
            self.speed += change;
        }
        self.speed
    }

    /// Takes a limit's speed at once; the motors' controller brakes.
    pub(super) fn clamp(&mut self, min: f64, max: f64) -> f64 {
        if self.speed < min || self.speed > max {
            *self = Self {
                speed: self.speed.clamp(min, max),
                acceleration: 0.0,
            };
        }
        self.speed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPO: Tempo = Tempo {
        acceleration: 0.5,
        jerk: 1.0,
    };
    const STEP_S: f64 = 0.02;

    #[test]
    fn it_arrives_without_going_beyond_and_within_acceleration_and_jerk() {
        let mut ramp = Ramp::default();
        let (mut before, mut before_that) = (0.0, 0.0);
        for (target, steps) in [(0.8, 200), (0.3, 100), (-0.3, 150), (0.0, 100)] {
            let from = ramp.speed;
            for _ in 0..steps {
                let speed = ramp.near(target, TEMPO, STEP_S);
                let (low, high) = if from < target {
                    (from, target)
                } else {
                    (target, from)
                };
                assert!((low..=high).contains(&speed), "{speed}");
                let acceleration = (speed - before) / STEP_S;
                assert!(acceleration.abs() <= TEMPO.acceleration + 1e-9);
                let jerk = (acceleration - (before - before_that) / STEP_S) / STEP_S;
                assert!(jerk.abs() <= TEMPO.jerk + 1e-6, "{jerk}");
                (before_that, before) = (before, speed);
            }
            assert_eq!(ramp.speed, target);
        }
    }
}
