use std::time::Duration;

use madoguchi_core::motion::{MotionInput, Side};

use super::Senses;
use super::contacts::StopButton;

const FREE_M: f64 = 4.0;

/// A robot on blocks, its wheels in the air: nothing is near, and nothing is looked at but the
/// emergency stop, where its pins are known.
pub(super) struct Bench {
    pub(super) stop: Option<StopButton>,
}

impl Senses for Bench {
    fn feel(&mut self, now: Duration, tell: &mut dyn FnMut(MotionInput, Duration)) {
        match &mut self.stop {
            Some(stop) => stop.feel(now, tell),
            None => {
                let contacts = MotionInput::Contacts {
                    first_closed: true,
                    second_closed: true,
                };
                tell(contacts, now);
            }
        }
        let mut tell = |input| tell(input, now);
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

    fn pressed(&mut self) -> bool {
        self.stop.as_mut().is_some_and(StopButton::pressed)
    }
}
