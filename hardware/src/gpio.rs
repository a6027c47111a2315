//! What the drivers on a Raspberry Pi's GPIO header share.

use rppal::gpio::{Error, Gpio, Pin};
use serde::{Deserialize, Serialize};

use crate::fault::{Device, Fault};

/// Which level means "on".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Polarity {
    /// A high level switches on.
    #[default]
    ActiveHigh,
    /// A low level switches on, as with most relay boards.
    ActiveLow,
}

/// Takes a pin by its BCM number.
pub(crate) fn pin(device: Device, bcm: u8) -> Result<Pin, Fault> {
    Gpio::new()
        .and_then(|gpio| gpio.get(bcm))
        .map_err(|error| fault(device, bcm, &error))
}

/// The fault that an error at a pin means.
pub(crate) fn fault(device: Device, bcm: u8, error: &Error) -> Fault {
    let detail = match error {
        Error::UnknownModel => format!("GPIO {bcm}: this computer has no Raspberry Pi's header"),
        error => format!("GPIO {bcm}: {error}"),
    };
    match error {
        Error::UnknownModel | Error::PinNotAvailable(_) => Fault::Absent { device, detail },
        Error::PermissionDenied(_) | Error::PinUsed(_) => Fault::Denied { device, detail },
        Error::Io(io) => Fault::io(device, format_args!("GPIO {bcm}"), io),
        Error::ThreadPanic => Fault::Failed { device, detail },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_a_pin_tell_absent_from_denied() {
        let of = |error: Error| fault(Device::Lamp, 17, &error);
        assert!(matches!(of(Error::UnknownModel), Fault::Absent { .. }));
        assert!(matches!(of(Error::PinUsed(17)), Fault::Denied { .. }));
        assert!(matches!(of(Error::ThreadPanic), Fault::Failed { .. }));
        let io = std::io::Error::from(std::io::ErrorKind::NotFound);
        assert!(matches!(of(Error::Io(io)), Fault::Absent { .. }));
    }
}
