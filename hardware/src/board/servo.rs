use std::path::PathBuf;
use std::time::Duration;

use rppal::pwm::{Channel, Error, Polarity, Pwm};

use crate::fault::{Device, Fault};
use crate::head::Pulses;

/// Of the pulses for servos.
const PERIOD: Duration = Duration::from_millis(20);

/// A hardware PWM channel that gives a servo its pulses, once it was told their width.
#[derive(Debug)]
pub struct Servo(Wires);

#[derive(Debug)]
enum Wires {
    Kernel {
        pwm: Pwm,
        device: Device,
        channel: u8,
    },
    Simulated(PathBuf),
}

impl Servo {
    pub(super) fn open(device: Device, channel: u8) -> Result<Self, Fault> {
        Channel::try_from(channel)
            .and_then(Pwm::new)
            .map(|pwm| {
                Self(Wires::Kernel {
                    pwm,
                    device,
                    channel,
                })
            })
            .map_err(|error| fault(device, channel, &error))
    }

    pub(super) fn simulated(file: PathBuf) -> Self {
        Self(Wires::Simulated(file))
    }
}

impl Pulses for Servo {
    fn pulse(&mut self, width: Duration) -> Result<(), Fault> {
        match &self.0 {
            Wires::Kernel {
                pwm,
                device,
                channel,
            } => give(pwm, width).map_err(|error| fault(*device, *channel, &error)),
            Wires::Simulated(file) => {
                // A wire that leads nowhere.
                let _ = std::fs::write(file, width.as_micros().to_string());
                Ok(())
            }
        }
    }
}

fn give(pwm: &Pwm, width: Duration) -> Result<(), Error> {
    if pwm.is_enabled()? {
        return pwm.set_pulse_width(width);
    }
    // The kernel refuses a period below the width that it still has.
    pwm.set_pulse_width(Duration::ZERO)?;
    pwm.set_period(PERIOD)?;
    pwm.set_polarity(Polarity::Normal)?;
    pwm.set_pulse_width(width)?;
    pwm.enable()
}

fn fault(device: Device, channel: u8, error: &Error) -> Fault {
    let place = format!("PWM channel {channel}");
    match error {
        Error::Io(error) => Fault::io(device, place, error),
        other => Fault::Absent {
            device,
            detail: format!("{place}: {other}"),
        },
    }
}
