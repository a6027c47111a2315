//! Between the loop and the motion gate's thread.

use std::time::Duration;

use crossbeam_channel::Receiver;
use madoguchi_core::motion::{Lease, MotionInput, Visit};
use madoguchi_core::{Input, Now};
use madoguchi_media::MediaEngine;
use madoguchi_shared::motion::{PageToWheels, STATE_EVERY_MS, WheelsToPage};
use tracing::{info, warn};

use super::Daemon;
use crate::body::{self, Simulation, Told};
use crate::threads::Orders;

/// What the gate must know of the visit is told this often at least: without it, it stops.
const RETOLD: Duration = Duration::from_millis(100);
/// Ticks aren't told twice where one is a little early.
const STATE_EVERY: Duration = Duration::from_millis(STATE_EVERY_MS - 5);

/// The loop's end of the motion gate's thread.
pub(super) struct Driving {
    orders: Orders,
    pub(super) told: Receiver<Told>,
    pub(super) simulation: Simulation,
    known: Option<(Option<Lease>, Visit)>,
    /// Unknown where the gate has not heard of it.
    known_at: Option<Duration>,
    state_at: Option<Duration>,
    emergency: bool,
}

impl Driving {
    pub(super) fn new(orders: Orders, told: Receiver<Told>, simulation: Simulation) -> Self {
        Self {
            orders,
            told,
            simulation,
            known: None,
            known_at: None,
            state_at: None,
            emergency: false,
        }
    }

    fn know(&mut self, motion: (Option<Lease>, Visit), at: Duration) {
        let lately = |told: Duration| at.saturating_sub(told) < RETOLD;
        if self.known == Some(motion) && self.known_at.is_some_and(lately) {
            return;
        }
        let (lease, visit) = motion;
        // Where its thread doesn't read, it doesn't move anything either.
        let heard = self.orders.give(MotionInput::Lease { lease }, at)
            && self.orders.give(MotionInput::Visit(visit), at);
        (self.known, self.known_at) = (Some(motion), heard.then_some(at));
    }
}

impl Daemon {
    /// Tells the gate's thread who drives and what the visitor does.
    pub(super) fn tell_gate(&mut self, now: Now) {
        let at = self.started.elapsed();
        let (lease, visit) = self.machine.motion(now);
        // A system that isn't proven moves nothing.
        let lease = lease.filter(|_| self.trial.is_none());
        if let Some(driving) = &mut self.driving {
            driving.know((lease, visit), at);
        }
    }

    /// A message of the operator's page on the channel of motion.
    pub(super) fn take_motion(&mut self, message: &[u8]) {
        let at = self.started.elapsed();
        let Some(driving) = &self.driving else { return };
        match serde_json::from_slice::<PageToWheels>(message) {
            Ok(message) => {
                driving.orders.give(body::message(message), at);
            }
            Err(_) => warn!("a message to the wheels that isn't understood was dropped"),
        }
    }

    /// What the gate did: for the operator's page, and what the visit must know of it.
    pub(super) fn take_told(&mut self, told: &Told) {
        let Some(driving) = &mut self.driving else {
            return;
        };
        let due = |last: Duration| told.at.saturating_sub(last) >= STATE_EVERY;
        let driven = driving.known.is_some_and(|(lease, _)| lease.is_some());
        if driven && driving.state_at.is_none_or(due) {
            driving.state_at = Some(told.at);
            let picture = self.media.as_ref().and_then(MediaEngine::newest_picture);
            let state = body::state(told, picture, self.started);
            let room = driving.simulation.seen().map(WheelsToPage::Room);
            let messages = [Some(WheelsToPage::State(state)), room];
            for message in messages.iter().flatten() {
                send(self.media.as_ref(), message);
            }
        }
        let latched = told.step.emergency;
        if driving.emergency != latched {
            driving.emergency = latched;
            if latched {
                warn!("the emergency stop is pressed, or its contacts disagree");
            } else {
                info!("the emergency stop is reset");
            }
            self.step(Some(Input::EmergencyStop { latched }));
        }
    }
}

fn send(media: Option<&MediaEngine>, message: &WheelsToPage) {
    if let (Some(media), Ok(json)) = (media, serde_json::to_vec(message)) {
        media.send_motion(json);
    }
}
