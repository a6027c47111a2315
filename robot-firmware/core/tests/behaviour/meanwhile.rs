//! Whoever waits for a person gets plain questions answered; the case stays as it is.

use crate::support::Robot;
use crate::support::torch::in_a_call;
use madoguchi_core::Input;
use madoguchi_core::output::Output;
use madoguchi_shared::screen::Stage;

fn waiting(tag: &str, wish: &str) -> Robot {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.hears_pack(tag, wish);
    robot.finishes_speaking();
    assert_eq!(robot.view().stage, Stage::Waiting);
    robot.take();
    robot
}

fn said(robot: &Robot) -> usize {
    let says = |output: &&Output| matches!(output, Output::Say { .. });
    robot.outputs.iter().filter(says).count()
}

#[test]
fn a_plain_question_is_answered_and_the_person_still_comes() {
    let mut robot = waiting("en", "I want to talk to a person");
    robot.types("What are your opening hours?");
    let answer = robot.last_said();
    assert!(answer.contains("half past eight"), "{answer}");
    robot.finishes_speaking();
    assert_eq!(robot.view().stage, Stage::Waiting);
    assert!(robot.packets().is_empty(), "it is no case of its own");
    let mut sent = robot.outputs.iter().filter_map(|output| match output {
        Output::SendTurn { turn, .. } => Some(turn.text.clone()),
        _ => None,
    });
    assert_eq!(sent.next().as_deref(), Some("What are your opening hours?"));
    assert!(sent.any(|text| text == answer), "the person reads it too");
}

#[test]
fn a_spoken_question_is_answered_in_the_language_of_the_visit() {
    let mut robot = waiting("ja", "担当の人と話したいです");
    robot.hears_pack("ja", "ゴミの日はいつですか");
    let answer = robot.last_said();
    assert!(answer.contains("火曜日"), "{answer}");
    assert_eq!(robot.view().stage, Stage::Waiting);
}

#[test]
fn what_is_told_to_the_person_is_not_answered() {
    let mut robot = waiting("en", "I want to talk to a person");
    for story in [
        "I came for my garbage and nobody took it.",
        "Quantum rhubarb gazebo?",
        "Can I talk to a person?",
    ] {
        robot.types(story);
        assert_eq!(said(&robot), 0, "{story}");
    }
    assert_eq!(robot.view().stage, Stage::Waiting);
}

#[test]
fn nothing_is_answered_once_the_person_is_there() {
    let mut robot = Robot::new();
    in_a_call(&mut robot);
    robot.take();
    robot.types("What are your opening hours?");
    assert_eq!(said(&robot), 0);
}
