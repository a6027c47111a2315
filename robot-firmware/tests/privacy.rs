//! What a resident says stays out of the log and off the disk.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::Path;

use madoguchi_shared::packet::Speaker;
use madoguchi_shared::screen::{ScreenToRobot, Stage};
use support::{Daemon, Robot};

const NAME: &str = "Kunigunde Xylander";

fn files_under(folder: &Path, found: &mut Vec<Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_under(&path, found);
        } else {
            found.push(fs::read(path).unwrap());
        }
    }
}

#[test]
fn a_name_that_was_typed_is_in_no_log_and_no_file() {
    let robot = Robot::without_models();
    let mut daemon = Daemon::start(&robot, &[]);
    let mut page = daemon.page();
    page.say(&ScreenToRobot::ChooseLanguage {
        language: "en".parse().unwrap(),
    });
    page.say(&ScreenToRobot::Typed {
        text: format!("My name is {NAME}. What are your opening hours?"),
    });
    page.wait_for(|view| {
        let said = |speaker| view.captions.iter().any(|line| line.speaker == speaker);
        said(Speaker::Resident) && said(Speaker::Agent)
    });
    page.say_raw(&format!(
        r#"{{"type":"choose_language","language":"{NAME}"}}"#
    ));
    page.say_raw(&format!(r#"{{"type":"{NAME}"}}"#));
    daemon.wait_for_log("not understood");
    page.say(&ScreenToRobot::Typed {
        text: format!("{NAME} wants to talk to a person, please."),
    });
    daemon.wait_for_log("case opened");
    page.say(&ScreenToRobot::Goodbye);
    page.wait_for(|view| matches!(view.stage, Stage::Goodbye | Stage::Greeting));

    let (status, _, log) = daemon.stop();
    assert!(status.success(), "{log}");
    assert!(log.contains("visit started"), "{log}");
    let mut files = Vec::new();
    files_under(robot.dir.path(), &mut files);
    for word in NAME.split(' ') {
        assert!(!log.contains(word), "{log}");
        let kept = files
            .iter()
            .any(|file| file.windows(word.len()).any(|part| part == word.as_bytes()));
        assert!(!kept, "a file holds “{word}”");
    }
}
