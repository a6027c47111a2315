//! Matters that take several questions: asked, read back, confirmed, corrected, left.

use crate::support::Robot;
use madoguchi_core::Input;
use madoguchi_shared::packet::{FactSource, ReasonCode};
use madoguchi_shared::screen::{FormKind, Stage};
use serde_json::json;

const SLOTS: &str = r#"{ "count": 2, "slots": [
    { "slot": "tax/2023-11-20/09:30", "date": "2023-11-20", "time": "09:30" },
    { "slot": "tax/2023-11-20/10:00", "date": "2023-11-20", "time": "10:00" } ] }"#;

fn booking() -> Robot {
    let mut robot = Robot::with_office();
    robot.hears_pack("en", "I want to book an appointment");
    robot
}

#[test]
fn an_appointment_is_booked_from_the_first_word_to_its_number() {
    let mut robot = booking();
    assert_eq!(robot.form().kind, FormKind::Choice);
    assert_eq!(robot.form().choices.len(), 4);
    assert_eq!((robot.form().step, robot.form().of), (1, 3));
    robot.hears_pack("en", "It's about taxes");
    assert_eq!(robot.form().kind, FormKind::Date);
    robot.hears_pack("en", "next Monday, please");
    assert_eq!(robot.form().kind, FormKind::Confirm);
    assert_eq!(
        robot.form().value.as_deref(),
        Some("Monday 20 November 2023")
    );
    assert!(
        robot
            .last_said()
            .contains("Monday 20 November 2023. Is that right?")
    );
    assert!(
        robot.calls().is_empty(),
        "nothing uses a day that isn't confirmed"
    );
    robot.hears_pack("en", "yes");
    let call = robot.call();
    assert_eq!(call.tool, "list_appointment_slots");
    assert_eq!(
        json!(call.arguments),
        json!({ "service": "tax", "from": "2023-11-20", "at_most": 6 })
    );
    robot.tool_returns(serde_json::from_str(SLOTS).unwrap());
    assert_eq!(
        robot.form().choices[0].label,
        "Monday 20 November 2023 9:30"
    );
    robot.hears_pack("en", "the second one");
    assert_eq!(
        robot.form().kind,
        FormKind::Confirm,
        "booking is agreed to first"
    );
    assert!(
        robot
            .last_said()
            .contains("Shall I book Monday 20 November 2023 10:00?")
    );
    robot.confirms(true);
    assert_eq!(robot.call().arguments["slot"], "tax/2023-11-20/10:00");
    robot.tool_returns(json!({ "appointment": "A-00017", "service": "tax", "date": "2023-11-20", "time": "10:00" }));
    assert!(
        robot.last_said().contains("A-00017"),
        "{}",
        robot.last_said()
    );
    assert!(robot.view().form.is_none());
    robot.input(Input::PressedPerson);
    let packet = robot.packet();
    let booked = packet.actions.last().unwrap();
    assert_eq!(booked.name, "book-appointment");
    assert!(booked.outcome.contains("A-00017"));
    assert_eq!(
        booked.undo.as_deref(),
        Some(r#"cancel_appointment {"appointment":"A-00017","date":"2023-11-20"}"#)
    );
    let fact = |name: &str| packet.facts.iter().find(|fact| fact.name == name).unwrap();
    assert_eq!(
        (fact("day").value.as_str(), fact("day").source),
        ("2023-11-20", FactSource::ConfirmedByResident)
    );
    assert_eq!(fact("appointment").source, FactSource::SystemOfRecord);
}

#[test]
fn the_same_in_japanese_and_portuguese() {
    for (tag, wish, subject, day, yes) in [
        (
            "ja",
            "予約を取りたいです",
            "税金です",
            "来週の月曜日",
            "はい、そうです",
        ),
        (
            "pt",
            "Quero marcar um horário",
            "impostos",
            "segunda-feira que vem",
            "sim, isso mesmo",
        ),
    ] {
        let mut robot = Robot::with_office();
        robot.hears_pack(tag, wish);
        robot.hears_pack(tag, subject);
        robot.hears_pack(tag, day);
        assert_eq!(
            robot.form().kind,
            FormKind::Confirm,
            "{tag}: {:?}",
            robot.said()
        );
        robot.hears_pack(tag, yes);
        assert_eq!(robot.calls().len(), 1, "{tag}: {:?}", robot.said());
        assert_eq!(robot.call().arguments["from"], "2023-11-20", "{tag}");
    }
}

#[test]
fn what_was_misheard_is_corrected_in_one_sentence() {
    let mut robot = booking();
    robot.answers("tax");
    robot.hears_pack("en", "on Friday");
    robot.hears_pack("en", "No, next Monday");
    assert_eq!(
        robot.form().value.as_deref(),
        Some("Monday 20 November 2023")
    );
    robot.confirms(false);
    assert_eq!(robot.form().kind, FormKind::Date);
}

#[test]
fn a_question_in_the_middle_is_answered_and_the_flow_taken_up_again() {
    let mut robot = booking();
    robot.answers("tax");
    robot.take();
    robot.types("What are your opening hours?");
    let said = robot.last_said();
    assert!(said.contains("which day on would it suit you"), "{said}");
    assert!(said.len() > 120, "the answer comes first: {said}");
    assert_eq!(robot.form().kind, FormKind::Date);
    assert!(robot.packets().is_empty());
}

#[test]
fn back_start_over_and_cancel_by_word_and_by_button() {
    let mut robot = booking();
    assert!(!robot.form().can_go_back);
    robot.answers("tax");
    assert!(robot.form().can_go_back);
    robot.hears_pack("en", "go back");
    assert_eq!(robot.form().kind, FormKind::Choice);
    robot.answers("childcare");
    robot.answers("2023-11-20");
    robot.input(Input::WentBack);
    assert_eq!(
        robot.form().kind,
        FormKind::Date,
        "from the read-back to its question"
    );
    robot.input(Input::StartedOver);
    assert_eq!(robot.form().step, 1);
    robot.hears_pack("en", "never mind");
    assert!(robot.view().form.is_none());
    assert_eq!(robot.view().stage, Stage::Conversation);
    robot.input(Input::CancelledForm);
    assert!(robot.packets().is_empty());
}

#[test]
fn three_answers_that_cannot_be_taken_call_a_person_with_what_is_known() {
    let mut robot = booking();
    robot.answers("tax");
    for _ in 0..2 {
        robot.types("the day when the moon is blue");
        assert!(robot.packets().is_empty());
    }
    robot.types("whenever you like");
    let packet = robot.packet();
    assert_eq!(packet.reason.code, ReasonCode::RepeatedFailure);
    assert!(
        packet
            .facts
            .iter()
            .any(|fact| fact.name == "service" && fact.value == "tax")
    );
    assert!(robot.view().form.is_none());
}

#[test]
fn a_person_is_called_from_any_question() {
    let mut robot = booking();
    robot.hears_pack("en", "I want to talk to a person");
    assert_eq!(robot.packet().reason.code, ReasonCode::AskedForPerson);
}

#[test]
fn a_button_of_an_earlier_question_does_nothing() {
    let mut robot = booking();
    let old = robot.form().number;
    robot.answers("tax");
    robot.input(Input::Answered {
        form: old,
        text: "childcare".to_owned(),
    });
    robot.input(Input::Confirmed {
        form: old,
        yes: true,
    });
    assert_eq!(robot.form().kind, FormKind::Date);
}

#[test]
fn a_yes_over_the_robots_own_question_counts() {
    let mut robot = booking();
    robot.answers("tax");
    robot.answers("2023-11-20");
    robot.hears_pack("en", "Yes.");
    assert_eq!(robot.calls().len(), 1, "it is no mere sign of listening");
}

#[test]
fn another_language_puts_the_question_in_that_language() {
    let mut robot = booking();
    robot.input(Input::ChoseLanguage(crate::support::lang("pt")));
    assert_eq!(robot.last_said(), "Para qual balcão é o horário?");
    assert_eq!(robot.form().choices[2].label, "Impostos");
}

#[test]
fn a_name_in_another_language_is_no_other_language() {
    let mut robot = Robot::with_office();
    robot.hears_pack("en", "What is the status of my application?");
    robot.answers("RC");
    robot.types("Tôi muốn đăng ký khai sinh cho con của tôi ở đây");
    assert!(robot.packets().is_empty(), "digits are awaited");
}

#[test]
fn a_flow_is_offered_after_the_answer_that_it_belongs_to() {
    let mut robot = Robot::with_office();
    robot.hears_pack("en", "Where do I get a queue number?");
    assert!(robot.view().form.is_none());
    assert_eq!(robot.view().suggestions, ["Take a queue number"]);
    robot.types("Take a queue number");
    robot.answers("tax");
    assert_eq!(robot.call().arguments["service"], "tax");
    robot.tool_returns(json!({ "number": "T-004", "service": "tax", "waiting_before": 3 }));
    assert!(
        robot
            .last_said()
            .contains("Your number is T-004. People before you: 3.")
    );
}

#[test]
fn a_yes_that_began_before_the_question_is_no_answer_to_it() {
    let mut robot = booking();
    robot.answers("tax");
    robot.answers("2023-11-20");
    let utterance = robot.speech_starts();
    robot.confirms(true);
    robot.tool_returns(serde_json::from_str(SLOTS).unwrap());
    robot.answers("tax/2023-11-20/10:00");
    let calls = robot.calls().len();
    robot.is_heard(utterance, 0.9, "en", "yes");
    assert_eq!(robot.calls().len(), calls);
    assert!(robot.form().prompt.starts_with("Shall I book"));
    robot.hears_pack("en", "yes");
    assert_eq!(robot.call().tool, "book_appointment");
}

#[test]
fn words_that_wait_for_their_vector_answer_no_later_question() {
    let mut robot = booking();
    robot.input(Input::Typed(
        "something about a baby and 20 November".to_owned(),
    ));
    robot.answers("tax");
    let date = robot.form().number;
    robot.wait_ms(3_500);
    assert_eq!(robot.form().number, date, "nothing was read back");
    assert_eq!(robot.form().kind, FormKind::Date);
}
