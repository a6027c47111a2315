//! The sample office's smaller matters, each from the wish to its outcome, in every language.

use crate::support::Robot;
use madoguchi_core::Input;
use madoguchi_shared::screen::{Attachment, FormKind};
use serde_json::{Value, json};

#[test]
fn what_is_left_to_pay_is_told_after_verification() {
    for (tag, wish, told) in [
        ("ja", "私の未納分を調べてください", "合計43400円"),
        (
            "en",
            "Do I still owe the office anything?",
            "together 43400 yen",
        ),
        (
            "pt",
            "Ainda devo alguma coisa à prefeitura?",
            "no total de 43400 ienes",
        ),
    ] {
        let mut robot = Robot::with_office();
        robot.hears_pack(tag, wish);
        assert!(
            robot.calls().is_empty(),
            "{tag}: nothing is read unverified"
        );
        robot.verifies("48213507", true);
        let call = robot.call();
        assert_eq!(call.tool, "fees_due", "{tag}");
        assert_eq!(json!(call.arguments), json!({ "verification": "tok-77" }));
        robot.tool_returns(json!({ "count": 2, "total_yen": 43_400, "fees": [
            { "fee": "F-1041", "kind": "health_insurance", "amount_yen": 12_400, "due_on": "2023-11-20" },
            { "fee": "F-1042", "kind": "resident_tax", "amount_yen": 31_000, "due_on": "2023-12-01" } ] }));
        assert!(
            robot.last_said().contains(told),
            "{tag}: {}",
            robot.last_said()
        );
    }
}

#[test]
fn who_owes_nothing_hears_so_and_not_where_to_pay() {
    let mut robot = Robot::with_office();
    robot.hears_pack("en", "check my unpaid bills");
    robot.verifies("90417726", true);
    robot.tool_returns(json!({ "count": 0, "total_yen": 0, "fees": [] }));
    let said = robot.last_said();
    assert!(said.contains("nothing left to pay"), "{said}");
    assert!(!said.contains("convenience store"), "{said}");
}

#[test]
fn an_appointment_is_cancelled_only_when_that_is_agreed_to() {
    for (tag, wish, told) in [
        ("ja", "予約を取り消したいです", "取り消しました"),
        ("en", "I want to cancel my appointment", "is cancelled"),
        ("pt", "Quero cancelar meu horário", "está cancelado"),
    ] {
        let mut robot = Robot::with_office();
        robot.hears_pack(tag, wish);
        robot.names_appointment("00017");
        assert_eq!(robot.form().kind, FormKind::Confirm, "{tag}");
        assert!(robot.calls().is_empty(), "{tag}: it can't be taken back");
        robot.confirms(true);
        assert_eq!(robot.call().tool, "cancel_appointment", "{tag}");
        assert_eq!(
            Value::Object(robot.call().arguments.clone()),
            json!({ "appointment": "A-00017", "date": "2023-11-20" }),
            "{tag}"
        );
        robot.tool_returns(json!({ "cancelled": true }));
        assert!(
            robot.last_said().contains(told),
            "{tag}: {}",
            robot.last_said()
        );
        robot.input(Input::PressedPerson);
        let cancelled = robot.packet().actions.pop().unwrap();
        assert_eq!(
            (cancelled.name.as_str(), cancelled.undo),
            ("cancel-appointment", None)
        );
    }
    let mut robot = Robot::with_office();
    robot.hears_pack("en", "cancel appointment");
    robot.names_appointment("00017");
    robot.confirms(false);
    assert!(robot.calls().is_empty());
}

#[test]
fn an_unknown_appointment_is_asked_for_again() {
    let mut robot = Robot::with_office();
    robot.hears_pack("en", "cancel appointment");
    robot.names_appointment("00099");
    robot.confirms(true);
    robot.tool_returns(json!({ "cancelled": false }));
    assert!(
        robot
            .last_said()
            .contains("no appointment with this number"),
        "{}",
        robot.last_said()
    );
    assert_eq!(robot.form().kind, FormKind::Number);
}

#[test]
fn a_queue_number_is_given_back() {
    for (tag, wish, told) in [
        ("ja", "番号札を返したいです", "お返ししました"),
        ("en", "I don't need my number any more", "is given back"),
        ("pt", "Quero devolver minha senha", "foi devolvida"),
    ] {
        let mut robot = Robot::with_office();
        robot.hears_pack(tag, wish);
        assert_eq!(robot.form().choices.len(), 4, "{tag}");
        robot.answers("T");
        robot.answers_and_confirms("012");
        robot.confirms(true);
        assert_eq!(robot.call().tool, "return_queue_number", "{tag}");
        assert_eq!(robot.call().arguments["number"], "T-012", "{tag}");
        robot.tool_returns(json!({ "returned": true }));
        assert!(
            robot.last_said().contains(told),
            "{tag}: {}",
            robot.last_said()
        );
    }
}

#[test]
fn a_queue_number_can_be_taken_along() {
    for (tag, where_from, take, note) in [
        (
            "ja",
            "番号札はどこで取りますか",
            "番号札を取る",
            "星川区役所\n番号 T-012",
        ),
        (
            "en",
            "Where do I get a queue number?",
            "Take a queue number",
            "Hoshikawa Ward Office\nNumber T-012",
        ),
        (
            "pt",
            "Onde pego a senha?",
            "Pegar uma senha",
            "Prefeitura Distrital de Hoshikawa\nSenha T-012",
        ),
    ] {
        let mut robot = Robot::with_office();
        robot.hears_pack(tag, where_from);
        robot.types(take);
        robot.answers("tax");
        robot.tool_returns(json!({ "number": "T-012", "waiting_before": 3 }));
        let captions = robot.view().captions.clone();
        let note = note.to_owned();
        let given = captions
            .iter()
            .find(|line| line.detail.as_ref() == Some(&note));
        let attachments = &given.unwrap().attachments;
        assert_eq!(*attachments, [Attachment::Note { text: note }], "{tag}");
    }
}
