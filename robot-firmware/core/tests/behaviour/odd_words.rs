//! Words that are too long, empty, in several scripts or directions: every one is borne, and
//! nothing grows without a bound.

use crate::support::torch::in_a_call;
use crate::support::{Robot, lang};
use madoguchi_core::input::{Partial, SpokenLanguage};
use madoguchi_core::{Input, Output};
use madoguchi_shared::packet::Speaker;
use madoguchi_shared::screen::Stage;
use serde_json::json;

/// What the console takes in one message.
const LONGEST_MESSAGE: usize = 1 << 20;

fn odd() -> Vec<String> {
    let mut odd: Vec<String> = [
        "",
        " \n\t ",
        "\u{200b}\u{feff}\u{2060}",
        "?",
        "。。。",
        "🙂",
        "🙂🗑️🏥👨\u{200d}👩\u{200d}👧\u{200d}👦❓",
        "ゴミは いつ lixo أين когда 何曜日 🗑️?",
        "متى تفتحون؟",
        "\u{202e}nepo uoy era nehw\u{202c}",
        "\u{2067}אתם פתוחים\u{2069} on Saturday?",
        "e\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}",
        "\u{0}\u{7}\u{1b}[31m\u{9b}",
        "\u{fffd}\u{fffe}\u{10ffff}",
        "１２３４５６７８９０",
        "99999999999999999999999999999999999999999999",
        "-0.0e999",
        "ＡＢＣ ﾊﾝｶｸ ㍿ ﷽",
        "9999-99-99",
    ]
    .map(str::to_owned)
    .to_vec();
    for unit in [
        "a",
        "語",
        "🙂",
        "ab ",
        "{value}",
        "はい。",
        "9",
        "\u{301}",
        "\n",
    ] {
        odd.push(unit.repeat(20_000));
    }
    odd
}

fn is_within_bounds(robot: &mut Robot, about: &str) {
    let view = serde_json::to_string(robot.view()).unwrap();
    assert!(view.len() < LONGEST_MESSAGE, "{about}: {}", view.len());
    for line in &robot.view().captions {
        let length = line.text.chars().count();
        assert!(length <= 2_000, "{about}: {length}");
        let hidden = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        assert!(!line.text.contains(hidden), "{about}");
    }
    for packet in robot.packets() {
        let length = serde_json::to_string(&packet).unwrap().len();
        assert!(length < LONGEST_MESSAGE, "{about}: {length}");
    }
}

fn about(text: &str) -> String {
    text.chars()
        .take(20)
        .collect::<String>()
        .escape_debug()
        .to_string()
}

#[test]
fn typed_and_spoken_to_the_agent() {
    for text in odd() {
        let about = about(&text);
        for spoken in [false, true] {
            let mut robot = Robot::new();
            robot.input(Input::ChoseLanguage(lang("en")));
            let lines = robot.view().captions.len();
            match spoken {
                true => robot.hears_pack("en", &text),
                false => robot.types(&text),
            }
            is_within_bounds(&mut robot, &about);
            let said = text.chars().any(|c| !c.is_whitespace() && !c.is_control());
            let hidden = text.starts_with('\u{200b}');
            let added = robot.view().captions.len() > lines;
            assert_eq!(added, said && !hidden, "{about}, spoken {spoken}");
            robot.types("What are your opening hours?");
            let answers = robot.view().captions.iter();
            assert!(
                answers
                    .filter(|line| line.speaker == Speaker::Agent)
                    .count()
                    > 0,
                "{about}"
            );
        }
    }
}

#[test]
fn words_so_far() {
    for text in odd() {
        let mut robot = Robot::new();
        let utterance = robot.speech_starts();
        let language = lang("en");
        robot.input(Input::Partial(Partial {
            utterance,
            text: text.clone(),
            language,
        }));
        is_within_bounds(&mut robot, &about(&text));
    }
}

#[test]
fn as_answers_to_every_kind_of_question() {
    for text in odd() {
        let about = about(&text);
        for begin in [
            "book an appointment",
            "check my unpaid bills",
            "cancel appointment",
        ] {
            for spoken in [false, true] {
                let mut robot = Robot::with_office();
                robot.hears_pack("en", begin);
                if begin.starts_with("book") {
                    robot.answers("tax");
                }
                match spoken {
                    true => robot.hears_pack("en", &text),
                    false => robot.answers(&text),
                }
                is_within_bounds(&mut robot, &about);
                assert!(robot.calls().is_empty(), "{about}");
                assert_eq!(robot.view().stage, Stage::Conversation, "{about}");
            }
        }
    }
}

#[test]
fn from_a_tool() {
    for text in odd() {
        let mut robot = Robot::with_office();
        robot.hears_pack("en", "book appointment");
        robot.answers("tax");
        robot.answers_and_confirms("2023-11-20");
        let slot = json!({ "slot": text, "date": text, "time": text });
        robot.tool_returns(json!({ "slots": vec![slot; 5_000], "note": text }));
        is_within_bounds(&mut robot, &about(&text));
    }
}

#[test]
fn from_both_sides_of_a_call_and_their_translator() {
    for text in odd() {
        let mut robot = Robot::new();
        let (case_id, _) = in_a_call(&mut robot);
        for message in 1..5 {
            let (text, language) = (text.clone(), lang("en"));
            robot.input(Input::OperatorSaid {
                case_id,
                message,
                text,
                language,
            });
        }
        for request in 0..20 {
            let text = Some(text.clone());
            robot.input(Input::Translated {
                request,
                translated: text.map(Into::into),
            });
        }
        robot.hears(SpokenLanguage::Other(lang("vi")), &text);
        let view = serde_json::to_string(robot.view()).unwrap();
        assert!(view.len() < LONGEST_MESSAGE, "{}", about(&text));
        robot.types(&text);
        for packet in robot.packets() {
            assert!(serde_json::to_string(&packet).unwrap().len() < LONGEST_MESSAGE);
        }
    }
}

#[test]
fn a_visitor_who_never_stops_typing_fills_neither_screen_nor_packet() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.input(Input::PressedPerson);
    for count in 0..600 {
        robot.types(&format!("{count} {}", "語".repeat(500)));
    }
    assert!(robot.view().captions.len() <= 201);
    let view = serde_json::to_string(robot.view()).unwrap();
    assert!(view.len() < LONGEST_MESSAGE, "{}", view.len());
    robot.input(Input::PressedStopWaiting);
    robot.take();
    robot.input(Input::PressedPerson);
    let packet = serde_json::to_string(&robot.packet()).unwrap();
    assert!(packet.len() < LONGEST_MESSAGE, "{}", packet.len());
}

#[test]
fn a_visit_in_which_much_is_said_is_told_from_its_end_and_taken_up_again() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.hears_pack("en", "I want to talk to a person");
    let case_id = robot.packet().case_id;
    for at in 0..400 {
        robot.types(&format!("{at} {}", "語".repeat(480)));
    }
    robot.types("I want to kill myself");
    is_within_bounds(&mut robot, "a long visit");
    let packet = robot.packet();
    let last = packet.transcript.last().unwrap();
    assert!(last.number > 400, "{}", last.number);
    assert!(packet.transcript[0].number > 1, "nothing was cut");

    let mut after = Robot::new();
    after.input(Input::Restored(Box::new(packet.clone())));
    assert_eq!(after.view().stage, Stage::Waiting);
    assert_eq!(after.packet().case_id, case_id);
    after.types("Am I still in the queue?");
    let numbers = after.outputs.iter().filter_map(|output| match output {
        Output::SendTurn { turn, .. } => Some(turn.number),
        _ => None,
    });
    let numbers: Vec<u32> = numbers.collect();
    assert_eq!(numbers, [last.number + 1, last.number + 2]);
}
