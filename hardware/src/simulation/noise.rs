use embedded_hal::i2c::{ErrorType, I2c, Operation};

use super::NotAcknowledged;

/// An I²C bus on which whoever answers says these bytes, again and again, whatever is asked; `None`
/// is nobody.
#[derive(Debug, Clone)]
pub struct NoisyBus {
    script: Vec<Option<u8>>,
    said: usize,
}

impl NoisyBus {
    /// A bus with this noise on it; without any, nobody answers.
    pub fn new(script: Vec<Option<u8>>) -> Self {
        Self { script, said: 0 }
    }

    fn next(&mut self) -> Option<u8> {
        let at = self.said.checked_rem(self.script.len())?;
        self.said += 1;
        self.script[at]
    }
}

impl ErrorType for NoisyBus {
    type Error = NotAcknowledged;
}

impl I2c for NoisyBus {
    fn transaction(
        &mut self,
        _: u8,
        operations: &mut [Operation<'_>],
    ) -> Result<(), NotAcknowledged> {
        for operation in operations {
            if let Operation::Read(bytes) = operation {
                for byte in bytes.iter_mut() {
                    *byte = self.next().ok_or(NotAcknowledged)?;
                }
            }
        }
        Ok(())
    }
}
