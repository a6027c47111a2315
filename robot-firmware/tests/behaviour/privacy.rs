//! What a resident says stays out of the log and off the disk.

use std::fs;
use std::path::Path;

use crate::support::{Daemon, Robot};
use madoguchi_shared::packet::Speaker;
use madoguchi_shared::screen::{Activity, ScreenToRobot, ScreenView, Stage};

const NAME: &str = "Kunigunde Xylander";
const VISITOR: &str = r#"
[microphone]
source = "simulated"
[[visitor]]
id = "spoken"
label = "Spoken"
language = "en"
say = "My grandmother has bought seventeen yellow umbrellas for the elephants."
"#;

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
    page.say(&ScreenToRobot::PlayVisitor { id: NAME.into() });
    daemon.wait_for_log("sample visitor");
    page.say(&ScreenToRobot::Typed {
        text: format!("{NAME} wants to talk to a person, please."),
    });
    daemon.wait_for_log("case opened");
    page.say(&ScreenToRobot::Goodbye);
    page.wait_for(|view| matches!(view.stage, Stage::Goodbye | Stage::Greeting));

    let (status, _, log) = daemon.stop();
    assert!(status.success(), "{log}");
    assert!(log.contains("visit started"), "{log}");
    assert_forgotten(NAME.split(' '), &log, &[robot.dir.path()]);
}

/// None of the words is in the log or in a file below the folders.
fn assert_forgotten<'a>(words: impl Iterator<Item = &'a str>, log: &str, folders: &[&Path]) {
    let mut files = Vec::new();
    for folder in folders {
        files_under(folder, &mut files);
    }
    for word in words {
        assert!(!log.contains(word), "{log}");
        let kept = files
            .iter()
            .any(|file| file.windows(word.len()).any(|part| part == word.as_bytes()));
        assert!(!kept, "a file holds “{word}”");
    }
}

#[test]
fn what_a_visitor_said_aloud_is_in_no_log_and_no_file() {
    let robot = Robot::with_models();
    robot.configure(VISITOR);
    let mut daemon = Daemon::start(&robot, &[]);
    let mut page = daemon.page();
    page.wait_for(|view| view.activity == Activity::Listening);
    page.say(&ScreenToRobot::PlayVisitor {
        id: "spoken".into(),
    });
    let said = |view: &ScreenView| {
        let mut lines = view.captions.iter();
        let line = lines.find(|line| line.speaker == Speaker::Resident)?;
        let words = line.text.split(|c: char| !c.is_alphabetic());
        let long: Vec<String> = words
            .filter(|word| word.len() > 5)
            .map(str::to_owned)
            .collect();
        (long.len() > 3).then_some(long)
    };
    let view = page.wait_for(|view| said(view).is_some());
    daemon.wait_for_log("recognised");
    let (status, _, log) = daemon.stop();
    assert!(status.success(), "{log}");
    fs::remove_file(robot.path("robot.toml")).unwrap();
    let words = said(&view).unwrap();
    assert_forgotten(words.iter().map(String::as_str), &log, &[robot.dir.path()]);
}
