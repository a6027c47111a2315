//! What stands on the screen when the daemon can't be kept running, and how its return is seen.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::Child;
use std::time::{Duration, Instant};

use crate::support::{Daemon, Robot, free_address};

const PATIENCE: Duration = Duration::from_secs(20);

struct OutOfOrder(Child);

impl OutOfOrder {
    fn start(robot: &Robot) -> Self {
        Self(robot.command(&["out-of-order"]).spawn().unwrap())
    }
}

impl Drop for OutOfOrder {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// An answer, as soon as somebody listens.
fn get(address: SocketAddr, path: &str) -> String {
    let until = Instant::now() + PATIENCE;
    let mut stream = loop {
        match TcpStream::connect(address) {
            Ok(stream) => break stream,
            Err(error) if Instant::now() > until => panic!("nobody at {address}: {error}"),
            Err(_) => std::thread::yield_now(),
        }
    };
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_robot_that_cannot_run_says_why_in_words() {
    let robot = Robot::without_models();
    let address = free_address();
    robot.write(
        "robot.toml",
        format!("pack = \"nowhere\"\nstate = \"state\"\n[screen]\nlisten = \"{address}\"\n"),
    );
    let told = robot.run(&["run"]);
    assert_eq!(told.code, 1, "{told:#?}");
    let _shown = OutOfOrder::start(&robot);
    let page = get(address, "/");
    assert!(page.starts_with("HTTP/1.1 200 "), "{page}");
    for words in [
        "Out of order",
        "Fora de serviço",
        "ただいま休止中です",
        "Knowledge pack",
        "nowhere",
    ] {
        assert!(page.contains(words), "no “{words}” in {page}");
    }
    for file in ["/out-of-order.js", "/out-of-order.css"] {
        assert!(page.contains(file) && get(address, file).starts_with("HTTP/1.1 200 "));
    }
    let check = get(address, "/check.json");
    assert!(check.starts_with("HTTP/1.1 503 "), "{check}");
}

#[test]
fn it_is_not_taken_for_a_robot_that_serves() {
    let robot = Robot::without_models();
    let address = free_address();
    robot.configure(&format!("[screen]\nlisten = \"{address}\""));
    let _shown = OutOfOrder::start(&robot);
    get(address, "/");
    let told = robot.run(&["check", "--running", "0"]);
    assert_eq!(told.code, 1, "{told:#?}");
    assert!(told.err.contains("no robot serves"), "{told:#?}");
}

#[test]
fn the_check_waits_for_the_robot_that_runs_and_tells_what_it_knows() {
    let robot = Robot::without_models();
    let daemon = Daemon::start(&robot, &[]);
    let text = std::fs::read_to_string(robot.path("robot.toml")).unwrap();
    let here = daemon.address.to_string();
    robot.write("robot.toml", text.replace("127.0.0.1:0", &here));
    let told = robot.run(&["check", "--running", "20"]);
    assert_eq!(told.code, 1, "models are missing: {told:#?}");
    assert!(told.out.contains("Microphone      works"), "{told:#?}");
    assert!(told.out.contains("models fetch"), "{told:#?}");
    let told = robot.run(&["check", "--running", "20", "--json"]);
    let check: serde_json::Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!(check["well"], false);
    daemon.stop();
}
