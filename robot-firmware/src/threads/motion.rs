//! The motion gate's thread: feels, asks the gate and tells the wheels, every 20 ms, with
//! real-time priority where that is allowed.

use std::time::{Duration, Instant};

use crossbeam_channel::Sender;
use madoguchi_core::motion::{Gate, LeaseId, MotionInput, Refusal, Step, Twist};
use madoguchi_hardware::Heartbeat;
use madoguchi_hardware::drive::Velocity;
use madoguchi_hardware::units::{MetresPerSecond, RadiansPerSecond};
use thread_priority::unix::{
    RealtimeThreadSchedulePolicy, ThreadSchedulePolicy, set_thread_priority_and_policy,
    thread_native_id,
};
use thread_priority::{ThreadPriority, ThreadPriorityValue};
use tracing::{info, warn};

use super::Controls;
use super::orders::OrdersTaken;
use super::pulse::Pulse;
use crate::body::{Body, TICK, Told};

/// Above everything that isn't told otherwise, below the kernel's own threads.
const PRIORITY: u8 = 50;
/// The emergency stop is looked at this often between two rounds.
const LOOK: Duration = Duration::from_millis(2);
/// A thermometer that has told nothing for longer is silent.
const THERMOMETER_SILENT: Duration = Duration::from_secs(2);

/// Runs until the daemon stops; the wheels stand then. Moments are since `started`. The body is
/// built here, so that what a simulated one starts has the same priority.
pub fn run(
    build: impl FnOnce() -> std::io::Result<Body>,
    started: Instant,
    orders: &OrdersTaken,
    told: &Sender<Told>,
    controls: &Controls,
    pulse: &Pulse,
) {
    prefer();
    let body = match build() {
        Ok(body) => body,
        Err(error) => return warn!("nothing moves, its simulated wheels can't be made: {error}"),
    };
    let mut thread = match Thread::new(body) {
        Ok(thread) => thread,
        Err(error) => return warn!("nothing moves: {error}"),
    };
    let mut due = Instant::now();
    while !controls.stopping() {
        due = (due + TICK).max(Instant::now());
        thread.wait(due, started);
        pulse.beat();
        for (input, at) in orders.take() {
            thread.take(input, at);
        }
        thread.round(started);
        if let Some(told_now) = thread.told() {
            // Whoever doesn't read it gets the next one.
            let _ = told.try_send(told_now);
        }
    }
    // The controller's own timeout does the same a moment later.
    let _ = thread.body.drive.stop();
}

fn prefer() {
    let priority = ThreadPriorityValue::try_from(PRIORITY)
        .map(ThreadPriority::Crossplatform)
        .unwrap_or(ThreadPriority::Max);
    let fifo = ThreadSchedulePolicy::Realtime(RealtimeThreadSchedulePolicy::Fifo);
    match set_thread_priority_and_policy(thread_native_id(), priority, fifo) {
        Ok(()) => info!("the motion gate has real-time priority"),
        Err(error) => info!("the motion gate has the usual priority only: {error:?}"),
    }
}

struct Thread {
    body: Body,
    gate: Gate,
    lease: Option<LeaseId>,
    arrived: u32,
    measured: Option<Twist>,
    /// Of each wheel since it was opened.
    rolled: Option<[f64; 2]>,
    travelled: (f64, f64),
    faulty: bool,
    last: Option<(Duration, Step)>,
    /// Inside the robot, in °C.
    inside: Option<(f64, Duration)>,
}

impl Thread {
    fn new(body: Body) -> Result<Self, madoguchi_core::motion::LimitsError> {
        Ok(Self {
            gate: Gate::new(body.limits)?,
            body,
            lease: None,
            arrived: 0,
            measured: None,
            rolled: None,
            travelled: (0.0, 0.0),
            faulty: false,
            last: None,
            inside: None,
        })
    }

    /// Waits for the next round. An emergency stop doesn't wait, and latches though the contacts
    /// are closed again when the round reads them.
    fn wait(&mut self, due: Instant, started: Instant) {
        loop {
            let latched = self.last.is_some_and(|(_, step)| step.emergency);
            if !latched && self.body.senses.pressed() {
                // The next round tells of a fault.
                let _ = self.body.drive.stop();
                let open = MotionInput::Contacts {
                    first_closed: false,
                    second_closed: false,
                };
                self.take(open, started.elapsed());
                return;
            }
            let left = due.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            std::thread::sleep(left.min(LOOK));
        }
    }

    fn take(&mut self, input: MotionInput, at: Duration) {
        match input {
            // The gate hears of the hottest.
            MotionInput::Temperature { celsius } => {
                self.inside = Some((celsius, at));
                return;
            }
            MotionInput::Lease { lease } => {
                let id = lease.map(|lease| lease.id);
                if self.lease != id {
                    (self.lease, self.arrived) = (id, 0);
                }
            }
            MotionInput::Command(command) if self.lease == Some(command.lease) => {
                self.arrived = self.arrived.saturating_add(1);
            }
            _ => {}
        }
        // Late and repeated ones are a connection's everyday life, and the page sees them.
        if self.gate.take(input, at) == Err(Refusal::Nonsense) {
            warn!("a command to move that can't be meant was refused");
        }
    }

    fn round(&mut self, started: Instant) {
        let now = started.elapsed();
        let gate = &mut self.gate;
        self.body.senses.feel(now, &mut |input, at| {
            // Refused is only a reset that comes too early, of which the screen tells.
            let _ = gate.take(input, at);
        });
        let read = self.body.drive.read();
        let mut now = started.elapsed();
        match &read {
            Ok(reading) => {
                let rolled = reading.travelled.map(|wheel| wheel.0);
                let [was_left, was_right] = self.rolled.replace(rolled).unwrap_or(rolled);
                let (left, right) = (rolled[0] - was_left, rolled[1] - was_right);
                self.travelled.0 += (left + right) / 2.0;
                self.travelled.1 += (right - left) / self.body.track_m;
                let velocity = Twist {
                    linear_m_s: reading.velocity.linear.0,
                    angular_rad_s: reading.velocity.angular.0,
                };
                self.measured = Some(velocity);
                if let Some(celsius) = self.hottest(reading.temperature.0, now) {
                    self.feel(MotionInput::Temperature { celsius }, now);
                }
                self.feel(MotionInput::Measured { velocity }, now);
            }
            Err(_) => self.measured = None,
        }
        let mut step = self.gate.step(now);
        if started.elapsed().saturating_sub(now) > TICK {
            // A process that was stopped here has decided for a moment that is over.
            now = started.elapsed();
            step = self.gate.step(now);
        }
        let ordered = if step.emergency {
            self.body.drive.stop()
        } else {
            self.body.drive.set_velocity(Velocity {
                linear: MetresPerSecond(step.velocity.linear_m_s),
                angular: RadiansPerSecond(step.velocity.angular_rad_s),
            })
        };
        let fault = read.err().or(ordered.err());
        if let Some(fault) = &fault {
            self.feel(MotionInput::DriveFault, now);
            if !self.faulty {
                warn!("the robot can't be moved: {fault}");
            }
        } else if self.faulty {
            info!("the wheels work again");
        }
        if fault.is_some() {
            // Wheels that are opened again count from zero.
            self.rolled = None;
        }
        self.faulty = fault.is_some();
        self.last = Some((now, step));
        if let Some(heartbeat) = &mut self.body.heartbeat {
            heartbeat.ask(Heartbeat::beat);
        }
    }

    /// Of the motors' controller and the robot's inside; none where its thermometer is silent.
    fn hottest(&self, controller: f64, now: Duration) -> Option<f64> {
        if !self.body.thermometer {
            return Some(controller);
        }
        let (inside, at) = self.inside?;
        (now.saturating_sub(at) <= THERMOMETER_SILENT).then(|| inside.max(controller))
    }

    fn feel(&mut self, input: MotionInput, now: Duration) {
        // Only commands and resets can be refused.
        let _ = self.gate.take(input, now);
    }

    fn told(&self) -> Option<Told> {
        let (at, step) = self.last?;
        Some(Told {
            at,
            step,
            report: self.gate.report(at),
            measured: self.measured,
            travelled: self.travelled,
            arrived: self.arrived,
        })
    }
}

#[cfg(test)]
mod tests;
