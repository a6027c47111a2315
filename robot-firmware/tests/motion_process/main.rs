//! Faults of a real process that drives a real pseudo-terminal: the wheels are told to stand, or
//! the controller stops them by itself.
//!
//! Nothing here looks at this machine's clock to judge. How long a command was obeyed is read from
//! the process's own clock, which it tells with every step; how long the controller went on without
//! hearing anything, from the controller's. `ROUNDS=50 cargo test --workspace --test motion_process
//! -- --nocapture` fails it as often.
#![allow(clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

mod asked;
mod body;
mod machine;
mod rig;

use std::time::Duration;

use machine::{Starved, WallClock, not_tried};
use madoguchi_shared::motion::{DriveWish, Held, PageToWheels};
use rig::Rig;

/// How long one command moves, on the process's clock, and a step of it.
const HOLDS_MS: u64 = 100 + 20;
/// The controller's timeout, on its own clock, and a step of it.
const CONTROLLER: Duration = Duration::from_millis(101);

fn rounds() -> u32 {
    std::env::var("ROUNDS").map_or(1, |rounds| rounds.parse().unwrap())
}

/// Does this to a robot that drives, as often as asked for.
fn each_round(what: &str, mut fail: impl FnMut(&mut Rig) -> String) {
    for round in 1..=rounds() {
        let mut rig = Rig::start();
        rig.drive();
        rig.forget();
        println!("{what}, round {round}: {}", fail(&mut rig));
    }
}

/// The wheels stand by the controller's own timeout, whatever happened to the process.
fn stopped_by_the_controller(rig: &mut Rig) -> String {
    rig.wait(|rig| !rig.line.controller().drives());
    let after = rig.line.controller().drove_after;
    assert!(after <= CONTROLLER, "{after:?}");
    format!("by the controller, after {} ms", after.as_millis())
}

/// The process tells the wheels to stand, so long after it took its last command at most.
fn stopped_by_the_gate(rig: &mut Rig, obeyed: u32) -> String {
    let mut taken_at = rig.state.clock_ms;
    let mut last_moved = taken_at;
    loop {
        let before = rig.state.taken;
        let state = rig.next_state();
        if state.taken != before {
            assert!(
                state.taken <= obeyed,
                "a command that is no more to be obeyed"
            );
            taken_at = state.clock_ms;
        }
        if state.commanded.linear_m_s == 0.0 {
            break;
        }
        last_moved = state.clock_ms;
    }
    let after = last_moved.saturating_sub(taken_at);
    assert!(after <= HOLDS_MS, "{after} ms");
    rig.wait(|rig| !rig.line.controller().drives());
    format!("by the gate, after {after} ms")
}

#[test]
fn a_process_that_is_killed() {
    each_round("killed", |rig| {
        rig.signal("-KILL");
        stopped_by_the_controller(rig)
    });
}

#[test]
fn a_process_that_is_stopped_stands_still_when_it_goes_on() {
    each_round("stopped", |rig| {
        rig.signal("-STOP");
        let stopped = stopped_by_the_controller(rig);
        // What was asked for meanwhile is old when it wakes up.
        for _ in 0..5 {
            rig.wish(0.3);
        }
        rig.forget();
        // What it told before may still be on its way: its clock tells where it was stopped.
        let before = rig.last_words();
        rig.signal("-CONT");
        while rig.next_state().clock_ms < before + rig::STOPPED_MS / 2 {}
        let woke = rig.state.clock_ms;
        while rig.state.clock_ms < woke + 500 {
            assert_eq!(rig.state.commanded.linear_m_s, 0.0);
            rig.next_state();
        }
        assert!(!rig.line.controller().drives());
        rig.drive();
        stopped
    });
}

#[test]
fn a_link_that_is_cut() {
    each_round("link cut", |rig| {
        let obeyed = rig.sequence;
        stopped_by_the_gate(rig, obeyed)
    });
}

#[test]
fn commands_that_come_again() {
    each_round("replayed", |rig| {
        let last = rig.last.unwrap();
        let mut done = None;
        while done.is_none() {
            rig.send(last);
            rig.send(DriveWish {
                sequence: last.sequence - 1,
                ..last
            });
            let state = rig.next_state();
            assert!(state.taken <= last.sequence);
            done = (state.commanded.linear_m_s == 0.0).then_some(state.clock_ms);
        }
        let obeyed = rig.sequence;
        assert_eq!(rig.state.taken, obeyed);
        "by the gate: none of them was obeyed".to_owned()
    });
}

#[test]
fn commands_that_are_too_old_or_mean_nothing() {
    each_round("old and senseless", |rig| {
        let heard_ms = rig.state.clock_ms;
        while rig.state.clock_ms <= heard_ms + 250 {
            rig.next_state();
        }
        rig.drive();
        let taken = rig.sequence;
        for nonsense in [
            "",
            "{",
            "null",
            "{\"type\":\"fly\"}",
            "\u{7}\u{0}",
            "[1e999]",
        ] {
            rig.write(nonsense);
        }
        for sequence in 1..=20 {
            rig.send(DriveWish {
                sequence: taken + sequence,
                heard_ms,
                seen_ms: heard_ms,
                ..rig.last.unwrap()
            });
        }
        stopped_by_the_gate(rig, taken)
    });
}

#[test]
fn a_stop_that_comes_behind_more_commands_than_the_gate_takes() {
    each_round("stop behind a flood", |rig| {
        rig.signal("-STOP");
        let foreign = DriveWish {
            lease: 7,
            ..rig.last.unwrap()
        };
        for _ in 0..300 {
            rig.send(foreign);
        }
        rig.say(PageToWheels::Stop);
        rig.signal("-CONT");
        while !rig.state.stopped {
            rig.next_state();
        }
        rig.wait(|rig| !rig.line.controller().drives());
        for wish in [0.0, 0.3].repeat(20) {
            rig.next_state();
            rig.wish(wish);
            assert!(rig.state.stopped && rig.state.commanded.linear_m_s == 0.0);
        }
        rig.say(PageToWheels::EndStop { lease: 1 });
        rig.drive();
        "by the gate".to_owned()
    });
}

#[test]
fn a_cable_that_is_pulled() {
    each_round("cable pulled", |rig| {
        rig.line.unplug();
        let stopped = stopped_by_the_controller(rig);
        rig.wait(|rig| rig.state.held == Some(Held::DriveFault));
        rig.line.replug().unwrap();
        rig.drive();
        stopped
    });
}

#[test]
fn a_disk_that_is_full() {
    each_round("disk full", |rig| {
        rig.limit("--fsize=0");
        rig.drive();
        let obeyed = rig.sequence;
        stopped_by_the_gate(rig, obeyed)
    });
}

#[test]
fn a_wall_clock_that_jumps() {
    for round in 1..=rounds() {
        let robot = support::Robot::without_models();
        let Some(clock) = WallClock::right(&robot.path("")) else {
            return not_tried("a wall clock that jumps", "install libfaketime");
        };
        let mut rig = Rig::start_in(robot, "bench", "", clock.environment());
        let maps = std::fs::read_to_string(format!("/proc/{}/maps", rig.pid())).unwrap();
        assert!(
            maps.contains("faketime"),
            "its clock is not the one set here"
        );
        rig.drive();
        for jump in ["+3600", "-3600", "+86400", "+0"] {
            let before = (rig.state.clock_ms, clock.read());
            clock.set(jump);
            let jumped = clock.read() - before.1;
            assert!(jumped.abs() >= 3500, "{jumped} s");
            rig.drive();
            let passed = rig.state.clock_ms - before.0;
            assert!(passed < 3_000_000, "{passed} ms by the clock that it tells");
        }
        // And a command is as old as it was.
        rig.forget();
        let obeyed = rig.sequence;
        clock.set("-7200");
        let stopped = stopped_by_the_gate(&mut rig, obeyed);
        println!("clock jumps, round {round}: drives on; after the last command {stopped}");
    }
}

#[test]
fn a_process_that_is_starved_of_processors() {
    each_round("starved", |rig| {
        let starved = match Starved::process(rig.pid()) {
            Ok(starved) => starved,
            Err(why) => {
                not_tried("a process that is starved of processors", &why);
                return "not tried".to_owned();
            }
        };
        let stopped = stopped_by_the_controller(rig);
        for _ in 0..5 {
            rig.wish(0.3);
        }
        drop(starved);
        rig.drive();
        stopped
    });
}

#[test]
fn memory_that_runs_out() {
    each_round("no more memory", |rig| {
        rig.limit("--as=1");
        rig.wait(|rig| !rig.line.controller().drives());
        let after = rig.line.controller().drove_after;
        assert!(after <= CONTROLLER, "{after:?}");
        match rig.ended() {
            true => "it died; by the controller".to_owned(),
            false => "it went on; by the gate".to_owned(),
        }
    });
}

#[test]
fn nothing_moves_without_the_typed_words_or_with_eyes_missing() {
    let robot = support::Robot::without_models();
    robot.configure(
        "[drive]\ncontroller = \"roboclaw\"\nport = \"/dev/ttyNONE9\"\nper_metre = 1\ntrack_m = 1",
    );
    let complaint = robot.run(&["drive-bench"]);
    assert!(complaint.complaint().contains("drive.sensors = \"bench\""));
    robot.configure("sensors = \"bench\"");
    let ran = robot.run_with_input(&["drive-bench"], b"go\n");
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(ran.err.contains("nothing has moved"), "{ran:#?}");
}
