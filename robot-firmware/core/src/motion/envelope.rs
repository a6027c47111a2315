use madoguchi_shared::motion::{Bound, Held, Side};
use serde::{Deserialize, Serialize};

use super::Pace;

/// Lowers a cap to `max`, if that is stricter.
fn lower(bound: &mut Bound, max: f64, held: Held) {
    // What is no number is no permission.
    let max = if max.is_nan() { 0.0 } else { max.max(0.0) };
    if max < bound.max {
        *bound = Bound { max, held };
    }
}

/// How fast the robot may move now.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Envelope {
    /// Forward.
    pub forward: Bound,
    /// Backward, as a positive number.
    pub backward: Bound,
    /// To either side.
    pub turn: Bound,
}

impl Envelope {
    pub(super) fn new(pace: Pace, held: Held) -> Self {
        let unlimited = Bound {
            max: f64::INFINITY,
            held,
        };
        let mut envelope = Self {
            forward: unlimited,
            backward: unlimited,
            turn: unlimited,
        };
        envelope.scale(pace, 1.0, held);
        envelope
    }

    pub(super) fn cap(&mut self, linear_m_s: f64, angular_rad_s: f64, held: Held) {
        lower(&mut self.forward, linear_m_s, held);
        lower(&mut self.backward, linear_m_s, held);
        lower(&mut self.turn, angular_rad_s, held);
    }

    /// Caps all three at a part of a pace.
    pub(super) fn scale(&mut self, pace: Pace, part: f64, held: Held) {
        self.cap(pace.linear_m_s * part, pace.angular_rad_s * part, held);
    }

    pub(super) fn stop(&mut self, held: Held) {
        self.cap(0.0, 0.0, held);
    }

    pub(super) fn cap_towards(&mut self, side: Side, max: f64, held: Held) {
        match side {
            Side::Front => lower(&mut self.forward, max, held),
            Side::Rear => lower(&mut self.backward, max, held),
        }
    }

    pub(super) fn cap_turn(&mut self, max: f64, held: Held) {
        lower(&mut self.turn, max, held);
    }

    /// Whether no motion at all is left.
    pub fn stands(&self) -> bool {
        [self.forward, self.backward, self.turn]
            .iter()
            .all(|bound| bound.max == 0.0)
    }
}
