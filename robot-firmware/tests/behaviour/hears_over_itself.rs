//! A robot whose microphone hears its loudspeaker: it doesn't answer itself, and whoever speaks
//! over it is heard.

use std::fs;
use std::time::{Duration, Instant};

use crate::support::{Daemon, Robot, ten_of_clubs};
use madoguchi_core::Input;
use madoguchi_core::record::Step;
use madoguchi_shared::screen::ScreenToRobot;

const PATIENCE: Duration = Duration::from_secs(30);
const ROOM: &str = "[microphone]\nsource = \"simulated\"\necho_ms = 20";

/// What happened, in order, as `run --record` wrote it.
fn happened(robot: &Robot) -> Vec<Input> {
    let record = fs::read_to_string(robot.path("record.jsonl")).unwrap_or_default();
    let whole = record.rsplit_once('\n').map_or("", |(whole, _)| whole);
    whole
        .lines()
        .skip(1)
        .filter_map(|line| serde_json::from_str::<Step>(line).unwrap().input)
        .collect()
}

fn wait_for(robot: &Robot, what: &str, wanted: impl Fn(&[Input]) -> bool) -> Vec<Input> {
    let until = Instant::now() + PATIENCE;
    loop {
        let inputs = happened(robot);
        if wanted(&inputs) {
            return inputs;
        }
        assert!(
            Instant::now() < until,
            "never: {what}; instead: {inputs:#?}"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn said(inputs: &[Input]) -> usize {
    let ended = |input: &&Input| matches!(input, Input::SayEnded { .. });
    inputs.iter().filter(ended).count()
}

fn speaks(inputs: &[Input]) -> bool {
    let started = |input: &&Input| matches!(input, Input::SayStarted { .. });
    inputs.iter().filter(started).count() > said(inputs)
}

fn hears(inputs: &[Input]) -> bool {
    let heard = |input: &Input| matches!(input, Input::SpeechStarted { .. });
    inputs.iter().any(heard)
}

#[test]
fn its_own_sentence_is_no_visitor_and_a_visitor_stops_it() {
    let wav = ten_of_clubs();
    let robot = Robot::without_models();
    robot.configure(&format!(
        "{ROOM}\n[[visitor]]\nid = \"card\"\nlabel = \"Card\"\nlanguage = \"en\"\nwav = {wav:?}"
    ));
    let daemon = Daemon::start(&robot, &["--record", "record.jsonl"]);
    let mut page = daemon.page();
    page.say(&ScreenToRobot::ChooseLanguage {
        language: "pt".parse().unwrap(),
    });
    let inputs = wait_for(&robot, "the greeting's end", |inputs| said(inputs) == 1);
    assert!(!hears(&inputs), "it heard itself: {inputs:#?}");

    page.say(&ScreenToRobot::Typed {
        text: "Qual é o horário de atendimento?".to_owned(),
    });
    wait_for(&robot, "an answer", speaks);
    page.say(&ScreenToRobot::PlayVisitor {
        id: "card".to_owned(),
    });
    let inputs = wait_for(&robot, "the visitor", hears);
    assert!(
        speaks(&inputs),
        "heard only after the sentence: {inputs:#?}"
    );
    let (status, _, log) = daemon.stop();
    assert!(status.success(), "{log}");
    assert!(log.contains("speech interrupts the robot"), "{log}");
}
