//! What the robot says, piece by piece: on the screen, in the transcript, cut off and taken up.

use crate::support::{Robot, lang, nothing};
use madoguchi_core::input::{Heard, Partial, SpokenLanguage};
use madoguchi_core::{Input, Output};
use madoguchi_shared::packet::Speaker;
use madoguchi_shared::screen::{Caption, Stage};

fn heard(utterance: u32, text: &str) -> Input {
    Input::Heard(Heard {
        utterance,
        text: text.to_owned(),
        language: SpokenLanguage::Pack(lang("en")),
        language_probability: 0.97,
        confidence: 0.9,
        words: Vec::new(),
    })
}

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

/// A robot in a visit that has just been asked something by typing, while somebody speaks.
fn asked_while_somebody_speaks() -> Robot {
    let mut robot = Robot::new();
    robot.input(Input::ChoseLanguage(lang("en")));
    robot.finishes_speaking();
    robot.input(Input::SpeechStarted { utterance: 1 });
    robot.take();
    robot.types("What are your opening hours?");
    robot
}

#[test]
fn a_television_does_not_make_the_robot_mute() {
    let mut robot = asked_while_somebody_speaks();
    let mut spoken_after = None;
    for second in 1..=60_u32 {
        robot.wait_ms(500);
        robot.input(Input::SpeechEnded { utterance: second });
        let utterance = second + 1;
        robot.input(Input::SpeechStarted { utterance });
        robot.wait_ms(500);
        robot.input(nothing(second));
        if spoken_after.is_none() && !robot.said().is_empty() {
            spoken_after = Some(second);
        }
    }
    assert!(spoken_after.is_some_and(|seconds| (4..=5).contains(&seconds)));
    assert_eq!(robot.said().len(), 1, "and it is said once");
    assert!(!robot.outputs.contains(&Output::StopSaying), "to its end");
    robot.input(Input::SpeechEnded { utterance: 61 });
    robot.input(heard(61, "Stop."));
    assert!(robot.outputs.contains(&Output::StopSaying));
}

#[test]
fn somebody_whose_words_are_known_already_is_let_finish() {
    let mut robot = asked_while_somebody_speaks();
    robot.input(Input::Partial(Partial {
        utterance: 1,
        text: "And I would like to know".to_owned(),
        language: lang("en"),
    }));
    robot.wait_ms(10_000);
    assert!(robot.said().is_empty());
    robot.input(Input::SpeechEnded { utterance: 1 });
    robot.input(nothing(1));
    robot.wait_ms(0);
    assert_eq!(robot.said().len(), 1);
}

#[test]
fn nobody_is_talked_over_when_a_person_is_called() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.input(Input::ChoseLanguage(lang("en")));
    robot.finishes_speaking();
    robot.input(Input::SpeechStarted { utterance: 2 });
    robot.take();
    robot.types("I want to talk to a person.");
    assert_eq!(robot.view().stage, Stage::Waiting);
    robot.wait_ms(3_000);
    assert!(robot.said().is_empty());
    robot.input(Input::SpeechEnded { utterance: 2 });
    robot.input(heard(2, "I am in a hurry."));
    assert_eq!(robot.said().len(), 1, "what was held back follows");
}

#[test]
fn nobody_is_talked_over_at_the_end() {
    let mut robot = Robot::new();
    robot.input(Input::ChoseLanguage(lang("en")));
    robot.finishes_speaking();
    robot.input(Input::SpeechStarted { utterance: 2 });
    robot.take();
    robot.input(Input::PressedGoodbye);
    robot.wait_ms(3_000);
    assert!(robot.said().is_empty());
    robot.wait_ms(1_500);
    assert_eq!(robot.said().len(), 1);
    assert_eq!(robot.view().stage, Stage::Goodbye, "it is read, too");
    robot.wait_ms(4_000);
    assert_eq!(robot.view().stage, Stage::Greeting);
}

#[test]
fn two_questions_in_one_breath_get_one_sentence() {
    let mut robot = Robot::new();
    robot.input(Input::ChoseLanguage(lang("en")));
    robot.finishes_speaking();
    robot.take();
    for utterance in [1, 2] {
        robot.input(Input::SpeechStarted { utterance });
        robot.input(Input::SpeechEnded { utterance });
    }
    for (utterance, text) in [
        (1, "What are your opening hours?"),
        (2, "When is the garbage collected?"),
    ] {
        robot.input(heard(utterance, text));
        robot.wait_ms(3_500);
    }
    let said = robot.said();
    assert_eq!(said.len(), 1, "{said:?}");
    robot.input(Input::PressedPerson);
    let lines = robot.packet().transcript;
    let unsaid = lines
        .iter()
        .filter(|turn| turn.spoken.as_deref() == Some(""));
    assert_eq!(unsaid.count(), 1, "the operator knows what was only shown");
}
