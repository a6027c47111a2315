//! An operator whose page goes away in a call, comes back, or signs out.

use crate::support::torch::{in_a_call, progress, session};
use crate::support::{Robot, lang, operator};
use madoguchi_core::input::MediaEvent;
use madoguchi_core::{Input, Output};
use madoguchi_shared::ids::CaseId;
use madoguchi_shared::link::Failure;
use madoguchi_shared::packet::{CaseState, Owner, Speaker};
use madoguchi_shared::screen::{Stage, Tone};

fn accepted(case_id: CaseId, call: Option<u32>) -> Input {
    Input::Accepted {
        case_id,
        operator: operator(),
        call,
    }
}

fn calls(robot: &Robot) -> usize {
    let starts = |output: &&Output| matches!(output, Output::StartCall { .. });
    robot.outputs.iter().filter(starts).count()
}

#[test]
fn away_is_said_in_words_and_no_picture_is_shown() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.hears_pack("en", "I want to talk to a person");
    let case_id = robot.packet().case_id;
    robot.input(accepted(case_id, Some(1)));
    robot.input(Input::Media {
        session: session(&robot),
        event: MediaEvent::Connected,
    });
    assert_eq!(robot.view().stage, Stage::Live);
    robot.input(Input::OperatorAway { case_id });
    let notice = robot.view().notice.as_ref().unwrap();
    assert_eq!(notice.tone, Tone::Trouble);
    assert_eq!(
        notice.text,
        "The person is away for a moment. Please stay here."
    );
    assert_eq!(robot.view().stage, Stage::Connecting);
}

#[test]
fn nobody_is_called_while_the_operator_is_away() {
    let mut robot = Robot::new();
    let (case_id, session) = in_a_call(&mut robot);
    robot.input(Input::OperatorAway { case_id });
    robot.take();
    robot.input(Input::Media {
        session,
        event: MediaEvent::Failed,
    });
    assert_eq!(calls(&robot), 0);
    assert!(progress(&robot).is_empty(), "nothing failed yet");
    assert!(!robot.view().camera_in_use);
    robot.input(accepted(case_id, Some(1)));
    assert_eq!(calls(&robot), 1, "who comes back is called");
}

#[test]
fn an_operator_who_never_comes_back_does_not_leave_the_robot_mute() {
    let mut robot = Robot::new();
    let (case_id, _) = in_a_call(&mut robot);
    robot.input(Input::OperatorAway { case_id });
    robot.wait_ms(21_000);
    assert_eq!(
        progress(&robot).last().unwrap().2,
        Some(Failure::OperatorLeft)
    );
    assert_eq!(robot.packet().failure, Some(Failure::OperatorLeft));
    robot.finishes_speaking();
    robot.hears_pack("en", "What are your opening hours?");
    assert_eq!(
        robot.view().captions.last().unwrap().speaker,
        Speaker::Agent
    );
}

#[test]
fn a_page_that_was_loaded_anew_gets_a_new_session() {
    let mut robot = Robot::new();
    let (case_id, first) = in_a_call(&mut robot);
    robot.input(Input::OperatorAway { case_id });
    robot.input(accepted(case_id, Some(2)));
    assert!(session(&robot) > first);
    robot.wait_ms(7_000);
    assert_eq!(robot.view().stage, Stage::Connecting);
}

#[test]
fn a_page_that_was_loaded_anew_while_the_link_was_down_gets_a_new_session() {
    let mut robot = Robot::new();
    let (case_id, first) = in_a_call(&mut robot);
    robot.input(Input::ConsoleDown);
    robot.input(Input::ConsoleUp);
    robot.input(accepted(case_id, Some(2)));
    assert!(session(&robot) > first);
}

#[test]
fn a_call_that_stands_goes_on_when_its_page_or_the_link_was_lost_and_found() {
    let mut robot = Robot::new();
    let (case_id, first) = in_a_call(&mut robot);
    robot.input(Input::ConsoleDown);
    robot.wait_ms(30_000);
    robot.input(Input::ConsoleUp);
    robot.input(accepted(case_id, Some(1)));
    robot.input(Input::OperatorAway { case_id });
    robot.input(accepted(case_id, Some(1)));
    assert_eq!(session(&robot), first);
    assert_eq!(robot.view().stage, Stage::Live);
    assert_eq!(robot.view().notice, None);
    robot.wait_ms(60_000);
    assert_eq!(robot.view().stage, Stage::Live, "the page was waited for");
}

#[test]
fn a_link_that_comes_back_before_the_page_does_starts_nothing() {
    let mut robot = Robot::new();
    let (case_id, first) = in_a_call(&mut robot);
    robot.input(accepted(case_id, None));
    robot.input(Input::OperatorAway { case_id });
    assert_eq!(session(&robot), first);
    robot.input(accepted(case_id, Some(1)));
    assert_eq!(session(&robot), first);
}

#[test]
fn a_session_whose_signals_a_lost_link_swallowed_is_offered_again() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.hears_pack("en", "I want to talk to a person");
    let case_id = robot.packet().case_id;
    robot.input(accepted(case_id, Some(1)));
    let first = session(&robot);
    robot.input(accepted(case_id, Some(1)));
    assert!(session(&robot) > first);
}

#[test]
fn the_visitor_of_an_operator_who_signs_out_waits_for_the_next_one() {
    let mut robot = Robot::new();
    let (case_id, first) = in_a_call(&mut robot);
    let say = |message, text: &str| Input::OperatorSaid {
        case_id,
        message,
        text: text.to_owned(),
        language: lang("en"),
    };
    robot.input(say(5, "One moment"));
    robot.take();
    robot.input(Input::Offered {
        case_id,
        operators: 1,
        position: 0,
        expected_s: None,
    });
    assert!(robot.outputs.contains(&Output::EndCall));
    assert_eq!(
        progress(&robot),
        [(CaseState::Offered, Owner::Waiting, None)]
    );
    assert_eq!(robot.view().stage, Stage::Waiting);
    assert_eq!(robot.said().last().unwrap().1, "vi");

    robot.input(accepted(case_id, Some(8)));
    assert!(session(&robot) > first);
    robot.input(say(2, "I am the next one"));
    let newest = &robot.view().captions.last().unwrap().text;
    assert_eq!(newest, "I am the next one");
}

#[test]
fn nobody_after_an_operator_who_signed_out_is_told_in_time() {
    let mut robot = Robot::new();
    let (case_id, _) = in_a_call(&mut robot);
    robot.input(Input::Offered {
        case_id,
        operators: 0,
        position: 0,
        expected_s: None,
    });
    robot.wait_ms(121_000);
    assert_eq!(
        progress(&robot).last().unwrap().2,
        Some(Failure::NobodyOnDuty)
    );
}
