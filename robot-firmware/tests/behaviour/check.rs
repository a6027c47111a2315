//! What the robot tells about itself to whoever sets it up.

use crate::support::{CRATE, Daemon, Ran, Robot, installed_models};
use serde_json::Value;

fn condition<'a>(check: &'a Value, part: &str) -> &'a str {
    let findings = check["findings"].as_array().unwrap();
    let finding = findings.iter().find(|finding| finding["part"] == part);
    finding.unwrap_or_else(|| panic!("no {part} in {check:#}"))["condition"]
        .as_str()
        .unwrap()
}

#[test]
fn the_page_tells_what_is_missing_and_what_helps() {
    let robot = Robot::without_models();
    let daemon = Daemon::start(&robot, &[]);
    let page = daemon.get("/check");
    assert!(page.starts_with("HTTP/1.1 200 "), "{page}");
    assert!(page.contains("<h1>Check of this robot</h1>"), "{page}");
    assert!(page.contains("models fetch"), "{page}");
    assert!(page.contains("/check.css"), "{page}");
    let style = daemon.get("/check.css");
    assert!(style.contains("content-type: text/css"), "{style}");

    let answer = daemon.get("/check.json");
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let check: Value = serde_json::from_str(body).unwrap();
    assert_eq!(check["well"], false);
    assert_eq!(condition(&check, "microphone"), "works");
    assert_eq!(condition(&check, "camera"), "untried");
    assert_eq!(condition(&check, "pack"), "works");
    assert_eq!(condition(&check, "models"), "trouble");
    assert_eq!(condition(&check, "console"), "untried");
}

#[test]
fn a_command_tells_the_same_without_the_daemon() {
    let robot = Robot::without_models();
    let told = robot.run(&["check", "--json"]);
    assert_eq!(told.code, 1, "{told:#?}");
    let check: Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!(condition(&check, "recogniser"), "trouble");
    assert!(check["recogniser"].is_null());
    let told = robot.run(&["check"]);
    assert_eq!(told.code, 1, "{told:#?}");
    assert!(told.out.contains("models fetch"), "{told:#?}");
    crate::support::assert_plain(&told.out);
}

#[test]
fn the_recogniser_is_timed_once_and_understands_a_known_sentence() {
    let robot = Robot::without_models();
    let pack = std::path::Path::new(CRATE).join("pack");
    let models = installed_models();
    robot.write(
        "robot.toml",
        format!("pack = {pack:?}\nmodels = {models:?}\nstate = \"state\"\n"),
    );
    let check = |args: &[&str]| -> Ran {
        let mut command = robot.command(&["check", "--json"]);
        let ran = command.args(args).env("RUST_LOG", "info");
        ran.output().unwrap().into()
    };
    let first = check(&[]);
    assert!(first.err.contains("timing the recogniser"), "{first:#?}");
    let told: Value = serde_json::from_str(&first.out).unwrap();
    let recogniser = &told["recogniser"];
    assert_eq!(recogniser["model"], "whisper-base");
    assert_eq!(recogniser["understood"], true);
    assert!(recogniser["seconds_for_4_s"].as_f64().unwrap() > 0.0);

    let second = check(&[]);
    assert!(!second.err.contains("timing the recogniser"), "{second:#?}");
    let again: Value = serde_json::from_str(&second.out).unwrap();
    assert_eq!(again["recogniser"], *recogniser);
    let anew = check(&["--measure"]);
    assert!(anew.err.contains("timing the recogniser"), "{anew:#?}");
}
