use embedded_hal::digital::InputPin;

use super::{EmergencyStop, StopState};
use crate::{Device, Fault};

/// The two contacts on two pins, each between its pin and ground.
///
/// A closed contact pulls its pin low; an open one, or a broken wire, leaves it to the pull-up.
#[derive(Debug)]
pub struct GpioEmergencyStop<P> {
    contacts: [P; 2],
}

impl<P> GpioEmergencyStop<P> {
    /// The contacts on these pins, which have a pull-up.
    pub fn on(contacts: [P; 2]) -> Self {
        Self { contacts }
    }
}

impl<P: InputPin + Send> EmergencyStop for GpioEmergencyStop<P> {
    fn read(&mut self) -> Result<StopState, Fault> {
        let [first, second] = &mut self.contacts;
        let closed = |pin: &mut P| {
            pin.is_low().map_err(|error| Fault::Failed {
                device: Device::EmergencyStop,
                detail: format!("{error:?}"),
            })
        };
        Ok(StopState::of_contacts(closed(first)?, closed(second)?))
    }
}
