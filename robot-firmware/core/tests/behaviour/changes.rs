//! What was changed in the office's systems: done once, told once, never lost.

use crate::support::{Robot, office, packs};
use madoguchi_core::Input;
use madoguchi_core::tool::{Tier, ToolOutcome};
use madoguchi_shared::packet::ReasonCode;
use madoguchi_shared::screen::{FormKind, Stage};
use serde_json::json;

fn up_to_consent(mut robot: Robot) -> Robot {
    robot.hears_pack("en", "I want to book an appointment");
    robot.answers("tax");
    robot.answers_and_confirms("2023-11-20");
    robot.tool_returns(
        json!({ "slots": [{ "slot": "s1", "date": "2023-11-20", "time": "09:30" }] }),
    );
    robot.answers("s1");
    robot
}

fn booking() -> Robot {
    let mut robot = up_to_consent(Robot::with_office());
    robot.confirms(true);
    assert_eq!(robot.call().tool, "book_appointment");
    robot
}

fn booked() -> ToolOutcome {
    office::done(json!({ "appointment": "A-00017", "date": "2023-11-20", "time": "09:30" }))
}

fn status(robot: &mut Robot) {
    robot.hears_pack("en", "What is the status of my application?");
    robot.answers("RC");
    robot.answers_and_confirms("2026 0412");
}

#[test]
fn a_change_whose_answer_lacks_something_is_not_repeated() {
    for structured in [None, Some(json!({ "date": "2023-11-20" }))] {
        let mut robot = booking();
        let calls = robot.calls().len();
        robot.tool_says(ToolOutcome::Done {
            structured,
            text: "Booked: A-00017".to_owned(),
        });
        assert_eq!(robot.calls().len(), calls);
        let packet = robot.packet();
        assert_eq!(packet.reason.code, ReasonCode::SystemFault);
        let outcome = &packet.actions.last().unwrap().outcome;
        assert!(outcome.contains("may have been done"), "{outcome}");
    }
}

#[test]
fn nobody_is_verified_by_a_check_that_found_nothing() {
    let say = r#"
[[steps]]
id = "told"
when = "check is none"
[steps.say]
ja = "だめ"
en = "Never mind."
pt = "Deixe."
"#;
    let files = packs::sample_with("flows/verify.toml", |text| format!("{text}{say}"));
    let Ok(pack) = madoguchi_core::pack::Pack::parse(&files) else {
        return;
    };
    panic!("a flow that grants a level ends with its check: {pack:?}");
}

#[test]
fn wrong_codes_count_for_the_whole_visit() {
    let mut robot = Robot::with_office();
    status(&mut robot);
    robot.verifies("11111111", false);
    robot.verifies("11111111", false);
    robot.input(Input::CancelledForm);
    status(&mut robot);
    robot.verifies("11111111", false);
    assert_eq!(robot.packet().reason.code, ReasonCode::IdentityNeeded);
    robot.input(Input::PressedStopWaiting);
    robot.take();
    status(&mut robot);
    assert_eq!(robot.packet().reason.code, ReasonCode::IdentityNeeded);
}

#[test]
fn who_says_goodbye_meanwhile_hears_the_outcome_before_it() {
    let mut robot = booking();
    robot.input(Input::PressedGoodbye);
    assert_eq!(robot.view().stage, Stage::Conversation);
    robot.tool_says(booked());
    let said = robot.last_said();
    assert!(said.contains("A-00017"), "{said}");
    assert_eq!(robot.view().stage, Stage::Goodbye);
    let mut robot = booking();
    robot.input(Input::PressedGoodbye);
    robot.tool_says(ToolOutcome::Lost);
    assert_eq!(robot.packet().reason.code, ReasonCode::SystemFault);
}

#[test]
fn what_was_looked_up_is_not_said_after_the_goodbye() {
    let mut robot = Robot::with_office();
    status(&mut robot);
    robot.verifies("52071139", true);
    robot.input(Input::PressedGoodbye);
    let said = robot.said().len();
    robot.tool_returns(
        json!({ "found": true, "application": { "status": "ready", "received_on": "2023-10-02" } }),
    );
    assert_eq!(robot.said().len(), said);
    assert_eq!(robot.view().stage, Stage::Goodbye);
}

#[test]
fn who_called_a_person_and_thought_better_of_it_is_told_the_outcome() {
    let mut robot = booking();
    robot.input(Input::PressedPerson);
    robot.input(Input::PressedStopWaiting);
    assert_eq!(robot.view().stage, Stage::Conversation);
    robot.tool_says(booked());
    assert!(robot.last_said().contains("A-00017"));
    let mut robot = booking();
    robot.input(Input::PressedPerson);
    robot.input(Input::PressedStopWaiting);
    robot.take();
    robot.input(Input::ToolAnswered {
        call: booking().call().call,
        outcome: ToolOutcome::Lost,
    });
    assert_eq!(robot.packet().reason.code, ReasonCode::SystemFault);
}

#[test]
fn a_cancel_during_a_change_is_heeded_after_it() {
    let mut robot = booking();
    robot.hears_pack("en", "cancel");
    assert_eq!(robot.last_said(), "One moment, please.");
    robot.tool_says(booked());
    assert!(robot.last_said().contains("A-00017"));
    let mut robot = booking();
    robot.input(Input::CancelledForm);
    robot.tool_says(ToolOutcome::Unavailable);
    assert!(robot.last_said().contains("Nothing was sent"));
    assert!(robot.view().form.is_none());
}

#[test]
fn an_answer_that_comes_after_giving_up_corrects_the_record() {
    let mut robot = booking();
    robot.finishes_speaking();
    robot.wait_ms(31_000);
    let outcome = |robot: &Robot| robot.packet().actions.last().unwrap().outcome.clone();
    assert!(outcome(&robot).contains("may have been done"));
    robot.tool_says(booked());
    assert!(outcome(&robot).contains("A-00017"));
    let undo = robot.packet().actions.last().unwrap().undo.clone();
    assert!(undo.unwrap().contains("A-00017"));
}

#[test]
fn the_time_of_a_lost_call_passes_once_only() {
    let mut robot = booking();
    robot.input(Input::PressedPerson);
    robot.input(Input::PressedStopWaiting);
    robot.wait_ms(31_000);
    assert_eq!(robot.packet().reason.code, ReasonCode::SystemFault);
}

const QUESTION: &str = r#"
[[steps]]
id = "paper"
ask = "yes_no"
[steps.prompt]
ja = "紙が必要ですか。"
en = "Do you need it on paper?"
pt = "Precisa em papel?"
"#;

#[test]
fn what_was_done_is_not_done_again_by_going_back() {
    let files = packs::sample_with("flows/take-queue-number.toml", |text| {
        format!("{text}{QUESTION}")
    });
    let mut robot = Robot::with_office_of(packs::parsed(&files));
    robot.hears_pack("en", "Where do I get a queue number?");
    robot.types("Take a queue number");
    robot.answers("tax");
    robot.tool_returns(json!({ "number": "T-004", "service": "tax", "waiting_before": 3 }));
    assert_eq!(robot.form().kind, FormKind::Confirm);
    assert!(!robot.form().can_go_back);
    robot.input(Input::WentBack);
    robot.input(Input::StartedOver);
    assert_eq!(robot.form().prompt, "Do you need it on paper?");
    assert_eq!(robot.calls().len(), 1);
    robot.hears_pack("en", "Yes, because I forget everything");
    assert!(robot.view().form.is_none());
}

#[test]
fn asking_again_across_a_change_is_a_mistake_of_the_pack() {
    let files = packs::sample_with("flows/take-queue-number.toml", |text| {
        format!(
            "{text}[[steps]]\nid = \"twice\"\naction = \"list-slots\"\nagain_from = \"service\"\n"
        )
    });
    let problems = madoguchi_core::pack::Pack::parse(&files).unwrap_err();
    let told = problems.iter().map(ToString::to_string).collect::<String>();
    assert!(told.contains("would be done again"), "{told}");
}

#[test]
fn a_tool_that_turns_out_irreversible_is_left_to_a_person_for_all_consent() {
    let mut robot = up_to_consent(Robot::with_office());
    robot.knows_tools(Some(Tier::Irreversible));
    robot.confirms(true);
    assert_eq!(robot.calls().len(), 1, "only the free times were asked for");
    assert_eq!(robot.packet().reason.code, ReasonCode::IrreversibleAction);
}

#[test]
fn nobody_takes_numbers_without_end() {
    let mut robot = Robot::with_office();
    for taken in 0.. {
        robot.types("Where do I get a queue number?");
        robot.types("Take a queue number");
        robot.answers("tax");
        if !robot.packets().is_empty() {
            assert_eq!(taken, 6);
            break;
        }
        robot.tool_returns(json!({ "number": "T-004", "service": "tax", "waiting_before": 3 }));
    }
    assert_eq!(robot.packet().reason.code, ReasonCode::PolicyException);
}
