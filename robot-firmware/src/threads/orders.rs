//! The way to the motion gate's thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};
use madoguchi_core::motion::MotionInput;

use super::ORDERS;

/// Gives orders; clones go the same way.
#[derive(Debug, Clone)]
pub struct Orders {
    queue: Sender<(MotionInput, Duration)>,
    stop: Arc<AtomicBool>,
}

/// The gate's end.
#[derive(Debug)]
pub struct OrdersTaken {
    queue: Receiver<(MotionInput, Duration)>,
    stop: Arc<AtomicBool>,
}

/// A way of [`ORDERS`] places, and one that is never full for a stop.
pub fn orders() -> (Orders, OrdersTaken) {
    let (sender, queue) = bounded(ORDERS);
    let stop = Arc::<AtomicBool>::default();
    let given = Orders {
        queue: sender,
        stop: Arc::clone(&stop),
    };
    (given, OrdersTaken { queue, stop })
}

impl Orders {
    /// Tells the gate what was so `at` a moment, and whether it will hear of it. A protective stop
    /// it always will.
    pub fn give(&self, input: MotionInput, at: Duration) -> bool {
        if input == MotionInput::ProtectiveStop {
            self.stop.store(true, Ordering::Release);
            return true;
        }
        self.queue.try_send((input, at)).is_ok()
    }
}

impl OrdersTaken {
    /// What was given since, at most a full queue. A stop comes last: nothing that was given in the
    /// same round takes it back.
    pub fn take(&self) -> impl Iterator<Item = (MotionInput, Duration)> {
        let stop = std::iter::once_with(|| self.stop.swap(false, Ordering::Acquire));
        let stop = stop.filter(|stop| *stop);
        let stop = stop.map(|_| (MotionInput::ProtectiveStop, Duration::ZERO));
        self.queue.try_iter().take(ORDERS).chain(stop)
    }
}
