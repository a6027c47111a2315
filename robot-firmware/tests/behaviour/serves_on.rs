//! A robot without console and models still serves whoever stands before it.

use std::time::Duration;

use crate::support::{Daemon, Robot};
use madoguchi_shared::packet::Speaker;
use madoguchi_shared::screen::{Activity, ScreenToRobot, Stage, Tone};

#[test]
fn typed_questions_are_answered_without_console_and_models() {
    let robot = Robot::without_models();
    // A reserved port, on which nobody listens.
    let console = "ws://127.0.0.1:1/robot/link";
    robot.run(&["claim", "--console", console]).done();
    let mut daemon = Daemon::start(&robot, &[]);
    daemon.wait_for_log("can't be reached");
    daemon.wait_for_log("madoguchi-console serve");

    let answer = daemon.get("/");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.contains("content-security-policy: "), "{answer}");
    let answer = daemon.get("/no/such/page");
    assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");

    let mut page = daemon.page();
    let view = page.wait_for(|view| view.activity == Activity::CannotHear);
    assert_eq!(view.stage, Stage::Greeting);
    page.say(&ScreenToRobot::ChooseLanguage {
        language: "en".parse().unwrap(),
    });
    page.say(&ScreenToRobot::Typed {
        text: "What are your opening hours?".to_owned(),
    });
    let view = page.wait_for(|view| {
        let mut lines = view.captions.iter();
        lines.any(|line| line.speaker == Speaker::Agent && line.text.contains("half past eight"))
    });
    assert_eq!(view.stage, Stage::Conversation);
    assert_eq!(view.language.as_str(), "en");

    page.say(&ScreenToRobot::TalkToPerson);
    let view = page.wait_for(|view| view.notice.is_some());
    assert_eq!(view.notice.unwrap().tone, Tone::Trouble, "nobody can come");

    let (status, took, log) = daemon.stop();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(
        took < Duration::from_secs(10),
        "the time that its unit gives it: {took:?}"
    );
    for line in log.lines() {
        crate::support::assert_plain(line);
    }
    assert!(log.contains("models fetch"), "{log}");
}

#[test]
fn only_its_own_page_may_drive_the_robot() {
    let robot = Robot::without_models();
    let daemon = Daemon::start(&robot, &[]);
    let here = daemon.address.to_string();
    let own = format!("http://{here}");
    let refused = |host: &str, origin: Option<&str>| daemon.connect(host, origin).err();
    assert_eq!(refused(&here, Some("https://evil.example")), Some(403));
    assert_eq!(refused(&here, Some("null")), Some(403));
    assert_eq!(refused(&here, None), Some(403));
    let port = daemon.address.port();
    let rebound = format!("evil.example:{port}");
    let origin = format!("http://{rebound}");
    assert_eq!(refused(&rebound, Some(&origin)), Some(403));
    assert_eq!(refused(&rebound, Some(&own)), Some(403));
    assert_eq!(refused(&here, Some(&own)), None);
}

#[test]
fn a_page_that_talks_nonsense_is_ignored() {
    let robot = Robot::without_models();
    let daemon = Daemon::start(&robot, &[]);
    let mut page = daemon.page();
    for nonsense in ["", "{", "[1,2]", r#"{"type":"drive","speed":9}"#] {
        page.say_raw(nonsense);
    }
    page.say(&ScreenToRobot::PlayVisitor {
        id: "nobody".to_owned(),
    });
    page.say(&ScreenToRobot::ChooseLanguage {
        language: "pt".parse().unwrap(),
    });
    let view = page.wait_for(|view| view.stage == Stage::Conversation);
    assert_eq!(view.language.as_str(), "pt");
    let (status, _, log) = daemon.stop();
    assert!(status.success(), "{log}");
}
