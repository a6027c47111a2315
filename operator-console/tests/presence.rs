//! Robots and pages that come, go, fall silent or fall behind.

#![allow(clippy::unwrap_used)]

mod support;

use std::time::Duration;

use madoguchi_shared::link::{ConsoleToRobot, RobotToConsole};
use madoguchi_shared::operator::{ConsoleToOperator, OperatorToConsole};
use madoguchi_shared::packet::{CaseState, Owner};
use madoguchi_shared::signal::Signal;
use support::{Office, case};

fn offer(session: u32) -> Signal {
    Signal::Offer {
        session,
        sdp: "v=0".into(),
    }
}

#[tokio::test]
async fn a_reloaded_page_gets_its_conversation_back() {
    let office = Office::open().await;
    let mut robot = office.robot("Entrance 1").await;
    let mut aiko = office.desk("aiko").await;
    let packet = case();
    let case_id = packet.case_id;
    robot.send(&packet).await;
    aiko.accept(case_id).await.unwrap();
    let accepted = |message| match message {
        ConsoleToRobot::Accepted { .. } => Some(()),
        _ => None,
    };
    robot.until(accepted).await;

    drop(aiko);
    assert_eq!(robot.hear().await, ConsoleToRobot::OperatorAway { case_id });

    let mut aiko = office.desk_again("aiko").await;
    assert!(matches!(
        aiko.snapshot,
        ConsoleToOperator::Snapshot { holding: Some(id), .. } if id == case_id
    ));
    aiko.until(|message| match message {
        ConsoleToOperator::Accepted { .. } => Some(()),
        _ => None,
    })
    .await;
    robot.until(accepted).await;
    robot
        .line
        .say(&RobotToConsole::Signal {
            case_id,
            signal: offer(2),
        })
        .await;
    aiko.until(|message| match message {
        ConsoleToOperator::Signal { signal, .. } => {
            assert_eq!(signal, offer(2));
            Some(())
        }
        _ => None,
    })
    .await;
}

#[tokio::test]
async fn a_silent_robot_goes_off_line_and_its_operator_is_told() {
    let office = Office::open_with(|config| config.silence = Duration::from_millis(600)).await;
    let mut robot = office.robot("Entrance 1").await;
    let mut aiko = office.desk("aiko").await;
    let packet = case();
    let case_id = packet.case_id;
    robot.send(&packet).await;
    aiko.accept(case_id).await.unwrap();
    // From here on nobody reads the robot's socket, so that no ping is answered.
    aiko.until(|message| match message {
        ConsoleToOperator::Robot { robot } if !robot.online => Some(()),
        _ => None,
    })
    .await;
    let language = "en".parse().unwrap();
    aiko.say(OperatorToConsole::Say {
        case_id,
        message: 1,
        text: "Hello".into(),
        language,
    })
    .await;
    assert_eq!(aiko.error().await, "robot_away");
}

#[tokio::test]
async fn a_page_that_does_not_read_is_hung_up_on_and_nobody_waits_for_it() {
    let office = Office::open().await;
    let mut robot = office.robot("Entrance 1").await;
    let mut packet = case();
    let case_id = packet.case_id;
    robot.send(&packet).await;
    let mut asleep = office.desk("aiko").await;
    asleep.say(OperatorToConsole::Open { case_id }).await;
    let mut awake = office.desk("bruno").await;

    packet.transcript[0].text = "x".repeat(900_000);
    for revision in 2..60 {
        packet.revision = revision;
        robot.send(&packet).await;
    }
    robot
        .progress(case_id, CaseState::Closed, Owner::Agent)
        .await;
    awake.sees(case_id, CaseState::Closed).await;
    let mut packets = 0;
    while let Some(message) = asleep.line.hear::<ConsoleToOperator>().await {
        packets += u32::from(matches!(message, ConsoleToOperator::Packet { .. }));
    }
    assert!(
        packets < 58,
        "everything was kept for a page that doesn't read"
    );
}

#[tokio::test]
async fn a_second_window_takes_the_conversation_over() {
    let office = Office::open().await;
    let mut robot = office.robot("Entrance 1").await;
    let mut first = office.desk("aiko").await;
    let packet = case();
    let case_id = packet.case_id;
    robot.send(&packet).await;
    first.accept(case_id).await.unwrap();
    let accepted = |message| match message {
        ConsoleToRobot::Accepted { .. } => Some(()),
        _ => None,
    };
    robot.until(accepted).await;

    let mut second = office.desk_again("aiko").await;
    assert_eq!(first.error().await, "moved_elsewhere");
    assert_eq!(robot.hear().await, ConsoleToRobot::OperatorAway { case_id });
    robot.until(accepted).await;
    first
        .say(OperatorToConsole::Signal {
            case_id,
            signal: offer(1),
        })
        .await;
    assert_eq!(first.error().await, "not_yours");
    second
        .say(OperatorToConsole::Signal {
            case_id,
            signal: offer(2),
        })
        .await;
    assert_eq!(
        robot.hear().await,
        ConsoleToRobot::Signal {
            case_id,
            signal: offer(2)
        }
    );
}
