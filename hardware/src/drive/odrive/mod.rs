//! Wheels behind an ODrive of the firmware line 0.5, axis 0 left, axis 1 right, by its ASCII
//! protocol, best over USB: a call exchanges up to 400 characters.
//!
//! [Source of the lines](mod@line); names of properties and states from the documentation's "API
//! Reference". The protocol acknowledges nothing, so whatever is written is read back. Slowing
//! down is held by the controller's velocity ramp, silence by its watchdog, which takes the power
//! from the motors: after it the drive has to be opened again.

pub mod line;

mod simulated;

use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

pub use simulated::SimulatedOdrive;

use super::{Drive, DriveReading, Velocity, Wheels};
use crate::serial::{Port, line_fault};
use crate::units::{Amperes, Celsius, Metres, MetresPerSecondSquared};
use crate::{Device, Fault};

const LONGEST_ANSWER: usize = 64;
const VELOCITY_CONTROL: u8 = 2;
const VELOCITY_RAMP: u8 = 2;
const CLOSED_LOOP: u8 = 8;
/// A bit of an axis's error (API reference, `Axis.Error`).
const WATCHDOG_TIMER_EXPIRED: u64 = 0x800;
/// Numbers pass as text with limited digits.
const AS_WRITTEN: f64 = 1e-3;

/// How a controller is connected and what it drives.
#[derive(Debug, Clone, PartialEq)]
pub struct OdriveSettings {
    /// The serial port; the name under `/dev/serial/by-id` stays the same.
    pub port: PathBuf,
    /// Bits a second; any over USB.
    pub baud: u32,
    /// The geometry.
    pub wheels: Wheels,
    /// Turns of a motor that make its wheel roll one metre.
    pub turns_per_metre: f64,
    /// Which motor turns backwards when driven forward, left and right.
    pub reversed: [bool; 2],
    /// The hardest slowing down that neither tips the robot nor makes its wheels slip.
    pub braking: MetresPerSecondSquared,
    /// After which silence the controller stops by itself.
    pub watchdog: Duration,
    /// How long one answer may take.
    pub answer_timeout: Duration,
}

/// An opened controller: its watchdog armed, both axes under closed-loop control at zero.
#[derive(Debug)]
pub struct Odrive {
    port: Port,
    settings: OdriveSettings,
    started_at: [f64; 2],
}

impl Odrive {
    /// Opens the port, clears errors, arms the watchdog, and takes both axes under control at a
    /// standstill. Its motors must have been calibrated before, as the maker describes.
    pub fn open(settings: OdriveSettings) -> Result<Self, Fault> {
        settings.wheels.check(settings.turns_per_metre)?;
        let ramp = settings.braking.0 * settings.turns_per_metre;
        let watchdog = settings.watchdog.as_secs_f64();
        if !(ramp > 0.0 && ramp.is_finite() && watchdog > 0.0) {
            return Err(impossible(format!(
                "braking with {} and a watchdog of {watchdog} s",
                settings.braking
            )));
        }
        let port = Port::open(&settings.port, settings.baud, settings.answer_timeout)
            .map_err(|error| error.fault(Device::Drive))?;
        let mut drive = Self {
            port,
            settings,
            started_at: [0.0; 2],
        };
        for axis in 0..2 {
            drive.set(axis, "config.watchdog_timeout", watchdog)?;
            drive.send(&format!("u {axis}"))?;
            drive.set(axis, "config.enable_watchdog", 1.0)?;
        }
        drive.send("sc")?;
        for axis in 0..2 {
            drive.set(
                axis,
                "controller.config.control_mode",
                f64::from(VELOCITY_CONTROL),
            )?;
            drive.set(
                axis,
                "controller.config.input_mode",
                f64::from(VELOCITY_RAMP),
            )?;
            drive.set(axis, "controller.config.vel_ramp_rate", ramp)?;
        }
        drive.stop()?;
        for axis in 0..2 {
            let closed_loop = f64::from(CLOSED_LOOP);
            drive.send(&format!("w axis{axis}.requested_state {CLOSED_LOOP}"))?;
            let state = drive.property(axis, "current_state")?;
            if state != closed_loop {
                drive.errors()?;
                return Err(failed(format!(
                    "axis {axis} stays in state {state} instead of closed-loop control"
                )));
            }
        }
        drive.started_at = [drive.feedback(0)?.0, drive.feedback(1)?.0];
        Ok(drive)
    }

    fn send(&mut self, body: &str) -> Result<(), Fault> {
        self.port
            .write_all(line::encode(body).as_bytes())
            .map_err(|error| line_fault(Device::Drive, body, &error))
    }

    fn ask(&mut self, body: &str) -> Result<String, Fault> {
        self.port
            .forget_input()
            .map_err(|error| line_fault(Device::Drive, body, &error))?;
        self.send(body)?;
        let deadline = Instant::now() + self.settings.answer_timeout;
        let mut answer = Vec::with_capacity(LONGEST_ANSWER);
        loop {
            let mut byte = [0];
            self.port
                .read_by(deadline, &mut byte)
                .map_err(|error| line_fault(Device::Drive, body, &error))?;
            match byte {
                [b'\n'] => break,
                [b'\r'] => {}
                _ if answer.len() == LONGEST_ANSWER => {
                    return Err(garbled(body, "a line without end"));
                }
                [byte] => answer.push(byte),
            }
        }
        match line::decode(&answer) {
            Ok(answer) => Ok(answer.to_owned()),
            Err(error) => Err(garbled(body, error)),
        }
    }

    fn numbers<const COUNT: usize>(&mut self, body: &str) -> Result<[f64; COUNT], Fault> {
        let answer = self.ask(body)?;
        let numbers: Option<Vec<f64>> = answer
            .split_ascii_whitespace()
            .map(|number| {
                number
                    .parse()
                    .ok()
                    .filter(|number: &f64| number.is_finite())
            })
            .collect();
        numbers
            .and_then(|numbers| numbers.try_into().ok())
            .ok_or_else(|| garbled(body, format_args!("{answer:?}")))
    }

    fn property(&mut self, axis: usize, name: &str) -> Result<f64, Fault> {
        let [value] = self.numbers(&format!("r axis{axis}.{name}"))?;
        Ok(value)
    }

    fn set(&mut self, axis: usize, name: &str, value: f64) -> Result<(), Fault> {
        self.send(&format!("w axis{axis}.{name} {value}"))?;
        self.expect(axis, name, value)
    }

    fn expect(&mut self, axis: usize, name: &str, value: f64) -> Result<(), Fault> {
        let read = self.property(axis, name)?;
        if (read - value).abs() <= AS_WRITTEN {
            Ok(())
        } else {
            Err(failed(format!(
                "axis{axis}.{name} is {read} after {value} was written"
            )))
        }
    }

    fn errors(&mut self) -> Result<(), Fault> {
        for axis in 0..2 {
            let error = self.property(axis, "error")?;
            if error != 0.0 {
                return Err(failed(in_words(axis, error)));
            }
        }
        Ok(())
    }

    /// Position in turns and speed in turns a second.
    fn feedback(&mut self, axis: usize) -> Result<(f64, f64), Fault> {
        let [position, speed] = self.numbers(&format!("f {axis}"))?;
        Ok((position, speed))
    }

    fn command(&mut self, turns_per_second: [f64; 2]) -> Result<(), Fault> {
        for (axis, speed) in turns_per_second.into_iter().enumerate() {
            self.send(&format!("v {axis} {speed:.6} 0"))?;
        }
        for (axis, speed) in turns_per_second.into_iter().enumerate() {
            self.expect(axis, "controller.input_vel", speed)?;
        }
        Ok(())
    }

    fn mounted(&self, [left, right]: [f64; 2]) -> [f64; 2] {
        let [left_reversed, right_reversed] = self.settings.reversed;
        let turned = |value: f64, reversed| if reversed { -value } else { value };
        [turned(left, left_reversed), turned(right, right_reversed)]
    }
}

impl Drive for Odrive {
    fn set_velocity(&mut self, velocity: Velocity) -> Result<(), Fault> {
        match self.settings.wheels.speeds(velocity) {
            Ok(speeds) => {
                let turns = speeds.map(|speed| speed * self.settings.turns_per_metre);
                self.command(self.mounted(turns))
            }
            Err(impossible) => {
                self.stop()?;
                Err(impossible)
            }
        }
    }

    fn stop(&mut self) -> Result<(), Fault> {
        self.command([0.0; 2])
    }

    fn read(&mut self) -> Result<DriveReading, Fault> {
        self.errors()?;
        let (left, right) = (self.feedback(0)?, self.feedback(1)?);
        let current = [
            self.property(0, "motor.current_control.Iq_measured")?,
            self.property(1, "motor.current_control.Iq_measured")?,
        ];
        let temperatures = [
            self.property(0, "fet_thermistor.temperature")?,
            self.property(1, "fet_thermistor.temperature")?,
        ];
        let metres = |turns: f64| turns / self.settings.turns_per_metre;
        let turned = [left.0 - self.started_at[0], right.0 - self.started_at[1]];
        Ok(DriveReading {
            velocity: self
                .settings
                .wheels
                .velocity(self.mounted([left.1, right.1].map(metres))),
            travelled: self.mounted(turned).map(|turns| Metres(metres(turns))),
            current: self.mounted(current).map(Amperes),
            temperature: Celsius(temperatures[0].max(temperatures[1])),
        })
    }
}

fn in_words(axis: usize, error: f64) -> String {
    let bits = error as u64;
    let word = if bits & WATCHDOG_TIMER_EXPIRED != 0 {
        "its watchdog expired"
    } else {
        "see the maker's list of axis errors"
    };
    format!("axis {axis} has the error {bits:#x}: {word}")
}

fn impossible(detail: String) -> Fault {
    Fault::Impossible {
        device: Device::Drive,
        detail,
    }
}

fn failed(detail: String) -> Fault {
    Fault::Failed {
        device: Device::Drive,
        detail,
    }
}

fn garbled(asked: &str, what: impl std::fmt::Display) -> Fault {
    Fault::Garbled {
        device: Device::Drive,
        detail: format!("{asked}: {what}"),
    }
}
