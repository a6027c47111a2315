use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use embedded_hal::i2c::{ErrorType, I2c, Operation};

use super::NotAcknowledged;

const REGISTERS: usize = 0x40;
const CONTROL_1: usize = 0x20;
const CONTROL_4: usize = 0x23;
const STATUS: usize = 0x27;
const OUT: usize = 0x28;
const WRITABLE: std::ops::RangeInclusive<usize> = 0x1e..=0x26;
/// Looks at its status from one measurement to the next: time passes by being asked.
const LOOKS: u32 = 2;

/// An accelerometer LIS3DH, as it is seen from its I²C bus. Clones are handles to the same sensor.
///
/// It measures only once it was switched on, and as finely as it was told to.
#[derive(Debug, Clone)]
pub struct SimulatedLis3dh(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    address: u8,
    registers: [u8; REGISTERS],
    pointer: usize,
    onwards: bool,
    looks: u32,
    connected: bool,
    stuck: bool,
    who: u8,
    /// In thousandths of a g, along x, y and z.
    felt_mg: [i16; 3],
}

impl SimulatedLis3dh {
    /// A sensor at `address` that was just switched on and lies on its back.
    pub fn new(address: u8) -> Self {
        let mut state = State {
            address,
            registers: [0; REGISTERS],
            pointer: 0,
            onwards: false,
            looks: 0,
            connected: true,
            stuck: false,
            who: 0x33,
            felt_mg: [0, 0, 1000],
        };
        state.reset();
        Self(Arc::new(Mutex::new(state)))
    }

    /// What it feels from now on along x, y and z, in thousandths of a g.
    pub fn set(&self, felt_mg: [i16; 3]) {
        self.state().felt_mg = felt_mg;
    }

    /// What it calls itself.
    pub fn set_name(&self, who: u8) {
        let mut state = self.state();
        state.who = who;
        state.reset();
    }

    /// It answers and measures no more, or does again.
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

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn reset(&mut self) {
        self.registers = [0; REGISTERS];
        self.registers[0x0f] = self.who;
        self.registers[CONTROL_1] = 0x07;
        self.looks = 0;
    }

    fn look(&mut self) {
        let on = self.registers[CONTROL_1] & 0xf0 != 0 && !self.stuck;
        if !on || self.registers[STATUS] & 0x08 != 0 {
            return;
        }
        self.looks += 1;
        if self.looks < LOOKS {
            return;
        }
        self.looks = 0;
        let control = self.registers[CONTROL_4];
        let scale = control >> 4 & 0x03;
        // 12 bits at high resolution, else 10; 2 to 16 g.
        let unused = if control & 0x08 == 0 { 6 } else { 4 };
        let bit_mg = f64::from([1_u8, 2, 4, 12][usize::from(scale)]) * f64::from(1 << (unused - 4));
        let most = f64::from(i16::MAX >> unused);
        for (axis, felt) in self.felt_mg.into_iter().enumerate() {
            let enabled = self.registers[CONTROL_1] & (1 << axis) != 0;
            let counted = (f64::from(felt) / bit_mg).round().clamp(-most - 1.0, most) as i16;
            let value = if enabled { counted << unused } else { 0 };
            let [low, high] = value.to_le_bytes();
            let at = OUT + 2 * axis;
            (self.registers[at], self.registers[at + 1]) = (low, high);
        }
        self.registers[STATUS] |= 0x0f;
    }

    fn read(&mut self) -> u8 {
        let register = self.pointer % REGISTERS;
        if register == STATUS {
            self.look();
        }
        let value = self.registers[register];
        if register == OUT + 5 {
            self.registers[STATUS] = 0;
        }
        self.pointer += usize::from(self.onwards);
        value
    }

    fn write(&mut self, value: u8) {
        if WRITABLE.contains(&self.pointer) {
            self.registers[self.pointer] = value;
        }
        self.pointer += usize::from(self.onwards);
    }
}

impl ErrorType for SimulatedLis3dh {
    type Error = NotAcknowledged;
}

impl I2c for SimulatedLis3dh {
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
                    if let [pointer, values @ ..] = *bytes {
                        state.pointer = usize::from(pointer & 0x7f);
                        state.onwards = pointer & 0x80 != 0;
                        values.iter().for_each(|value| state.write(*value));
                    }
                }
                Operation::Read(bytes) => bytes.iter_mut().for_each(|byte| *byte = state.read()),
            }
        }
        Ok(())
    }
}
