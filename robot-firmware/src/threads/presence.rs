//! The sensor for people in front, read a few times a second.

use std::thread::sleep;
use std::time::Duration;

use crossbeam_channel::Sender;
use madoguchi_core::Input;
use madoguchi_hardware::Presence;
use tracing::{info, warn};

use super::Controls;
use crate::event::Event;

const EVERY: Duration = Duration::from_millis(200);

/// Tells what changes until the daemon stops. A sensor that fails is nobody's word: it is read on.
pub fn run(mut sensor: impl Presence, events: &Sender<Event>, controls: &Controls) {
    let mut told = None;
    while !controls.stopping() {
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
