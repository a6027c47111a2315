//! What the motion gate's thread moves and feels with, by the configuration.

mod bench;
mod contacts;
mod room;
mod senses;
mod sensors;
mod signals;
mod watched;
mod wire;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use madoguchi_core::motion::Limits;
use madoguchi_hardware::board::{Level, Output};
use madoguchi_hardware::drive::Drive;
use madoguchi_hardware::heartbeat::GpioHeartbeat;
use madoguchi_hardware::{Device, Reopening};
use madoguchi_shared::motion::SimulatedRoom;

pub use contacts::{Contacts, StopButton, bumpers, cliffs};
pub use senses::{NoSenses, Senses};
pub use sensors::{Sensors, battery, ranges, thermometer, tilt};
pub use signals::{SignalLamp, bell, head, lamp};
pub use watched::Watched;
pub use wire::{Told, message, state};

use crate::check::{CheckBook, Part};
use crate::config::{Config, ControllerKind, SensorKind, Touch};

/// Wheels and senses of one robot.
pub struct Body {
    /// The wheels, opened again by themselves.
    pub drive: Box<dyn Drive>,
    /// Everything that bears on motion but the operator, the visit and the wheels.
    pub senses: Box<dyn Senses>,
    /// What a watchdog relay looks at.
    pub heartbeat: Option<Watched<GpioHeartbeat<Output>>>,
    /// A thermometer tells the heat inside; silent, it stops the robot.
    pub thermometer: bool,
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
    /// The body of a configuration with wheels. `simulation` is what goes in and out of a simulated
    /// one.
    ///
    /// # Errors
    /// Only when a pseudo-terminal can't be made; real devices that aren't there are a fault of
    /// theirs.
    pub fn of(config: &Config, simulation: Simulation, book: &CheckBook) -> std::io::Result<Self> {
        let Config {
            drive, body, state, ..
        } = config;
        // On blocks and in the simulated room nothing leans.
        let whole = drive.sensors == SensorKind::Body;
        let limits = Limits {
            // `body.without` says so where nothing feels it.
            tilt_rad: body.tilt.and(Limits::default().tilt_rad).filter(|_| whole),
            braking_m_s2: drive.braking_m_s2,
            ..Limits::default()
        };
        if drive.controller == ControllerKind::Simulated {
            let room = room::DemoRoom::build(&state.join("wheels"), simulation)?;
            return Ok(Self {
                drive: Box::new(Reopening::new(room.opener())),
                senses: Box::new(room),
                heartbeat: None,
                thermometer: false,
                track_m: room::TRACK_M,
                limits,
            });
        }
        let board = body.board(state);
        let opened = drive.clone();
        Ok(Self {
            drive: Box::new(Reopening::new(move || opened.open())),
            senses: match drive.sensors {
                SensorKind::None => Box::new(NoSenses),
                SensorKind::Bench => Box::new(bench::Bench {
                    stop: body
                        .emergency_stop
                        .map(|pins| StopButton::new(&board, pins, book)),
                }),
                SensorKind::Body => Box::new(Contacts::new(&board, body, book)),
            },
            thermometer: whole && body.temperature.is_some(),
            heartbeat: body.heartbeat.map(|bcm| heartbeat(&board, bcm, book)),
            track_m: drive.track_m,
            limits,
        })
    }
}

/// The square wave at this pin.
pub fn heartbeat(
    board: &madoguchi_hardware::Board,
    bcm: u8,
    book: &CheckBook,
) -> Watched<GpioHeartbeat<Output>> {
    let wiring = format!("GPIO {bcm} goes to the input of a relay that wants edges");
    let board = board.clone();
    let device = Device::Heartbeat;
    Watched::new(Part::Heartbeat, wiring, book, move || {
        board.output(device, bcm, Level::Low).map(GpioHeartbeat::on)
    })
}

/// One round of the gate.
pub const TICK: Duration = Duration::from_millis(20);
