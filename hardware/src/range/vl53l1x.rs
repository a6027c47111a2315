use std::thread::sleep;
use std::time::Duration;

use embedded_hal::digital::OutputPin;
use embedded_hal::i2c::{ErrorKind, I2c, NoAcknowledgeSource};

use super::{Distance, Range};
use crate::units::Metres;
use crate::{Device, Fault};

/// Where a sensor answers that was just switched on.
pub const DEFAULT_ADDRESS: u8 = 0x29;
/// How far it sees in its short mode, in whatever light (datasheet DS12385).
pub const REACH: Metres = Metres(1.3);

const SOFT_RESET: u16 = 0x0000;
const ADDRESS: u16 = 0x0001;
const VHV_LOOP_BOUND: u16 = 0x0008;
const VHV_INIT: u16 = 0x000b;
const CONFIGURATION: u16 = 0x002d;
const INTERRUPT_STATUS: u16 = 0x0031;
const PERIOD: u16 = 0x006c;
const INTERRUPT_CLEAR: u16 = 0x0086;
const MODE_START: u16 = 0x0087;
const RESULT: u16 = 0x0089;
const OSCILLATOR: u16 = 0x00de;
const FIRMWARE_STATUS: u16 = 0x00e5;
const MODEL: u16 = 0x010f;

const VL53L1X: u16 = 0xeacc;
const BOOTED: u8 = 0x01;
const READY: u8 = 0x01;
const RANGING: u8 = 0x40;
const STOPPED: u8 = 0x00;
/// Of [`RESULT`], the last two of which are the distance at 0x0096.
const RESULT_BYTES: usize = 15;
/// One measurement begins so long after the one before, of which each takes 33 ms.
const PERIOD_MS: f64 = 40.0;
/// What the oscillator's own value falls short of a millisecond by.
const OSCILLATOR_SCALE: f64 = 1.075;
/// Beyond it no measurement of this sensor can be true, in mm.
const ABSURD_MM: u16 = 4_500;

const BETWEEN_LOOKS: Duration = Duration::from_millis(1);
/// For booting, which takes 1.2 ms, and for the first measurement, which calibrates.
const LOOKS_WHILE_OPENING: u32 = 200;
/// Of an open sensor in a row, without a measurement.
const LOOKS_IN_VAIN: u32 = 25;

/// Registers 0x2d to 0x87: the maker's settings (user manual UM2510 and its driver STSW-IMG009) with
/// 2.8 V at the pads as on breakout boards, an interrupt that is high when a measurement is there,
/// short mode and 33 ms for a measurement.
#[rustfmt::skip]
const SETTINGS: [u8; 0x87 - 0x2d + 1] = [
    /* 2d */ 0x00, 0x01, 0x01,
    /* 30 */ 0x01, 0x02, 0x00, 0x02, 0x08, 0x00, 0x08, 0x10, 0x01, 0x01, 0x00, 0x00, 0x00, 0x00, 0xff, 0x00,
    /* 40 */ 0x0f, 0x00, 0x00, 0x00, 0x00, 0x00, 0x20, 0x0b, 0x00, 0x00, 0x02, 0x14, 0x21, 0x00, 0x00, 0x05,
    /* 50 */ 0x00, 0x00, 0x00, 0x00, 0xc8, 0x00, 0x00, 0x38, 0xff, 0x01, 0x00, 0x08, 0x00, 0x00, 0x00, 0xd6,
    /* 60 */ 0x07, 0x00, 0x6e, 0x05, 0x01, 0x68, 0x00, 0x80, 0x08, 0x38, 0x00, 0x00, 0x00, 0x00, 0x0f, 0x89,
    /* 70 */ 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x07, 0x05, 0x06, 0x06, 0x00, 0x00, 0x02, 0xc7,
    /* 80 */ 0xff, 0x9b, 0x00, 0x00, 0x00, 0x01, 0x00, STOPPED,
];

/// A time-of-flight sensor VL53L1X of STMicroelectronics on an I²C bus, 25 measurements a second.
///
/// Several on one bus need a pin each at their XSHUT input: a sensor that is switched on answers at
/// [`DEFAULT_ADDRESS`] until it is told another. All of these pins are low before the first
/// sensor is opened.
#[derive(Debug)]
pub struct Vl53l1x<I> {
    bus: I,
    address: u8,
    looks_in_vain: u32,
}

impl<I: I2c + Send> Vl53l1x<I> {
    /// Resets the sensor, by `shutdown` where that pin is wired to it, gives it its address, and
    /// lets it range. Blocks for about 50 ms, at most 0.5 s.
    pub fn open<P: OutputPin>(
        bus: I,
        address: u8,
        shutdown: Option<&mut P>,
    ) -> Result<Self, Fault> {
        let mut sensor = Self {
            bus,
            address: DEFAULT_ADDRESS,
            looks_in_vain: 0,
        };
        match shutdown {
            Some(pin) => {
                pin.set_low().map_err(|error| shutdown_fault(&error))?;
                sleep(BETWEEN_LOOKS);
                pin.set_high().map_err(|error| shutdown_fault(&error))?;
            }
            None => {
                sensor.write(SOFT_RESET, &[0])?;
                sleep(BETWEEN_LOOKS);
                sensor.write(SOFT_RESET, &[1])?;
            }
        }
        sensor.boot()?;
        let [high, low] = sensor.read_bytes(MODEL)?;
        let model = u16::from_be_bytes([high, low]);
        if model != VL53L1X {
            return Err(Fault::Garbled {
                device: Device::Range,
                detail: format!(
                    "I²C device {DEFAULT_ADDRESS:#04x} calls itself {model:#06x}, not {VL53L1X:#06x}"
                ),
            });
        }
        if address != DEFAULT_ADDRESS {
            sensor.write(ADDRESS, &[address])?;
            sensor.address = address;
        }
        sensor.range()?;
        Ok(sensor)
    }

    /// Waits until its firmware runs. It doesn't acknowledge before.
    fn boot(&mut self) -> Result<(), Fault> {
        let mut seen = self.silent("it doesn't boot");
        for _ in 0..LOOKS_WHILE_OPENING {
            sleep(BETWEEN_LOOKS);
            match self.read_bytes(FIRMWARE_STATUS) {
                Ok([status]) if status & BOOTED != 0 && status != u8::MAX => return Ok(()),
                Ok(_) => seen = self.silent("it doesn't boot"),
                Err(absent @ Fault::Absent { .. }) => seen = absent,
                Err(broken) => return Err(broken),
            }
        }
        Err(seen)
    }

    /// Sets it up, lets it calibrate with a first measurement, and starts it.
    fn range(&mut self) -> Result<(), Fault> {
        self.write(CONFIGURATION, &SETTINGS)?;
        let [high, low] = self.read_bytes(OSCILLATOR)?;
        let clock = u16::from_be_bytes([high, low]) & 0x3ff;
        let period = (f64::from(clock) * PERIOD_MS * OSCILLATOR_SCALE) as u32;
        self.write(PERIOD, &period.to_be_bytes())?;
        self.write(MODE_START, &[RANGING])?;
        let mut looks = 0;
        while !self.ready()? {
            looks += 1;
            if looks == LOOKS_WHILE_OPENING {
                return Err(self.silent("it doesn't measure"));
            }
            sleep(BETWEEN_LOOKS);
        }
        self.write(INTERRUPT_CLEAR, &[1])?;
        self.write(MODE_START, &[STOPPED])?;
        // From now on each calibrates from the temperature before.
        self.write(VHV_LOOP_BOUND, &[0x09])?;
        self.write(VHV_INIT, &[0])?;
        self.write(MODE_START, &[RANGING])
    }

    fn ready(&mut self) -> Result<bool, Fault> {
        let [status] = self.read_bytes(INTERRUPT_STATUS)?;
        Ok(status & READY != 0)
    }

    fn read_bytes<const N: usize>(&mut self, register: u16) -> Result<[u8; N], Fault> {
        let mut bytes = [0; N];
        let pointer = register.to_be_bytes();
        let read = self.bus.write_read(self.address, &pointer, &mut bytes);
        read.map_err(|error| self.fault(&error))?;
        Ok(bytes)
    }

    fn write(&mut self, register: u16, bytes: &[u8]) -> Result<(), Fault> {
        let mut message = Vec::with_capacity(2 + bytes.len());
        message.extend(register.to_be_bytes());
        message.extend(bytes);
        let written = self.bus.write(self.address, &message);
        written.map_err(|error| self.fault(&error))
    }

    fn silent(&self, what: &str) -> Fault {
        Fault::Silent {
            device: Device::Range,
            detail: format!("I²C device {:#04x}: {what}", self.address),
        }
    }

    fn fault(&self, error: &I::Error) -> Fault {
        use embedded_hal::i2c::Error;
        let detail = format!("I²C device {:#04x}: {error:?}", self.address);
        let device = Device::Range;
        match error.kind() {
            ErrorKind::NoAcknowledge(
                NoAcknowledgeSource::Address | NoAcknowledgeSource::Unknown,
            ) => Fault::Absent { device, detail },
            _ => Fault::Failed { device, detail },
        }
    }
}

fn shutdown_fault(error: &impl std::fmt::Debug) -> Fault {
    Fault::Failed {
        device: Device::Range,
        detail: format!("its XSHUT pin: {error:?}"),
    }
}

impl<I: I2c + Send> Range for Vl53l1x<I> {
    fn read(&mut self) -> Result<Option<Distance>, Fault> {
        if !self.ready()? {
            self.looks_in_vain += 1;
            if self.looks_in_vain < LOOKS_IN_VAIN {
                return Ok(None);
            }
            return Err(self.silent("it measures no more"));
        }
        self.looks_in_vain = 0;
        let result: [u8; RESULT_BYTES] = self.read_bytes(RESULT)?;
        self.write(INTERRUPT_CLEAR, &[1])?;
        let [status, .., high, low] = result;
        let millimetres = u16::from_be_bytes([high, low]);
        judged(status & 0x1f, millimetres)
            .map(Some)
            .map_err(|what| {
                let device = Device::Range;
                let detail = format!("I²C device {:#04x}: {}", self.address, what.words());
                match what {
                    Doubt::Unsure(_) => Fault::Unsure { device, detail },
                    Doubt::Broken(_) => Fault::Failed { device, detail },
                    Doubt::Absurd(_) => Fault::Garbled { device, detail },
                }
            })
    }
}

/// Why a measurement is none.
enum Doubt {
    Unsure(&'static str),
    Broken(u8),
    Absurd(u16),
}

impl Doubt {
    fn words(&self) -> String {
        match self {
            Self::Unsure(why) => (*why).to_owned(),
            Self::Broken(status) => format!("range status {status}"),
            Self::Absurd(millimetres) => format!("a distance of {millimetres} mm"),
        }
    }
}

/// What register 0x0089 says of a measurement (UM2510, "Range status"; the register holds other
/// numbers than the maker's driver returns).
fn judged(status: u8, millimetres: u16) -> Result<Distance, Doubt> {
    match status {
        9 if millimetres > ABSURD_MM => Err(Doubt::Absurd(millimetres)),
        9 => Ok(Distance::Obstacle(Metres(f64::from(millimetres) / 1000.0))),
        // Nearer than it can measure.
        8 => Ok(Distance::Obstacle(Metres(0.0))),
        // Too little light comes back.
        4 => Ok(Distance::Clear),
        5 => Err(Doubt::Unsure("its phase is out of bounds")),
        6 => Err(Doubt::Unsure("it measures too roughly")),
        7 => Err(Doubt::Unsure("a target beyond its reach shines back")),
        _ => Err(Doubt::Broken(status)),
    }
}
