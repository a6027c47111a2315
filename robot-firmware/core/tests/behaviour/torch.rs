//! Passing the torch, and taking the visitor back.

use crate::support::torch::{in_a_call, progress, waiting_in};
use crate::support::{Robot, back, lang, operator};
use madoguchi_core::input::SpokenLanguage;
use madoguchi_core::{Input, MachineTranslation, Output};
use madoguchi_shared::packet::{Owner, ReasonCode, Speaker, TranslationConfidence};
use madoguchi_shared::screen::Stage;

#[test]
fn an_unsupported_language_is_told_in_that_language_and_named_to_the_operator() {
    let mut robot = Robot::new();
    waiting_in(&mut robot, "vi", "Tôi muốn hỏi về giấy tờ");
    let packet = robot.packet();
    assert_eq!(packet.reason.code, ReasonCode::UnsupportedLanguage);
    assert_eq!(packet.reason.language, Some(lang("vi")));
    assert_eq!(packet.route.languages[0], lang("vi"));
    assert_eq!(packet.owner, Owner::Waiting);
    assert_eq!(packet.transcript[0].text, "Tôi muốn hỏi về giấy tờ");
    assert!(!packet.next_steps.is_empty());
    assert!(packet.summary.iter().any(|line| line.turns == [1]));
    assert_eq!(robot.said().last().unwrap().1, "vi");
    let notice = robot.view().notice.clone().unwrap();
    assert_eq!(notice.language, lang("vi"));
    assert_eq!(robot.view().stage, Stage::Waiting);
}

#[test]
fn words_and_act_come_from_one_event() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.input(Input::PressedPerson);
    let sent = robot.packets();
    let case_id = sent[0].case_id;
    assert!(sent.iter().all(|packet| packet.case_id == case_id));
    assert_eq!(robot.said().len(), 1);
    robot.input(Input::PressedPerson);
    assert_eq!(robot.packets(), sent, "the same wish opened a second case");
}

#[test]
fn asking_for_a_person_in_words_is_honoured() {
    for (tag, text) in [
        ("en", "I want to talk to a person"),
        ("pt", "Quero falar com uma pessoa"),
        ("ja", "人と話したいです"),
    ] {
        let mut robot = Robot::new();
        robot.input(Input::ConsoleUp);
        robot.hears_pack(tag, text);
        assert_eq!(
            robot.packet().reason.code,
            ReasonCode::AskedForPerson,
            "{tag}"
        );
        assert_eq!(robot.packet().reason.evidence[0].turn, Some(1));
    }
}

#[test]
fn the_whole_handover_and_back_to_the_greeting() {
    let mut robot = Robot::new();
    let (case_id, _) = in_a_call(&mut robot);
    assert_eq!(robot.view().stage, Stage::Live);
    assert_eq!(robot.view().operator.as_ref().unwrap().name, "Sato Hana");
    assert!(robot.view().camera_in_use && robot.view().microphone_in_use);
    robot.take();
    robot.input(Input::Ended {
        case_id,
        back: back(true),
    });
    let owners: Vec<Owner> = progress(&robot)
        .iter()
        .map(|(_, owner, _)| *owner)
        .collect();
    assert_eq!(owners.last(), Some(&Owner::Agent));
    assert!(robot.take().contains(&Output::EndCall));
    assert!(!robot.view().camera_in_use && !robot.view().microphone_in_use);
    robot.wait_ms(6_000);
    assert_eq!(robot.view().stage, Stage::Greeting);
    robot.hears_pack("en", "What are your opening hours?");
    assert_eq!(
        robot.view().stage,
        Stage::Conversation,
        "the agent must answer again"
    );
    assert!(robot.packets().is_empty(), "the old case opened a new one");
}

#[test]
fn a_visitor_with_a_pack_language_goes_on_with_the_agent() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.hears_pack("pt", "Quero falar com uma pessoa");
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
    assert_eq!(robot.view().stage, Stage::Conversation);
    assert_eq!(robot.said().last().unwrap().1, "pt");
    robot.finishes_speaking();
    robot.wait_ms(21_000);
    assert_eq!(robot.view().stage, Stage::Greeting);
}

#[test]
fn typed_words_are_translated_once_and_reported_as_shown() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.hears_pack("pt", "Quero falar com uma pessoa");
    let case_id = robot.packet().case_id;
    robot.input(Input::Accepted {
        case_id,
        operator: operator(),
        call: Some(1),
    });
    robot.take();
    let say = |message| Input::OperatorSaid {
        case_id,
        message,
        text: "Please wait a moment".to_owned(),
        language: lang("en"),
    };
    robot.input(say(1));
    robot.input(say(1));
    let asked = |output: &&Output| matches!(output, Output::Translate { .. });
    assert_eq!(robot.outputs.iter().filter(asked).count(), 1);
    let (request, _) = robot.translation();
    robot.input(Input::Translated {
        request,
        translated: Some(MachineTranslation {
            text: "Aguarde um momento".to_owned(),
            back: Some("Wait a moment".to_owned()),
            confidence: Some(TranslationConfidence::High),
        }),
    });
    let caption = robot.view().captions.last().unwrap().clone();
    assert_eq!(caption.speaker, Speaker::Operator);
    assert_eq!(caption.text, "Aguarde um momento");
    assert_eq!(caption.original.unwrap().text, "Please wait a moment");
    assert!(robot.outputs.iter().any(|output| matches!(
        output,
        Output::SendShown { message: 1, translated: true, text, .. } if text == "Aguarde um momento"
    )));
    let turn = robot.packet().transcript.pop().unwrap();
    assert_eq!(turn.shown, Some(lang("pt")));
    let translation = turn.translation.unwrap();
    assert_eq!(translation.text, "Aguarde um momento");
    assert_eq!(translation.back.as_deref(), Some("Wait a moment"));
    assert_eq!(translation.confidence, Some(TranslationConfidence::High));
}

#[test]
fn words_without_a_model_are_shown_as_written_and_marked() {
    let mut robot = Robot::new();
    let (case_id, _) = in_a_call(&mut robot);
    robot.input(Input::OperatorSaid {
        case_id,
        message: 1,
        text: "Please wait a moment".to_owned(),
        language: lang("en"),
    });
    let caption = robot.view().captions.last().unwrap();
    assert_eq!(caption.text, "Please wait a moment");
    assert!(caption.untranslated);
    assert!(robot.outputs.iter().any(|output| matches!(
        output,
        Output::SendTurn { turn, .. } if turn.shown == Some(lang("en"))
    )));
}

#[test]
fn the_residents_words_reach_the_operator_with_translation() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.hears_pack("pt", "Quero falar com uma pessoa");
    let revision = robot.packet().revision;
    let (request, words) = robot.translation();
    assert_eq!(words, "Quero falar com uma pessoa");
    robot.input(Input::Translated {
        request,
        translated: Some("I want to talk to a person".into()),
    });
    let packet = robot.packet();
    assert!(packet.revision > revision);
    assert_eq!(
        packet.transcript[0].translation.as_ref().unwrap().text,
        "I want to talk to a person"
    );
    assert!(
        packet.summary[0]
            .text
            .contains("I want to talk to a person")
    );
}

#[test]
fn revisions_only_grow() {
    let mut robot = Robot::new();
    let (case_id, _) = in_a_call(&mut robot);
    robot.hears(SpokenLanguage::Other(lang("vi")), "Cảm ơn nhiều lắm");
    robot.input(Input::Ended {
        case_id,
        back: back(true),
    });
    let revisions: Vec<u32> = robot
        .outputs
        .iter()
        .filter_map(|output| match output {
            Output::SendCase(packet) => Some(packet.revision),
            Output::SendTurn { revision, .. } => Some(*revision),
            _ => None,
        })
        .collect();
    assert!(
        revisions.windows(2).all(|pair| pair[0] < pair[1]),
        "{revisions:?}"
    );
    assert!(revisions.len() >= 2);
}

#[test]
fn a_written_language_that_the_office_lacks_calls_a_person() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.types("Ich brauche Hilfe mit meinem Mietvertrag.");
    let packet = robot.packet();
    assert_eq!(packet.reason.code, ReasonCode::UnsupportedLanguage);
    assert_eq!(packet.reason.language, Some(lang("de")));
    assert_eq!(robot.said().last().unwrap().1, "de");
}

#[test]
fn the_summary_tells_what_was_asked_and_which_lines_answered() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.hears_pack("en", "What are your opening hours?");
    robot.finishes_speaking();
    robot.hears_pack("en", "I want to talk to a person");
    let summary = robot.packet().summary;
    assert!(summary[0].text.contains("opening hours"), "{summary:?}");
    assert_eq!(summary[0].turns, [1]);
    assert_eq!(summary[1].turns, [2]);
}

#[test]
fn the_operator_reads_what_was_really_said() {
    let mut robot = Robot::new();
    waiting_in(&mut robot, "vi", "Tôi muốn hỏi về giấy tờ");
    let transcript: Vec<_> = robot
        .outputs
        .iter()
        .filter_map(|output| match output {
            Output::SendTurn { turn, .. } => Some(turn.clone()),
            _ => None,
        })
        .collect();
    let notice = transcript
        .iter()
        .find(|turn| turn.speaker == Speaker::Agent)
        .unwrap();
    let english = notice.translation.as_ref().unwrap();
    assert!(!english.machine);
    assert!(
        english.text.to_lowercase().contains("language"),
        "the English of another sentence: {}",
        english.text
    );
    let labels = &robot.view().labels;
    assert_eq!(
        labels["sample_visitors"], "Sample visitors",
        "a stranger reads English before Japanese"
    );
}
