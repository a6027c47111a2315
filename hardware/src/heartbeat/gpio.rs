use embedded_hal::digital::StatefulOutputPin;

use super::Heartbeat;
use crate::{Device, Fault};

/// A square wave on one pin: the level changes with every beat.
#[derive(Debug)]
pub struct GpioHeartbeat<P> {
    pin: P,
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
