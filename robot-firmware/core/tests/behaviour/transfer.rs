//! A visitor who is passed on to a colleague of the operator.

use crate::support::torch::{in_a_call, progress, session};
use crate::support::{Robot, lang};
use madoguchi_core::input::MediaEvent;
use madoguchi_core::{Input, Output};
use madoguchi_shared::ids::{CaseId, OperatorId, UnixMs};
use madoguchi_shared::link::Asked;
use madoguchi_shared::packet::{CaseState, OperatorCard, Owner};
use madoguchi_shared::screen::{OnHold, Stage};
use madoguchi_shared::transfer::Hold;
use uuid::Uuid;

fn carmen() -> OperatorCard {
    OperatorCard {
        id: OperatorId(Uuid::from_u128(10)),
        name: "Carmen Ruiz".to_owned(),
        languages: vec![lang("es")],
    }
}

fn in_call(case_id: CaseId, asked: Option<Option<OperatorCard>>) -> Input {
    Input::InCall {
        case_id,
        hold: None,
        transfer: asked.map(|colleague| Asked {
            colleague,
            talking: false,
        }),
    }
}

fn briefs(case_id: CaseId) -> Input {
    Input::InCall {
        case_id,
        hold: None,
        transfer: Some(Asked {
            colleague: Some(carmen()),
            talking: true,
        }),
    }
}

fn takes_over(case_id: CaseId, call: Option<u32>) -> Input {
    Input::Accepted {
        case_id,
        operator: carmen(),
        call,
    }
}

#[test]
fn the_screen_says_who_is_coming_while_the_first_operator_stays() {
    let mut robot = Robot::new();
    let (case_id, first) = in_a_call(&mut robot);
    robot.take();
    robot.input(in_call(case_id, Some(Some(carmen()))));
    assert_eq!(
        progress(&robot),
        [(CaseState::Transferring, Owner::Operator, None)]
    );
    let view = robot.view();
    assert_eq!(view.stage, Stage::Live);
    assert_eq!(view.next_operator.as_ref().unwrap().name, "Carmen Ruiz");
    assert_eq!(view.operator.as_ref().unwrap().name, "Sato Hana");
    assert_eq!(view.notice.as_ref().unwrap().language, lang("vi"));
    assert!(view.camera_in_use && view.microphone_in_use);
    assert_eq!(robot.said().len(), 1, "it is said once");
    robot.input(in_call(case_id, Some(Some(carmen()))));
    assert_eq!(robot.said().len(), 1);
    assert!(!robot.outputs.contains(&Output::EndCall));

    robot.take();
    robot.input(takes_over(case_id, Some(77)));
    assert!(session(&robot) > first, "a session of its own");
    assert_eq!(
        progress(&robot),
        [(CaseState::Connecting, Owner::Operator, None)]
    );
    let view = robot.view();
    assert_eq!(view.stage, Stage::Connecting);
    assert_eq!(view.operator.as_ref().unwrap().name, "Carmen Ruiz");
    assert_eq!(view.next_operator, None);
    assert_eq!(robot.said().len(), 1, "the visitor is told");
    let event = MediaEvent::Connected;
    let session = session(&robot);
    robot.input(Input::Media { session, event });
    assert_eq!(progress(&robot).last().unwrap().0, CaseState::Live);
    assert_eq!(robot.view().notice, None);
}

#[test]
fn the_visitor_hears_that_the_two_talk_first_and_keeps_the_first_one() {
    let mut robot = Robot::new();
    let (case_id, first) = in_a_call(&mut robot);
    robot.input(in_call(case_id, Some(None)));
    robot.take();
    robot.input(briefs(case_id));
    let said = robot.said();
    assert_eq!(said.len(), 1, "it is said");
    assert_eq!(said[0].1, "vi");
    let view = robot.view();
    assert_eq!(view.notice.as_ref().unwrap().text, said[0].2);
    assert_eq!(view.next_operator.as_ref().unwrap().name, "Carmen Ruiz");
    assert_eq!(view.operator.as_ref().unwrap().name, "Sato Hana");
    assert!(view.camera_in_use && view.microphone_in_use);
    robot.input(briefs(case_id));
    assert_eq!(robot.said().len(), 1, "once");

    robot.input(in_call(case_id, None));
    assert_eq!(robot.view().next_operator, None, "she stepped back");
    assert_eq!(progress(&robot), [(CaseState::Live, Owner::Operator, None)]);
    robot.input(briefs(case_id));
    robot.take();
    robot.input(takes_over(case_id, Some(78)));
    assert!(session(&robot) > first);
    assert_eq!(robot.view().operator.as_ref().unwrap().name, "Carmen Ruiz");
    assert_eq!(robot.view().next_operator, None);
}

#[test]
fn a_group_is_asked_without_a_name() {
    let mut robot = Robot::new();
    let (case_id, _) = in_a_call(&mut robot);
    robot.input(in_call(case_id, Some(None)));
    assert_eq!(robot.view().next_operator, None);
    let notice = robot.view().notice.as_ref().unwrap();
    assert!(notice.text.contains("đồng nghiệp"), "{}", notice.text);
}

#[test]
fn whoever_is_not_taken_over_stays_where_they_were() {
    let mut robot = Robot::new();
    let (case_id, first) = in_a_call(&mut robot);
    robot.input(in_call(case_id, Some(Some(carmen()))));
    robot.take();
    robot.input(in_call(case_id, None));
    assert_eq!(progress(&robot), [(CaseState::Live, Owner::Operator, None)]);
    assert_eq!(
        (&robot.view().next_operator, &robot.view().notice),
        (&None, &None)
    );
    assert!(
        robot.said().is_empty(),
        "nobody talks into the conversation"
    );
    let event = MediaEvent::Resumed;
    robot.input(Input::Media {
        session: first,
        event,
    });
    assert_eq!(robot.view().stage, Stage::Live);
}

#[test]
fn a_hold_ends_with_whoever_took_it() {
    let mut robot = Robot::new();
    let (case_id, _) = in_a_call(&mut robot);
    let hold = Some(Hold {
        since: UnixMs(0),
        minutes: 5,
    });
    robot.input(Input::InCall {
        case_id,
        hold,
        transfer: Some(Asked {
            colleague: Some(carmen()),
            talking: false,
        }),
    });
    assert_eq!(robot.view().hold, Some(OnHold { minutes: Some(5) }));
    assert_eq!(progress(&robot).last().unwrap().0, CaseState::Transferring);
    robot.take();
    robot.input(takes_over(case_id, Some(77)));
    assert_eq!(robot.view().hold, None);
    assert!(!robot.outputs.contains(&Output::Hold { on: true }));
    let listens = robot.outputs.iter().rev().find_map(|output| match output {
        Output::Listen(listen) => Some(listen.microphone),
        _ => None,
    });
    assert_eq!(listens, Some(true));
}

#[test]
fn who_took_over_while_the_link_was_down_and_went_away_is_awaited() {
    let mut robot = Robot::new();
    let (case_id, first) = in_a_call(&mut robot);
    robot.input(Input::ConsoleDown);
    robot.input(Input::ConsoleUp);
    robot.input(takes_over(case_id, None));
    robot.input(Input::OperatorAway { case_id });
    let view = robot.view();
    assert_eq!(view.operator.as_ref().unwrap().name, "Carmen Ruiz");
    assert_eq!(view.stage, Stage::Connecting, "the first one is gone");
    robot.input(takes_over(case_id, Some(78)));
    assert!(session(&robot) > first);
}

#[test]
fn the_next_one_counts_messages_anew() {
    let mut robot = Robot::new();
    let (case_id, _) = in_a_call(&mut robot);
    let say = |message, text: &str| Input::OperatorSaid {
        case_id,
        message,
        text: text.to_owned(),
        language: lang("en"),
    };
    robot.input(say(5, "A colleague knows more"));
    robot.input(takes_over(case_id, Some(77)));
    robot.input(say(1, "Good morning"));
    let view = robot.view();
    let said = view.captions.iter().filter_map(|line| {
        let by = line.said_by.as_deref()?;
        Some((by, line.text.as_str()))
    });
    assert_eq!(
        said.collect::<Vec<_>>(),
        [
            ("Sato Hana", "A colleague knows more"),
            ("Carmen Ruiz", "Good morning")
        ]
    );
}
