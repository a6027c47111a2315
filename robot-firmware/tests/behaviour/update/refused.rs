//! What an update doesn't do, and says so.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use super::{HASH, NIGHT, entries, on_an_image, runs, status, system, update};
use crate::support::Robot;

#[test]
fn what_is_wrong_is_told_in_a_sentence() {
    let robot = Robot::without_models();
    on_an_image(&robot);
    let told = |args: &[&str]| {
        let ran = update(&robot, args);
        assert_ne!(ran.code, 0, "{ran:?}");
        ran.err
    };
    let said = |args: &[&str]| told(&[args, &["--nobody-there"]].concat());
    assert!(said(&["nowhere.bundle"]).contains("cannot read nowhere.bundle"));
    robot.write("letter", "Dear robot");
    assert!(said(&["letter"]).contains("this is no bundle"));
    assert!(told(&["undo", "models"]).contains("nothing to take back"));
    fs::remove_file(robot.path("keys/vendor.pem")).unwrap();
    system(&robot, "1.1.0", "new.bundle");
    assert!(said(&[]).contains("this robot believes no vendor's key"));
    robot
        .run(&["bundle", "key", "other.pem", "keys/other.pem"])
        .done();
    assert!(said(&[]).contains("not signed by a key that this robot believes"));
    let again = robot.run(&["bundle", "key", "other.pem", "x.pem"]);
    assert_eq!(again.code, 1, "a key is never written over");
    fs::remove_file(robot.path("image.toml")).unwrap();
    robot.run(&["bundle", "key", "k.pem", "keys/k.pem"]).done();
    fs::copy(robot.path("k.pem"), robot.path("vendor.pem")).unwrap();
    system(&robot, "1.1.0", "new.bundle");
    assert!(said(&[]).contains("not installed from an image; update it by apt"));
    let text = fs::read_to_string(robot.path("robot.toml")).unwrap();
    robot.write(
        "robot.toml",
        text.replace("sources = [\"new.bundle\"]", "sources = []"),
    );
    let none = update(&robot, &["--nobody-there"]);
    assert_eq!(none.code, 2, "{none:?}");
    // The timer runs on every robot, also on one that has no sources.
    update(&robot, &NIGHT).done();
    robot.write(
        "robot.toml",
        text.replace("new.bundle", "http://updates.example/x"),
    );
    assert!(told(&["check"]).contains("use https"));
}

#[test]
fn a_pre_release_is_no_version_of_a_system() {
    let robot = Robot::without_models();
    on_an_image(&robot);
    for version in ["1.1.0-rc.1", "1.1.0+build.7"] {
        let made = robot.run(&[
            "bundle",
            "system",
            "--board",
            "generic-amd64",
            "--root-hash",
            HASH,
            "--part",
            "root=robot.toml",
            "--version",
            version,
            "--key",
            "vendor.pem",
            "--out",
            "new.bundle",
        ]);
        assert_eq!(made.code, 1, "{made:?}");
        assert!(made.err.contains(version), "{made:?}");
        assert!(
            made.err.contains("boot loaders put in another order"),
            "{made:?}"
        );
        assert!(
            made.err.contains("three numbers, such as 1.4.0"),
            "{made:?}"
        );
        assert!(!robot.path("new.bundle").exists());
    }
    // A robot that runs one already would start anew again and again.
    runs(&robot, "1.1.0-rc.1", "a");
    system(&robot, "1.1.0", "new.bundle");
    let refused = update(&robot, &["--nobody-there"]);
    assert!(refused.err.contains("write an image"), "{refused:?}");
    assert_eq!(entries(&robot), ["madoguchi-a.conf"]);
}

#[test]
fn a_robot_that_does_not_answer_may_have_a_visitor() {
    let robot = Robot::without_models();
    on_an_image(&robot);
    system(&robot, "1.1.0", "new.bundle");
    // Somebody has the robot's place, and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    robot.configure(&format!("[screen]\nlisten = \"{address}\""));
    let refused = update(&robot, &["--restart"]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.err.contains("counts as a visit"), "{refused:?}");
    assert!(refused.err.contains("--nobody-there"), "{refused:?}");
    assert_eq!(entries(&robot), ["madoguchi-a.conf"]);
    drop(silent);
    let refused = update(&robot, &["--restart"]);
    assert!(refused.err.contains("counts as a visit"), "{refused:?}");
    update(&robot, &["--nobody-there", "--restart"]).done();
    assert_eq!(
        fs::read_to_string(robot.path("restarts")).unwrap(),
        "reboot\n"
    );
}

#[test]
fn a_restart_that_is_refused_is_no_try() {
    let robot = Robot::without_models();
    on_an_image(&robot);
    system(&robot, "1.1.0", "new.bundle");
    // The same machine as a Raspberry Pi, whose firmware counts nothing.
    let image = fs::read_to_string(robot.path("image.toml")).unwrap();
    let image = image.replace("boot = \"uefi\"", "boot = \"raspberry_pi\"");
    robot.write("image.toml", image);
    robot.write("partitions/madoguchi-boot-b", vec![0; 100_000]);
    let made = robot.run(&[
        "bundle",
        "system",
        "--board",
        "generic-amd64",
        "--root-hash",
        HASH,
        "--part",
        "root=root",
        "--part",
        "hashes=hashes",
        "--part",
        "boot-a=kernel",
        "--part",
        "boot-b=kernel",
        "--version",
        "1.1.0",
        "--key",
        "vendor.pem",
        "--out",
        "new.bundle",
    ]);
    made.done();
    let working = fs::read(robot.path("bin/systemctl")).unwrap();
    let script = robot.write("bin/systemctl", "#!/bin/sh\necho no such job >&2\nexit 1\n");
    fs::set_permissions(script, fs::Permissions::from_mode(0o755)).unwrap();
    let left = || status(&robot)["slots"][1]["entry"]["tries_left"].clone();
    let refused = update(&robot, &["--nobody-there", "--restart"]);
    assert!(refused.err.contains("no such job"), "{refused:?}");
    assert_eq!(left(), 3);
    let refused = update(&robot, &["keep", "--restart"]);
    assert!(refused.err.contains("no such job"), "{refused:?}");
    assert_eq!(left(), 3);
    let told = update(&robot, &["keep"]);
    assert!(told.done().contains("is to be tried"), "{told:?}");
    assert_eq!(left(), 3);
    robot.write("bin/systemctl", working);
    update(&robot, &["keep", "--restart"]).done();
    assert_eq!(left(), 2);
    assert_eq!(
        fs::read_to_string(robot.path("restarts")).unwrap(),
        "reboot --reboot-argument=0 tryboot\n"
    );
}
