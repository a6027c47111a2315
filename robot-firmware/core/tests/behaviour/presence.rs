//! Whoever walks away is noticed: nobody is called into an empty room, and no account stays open.

use crate::support::torch::{in_a_call, progress, session, waiting_in};
use crate::support::{Robot, operator};
use madoguchi_core::input::MediaEvent;
use madoguchi_core::{Input, Output};
use madoguchi_shared::link::Failure;
use madoguchi_shared::packet::CaseState;
use madoguchi_shared::screen::Stage;

fn sees(robot: &mut Robot, somebody: bool) {
    let somebody = Some(somebody);
    robot.input(Input::Presence { somebody });
}

#[test]
fn a_visit_ends_three_seconds_after_its_visitor_has_gone() {
    let mut robot = Robot::new();
    sees(&mut robot, true);
    robot.types("What are your opening hours?");
    sees(&mut robot, false);
    robot.wait_ms(2_900);
    assert_eq!(robot.view().stage, Stage::Conversation);
    robot.wait_ms(200);
    assert_eq!(robot.view().stage, Stage::Greeting);
    assert!(robot.view().captions.is_empty());
}

#[test]
fn a_robot_that_starts_anew_says_so_in_each_language_but_not_to_a_visitor() {
    let mut robot = Robot::new();
    robot.input(Input::Renewing { on: true });
    let told = robot.view().renewing.clone();
    assert_eq!(told.len(), robot.view().greetings.len());
    assert!(
        told.iter()
            .any(|own| own.text.contains("back in a few minutes"))
    );
    robot.types("What are your opening hours?");
    assert_eq!(robot.view().stage, Stage::Conversation);
    assert!(robot.view().renewing.is_empty());
    robot.input(Input::PressedGoodbye);
    robot.input(Input::Renewing { on: false });
    assert!(robot.view().renewing.is_empty());
}

#[test]
fn who_only_steps_aside_or_sits_below_the_sensor_is_not_sent_away() {
    let mut robot = Robot::new();
    sees(&mut robot, true);
    robot.types("What are your opening hours?");
    sees(&mut robot, false);
    robot.wait_ms(2_000);
    sees(&mut robot, true);
    robot.wait_ms(5_000);
    assert_eq!(robot.view().stage, Stage::Conversation, "came back");

    sees(&mut robot, false);
    robot.wait_ms(2_000);
    robot.types("Where can I pay taxes?");
    robot.wait_ms(5_000);
    assert_eq!(robot.view().stage, Stage::Conversation, "acts");
}

#[test]
fn a_sensor_that_fails_sends_nobody_away() {
    let mut robot = Robot::new();
    sees(&mut robot, true);
    robot.types("What are your opening hours?");
    sees(&mut robot, false);
    robot.input(Input::Presence { somebody: None });
    robot.wait_ms(10_000);
    assert_eq!(robot.view().stage, Stage::Conversation);
}

#[test]
fn a_case_whose_resident_has_gone_closes_itself_and_rings_nobody() {
    let mut robot = Robot::new();
    sees(&mut robot, true);
    let case_id = waiting_in(&mut robot, "vi", "Tôi muốn hỏi về giấy tờ");
    sees(&mut robot, false);
    robot.wait_ms(3_100);
    let (state, _, failure) = *progress(&robot).last().unwrap();
    assert_eq!(
        (state, failure),
        (CaseState::Closed, Some(Failure::ResidentLeft))
    );
    assert_eq!(robot.view().stage, Stage::Greeting);
    robot.take();
    robot.input(Input::Accepted {
        case_id,
        operator: operator(),
        call: Some(1),
    });
    let calls = |output: &Output| matches!(output, Output::StartCall { .. });
    assert!(!robot.outputs.iter().any(calls));
}

#[test]
fn an_operator_is_told_of_an_empty_room_and_the_call_ends_by_itself() {
    let mut robot = Robot::new();
    sees(&mut robot, true);
    let (_, call) = in_a_call(&mut robot);
    sees(&mut robot, false);
    robot.wait_ms(3_100);
    assert!(robot.packet().robot.resident_gone);
    assert_eq!(robot.view().stage, Stage::Live);

    sees(&mut robot, true);
    assert!(!robot.packet().robot.resident_gone, "came back");
    robot.input(Input::Media {
        session: call,
        event: MediaEvent::Resumed,
    });
    assert_eq!(session(&robot), call);

    sees(&mut robot, false);
    robot.wait_ms(24_000);
    let (state, _, failure) = *progress(&robot).last().unwrap();
    assert_eq!(
        (state, failure),
        (CaseState::Closed, Some(Failure::ResidentLeft))
    );
    let ends = |output: &Output| matches!(output, Output::EndCall);
    assert!(robot.outputs.iter().any(ends));
    assert_eq!(robot.view().stage, Stage::Greeting);
}
