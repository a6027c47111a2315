use embedded_hal::digital::InputPin;

use super::Touch;
use crate::{Device, Fault};

/// A normally closed contact between a pin and ground, or several in a row: an open one, or a
/// broken wire, leaves the pin to its pull-up and counts as touched.
#[derive(Debug)]
pub struct GpioTouch<P> {
    device: Device,
    contact: P,
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
