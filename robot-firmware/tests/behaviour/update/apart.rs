//! Packs and models beside the system.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::thread::spawn;

use super::{NIGHT, on_an_image, update};
use crate::support::{CRATE, Robot};

/// `pack.bundle` of a folder.
fn make(robot: &Robot, folder: &Path, version: &str) -> Vec<u8> {
    let folder = folder.to_str().unwrap();
    let made = robot.run(&[
        "bundle",
        "folder",
        "pack",
        folder,
        "--version",
        version,
        "--key",
        "vendor.pem",
        "--out",
        "pack.bundle",
    ]);
    made.done();
    fs::read(robot.path("pack.bundle")).unwrap()
}

/// Answers one request with the head of an answer of `length` bytes, and `body`.
fn web(length: usize, body: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 4096];
        let _ = stream.read(&mut request).unwrap();
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        // Whoever has seen enough hangs up.
        let _ = stream.write_all(&body);
    });
    format!("http://{address}/new.bundle")
}

#[test]
fn a_pack_comes_by_the_network_and_is_taken_back() {
    let robot = Robot::without_models();
    on_an_image(&robot);
    let pack = Path::new(CRATE).join("pack");
    let make = |folder: &Path, version: &str| make(&robot, folder, version);
    let bytes = make(&pack, "2026.2.0");
    let cut = web(bytes.len(), bytes[..bytes.len() / 2].to_vec());
    let broken = update(&robot, &[&cut, "--nobody-there"]);
    assert_eq!(broken.code, 1, "{broken:?}");
    assert!(!robot.path("updates/pack/current").exists());
    let source = web(bytes.len(), bytes.clone());
    update(&robot, &[&source, "--restart", "--nobody-there"]).done();
    let restarts = fs::read_to_string(robot.path("restarts")).unwrap();
    assert_eq!(restarts, "--no-block try-restart madoguchi-robot.service\n");
    assert!(robot.path("updates/pack/current/pack.toml").is_file());
    // From now on it is this one that is read.
    fs::write(robot.path("updates/pack/2026.2.0/pack.toml"), "nonsense").unwrap();
    let checked = robot.run(&["pack", "check"]);
    assert_eq!(checked.code, 1);
    let undone = update(&robot, &["undo", "pack"]);
    assert!(undone.done().contains("the system's own"));
    robot.run(&["pack", "check"]).done();

    // One that is signed and has mistakes is not taken.
    let folder = robot.path("bad");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("pack.toml"), "id = \"bad\"\n").unwrap();
    make(&folder, "2026.3.0");
    let refused = update(&robot, &["pack.bundle", "--nobody-there"]);
    assert!(refused.err.contains("it can't be used"), "{refused:?}");
    assert!(!robot.path("updates/pack/current").exists());
}

#[test]
fn what_was_taken_back_returns_in_no_older_form_unless_a_person_names_it() {
    let robot = Robot::without_models();
    on_an_image(&robot);
    robot.write(
        "robot.toml",
        fs::read_to_string(robot.path("robot.toml"))
            .unwrap()
            .replace("new.bundle", "pack.bundle"),
    );
    let daemon = super::serving(&robot);
    let pack = Path::new(CRATE).join("pack");
    make(&robot, &pack, "2026.2.0");
    update(&robot, &NIGHT).done();
    let here = robot.path("updates/pack/current");
    assert!(here.exists());
    update(&robot, &["undo", "pack"]).done();
    // That it was silent once is forgotten when it answers, whatever else there is to do.
    let path = robot.path("updates/update.json");
    let record = fs::read_to_string(&path).unwrap();
    let silent = record.replace("\"fault\": null", "\"fault\": \"it was silent\"");
    fs::write(&path, silent).unwrap();
    let told = update(&robot, &["status"]);
    assert!(told.out.contains("fault    it was silent"), "{told:?}");
    update(&robot, &NIGHT).done();
    assert!(!update(&robot, &["status"]).out.contains("silent"));
    // Whoever serves the bundles could serve an old one, which is signed as well.
    for version in ["2026.2.0", "2026.1.0"] {
        make(&robot, &pack, version);
        update(&robot, &NIGHT).done();
        let again = ["pack.bundle", "--again", "2026.1.5"];
        for by_hand in [&again[..1], &again[..]] {
            let refused = update(&robot, by_hand);
            let words = format!("a newer one is needed, or --again {version}");
            assert!(refused.err.contains(&words), "{refused:?}");
        }
        assert!(!here.exists());
    }
    update(&robot, &["pack.bundle", "--again", "2026.1.0"]).done();
    assert_eq!(fs::read_link(&here).unwrap(), Path::new("2026.1.0"));
    make(&robot, &pack, "2026.2.1");
    update(&robot, &NIGHT).done();
    assert_eq!(fs::read_link(&here).unwrap(), Path::new("2026.2.1"));
    drop(daemon);
}
