//! Devices that are opened again by themselves.

use std::time::{Duration, Instant};

use crate::battery::BatteryReading;
use crate::drive::{DriveReading, Velocity};
use crate::emergency_stop::StopState;
use crate::lamp::LampSignal;
use crate::range::Distance;
use crate::units::{Celsius, Radians};
use crate::{
    Battery, Bell, Drive, EmergencyStop, Fault, Head, Heartbeat, Lamp, Range, Thermometer, Tilt,
    Touch,
};

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// A device that is opened again after a fault, at once with the next call after a pause that
/// doubles from 0.1 s to 5 s; within the pause every call returns the fault that began it. What a
/// device can't do, or can't vouch for, is no reason to open it again.
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

impl<D> Reopening<D> {
    /// A device that `open` opens; the first call tries.
    pub fn new(open: impl FnMut() -> Result<D, Fault> + Send + 'static) -> Self {
        Self {
            open: Box::new(open),
            state: State::Unopened,
            pause: FIRST_PAUSE,
        }
    }

    /// Opens it, where it isn't open.
    pub fn open(&mut self) -> Result<(), Fault> {
        self.with(|_| Ok(()))
    }

    fn with<T>(&mut self, work: impl FnOnce(&mut D) -> Result<T, Fault>) -> Result<T, Fault> {
        let worked = match &mut self.state {
            State::Open(device) => work(device),
            State::Broken { by, again } if Instant::now() < *again => return Err(by.clone()),
            State::Unopened | State::Broken { .. } => (self.open)().and_then(|mut device| {
                let worked = work(&mut device);
                self.state = State::Open(device);
                worked
            }),
        };
        match &worked {
            Ok(_) => self.pause = FIRST_PAUSE,
            Err(Fault::Impossible { .. } | Fault::Unsure { .. }) => {}
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

impl<D: Range> Range for Reopening<D> {
    fn read(&mut self) -> Result<Option<Distance>, Fault> {
        self.with(Range::read)
    }
}

impl<D: Battery> Battery for Reopening<D> {
    fn read(&mut self) -> Result<BatteryReading, Fault> {
        self.with(Battery::read)
    }
}

impl<D: Thermometer> Thermometer for Reopening<D> {
    fn read(&mut self) -> Result<Celsius, Fault> {
        self.with(Thermometer::read)
    }
}

impl<D: Tilt> Tilt for Reopening<D> {
    fn read(&mut self) -> Result<Option<Radians>, Fault> {
        self.with(Tilt::read)
    }
}

impl<D: EmergencyStop> EmergencyStop for Reopening<D> {
    fn read(&mut self) -> Result<StopState, Fault> {
        self.with(EmergencyStop::read)
    }
}

impl<D: Touch> Touch for Reopening<D> {
    fn read(&mut self) -> Result<bool, Fault> {
        self.with(Touch::read)
    }
}

impl<D: Heartbeat> Heartbeat for Reopening<D> {
    fn beat(&mut self) -> Result<(), Fault> {
        self.with(Heartbeat::beat)
    }
}

impl<D: Bell> Bell for Reopening<D> {
    fn ring(&mut self) -> Result<(), Fault> {
        self.with(Bell::ring)
    }
}

impl<D: Head> Head for Reopening<D> {
    fn turn(&mut self, pan: Radians, tilt: Radians) -> Result<(), Fault> {
        self.with(|head| head.turn(pan, tilt))
    }
}

impl<D: Lamp> Lamp for Reopening<D> {
    fn show(&mut self, signal: LampSignal) -> Result<(), Fault> {
        self.with(|lamp| lamp.show(signal))
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
