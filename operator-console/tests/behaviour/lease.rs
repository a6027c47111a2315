//! The right to drive a robot: the console grants it to one page, for as long as that page asks.

use crate::support::{Desk, Office, Robot, Scene};
use madoguchi_shared::ids::CaseId;
use madoguchi_shared::link::{ConsoleToRobot, RobotToConsole};
use madoguchi_shared::motion::LeaseGrant;
use madoguchi_shared::operator::{ConsoleToOperator, OperatorToConsole};
use madoguchi_shared::packet::RobotCondition;

async fn has_wheels(robot: &mut Robot, desk: &mut Desk) {
    let condition = RobotCondition {
        motion: true,
        ..crate::support::case().robot
    };
    let status = RobotToConsole::Status {
        at: madoguchi_shared::ids::UnixMs(0),
        condition,
        case_id: None,
        updates: None,
    };
    robot.line.say(&status).await;
    let knows = |message| match message {
        ConsoleToOperator::Robot { robot } => robot.condition.filter(|now| now.motion).map(|_| ()),
        _ => None,
    };
    desk.until(knows).await;
}

async fn drive(desk: &mut Desk, case_id: CaseId, on: bool) {
    desk.say(OperatorToConsole::Drive { case_id, on }).await;
}

async fn page_hears(desk: &mut Desk) -> Option<LeaseGrant> {
    let lease = |message| match message {
        ConsoleToOperator::Lease { lease, .. } => Some(lease),
        _ => None,
    };
    desk.until(lease).await
}

async fn robot_hears(robot: &mut Robot) -> Option<LeaseGrant> {
    let lease = |message| match message {
        ConsoleToRobot::Lease { lease, .. } => Some(lease),
        _ => None,
    };
    robot.until(lease).await
}

#[tokio::test]
async fn the_page_that_carries_a_case_has_the_lease_for_as_long_as_it_asks() {
    let office = Office::open().await;
    let Scene {
        mut robot,
        mut aiko,
        case_id,
        ..
    } = Scene::held(&office).await;
    has_wheels(&mut robot, &mut aiko).await;
    drive(&mut aiko, case_id, true).await;
    let first = robot_hears(&mut robot).await.unwrap();
    assert_eq!(page_hears(&mut aiko).await, Some(first));
    drive(&mut aiko, case_id, true).await;
    let again = robot_hears(&mut robot).await.unwrap();
    assert_eq!(again, first, "the same lease, granted again");
    assert_eq!(page_hears(&mut aiko).await, Some(first));
    drive(&mut aiko, case_id, false).await;
    assert_eq!(robot_hears(&mut robot).await, None);
    assert_eq!(page_hears(&mut aiko).await, None);
    drive(&mut aiko, case_id, true).await;
    assert_ne!(robot_hears(&mut robot).await.unwrap().id, first.id);
}

#[tokio::test]
async fn nobody_else_drives() {
    let office = Office::open().await;
    let Scene {
        mut robot,
        mut aiko,
        case_id,
        ..
    } = Scene::held(&office).await;
    has_wheels(&mut robot, &mut aiko).await;
    let mut elsewhere = office.desk_again("aiko").await;
    let mut bruno = office.desk("bruno").await;
    for desk in [&mut elsewhere, &mut bruno] {
        drive(desk, case_id, true).await;
        assert_eq!(desk.error().await, "not_yours");
    }
    drive(&mut aiko, case_id, true).await;
    let first = robot_hears(&mut robot).await.unwrap();
    assert_eq!(Some(first), page_hears(&mut aiko).await);
    // Nor does whoever doesn't hold it give it back.
    drive(&mut bruno, case_id, false).await;
    elsewhere.carry(case_id, 2).await.unwrap();
    robot.accepted_with(2).await;
    drive(&mut aiko, case_id, true).await;
    while aiko.error().await != "not_yours" {}
    drive(&mut elsewhere, case_id, true).await;
    let second = robot_hears(&mut robot).await.unwrap();
    assert_ne!(second.id, first.id, "another window, another lease");
}

#[tokio::test]
async fn a_robot_without_wheels_or_link_gives_no_lease() {
    let office = Office::open().await;
    let Scene {
        robot,
        mut aiko,
        case_id,
        ..
    } = Scene::held(&office).await;
    drive(&mut aiko, case_id, true).await;
    assert_eq!(aiko.error().await, "no_drive");
    drop(robot);
    aiko.sees_a_robot_leave().await;
    drive(&mut aiko, case_id, true).await;
    assert_eq!(aiko.error().await, "robot_away");
}
