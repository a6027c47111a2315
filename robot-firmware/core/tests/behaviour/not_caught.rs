//! Words that could not be made out: the robot says so, once, and offers to type.

use crate::support::{Robot, lang, not_caught, nothing, packs};
use madoguchi_core::Input;
use madoguchi_core::input::{Heard, SpokenLanguage};
use madoguchi_core::pack::Phrase;
use madoguchi_shared::packet::Speaker;
use madoguchi_shared::screen::{Activity, Stage};

fn phrase(tag: &str, phrase: Phrase) -> String {
    packs::sample().phrase(&lang(tag), phrase).to_owned()
}

fn says(robot: &mut Robot) -> Vec<String> {
    let said = robot.said().into_iter().map(|(_, _, text)| text).collect();
    robot.finishes_speaking();
    robot.take();
    said
}

fn speaks(robot: &mut Robot, utterance: u32) {
    robot.input(Input::SpeechStarted { utterance });
    robot.input(Input::SpeechEnded { utterance });
}

fn guessed(utterance: u32, text: &str, confidence: f32) -> Input {
    Input::Heard(Heard {
        utterance,
        text: text.to_owned(),
        language: SpokenLanguage::Pack(lang("en")),
        language_probability: 0.9,
        confidence,
        words: Vec::new(),
    })
}

fn in_a_visit() -> Robot {
    let mut robot = Robot::new();
    robot.input(Input::ChoseLanguage(lang("en")));
    says(&mut robot);
    robot
}

#[test]
fn speech_without_words_is_asked_for_again_then_typing_is_offered_then_nothing() {
    let mut robot = in_a_visit();
    for (utterance, expected) in [
        (1, vec![phrase("en", Phrase::NotCaught)]),
        (2, vec![phrase("en", Phrase::NotCaughtAgain)]),
        (3, vec![]),
    ] {
        speaks(&mut robot, utterance);
        robot.input(not_caught(utterance));
        assert_eq!(says(&mut robot), expected, "utterance {utterance}");
    }
    let shown = &robot.view().captions;
    assert_eq!(
        shown.last().unwrap().text,
        phrase("en", Phrase::NotCaughtAgain)
    );
    robot.hears_pack("en", "What are your opening hours?");
    says(&mut robot);
    speaks(&mut robot, 9);
    robot.input(not_caught(9));
    assert_eq!(
        says(&mut robot),
        [phrase("en", Phrase::NotCaught)],
        "words came between"
    );
}

#[test]
fn a_cough_is_not_mentioned() {
    let mut robot = in_a_visit();
    speaks(&mut robot, 1);
    robot.input(nothing(1));
    assert!(says(&mut robot).is_empty());
}

#[test]
fn the_first_words_of_a_visit_are_asked_for_again_too() {
    let mut robot = Robot::new();
    speaks(&mut robot, 1);
    robot.input(not_caught(1));
    assert_eq!(robot.view().stage, Stage::Conversation);
    assert_eq!(says(&mut robot), [phrase("ja", Phrase::NotCaught)]);
}

#[test]
fn what_was_not_caught_over_the_robots_sentence_lets_it_go_on() {
    let mut robot = in_a_visit();
    robot.hears_pack("en", "What are your opening hours?");
    robot.take();
    robot.input(Input::SpeechStarted { utterance: 2 });
    robot.input(Input::SpeechEnded { utterance: 2 });
    robot.input(not_caught(2));
    assert_eq!(robot.said().len(), 1);
    assert_ne!(robot.said()[0].2, phrase("en", Phrase::NotCaught));
    assert_eq!(robot.view().activity, Activity::Speaking);
}

#[test]
fn nobody_is_asked_again_while_they_go_on_speaking_or_wait_for_a_person() {
    let mut robot = in_a_visit();
    speaks(&mut robot, 1);
    robot.input(Input::SpeechStarted { utterance: 2 });
    robot.input(not_caught(1));
    assert!(says(&mut robot).is_empty());
    robot.input(nothing(2));
    robot.input(Input::ConsoleUp);
    robot.input(Input::PressedPerson);
    says(&mut robot);
    speaks(&mut robot, 3);
    robot.input(not_caught(3));
    assert!(says(&mut robot).is_empty());
}

#[test]
fn a_guess_is_asked_for_again_and_taken_the_second_time() {
    let mut robot = in_a_visit();
    speaks(&mut robot, 1);
    robot.input(guessed(1, "Opening ours", 0.22));
    assert_eq!(says(&mut robot), [phrase("en", Phrase::NotCaught)]);
    let resident = |robot: &Robot| {
        let captions = robot.view().captions.iter();
        captions.filter(|c| c.speaker == Speaker::Resident).count()
    };
    assert_eq!(resident(&robot), 0);
    speaks(&mut robot, 2);
    robot.input(guessed(2, "Opening ours", 0.22));
    assert_eq!(resident(&robot), 1);
}

#[test]
fn every_language_of_the_pack_has_words_for_it() {
    let pack = packs::sample();
    for language in pack.spoken_languages() {
        for phrase in [Phrase::NotCaught, Phrase::NotCaughtAgain] {
            assert!(pack.courtesy(language, phrase).is_some(), "{language}");
        }
    }
}

#[test]
fn words_that_come_after_they_were_given_up_are_not_answered() {
    let mut robot = in_a_visit();
    speaks(&mut robot, 1);
    robot.wait_ms(31_000);
    assert_eq!(says(&mut robot), [phrase("en", Phrase::NotCaught)]);
    let lines = robot.view().captions.len();
    robot.input(guessed(1, "What are your opening hours?", 0.9));
    assert!(robot.take().is_empty());
    assert_eq!(robot.view().captions.len(), lines);
}
