use rppal::gpio::InputPin;

use super::{EmergencyStop, StopState};
use crate::{Device, Fault, gpio};

/// The two contacts on two pins of a Raspberry Pi's header, each between its pin and ground.
///
/// A closed contact pulls its pin low; an open one, or a broken wire, leaves it to the pull-up.
#[derive(Debug)]
pub struct GpioEmergencyStop {
    contacts: [InputPin; 2],
}

impl GpioEmergencyStop {
    /// Takes the pins with the BCM numbers `contacts`, which must differ.
    pub fn open(contacts: [u8; 2]) -> Result<Self, Fault> {
        let [first, second] = contacts;
        let open = |bcm| gpio::pin(Device::EmergencyStop, bcm).map(|pin| pin.into_input_pullup());
        Ok(Self {
            contacts: [open(first)?, open(second)?],
        })
    }
}

impl EmergencyStop for GpioEmergencyStop {
    fn read(&mut self) -> Result<StopState, Fault> {
        let [first, second] = &self.contacts;
        Ok(StopState::of_contacts(first.is_low(), second.is_low()))
    }
}
