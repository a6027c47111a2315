//! Where pins and buses come from: a Raspberry Pi's header, or a folder that stands in for one.

mod bus;
mod servo;
mod simulated;

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use embedded_hal::digital::{ErrorType, InputPin, OutputPin, StatefulOutputPin};

pub use bus::{Bus, BusError};
pub use servo::Servo;
use simulated::{Folder, Wire};

use crate::fault::{Device, Fault};
use crate::gpio;
use crate::lamp::{GpioLamp, Lamp, Polarity};

/// A board with pins, by their BCM numbers, and I²C buses. Clones are handles to the same board.
#[derive(Debug, Clone)]
pub struct Board(Kind);

#[derive(Debug, Clone)]
enum Kind {
    RaspberryPi,
    Simulated(Arc<Mutex<Folder>>),
}

impl Board {
    /// A Raspberry Pi's header. Whether there is one is seen when a pin or a bus is taken.
    pub fn raspberry_pi() -> Self {
        Self(Kind::RaspberryPi)
    }

    /// A folder in place of a board, for trying the whole robot where there is none. The file
    /// `gpio-N` that holds `closed` is a contact that connects pin N to ground; an output writes its
    /// level and how often it has changed into the file of its pin, a servo its pulse in µs into
    /// `pwm-N`. `range-N` holds what the
    /// VL53L1X measures, in mm, and its range status, whose XSHUT is at pin N; `battery` the
    /// volts at an INA260 at 0x40, `tilt` what a LIS3DH at 0x18 feels along x, y and z, in
    /// thousandths of a g.
    pub fn simulated(folder: impl Into<PathBuf>) -> Self {
        Self(Kind::Simulated(Arc::new(Mutex::new(Folder::new(
            folder.into(),
        )))))
    }

    /// A pin with a pull-up, for a contact to ground.
    pub fn contact(&self, device: Device, bcm: u8) -> Result<Contact, Fault> {
        Ok(Contact(match &self.0 {
            Kind::RaspberryPi => Input::Header(gpio::pin(device, bcm)?.into_input_pullup()),
            Kind::Simulated(folder) => Input::Simulated(simulated::lock(folder).wire(bcm)),
        }))
    }

    /// A pin that is driven, from `level` on.
    pub fn output(&self, device: Device, bcm: u8, level: Level) -> Result<Output, Fault> {
        Ok(Output(match &self.0 {
            Kind::RaspberryPi => {
                let pin = gpio::pin(device, bcm)?;
                Driven::Header(match level {
                    Level::Low => pin.into_output_low(),
                    Level::High => pin.into_output_high(),
                })
            }
            Kind::Simulated(folder) => {
                let mut folder = simulated::lock(folder);
                if device == Device::Range {
                    folder.add_sensor(bcm);
                }
                let mut wire = folder.wire(bcm);
                wire.drive(level == Level::High);
                Driven::Simulated(wire)
            }
        }))
    }

    /// An I²C bus, by its number.
    pub fn bus(&self, device: Device, number: u8) -> Result<Bus, Fault> {
        match &self.0 {
            Kind::RaspberryPi => Bus::open(device, number),
            Kind::Simulated(folder) => Ok(Bus::simulated(Arc::clone(folder))),
        }
    }

    /// Pulses for a servo, at a hardware PWM channel.
    pub fn servo(&self, device: Device, channel: u8) -> Result<Servo, Fault> {
        match &self.0 {
            Kind::RaspberryPi => Servo::open(device, channel),
            Kind::Simulated(folder) => Ok(Servo::simulated(
                simulated::lock(folder).file(&format!("pwm-{channel}")),
            )),
        }
    }

    /// A signal lamp.
    pub fn lamp(&self, bcm: u8, polarity: Polarity) -> Result<Box<dyn Lamp>, Fault> {
        Ok(match &self.0 {
            Kind::RaspberryPi => Box::new(GpioLamp::open(bcm, polarity)?),
            Kind::Simulated(folder) => Box::new(simulated::lock(folder).wire(bcm)),
        })
    }
}

/// A level of a pin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Ground.
    Low,
    /// The supply.
    High,
}

/// A pin with a pull-up.
#[derive(Debug)]
pub struct Contact(Input);

#[derive(Debug)]
enum Input {
    Header(rppal::gpio::InputPin),
    Simulated(Wire),
}

impl ErrorType for Contact {
    type Error = Infallible;
}

impl InputPin for Contact {
    fn is_high(&mut self) -> Result<bool, Infallible> {
        self.is_low().map(|low| !low)
    }

    fn is_low(&mut self) -> Result<bool, Infallible> {
        Ok(match &self.0 {
            Input::Header(pin) => pin.is_low(),
            Input::Simulated(wire) => wire.is_closed(),
        })
    }
}

/// A pin that is driven. It goes back to what it was when this is dropped.
#[derive(Debug)]
pub struct Output(Driven);

#[derive(Debug)]
enum Driven {
    Header(rppal::gpio::OutputPin),
    Simulated(Wire),
}

impl Output {
    fn set(&mut self, high: bool) {
        match &mut self.0 {
            Driven::Header(pin) if high => pin.set_high(),
            Driven::Header(pin) => pin.set_low(),
            Driven::Simulated(wire) => wire.drive(high),
        }
    }
}

impl ErrorType for Output {
    type Error = Infallible;
}

impl OutputPin for Output {
    fn set_low(&mut self) -> Result<(), Infallible> {
        self.set(false);
        Ok(())
    }

    fn set_high(&mut self) -> Result<(), Infallible> {
        self.set(true);
        Ok(())
    }
}

impl StatefulOutputPin for Output {
    fn is_set_high(&mut self) -> Result<bool, Infallible> {
        Ok(match &self.0 {
            Driven::Header(pin) => pin.is_set_high(),
            Driven::Simulated(wire) => wire.is_high(),
        })
    }

    fn is_set_low(&mut self) -> Result<bool, Infallible> {
        self.is_set_high().map(|high| !high)
    }
}
