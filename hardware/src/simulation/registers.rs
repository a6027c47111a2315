use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use embedded_hal::i2c::{Error, ErrorKind, ErrorType, I2c, NoAcknowledgeSource, Operation};

/// An I²C device of 16-bit registers behind a one-byte pointer, big-endian, as power monitors are.
/// Clones are handles to the same device.
#[derive(Debug, Clone)]
pub struct SimulatedRegisters(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    address: u8,
    registers: BTreeMap<u8, u16>,
    writable: Vec<u8>,
    pointer: u8,
    connected: bool,
}

/// What a bus tells of a device that isn't there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAcknowledged;

impl Error for NotAcknowledged {
    fn kind(&self) -> ErrorKind {
        ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address)
    }
}

impl SimulatedRegisters {
    /// A device at `address` with these registers, of which a master may write `writable`. Others
    /// read as all ones.
    pub fn new(
        address: u8,
        registers: impl IntoIterator<Item = (u8, u16)>,
        writable: impl IntoIterator<Item = u8>,
    ) -> Self {
        Self(Arc::new(Mutex::new(State {
            address,
            registers: registers.into_iter().collect(),
            writable: writable.into_iter().collect(),
            pointer: 0,
            connected: true,
        })))
    }

    /// What it measures now.
    pub fn set(&self, register: u8, value: u16) {
        self.state().registers.insert(register, value);
    }

    /// Takes it from the bus or puts it back.
    pub fn connect(&self, connected: bool) {
        self.state().connected = connected;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ErrorType for SimulatedRegisters {
    type Error = NotAcknowledged;
}

impl I2c for SimulatedRegisters {
    fn transaction(
        &mut self,
        address: u8,
        operations: &mut [Operation<'_>],
    ) -> Result<(), NotAcknowledged> {
        let mut state = self.state();
        if !state.connected || address != state.address {
            return Err(NotAcknowledged);
        }
        for operation in operations {
            match operation {
                Operation::Write(bytes) => {
                    if let [pointer, value @ ..] = *bytes {
                        state.pointer = *pointer;
                        if let [high, low] = value
                            && state.writable.contains(pointer)
                        {
                            let value = u16::from_be_bytes([*high, *low]);
                            state.registers.insert(*pointer, value);
                        }
                    }
                }
                Operation::Read(bytes) => {
                    let value = state.registers.get(&state.pointer).copied();
                    let value = value.unwrap_or(u16::MAX).to_be_bytes();
                    for (byte, from) in bytes.iter_mut().zip(value.iter().cycle()) {
                        *byte = *from;
                    }
                }
            }
        }
        Ok(())
    }
}
