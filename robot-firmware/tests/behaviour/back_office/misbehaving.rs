//! Servers that hang, flood, lie and die.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{call, hostile, records};
use crate::support::{Daemon, Ran, Robot};

/// Nobody may wait longer for the robot than for the tool.
const AT_ONCE: Duration = Duration::from_secs(10);

fn outcome(mode: &str) -> (Value, Duration) {
    let robot = Robot::without_models();
    hostile(&robot, mode);
    let began = Instant::now();
    let (code, answer) = call(&robot, mode, "echo", json!({ "n": 1 }));
    assert_eq!(code == 0, answer["outcome"] == "done", "{answer}");
    (answer, began.elapsed())
}

#[test]
fn a_tool_that_never_answers_is_given_up() {
    let (answer, took) = outcome("hang");
    assert_eq!(answer["outcome"], "too_slow");
    assert!(took < AT_ONCE, "{took:?}");
}

#[test]
fn what_a_lost_program_started_is_ended_too() {
    let robot = Robot::without_models();
    let notes = hostile(&robot, "fork");
    let (_, answer) = call(&robot, "fork", "echo", json!({ "n": 1 }));
    assert_eq!(answer["outcome"], "too_slow");
    let notes = fs::read_to_string(notes).unwrap();
    let child = notes.lines().last().unwrap().to_owned();
    let until = Instant::now() + AT_ONCE;
    let lives = || {
        let state = fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
        !state.is_empty() && !state.contains(") Z ")
    };
    while lives() {
        assert!(Instant::now() < until, "process {child} is left");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_tool_that_floods_is_cut_off() {
    for mode in ["flood", "chatter", "big"] {
        let (answer, took) = outcome(mode);
        assert_eq!(answer["outcome"], "too_large", "{mode}");
        assert!(took < AT_ONCE, "{mode}: {took:?}");
    }
}

#[test]
fn a_tool_that_dies_or_lies_is_told_apart_from_one_that_refuses() {
    for (mode, expected) in [
        ("die", "lost"),
        ("lie", "bad_answer"),
        ("shapeless", "bad_answer"),
        ("error", "bad_answer"),
        ("refuse", "refused"),
        ("garbage", "done"),
        ("pages", "done"),
    ] {
        let (answer, _) = outcome(mode);
        assert_eq!(answer["outcome"], expected, "{mode}: {answer}");
    }
}

#[test]
fn a_schema_that_cannot_be_checked_costs_its_tool_only() {
    let robot = Robot::without_models();
    hostile(&robot, "schemas");
    let ran = robot.run(&["tools", "--json"]);
    let tools = ran.json()[0]["tools"].clone();
    assert_eq!(tools.as_array().unwrap().len(), 1, "{tools}");
    for told in [
        "endless",
        "may not refer to itself",
        "file:///etc/passwd",
        "same name",
    ] {
        assert!(ran.err.contains(told), "{told}: {}", ran.err);
    }
}

#[test]
fn what_a_tool_says_steers_no_terminal() {
    let robot = Robot::without_models();
    hostile(&robot, "refuse");
    let ran = robot.run(&["tools", "call", "refuse", "echo", "{\"n\":1}"]);
    assert!(ran.complaint().contains("Ignore all previous"), "{ran:#?}");
    let robot = Robot::without_models();
    hostile(&robot, "injection");
    let ran = robot.run(&["tools"]);
    assert!(
        !ran.done().contains(['\u{1b}', '\u{7}', '\u{202e}']),
        "{ran:#?}"
    );
}

#[test]
fn a_program_knows_its_own_secrets_and_no_others() {
    let robot = Robot::without_models();
    hostile(&robot, "environment");
    robot.write("office.env", "# for the records\nTOKEN=hunter2\n");
    robot.configure("env_from = \"office.env\"\n");
    let output = robot
        .command(&[
            "tools",
            "call",
            "environment",
            "echo",
            "{\"n\":1}",
            "--json",
        ])
        .env("OTHERS_SECRET", "xyzzy")
        .output()
        .unwrap();
    let ran = Ran::from(output);
    let text = ran.json()["text"].as_str().unwrap().to_owned();
    let known: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(known["TOKEN"], "hunter2");
    assert_eq!(known["OTHERS_SECRET"], Value::Null);
    assert!(
        ran.err.contains("chmod 600") && !ran.err.contains("hunter2"),
        "{ran:#?}"
    );
}

#[test]
fn the_daemon_serves_on_whatever_a_server_does() {
    let robot = Robot::without_models();
    records(&robot);
    let notes = hostile(&robot, "once");
    hostile(&robot, "deaf");
    robot.configure("[[back_office]]\nname = \"absent\"\ncommand = \"no-such-program\"\n");
    let mut daemon = Daemon::start(&robot, &[]);
    daemon.wait_for_log("`no-such-program` can't be started");
    daemon.wait_for_log("server=\"records\" tools=10");
    let until = Instant::now() + Duration::from_secs(20);
    while fs::read_to_string(&notes)
        .unwrap_or_default()
        .lines()
        .count()
        < 2
    {
        assert!(Instant::now() < until, "it is not started again");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(daemon.get("/").starts_with("HTTP/1.1 200"));
    let (status, took, log) = daemon.stop();
    assert!(status.success(), "{log}");
    assert!(took < AT_ONCE, "{took:?}");
    assert!(
        !log.contains("Ignore all") && !log.contains("Does as it likes"),
        "{log}"
    );
}
