use std::time::Duration;

use rppal::gpio::OutputPin;

use super::{Lamp, LampSignal, Polarity, Rhythm};
use crate::{Device, Fault, gpio};

/// A lamp of one colour on one pin of a Raspberry Pi's header, switched by a transistor or relay.
///
/// The pin goes back to an input when this is dropped: a lamp with a pull resistor to its "off"
/// level is dark when the daemon isn't running.
#[derive(Debug)]
pub struct GpioLamp {
    pin: OutputPin,
    polarity: Polarity,
    bcm: u8,
}

impl GpioLamp {
    /// Takes the pin with the BCM number `bcm` and switches the lamp off.
    pub fn open(bcm: u8, polarity: Polarity) -> Result<Self, Fault> {
        let pin = gpio::pin(Device::Lamp, bcm)?;
        let pin = match polarity {
            Polarity::ActiveHigh => pin.into_output_low(),
            Polarity::ActiveLow => pin.into_output_high(),
        };
        Ok(Self { pin, polarity, bcm })
    }

    fn fault(&self, error: &rppal::gpio::Error) -> Fault {
        gpio::fault(Device::Lamp, self.bcm, error)
    }
}

impl Lamp for GpioLamp {
    fn show(&mut self, signal: LampSignal) -> Result<(), Fault> {
        self.pin.clear_pwm().map_err(|error| self.fault(&error))?;
        match wave(signal.rhythm(), self.polarity) {
            Wave::Low => self.pin.set_low(),
            Wave::High => self.pin.set_high(),
            Wave::Square { period, high } => {
                self.pin
                    .set_pwm(period, high)
                    .map_err(|error| self.fault(&error))?;
            }
        }
        Ok(())
    }
}

/// What the pin does.
#[derive(Debug, PartialEq, Eq)]
enum Wave {
    Low,
    High,
    Square { period: Duration, high: Duration },
}

fn wave(rhythm: Rhythm, polarity: Polarity) -> Wave {
    match (rhythm, polarity) {
        (Rhythm::Dark, Polarity::ActiveHigh) | (Rhythm::Steady, Polarity::ActiveLow) => Wave::Low,
        (Rhythm::Dark, Polarity::ActiveLow) | (Rhythm::Steady, Polarity::ActiveHigh) => Wave::High,
        (Rhythm::Blinking { period }, _) => Wave::Square {
            period,
            high: period / 2,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_active_low_lamp_is_lit_by_a_low_level() {
        assert_eq!(wave(Rhythm::Dark, Polarity::ActiveHigh), Wave::Low);
        assert_eq!(wave(Rhythm::Dark, Polarity::ActiveLow), Wave::High);
        assert_eq!(wave(Rhythm::Steady, Polarity::ActiveHigh), Wave::High);
        assert_eq!(wave(Rhythm::Steady, Polarity::ActiveLow), Wave::Low);
    }

    #[test]
    fn blinking_is_half_light_half_dark() {
        let period = Duration::from_secs(2);
        let high = Duration::from_secs(1);
        let square = Wave::Square { period, high };
        assert_eq!(
            wave(Rhythm::Blinking { period }, Polarity::ActiveHigh),
            square
        );
    }
}
