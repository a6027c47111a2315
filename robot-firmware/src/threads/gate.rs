//! A door that opens once.

use std::convert::Infallible;

use crossbeam_channel::{Receiver, Sender, TryRecvError, bounded};

/// Shut until whoever holds the other end drops it.
#[derive(Debug, Clone)]
pub struct Gate(Receiver<Infallible>);

/// A gate, and what keeps it shut.
pub fn gate() -> (Sender<Infallible>, Gate) {
    let (hold, gate) = bounded(0);
    (hold, Gate(gate))
}

impl Gate {
    /// Waits until it is open.
    pub fn pass(&self) {
        let _ = self.0.recv();
    }

    /// Whether it is.
    pub fn is_open(&self) -> bool {
        self.0.try_recv() == Err(TryRecvError::Disconnected)
    }
}
