//! 100,000 randomised faults in mid-movement: how long until the gate commands zero, the
//! controller's own timeout stops the wheels, or the watchdog relay takes their power.
//!
//! The gate's orders reach a simulated RoboClaw as bytes; time is virtual and goes on by the
//! millisecond. `cargo test --workspace --test motion_faults -- --nocapture` prints the table.
#![allow(clippy::unwrap_used)]

mod fault;

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use fault::{Fault, Since};
use madoguchi_core::motion::{
    DriveCommand, Gate, Lease, LeaseId, Limits, MotionInput, Side, Twist, Visit,
};
use madoguchi_hardware::drive::roboclaw::SimulatedRoboClaw;
use madoguchi_hardware::drive::roboclaw::packet::Order;
use madoguchi_hardware::heartbeat::{GpioHeartbeat, Heartbeat};
use madoguchi_hardware::simulation::{Controller, Demand, SimulatedRelay};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

const RUNS: u64 = 100_000;
const ADDRESS: u8 = 0x80;
const COUNTS_PER_METRE: f64 = 10_000.0;
const TICK_MS: u64 = 20;
/// The robot's clock at its start: a clock that goes back must stay a clock.
const EPOCH_MS: u64 = 10_000_000;
const HOUR_MS: u64 = 3_600_000;
const OPERATOR: LeaseId = LeaseId(1);
const OTHER: LeaseId = LeaseId(2);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Net {
    Gate,
    ControllersTimeout,
    Relay,
}

/// A command on its way: when it was sent, when it arrives.
#[derive(Debug, Clone, Copy)]
struct Underway {
    command: DriveCommand,
    sent_ms: u64,
    arrives_ms: u64,
}

struct Run {
    random: StdRng,
    gate: Gate,
    controller: SimulatedRoboClaw,
    relay: SimulatedRelay,
    heartbeat: GpioHeartbeat<SimulatedRelay>,
    link: VecDeque<Underway>,
    sequence: u64,
    now_ms: u64,
    /// The robot's clock runs so far ahead, or behind.
    clock_ahead_ms: i64,
    phase: u64,
    send_every_ms: u64,
    silent: usize,
    fault: Option<(Fault, u64)>,
    process_until: Option<u64>,
    last_valid_ms: u64,
    commanded: [i32; 2],
    last_delivered: Option<DriveCommand>,
}

impl Run {
    fn new(seed: u64) -> Self {
        let mut random = StdRng::seed_from_u64(seed);
        let phase = random.random_range(0..TICK_MS);
        let mut controller = SimulatedRoboClaw::new(ADDRESS, COUNTS_PER_METRE);
        controller.receive(&Order::SerialTimeout(1).encode(ADDRESS));
        let relay = SimulatedRelay::new(Duration::from_millis(100));
        Self {
            heartbeat: GpioHeartbeat::on(relay.clone()),
            relay,
            silent: random.random_range(0..8),
            send_every_ms: random.random_range(20..60),
            random,
            gate: Gate::new(Limits::default()).unwrap(),
            controller,
            link: VecDeque::new(),
            sequence: 0,
            now_ms: EPOCH_MS,
            clock_ahead_ms: 0,
            phase,
            fault: None,
            process_until: None,
            last_valid_ms: 0,
            commanded: [0; 2],
            last_delivered: None,
        }
    }

    fn is(&self, fault: Fault) -> bool {
        self.fault.is_some_and(|(now, _)| now == fault)
    }

    fn clock(&self) -> Duration {
        Duration::from_millis(self.now_ms.saturating_add_signed(self.clock_ahead_ms))
    }

    /// One millisecond.
    fn pass(&mut self, wish: Twist) {
        self.now_ms += 1;
        self.controller.advance(Duration::from_millis(1));
        self.relay.advance(Duration::from_millis(1));
        if self.now_ms.is_multiple_of(self.send_every_ms) {
            self.send(wish);
        }
        let killed = self.is(Fault::ProcessKilled) || self.is(Fault::ProcessKilledAndTimeoutLost);
        let stopped = self.process_until.is_some_and(|until| self.now_ms < until);
        if (self.now_ms + self.phase).is_multiple_of(TICK_MS) && !killed && !stopped {
            self.tick();
        }
    }

    fn send(&mut self, velocity: Twist) {
        if self.is(Fault::LinkCut) {
            return;
        }
        self.sequence += 1;
        let down_ms = self.random.random_range(10..40);
        let heard = self.clock().saturating_sub(Duration::from_millis(down_ms));
        let mut command = DriveCommand {
            lease: OPERATOR,
            sequence: self.sequence,
            heard,
            seen: heard,
            velocity,
        };
        let mut delay_ms = self.random.random_range(10..40);
        match (self.fault, self.last_delivered) {
            (Some((Fault::CommandsRepeated, _)), Some(before)) => command = before,
            (Some((Fault::CommandsReordered, _)), Some(before)) => {
                command.sequence = before
                    .sequence
                    .saturating_sub(self.random.random_range(0..9));
            }
            (Some((Fault::CommandsNonsense, _)), _) => command.velocity.linear_m_s = f64::NAN,
            (Some((Fault::LinkStalled, _)), _) => delay_ms += self.random.random_range(300..900),
            _ => {}
        }
        self.link.push_back(Underway {
            command,
            sent_ms: self.now_ms - down_ms,
            arrives_ms: self.now_ms + delay_ms,
        });
    }

    fn tick(&mut self) {
        self.heartbeat.beat().unwrap();
        self.deliver();
        self.feel();
        let step = self.gate.step(self.clock());
        let speed = (step.velocity.linear_m_s * COUNTS_PER_METRE).round() as i32;
        let turning = (step.velocity.angular_rad_s * 0.2 * COUNTS_PER_METRE).round() as i32;
        if self.is(Fault::CablePulled) {
            return;
        }
        let order = if step.emergency {
            self.commanded = [0; 2];
            Order::Duty([0; 2])
        } else {
            self.commanded = [speed - turning, speed + turning];
            Order::Speed {
                acceleration: 10_000,
                speeds: self.commanded,
            }
        };
        self.controller.receive(&order.encode(ADDRESS));
    }

    fn deliver(&mut self) {
        let mut arrived: Vec<Underway> = Vec::new();
        let now_ms = self.now_ms;
        self.link.retain(|underway| {
            let here = underway.arrives_ms <= now_ms;
            if here {
                arrived.push(*underway);
            }
            !here
        });
        for underway in arrived {
            let input = MotionInput::Command(underway.command);
            if self.gate.take(input, self.clock()).is_ok() {
                if !self.is(Fault::ClockForward) && !self.is(Fault::ClockBack) {
                    let age_ms = self.now_ms - underway.sent_ms;
                    assert!(age_ms <= 200, "a command of {age_ms} ms was executed");
                }
                self.last_delivered = Some(underway.command);
                self.last_valid_ms = self.now_ms;
            }
        }
    }

    fn feel(&mut self) {
        let now = self.clock();
        let hour = now + Duration::from_secs(100 * 3600);
        let lease = match self.fault {
            Some((Fault::LeaseEnds, _)) => None,
            Some((Fault::LeaseTaken, _)) => Some(Lease {
                id: OTHER,
                until: hour,
            }),
            _ => Some(Lease {
                id: OPERATOR,
                until: hour,
            }),
        };
        let pressed = self.is(Fault::EmergencyStop);
        let mut inputs = vec![
            MotionInput::Contacts {
                first_closed: !pressed,
                second_closed: !pressed,
            },
            MotionInput::Range {
                side: Side::Front,
                metres: 4.0,
            },
            MotionInput::Range {
                side: Side::Rear,
                metres: 4.0,
            },
            MotionInput::Bumper {
                side: Side::Front,
                pressed: self.is(Fault::Bumper),
            },
            MotionInput::Bumper {
                side: Side::Rear,
                pressed: false,
            },
            MotionInput::Cliff {
                side: Side::Front,
                drop: self.is(Fault::Cliff),
            },
            MotionInput::Cliff {
                side: Side::Rear,
                drop: false,
            },
            MotionInput::Tilt { radians: 0.0 },
        ];
        if self.is(Fault::SensorSilent) {
            inputs.remove(self.silent);
        }
        inputs.extend([
            MotionInput::Lease { lease },
            MotionInput::Temperature { celsius: 30.0 },
            MotionInput::Battery {
                charge: 0.8,
                plugged_in: false,
            },
            MotionInput::People { near: false },
            MotionInput::Visit(Visit {
                visiting: false,
                consent: false,
                touching: false,
                form_open: false,
            }),
        ]);
        inputs.push(
            if self.is(Fault::CablePulled) || self.is(Fault::AnswersLost) {
                MotionInput::DriveFault
            } else {
                MotionInput::Measured {
                    velocity: Twist::ZERO,
                }
            },
        );
        for input in inputs {
            self.gate.take(input, now).unwrap();
        }
    }

    /// Which net has stopped the wheels, if one has.
    fn stopped_by(&self) -> Option<Net> {
        if self.commanded == [0; 2] && !self.is(Fault::CablePulled) {
            Some(Net::Gate)
        } else if self.controller.demand() == Demand::Brake {
            Some(Net::ControllersTimeout)
        } else if !self.relay.is_closed() {
            Some(Net::Relay)
        } else {
            None
        }
    }
}

/// How long it took, and what stopped it.
fn stop_after(seed: u64, fault: Fault) -> (u64, Net) {
    let mut run = Run::new(seed);
    for _ in 0..150 {
        run.pass(Twist::ZERO);
    }
    let wish = Twist {
        linear_m_s: run.random.random_range(0.2..1.0),
        angular_rad_s: run.random.random_range(-1.0..1.0),
    };
    for _ in 0..run.random.random_range(200..1200) {
        run.pass(wish);
    }
    assert_eq!(run.stopped_by(), None, "it never drove: {seed}, {fault:?}");
    run.fault = Some((fault, run.now_ms));
    match fault {
        Fault::ProcessStopped => {
            run.process_until = Some(run.now_ms + run.random.random_range(150..3000));
        }
        Fault::ProcessKilledAndTimeoutLost => {
            run.controller
                .receive(&Order::SerialTimeout(0).encode(ADDRESS));
        }
        Fault::ClockForward => run.clock_ahead_ms = HOUR_MS.cast_signed(),
        Fault::ClockBack => run.clock_ahead_ms = -HOUR_MS.cast_signed(),
        _ => {}
    }
    let struck_ms = run.now_ms;
    let (net, stopped_ms) = loop {
        run.pass(wish);
        if let Some(net) = run.stopped_by() {
            break (net, run.now_ms);
        }
        assert!(
            run.now_ms - struck_ms < 2000,
            "{seed}, {fault:?}: it goes on"
        );
    };
    let since = match fault.allowed_ms().0 {
        Since::LastValidCommand => run.last_valid_ms,
        Since::Fault => struck_ms,
    };
    // Whatever comes back, nothing moves again while the operator holds on.
    for _ in 0..400 {
        run.pass(wish);
        assert!(
            run.stopped_by().is_some(),
            "{seed}, {fault:?}: it moved again"
        );
    }
    (stopped_ms - since, net)
}

#[test]
fn whatever_fails_the_wheels_are_told_to_stop_in_time() {
    let mut worst: BTreeMap<(Fault, Net), (u64, u64)> = BTreeMap::new();
    for seed in 0..RUNS {
        let fault = Fault::ALL[(seed % Fault::ALL.len() as u64) as usize];
        let (took_ms, net) = stop_after(seed, fault);
        let (since, allowed_ms) = fault.allowed_ms();
        assert!(
            took_ms <= allowed_ms,
            "{seed}, {fault:?}: {took_ms} ms since {since:?}"
        );
        let (count, most_ms) = worst.entry((fault, net)).or_default();
        *count += 1;
        *most_ms = (*most_ms).max(took_ms);
    }
    println!(
        "{:<28} {:<20} {:>6} {:>8}",
        "fault", "caught by", "times", "most"
    );
    for ((fault, net), (count, most_ms)) in worst {
        println!(
            "{:<28} {:<20} {count:>6} {most_ms:>5} ms",
            format!("{fault:?}"),
            format!("{net:?}")
        );
    }
}
