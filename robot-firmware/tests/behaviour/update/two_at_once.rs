//! The timer's updater and one by hand.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Stdio;

use super::{entries, on_an_image, system, update, updating};
use crate::support::{Ran, Robot};

#[test]
fn the_second_updater_says_who_is_at_work_and_changes_nothing() {
    let robot = Robot::without_models();
    on_an_image(&robot);
    system(&robot, "1.1.0", "new.bundle");
    let bytes = std::fs::read(robot.path("new.bundle")).unwrap();
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let source = format!("http://{}/new.bundle", server.local_addr().unwrap());
    let mut first = updating(&robot, &[&source, "--nobody-there"]);
    let first = first.stdout(Stdio::piped()).stderr(Stdio::piped());
    let first = first.spawn().unwrap();

    // It has begun, and waits for the rest.
    let (mut stream, _) = server.accept().unwrap();
    let mut request = [0; 4096];
    let _ = stream.read(&mut request).unwrap();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        bytes.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&bytes[..bytes.len() / 2]).unwrap();

    let words = format!(
        "`madoguchi-robot update` (process {}) is at work on this robot; wait until it has ended",
        first.id()
    );
    for args in [
        &["--nobody-there"][..],
        &["--quiet-hours", "--at", "02:00", "--restart"],
        &["undo", "pack"],
    ] {
        let second = update(&robot, args);
        assert_eq!(second.code, 1, "{second:?}");
        assert!(second.err.contains(&words), "{second:?}");
    }
    // Looking is no work.
    update(&robot, &["status"]).done();

    stream.write_all(&bytes[bytes.len() / 2..]).unwrap();
    let first: Ran = first.wait_with_output().unwrap().into();
    first.done();
    assert_eq!(
        entries(&robot),
        ["madoguchi-a.conf", "madoguchi-b+3-0.conf"]
    );
    // Who has ended, however that was, holds nothing.
    update(&robot, &["--nobody-there"]).done();
}
