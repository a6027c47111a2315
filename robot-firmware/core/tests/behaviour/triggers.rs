//! Evidence that a person is needed: danger, distress, and what must not call anybody again.

use crate::support::packs::{parsed, sample_files, sample_with};
use crate::support::torch::in_a_call;
use crate::support::{Robot, back, lang, operator, settings};
use madoguchi_core::input::SpokenLanguage;
use madoguchi_core::{Input, Output};
use madoguchi_shared::packet::{Packet, ReasonCode};
use madoguchi_shared::screen::Tone;

fn bells(robot: &Robot) -> usize {
    let rings = |output: &&Output| matches!(output, Output::RingBell { .. });
    robot.outputs.iter().filter(rings).count()
}

fn cases(robot: &Robot) -> Vec<Packet> {
    let mut packets = robot.packets();
    packets.reverse();
    packets.dedup_by_key(|packet| packet.case_id);
    packets.reverse();
    packets
}

/// The robot with the console there, and its visitor's first words.
fn told(tag: &str, text: &str) -> Robot {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.hears_pack(tag, text);
    robot
}

#[test]
fn danger_calls_a_person_before_anything_else_is_asked() {
    for (tag, text, number) in [
        ("en", "I want to kill myself", "119"),
        ("ja", "もう死にたいです", "119"),
        ("pt", "meu marido me bate", "110"),
        ("en", "There's a man with a gun", "110"),
        ("ja", "人が倒れました", "119"),
    ] {
        let robot = told(tag, text);
        let packet = robot.packet();
        assert_eq!(packet.reason.code, ReasonCode::Safety, "{text}");
        assert_eq!(packet.route.priority, 100);
        assert_eq!(packet.reason.evidence[0].detector, "crisis_words");
        assert_eq!(packet.reason.evidence[0].turn, Some(1));
        assert_eq!(bells(&robot), 1, "{text}");
        let step = &packet.next_steps[0];
        assert!(
            step.source.starts_with("danger ") && step.text.contains(number),
            "{step:?}"
        );
        let (_, language, said) = robot.said().pop().unwrap();
        assert!(language == tag && said.contains(number), "{said}");
        let notice = robot.view().notice.clone().unwrap();
        assert!(notice.tone == Tone::Trouble && notice.text.contains(number));
        let asked = |output: &Output| matches!(output, Output::Embed { .. });
        assert!(
            !robot.outputs.iter().any(asked),
            "danger waited for a vector"
        );
    }
}

#[test]
fn what_only_sounds_like_danger_calls_nobody() {
    for (tag, text) in [
        ("en", "This is killing me, the queue is long"),
        ("en", "My late father's pension"),
        ("en", "Where is the leaflet on suicide prevention?"),
        ("ja", "自殺予防のパンフレットはどこですか"),
        ("pt", "Esta fila está me matando"),
    ] {
        let robot = told(tag, text);
        assert!(robot.packets().is_empty() && bells(&robot) == 0, "{text}");
    }
}

#[test]
fn a_guess_of_danger_is_not_asked_for_again() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.hears_at(0.1, "en", "please call an ambulance");
    assert_eq!(robot.packet().reason.code, ReasonCode::Safety);
}

#[test]
fn a_language_without_a_reviewed_sentence_has_bell_and_number_at_once() {
    let files = sample_with("escalation.toml", |text| {
        text.replace(r#"reviewed = ["ja", "en", "pt"]"#, r#"reviewed = ["ja"]"#)
    });
    let mut robot = Robot::of(parsed(&files), settings());
    robot.input(Input::ConsoleUp);
    robot.hears_pack("en", "I want to kill myself");
    assert_eq!(bells(&robot), 1);
    assert_eq!(robot.view().notice.clone().unwrap().text, "119");
    let said = robot.said().pop().unwrap().2;
    assert!(
        !said.contains("119"),
        "a sentence nobody answers for was said: {said}"
    );
}

#[test]
fn danger_is_heard_in_the_words_of_an_unsupported_language_too() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.hears(
        SpokenLanguage::Other(lang("es")),
        "Mi marido… help, he hits me",
    );
    assert_eq!(robot.packet().reason.code, ReasonCode::Safety);
    assert_eq!(bells(&robot), 1);
}

#[test]
fn a_pack_without_the_file_still_serves() {
    let mut files = sample_files();
    files.retain(|file| file.path != "escalation.toml");
    let mut robot = Robot::of(parsed(&files), settings());
    robot.hears_pack("en", "What are your opening hours?");
    assert!(robot.packets().is_empty());
}

#[test]
fn danger_raises_the_case_that_waits_and_rings_once() {
    let mut robot = told("en", "I want to talk to a person");
    assert_eq!(robot.packet().route.priority, 40);
    let case_id = robot.packet().case_id;
    robot.take();
    for _ in 0..2 {
        robot.hears_pack("en", "someone has fainted here");
    }
    let packet = robot.packet();
    assert_eq!(packet.case_id, case_id);
    assert_eq!(
        (packet.reason.code, packet.route.priority),
        (ReasonCode::Safety, 100)
    );
    let detectors: Vec<&str> = packet
        .reason
        .evidence
        .iter()
        .map(|own| own.detector.as_str())
        .collect();
    assert_eq!(detectors, ["crisis_words", "person_request"]);
    assert_eq!(bells(&robot), 1, "the same danger rang twice");
    assert!(robot.said().iter().any(|(_, _, text)| text.contains("119")));
}

#[test]
fn danger_in_a_call_raises_the_case_and_leaves_the_word_to_the_operator() {
    let mut robot = Robot::new();
    let (case_id, _) = in_a_call(&mut robot);
    robot.take();
    robot.hears_pack("en", "he is not breathing");
    let packet = robot.packet();
    assert_eq!(
        (packet.case_id, packet.reason.code),
        (case_id, ReasonCode::Safety)
    );
    assert_eq!(bells(&robot), 1);
    assert!(robot.said().is_empty());
}

fn handed_back(robot: &mut Robot) {
    let case_id = robot.packet().case_id;
    robot.input(Input::Accepted {
        case_id,
        operator: operator(),
        call: Some(1),
    });
    robot.input(Input::Ended {
        case_id,
        back: back(true),
    });
    robot.take();
}

#[test]
fn an_old_case_calls_nobody_again() {
    for (tag, words, after) in [
        (
            "en",
            "I want to kill myself",
            "Thank you, what are your opening hours?",
        ),
        (
            "en",
            "I want to talk to a person",
            "What are your opening hours?",
        ),
        (
            "ja",
            "もう限界です、ふざけるな、どうしたらいいかわかりません",
            "何時まで開いていますか",
        ),
    ] {
        let mut robot = told(tag, words);
        if robot.packets().is_empty() {
            robot.hears_pack(tag, words);
        }
        handed_back(&mut robot);
        robot.hears_pack(tag, after);
        assert!(robot.packets().is_empty(), "{words} called again");
        assert_eq!(bells(&robot), 0);
    }
}

#[test]
fn the_same_words_in_a_new_turn_are_new_evidence() {
    let mut robot = told("en", "I want to kill myself");
    let first = robot.packet().case_id;
    handed_back(&mut robot);
    robot.hears_pack("en", "I want to kill myself");
    assert_ne!(robot.packet().case_id, first);
    assert_eq!(bells(&robot), 1);
}

#[test]
fn distress_grows_over_turns_and_tells_why() {
    let mut robot = told("en", "I am so fed up, where is the tax counter?");
    assert!(
        cases(&robot).is_empty(),
        "one word of distress called a person"
    );
    robot.hears_pack("en", "I am so fed up, where is the tax counter?");
    let packet = robot.packet();
    assert_eq!(packet.reason.code, ReasonCode::Distress);
    assert_eq!(packet.route.priority, 80);
    let level = packet.resident.distress.unwrap();
    assert!((0.5..=1.0).contains(&level), "{level}");
    let told: Vec<(&str, Option<u32>)> = packet
        .reason
        .evidence
        .iter()
        .map(|own| (own.detector.as_str(), own.turn))
        .collect();
    assert_eq!(told[0], ("distress_words", Some(3)));
    assert!(told.contains(&("repeats", Some(3))), "{told:?}");
    assert!(told.contains(&("distress_words", Some(1))), "{told:?}");
}

#[test]
fn repeats_and_silence_alone_call_nobody() {
    let mut robot = told("en", "What are your opening hours?");
    for _ in 0..6 {
        robot.wait_ms(30_000);
        robot.hears_pack("en", "What are your opening hours?");
    }
    assert!(robot.packets().is_empty());
}
