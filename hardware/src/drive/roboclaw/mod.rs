//! Wheels behind a RoboClaw motor controller in packet serial mode, motor 1 left, motor 2 right.
//!
//! [Source of the protocol](packet). Speeds are held by the controller's own loop over its
//! encoders; every order carries the braking as its acceleration, so that a jump to zero slows
//! down as hard as the base can bear, and no harder.

pub mod packet;

mod simulated;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

pub use simulated::SimulatedRoboClaw;

use self::packet::{ACKNOWLEDGED, Order, Query, pair};
use super::{Drive, DriveReading, Velocity, Wheels};
use crate::serial::{Port, line_fault};
use crate::units::{Amperes, Celsius, Metres, MetresPerSecondSquared};
use crate::{Device, Fault};

const AMPERES_PER_COUNT: f64 = 0.01;
const CELSIUS_PER_COUNT: f64 = 0.1;
const TIMEOUT_STEP: Duration = Duration::from_millis(100);

/// The bits of the status that are errors; the others are warnings (manual, command 90).
const ERRORS: u32 = 0x0000_ffff;
const ERROR_NAMES: [(u32, &str); 6] = [
    (0x0001, "its emergency stop input is active"),
    (0x0006, "it is too hot"),
    (0x0038, "a supply voltage is out of its limits"),
    (0x00c0, "a motor driver has a fault"),
    (0x0f00, "a motor doesn't follow its speed or position"),
    (0x3000, "a motor draws too much current"),
];

/// How a controller is connected and what it drives.
#[derive(Debug, Clone, PartialEq)]
pub struct RoboClawSettings {
    /// The serial port; the name under `/dev/serial/by-id` stays the same.
    pub port: PathBuf,
    /// Bits a second; any over USB.
    pub baud: u32,
    /// 0x80 to 0x87, as set on the controller.
    pub address: u8,
    /// The geometry.
    pub wheels: Wheels,
    /// Encoder counts that make a wheel roll one metre.
    pub counts_per_metre: f64,
    /// Which motor turns backwards when driven forward, left and right: one of two that are
    /// mounted mirrored.
    pub reversed: [bool; 2],
    /// The hardest slowing down that neither tips the robot nor makes its wheels slip.
    pub braking: MetresPerSecondSquared,
    /// After which silence the controller stops by itself: 0.1 to 25.5 s in tenths.
    pub serial_timeout: Duration,
    /// How long an answer may take. The controller forgets half a packet after 10 ms.
    pub answer_timeout: Duration,
}

/// An opened controller, its serial timeout armed.
#[derive(Debug)]
pub struct RoboClaw {
    port: Port,
    settings: RoboClawSettings,
    acceleration: u32,
    counters: [u32; 2],
    travelled_counts: [i64; 2],
}

impl RoboClaw {
    /// Opens the port, arms the serial timeout, sees that it is armed, and stops the wheels.
    pub fn open(settings: RoboClawSettings) -> Result<Self, Fault> {
        settings.wheels.check(settings.counts_per_metre)?;
        let tenths = tenths(settings.serial_timeout)?;
        let acceleration = settings.braking.0 * settings.counts_per_metre;
        if !(1.0..=f64::from(u32::MAX)).contains(&acceleration) {
            return Err(impossible(format!("braking with {}", settings.braking)));
        }
        let port = Port::open(
            Path::new(&settings.port),
            settings.baud,
            settings.answer_timeout,
        )
        .map_err(|error| error.fault(Device::Drive))?;
        let mut drive = Self {
            port,
            settings,
            acceleration: acceleration as u32,
            counters: [0; 2],
            travelled_counts: [0; 2],
        };
        drive.order(Order::SerialTimeout(tenths))?;
        if drive.ask::<1>(Query::SerialTimeout)? != [tenths] {
            return Err(Fault::Failed {
                device: Device::Drive,
                detail: "its serial timeout doesn't stay set".to_owned(),
            });
        }
        drive.stop()?;
        drive.counters = pair(&drive.ask::<8>(Query::Encoders)?, u32::from_be_bytes);
        Ok(drive)
    }

    fn order(&mut self, order: Order) -> Result<(), Fault> {
        let mut answer = [0];
        self.exchange(
            &order.encode(self.settings.address),
            &mut answer,
            order.command(),
        )?;
        if answer == [ACKNOWLEDGED] {
            Ok(())
        } else {
            Err(garbled(order.command(), format!("{answer:02x?}")))
        }
    }

    fn ask<const LENGTH: usize>(&mut self, query: Query) -> Result<[u8; LENGTH], Fault> {
        let address = self.settings.address;
        let mut answer = [0; 16];
        let answer = &mut answer[..query.answer_length()];
        self.exchange(&query.encode(address), answer, query.command())?;
        query
            .payload(address, answer)
            .map_err(|error| garbled(query.command(), error))?
            .try_into()
            .map_err(|_| garbled(query.command(), "another length"))
    }

    fn exchange(&mut self, request: &[u8], answer: &mut [u8], command: u8) -> Result<(), Fault> {
        let deadline = Instant::now() + self.settings.answer_timeout;
        self.port
            .forget_input()
            .and_then(|()| self.port.write_all(request))
            .and_then(|()| self.port.read_by(deadline, answer))
            .map_err(|error| line_fault(Device::Drive, &format!("command {command}"), &error))
    }

    /// Counts forward become counts of the motor, and back.
    fn mounted<T: std::ops::Neg<Output = T> + Copy>(&self, [left, right]: [T; 2]) -> [T; 2] {
        let [left_reversed, right_reversed] = self.settings.reversed;
        let turned = |value: T, reversed| if reversed { -value } else { value };
        [turned(left, left_reversed), turned(right, right_reversed)]
    }
}

impl Drive for RoboClaw {
    fn set_velocity(&mut self, velocity: Velocity) -> Result<(), Fault> {
        let speeds = match self.settings.wheels.speeds(velocity) {
            Ok(speeds) => speeds,
            Err(impossible) => {
                self.stop()?;
                return Err(impossible);
            }
        };
        let counts = self.mounted(speeds.map(|speed| speed * self.settings.counts_per_metre));
        self.order(Order::Speed {
            acceleration: self.acceleration,
            speeds: counts.map(|count| count.round() as i32),
        })
    }

    fn stop(&mut self) -> Result<(), Fault> {
        self.order(Order::Duty([0, 0]))
    }

    fn read(&mut self) -> Result<DriveReading, Fault> {
        let status = u32::from_be_bytes(self.ask(Query::Status)?);
        if status & ERRORS != 0 {
            return Err(Fault::Failed {
                device: Device::Drive,
                detail: in_words(status),
            });
        }
        let counters = pair(&self.ask::<8>(Query::Encoders)?, u32::from_be_bytes);
        let steps = counters.iter().zip(self.counters);
        for (travelled, (now, before)) in self.travelled_counts.iter_mut().zip(steps) {
            *travelled += i64::from(now.wrapping_sub(before) as i32);
        }
        self.counters = counters;
        let speeds = pair(&self.ask::<8>(Query::Speeds)?, i32::from_be_bytes);
        let currents = pair(&self.ask::<4>(Query::Currents)?, i16::from_be_bytes);
        let temperature = i16::from_be_bytes(self.ask(Query::Temperature)?);
        let metres = |counts: f64| counts / self.settings.counts_per_metre;
        Ok(DriveReading {
            velocity: self
                .settings
                .wheels
                .velocity(self.mounted(speeds.map(|speed| metres(f64::from(speed))))),
            travelled: self
                .mounted(self.travelled_counts)
                .map(|counts| Metres(metres(counts as f64))),
            current: self
                .mounted(currents.map(|current| f64::from(current) * AMPERES_PER_COUNT))
                .map(Amperes),
            temperature: Celsius(f64::from(temperature) * CELSIUS_PER_COUNT),
        })
    }
}

fn tenths(timeout: Duration) -> Result<u8, Fault> {
    u8::try_from(timeout.as_millis() / TIMEOUT_STEP.as_millis())
        .ok()
        .filter(|tenths| *tenths > 0)
        .ok_or_else(|| impossible(format!("a serial timeout of {timeout:?}")))
}

fn in_words(status: u32) -> String {
    let named = ERROR_NAMES
        .iter()
        .filter(|(bits, _)| status & bits != 0)
        .map(|(_, name)| *name)
        .collect::<Vec<_>>();
    format!("status {status:#010x}: {}", named.join(", "))
}

fn impossible(detail: String) -> Fault {
    Fault::Impossible {
        device: Device::Drive,
        detail,
    }
}

fn garbled(command: u8, what: impl std::fmt::Display) -> Fault {
    Fault::Garbled {
        device: Device::Drive,
        detail: format!("command {command}: {what}"),
    }
}
