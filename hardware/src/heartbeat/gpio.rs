use embedded_hal::digital::StatefulOutputPin;

use super::Heartbeat;
use crate::{Device, Fault, gpio};

/// A square wave on one pin: the level changes with every beat.
#[derive(Debug)]
pub struct GpioHeartbeat<P = rppal::gpio::OutputPin> {
    pin: P,
}

impl GpioHeartbeat {
    /// Takes the pin of a Raspberry Pi's header with the BCM number `bcm`, low.
    pub fn open(bcm: u8) -> Result<Self, Fault> {
        gpio::pin(Device::Heartbeat, bcm).map(|pin| Self::on(pin.into_output_low()))
    }
}

impl<P> GpioHeartbeat<P> {
    /// A heartbeat on this pin.
    pub fn on(pin: P) -> Self {
        Self { pin }
    }
}

impl<P: StatefulOutputPin + Send> Heartbeat for GpioHeartbeat<P> {
    fn beat(&mut self) -> Result<(), Fault> {
        self.pin.toggle().map_err(|error| Fault::Failed {
            device: Device::Heartbeat,
            detail: format!("{error:?}"),
        })
    }
}
