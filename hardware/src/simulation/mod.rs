//! Simulated controllers at the far end of a serial line; pins and registers for the drivers of
//! GPIO and I²C devices, at the boundary of `embedded-hal`.
//!
//! A [`Controller`] speaks its maker's protocol and has no clock of its own: time passes for it by
//! [`Controller::advance`], so that its timeouts can be tried without waiting. A
//! [`SimulatedLine`] is a real pseudo-terminal with such a controller behind it: the drivers open
//! it as they open any serial port. A [`room::Room`] is what the wheels of such a controller move
//! in.

pub mod room;

mod line;
mod lis3dh;
mod noise;
mod pins;
mod registers;
mod vl53l1x;

use std::time::Duration;

pub use line::{Mischief, SimulatedLine};
pub use lis3dh::SimulatedLis3dh;
pub use noise::NoisyBus;
pub use pins::{SimulatedContact, SimulatedRelay};
pub use registers::{NotAcknowledged, SimulatedRegisters};
pub use vl53l1x::{SimulatedSensorBus, SimulatedShutdown, SimulatedVl53l1x};

/// What a motor controller does to its two motors, left and right.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Demand {
    /// No power: the wheels roll.
    #[default]
    Coast,
    /// Shorted windings: the wheels are held back as hard as the motors can.
    Brake,
    /// A speed each in m/s.
    Speed([f64; 2]),
}

/// What a motor controller measures, left and right.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Motion {
    /// Rolled since the beginning, in m.
    pub rolled: [f64; 2],
    /// In m/s.
    pub speed: [f64; 2],
    /// In A.
    pub current: [f64; 2],
    /// Of the controller, in °C.
    pub celsius: f64,
}

/// A motor controller for two motors, seen from its line and from its motors.
pub trait Controller: Send + 'static {
    /// Takes what was received, returns what is sent.
    fn receive(&mut self, bytes: &[u8]) -> Vec<u8>;

    /// Lets time pass.
    fn advance(&mut self, time: Duration);

    /// What its motors are to do.
    fn demand(&self) -> Demand;

    /// What its encoders and current sensors see from now on.
    fn feel(&mut self, motion: Motion);
}
