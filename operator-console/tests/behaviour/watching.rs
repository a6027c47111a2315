//! Operators who watch a visit that the agent serves.

use crate::support::{Desk, Office, Robot, case, turn};
use madoguchi_console::routing::Skills;
use madoguchi_shared::ids::{RobotId, UnixMs, VisitId};
use madoguchi_shared::link::{ConsoleToRobot, RobotToConsole};
use madoguchi_shared::operator::{ConsoleToOperator, OperatorToConsole, RobotEntry};
use madoguchi_shared::packet::{CaseState, OperatorCard, Owner};
use madoguchi_shared::watch::VisitUnderWay;

async fn watcher(office: &Office, account: &str) -> Desk {
    let authority = ["watch_visits".to_owned()].into();
    let skills = Skills {
        authority,
        ..Skills::default()
    };
    office.hire_with(account, skills).await;
    office.desk_again(account).await
}

fn may_watch(desk: &Desk) -> bool {
    match &desk.snapshot {
        ConsoleToOperator::Snapshot { may_watch, .. } => *may_watch,
        other => panic!("no snapshot first: {other:?}"),
    }
}

async fn serves(robot: &mut Robot, visit_id: Option<VisitId>) {
    let visit = visit_id.map(|visit_id| VisitUnderWay {
        visit_id,
        since: UnixMs(1),
        language: "pt".parse().unwrap(),
    });
    robot.line.say(&RobotToConsole::Visit { visit }).await;
}

async fn watch(desk: &mut Desk, robot_id: RobotId, on: bool) {
    desk.say(OperatorToConsole::Watch { robot_id, on }).await;
}

/// Waits until the desk sees the robot so.
async fn sees(desk: &mut Desk, wanted: impl Fn(&RobotEntry) -> bool) -> RobotEntry {
    desk.until(|said| match said {
        ConsoleToOperator::Robot { robot } if wanted(&robot) => Some(robot),
        _ => None,
    })
    .await
}

async fn watched_by(robot: &mut Robot) -> Option<OperatorCard> {
    robot
        .until(|said| match said {
            ConsoleToRobot::Watched { by, .. } => Some(by),
            _ => None,
        })
        .await
}

fn visit() -> VisitId {
    case().visit_id
}

#[tokio::test]
async fn who_may_watches_and_reads_what_the_robot_sends_and_nobody_else_does() {
    let office = Office::open().await;
    let mut robot = office.robot("Entrance 1").await;
    let mut sato = watcher(&office, "sato").await;
    let mut aiko = office.desk("aiko").await;
    assert!(may_watch(&sato) && !may_watch(&aiko));
    let visit_id = visit();
    serves(&mut robot, Some(visit_id)).await;
    let entry = sees(&mut aiko, |robot| robot.visit.is_some()).await;
    assert_eq!(entry.watched_by, None);
    watch(&mut aiko, robot.id, true).await;
    assert_eq!(aiko.error().await, "not_allowed");

    watch(&mut sato, robot.id, true).await;
    assert_eq!(watched_by(&mut robot).await.unwrap().name, "sato T");
    sees(&mut aiko, |robot| robot.watched_by.is_some()).await;
    let turns = vec![turn(1, "Quero saber o horário")];
    let said = RobotToConsole::Watched { visit_id, turns };
    robot.line.say(&said).await;
    let read = sato
        .until(|said| match said {
            ConsoleToOperator::Watched { turns, .. } => Some(turns),
            _ => None,
        })
        .await;
    assert_eq!(read[0].text, "Quero saber o horário");

    let mut hana = watcher(&office, "hana").await;
    watch(&mut hana, robot.id, true).await;
    assert_eq!(hana.error().await, "watched", "one at a time");
    let suggest = |text: &str| OperatorToConsole::Suggest {
        robot_id: robot.id,
        text: text.to_owned(),
        language: "en".parse().unwrap(),
    };
    hana.say(suggest("Ask for the form")).await;
    assert_eq!(hana.error().await, "gone");
    let wish = suggest("Ask for the form");
    sato.say(suggest(&"x".repeat(501))).await;
    assert_eq!(sato.error().await, "text_length");
    sato.say(wish).await;
    let text = robot
        .until(|said| match said {
            ConsoleToRobot::Suggest { text, .. } => Some(text),
            _ => None,
        })
        .await;
    assert_eq!(text, "Ask for the form");
    watch(&mut sato, robot.id, false).await;
    assert_eq!(watched_by(&mut robot).await, None);

    // Aiko, who may not watch, has read none of it.
    aiko.open(case().case_id).await;
    loop {
        match aiko.hear().await {
            ConsoleToOperator::Watched { .. } => panic!("she reads a visit that she may not"),
            ConsoleToOperator::Error { .. } => break,
            _ => {}
        }
    }
}

#[tokio::test]
async fn whoever_serves_another_site_may_not_watch_here() {
    let office = Office::open().await;
    let mut robot = office.robot("Entrance 1").await;
    for (account, site, may) in [
        ("sato", "Another office", false),
        ("hana", "Hoshikawa Ward Office", true),
    ] {
        let skills = Skills {
            supervisor: true,
            sites: [site.to_owned()].into(),
            ..Skills::default()
        };
        office.hire_with(account, skills).await;
        let mut desk = office.desk_again(account).await;
        serves(&mut robot, Some(visit())).await;
        sees(&mut desk, |robot| robot.visit.is_some()).await;
        watch(&mut desk, robot.id, true).await;
        if may {
            assert!(watched_by(&mut robot).await.is_some());
        } else {
            assert_eq!(desk.error().await, "not_allowed");
        }
    }
}

#[tokio::test]
async fn watching_ends_with_the_page_the_visit_and_the_robots_connection() {
    let office = Office::open().await;
    let mut robot = office.robot("Entrance 1").await;
    let mut sato = watcher(&office, "sato").await;
    let mut hana = watcher(&office, "hana").await;
    let first = visit();
    serves(&mut robot, Some(first)).await;
    sees(&mut sato, |robot| robot.visit.is_some()).await;
    watch(&mut sato, robot.id, true).await;
    assert!(watched_by(&mut robot).await.is_some());
    drop(sato);
    assert_eq!(watched_by(&mut robot).await, None);

    sees(&mut hana, |robot| robot.watched_by.is_some()).await;
    sees(&mut hana, |robot| robot.watched_by.is_none()).await;
    watch(&mut hana, robot.id, true).await;
    assert!(watched_by(&mut robot).await.is_some());
    serves(&mut robot, Some(visit())).await;
    let next = |robot: &RobotEntry| {
        robot.watched_by.is_none() && robot.visit.as_ref().unwrap().visit_id != first
    };
    sees(&mut hana, next).await;
    watch(&mut hana, robot.id, true).await;
    assert!(watched_by(&mut robot).await.is_some());
    let key = robot.key.clone();
    drop(robot);
    let gone = sees(&mut hana, |robot| !robot.online).await;
    assert_eq!((gone.visit, gone.watched_by), (None, None));
    let robot = Robot::welcomed(office.plain(), &key, None).await;
    watch(&mut hana, robot.id, true).await;
    assert_eq!(hana.error().await, "gone", "until the robot tells of one");
}

#[tokio::test]
async fn a_watched_visitor_who_is_taken_over_is_the_watchers_at_once() {
    let office = Office::open().await;
    let mut robot = office.robot("Entrance 1").await;
    let mut sato = watcher(&office, "sato").await;
    let mut aiko = office.desk("aiko").await;
    let packet = case();
    let take = |call| OperatorToConsole::TakeVisit {
        robot_id: robot.id,
        call,
        nonce: format!("nonce of {call}"),
    };
    let (early, late) = (take(7), take(8));
    serves(&mut robot, Some(packet.visit_id)).await;
    sees(&mut sato, |robot| robot.visit.is_some()).await;
    sato.say(early).await;
    assert_eq!(sato.error().await, "gone", "only who watches");
    watch(&mut sato, robot.id, true).await;
    assert!(watched_by(&mut robot).await.is_some());
    sato.say(late).await;
    robot
        .says(|said| matches!(said, ConsoleToRobot::TakeVisit { .. }))
        .await;
    // As the robot does it: the visit is the agent's no more, and there is a case.
    serves(&mut robot, None).await;
    robot.send(&packet).await;
    robot.accepted_with(8).await;
    let held = sato.sees(packet.case_id, CaseState::Accepted).await;
    assert_eq!(held.owner, Owner::Operator);
    assert_eq!(held.operator.unwrap().name, "sato T");
    assert_eq!(
        aiko.accept(packet.case_id).await,
        Err("already_taken".into())
    );
}

#[tokio::test]
async fn whoever_takes_over_and_is_gone_leaves_the_visitor_to_all() {
    let office = Office::open().await;
    let mut robot = office.robot("Entrance 1").await;
    let mut sato = watcher(&office, "sato").await;
    let mut aiko = office.desk("aiko").await;
    let packet = case();
    serves(&mut robot, Some(packet.visit_id)).await;
    sees(&mut sato, |robot| robot.visit.is_some()).await;
    watch(&mut sato, robot.id, true).await;
    assert!(watched_by(&mut robot).await.is_some());
    let (robot_id, call, nonce) = (robot.id, 8, String::new());
    sato.say(OperatorToConsole::TakeVisit {
        robot_id,
        call,
        nonce,
    })
    .await;
    robot
        .says(|said| matches!(said, ConsoleToRobot::TakeVisit { .. }))
        .await;
    drop(sato);
    assert_eq!(watched_by(&mut robot).await, None);
    serves(&mut robot, None).await;
    robot.send(&packet).await;
    aiko.accept(packet.case_id).await.unwrap();
}
