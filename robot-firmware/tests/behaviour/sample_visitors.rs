//! The demonstration's sample visitors: one touch shows each way of the product.

use std::fs;
use std::path::Path;

use crate::support::{CRATE, Daemon, Robot};
use madoguchi_shared::packet::Speaker;
use madoguchi_shared::screen::{Activity, ScreenToRobot, Stage};

fn demo_visitors() -> String {
    let demo = fs::read_to_string(Path::new(CRATE).join("robot.demo.toml")).unwrap();
    demo[demo.find("[presence]").unwrap()..].to_owned()
}

#[test]
fn those_who_type_are_answered_or_passed_on_in_their_language() {
    let robot = Robot::without_models();
    robot.configure(&demo_visitors());
    let daemon = Daemon::start(&robot, &[]);
    let mut page = daemon.page();
    let view = page.wait_for(|view| !view.sample_visitors.is_empty());
    assert!(view.sample_visitors.len() >= 6);

    for (id, language, answered) in [
        ("taxes-pt", "pt", true),
        ("passport-es", "es", false),
        ("insurance-vi", "vi", false),
    ] {
        page.say(&ScreenToRobot::PlayVisitor { id: id.to_owned() });
        let view = page.wait_for(|view| {
            let said = |speaker| view.captions.iter().any(|line| line.speaker == speaker);
            view.language.as_str() == language && said(Speaker::Resident) && said(Speaker::Agent)
        });
        let words = &view.captions[0];
        assert_eq!(words.language.as_ref().unwrap().as_str(), language);
        let topics = view
            .captions
            .iter()
            .any(|line| line.text.contains("balcão 31"));
        assert_eq!(topics, answered, "{id}: {:?}", view.captions);
        page.say(&ScreenToRobot::Goodbye);
        page.wait_for(|view| matches!(view.stage, Stage::Goodbye | Stage::Greeting));
    }
    let (status, _, log) = daemon.stop();
    assert!(status.success(), "{log}");
}

#[test]
fn what_nobody_can_answer_twice_is_passed_on() {
    let robot = Robot::with_models();
    robot.configure(&demo_visitors());
    let mut daemon = Daemon::start(&robot, &[]);
    daemon.wait_for_log("understood by their meaning");
    let mut page = daemon.page();
    for asked in [1, 2] {
        page.say(&ScreenToRobot::PlayVisitor {
            id: "none-en".to_owned(),
        });
        page.wait_for(|view| {
            let questions = view.captions.iter();
            let questions = questions.filter(|line| line.text.contains("penguin"));
            questions.count() == asked && view.activity != Activity::Thinking
        });
    }
    daemon.wait_for_log("RepeatedFailure");
}
