//! What `make demo` does before anything is started.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::net::TcpListener;
use std::process::Command;

const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/demo.sh");

#[test]
fn a_second_demo_leaves_the_logs_of_the_running_one_alone() {
    let checkout = tempfile::tempdir().unwrap();
    for folder in ["scripts", ".demo"] {
        fs::create_dir(checkout.path().join(folder)).unwrap();
    }
    let script = checkout.path().join("scripts/demo.sh");
    fs::copy(DEMO, &script).unwrap();
    let logs = [".demo/console.log", ".demo/robot.log"].map(|log| checkout.path().join(log));
    for log in &logs {
        fs::write(log, "of the running one\n").unwrap();
    }
    // Where it can't be bound it is taken, too.
    let _running = TcpListener::bind(("127.0.0.1", 8443));
    let second = Command::new(&script).output().unwrap();
    assert_eq!(second.status.code(), Some(1), "{second:?}");
    let complaint = String::from_utf8(second.stderr).unwrap();
    assert!(complaint.contains("is taken"), "{complaint}");
    for log in &logs {
        assert_eq!(fs::read_to_string(log).unwrap(), "of the running one\n");
    }
}
