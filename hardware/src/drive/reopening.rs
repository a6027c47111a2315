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

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::drive::SimulatedDrive;
    use crate::{Device, World};

    fn absent() -> Fault {
        Fault::Absent {
            device: Device::Drive,
            detail: "no cable".to_owned(),
        }
    }

    impl<D> Reopening<D> {
        fn let_the_pause_pass(&mut self) {
            if let State::Broken { again, .. } = &mut self.state {
                *again = Instant::now();
            }
        }
    }

    #[test]
    fn the_pause_doubles_up_to_its_longest_and_one_call_that_works_ends_it() {
        let tries = Arc::new(AtomicU32::new(0));
        let world = World::new();
        let (counted, here) = (Arc::clone(&tries), world.clone());
        let mut drive = Reopening::new(move || match counted.fetch_add(1, Ordering::Relaxed) {
            0..8 => Err(absent()),
            _ => Ok(SimulatedDrive::new(&here)),
        });
        let mut pauses = Vec::new();
        for _ in 0..8 {
            assert_eq!(drive.stop(), Err(absent()));
            assert_eq!(drive.stop(), Err(absent()), "within the pause");
            pauses.push(drive.pause.as_millis());
            drive.let_the_pause_pass();
        }
        assert_eq!(tries.load(Ordering::Relaxed), 8);
        assert_eq!(pauses, [200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
        assert_eq!(drive.stop(), Ok(()));
        assert_eq!(drive.pause, FIRST_PAUSE);
        world.break_down(absent());
        assert_eq!(drive.read(), Err(absent()));
        assert_eq!(drive.pause, FIRST_PAUSE * 2);
    }
}
