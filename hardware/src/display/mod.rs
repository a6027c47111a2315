//! The screen's backlight. What the screen shows is a page and no concern of this crate.

mod simulated;
mod sysfs;

pub use simulated::SimulatedDisplay;
pub use sysfs::SysfsBacklight;

use crate::Fault;
use crate::units::Ratio;

/// A screen whose backlight can be set.
pub trait Display: Send {
    /// Sets the backlight; [`Ratio::NONE`] switches it off.
    fn set_backlight(&mut self, level: Ratio) -> Result<(), Fault>;
}
