//! An operator sees which words may have been misheard, and never where a secret stood.

use crate::support::{Robot, lang};
use madoguchi_core::Input;
use madoguchi_core::input::{Heard, HeardWord, SpokenLanguage};
use madoguchi_shared::packet::Packet;
use madoguchi_shared::screen::TextSpan;

fn heard(utterance: u32, words: &[(&str, f32)]) -> Input {
    let texts: Vec<&str> = words.iter().map(|(text, _)| *text).collect();
    Input::Heard(Heard {
        utterance,
        text: texts.join(" "),
        language: SpokenLanguage::Pack(lang("en")),
        language_probability: 0.97,
        confidence: 0.8,
        words: words
            .iter()
            .map(|&(text, confidence)| HeardWord {
                text: text.to_owned(),
                confidence,
            })
            .collect(),
    })
}

fn says(robot: &mut Robot, words: &[(&str, f32)]) {
    let utterance = robot.speech_starts();
    robot.input(Input::SpeechEnded { utterance });
    robot.input(heard(utterance, words));
}

fn marked(packet: &Packet) -> Vec<String> {
    let turns = packet.transcript.iter();
    turns
        .flat_map(|turn| {
            let units: Vec<u16> = turn.text.encode_utf16().collect();
            let part = move |span: &TextSpan| {
                String::from_utf16(&units[span.start as usize..span.end as usize]).unwrap()
            };
            turn.doubtful.iter().map(part).collect::<Vec<String>>()
        })
        .collect()
}

#[test]
fn the_packet_marks_the_words_that_may_have_been_misheard() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    let words = [
        ("I", 0.9),
        ("live", 0.9),
        ("in", 0.9),
        ("room", 0.9),
        ("62018,", 0.2),
    ];
    says(&mut robot, &words);
    robot.input(Input::PressedPerson);
    assert_eq!(marked(&robot.packet()), ["62018,"]);
}

#[test]
fn words_of_an_utterance_that_was_cut_are_marked_in_both_parts() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    let first = robot.speech_starts();
    robot.input(Input::SpeechCut { utterance: first });
    let rest = robot.speech_starts();
    robot.input(heard(first, &[("My", 0.9), ("name", 0.9), ("is", 0.4)]));
    robot.input(Input::SpeechEnded { utterance: rest });
    robot.input(heard(rest, &[("Quilter,", 0.3), ("thanks", 0.9)]));
    robot.input(Input::PressedPerson);
    assert_eq!(marked(&robot.packet()), ["is Quilter,"]);
}

#[test]
fn nothing_is_marked_where_a_secret_stood() {
    let mut robot = Robot::with_office();
    robot.input(Input::ConsoleUp);
    robot.hears_pack("en", "What is the status of my application?");
    robot.answers("RC");
    robot.answers_and_confirms("2026 0412");
    says(&mut robot, &[("It", 0.9), ("was", 0.2), ("48213507", 0.1)]);
    robot.input(Input::PressedPerson);
    let packet = robot.packet();
    assert_eq!(marked(&packet), [""; 0]);
    assert!(!serde_json::to_string(&packet).unwrap().contains("48213507"));
}
