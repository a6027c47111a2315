use std::sync::{Arc, Mutex};

use embedded_hal::i2c::{Error, ErrorKind, ErrorType, I2c, NoAcknowledgeSource, Operation};
use rppal::i2c::I2c as Header;

use super::simulated::{self, Folder};
use crate::fault::{Device, Fault};

/// For one transfer: a bus whose wires are held low would keep its thread for a second.
const TIMEOUT_MS: u32 = 50;
/// What the kernel says of an address that nobody acknowledges; which of the two depends on the
/// controller's driver (kernel document `i2c/fault-codes`).
const NOBODY: [i32; 2] = [6, 121];

/// An I²C bus.
#[derive(Debug)]
pub struct Bus(Wires);

#[derive(Debug)]
enum Wires {
    Kernel(Header),
    Simulated(Arc<Mutex<Folder>>),
}

/// Why a transfer failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BusError {
    kind: ErrorKind,
    /// In the kernel's words.
    pub detail: String,
}

impl Bus {
    pub(super) fn open(device: Device, number: u8) -> Result<Self, Fault> {
        let place = format!("/dev/i2c-{number}");
        let opened =
            Header::with_bus(number).and_then(|bus| bus.set_timeout(TIMEOUT_MS).map(|()| bus));
        opened
            .map(|bus| Self(Wires::Kernel(bus)))
            .map_err(|error| match error {
                rppal::i2c::Error::Io(error) => Fault::io(device, place, &error),
                other => Fault::Absent {
                    device,
                    detail: format!("{place}: {other}"),
                },
            })
    }

    pub(super) fn simulated(folder: Arc<Mutex<Folder>>) -> Self {
        Self(Wires::Simulated(folder))
    }
}

impl BusError {
    fn of(error: &rppal::i2c::Error) -> Self {
        let code = match error {
            rppal::i2c::Error::Io(error) => error.raw_os_error(),
            _ => None,
        };
        Self {
            kind: match code {
                Some(code) if NOBODY.contains(&code) => {
                    ErrorKind::NoAcknowledge(NoAcknowledgeSource::Unknown)
                }
                _ => ErrorKind::Other,
            },
            detail: error.to_string(),
        }
    }
}

impl Error for BusError {
    fn kind(&self) -> ErrorKind {
        self.kind
    }
}

impl ErrorType for Bus {
    type Error = BusError;
}

impl I2c for Bus {
    fn transaction(
        &mut self,
        address: u8,
        operations: &mut [Operation<'_>],
    ) -> Result<(), BusError> {
        match &mut self.0 {
            Wires::Kernel(bus) => {
                let done = bus
                    .set_slave_address(address.into())
                    .and_then(|()| match operations {
                        // One transfer, that nobody on the bus can come between.
                        [Operation::Write(pointer), Operation::Read(bytes)] => {
                            Header::write_read(bus, pointer, bytes)
                        }
                        _ => operations
                            .iter_mut()
                            .try_for_each(|operation| match operation {
                                Operation::Write(bytes) => Header::write(bus, bytes).map(|_| ()),
                                Operation::Read(bytes) => Header::read(bus, bytes).map(|_| ()),
                            }),
                    });
                done.map_err(|error| BusError::of(&error))
            }
            Wires::Simulated(folder) => simulated::lock(folder)
                .transfer(address, operations)
                .map_err(|error| BusError {
                    kind: error.kind(),
                    detail: "nobody acknowledges".to_owned(),
                }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_nobody_acknowledges_is_told_from_a_broken_bus() {
        let of = |code| {
            let error = std::io::Error::from_raw_os_error(code);
            BusError::of(&rppal::i2c::Error::Io(error)).kind()
        };
        for code in NOBODY {
            assert!(matches!(of(code), ErrorKind::NoAcknowledge(_)), "{code}");
        }
        let timed_out = 110;
        assert_eq!(of(timed_out), ErrorKind::Other);
    }
}
