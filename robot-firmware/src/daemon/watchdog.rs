//! Watches over every part's beating, and tells the service manager
//! ([`sd_notify(3)`](https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html)).
//!
//! The service manager watches over the watchdog itself: without its word for `WatchdogSec` it
//! starts the robot anew.

use std::convert::Infallible;
use std::io;
use std::thread;

use crossbeam_channel::{RecvTimeoutError, Sender, bounded};
use sd_notify::NotifyState;
use tokio::runtime::Handle;
use tokio::time::{MissedTickBehavior, interval};
use tracing::{debug, error};

use crate::threads::pulse::{BEAT, Patience, Pulses, Watch};

/// Watches until it is stopped.
pub(super) struct Watchdog(Sender<Infallible>);

impl Watchdog {
    /// Tells that visitors are served from now on, and begins to watch.
    pub(super) fn start(pulses: Pulses, runtime: &Handle) -> io::Result<Self> {
        let pulse = pulses.of("tasks", Patience::Loop);
        runtime.spawn(async move {
            let mut beats = interval(BEAT);
            beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                beats.tick().await;
                pulse.beat();
            }
        });
        let (running, stopped) = bounded::<Infallible>(0);
        let mut watch = Watch::default();
        thread::Builder::new()
            .name("watchdog".to_owned())
            .spawn(move || {
                while stopped.recv_timeout(BEAT) == Err(RecvTimeoutError::Timeout) {
                    match watch.look(&pulses) {
                        None => tell(NotifyState::Watchdog),
                        Some(part) => end(part),
                    }
                }
            })?;
        tell(NotifyState::Ready);
        Ok(Self(running))
    }

    /// The daemon ends: whoever ends slowly does not hang.
    pub(super) fn stop(self) {
        drop(self.0);
        tell(NotifyState::Stopping);
    }
}

/// A part that hangs can't be asked to end.
fn end(part: &str) -> ! {
    error!("`{part}` hangs; the robot ends at once and has to be started again, as its service is");
    tell(NotifyState::WatchdogTrigger);
    std::process::abort();
}

fn tell(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        debug!("the service manager was not told: {error}");
    }
}
