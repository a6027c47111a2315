//! The PIN of staff in the room: set by a command, checked by the robot that runs, and found in
//! no file, record or log.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::support::{Daemon, Page, Robot};
use madoguchi_shared::onsite::{OnsiteAct, Pin, StaffAct, StaffPanel};
use madoguchi_shared::screen::{ScreenToRobot, ScreenView, Stage};

const PIN: &str = "730518294061";

fn act(page: &mut Page, act: StaffAct) {
    page.say(&ScreenToRobot::Staff { act });
}

fn enter(page: &mut Page, pin: &str) {
    let pin = Pin(pin.to_owned());
    act(page, StaffAct::Enter { pin });
}

fn panel(view: &ScreenView) -> Option<&StaffPanel> {
    view.staff.as_ref().map(|staff| &staff.panel)
}

fn holds(folder: &Path, words: &str) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return holds(&path, words);
        }
        let bytes = fs::read(path).unwrap();
        bytes.windows(words.len()).any(|at| at == words.as_bytes())
    })
}

#[test]
fn the_command_takes_a_pin_from_standard_input_or_makes_one() {
    let robot = Robot::without_models();
    let set = robot.run_with_input(&["staff-pin"], format!("{PIN}\n").as_bytes());
    assert!(set.done().contains("The PIN is set"), "{set:?}");
    let file = robot.path("state").join("staff.pin");
    let mode = fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let before = fs::read(&file).unwrap();
    for (wrong, why) in [
        ("12345\n", "6 to 12 digits"),
        ("abcdef\n", "6 to 12 digits"),
        ("\n", "6 to 12 digits"),
        ("123456\n", "easily guessed"),
    ] {
        let refused = robot.run_with_input(&["staff-pin"], wrong.as_bytes());
        let said = refused.correction();
        assert!(said.contains(why), "{said}");
        let digits = wrong.trim_end();
        assert!(digits.is_empty() || !said.contains(digits), "{said}");
    }
    assert_eq!(fs::read(&file).unwrap(), before, "the one before stays");
    let made = robot.run(&["staff-pin", "--random"]);
    let pin = made.done().trim();
    assert!(pin.len() == 6 && pin.bytes().all(|byte| byte.is_ascii_digit()));
    assert_ne!(fs::read(&file).unwrap(), before);
}

/// Enters a PIN; the view in which one was checked.
fn tries(page: &mut Page, pin: &str) -> ScreenView {
    enter(page, pin);
    page.wait_for(|view| {
        matches!(
            panel(view),
            Some(
                StaffPanel::Case { .. }
                    | StaffPanel::Pin {
                        wrong: true,
                        checking: false,
                        ..
                    }
            )
        )
    })
}

/// What is entered while another one is being checked isn't looked at: it is entered again.
fn until_that(page: &mut Page, pin: &str, wanted: impl Fn(&ScreenView) -> bool) -> ScreenView {
    let mut views = (0..20).map(|_| tries(page, pin));
    views.find(wanted).unwrap()
}

#[test]
fn only_the_right_pin_opens_the_case_and_it_is_written_nowhere() {
    let robot = Robot::without_models();
    let record = robot.path("record.jsonl");
    let daemon = Daemon::start(&robot, &["--record", record.to_str().unwrap()]);
    let mut page = daemon.page();
    act(&mut page, StaffAct::Open);
    page.wait_for(|view| panel(view) == Some(&StaffPanel::NoPin));
    // Set while the robot runs, it holds at once.
    robot.run_with_input(&["staff-pin"], PIN.as_bytes()).done();
    page.say(&ScreenToRobot::TalkToPerson);
    page.wait_for(|view| view.stage == Stage::Waiting);
    act(&mut page, StaffAct::Open);
    for wrong in ["730518294062", "000000"] {
        let view = tries(&mut page, wrong);
        assert!(matches!(
            panel(&view),
            Some(StaffPanel::Pin { until: None, .. })
        ));
    }
    until_that(&mut page, PIN, |view| {
        matches!(panel(view), Some(StaffPanel::Case { .. }))
    });
    let what = OnsiteAct::Accept;
    act(&mut page, StaffAct::Do { what });
    page.wait_for(|view| view.stage == Stage::Onsite);
    act(&mut page, StaffAct::Close);
    act(&mut page, StaffAct::Open);
    let blocked = until_that(&mut page, "204613", |view| {
        matches!(panel(view), Some(StaffPanel::Pin { until: Some(_), .. }))
    });
    assert_eq!(blocked.stage, Stage::Onsite);
    let (_, _, log) = daemon.stop();
    assert!(!log.contains(PIN), "{log}");
    assert!(!holds(robot.dir.path(), PIN), "it is in a file");
}
