//! Staff in the room take a visitor over at the robot: every desk sees it, nobody at a desk has or
//! gets them any more, and what staff gave back is kept once.

use crate::support::scene::Scene;
use crate::support::{Desk, Office, back};
use madoguchi_shared::ids::UnixMs;
use madoguchi_shared::link::{ConsoleToRobot, RobotToConsole};
use madoguchi_shared::operator::{CaseEntry, ConsoleToOperator};
use madoguchi_shared::packet::{
    CaseState, Disposition, Owner, Packet, Promise, ReturnPacket, TaskKind,
};

/// The packet after staff took its visitor.
fn taken(packet: &Packet) -> Packet {
    Packet {
        revision: packet.revision + 1,
        state: CaseState::Accepted,
        owner: Owner::Onsite,
        ..packet.clone()
    }
}

fn given_back(packet: &Packet, back: ReturnPacket) -> Packet {
    Packet {
        revision: packet.revision + 2,
        state: CaseState::Closed,
        owner: Owner::Agent,
        returned: Some(back),
        ..packet.clone()
    }
}

async fn sees(desk: &mut Desk, packet: &Packet, wanted: impl Fn(&CaseEntry) -> bool) -> CaseEntry {
    loop {
        if let ConsoleToOperator::Case { case } = desk.hear().await
            && case.case_id == packet.case_id
            && wanted(&case)
        {
            return case;
        }
    }
}

#[tokio::test]
async fn every_desk_sees_at_once_that_staff_have_a_visitor_and_none_gets_them() {
    let office = Office::open().await;
    let Scene {
        mut robot,
        mut aiko,
        packet,
        case_id,
    } = Scene::waiting(&office).await;
    let mut bruno = office.desk("bruno").await;
    robot.send(&taken(&packet)).await;
    for desk in [&mut aiko, &mut bruno] {
        let entry = sees(desk, &packet, |case| case.owner == Owner::Onsite).await;
        assert_eq!(entry.state, CaseState::Accepted);
        assert_eq!((entry.operator, entry.offer), (None, None));
    }
    let refused = aiko.accept(case_id).await.unwrap_err();
    assert_eq!(refused, "onsite");
    bruno.open(case_id).await;
    let unread = bruno.until(|message| match message {
        ConsoleToOperator::Error { error, .. } => Some(error.code),
        ConsoleToOperator::Packet { .. } => panic!("a stranger reads along"),
        _ => None,
    });
    assert_eq!(unread.await, "not_yours");

    // Staff have left: it waits as before, and is offered anew.
    let waits = Packet {
        revision: packet.revision + 2,
        state: CaseState::Offered,
        ..packet.clone()
    };
    robot.send(&waits).await;
    assert!(robot.offered(case_id).await > 0);
    sees(&mut aiko, &packet, |case| case.offer.is_some()).await;
    aiko.accept(case_id).await.unwrap();
    assert_eq!(robot.accepted().await, Some(1));
}

#[tokio::test]
async fn staff_take_a_visitor_from_the_operator_who_is_free_for_the_next_one() {
    let office = Office::open().await;
    let Scene {
        mut robot,
        mut aiko,
        packet,
        case_id,
    } = Scene::held(&office).await;
    robot.send(&taken(&packet)).await;
    let entry = sees(&mut aiko, &packet, |case| case.owner == Owner::Onsite).await;
    assert_eq!(entry.operator, None);
    aiko.end(case_id).await;
    assert_eq!(aiko.error().await, "not_yours");
    let mut other = office.robot("Entrance 2").await;
    let next = crate::support::case();
    other.send(&next).await;
    aiko.accept(next.case_id).await.unwrap();
    other.accepted().await;
}

#[tokio::test]
async fn an_acceptance_that_the_robot_never_heard_of_gives_way_to_staff() {
    let office = Office::open().await;
    let Scene {
        robot,
        mut aiko,
        packet,
        case_id,
    } = Scene::waiting(&office).await;
    let key = robot.key.clone();
    drop(robot);
    aiko.accept(case_id).await.unwrap();
    let mut robot = crate::support::Robot::welcomed(office.plain(), &key, None).await;
    assert_eq!(robot.accepted().await, Some(1), "said on reconnecting");
    robot.send(&taken(&packet)).await;
    let entry = sees(&mut aiko, &packet, |case| case.owner == Owner::Onsite).await;
    assert_eq!(entry.operator, None);
}

#[tokio::test]
async fn an_end_that_the_robot_never_heard_of_is_said_again_and_stays() {
    let office = Office::open().await;
    let Scene {
        mut robot,
        mut aiko,
        packet,
        case_id,
    } = Scene::held(&office).await;
    aiko.end(case_id).await;
    robot
        .says(|message| matches!(message, ConsoleToRobot::End { .. }))
        .await;
    robot.send(&taken(&packet)).await;
    let entry = sees(&mut aiko, &packet, |case| case.owner == Owner::Agent).await;
    assert_eq!(entry.state, CaseState::Returning);
}

#[tokio::test]
async fn what_staff_gave_back_while_the_console_was_away_arrives_once_with_its_promise() {
    let office = Office::open().await;
    let mut robot = office.robot("Entrance 1").await;
    let mut aiko = office.desk("aiko").await;
    let due_at = UnixMs(madoguchi_console::hub::now().0 + 3_600_000);
    let packet = crate::support::case();
    let done = given_back(
        &packet,
        ReturnPacket {
            disposition: Disposition::FollowUp,
            note: "The form is sent by post.".into(),
            resume: true,
            promise: Some(Promise {
                contact: Some("0312345678".into()),
                due_at,
            }),
        },
    );
    // Everything happened before the console heard anything; and the robot isn't sure that it did.
    for _ in 0..3 {
        robot.send(&done).await;
    }
    let key = robot.key.clone();
    let mut robot = crate::support::Robot::welcomed(office.plain(), &key, None).await;
    robot.send(&done).await;
    let task = loop {
        if let ConsoleToOperator::Task { task } = aiko.hear().await {
            break task;
        }
    };
    assert_eq!(task.task.kind, TaskKind::FollowUp);
    assert_eq!(task.task.contact.as_deref(), Some("0312345678"));
    assert_eq!((task.due_at, task.tries), (due_at, 0));
    let mut later = office.desk("bruno").await;
    let mut tasks = Vec::new();
    later.open(crate::support::case().case_id).await;
    later
        .until(|message| match message {
            ConsoleToOperator::Task { task } => {
                tasks.push(task.task.task_id);
                None
            }
            ConsoleToOperator::Error { .. } => Some(()),
            _ => None,
        })
        .await;
    assert_eq!(tasks, [task.task.task_id], "one promise is one task");
}

#[tokio::test]
async fn a_visitor_who_is_with_staff_is_with_them_after_a_restart_of_the_console() {
    let mut office = Office::open().await;
    let Scene {
        mut robot, packet, ..
    } = Scene::waiting(&office).await;
    robot.send(&taken(&packet)).await;
    office.stop().await;
    office.start().await;
    let mut aiko = office.desk_again("aiko").await;
    let ConsoleToOperator::Snapshot { cases, .. } = &aiko.snapshot else {
        panic!("no snapshot");
    };
    assert_eq!(cases[0].owner, Owner::Onsite);
    let refused = aiko.accept(packet.case_id).await.unwrap_err();
    assert_eq!(refused, "onsite");
    let key = robot.key.clone();
    let mut robot = crate::support::Robot::welcomed(office.plain(), &key, None).await;
    let message = RobotToConsole::Case {
        packet: Box::new(given_back(&packet, back())),
    };
    robot.line.say(&message).await;
    sees(&mut aiko, &packet, |case| case.state == CaseState::Closed).await;
}
