//! The robot's body: one small trait for each thing that it can do or feel, each with a
//! simulated device and, where a board can be named already, a real one in a sibling file.
//!
//! A device does what it is told or returns a [`Fault`], which is a value that travels to the
//! crate that decides; nothing here repeats a command or waits for a policy. Calls block for at
//! most a few milliseconds, or as long as the answer's timeout in the settings, and belong to the
//! daemon's body thread.
//!
//! | capability | trait | real | simulated |
//! | --- | --- | --- | --- |
//! | screen backlight | [`Display`] | [`display::SysfsBacklight`] | [`display::SimulatedDisplay`] |
//! | signal lamp | [`Lamp`] | [`lamp::GpioLamp`] | [`lamp::SimulatedLamp`] |
//! | bell for the staff in the room | [`Bell`] | [`bell::GpioBell`] | [`bell::SimulatedBell`] |
//! | wheels | [`Drive`] | [`drive::roboclaw`], [`drive::odrive`], opened again by [`Reopening`] | the same drivers on a [`simulation::SimulatedLine`]; [`drive::SimulatedDrive`] without a controller |
//! | emergency stop contacts | [`EmergencyStop`] | [`emergency_stop::GpioEmergencyStop`] | [`emergency_stop::SimulatedEmergencyStop`], [`simulation::SimulatedContact`] |
//! | battery | [`Battery`] | [`battery::SysfsBattery`], [`battery::InaBattery`] | [`battery::SimulatedBattery`], [`simulation::SimulatedRegisters`] |
//! | sign of life for a watchdog relay | [`Heartbeat`] | [`heartbeat::GpioHeartbeat`] | the same driver on a [`simulation::SimulatedRelay`] |
//! | bumpers, the end of the floor | [`Touch`] | [`touch::GpioTouch`] | the same driver on a [`simulation::SimulatedContact`] |
//! | head | [`Head`] | [`head::ServoHead`] | the same on a [`Board`] that is a folder |
//! | heat inside | [`Thermometer`] | [`temperature::SysfsThermometer`] | none |
//! | leaning | [`Tilt`] | [`tilt::Lis3dh`] | the same driver on a [`simulation::SimulatedLis3dh`] |
//! | free way ahead | [`Range`] | [`range::Vl53l1x`] | the same driver on a [`simulation::SimulatedVl53l1x`]; [`range::SimulatedRange`] |
//! | somebody in front | [`Presence`] | none yet | [`presence::SimulatedPresence`] |
//!
//! Pins and buses come from a [`Board`], which may be a folder: so the whole robot can be tried
//! where there is no header. [`serial::Port`] is the line to controllers that speak over a serial port. [`World`] is what
//! the simulated devices of one robot share, so that a test or the demo can script them.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod battery;
pub mod bell;
pub mod board;
pub mod display;
pub mod drive;
pub mod emergency_stop;
pub mod head;
pub mod heartbeat;
pub mod lamp;
pub mod presence;
pub mod range;
pub mod serial;
pub mod simulation;
pub mod temperature;
pub mod tilt;
pub mod touch;
pub mod units;

mod body;
mod fault;
mod gpio;
mod reopening;
mod sysfs;
mod world;

pub use battery::Battery;
pub use bell::Bell;
pub use board::Board;
pub use body::Body;
pub use display::Display;
pub use drive::Drive;
pub use emergency_stop::EmergencyStop;
pub use fault::{Device, Fault};
pub use head::Head;
pub use heartbeat::Heartbeat;
pub use lamp::Lamp;
pub use presence::Presence;
pub use range::Range;
pub use reopening::Reopening;
pub use temperature::Thermometer;
pub use tilt::Tilt;
pub use touch::Touch;
pub use world::{Pose, World};
