use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use embedded_hal::digital::{ErrorType, InputPin, OutputPin, StatefulOutputPin};

/// A pin with a pull-up and a contact to ground. Clones are handles to the same pin.
#[derive(Debug, Clone, Default)]
pub struct SimulatedContact(Arc<Mutex<bool>>);

impl SimulatedContact {
    /// Closes the contact or opens it, as a broken wire does.
    pub fn close(&self, closed: bool) {
        *lock(&self.0) = closed;
    }
}

impl ErrorType for SimulatedContact {
    type Error = Infallible;
}

impl InputPin for SimulatedContact {
    fn is_high(&mut self) -> Result<bool, Infallible> {
        self.is_low().map(|low| !low)
    }

    fn is_low(&mut self) -> Result<bool, Infallible> {
        Ok(*lock(&self.0))
    }
}

/// A watchdog relay on an output pin: closed for as long as edges keep coming. Clones are handles
/// to the same relay. Time passes for it by [`SimulatedRelay::advance`].
#[derive(Debug, Clone)]
pub struct SimulatedRelay(Arc<Mutex<Relay>>);

#[derive(Debug)]
struct Relay {
    level: bool,
    since_edge: Duration,
    holds_for: Duration,
    edges: u32,
}

impl SimulatedRelay {
    /// An open relay that closes with the second edge and holds so long after each.
    pub fn new(holds_for: Duration) -> Self {
        Self(Arc::new(Mutex::new(Relay {
            level: false,
            since_edge: Duration::ZERO,
            holds_for,
            edges: 0,
        })))
    }

    /// Lets time pass.
    pub fn advance(&self, time: Duration) {
        let mut relay = lock(&self.0);
        relay.since_edge += time;
        if relay.since_edge > relay.holds_for {
            relay.edges = 0;
        }
    }

    /// Whether the motors have power.
    pub fn is_closed(&self) -> bool {
        lock(&self.0).edges >= 2
    }

    fn set(&self, level: bool) {
        let mut relay = lock(&self.0);
        if relay.level != level {
            relay.level = level;
            relay.since_edge = Duration::ZERO;
            relay.edges = relay.edges.saturating_add(1);
        }
    }
}

impl ErrorType for SimulatedRelay {
    type Error = Infallible;
}

impl OutputPin for SimulatedRelay {
    fn set_low(&mut self) -> Result<(), Infallible> {
        self.set(false);
        Ok(())
    }

    fn set_high(&mut self) -> Result<(), Infallible> {
        self.set(true);
        Ok(())
    }
}

impl StatefulOutputPin for SimulatedRelay {
    fn is_set_high(&mut self) -> Result<bool, Infallible> {
        Ok(lock(&self.0).level)
    }

    fn is_set_low(&mut self) -> Result<bool, Infallible> {
        self.is_set_high().map(|high| !high)
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
