use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::battery::BatteryReading;
use crate::drive::Velocity;
use crate::fault::{Device, Fault};
use crate::lamp::LampSignal;
use crate::range::Distance;
use crate::units::{Metres, Radians, Ratio, Volts};

/// The simulated surroundings and body of one robot; clones are handles to the same world.
///
/// A new world is a quiet hall: nobody there, the way clear, the battery full and off the
/// charger, the emergency stop released, everything working. Time passes only by
/// [`World::advance`].
#[derive(Debug, Clone)]
pub struct World(Arc<Mutex<State>>);

/// Where the robot stands, seen from where it started.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Pose {
    /// Ahead of the start.
    pub x: Metres,
    /// To the left of the start.
    pub y: Metres,
    /// Turned to the left.
    pub heading: Radians,
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) backlight: Ratio,
    pub(crate) lamp: LampSignal,
    pub(crate) rung: u32,
    pub(crate) velocity: Velocity,
    pub(crate) contacts: [bool; 2],
    pub(crate) battery: BatteryReading,
    pub(crate) ahead: Distance,
    pub(crate) somebody: bool,
    pose: Pose,
    faults: BTreeMap<Device, Fault>,
}

impl State {
    /// Whether the motors have power: both contacts of the emergency stop are closed.
    pub(crate) fn powered(&self) -> bool {
        self.contacts == [true, true]
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl World {
    /// A quiet hall.
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(State {
            backlight: Ratio::FULL,
            lamp: LampSignal::Off,
            rung: 0,
            velocity: Velocity::ZERO,
            contacts: [true, true],
            battery: BatteryReading {
                charge: Ratio::FULL,
                voltage: Volts(25.2),
                plugged_in: false,
            },
            ahead: Distance::Clear,
            somebody: false,
            pose: Pose::default(),
            faults: BTreeMap::new(),
        })))
    }

    /// Presses the emergency stop, which cuts the motors' power.
    pub fn press_emergency_stop(&self) {
        self.set_contacts([false, false]);
    }

    /// Pulls the emergency stop out again.
    pub fn release_emergency_stop(&self) {
        self.set_contacts([true, true]);
    }

    /// Breaks the wire of the emergency stop's first contact.
    pub fn break_emergency_stop_wire(&self) {
        self.set_contacts([false, true]);
    }

    /// Sets what the battery tells.
    pub fn set_battery(&self, reading: BatteryReading) {
        self.state().battery = reading;
    }

    /// Sets what stands ahead.
    pub fn set_ahead(&self, distance: Distance) {
        self.state().ahead = distance;
    }

    /// Lets somebody come (`true`) or everybody leave.
    pub fn set_somebody(&self, there: bool) {
        self.state().somebody = there;
    }

    /// From now on the fault's device answers with it. A broken drive stands still.
    pub fn break_down(&self, fault: Fault) {
        let mut state = self.state();
        if fault.device() == Device::Drive {
            state.velocity = Velocity::ZERO;
        }
        state.faults.insert(fault.device(), fault);
    }

    /// The device works again.
    pub fn repair(&self, device: Device) {
        self.state().faults.remove(&device);
    }

    /// Lets time pass: the robot moves along its arc, and an obstacle ahead comes nearer.
    pub fn advance(&self, time: Duration) {
        let mut state = self.state();
        let seconds = time.as_secs_f64();
        let turned = state.velocity.angular.0 * seconds;
        let way = state.velocity.linear.0 * seconds;
        // The chord of the arc, whose direction is the mean heading.
        let chord = if turned.abs() < 1e-9 {
            way
        } else {
            way * (turned / 2.0).sin() / (turned / 2.0)
        };
        let direction = state.pose.heading.0 + turned / 2.0;
        state.pose.x.0 += chord * direction.cos();
        state.pose.y.0 += chord * direction.sin();
        state.pose.heading.0 += turned;
        if let Distance::Obstacle(Metres(distance)) = &mut state.ahead {
            *distance = (*distance - way).max(0.0);
        }
    }

    /// How bright the screen is.
    pub fn backlight(&self) -> Ratio {
        self.state().backlight
    }

    /// What the lamp shows.
    pub fn lamp(&self) -> LampSignal {
        self.state().lamp
    }

    /// How often the bell has rung.
    pub fn rung(&self) -> u32 {
        self.state().rung
    }

    /// How the robot moves.
    pub fn velocity(&self) -> Velocity {
        self.state().velocity
    }

    /// Where it stands.
    pub fn pose(&self) -> Pose {
        self.state().pose
    }

    /// Lets a device work on the state, unless it is broken.
    pub(crate) fn working<T>(
        &self,
        device: Device,
        work: impl FnOnce(&mut State) -> T,
    ) -> Result<T, Fault> {
        let mut state = self.state();
        match state.faults.get(&device) {
            Some(fault) => Err(fault.clone()),
            None => Ok(work(&mut state)),
        }
    }

    fn set_contacts(&self, contacts: [bool; 2]) {
        let mut state = self.state();
        state.contacts = contacts;
        if !state.powered() {
            state.velocity = Velocity::ZERO;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
