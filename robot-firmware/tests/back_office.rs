//! The office's tools: our sample server, one that somebody else wrote, and servers that misbehave.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::{CRATE, Daemon, Ran, Robot};

/// Nobody may wait longer for the robot than for the tool.
const AT_ONCE: Duration = Duration::from_secs(10);

fn hostile(robot: &Robot, mode: &str) -> PathBuf {
    let script = Path::new(CRATE).join("tests/support/hostile_server.py");
    let notes = robot.path(&format!("{mode}.notes"));
    robot.configure(&format!(
        "[[back_office]]\nname = {mode:?}\ncommand = \"python3\"\n\
         args = [{script:?}, {mode:?}, {notes:?}]\ntime_limit_s = 1\n"
    ));
    notes
}

fn records(robot: &Robot) {
    robot.configure(
        "[[back_office]]\nname = \"records\"\ncommand = \"hoshikawa-records\"\n\
         args = [\"--database\", \"records.db\", \"--seed-demo\", \"--today\", \"2026-12-01\"]\n",
    );
}

fn call(robot: &Robot, server: &str, tool: &str, arguments: Value) -> (i32, Value) {
    let ran = robot.run(&[
        "tools",
        "call",
        server,
        tool,
        &arguments.to_string(),
        "--json",
    ]);
    let answer = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{ran:#?}"));
    (ran.code, answer)
}

fn done(robot: &Robot, tool: &str, arguments: Value) -> Value {
    let (code, answer) = call(robot, "records", tool, arguments);
    assert_eq!((code, &answer["outcome"]), (0, &json!("done")), "{answer}");
    answer["structured"].clone()
}

fn outcome(mode: &str) -> (Value, Duration) {
    let robot = Robot::without_models();
    hostile(&robot, mode);
    let began = Instant::now();
    let (code, answer) = call(&robot, mode, "echo", json!({ "n": 1 }));
    assert_eq!(code == 0, answer["outcome"] == "done", "{answer}");
    (answer, began.elapsed())
}

#[test]
fn the_sample_office_says_what_its_tools_may_do() {
    let robot = Robot::without_models();
    records(&robot);
    let listed = robot.run(&["tools", "--json"]).json();
    let tier = |name: &str| {
        let tools = listed[0]["tools"].as_array().unwrap();
        let tool = tools.iter().find(|tool| tool["name"] == name).unwrap();
        tool["tier"].as_str().unwrap().to_owned()
    };
    for (tool, expected) in [
        ("verify_resident", "reversible"),
        ("find_application", "read"),
        ("application_history", "read"),
        ("list_appointment_slots", "read"),
        ("book_appointment", "reversible"),
        ("cancel_appointment", "irreversible"),
        ("take_queue_number", "reversible"),
        ("return_queue_number", "irreversible"),
        ("fees_due", "read"),
        ("fee_waiver", "irreversible"),
    ] {
        assert_eq!(tier(tool), expected, "{tool}");
    }
    let text = robot.run(&["tools"]);
    assert!(text.done().contains("fee_waiver"), "{text:#?}");
    assert_eq!(text.err, "");
}

#[test]
fn an_account_is_read_by_who_has_the_letter() {
    let robot = Robot::without_models();
    records(&robot);
    let (_, none) = call(
        &robot,
        "records",
        "fees_due",
        json!({ "verification": "v-0" }),
    );
    assert_eq!(none["outcome"], "refused");
    assert_eq!(none["structured"]["reason"], "not_verified");

    let wrong = json!({ "letter_code": "48213507", "date_of_birth": "1988-12-05" });
    assert_eq!(done(&robot, "verify_resident", wrong)["tries_left"], 2);
    let right = json!({ "letter_code": "48213507", "date_of_birth": "1988-05-12" });
    let verified = done(&robot, "verify_resident", right);
    assert_eq!(verified["level"], "letter_and_birth_date");
    let verification = &verified["verification"];

    let due = done(&robot, "fees_due", json!({ "verification": verification }));
    assert_eq!(
        (&due["count"], &due["total_yen"]),
        (&json!(2), &json!(43_400))
    );
    let find = |number: &str| {
        let arguments = json!({ "verification": verification, "application_number": number });
        done(&robot, "find_application", arguments)
    };
    let found = find("RC-2026-0412");
    assert_eq!(found["application"]["status"], "approved");
    assert_eq!(found["application"]["ready_on"], "2026-12-03");
    let somebody_elses = find("SP-2026-0031");
    assert_eq!(somebody_elses, json!({ "found": false }));
    let all = done(
        &robot,
        "application_history",
        json!({ "verification": verification }),
    );
    assert_eq!(all["count"], 2);
}

#[test]
fn an_appointment_is_booked_once_and_cancelled() {
    let robot = Robot::without_models();
    records(&robot);
    let free = || {
        let wanted = json!({ "service": "residence", "from": "2026-12-02", "at_most": 3 });
        done(&robot, "list_appointment_slots", wanted)["slots"].clone()
    };
    let before = free();
    let slot = before[0]["slot"].clone();
    assert_eq!(slot, "residence/2026-12-02/09:30");
    let booked = done(&robot, "book_appointment", json!({ "slot": slot }));
    assert_ne!(free()[0]["slot"], slot);
    let (code, again) = call(
        &robot,
        "records",
        "book_appointment",
        json!({ "slot": slot }),
    );
    assert_eq!((code, &again["outcome"]), (1, &json!("refused")));
    assert_eq!(again["structured"]["reason"], "slot_taken");
    let appointment = json!({ "appointment": booked["appointment"] });
    assert_eq!(
        done(&robot, "cancel_appointment", appointment)["cancelled"],
        true
    );
    assert_eq!(free(), before);

    let queue = done(&robot, "take_queue_number", json!({ "service": "tax" }));
    assert_eq!(
        (&queue["number"], &queue["waiting_before"]),
        (&json!("T-001"), &json!(0))
    );
}

#[test]
fn arguments_that_a_tool_does_not_take_are_never_sent() {
    let robot = Robot::without_models();
    records(&robot);
    let notes = hostile(&robot, "injection");
    let (_, answer) = call(&robot, "injection", "echo", json!({ "n": "seven" }));
    assert_eq!(answer["outcome"], "bad_call");
    assert_eq!(fs::read_to_string(notes).unwrap(), "started\n");
    let ran = robot.run(&["tools", "call", "records", "fees_due"]);
    assert!(ran.complaint().contains("don't fit"), "{ran:#?}");
    let ran = robot.run(&["tools", "call", "records", "fees_paid"]);
    assert!(
        ran.complaint()
            .contains("`records` has no tool `fees_paid`; it has "),
        "{ran:#?}"
    );
    let ran = robot.run(&["tools", "call", "archive", "fees_due"]);
    assert!(ran.complaint().contains("records, injection"), "{ran:#?}");
    assert_eq!(
        robot
            .run(&["tools", "call", "records", "fees_due", "[]"])
            .code,
        2
    );
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

/// `hoshikawa-records` at an address; killed when dropped.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_server_on_the_network_is_called_by_http() {
    let robot = Robot::without_models();
    let program =
        Path::new(env!("CARGO_BIN_EXE_madoguchi-robot")).with_file_name("hoshikawa-records");
    let mut child = Command::new(program)
        .args([
            "--database",
            "records.db",
            "--seed-demo",
            "--listen",
            "127.0.0.1:0",
        ])
        .current_dir(robot.dir.path())
        .stdout(Stdio::piped())
        .spawn()
        .expect("hoshikawa-records is built by `cargo build --workspace`");
    let stdout = BufReader::new(child.stdout.take().unwrap());
    let served = Served(child);
    let url = stdout.lines().next().unwrap().unwrap();
    robot.configure(&format!(
        "[[back_office]]\nname = \"records\"\nurl = {url:?}\ntime_limit_s = 5\n"
    ));
    let queue = done(&robot, "take_queue_number", json!({ "service": "tax" }));
    assert_eq!(queue["number"], "T-001");
    drop(served);
    let ran = robot.run(&["tools"]);
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(ran.out.starts_with("records: "), "{ran:#?}");
}

#[test]
fn a_server_that_nobody_here_wrote_is_understood() {
    let installed = Path::new(CRATE).join("../.tools/mcp-server-time");
    if !installed.is_dir() {
        eprintln!("SKIPPED: mcp-server-time is not installed; run `make test-tools`");
        return;
    }
    let robot = Robot::without_models();
    robot.write("time.env", format!("PYTHONPATH={}\n", installed.display()));
    robot.configure(
        "[[back_office]]\nname = \"time\"\ncommand = \"python3\"\n\
         args = [\"-m\", \"mcp_server_time\", \"--local-timezone\", \"Asia/Tokyo\"]\n\
         env_from = \"time.env\"\n",
    );
    let arguments = json!({
        "source_timezone": "Asia/Tokyo",
        "time": "09:00",
        "target_timezone": "America/Sao_Paulo",
    });
    let (_, answer) = call(&robot, "time", "convert_time", arguments);
    assert_eq!(answer["outcome"], "done", "{answer}");
    assert!(
        answer["text"].as_str().unwrap().contains("21:00:00"),
        "{answer}"
    );
    let nowhere = json!({ "timezone": "Mars/Olympus" });
    let (_, answer) = call(&robot, "time", "get_current_time", nowhere);
    assert_eq!(answer["outcome"], "refused", "{answer}");
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
