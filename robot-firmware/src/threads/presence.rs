//! The sensor for people in front, read a few times a second.

use std::thread::sleep;
use std::time::Duration;

use crossbeam_channel::Sender;
use madoguchi_core::Input;
use madoguchi_hardware::Presence;
use tracing::{info, warn};

use super::Controls;
use super::pulse::Pulse;
use crate::event::Event;

const EVERY: Duration = Duration::from_millis(200);

/// Tells what changes until the daemon stops. A sensor that fails is nobody's word: it is read on.
pub fn run(mut sensor: impl Presence, events: &Sender<Event>, controls: &Controls, pulse: &Pulse) {
    let mut told = None;
    while !controls.stopping() {
        pulse.beat();
        let seen = sensor.read();
        let somebody = seen.as_ref().ok().copied();
        if told != Some(somebody) {
            match seen {
                Ok(_) if told == Some(None) => info!("the presence sensor works again"),
                Ok(_) => {}
                Err(fault) => {
                    warn!("nobody is seen leaving, silence ends a visit instead: {fault}");
                }
            }
            told = Some(somebody);
            if events
                .send(Event::Core(Input::Presence { somebody }))
                .is_err()
            {
                return;
            }
        }
        sleep(EVERY);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;
    use std::thread::scope;

    use crossbeam_channel::bounded;
    use madoguchi_hardware::presence::SimulatedPresence;
    use madoguchi_hardware::{Device, Fault, World};

    use super::*;
    use crate::threads::pulse::{Patience, Pulses};

    #[test]
    fn comings_goings_and_failures_are_told_once() {
        let (world, controls) = (World::new(), Controls::default());
        let (events_in, events) = bounded(4);
        let pulse = Pulses::default().of("presence", Patience::Loop);
        let told = || match events.recv_timeout(Duration::from_secs(10)) {
            Ok(Event::Core(Input::Presence { somebody })) => somebody,
            other => panic!("{other:?}"),
        };
        scope(|scope| {
            let sensor = SimulatedPresence::new(&world);
            scope.spawn(|| run(sensor, &events_in, &controls, &pulse));
            assert_eq!(told(), Some(false));
            world.set_somebody(true);
            assert_eq!(told(), Some(true));
            world.break_down(Fault::Failed {
                device: Device::Presence,
                detail: "silent".to_owned(),
            });
            assert_eq!(told(), None);
            world.repair(Device::Presence);
            assert_eq!(told(), Some(true));
            world.set_somebody(false);
            assert_eq!(told(), Some(false));
            controls.stopping.store(true, Ordering::Relaxed);
        });
        assert!(events.is_empty());
    }
}
