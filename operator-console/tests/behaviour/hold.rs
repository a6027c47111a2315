//! A visitor on hold, as robot and desk are told of it.

use crate::support::{Office, Scene};
use madoguchi_shared::operator::{ConsoleToOperator, OperatorToConsole};
use madoguchi_shared::packet::{CaseState, Owner};

#[tokio::test]
async fn the_robot_is_told_of_a_hold_and_both_ends_agree_on_its_state() {
    let office = Office::open().await;
    let Scene {
        mut robot,
        mut aiko,
        case_id,
        ..
    } = Scene::held(&office).await;
    let bruno = office.desk("bruno").await;
    assert_eq!(robot.stands, (None, None), "as it was accepted");
    aiko.hold(case_id, Some(5)).await;
    let (hold, _) = robot.in_call().await;
    assert_eq!(hold.map(|hold| hold.minutes), Some(5));
    robot
        .progress(case_id, CaseState::Hold, Owner::Operator)
        .await;
    let case = aiko.sees(case_id, CaseState::Hold).await;
    assert_eq!(case.owner, Owner::Operator);
    assert_eq!(case.hold, hold);
    assert_eq!(office.kept(case_id).await.state, CaseState::Hold);

    aiko.hold(case_id, None).await;
    assert_eq!(robot.in_call().await, (None, None));
    robot
        .progress(case_id, CaseState::Live, Owner::Operator)
        .await;
    assert_eq!(aiko.sees(case_id, CaseState::Live).await.hold, None);
    drop(bruno);
}

#[tokio::test]
async fn only_the_window_that_carries_a_case_puts_it_on_hold() {
    let office = Office::open().await;
    let Scene {
        mut robot,
        mut aiko,
        case_id,
        ..
    } = Scene::held(&office).await;
    let mut elsewhere = office.desk_again("aiko").await;
    let mut bruno = office.desk("bruno").await;
    for desk in [&mut elsewhere, &mut bruno] {
        desk.hold(case_id, Some(2)).await;
        assert_eq!(desk.error().await, "not_yours");
    }
    aiko.hold(case_id, Some(900)).await;
    let (hold, _) = robot.in_call().await;
    assert_eq!(hold.map(|hold| hold.minutes), Some(30), "bounded");
}

#[tokio::test]
async fn a_hold_outlives_a_reload_the_robots_link_and_a_restart_of_the_console() {
    let mut office = Office::open().await;
    let Scene {
        mut robot,
        mut aiko,
        case_id,
        packet,
    } = Scene::held(&office).await;
    aiko.hold(case_id, Some(2)).await;
    let (hold, _) = robot.in_call().await;
    assert!(hold.is_some());
    drop(aiko);

    let mut aiko = office.desk_again("aiko").await;
    let ConsoleToOperator::Snapshot { cases, .. } = &aiko.snapshot else {
        panic!("{:?}", aiko.snapshot);
    };
    assert_eq!(cases[0].hold, hold);
    aiko.carry(case_id, 2).await.unwrap();
    robot.accepted_with(2).await;
    assert_eq!(robot.stands.0, hold);

    let key = robot.key.clone();
    drop((robot, aiko));
    office.stop().await;
    office.start().await;
    let mut robot = crate::support::Robot::welcomed(office.plain(), &key, None).await;
    assert_eq!(robot.accepted().await, None, "her page isn't back yet");
    assert_eq!(robot.stands.0, hold);
    robot.send(&packet).await;
    let mut aiko = office.desk_again("aiko").await;
    aiko.carry(case_id, 3).await.unwrap();
    robot.accepted_with(3).await;
    assert_eq!(robot.stands.0, hold);
    aiko.hold(case_id, None).await;
    assert_eq!(robot.in_call().await.0, None);
}

#[tokio::test]
async fn who_signs_out_in_a_hold_leaves_none_to_the_next_one() {
    let office = Office::open().await;
    let mut bruno = office.desk("bruno").await;
    office.hire("chiyo").await;
    let cookie = crate::support::sign_in(office.plain(), "chiyo").await;
    let mut chiyo = crate::support::Desk::connect(office.plain(), &cookie).await;
    let mut robot = office.robot("Entrance 1").await;
    let packet = crate::support::case();
    let case_id = packet.case_id;
    robot.send(&packet).await;
    chiyo.accept(case_id).await.unwrap();
    chiyo
        .say(OperatorToConsole::Hold {
            case_id,
            minutes: Some(2),
        })
        .await;
    while robot.in_call().await.0.is_none() {}
    crate::support::sign_out(office.plain(), &cookie).await;
    robot.offered(case_id).await;
    loop {
        let case = bruno.change(case_id).await;
        if case.operator.is_none() && case.offer.is_some() {
            assert_eq!(case.hold, None);
            break;
        }
    }
    bruno.carry(case_id, 8).await.unwrap();
    robot.accepted_with(8).await;
    assert_eq!(robot.stands, (None, None));
}
