use embedded_hal::digital::InputPin;

use super::Touch;
use crate::{Device, Fault, gpio};

/// A normally closed contact between a pin and ground, or several in a row: an open one, or a
/// broken wire, leaves the pin to its pull-up and counts as touched.
#[derive(Debug)]
pub struct GpioTouch<P = rppal::gpio::InputPin> {
    device: Device,
    contact: P,
}

impl GpioTouch {
    /// Takes the pin of a Raspberry Pi's header with the BCM number `bcm`, for a bumper or a cliff
    /// sensor.
    pub fn open(device: Device, bcm: u8) -> Result<Self, Fault> {
        gpio::pin(device, bcm).map(|pin| Self::on(device, pin.into_input_pullup()))
    }
}

impl<P> GpioTouch<P> {
    /// The contact on this pin, which has a pull-up.
    pub fn on(device: Device, contact: P) -> Self {
        Self { device, contact }
    }
}

impl<P: InputPin + Send> Touch for GpioTouch<P> {
    fn read(&mut self) -> Result<bool, Fault> {
        self.contact.is_high().map_err(|error| Fault::Failed {
            device: self.device,
            detail: format!("{error:?}"),
        })
    }
}
