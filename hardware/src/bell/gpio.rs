use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread::{Builder, sleep};
use std::time::Duration;

use embedded_hal::digital::OutputPin;

use super::Bell;
use crate::lamp::Polarity;
use crate::{Device, Fault};

/// A bell or buzzer that a pin switches on by a transistor or relay.
///
/// A thread of its own holds the pin: it ends when this is dropped, after the ring that it is in.
#[derive(Debug)]
pub struct GpioBell {
    rings: SyncSender<()>,
}

impl GpioBell {
    /// A silent bell on this pin that sounds for `length` at each ring. While it sounds, another
    /// ring is waited with, and more are one.
    pub fn on<P>(mut pin: P, polarity: Polarity, length: Duration) -> Result<Self, Fault>
    where
        P: OutputPin + Send + 'static,
    {
        let mut sound = move |on: bool| match (polarity, on) {
            (Polarity::ActiveHigh, true) | (Polarity::ActiveLow, false) => pin.set_high(),
            (Polarity::ActiveHigh, false) | (Polarity::ActiveLow, true) => pin.set_low(),
        };
        sound(false).map_err(|error| failed(&error))?;
        let (rings, rung) = sync_channel(1);
        let thread = Builder::new().name("bell".to_owned()).spawn(move || {
            for () in rung {
                // What the pin doesn't do can't be told any more.
                let _ = sound(true);
                sleep(length);
                let _ = sound(false);
            }
        });
        thread.map_err(|error| failed(&error))?;
        Ok(Self { rings })
    }
}

impl Bell for GpioBell {
    fn ring(&mut self) -> Result<(), Fault> {
        match self.rings.try_send(()) {
            Ok(()) | Err(TrySendError::Full(())) => Ok(()),
            Err(error @ TrySendError::Disconnected(())) => Err(failed(&error)),
        }
    }
}

fn failed(error: &impl std::fmt::Debug) -> Fault {
    Fault::Failed {
        device: Device::Bell,
        detail: format!("{error:?}"),
    }
}
