//! A form that operator and visitor of a call fill in together.

use crate::support::{Robot, back, lang, operator};
use madoguchi_core::tool::{Tier, ToolOutcome};
use madoguchi_core::{Input, Output};
use madoguchi_shared::ids::{CaseId, OperatorId};
use madoguchi_shared::packet::{FactSource, OperatorCard, ReasonCode};
use madoguchi_shared::screen::FormKind;
use madoguchi_shared::together::{
    FieldState, FormWish, NotFilled, SharedField, SharedForm, Writer,
};
use serde_json::json;
use uuid::Uuid;

pub const CANCEL: &str = "cancel-appointment";
pub const NUMBER: &str = "cancel-appointment/appointment_number";
pub const DAY: &str = "cancel-appointment/appointment_day";

fn accepted(case_id: CaseId, operator: OperatorCard, call: u32) -> Input {
    let call = Some(call);
    Input::Accepted {
        case_id,
        operator,
        call,
    }
}

/// A call with a visitor who speaks Portuguese, and an operator who reads English.
pub fn called() -> (Robot, CaseId) {
    let mut robot = Robot::with_office();
    robot.input(Input::ConsoleUp);
    robot.hears_pack("pt", "Quero falar com uma pessoa");
    let case_id = robot.packet().case_id;
    robot.input(accepted(case_id, operator(), 1));
    (robot, case_id)
}

fn opened(flow: &str) -> (Robot, CaseId) {
    let (mut robot, case_id) = called();
    let flow = flow.to_owned();
    robot.input(Input::FillIn {
        case_id,
        wish: FormWish::Open { flow },
    });
    (robot, case_id)
}

fn wishes(robot: &mut Robot, case_id: CaseId, wish: FormWish) -> Option<NotFilled> {
    robot
        .outputs
        .retain(|own| !matches!(own, Output::SendForm { .. }));
    robot.input(Input::FillIn { case_id, wish });
    robot.outputs.iter().find_map(|output| match output {
        Output::SendForm { refused, .. } => *refused,
        _ => None,
    })
}

fn writes(robot: &mut Robot, case_id: CaseId, field: &str, text: &str) -> Option<NotFilled> {
    let (field, text) = (field.to_owned(), text.to_owned());
    wishes(robot, case_id, FormWish::Write { field, text })
}

fn answers(robot: &mut Robot, case_id: CaseId, field: &str, text: &str) -> Option<NotFilled> {
    let (field, text) = (field.to_owned(), text.to_owned());
    wishes(robot, case_id, FormWish::Answer { field, text })
}

/// What the desk was told last.
fn told(robot: &Robot) -> Option<SharedForm> {
    let told = robot.outputs.iter().rev().find_map(|output| match output {
        Output::SendForm { form, .. } => Some(form.as_deref().cloned()),
        _ => None,
    });
    told.expect("the desk was told nothing")
}

fn field(form: &SharedForm, id: &str) -> SharedField {
    let found = form.fields.iter().find(|own| own.id == id);
    found.expect("the form has no such field").clone()
}

fn on_screen(robot: &Robot) -> SharedForm {
    robot.view().together.clone().expect("no form is shown")
}

#[test]
fn both_see_the_fields_and_the_visitor_confirms_before_anything_is_used() {
    let (mut robot, case_id) = opened(CANCEL);
    let (desk, screen) = (told(&robot).unwrap(), on_screen(&robot));
    assert_eq!(
        (desk.language.as_str(), screen.language.as_str()),
        ("en", "pt")
    );
    let ids = |form: &SharedForm| {
        form.fields
            .iter()
            .map(|own| own.id.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&desk), [NUMBER, DAY]);
    assert_eq!(ids(&screen), ids(&desk));
    assert_eq!(field(&desk, NUMBER).state, FieldState::Asked);

    assert_eq!(answers(&mut robot, case_id, DAY, "2023-11-20"), None);
    assert_eq!(
        field(&on_screen(&robot), DAY).draft.as_deref(),
        Some("2023-11-20")
    );
    assert_eq!(answers(&mut robot, case_id, NUMBER, "12345"), None);
    assert_eq!(
        field(&told(&robot).unwrap(), NUMBER).state,
        FieldState::ReadBack
    );
    assert_eq!(robot.form().value.as_deref(), Some("1 2 3 4 5"));
    robot.confirms(true);
    let fact = robot
        .packet()
        .facts
        .into_iter()
        .find(|own| own.name == "appointment_number");
    let fact = fact.unwrap();
    assert_eq!(
        (fact.value.as_str(), fact.source),
        ("12345", FactSource::ConfirmedByResident)
    );
    assert_eq!(
        field(&on_screen(&robot), DAY).state,
        FieldState::ReadBack,
        "what was written ahead is read back when its turn comes"
    );
    robot.confirms(true);
    let consent = on_screen(&robot).consent.unwrap();
    assert!(
        told(&robot)
            .unwrap()
            .consent
            .is_some_and(|own| own != consent)
    );
    assert!(
        robot.calls().is_empty(),
        "nothing goes out without the visitor's yes"
    );
    robot.confirms(true);
    assert_eq!(robot.call().tool, "cancel_appointment");
    assert!(told(&robot).unwrap().busy);
    robot.tool_returns(json!({ "cancelled": true, "number": "A12345" }));
    let (desk, screen) = (told(&robot).unwrap(), on_screen(&robot));
    assert!(desk.ended && screen.ended && screen.said.is_some() && desk.said != screen.said);
    assert_eq!(robot.packet().actions.len(), 1);
    assert!(
        robot
            .said()
            .iter()
            .all(|(_, _, text)| Some(text) != screen.said.as_ref())
    );
    robot.input(Input::CancelledForm);
    assert_eq!((told(&robot), robot.view().together.clone()), (None, None));
}

#[test]
fn the_last_writer_has_the_field_and_a_yes_to_what_stood_there_before_counts_for_nothing() {
    let (mut robot, case_id) = opened(CANCEL);
    let form = robot.form().number;
    writes(&mut robot, case_id, NUMBER, "123");
    let seen = field(&on_screen(&robot), NUMBER);
    assert_eq!(
        (seen.draft.as_deref(), seen.by),
        (Some("123"), Some(Writer::Operator))
    );
    let text = "99".to_owned();
    robot.input(Input::Wrote { form, text });
    let seen = field(&told(&robot).unwrap(), NUMBER);
    assert_eq!(
        (seen.draft.as_deref(), seen.by),
        (Some("99"), Some(Writer::Visitor))
    );
    answers(&mut robot, case_id, NUMBER, "12345");
    let stale = robot.form().number;
    answers(&mut robot, case_id, NUMBER, "54321");
    let (form, yes) = (stale, true);
    robot.input(Input::Confirmed { form, yes });
    assert_eq!(
        field(&on_screen(&robot), NUMBER).state,
        FieldState::ReadBack
    );
    assert_eq!(robot.form().value.as_deref(), Some("5 4 3 2 1"));
    robot.confirms(false);
    assert_eq!(robot.form().kind, FormKind::Number);
    robot.answers("11111");
    robot.confirms(true);
    assert_eq!(
        field(&told(&robot).unwrap(), NUMBER).value.as_deref(),
        Some("1 1 1 1 1")
    );
    assert_eq!(
        answers(&mut robot, case_id, NUMBER, "12345"),
        Some(NotFilled::Gone)
    );
}

#[test]
fn a_choice_of_the_operators_is_confirmed_by_the_visitor_and_their_own_is_taken() {
    let service = "book-appointment/service";
    let (mut robot, case_id) = opened("book-appointment");
    answers(&mut robot, case_id, service, "tax");
    assert_eq!(robot.form().kind, FormKind::Confirm);
    let labels = [told(&robot).unwrap(), on_screen(&robot)].map(|own| field(&own, service).value);
    assert_eq!(
        labels,
        [Some("Taxes".to_owned()), Some("Impostos".to_owned())]
    );
    robot.confirms(false);
    robot.answers("childcare");
    assert_eq!(robot.form().kind, FormKind::Date);
    let by_visitor = field(&told(&robot).unwrap(), service);
    assert_eq!(by_visitor.value.as_deref(), Some("Children and childcare"));
    assert_eq!(wishes(&mut robot, case_id, FormWish::Back), None);
    assert_eq!(
        field(&told(&robot).unwrap(), service).state,
        FieldState::Asked
    );
}

#[test]
fn a_secret_reaches_no_operator() {
    let (mut robot, case_id) = opened("fees-due");
    let code = "verify/letter_code";
    assert!(field(&told(&robot).unwrap(), code).secret);
    assert_eq!(
        answers(&mut robot, case_id, code, "12345678"),
        Some(NotFilled::Secret)
    );
    let form = robot.form().number;
    let text = "4821337".to_owned();
    robot.input(Input::Wrote { form, text });
    robot.answers("48213377");
    robot.confirms(true);
    robot.answers("1988-05-12");
    robot.confirms(true);
    let sent = format!("{:?}", robot.call().arguments);
    assert!(
        sent.contains("4821-3377") || sent.contains("48213377"),
        "{sent}"
    );
    robot.hears_pack("pt", "quatro oito 4821-3377");
    let leaked = robot
        .outputs
        .iter()
        .filter(|output| !matches!(output, Output::CallTool(_)));
    for output in leaked {
        let told = format!("{output:?}");
        let said = told.contains("4821-3377") || told.contains("quatro oito");
        assert!(!said, "{told}");
        assert!(
            !told.contains("4821337") && !told.contains("1988"),
            "{told}"
        );
    }
    robot.tool_returns(
        json!({ "verified": true, "level": "letter_and_birth_date", "verification": "tok-77", "name": "Ana" }),
    );
    assert_eq!(robot.call().tool, "fees_due");
}

#[test]
fn wrong_codes_are_as_many_as_without_an_operator_and_then_it_is_left_to_them() {
    let (mut robot, _) = opened("fees-due");
    for _ in 0..3 {
        robot.verifies("48213377", false);
    }
    let form = told(&robot).unwrap();
    assert_eq!(form.left.unwrap().code, ReasonCode::IdentityNeeded);
    assert!(form.ended && on_screen(&robot).left.is_none());
    assert!(
        robot
            .calls()
            .iter()
            .all(|call| call.tool == "verify_resident")
    );
}

#[test]
fn what_the_office_leaves_to_a_person_is_left_to_the_operator_and_not_done() {
    let (mut robot, case_id) = opened("book-appointment");
    robot.knows_tools(Some(Tier::Irreversible));
    robot.answers("tax");
    robot.answers_and_confirms("2023-11-20");
    let call = robot.calls().len();
    let left = told(&robot).unwrap().left.unwrap();
    assert_eq!(left.code, ReasonCode::IrreversibleAction);
    assert_eq!(call, 0);
    assert!(
        robot
            .packet()
            .actions
            .last()
            .unwrap()
            .outcome
            .contains("person")
    );
    assert_eq!(wishes(&mut robot, case_id, FormWish::Close), None);
    assert_eq!(told(&robot), None);
}

#[test]
fn an_action_of_which_nobody_knows_whether_it_took_place_is_left_to_the_operator() {
    let (mut robot, case_id) = opened(CANCEL);
    answers(&mut robot, case_id, NUMBER, "12345");
    robot.confirms(true);
    robot.answers_and_confirms("2023-11-20");
    robot.confirms(true);
    robot.tool_says(ToolOutcome::TooSlow);
    let left = told(&robot).unwrap().left.unwrap();
    assert_eq!(left.code, ReasonCode::SystemFault);
}

#[test]
fn either_takes_it_away_and_it_outlives_a_reload_but_not_its_operator_or_call() {
    let (mut robot, case_id) = opened(CANCEL);
    writes(&mut robot, case_id, NUMBER, "12");
    for call in [1, 2] {
        robot.take();
        robot.input(accepted(case_id, operator(), call));
        let form = told(&robot).unwrap();
        assert_eq!(
            field(&form, NUMBER).draft.as_deref(),
            Some("12"),
            "call {call}"
        );
    }
    robot.input(Input::CancelledForm);
    assert!(told(&robot).unwrap().ended && on_screen(&robot).said.is_some());
    wishes(&mut robot, case_id, FormWish::Close);
    assert_eq!(robot.view().together, None);
    let open = FormWish::Open {
        flow: CANCEL.to_owned(),
    };
    wishes(&mut robot, case_id, open.clone());
    wishes(&mut robot, case_id, FormWish::Close);
    assert_eq!((told(&robot), robot.view().form.clone()), (None, None));

    wishes(&mut robot, case_id, open.clone());
    let other = OperatorCard {
        id: OperatorId(Uuid::from_u128(10)),
        name: "Mori Ken".to_owned(),
        languages: vec![lang("ja")],
    };
    robot.input(accepted(case_id, other, 3));
    assert_eq!((told(&robot), robot.view().together.clone()), (None, None));
    wishes(&mut robot, case_id, open);
    assert_eq!(told(&robot).unwrap().language.as_str(), "ja");
    let back = back(true);
    robot.input(Input::Ended { case_id, back });
    assert_eq!(
        (robot.view().together.clone(), robot.view().form.clone()),
        (None, None)
    );
}

#[test]
fn what_the_visitor_goes_back_from_is_not_put_to_them_again() {
    let (mut robot, case_id) = opened(CANCEL);
    answers(&mut robot, case_id, NUMBER, "12345");
    assert_eq!(
        field(&on_screen(&robot), NUMBER).state,
        FieldState::ReadBack
    );
    robot.input(Input::WentBack);
    assert_eq!(field(&on_screen(&robot), NUMBER).state, FieldState::Asked);
}

#[test]
fn an_account_that_was_opened_to_the_robot_alone_stays_closed_to_the_operator() {
    let mut robot = Robot::with_office();
    robot.input(Input::ConsoleUp);
    robot.hears_pack("en", "What is the status of my application?");
    robot.answers("RC");
    robot.answers_and_confirms("2026 0412");
    robot.verifies("52071139", true);
    assert_eq!(robot.call().tool, "find_application");
    robot.tool_returns(json!({ "found": false }));
    robot.input(Input::PressedPerson);
    let case_id = robot.packet().case_id;
    robot.input(accepted(case_id, operator(), 1));
    robot.take();
    let flow = "fees-due".to_owned();
    robot.input(Input::FillIn {
        case_id,
        wish: FormWish::Open { flow },
    });
    assert!(robot.calls().is_empty(), "{:?}", robot.calls());
    let code = field(&told(&robot).unwrap(), "verify/letter_code");
    assert_eq!(code.state, FieldState::Asked);
}

#[test]
fn no_wheel_turns_while_a_form_is_there_even_an_ended_one() {
    let (mut robot, case_id) = called();
    let is_open = |robot: &Robot| robot.machine.motion(robot.now()).1.form_open;
    assert!(!is_open(&robot));
    let flow = CANCEL.to_owned();
    robot.input(Input::FillIn {
        case_id,
        wish: FormWish::Open { flow },
    });
    assert!(is_open(&robot));
    answers(&mut robot, case_id, NUMBER, "12345");
    robot.confirms(true);
    answers(&mut robot, case_id, DAY, "2023-11-20");
    robot.confirms(true);
    robot.confirms(true);
    robot.tool_returns(json!({ "cancelled": true, "number": "A12345" }));
    assert!(on_screen(&robot).ended);
    assert!(is_open(&robot));
    wishes(&mut robot, case_id, FormWish::Close);
    assert!(!is_open(&robot));
}

#[test]
fn what_there_is_no_form_for_or_nobody_asks_is_refused_or_changes_nothing() {
    let (mut robot, case_id) = called();
    let open = |flow: &str| FormWish::Open {
        flow: flow.to_owned(),
    };
    assert_eq!(
        wishes(&mut robot, case_id, open("toilets")),
        Some(NotFilled::NotInPack)
    );
    let strange = CaseId(Uuid::from_u128(1));
    robot.input(Input::FillIn {
        case_id: strange,
        wish: open(CANCEL),
    });
    assert_eq!(robot.view().together, None);
    wishes(&mut robot, case_id, open(CANCEL));
    assert_eq!(
        answers(&mut robot, case_id, NUMBER, "blue"),
        Some(NotFilled::NotRead)
    );
    assert_eq!(
        field(&told(&robot).unwrap(), NUMBER).draft.as_deref(),
        Some("blue")
    );
    assert_eq!(
        writes(&mut robot, case_id, "verify/letter_code", "1"),
        Some(NotFilled::Gone)
    );
    robot.answers("1");
    assert!(on_screen(&robot).said.is_some() && told(&robot).unwrap().said.is_some());
    for _ in 0..4 {
        robot.answers("1");
    }
    assert_eq!(
        robot.form().kind,
        FormKind::Number,
        "nobody is called where one is"
    );
}
