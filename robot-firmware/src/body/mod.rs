//! What the motion gate's thread moves and feels with, by the configuration.

mod bench;
mod room;
mod senses;
mod wire;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use madoguchi_core::motion::Limits;
use madoguchi_hardware::drive::{Drive, Reopening};
use madoguchi_shared::motion::SimulatedRoom;

pub use senses::{NoSenses, Senses};
pub use wire::{Told, message, state};

use crate::config::{ControllerKind, DriveConfig, SensorKind, Touch};

/// Wheels and senses of one robot.
pub struct Body {
    /// The wheels, opened again by themselves.
    pub drive: Box<dyn Drive>,
    /// Everything that bears on motion but the operator, the visit and the wheels.
    pub senses: Box<dyn Senses>,
    /// Between the wheels, in m.
    pub track_m: f64,
    /// What the gate allows.
    pub limits: Limits,
}

/// What goes in and out of a simulated room: a hand at the emergency stop, and the view from above.
#[derive(Debug, Clone, Default)]
pub struct Simulation(Arc<Wires>);

#[derive(Debug, Default)]
struct Wires {
    pressed: AtomicBool,
    resets: AtomicBool,
    seen: Mutex<Option<SimulatedRoom>>,
}

impl Simulation {
    /// Presses the emergency stop, and it stays in; or pulls it out and resets the robot.
    pub fn touch(&self, touch: Touch) {
        let pressed = touch == Touch::Press;
        self.0.pressed.store(pressed, Ordering::Relaxed);
        self.0.resets.store(!pressed, Ordering::Relaxed);
    }

    /// The room as it was seen last, once.
    pub fn seen(&self) -> Option<SimulatedRoom> {
        let mut seen = self.0.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.take()
    }

    fn show(&self, room: SimulatedRoom) {
        let mut seen = self.0.seen.lock().unwrap_or_else(PoisonError::into_inner);
        *seen = Some(room);
    }

    fn is_pressed(&self) -> bool {
        self.0.pressed.load(Ordering::Relaxed)
    }

    fn takes_reset(&self) -> bool {
        self.0.resets.swap(false, Ordering::Relaxed)
    }
}

impl Body {
    /// The body of a configuration with wheels. `state` is a folder for the simulated port's name,
    /// `simulation` what goes in and out of a simulated one.
    ///
    /// # Errors
    /// Only when a pseudo-terminal can't be made; real wheels that aren't there are a fault of
    /// theirs.
    pub fn of(config: &DriveConfig, state: &Path, simulation: Simulation) -> std::io::Result<Self> {
        let limits = Limits {
            // No base here has a tilt sensor, and no driver for one is there.
            tilt_rad: None,
            braking_m_s2: config.braking_m_s2,
            ..Limits::default()
        };
        if config.controller == ControllerKind::Simulated {
            let room = room::DemoRoom::build(&state.join("wheels"), simulation)?;
            return Ok(Self {
                drive: Box::new(Reopening::new(room.opener())),
                senses: Box::new(room),
                track_m: room::TRACK_M,
                limits,
            });
        }
        let opened = config.clone();
        Ok(Self {
            drive: Box::new(Reopening::new(move || opened.open())),
            senses: match config.sensors {
                SensorKind::None => Box::new(NoSenses),
                SensorKind::Bench => Box::new(bench::Bench),
            },
            track_m: config.track_m,
            limits,
        })
    }
}

/// One round of the gate.
pub const TICK: Duration = Duration::from_millis(20);
