use std::time::{Duration, Instant};

use super::{Drive, DriveReading, Velocity};
use crate::Fault;

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// A drive that is opened again after a fault, at once with the next call after a pause that
/// doubles from 0.1 s to 5 s; within the pause every call returns the fault that began it.
pub struct Reopening<D> {
    open: Box<dyn FnMut() -> Result<D, Fault> + Send>,
    state: State<D>,
    pause: Duration,
}

enum State<D> {
    Unopened,
    Open(D),
    Broken { by: Fault, again: Instant },
}

impl<D: Drive> Reopening<D> {
    /// A drive that `open` opens; the first call tries.
    pub fn new(open: impl FnMut() -> Result<D, Fault> + Send + 'static) -> Self {
        Self {
            open: Box::new(open),
            state: State::Unopened,
            pause: FIRST_PAUSE,
        }
    }

    fn with<T>(&mut self, work: impl FnOnce(&mut D) -> Result<T, Fault>) -> Result<T, Fault> {
        let worked = match &mut self.state {
            State::Open(drive) => work(drive),
            State::Broken { by, again } if Instant::now() < *again => return Err(by.clone()),
            State::Unopened | State::Broken { .. } => (self.open)().and_then(|mut drive| {
                let worked = work(&mut drive);
                self.state = State::Open(drive);
                worked
            }),
        };
        match &worked {
            Ok(_) => self.pause = FIRST_PAUSE,
            Err(Fault::Impossible { .. }) => {}
            Err(fault) => {
                self.state = State::Broken {
                    by: fault.clone(),
                    again: Instant::now() + self.pause,
                };
                self.pause = (self.pause * 2).min(LONGEST_PAUSE);
            }
        }
        worked
    }
}

impl<D: Drive> Drive for Reopening<D> {
    fn set_velocity(&mut self, velocity: Velocity) -> Result<(), Fault> {
        self.with(|drive| drive.set_velocity(velocity))
    }

    fn stop(&mut self) -> Result<(), Fault> {
        self.with(Drive::stop)
    }

    fn read(&mut self) -> Result<DriveReading, Fault> {
        self.with(Drive::read)
    }
}
