//! A supporter gets what is needed, and nothing that is personal or secret: names and keys are
//! planted wherever a robot has some, and none of them is found.

use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;

use crate::support::{Daemon, Robot};
use flate2::read::GzDecoder;

/// Each stands for something that must not leave the robot.
const PLANTED: [&str; 8] = [
    "Hanako-Yamada",
    "hunter2-of-the-records",
    "webhook-s3cr3t",
    "token-file-words",
    "03-5555-0101",
    "sk-planted-in-args",
    "user-of-an-address",
    "update-source-s3cr3t",
];

#[test]
fn nothing_planted_is_found_in_it_and_what_helps_is() {
    let robot = Robot::without_models();
    robot.configure(
        "[bell]\nwebhook = \"https://user-of-an-address:hunter2-of-the-records@127.0.0.1:9/webhook-s3cr3t\"\n\
         [update]\nfolder = \"updates\"\nimage = \"none\"\nsources = [\"https://u.example/update-source-s3cr3t\"]\n\
         [[back_office]]\nname = \"records\"\ncommand = \"true\"\nargs = [\"sk-planted-in-args\"]\nenv_from = \"records.env\"",
    );
    robot.write("records.env", "TOKEN=token-file-words\n");
    let journal = "#!/bin/sh\n\
        at='2026-11-30T12:00:00+0000 kiosk madoguchi-robot[7]: 2026-11-30T12:00:00Z'\n\
        echo \"$at  INFO madoguchi_robot::daemon: a line that helps\"\n\
        echo \"$at DEBUG madoguchi_robot: heard: I am Hanako-Yamada, 03-5555-0101\"\n\
        echo 'Hanako-Yamada in a line of its own'\n";
    for (name, script) in [
        ("journalctl", journal),
        ("systemctl", "#!/bin/sh\necho Id=madoguchi-robot.service\n"),
    ] {
        fs::create_dir_all(robot.path("bin")).unwrap();
        let path = robot.write(&format!("bin/{name}"), script);
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    // A robot that has served has a key, and what it owes its console.
    let daemon = Daemon::start(&robot, &[]);
    robot.write("state/owed.json", "Hanako-Yamada 03-5555-0101");
    let text = fs::read_to_string(robot.path("robot.toml")).unwrap();
    robot.write(
        "robot.toml",
        text.replace("127.0.0.1:0", &daemon.address.to_string()),
    );
    let path = format!(
        "{}:{}",
        robot.path("bin").display(),
        std::env::var("PATH").unwrap()
    );
    let made = robot
        .command(&["support-bundle", "out.tar.gz"])
        .env("PATH", path)
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    let file = fs::File::open(robot.path("out.tar.gz")).unwrap();
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let mut archive = tar::Archive::new(GzDecoder::new(file));
    let mut all = String::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        all += &format!("== {}\n", entry.path().unwrap().display());
        entry.read_to_string(&mut all).unwrap();
    }
    let key = fs::read_to_string(robot.path("state/device.key")).unwrap();
    let key = key.lines().nth(1).unwrap();
    for planted in PLANTED.iter().copied().chain([key, "PRIVATE KEY"]) {
        assert!(!all.contains(planted), "{planted} is in\n{all}");
    }
    for there in [
        "robot.toml",
        "check.json",
        "\"serving\": false",
        "versions.json",
        "\"program\"",
        "board.txt",
        "disk ",
        "services.txt",
        "Id=madoguchi-robot.service",
        "log.txt",
        "a line that helps",
        "name = \"records\"",
        "https://127.0.0.1:9/",
    ] {
        assert!(all.contains(there), "no {there} in\n{all}");
    }
}

#[test]
fn a_configuration_that_cannot_be_read_is_no_reason_to_have_none() {
    let robot = Robot::without_models();
    robot.configure("token = hunter2-of-the-records");
    robot.run(&["support-bundle", "out.tar.gz"]).done();
    let file = fs::File::open(robot.path("out.tar.gz")).unwrap();
    let mut text = String::new();
    let mut archive = tar::Archive::new(GzDecoder::new(file));
    for entry in archive.entries().unwrap() {
        entry.unwrap().read_to_string(&mut text).unwrap();
    }
    assert!(text.contains("can't be read"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
    let nowhere = robot.run(&["support-bundle", "no/such/folder/out.tar.gz"]);
    assert!(nowhere.complaint().contains("cannot write"), "{nowhere:?}");
}
