use std::time::Duration;

use madoguchi_core::motion::{MotionInput, Side};

use super::Senses;

const FREE_M: f64 = 4.0;

/// A robot on blocks, its wheels in the air: nothing is near, and nothing is looked at.
pub(super) struct Bench;

impl Senses for Bench {
    fn feel(&mut self, _: Duration, tell: &mut dyn FnMut(MotionInput)) {
        tell(MotionInput::Contacts {
            first_closed: true,
            second_closed: true,
        });
        for side in Side::ALL {
            let pressed = false;
            tell(MotionInput::Range {
                side,
                metres: FREE_M,
            });
            tell(MotionInput::Bumper { side, pressed });
            tell(MotionInput::Cliff { side, drop: false });
        }
        tell(MotionInput::Battery {
            charge: 1.0,
            plugged_in: false,
        });
        tell(MotionInput::People { near: true });
    }
}
