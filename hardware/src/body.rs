use crate::battery::SimulatedBattery;
use crate::bell::SimulatedBell;
use crate::display::SimulatedDisplay;
use crate::drive::SimulatedDrive;
use crate::emergency_stop::SimulatedEmergencyStop;
use crate::lamp::SimulatedLamp;
use crate::presence::SimulatedPresence;
use crate::range::SimulatedRange;
use crate::{Battery, Bell, Display, Drive, EmergencyStop, Lamp, Presence, Range, World};

/// All devices of one robot; `None` where it has no such device.
///
/// A robot without an emergency stop or range sensor has no business to move: whoever decides
/// about motion checks for both.
#[derive(Default)]
pub struct Body {
    /// The screen's backlight.
    pub display: Option<Box<dyn Display>>,
    /// The signal lamp.
    pub lamp: Option<Box<dyn Lamp>>,
    /// The bell for the staff in the room.
    pub bell: Option<Box<dyn Bell>>,
    /// The wheels.
    pub drive: Option<Box<dyn Drive>>,
    /// The emergency stop's contacts.
    pub emergency_stop: Option<Box<dyn EmergencyStop>>,
    /// The battery.
    pub battery: Option<Box<dyn Battery>>,
    /// The sensor of the way ahead.
    pub range: Option<Box<dyn Range>>,
    /// The sensor for people in front.
    pub presence: Option<Box<dyn Presence>>,
}

impl Body {
    /// A whole robot in `world`.
    pub fn simulated(world: &World) -> Self {
        Self {
            display: Some(Box::new(SimulatedDisplay::new(world))),
            lamp: Some(Box::new(SimulatedLamp::new(world))),
            bell: Some(Box::new(SimulatedBell::new(world))),
            drive: Some(Box::new(SimulatedDrive::new(world))),
            emergency_stop: Some(Box::new(SimulatedEmergencyStop::new(world))),
            battery: Some(Box::new(SimulatedBattery::new(world))),
            range: Some(Box::new(SimulatedRange::new(world))),
            presence: Some(Box::new(SimulatedPresence::new(world))),
        }
    }
}
