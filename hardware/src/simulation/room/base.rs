use super::super::{Demand, Motion};
use super::Point;
use crate::drive::Velocity;
use crate::units::{Metres, MetresPerSecond, Radians, RadiansPerSecond};
use crate::world::Pose;

const GRAVITY_M_S2: f64 = 9.81;
/// How soon a rolling wheel has the floor's speed.
const CREEP_S: f64 = 0.02;
const INDOORS_C: f64 = 25.0;
/// What slows a base that rolls without power.
const ROLLING_DRAG_M_S2: f64 = 0.15;

/// The body of a differential base: a disc on two driven wheels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BaseSettings {
    /// In kg.
    pub mass_kg: f64,
    /// In m.
    pub radius_m: f64,
    /// Between the wheels, in m.
    pub track_m: f64,
    /// The most that one motor pushes with, at the floor, in N.
    pub motor_force_n: f64,
    /// The force at the floor that one ampere makes, in N.
    pub force_per_ampere_n: f64,
    /// Friction between wheels and floor: beyond it they slip. Dry linoleum about 0.5, wet 0.1.
    pub grip: f64,
}

#[derive(Debug, Clone)]
pub(super) struct Base {
    settings: BaseSettings,
    at: Point,
    heading: f64,
    linear: f64,
    angular: f64,
    /// The speeds of the wheels' rims, which slip where they differ from the floor's.
    rims: [f64; 2],
    rolled: [f64; 2],
    forces: [f64; 2],
}

impl Base {
    pub(super) fn new(settings: BaseSettings) -> Self {
        Self {
            settings,
            at: Point::default(),
            heading: 0.0,
            linear: 0.0,
            angular: 0.0,
            rims: [0.0; 2],
            rolled: [0.0; 2],
            forces: [0.0; 2],
        }
    }

    pub(super) fn advance(&mut self, demand: Demand, seconds: f64) {
        let BaseSettings {
            mass_kg,
            track_m,
            motor_force_n,
            grip,
            ..
        } = self.settings;
        let half_mass = mass_kg / 2.0;
        let strength = motor_force_n / half_mass;
        let traction = grip * GRAVITY_M_S2;
        let floor = self.floor_speeds();
        let mut accelerations = [0.0; 2];
        for wheel in 0..2 {
            let wanted = match demand {
                Demand::Coast => floor[wheel],
                Demand::Brake => 0.0,
                Demand::Speed(speeds) if speeds[wheel].is_finite() => speeds[wheel],
                Demand::Speed(_) => 0.0,
            };
            let (rim, floor) = (&mut self.rims[wheel], floor[wheel]);
            // A motor turns its wheel as fast as its force allows; the floor follows by friction.
            *rim += (wanted - *rim).clamp(-strength * seconds * 2.0, strength * seconds * 2.0);
            accelerations[wheel] = if demand == Demand::Coast {
                -floor.signum() * ROLLING_DRAG_M_S2.min(floor.abs() / seconds)
            } else {
                ((*rim - floor) / CREEP_S)
                    .clamp(-strength, strength)
                    .clamp(-traction, traction)
            };
            self.forces[wheel] = accelerations[wheel] * half_mass;
            self.rolled[wheel] += *rim * seconds;
        }
        let [left, right] = accelerations;
        self.linear += (left + right) / 2.0 * seconds;
        self.angular += (right - left) / track_m * seconds;
        if demand == Demand::Coast {
            self.rims = self.floor_speeds();
        }
        let direction = self.heading + self.angular * seconds / 2.0;
        self.at = self.at + Point::towards(direction) * (self.linear * seconds);
        self.heading += self.angular * seconds;
    }

    /// The same place, without speed: it ran against something.
    pub(super) fn halted(&self) -> Self {
        Self {
            linear: 0.0,
            angular: 0.0,
            ..self.clone()
        }
    }

    pub(super) fn at(&self) -> Point {
        self.at
    }

    pub(super) fn radius_m(&self) -> f64 {
        self.settings.radius_m
    }

    pub(super) fn pose(&self) -> Pose {
        Pose {
            x: Metres(self.at.x),
            y: Metres(self.at.y),
            heading: Radians(self.heading),
        }
    }

    pub(super) fn velocity(&self) -> Velocity {
        Velocity {
            linear: MetresPerSecond(self.linear),
            angular: RadiansPerSecond(self.angular),
        }
    }

    pub(super) fn motion(&self) -> Motion {
        Motion {
            rolled: self.rolled,
            speed: self.rims,
            current: self
                .forces
                .map(|force| force / self.settings.force_per_ampere_n),
            celsius: INDOORS_C,
        }
    }

    fn floor_speeds(&self) -> [f64; 2] {
        let turning = self.angular * self.settings.track_m / 2.0;
        [self.linear - turning, self.linear + turning]
    }
}
