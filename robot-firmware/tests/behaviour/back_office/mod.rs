//! The office's tools: our sample server, one that somebody else wrote, and servers that misbehave.

mod misbehaving;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::support::{CRATE, Robot};
use serde_json::{Value, json};

fn hostile(robot: &Robot, mode: &str) -> PathBuf {
    let script = Path::new(CRATE).join("tests/behaviour/back_office/hostile_server.py");
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
    let appointment = json!({ "appointment": booked["appointment"], "date": booked["date"] });
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
        // Not by a macro, whose words a test keeps to itself.
        let skipped = b"SKIPPED: mcp-server-time is not installed; run `make test-tools`\n";
        std::io::stderr().write_all(skipped).unwrap();
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
