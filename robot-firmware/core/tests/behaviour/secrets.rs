//! What nobody but the office's systems may see, wherever its words turn up.

use crate::support::{Robot, lang};
use madoguchi_core::input::{Partial, SpokenLanguage};
use madoguchi_core::{Input, Output};
use madoguchi_shared::screen::FormKind;

const CODE: &str = "48213507";

fn verifying() -> Robot {
    let mut robot = Robot::with_office();
    robot.hears_pack("en", "What is the status of my application?");
    robot.answers("RC");
    robot.answers_and_confirms("2026 0412");
    assert_eq!(robot.form().title, "Confirming who you are");
    robot
}

/// Everything that reaches an operator or stays on the screen.
fn told(robot: &mut Robot) -> String {
    if robot.packets().is_empty() {
        robot.input(Input::PressedPerson);
    }
    let sent = |output: &&Output| matches!(output, Output::SendCase(_) | Output::SendTurn { .. });
    let sent: Vec<&Output> = robot.outputs.iter().filter(sent).collect();
    let captions = &robot.view().captions;
    format!(
        "{} {}",
        serde_json::to_string(&sent).unwrap(),
        serde_json::to_string(captions).unwrap()
    )
}

#[test]
fn a_code_said_once_more_at_its_read_back() {
    let mut robot = verifying();
    robot.answers(CODE);
    robot.hears_pack("en", &format!("yes, {CODE}"));
    robot.types(&format!("No, {CODE}"));
    assert!(!told(&mut robot).contains(CODE));
}

#[test]
fn a_code_said_once_more_while_it_is_being_checked() {
    let mut robot = verifying();
    robot.answers_and_confirms(CODE);
    robot.answers_and_confirms("1988-05-12");
    assert_eq!(robot.call().tool, "verify_resident");
    robot.hears_pack("en", &format!("It was {CODE}"));
    robot.hears_pack("en", "go back");
    let told = told(&mut robot);
    assert!(!told.contains(CODE));
    assert!(told.contains("go back"), "a plain command is no secret");
}

#[test]
fn a_birth_date_in_another_language_is_a_birth_date() {
    for typed in [false, true] {
        let mut robot = verifying();
        robot.answers_and_confirms(CODE);
        let said = "nací el doce de mayo de mil novecientos ochenta y ocho en Sevilla";
        match typed {
            true => robot.types(said),
            false => robot.hears(SpokenLanguage::Other(lang("es")), said),
        }
        assert!(robot.packets().is_empty(), "typed {typed}");
        assert_eq!(robot.view().language, lang("en"), "typed {typed}");
        assert_eq!(robot.form().kind, FormKind::Date);
        assert!(!told(&mut robot).contains("mayo"), "typed {typed}");
    }
}

#[test]
fn a_code_that_is_recognised_after_a_person_was_called() {
    let mut robot = verifying();
    let utterance = robot.speech_starts();
    robot.input(Input::PressedPerson);
    robot.is_heard(utterance, 0.9, "en", CODE);
    assert!(!told(&mut robot).contains(CODE));
    robot.hears_pack("en", "I have been waiting for long");
    assert!(told(&mut robot).contains("waiting for long"));
}

#[test]
fn a_code_that_is_recognised_after_its_question() {
    let mut robot = verifying();
    let utterance = robot.speech_starts();
    robot.answers_and_confirms(CODE);
    robot.answers_and_confirms("1988-05-12");
    robot.tool_returns(serde_json::json!({ "verified": true, "verification": "tok-77" }));
    robot.is_heard(utterance, 0.9, "en", CODE);
    assert!(!told(&mut robot).contains(CODE));
}

#[test]
fn words_so_far_of_a_secret_are_not_shown() {
    let mut robot = verifying();
    let utterance = robot.speech_starts();
    robot.input(Input::Partial(Partial {
        utterance,
        text: "four eight two".to_owned(),
        language: lang("en"),
    }));
    let last = robot.view().captions.last().unwrap();
    assert!(last.partial);
    assert_eq!(last.text, "…");
}
