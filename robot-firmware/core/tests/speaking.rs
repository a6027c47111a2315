//! What the robot says, piece by piece: on the screen, in the transcript, cut off and taken up.
#![allow(clippy::unwrap_used)]

mod support;

use madoguchi_core::Input;
use madoguchi_shared::packet::Speaker;
use madoguchi_shared::screen::Caption;
use support::{Robot, nothing};

/// A robot that has begun to answer in Japanese; number and words of the answer.
fn answering() -> (Robot, u64, String) {
    let mut robot = Robot::new();
    robot.hears_pack("ja", "窓口の時間を教えてください");
    let (id, _, text) = robot.said().pop().unwrap();
    robot.input(Input::SayStarted { id });
    (robot, id, text)
}

/// Where the clause that begins with `words` stands in `text`.
fn clause(text: &str, words: &str) -> std::ops::Range<usize> {
    let start = text.find(words).unwrap();
    let end = start + text[start..].find(['、', '。']).unwrap() + '、'.len_utf8();
    start..end
}

fn sounds(robot: &mut Robot, id: u64, span: std::ops::Range<usize>) {
    robot.input(Input::SayProgress {
        id,
        start: span.start,
        end: span.end,
    });
}

fn agents_caption(robot: &Robot) -> &Caption {
    let captions = &robot.view().captions;
    captions
        .iter()
        .rfind(|caption| caption.speaker == Speaker::Agent)
        .unwrap()
}

/// The words that the screen marks, counted as the page counts.
fn marked(robot: &Robot) -> Option<String> {
    let caption = agents_caption(robot);
    let span = caption.sounding?;
    let units: Vec<u16> = caption.text.encode_utf16().collect();
    Some(String::from_utf16(&units[span.start as usize..span.end as usize]).unwrap())
}

#[test]
fn the_screen_marks_the_piece_that_sounds_until_the_sentence_ends() {
    let (mut robot, id, text) = answering();
    assert_eq!(marked(&robot), None);
    for words in ["区役所は", "月曜日"] {
        let span = clause(&text, words);
        sounds(&mut robot, id, span.clone());
        assert_eq!(marked(&robot).as_deref(), Some(&text[span]));
    }
    robot.input(Input::SayEnded { id });
    assert_eq!(marked(&robot), None);
}

#[test]
fn progress_of_another_sentence_or_beside_the_text_marks_nothing() {
    let (mut robot, id, text) = answering();
    sounds(&mut robot, id + 1, 0..3);
    sounds(&mut robot, id, 0..text.len() + 1);
    sounds(&mut robot, id, 1..3);
    assert_eq!(marked(&robot), None);
}

#[test]
fn the_transcript_says_how_far_a_sentence_came() {
    let (mut robot, id, text) = answering();
    sounds(&mut robot, id, clause(&text, "区役所は"));
    let second = clause(&text, "月曜日");
    sounds(&mut robot, id, second.clone());
    robot.input(Input::PressedStopSpeaking);
    robot.input(Input::PressedPerson);
    let transcript = robot.packet().transcript;
    let turn = transcript.iter().find(|turn| turn.text == text).unwrap();
    assert!(turn.interrupted);
    assert_eq!(turn.spoken.as_deref(), Some(&text[..second.start]));
}

#[test]
fn a_sentence_is_taken_up_from_the_clause_where_it_stopped() {
    let (mut robot, id, text) = answering();
    let second = clause(&text, "月曜日");
    sounds(&mut robot, id, second.clone());
    robot.take();
    robot.input(Input::SpeechStarted { utterance: 9 });
    robot.input(nothing(9));
    let (resumed, language, rest) = robot.said().pop().unwrap();
    assert_ne!(resumed, id);
    assert_eq!(
        (language.as_str(), rest.as_str()),
        ("ja", &text[second.start..])
    );

    let third = clause(&text, "午前");
    sounds(
        &mut robot,
        resumed,
        third.start - second.start..third.end - second.start,
    );
    assert_eq!(marked(&robot).as_deref(), Some(&text[third.clone()]));
    assert_eq!(
        robot.view().captions.len(),
        2,
        "the line stands on the screen once"
    );

    robot.input(Input::PressedStopSpeaking);
    assert!(robot.resumes());
    assert_eq!(robot.said().pop().unwrap().2, &text[third.start..]);
    let (id, ..) = robot.said().pop().unwrap();
    robot.input(Input::SayEnded { id });
    robot.input(Input::PressedPerson);
    let transcript = robot.packet().transcript;
    let turn = transcript.iter().find(|turn| turn.text == text).unwrap();
    assert!(!turn.interrupted, "it was spoken to its end after all");
    assert_eq!(turn.spoken, None);
}

#[test]
fn nothing_is_taken_up_after_something_else_was_said_or_the_visit_is_over() {
    let (mut robot, ..) = answering();
    assert!(!robot.resumes(), "nothing was cut off");
    robot.input(Input::PressedStopSpeaking);
    robot.hears_pack("ja", "ゴミの日はいつですか");
    let (id, ..) = robot.said().pop().unwrap();
    robot.input(Input::SayEnded { id });
    assert!(!robot.resumes(), "an answer came since");

    let (mut robot, ..) = answering();
    robot.input(Input::PressedStopSpeaking);
    robot.wait_ms(120_000);
    assert!(!robot.resumes(), "the visitor has left");
}
