//! An operator in a call whose page goes, comes back, moves to another window or signs out.

use std::time::Duration;

use crate::support::{Desk, Office, Scene, credentials, offer, request, sign_in, sign_out};
use madoguchi_shared::link::{ConsoleToRobot, Failure, RobotToConsole};
use madoguchi_shared::operator::ConsoleToOperator;
use madoguchi_shared::packet::{CaseState, Owner};

#[tokio::test]
async fn a_reloaded_page_gets_its_conversation_back() {
    let office = Office::open().await;
    let Scene {
        mut robot,
        aiko,
        case_id,
        ..
    } = Scene::held(&office).await;
    drop(aiko);
    assert_eq!(robot.hear().await, ConsoleToRobot::OperatorAway { case_id });

    let mut aiko = office.desk_again("aiko").await;
    assert_eq!(aiko.holding(), Some((case_id, None)));
    aiko.carry(case_id, 2).await.unwrap();
    assert_eq!(robot.accepted().await, Some(2), "a new page has a new call");
    robot.signal(case_id, offer(2)).await;
    let heard = |message| match message {
        ConsoleToOperator::Signal { signal, .. } => Some(signal),
        _ => None,
    };
    assert_eq!(aiko.until(heard).await, offer(2));
}

#[tokio::test]
async fn a_page_whose_connection_broke_takes_the_same_call_up_again() {
    let office = Office::open().await;
    let Scene {
        mut robot,
        aiko: broken,
        case_id,
        ..
    } = Scene::held(&office).await;
    // The old socket isn't known to be dead yet.
    let mut aiko = office.desk_again("aiko").await;
    assert_eq!(aiko.holding(), Some((case_id, Some(1))));
    aiko.carry(case_id, 1).await.unwrap();
    assert_eq!(robot.accepted().await, Some(1));
    drop(broken);
    aiko.signal(case_id, offer(1)).await;
    assert!(
        matches!(robot.hear().await, ConsoleToRobot::Signal { .. }),
        "the end of the dead socket was taken for the operator's"
    );
}

#[tokio::test]
async fn a_conversation_moves_between_windows_as_often_as_its_operator_wants() {
    let office = Office::open().await;
    let Scene {
        mut robot,
        aiko: mut here,
        case_id,
        ..
    } = Scene::held(&office).await;
    let mut there = office.desk_again("aiko").await;
    assert_eq!(there.holding(), Some((case_id, Some(1))));
    for call in 2..6 {
        there.carry(case_id, call).await.unwrap();
        assert_eq!(robot.accepted().await, Some(call));
        assert_eq!(here.error().await, "moved_elsewhere");
        here.signal(case_id, offer(call)).await;
        assert_eq!(here.error().await, "not_yours");
        std::mem::swap(&mut here, &mut there);
    }
    drop(there);
    here.signal(case_id, offer(9)).await;
    assert!(matches!(robot.hear().await, ConsoleToRobot::Signal { .. }));
}

#[tokio::test]
async fn the_case_of_an_operator_who_signs_out_waits_for_the_next_one_at_once() {
    let office = Office::open().await;
    let Scene {
        mut robot,
        aiko: _stays,
        case_id,
        ..
    } = Scene::waiting(&office).await;
    office.hire("chiyo").await;
    let cookie = sign_in(office.plain(), "chiyo").await;
    let mut chiyo = Desk::connect(office.plain(), &cookie).await;
    let mut bruno = office.desk("bruno").await;
    chiyo.accept(case_id).await.unwrap();
    robot.accepted().await;

    let left = sign_out(office.plain(), &cookie).await;
    assert_eq!(left.status, 204);
    robot.offered(case_id).await;
    let operators = robot.offered(case_id).await;
    assert_eq!(operators, 2, "who left is still counted");
    robot
        .progress(case_id, CaseState::Offered, Owner::Waiting)
        .await;
    let waits = loop {
        let case = bruno.change(case_id).await;
        if case.operator.is_none() {
            break case;
        }
    };
    assert_eq!(
        (waits.state, waits.owner),
        (CaseState::Offered, Owner::Waiting)
    );
    bruno.carry(case_id, 7).await.unwrap();
    assert_eq!(robot.accepted().await, Some(7));
}

#[tokio::test]
async fn signing_out_elsewhere_leaves_the_conversation_alone() {
    let office = Office::open().await;
    let Scene {
        mut robot,
        mut aiko,
        case_id,
        ..
    } = Scene::held(&office).await;
    let elsewhere = sign_in(office.plain(), "aiko").await;
    sign_out(office.plain(), &elsewhere).await;

    let again = format!("Cookie: {}\r\n", sign_in(office.plain(), "aiko").await);
    let body = credentials("aiko", crate::support::PASSWORD);
    request(office.plain(), "POST /api/session", &again, &body).await;
    aiko.end(case_id).await;
    assert!(
        matches!(robot.hear().await, ConsoleToRobot::End { .. }),
        "the robot was told something before the end"
    );
}

#[tokio::test]
async fn a_session_does_not_end_in_a_call() {
    let office = Office::open_with(|config| config.silence = Duration::from_secs(5)).await;
    let mut bruno = office.desk("bruno").await;
    let Scene {
        robot: _stays,
        mut aiko,
        case_id,
        ..
    } = Scene::held(&office).await;
    office.end_of_sessions().await;
    // The first ping may have been on its way already.
    for _ in 0..3 {
        assert!(aiko.line.is_pinged().await, "her visitor's picture froze");
    }
    while bruno.line.is_pinged().await {}
    aiko.end(case_id).await;
    aiko.sees(case_id, CaseState::Returning).await;
}

#[tokio::test]
async fn a_page_that_missed_the_end_of_its_case_learns_why() {
    let office = Office::open().await;
    let Scene {
        mut robot,
        aiko,
        case_id,
        ..
    } = Scene::held(&office).await;
    drop(aiko);
    robot
        .until(|message| matches!(message, ConsoleToRobot::OperatorAway { .. }).then_some(()))
        .await;
    let closed = RobotToConsole::Progress {
        case_id,
        revision: Some(1),
        state: CaseState::Closed,
        owner: Owner::Agent,
        failure: Some(Failure::OperatorLeft),
    };
    robot.line.say(&closed).await;
    let mut bruno = office.desk("bruno").await;
    robot.send(&crate::support::case()).await;
    bruno.hear().await;
    let aiko = office.desk_again("aiko").await;
    let ConsoleToOperator::Snapshot {
        ended: Some(ended), ..
    } = &aiko.snapshot
    else {
        panic!("{:?}", aiko.snapshot);
    };
    assert_eq!(ended.case_id, case_id);
    assert_eq!(ended.failure, Some(Failure::OperatorLeft));
}
