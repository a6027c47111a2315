//! The robot keeps itself up to date, by hand and at night: bundles made and signed by the program
//! itself, installed over the files of a small machine, proven by the robot that runs.

mod apart;
mod refused;
mod two_at_once;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::support::{Daemon, Ran, Robot};
use madoguchi_shared::screen::{ScreenToRobot, Stage};

const HASH: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/// A robot of an image, version 1.0.0 in slot A, and the key of its vendor.
fn on_an_image(robot: &Robot) {
    for folder in [
        "esp/loader/entries",
        "esp/EFI/madoguchi",
        "partitions",
        "keys",
        "bin",
    ] {
        fs::create_dir_all(robot.path(folder)).unwrap();
    }
    robot
        .run(&["bundle", "key", "vendor.pem", "keys/vendor.pem"])
        .done();
    for label in ["root-a", "hash-a", "root-b", "hash-b"] {
        robot.write(&format!("partitions/madoguchi-{label}"), vec![0; 100_000]);
    }
    robot.write(
        "esp/loader/entries/madoguchi-a.conf",
        "version 1.0.0\nsort-key madoguchi\nefi /EFI/madoguchi/a.efi\n",
    );
    runs(robot, "1.0.0", "a");
    robot.configure(
        "[update]\nfolder = \"updates\"\nkeys = \"keys\"\nimage = \"image.toml\"\nsources = [\"new.bundle\"]\n\
         quiet_from = \"01:00\"\nquiet_until = \"05:00\"",
    );
    // What it is asked to do is seen in a file.
    let script = "#!/bin/sh\necho \"$@\" >>\"$(dirname \"$0\")/../restarts\"\n";
    let path = robot.write("bin/systemctl", script);
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// What the machine says of itself after it has started from a slot.
fn runs(robot: &Robot, version: &str, slot: &str) {
    robot.write("cmdline", format!("ro madoguchi.slot={slot}\n"));
    let path = |name: &str| robot.path(name).to_string_lossy().into_owned();
    let image = format!(
        "board = \"generic-amd64\"\nversion = \"{version}\"\nbuilt_unix_s = 1790000000\nboot = \"uefi\"\n\
         boot_files = {:?}\npartitions = {:?}\ncommand_line = {:?}\noptions = \"quiet\"\n",
        path("esp"),
        path("partitions"),
        path("cmdline"),
    );
    robot.write("image.toml", image);
}

fn system(robot: &Robot, version: &str, out: &str) {
    for part in ["root", "hashes", "kernel"] {
        robot.write(part, format!("{part} of {version}").repeat(1_000));
    }
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
        "kernel=kernel",
        "--version",
        version,
        "--key",
        "vendor.pem",
        "--out",
        out,
        "--json",
    ]);
    assert_eq!(made.json()["version"], version);
}

/// By the timer, at night.
const NIGHT: [&str; 4] = ["--quiet-hours", "--at", "02:00", "--restart"];

fn update(robot: &Robot, args: &[&str]) -> Ran {
    updating(robot, args).output().unwrap().into()
}

fn updating(robot: &Robot, args: &[&str]) -> Command {
    let path = format!(
        "{}:{}",
        robot.path("bin").display(),
        std::env::var("PATH").unwrap()
    );
    let mut command = robot.command(&["update"]);
    command.args(args).env("PATH", path);
    command
}

fn status(robot: &Robot) -> serde_json::Value {
    update(robot, &["status", "--json"]).json()
}

fn entries(robot: &Robot) -> Vec<String> {
    let entries = fs::read_dir(robot.path("esp/loader/entries")).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The configuration names the port on which the robot serves.
fn serving(robot: &Robot) -> Daemon {
    let daemon = Daemon::start(robot, &[]);
    let text = fs::read_to_string(robot.path("robot.toml")).unwrap();
    robot.write(
        "robot.toml",
        text.replace("127.0.0.1:0", &daemon.address.to_string()),
    );
    daemon
}

#[test]
fn a_system_is_installed_tried_proven_and_kept() {
    let robot = Robot::with_models();
    on_an_image(&robot);
    system(&robot, "1.1.0", "new.bundle");
    let old = serving(&robot);
    let checked = update(&robot, &["check"]);
    assert!(
        checked.done().contains("system 1.1.0: can be installed"),
        "{checked:?}"
    );
    let mut page = old.page();
    let installed = update(&robot, &["--restart"]);
    // Before anything starts anew, the screen says so.
    let view = page.wait_for(|view| !view.renewing.is_empty());
    let english = view
        .renewing
        .iter()
        .find(|own| own.language.as_str() == "en");
    assert!(english.unwrap().text.contains("back in a few minutes"));
    drop(page);
    assert!(
        installed
            .done()
            .contains("it is tried when the machine starts anew")
    );
    assert_eq!(
        fs::read_to_string(robot.path("restarts")).unwrap(),
        "reboot\n"
    );
    assert_eq!(
        entries(&robot),
        ["madoguchi-a.conf", "madoguchi-b+3-0.conf"]
    );
    let told = status(&robot);
    assert_eq!(told["last"]["phase"], "restarting");
    assert_eq!(told["slots"][1]["entry"]["tries_left"], 3);
    let root = fs::read(robot.path("partitions/madoguchi-root-b")).unwrap();
    assert!(root.starts_with(b"root of 1.1.0root of 1.1.0"));
    drop(old);

    // The boot loader counts and starts it; the new robot works as the old one did.
    let (from, to) = (
        "esp/loader/entries/madoguchi-b+3-0.conf",
        "esp/loader/entries/madoguchi-b+2-1.conf",
    );
    fs::rename(robot.path(from), robot.path(to)).unwrap();
    runs(&robot, "1.1.0", "b");
    let mut new = serving_again(&robot);
    new.wait_for_log("this system has to prove itself before the wheels may turn");
    assert!(checked_by(&robot).contains("generic-amd64 1.1.0; system 1.1.0 waits for a restart"));
    let kept = update(&robot, &["keep", "--patience", "120"]);
    assert!(
        kept.done().contains("version 1.1.0 works and is kept"),
        "{kept:?}"
    );
    assert_eq!(entries(&robot), ["madoguchi-a.conf", "madoguchi-b.conf"]);
    new.wait_for_log("this system has proven itself; the wheels may turn");
    assert!(checked_by(&robot).contains("system 1.1.0 is in use"));
    assert_eq!(status(&robot)["last"]["phase"], "done");
    let again = update(&robot, &[]);
    assert_eq!(again.code, 1);
    assert!(
        again.err.contains("a robot never goes back by an update"),
        "{again:?}"
    );
}

/// What the robot that runs says to whoever looks after it.
fn checked_by(robot: &Robot) -> String {
    robot.run(&["check", "--running", "20"]).out
}

/// On any port: the configuration is written for that anew.
fn serving_again(robot: &Robot) -> Daemon {
    let text = fs::read_to_string(robot.path("robot.toml")).unwrap();
    let lines = text
        .lines()
        .filter(|line| !line.starts_with("listen") && *line != "[screen]");
    robot.write(
        "robot.toml",
        lines.map(|line| format!("{line}\n")).collect::<String>(),
    );
    serving(robot)
}

#[test]
fn a_system_that_doesnt_work_is_not_kept_and_then_gone_back_from() {
    let robot = Robot::without_models();
    on_an_image(&robot);
    system(&robot, "1.1.0", "new.bundle");
    update(&robot, &["--nobody-there"]).done();
    let entry = |count: &str| robot.path(&format!("esp/loader/entries/madoguchi-b{count}.conf"));
    fs::rename(entry("+3-0"), entry("+0-3")).unwrap();
    runs(&robot, "1.1.0", "b");
    let _daemon = serving(&robot);
    let kept = update(&robot, &["keep", "--patience", "0"]);
    assert_eq!(kept.code, 1);
    assert!(
        kept.err
            .contains("version 1.1.0 is not kept: Models doesn't work"),
        "{kept:?}"
    );
    assert_eq!(status(&robot)["last"]["phase"], "trial");
    assert_eq!(
        update(&robot, &["keep", "--patience", "0", "--restart"]).code,
        1
    );
    assert_eq!(
        fs::read_to_string(robot.path("restarts")).unwrap(),
        "reboot\n"
    );
    fs::remove_file(robot.path("restarts")).unwrap();

    // The boot loader goes back by itself.
    runs(&robot, "1.0.0", "a");
    let back = update(&robot, &["keep"]);
    assert!(
        back.done().contains("the newer one never worked here"),
        "{back:?}"
    );
    assert_eq!(status(&robot)["last"]["phase"], "fell_back");
    // The robot looks at the record every few seconds.
    let words = "was tried and gone back from: version 1.1.0 never worked here";
    let until = Instant::now() + Duration::from_secs(60);
    while !checked_by(&robot).contains(words) {
        assert!(Instant::now() < until, "{}", checked_by(&robot));
        sleep(Duration::from_millis(200));
    }
    let night = update(&robot, &NIGHT);
    assert_eq!(night.code, 1, "{night:?}");
    assert!(night.err.contains("was tried here and failed"), "{night:?}");
    assert!(!robot.path("restarts").exists());
    system(&robot, "1.1.1", "new.bundle");
    update(&robot, &NIGHT).done();
    assert_eq!(
        fs::read_to_string(robot.path("restarts")).unwrap(),
        "reboot\n"
    );
}

#[test]
fn nothing_is_installed_in_a_visit_or_outside_of_quiet_hours() {
    let robot = Robot::without_models();
    on_an_image(&robot);
    system(&robot, "1.1.0", "new.bundle");
    let daemon = serving(&robot);
    let mut page = daemon.page();
    page.say(&ScreenToRobot::TalkToPerson);
    page.wait_for(|view| view.stage == Stage::Waiting);
    let refused = update(&robot, &[]);
    assert_eq!(refused.code, 1);
    assert!(
        refused.err.contains("a visitor is being served"),
        "{refused:?}"
    );
    drop((page, daemon));
    for time in ["00:59", "05:00", "23:59"] {
        update(&robot, &["--quiet-hours", "--at", time]).done();
    }
    assert_eq!(entries(&robot), ["madoguchi-a.conf"]);
}
