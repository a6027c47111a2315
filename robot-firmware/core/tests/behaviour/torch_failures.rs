//! Everything that can go wrong while the torch is passed.

use crate::support::torch::{in_a_call, progress, session, waiting_in};
use crate::support::{Robot, back, lang, operator};
use madoguchi_core::input::{Ability, Heard, MediaEvent, SpokenLanguage};
use madoguchi_core::{Input, Output};
use madoguchi_shared::ids::CaseId;
use madoguchi_shared::link::Failure;
use madoguchi_shared::packet::{CaseState, Owner, Speaker};
use madoguchi_shared::screen::{Stage, Tone};

#[test]
fn a_console_that_is_down_is_told_honestly_and_answers_go_on() {
    let mut robot = Robot::new();
    robot.input(Input::PressedPerson);
    assert_eq!(robot.view().notice.as_ref().unwrap().tone, Tone::Trouble);
    robot.wait_ms(9_000);
    assert_eq!(robot.view().stage, Stage::Conversation);
    assert_eq!(
        progress(&robot).last().unwrap().2,
        Some(Failure::ConsoleUnreachable)
    );
    robot.finishes_speaking();
    robot.types("What are your opening hours?");
    assert_eq!(
        robot.view().captions.last().unwrap().speaker,
        Speaker::Agent
    );
}

#[test]
fn nobody_in_time_is_told_and_the_agent_has_the_word_again() {
    let mut robot = Robot::new();
    let case_id = waiting_in(&mut robot, "es", "Quisiera hablar de mis impuestos");
    robot.input(Input::Offered {
        case_id,
        operators: 0,
        position: 0,
        expected_s: None,
    });
    robot.wait_ms(121_000);
    let (state, owner, failure) = *progress(&robot).last().unwrap();
    assert_eq!((state, owner), (CaseState::Closed, Owner::Agent));
    assert_eq!(failure, Some(Failure::NobodyOnDuty));
    assert_eq!(robot.said().last().unwrap().1, "es");
}

#[test]
fn a_resident_who_left_is_not_called_into_an_empty_room() {
    let mut robot = Robot::new();
    let case_id = waiting_in(&mut robot, "vi", "Tôi muốn hỏi về giấy tờ");
    robot.input(Input::PressedGoodbye);
    assert_eq!(
        progress(&robot).last().unwrap().2,
        Some(Failure::ResidentLeft)
    );
    robot.take();
    robot.input(Input::Accepted {
        case_id,
        operator: operator(),
        call: Some(1),
    });
    assert!(
        !robot
            .outputs
            .iter()
            .any(|output| matches!(output, Output::StartCall { .. }))
    );
    assert_eq!(progress(&robot).last().unwrap().0, CaseState::Closed);
}

#[test]
fn media_that_fails_is_tried_again_and_then_words_must_do() {
    let mut robot = Robot::new();
    let (case_id, _) = in_a_call(&mut robot);
    for _ in 0..3 {
        let session = session(&robot);
        robot.input(Input::Media {
            session,
            event: MediaEvent::Failed,
        });
    }
    assert_eq!(
        progress(&robot).last().unwrap().2,
        Some(Failure::MediaFailed)
    );
    assert_eq!(robot.view().stage, Stage::Live);
    assert!(!robot.view().camera_in_use);
    robot.input(Input::OperatorSaid {
        case_id,
        message: 1,
        text: "Hello".to_owned(),
        language: lang("en"),
    });
    assert_eq!(robot.view().captions.last().unwrap().text, "Hello");
}

#[test]
fn media_that_is_not_proven_is_refused_at_once_and_a_page_that_begins_anew_gets_another_try() {
    let mut robot = Robot::new();
    let (case_id, first) = in_a_call(&mut robot);
    robot.take();
    robot.input(Input::Media {
        session: first,
        event: MediaEvent::Untrusted,
    });
    assert_eq!(robot.outputs[0], Output::EndCall);
    let tries = |robot: &Robot| {
        let start = |output: &&Output| matches!(output, Output::StartCall { .. });
        robot.outputs.iter().filter(start).count()
    };
    assert_eq!(tries(&robot), 0, "no second try");
    assert_eq!(progress(&robot).last().unwrap().2, Some(Failure::Untrusted));
    let notice = robot.view().notice.clone().unwrap();
    assert_eq!(notice.language, lang("vi"));
    assert!(!robot.view().camera_in_use && !robot.view().microphone_in_use);
    robot.input(Input::OperatorSaid {
        case_id,
        message: 1,
        text: "Hello".to_owned(),
        language: lang("en"),
    });
    assert_eq!(robot.view().captions.last().unwrap().text, "Hello");
    robot.input(Input::Accepted {
        case_id,
        operator: operator(),
        call: Some(2),
    });
    assert_eq!(tries(&robot), 1);
    robot.input(Input::Media {
        session: session(&robot),
        event: MediaEvent::Connected,
    });
    assert_eq!(robot.view().notice, None);
    assert!(robot.view().camera_in_use);
}

#[test]
fn a_page_that_never_answers_is_waited_for_three_times_and_then_words_must_do() {
    let mut robot = Robot::new();
    let case_id = waiting_in(&mut robot, "vi", "Tôi muốn hỏi về giấy tờ");
    robot.take();
    robot.input(Input::Accepted {
        case_id,
        operator: operator(),
        call: Some(1),
    });
    robot.wait_ms(91_000);
    let start = |output: &&Output| matches!(output, Output::StartCall { .. });
    assert_eq!(robot.outputs.iter().filter(start).count(), 3);
    assert_eq!(
        progress(&robot).last().unwrap().2,
        Some(Failure::MediaFailed)
    );
    assert_eq!(robot.view().stage, Stage::Live);
    robot.input(Input::Typed("Tôi phải đi".to_owned()));
    robot.input(Input::Ended {
        case_id,
        back: crate::support::back(true),
    });
    robot.hears_pack("en", "What are your opening hours?");
    let answered = robot.said();
    assert!(!answered.is_empty(), "the next one is answered");
}

#[test]
fn events_of_an_old_session_change_nothing() {
    let mut robot = Robot::new();
    let (_, session) = in_a_call(&mut robot);
    robot.input(Input::Media {
        session: session - 1,
        event: MediaEvent::Failed,
    });
    assert_eq!(robot.view().stage, Stage::Live);
    assert!(robot.view().notice.is_none());
}

#[test]
fn words_meant_for_the_operator_open_no_new_case() {
    let mut robot = Robot::new();
    let (case_id, _) = in_a_call(&mut robot);
    robot.input(Input::SpeechStarted { utterance: 50 });
    robot.take();
    robot.input(Input::Ended {
        case_id,
        back: back(true),
    });
    robot.wait_ms(9_000);
    robot.input(Input::SpeechEnded { utterance: 50 });
    robot.take();
    robot.input(Input::Heard(Heard {
        utterance: 50,
        text: "Cảm ơn nhiều lắm".to_owned(),
        language: SpokenLanguage::Other(lang("vi")),
        language_probability: 0.9,
        confidence: 0.9,
        words: Vec::new(),
    }));
    assert_eq!(robot.view().stage, Stage::Greeting);
    assert!(robot.packets().is_empty());
}

#[test]
fn a_case_of_an_earlier_life_is_closed() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    let case_id = CaseId(uuid::Uuid::from_u128(77));
    robot.input(Input::Offered {
        case_id,
        operators: 1,
        position: 0,
        expected_s: None,
    });
    assert_eq!(
        progress(&robot),
        [(CaseState::Closed, Owner::Agent, Some(Failure::RobotFault))]
    );
}

#[test]
fn the_last_visitors_words_never_reach_the_next_one() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.hears_pack("pt", "Quero falar com uma pessoa");
    let (late, _) = robot.translation();
    robot.input(Input::PressedGoodbye);
    robot.wait_ms(6_000);
    robot.take();
    robot.hears_pack("pt", "Quero falar com um atendente");
    robot.input(Input::Translated {
        request: late,
        translated: Some("words of the one before".into()),
    });
    let text = format!("{:?} {:?}", robot.view(), robot.packets());
    assert!(!text.contains("words of the one before"));
}

#[test]
fn a_microphone_that_dies_in_mid_sentence_does_not_keep_the_visit_open() {
    let mut robot = Robot::new();
    robot.hears_pack("en", "What are your opening hours?");
    robot.finishes_speaking();
    robot.input(Input::SpeechStarted { utterance: 90 });
    robot.input(Input::Ability {
        ability: Ability::Microphone,
        available: false,
    });
    robot.wait_ms(120_000);
    assert_eq!(robot.view().stage, Stage::Greeting);
    robot.hears_pack("en", "What are your opening hours?");
    robot.finishes_speaking();
    robot.input(Input::SpeechStarted { utterance: 91 });
    robot.wait_ms(180_000);
    assert_eq!(robot.view().stage, Stage::Greeting, "no end of speech came");
}

#[test]
fn a_console_and_a_call_lost_together_give_the_visitor_back() {
    let mut robot = Robot::new();
    in_a_call(&mut robot);
    robot.input(Input::ConsoleDown);
    for _ in 0..3 {
        let session = session(&robot);
        robot.input(Input::Media {
            session,
            event: MediaEvent::Failed,
        });
    }
    assert_eq!(
        progress(&robot).last().unwrap().2,
        Some(Failure::OperatorLeft)
    );
    robot.finishes_speaking();
    robot.wait_ms(120_000);
    assert_eq!(robot.view().stage, Stage::Greeting);
}

#[test]
fn whoever_speaks_during_the_goodbye_is_heard() {
    let mut robot = Robot::new();
    robot.hears_pack("en", "What are your opening hours?");
    robot.input(Input::PressedGoodbye);
    robot.input(Input::SpeechStarted { utterance: 70 });
    robot.wait_ms(5_000);
    robot.input(Input::SpeechEnded { utterance: 70 });
    robot.input(Input::Heard(Heard {
        utterance: 70,
        text: "When is garbage collected?".to_owned(),
        language: SpokenLanguage::Pack(lang("en")),
        language_probability: 0.9,
        confidence: 0.9,
        words: Vec::new(),
    }));
    assert_eq!(robot.view().captions.len(), 1);
    assert_eq!(robot.view().stage, Stage::Conversation);
}

#[test]
fn a_call_that_was_given_up_stays_given_up() {
    let mut robot = Robot::new();
    in_a_call(&mut robot);
    for _ in 0..3 {
        let session = session(&robot);
        robot.input(Input::Media {
            session,
            event: MediaEvent::Failed,
        });
    }
    let session = session(&robot);
    robot.input(Input::Media {
        session,
        event: MediaEvent::Connected,
    });
    assert!(!robot.view().camera_in_use);
}
