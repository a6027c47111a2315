//! Somebody speaks while the robot does: a word of listening lets it go on, a question stops it.

use crate::support::{Daemon, Robot};
use madoguchi_shared::packet::Speaker;
use madoguchi_shared::screen::{Activity, ScreenToRobot, ScreenView};

fn lines(view: &ScreenView) -> Vec<(u32, Speaker)> {
    let whole = view.captions.iter().filter(|caption| !caption.partial);
    whole
        .map(|caption| (caption.number, caption.speaker))
        .collect()
}

#[test]
fn a_word_of_listening_lets_the_robot_go_on_and_a_question_stops_it() {
    let robot = Robot::with_models();
    for (id, words) in [
        ("listener", "Okay, yeah."),
        ("garbage", "Wait. When is the garbage collected?"),
    ] {
        let wav = format!("{id}.wav");
        robot
            .run(&["say", "--lang", "en", "--out", &wav, words])
            .done();
        robot.configure(&format!(
            "[[visitor]]\nid = \"{id}\"\nlabel = \"{id}\"\nlanguage = \"en\"\nwav = \"{wav}\""
        ));
    }
    let daemon = Daemon::start(&robot, &[]);
    let mut page = daemon.page();
    let play = |id: &str| ScreenToRobot::PlayVisitor { id: id.to_owned() };
    page.wait_for(|view| view.activity == Activity::Listening);
    page.say(&ScreenToRobot::ChooseLanguage {
        language: "en".parse().unwrap(),
    });
    page.say(&ScreenToRobot::Typed {
        text: "What are your opening hours?".to_owned(),
    });
    let answering =
        page.wait_for(|view| view.activity == Activity::Speaking && view.captions.len() == 3);

    page.say(&play("listener"));
    page.wait_for(|view| view.activity == Activity::Hearing);
    let going_on = page.wait_for(|view| view.activity == Activity::Speaking);
    assert_eq!(lines(&going_on), lines(&answering));

    page.say(&play("garbage"));
    page.wait_for(|view| view.activity == Activity::Hearing);
    let other =
        page.wait_for(|view| view.activity == Activity::Speaking && view.captions.len() == 5);
    assert_eq!(lines(&other)[3].1, Speaker::Resident);
}
