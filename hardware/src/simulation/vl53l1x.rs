use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use embedded_hal::digital::{ErrorType as PinError, OutputPin};
use embedded_hal::i2c::{ErrorType, I2c, Operation};

use super::NotAcknowledged;
use crate::range::DEFAULT_ADDRESS;

const REGISTERS: usize = 0x0200;
/// Reads of the interrupt's status from one measurement to the next: time passes by being asked.
const LOOKS: u32 = 2;
/// Reads that find it booting.
const BOOTING: u32 = 2;

/// A time-of-flight sensor VL53L1X, as it is seen from its I²C bus and its XSHUT pin. Clones are
/// handles to the same sensor.
///
/// It measures only once it was set up to, and waits with the next measurement until the last was
/// taken away.
#[derive(Debug, Clone)]
pub struct SimulatedVl53l1x(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    registers: [u8; REGISTERS],
    pointer: usize,
    address: u8,
    booting: u32,
    looks: u32,
    shut: bool,
    connected: bool,
    stuck: bool,
    model: u16,
    millimetres: u16,
    status: u8,
}

/// The XSHUT input of a [`SimulatedVl53l1x`].
#[derive(Debug, Clone)]
pub struct SimulatedShutdown(SimulatedVl53l1x);

/// A bus with several sensors. Where two answer at once, zeros win, as on the wire.
#[derive(Debug, Clone)]
pub struct SimulatedSensorBus(pub Vec<SimulatedVl53l1x>);

impl Default for SimulatedVl53l1x {
    fn default() -> Self {
        Self::new()
    }
}

impl SimulatedVl53l1x {
    /// A sensor that was just switched on and has a metre before it.
    pub fn new() -> Self {
        let mut state = State {
            registers: [0; REGISTERS],
            pointer: 0,
            address: DEFAULT_ADDRESS,
            booting: 0,
            looks: 0,
            shut: false,
            connected: true,
            stuck: false,
            model: 0xeacc,
            millimetres: 1000,
            status: 9,
        };
        state.reset();
        Self(Arc::new(Mutex::new(state)))
    }

    /// What it measures from now on, with the range status as the register holds it (9 is sound).
    pub fn set(&self, millimetres: u16, status: u8) {
        let mut state = self.state();
        (state.millimetres, state.status) = (millimetres, status);
    }

    /// What it calls itself.
    pub fn set_model(&self, model: u16) {
        let mut state = self.state();
        state.model = model;
        state.reset();
    }

    /// It answers and measures no more, or does again after a reset.
    pub fn set_stuck(&self, stuck: bool) {
        self.state().stuck = stuck;
    }

    /// Takes it from the bus and from its supply, or puts it back.
    pub fn connect(&self, connected: bool) {
        let mut state = self.state();
        if state.connected != connected {
            state.connected = connected;
            state.reset();
        }
    }

    /// Where it answers now.
    pub fn address(&self) -> u8 {
        self.state().address
    }

    /// Its XSHUT input.
    pub fn shutdown(&self) -> SimulatedShutdown {
        SimulatedShutdown(self.clone())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn acknowledges(&self, address: u8) -> bool {
        let state = self.state();
        state.connected && !state.shut && state.address == address
    }
}

impl State {
    fn reset(&mut self) {
        self.registers = [0; REGISTERS];
        self.address = DEFAULT_ADDRESS;
        (self.booting, self.looks) = (BOOTING, 0);
        let [high, low] = self.model.to_be_bytes();
        (self.registers[0x10f], self.registers[0x110]) = (high, low);
        (self.registers[0xde], self.registers[0xdf]) = (0x02, 0xee);
    }

    /// Set up by its maker's settings, in short mode, with an interrupt for each new measurement
    /// and a period that is one.
    fn measures(&self) -> bool {
        let at = |register: usize| self.registers[register];
        let period = u32::from_be_bytes([at(0x6c), at(0x6d), at(0x6e), at(0x6f)]);
        let set_up = at(0x46) == 0x20 && at(0x81) == 0x9b && at(0x4b) == 0x14 && at(0x69) == 0x38;
        let lasts = u32::from(u16::from_be_bytes([at(0x5e), at(0x5f)]));
        at(0x87) == 0x40 && set_up && lasts > 0 && period > lasts && !self.stuck
    }

    fn look(&mut self) {
        if self.measures() && self.registers[0x31] & 1 == 0 {
            self.looks += 1;
            if self.looks == LOOKS {
                self.looks = 0;
                self.registers[0x31] |= 1;
                self.registers[0x89] = self.status;
                let [high, low] = self.millimetres.to_be_bytes();
                (self.registers[0x96], self.registers[0x97]) = (high, low);
            }
        }
    }

    fn write(&mut self, value: u8) {
        let register = self.pointer;
        self.pointer = (self.pointer + 1) % REGISTERS;
        match register {
            0x00 if value == 0 => self.reset(),
            0x01 => self.address = value & 0x7f,
            0x86 if value & 1 == 1 => self.registers[0x31] &= !1,
            0x0089..=0x0097 | 0x00de..=0x0111 => {}
            _ => self.registers[register] = value,
        }
    }

    fn read(&mut self) -> u8 {
        let register = self.pointer;
        self.pointer = (self.pointer + 1) % REGISTERS;
        match register {
            0x31 => self.look(),
            0xe5 if self.booting > 0 => self.booting -= 1,
            0xe5 => self.registers[0xe5] = 0x03,
            _ => {}
        }
        self.registers[register]
    }

    fn perform(&mut self, operations: &mut [Operation<'_>]) {
        for operation in operations {
            match operation {
                Operation::Write(bytes) => {
                    if let [high, low, values @ ..] = *bytes {
                        self.pointer = usize::from(u16::from_be_bytes([*high, *low])) % REGISTERS;
                        for value in values {
                            self.write(*value);
                        }
                    }
                }
                Operation::Read(bytes) => {
                    for byte in bytes.iter_mut() {
                        *byte &= self.read();
                    }
                }
            }
        }
    }
}

impl ErrorType for SimulatedVl53l1x {
    type Error = NotAcknowledged;
}

impl I2c for SimulatedVl53l1x {
    fn transaction(
        &mut self,
        address: u8,
        operations: &mut [Operation<'_>],
    ) -> Result<(), NotAcknowledged> {
        SimulatedSensorBus(vec![self.clone()]).transaction(address, operations)
    }
}

impl ErrorType for SimulatedSensorBus {
    type Error = NotAcknowledged;
}

impl I2c for SimulatedSensorBus {
    fn transaction(
        &mut self,
        address: u8,
        operations: &mut [Operation<'_>],
    ) -> Result<(), NotAcknowledged> {
        let mut answering = self.0.iter().filter(|sensor| sensor.acknowledges(address));
        let answering: Vec<_> = answering.by_ref().collect();
        if answering.is_empty() {
            return Err(NotAcknowledged);
        }
        for operation in operations.iter_mut() {
            if let Operation::Read(bytes) = operation {
                bytes.fill(u8::MAX);
            }
        }
        for sensor in answering {
            sensor.state().perform(operations);
        }
        Ok(())
    }
}

impl PinError for SimulatedShutdown {
    type Error = Infallible;
}

impl OutputPin for SimulatedShutdown {
    fn set_low(&mut self) -> Result<(), Infallible> {
        let mut state = self.0.state();
        state.shut = true;
        state.reset();
        Ok(())
    }

    fn set_high(&mut self) -> Result<(), Infallible> {
        self.0.state().shut = false;
        Ok(())
    }
}
