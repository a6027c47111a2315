use embedded_hal::i2c::{ErrorKind, I2c, NoAcknowledgeSource};

use super::{Tilt, Up};
use crate::units::Radians;
use crate::{Device, Fault};

/// Where it answers while its pin SDO is wired to ground; 0x19 otherwise.
pub const DEFAULT_ADDRESS: u8 = 0x18;

const WHO_AM_I: u8 = 0x0f;
const CONTROL_1: u8 = 0x20;
const CONTROL_4: u8 = 0x23;
const STATUS: u8 = 0x27;
const OUT: u8 = 0x28;
/// In front of a register: the next byte is the next register's.
const ONWARDS: u8 = 0x80;

const LIS3DH: u8 = 0x33;
/// 100 measurements a second of all axes.
const ALL_AXES_100_HZ: u8 = 0x57;
/// High resolution, ±2 g, and no half of a measurement with half of the next.
const FINE_2_G_WHOLE: u8 = 0x88;
const READY: u8 = 0x08;
/// A bit is so many g, of a number that stands at the left of its 16 bits.
const G_A_BIT: f64 = 1.0e-3 / 16.0;
/// In g, what a robot on its wheels weighs, jolts included. Beyond it nobody can say what is down.
const WEIGHS: std::ops::RangeInclusive<f64> = 0.5..=1.5;
/// Of a measurement in what is told: jolts and the wheels' own pull last shorter than a lean.
const SHARE: f64 = 1.0 / 8.0;
/// In a row, without a measurement that tells what is down.
const LOOKS_IN_VAIN: u32 = 25;

/// An accelerometer LIS3DH of STMicroelectronics on an I²C bus, 100 measurements a second
/// (datasheet DocID17530).
///
/// It feels the pull of the earth and of the robot's own speeding up and slowing down alike: braking
/// with 1 m/s² looks like a lean of 0.1 rad.
#[derive(Debug)]
pub struct Lis3dh<I> {
    bus: I,
    address: u8,
    up: Up,
    /// Smoothed, in g.
    felt: Option<[f64; 3]>,
    /// The last measurement, where it tells nothing.
    absurd_g: Option<f64>,
    looks_in_vain: u32,
}

impl<I: I2c + Send> Lis3dh<I> {
    /// Makes sure that it is one, and lets it measure.
    pub fn open(bus: I, address: u8, up: Up) -> Result<Self, Fault> {
        let mut sensor = Self {
            bus,
            address,
            up,
            felt: None,
            absurd_g: None,
            looks_in_vain: 0,
        };
        let [who] = sensor.read_bytes(WHO_AM_I)?;
        if who != LIS3DH {
            return Err(sensor.garbled(&format!("calls itself {who:#04x}, not {LIS3DH:#04x}")));
        }
        for (register, value) in [(CONTROL_4, FINE_2_G_WHOLE), (CONTROL_1, ALL_AXES_100_HZ)] {
            let written = sensor.bus.write(address, &[register, value]);
            written.map_err(|error| sensor.fault(&error))?;
            let [read] = sensor.read_bytes(register)?;
            if read != value {
                return Err(sensor.garbled(&format!(
                    "keeps {read:#04x} in register {register:#04x}, not {value:#04x}"
                )));
            }
        }
        Ok(sensor)
    }

    /// In g, along its own axes.
    fn measure(&mut self) -> Result<Option<[f64; 3]>, Fault> {
        let [status] = self.read_bytes(STATUS)?;
        if status & READY == 0 {
            return Ok(None);
        }
        let bytes: [u8; 6] = self.read_bytes(ONWARDS | OUT)?;
        let [x, y, z] = [
            [bytes[0], bytes[1]],
            [bytes[2], bytes[3]],
            [bytes[4], bytes[5]],
        ]
        .map(|axis| f64::from(i16::from_le_bytes(axis)) * G_A_BIT);
        Ok(Some([x, y, z]))
    }

    fn in_vain(&mut self) -> Result<Option<Radians>, Fault> {
        self.looks_in_vain += 1;
        match self.absurd_g {
            _ if self.looks_in_vain < LOOKS_IN_VAIN => Ok(None),
            Some(weight) => {
                Err(self.garbled(&format!("feels {weight:.1} g, and a robot that stands 1 g")))
            }
            None => Err(Fault::Silent {
                device: Device::Tilt,
                detail: format!("I²C device {:#04x}: it measures no more", self.address),
            }),
        }
    }

    fn read_bytes<const N: usize>(&mut self, register: u8) -> Result<[u8; N], Fault> {
        let mut bytes = [0; N];
        let read = self.bus.write_read(self.address, &[register], &mut bytes);
        read.map_err(|error| self.fault(&error))?;
        Ok(bytes)
    }

    fn garbled(&self, what: &str) -> Fault {
        Fault::Garbled {
            device: Device::Tilt,
            detail: format!("I²C device {:#04x} {what}", self.address),
        }
    }

    fn fault(&self, error: &I::Error) -> Fault {
        use embedded_hal::i2c::Error;
        let detail = format!("I²C device {:#04x}: {error:?}", self.address);
        let device = Device::Tilt;
        match error.kind() {
            ErrorKind::NoAcknowledge(
                NoAcknowledgeSource::Address | NoAcknowledgeSource::Unknown,
            ) => Fault::Absent { device, detail },
            _ => Fault::Failed { device, detail },
        }
    }
}

impl<I: I2c + Send> Tilt for Lis3dh<I> {
    fn read(&mut self) -> Result<Option<Radians>, Fault> {
        let Some(now) = self.measure()? else {
            return self.in_vain();
        };
        let weight = length(now);
        if !WEIGHS.contains(&weight) {
            self.absurd_g = Some(weight);
            return self.in_vain();
        }
        self.absurd_g = None;
        self.looks_in_vain = 0;
        let before = self.felt.unwrap_or(now);
        let mut felt = before;
        for (felt, now) in felt.iter_mut().zip(now) {
            *felt += (now - *felt) * SHARE;
        }
        self.felt = Some(felt);
        Ok(Some(lean(felt, self.up)))
    }
}

fn length(axes: [f64; 3]) -> f64 {
    axes.iter().map(|axis| axis * axis).sum::<f64>().sqrt()
}

fn lean(felt: [f64; 3], up: Up) -> Radians {
    let mut aside = felt;
    let upwards = std::mem::take(&mut aside[up.axis.min(2)]);
    let upwards = if up.reversed { -upwards } else { upwards };
    Radians(length(aside).atan2(upwards))
}
