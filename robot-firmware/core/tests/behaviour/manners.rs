//! What people say besides questions: they greet, ask to hear it again, ask more of the same, leave,
//! and cry for help in one word.

use crate::support::packs::sample;
use crate::support::{Robot, lang};
use madoguchi_core::pack::Phrase;
use madoguchi_core::{Input, Output};
use madoguchi_shared::packet::ReasonCode;
use madoguchi_shared::screen::Stage;

fn last(robot: &Robot) -> String {
    robot.said().last().unwrap().2.clone()
}

#[test]
fn who_greets_is_told_what_can_be_had_and_calls_nobody() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    for (language, text) in [
        ("en", "Hello!"),
        ("en", "How are you?"),
        ("en", "What can you do?"),
        ("ja", "こんにちは"),
        ("pt", "Oi, tudo bem?"),
    ] {
        robot.hears_pack(language, text);
        let wanted = sample()
            .phrase(&lang(language), Phrase::WhatICanDo)
            .to_owned();
        assert_eq!(last(&robot), wanted, "{text}");
        assert_eq!(robot.view().stage, Stage::Conversation);
        robot.finishes_speaking();
    }
}

#[test]
fn the_answer_is_given_again_to_who_asks_for_more_of_it_or_did_not_catch_it() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.hears_pack("en", "How do I get a residence certificate?");
    let answer = last(&robot);
    robot.finishes_speaking();
    for text in [
        "And how much is it?",
        "Is there a fee?",
        "Can you repeat that, please?",
        "I didn't understand",
    ] {
        robot.hears_pack("en", text);
        assert_eq!(last(&robot), answer, "{text}");
        assert_eq!(robot.view().stage, Stage::Conversation, "{text}");
        robot.finishes_speaking();
    }
    robot.hears_pack("en", "How much is a fishing licence?");
    assert_ne!(last(&robot), answer, "that is about something else");
}

#[test]
fn two_questions_in_one_line_are_both_answered() {
    let pack = sample();
    for (language, text, [first, second]) in [
        (
            "en",
            "Where are the toilets and what are your opening hours?",
            ["toilets", "opening-hours"],
        ),
        (
            "en",
            "Is there free wifi? Where can I park my car?",
            ["wifi", "parking"],
        ),
        (
            "ja",
            "トイレはどこですか。駐車場はありますか。",
            ["toilets", "parking"],
        ),
        (
            "pt",
            "Onde fica o banheiro e qual é o horário de atendimento?",
            ["toilets", "opening-hours"],
        ),
    ] {
        let mut robot = Robot::new();
        robot.hears_pack(language, text);
        let said = last(&robot);
        for topic in [first, second] {
            let own = pack.topic(topic).unwrap().answer(&lang(language)).unwrap();
            assert!(said.contains(own.say.as_str()), "{text}: {topic} in {said}");
        }
    }
}

#[test]
fn a_line_that_is_no_answer_is_said_again_and_none_before_the_first() {
    let mut robot = Robot::new();
    robot.hears_pack("en", "I need a licence for my dragon");
    let line = last(&robot);
    robot.finishes_speaking();
    robot.hears_pack("en", "Pardon?");
    assert_eq!(last(&robot), line);
}

#[test]
fn thanks_keep_the_visit_and_a_goodbye_ends_it() {
    for (language, asks, thanks, goodbye) in [
        (
            "en",
            "Where are the toilets?",
            "Thank you",
            "Ok thanks, goodbye",
        ),
        ("ja", "トイレはどこですか", "ありがとう", "さようなら"),
        ("pt", "Onde fica o banheiro?", "Obrigado", "Obrigado, tchau"),
    ] {
        let mut robot = Robot::new();
        robot.hears_pack(language, asks);
        robot.finishes_speaking();
        robot.hears_pack(language, thanks);
        assert_eq!(robot.view().stage, Stage::Conversation, "{thanks}");
        robot.finishes_speaking();
        robot.hears_pack(language, goodbye);
        assert_eq!(robot.view().stage, Stage::Goodbye, "{goodbye}");
    }
}

#[test]
fn one_word_of_alarm_is_enough() {
    for (language, text) in [
        ("en", "Fire!"),
        ("en", "A man hit me"),
        ("en", "Someone is following me"),
        ("ja", "火事です"),
        ("ja", "火事！"),
        ("ja", "助けて"),
        ("pt", "Incêndio!"),
        ("pt", "Socorro"),
    ] {
        let mut robot = Robot::new();
        robot.input(Input::ConsoleUp);
        robot.hears_pack(language, text);
        assert_eq!(robot.packet().reason.code, ReasonCode::Safety, "{text}");
        let rings = |output: &Output| matches!(output, Output::RingBell { .. });
        assert!(robot.outputs.iter().any(rings), "{text}");
    }
    for text in ["Where is the fire station?", "I want fire insurance"] {
        let mut robot = Robot::new();
        robot.input(Input::ConsoleUp);
        robot.hears_pack("en", text);
        let rings = |output: &Output| matches!(output, Output::RingBell { .. });
        assert!(!robot.outputs.iter().any(rings), "{text}");
    }
}
