//! How long one step of the motion gate takes with all that is fed before it, and how punctual a
//! loop of 50 Hz is while every core is busy, without and with real-time priority.
//!
//! `cargo bench --bench motion_gate`. The priority is given by `chrt`, where that is allowed.
#![allow(clippy::unwrap_used)]

use std::hint::black_box;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use madoguchi_core::motion::{
    DriveCommand, Gate, Lease, LeaseId, Limits, MotionInput, Side, Twist, Visit,
};

const STEPS: u32 = 1_000_000;
const TICK: Duration = Duration::from_millis(20);
const TICKS: u32 = 1_000;
const LOOP_ONLY: &str = "--loop-only";
const PRIORITY: &str = "50";

fn main() {
    if std::env::args().any(|argument| argument == LOOP_ONLY) {
        print_quantiles("late, SCHED_FIFO", &mut lateness());
        return;
    }
    print_quantiles("one step", &mut steps());
    print_quantiles("late, usual priority", &mut lateness());
    let own = std::env::current_exe().unwrap();
    let real_time = Command::new("chrt")
        .args(["--fifo", PRIORITY])
        .arg(own)
        .arg(LOOP_ONLY)
        .status();
    if !real_time.is_ok_and(|status| status.success()) {
        println!("late, SCHED_FIFO: not allowed here, or there is no `chrt`");
    }
}

fn steps() -> Vec<Duration> {
    let mut gate = Gate::new(Limits::default()).unwrap();
    (1..=STEPS)
        .map(|number| {
            let now = TICK * number;
            let started = Instant::now();
            for input in inputs(number, now) {
                let _ = gate.take(black_box(input), now);
            }
            black_box(gate.step(now));
            started.elapsed()
        })
        .collect()
}

/// By how much each of the ticks came too late.
fn lateness() -> Vec<Duration> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut rivals: Vec<Child> = (0..cores).filter_map(|_| rival().ok()).collect();
    let mut gate = Gate::new(Limits::default()).unwrap();
    let begun = Instant::now();
    let late = (1..=TICKS)
        .map(|number| {
            let due = begun + TICK * number;
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            let late = due.elapsed();
            for input in inputs(number, TICK * number) {
                let _ = gate.take(input, TICK * number);
            }
            black_box(gate.step(TICK * number));
            late
        })
        .collect();
    for rival in &mut rivals {
        let _ = rival.kill();
        let _ = rival.wait();
    }
    late
}

/// A process that keeps a core busy, at the usual priority whatever this one has.
fn rival() -> std::io::Result<Child> {
    Command::new("chrt")
        .args(["--other", "0", "sh", "-c", "while :; do :; done"])
        .spawn()
}

fn inputs(number: u32, now: Duration) -> [MotionInput; 13] {
    let id = LeaseId(1);
    let range = |side| MotionInput::Range { side, metres: 2.0 };
    let bumper = |side| MotionInput::Bumper {
        side,
        pressed: false,
    };
    let cliff = |side| MotionInput::Cliff { side, drop: false };
    [
        MotionInput::Lease {
            lease: Some(Lease {
                id,
                until: now + TICK,
            }),
        },
        MotionInput::Contacts {
            first_closed: true,
            second_closed: true,
        },
        range(Side::Front),
        range(Side::Rear),
        bumper(Side::Front),
        bumper(Side::Rear),
        cliff(Side::Front),
        cliff(Side::Rear),
        MotionInput::Tilt { radians: 0.01 },
        MotionInput::Battery {
            charge: 0.5,
            plugged_in: false,
        },
        MotionInput::Visit(Visit {
            visiting: false,
            consent: false,
            touching: false,
            form_open: false,
        }),
        MotionInput::Measured {
            velocity: Twist::ZERO,
        },
        MotionInput::Command(DriveCommand {
            lease: id,
            sequence: number.into(),
            heard: now,
            seen: now,
            velocity: Twist {
                linear_m_s: f64::from(number % 100) / 100.0,
                angular_rad_s: 0.1,
            },
        }),
    ]
}

fn print_quantiles(what: &str, durations: &mut [Duration]) {
    durations.sort_unstable();
    let at = |part: usize| durations[(durations.len() - 1) * part / 1000];
    println!(
        "{what}: p50 {:?}, p99 {:?}, most {:?}",
        at(500),
        at(990),
        at(1000)
    );
}
