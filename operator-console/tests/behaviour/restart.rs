//! What a restart keeps, and what time erases.

use std::time::Duration;

use crate::support::postgres::Postgres;
use crate::support::{Office, Robot, back, case, is_on_disk, new_key, turn};
use madoguchi_console::store::Database;
use madoguchi_shared::link::ConsoleToRobot;
use madoguchi_shared::operator::ConsoleToOperator;
use madoguchi_shared::packet::{CaseState, Owner};

async fn a_case_outlives_a_restart(mut office: Office) {
    let key = new_key();
    let code = office.claim_code("Entrance 1").await;
    let mut robot = Robot::welcomed(office.plain(), &key, Some(code)).await;
    let mut aiko = office.desk("aiko").await;
    let packet = case();
    let case_id = packet.case_id;
    robot.send(&packet).await;
    aiko.accept(case_id).await.unwrap();

    office.stop().await;
    office.start().await;

    let mut robot = Robot::welcomed(office.plain(), &key, None).await;
    assert_eq!(robot.accepted().await, None);
    assert_eq!(robot.hear().await, ConsoleToRobot::OperatorAway { case_id });
    let mut aiko = office.desk_again("aiko").await;
    assert_eq!(aiko.holding(), Some((case_id, None)));
    aiko.carry(case_id, 2).await.unwrap();
    assert_eq!(aiko.packet().await.transcript, packet.transcript);

    drop(robot);
    aiko.sees_a_robot_leave().await;
    aiko.end(case_id).await;
    aiko.sees(case_id, CaseState::Returning).await;
    office.stop().await;
    office.start().await;

    for _ in 0..2 {
        let mut robot = Robot::welcomed(office.plain(), &key, None).await;
        assert_eq!(
            robot.hear().await,
            ConsoleToRobot::End {
                case_id,
                back: back()
            }
        );
    }
    let mut robot = Robot::welcomed(office.plain(), &key, None).await;
    let mut aiko = office.desk_again("aiko").await;
    robot
        .progress(case_id, CaseState::Closed, Owner::Agent)
        .await;
    aiko.sees(case_id, CaseState::Closed).await;

    office.stop().await;
    office.start().await;
    let aiko = office.desk_again("aiko").await;
    assert!(matches!(
        aiko.snapshot,
        ConsoleToOperator::Snapshot { cases, holding: None, .. } if cases.is_empty()
    ));
    office.stop().await;
}

#[tokio::test]
async fn a_case_outlives_a_restart_on_sqlite() {
    a_case_outlives_a_restart(Office::open().await).await;
}

#[tokio::test]
async fn a_case_outlives_a_restart_on_postgresql() {
    let server = Postgres::start();
    let database = Database::Postgres(server.url());
    a_case_outlives_a_restart(Office::open_with(|config| config.database = database).await).await;
}

#[tokio::test]
async fn two_consoles_on_one_postgresql_never_give_a_case_away_twice() {
    let server = Postgres::start();
    let database = Database::Postgres(server.url());
    let here = Office::open_with(|config| config.database = database.clone()).await;
    let there = Office::open_with(|config| config.database = database).await;
    let mut robot = here.robot("Entrance 1").await;
    let mut aiko = here.desk("aiko").await;
    let mut bruno = there.desk("bruno").await;
    for _ in 0..10 {
        let packet = case();
        let case_id = packet.case_id;
        robot.send(&packet).await;
        let outcome = tokio::join!(aiko.accept(case_id), bruno.accept(case_id));
        let refused = Err("already_taken".to_owned());
        assert!(
            outcome == (Ok(()), refused.clone()) || outcome == (refused, Ok(())),
            "{outcome:?}"
        );
        robot
            .progress(case_id, CaseState::Closed, Owner::Agent)
            .await;
        aiko.sees(case_id, CaseState::Closed).await;
    }
}

#[tokio::test]
async fn a_case_that_another_console_closed_leaves_the_desks_when_its_robot_says_so() {
    let server = Postgres::start();
    let database = Database::Postgres(server.url());
    let here = Office::open_with(|config| config.database = database.clone()).await;
    let key = new_key();
    let code = here.claim_code("Entrance 1").await;
    let mut robot = Robot::welcomed(here.plain(), &key, Some(code)).await;
    let mut aiko = here.desk("aiko").await;
    let case_id = {
        let packet = case();
        robot.send(&packet).await;
        packet.case_id
    };
    let there = Office::open_with(|config| config.database = database).await;
    let mut bruno = there.desk("bruno").await;
    robot
        .progress(case_id, CaseState::Closed, Owner::Agent)
        .await;
    aiko.sees(case_id, CaseState::Closed).await;

    let mut robot = Robot::welcomed(there.plain(), &key, None).await;
    assert!(
        matches!(robot.hear().await, ConsoleToRobot::Offered { case_id: id, .. } if id == case_id)
    );
    robot
        .progress(case_id, CaseState::Closed, Owner::Agent)
        .await;
    bruno.sees(case_id, CaseState::Closed).await;
}

#[tokio::test]
async fn a_packet_sent_again_changes_nothing() {
    let office = Office::open().await;
    let mut robot = office.robot("Entrance 1").await;
    let packet = case();
    robot.send(&packet).await;
    robot.send(&packet).await;
    let aiko = office.desk("aiko").await;
    assert!(matches!(
        aiko.snapshot,
        ConsoleToOperator::Snapshot { cases, .. } if cases.len() == 1
    ));
}

#[tokio::test]
async fn what_is_past_its_retention_leaves_the_desks_and_the_disk() {
    const WORDS: &str = "a secret that only the visitor knows";
    let mut office =
        Office::open_with(|config| config.case_retention = Duration::from_millis(200)).await;
    let mut robot = office.robot("Entrance 1").await;
    let mut aiko = office.desk("aiko").await;
    let mut packet = case();
    packet.transcript = vec![turn(1, WORDS)];
    robot.send(&packet).await;
    aiko.sees(packet.case_id, CaseState::Requested).await;
    assert!(
        is_on_disk(office.dir.path(), WORDS),
        "the test looks at the wrong place"
    );

    let erased = async {
        while office.console().erase_expired().await.unwrap() == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), erased)
        .await
        .unwrap();
    aiko.sees(packet.case_id, CaseState::Closed).await;
    assert!(
        !is_on_disk(office.dir.path(), WORDS),
        "erased words are still on the disk while the console runs"
    );
    office.stop().await;
    assert!(!is_on_disk(office.dir.path(), WORDS));
}
