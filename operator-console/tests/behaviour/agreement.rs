//! Robot and console agree on who holds a case and why it failed.

use crate::support::{Office, Scene, case};
use madoguchi_shared::link::{Failure, RobotToConsole};
use madoguchi_shared::operator::ConsoleToOperator;
use madoguchi_shared::packet::{CaseState, Owner};

#[tokio::test]
async fn accepting_and_ending_move_the_conversation_before_the_robot_says_so() {
    let office = Office::open().await;
    let Scene {
        mut robot,
        mut aiko,
        mut packet,
        case_id,
    } = Scene::waiting(&office).await;
    let mut bruno = office.desk("bruno").await;
    robot.send(&packet).await;
    assert_eq!(bruno.change(case_id).await.owner, Owner::Waiting);

    aiko.accept(case_id).await.unwrap();
    let accepted = bruno.change(case_id).await;
    assert_eq!(accepted.state, CaseState::Accepted);
    assert_eq!(accepted.owner, Owner::Operator);
    assert_eq!(aiko.packet().await.owner, Owner::Operator);

    packet.revision = 2;
    robot.send(&packet).await;
    let late = bruno.change(case_id).await;
    assert_eq!(
        late.owner,
        Owner::Operator,
        "an old word undid the acceptance"
    );

    aiko.end(case_id).await;
    let ended = bruno.change(case_id).await;
    assert_eq!(ended.state, CaseState::Returning);
    assert_eq!(ended.owner, Owner::Agent);
    robot
        .progress(case_id, CaseState::Live, Owner::Operator)
        .await;
    let late = bruno.change(case_id).await;
    assert_eq!(late.owner, Owner::Agent, "an old word undid the end");
}

#[tokio::test]
async fn the_first_failure_of_a_case_stands() {
    let office = Office::open().await;
    let Scene {
        mut robot,
        mut aiko,
        case_id,
        ..
    } = Scene::held(&office).await;
    robot
        .fails(case_id, CaseState::Live, Failure::MediaFailed)
        .await;
    let failed = aiko.change(case_id).await;
    assert_eq!(failed.failure, Some(Failure::MediaFailed));
    robot
        .fails(case_id, CaseState::Closed, Failure::OperatorLeft)
        .await;
    let closed = aiko.change(case_id).await;
    assert_eq!(closed.state, CaseState::Closed);
    assert_eq!(closed.failure, Some(Failure::MediaFailed));
}

#[tokio::test]
async fn a_closed_case_stays_as_it_was_closed() {
    let office = Office::open().await;
    let Scene {
        mut robot,
        mut aiko,
        case_id,
        ..
    } = Scene::waiting(&office).await;
    robot
        .progress(case_id, CaseState::Closed, Owner::Agent)
        .await;
    aiko.sees(case_id, CaseState::Closed).await;

    robot
        .fails(case_id, CaseState::Closed, Failure::RobotFault)
        .await;
    robot
        .fails(case_id, CaseState::Live, Failure::MediaFailed)
        .await;
    let next = case();
    robot.send(&next).await;
    let told = aiko
        .until(|message| match message {
            ConsoleToOperator::Case { case } => Some(case.case_id),
            _ => None,
        })
        .await;
    assert_eq!(told, next.case_id, "a closed case was told of again");
    let kept = office.kept(case_id).await;
    assert_eq!((kept.state, kept.owner), (CaseState::Closed, Owner::Agent));
}

#[tokio::test]
async fn an_old_word_does_not_overrule_a_newer_packet() {
    let office = Office::open().await;
    let Scene {
        mut robot,
        mut aiko,
        mut packet,
        case_id,
    } = Scene::held(&office).await;
    packet.revision = 3;
    packet.state = CaseState::Live;
    packet.owner = Owner::Operator;
    robot.send(&packet).await;
    aiko.sees(case_id, CaseState::Live).await;
    let word = |revision, state| RobotToConsole::Progress {
        case_id,
        revision: Some(revision),
        state,
        owner: Owner::Operator,
        failure: None,
    };
    robot.line.say(&word(2, CaseState::Connecting)).await;
    assert_eq!(aiko.change(case_id).await.state, CaseState::Live);
    robot.line.say(&word(3, CaseState::Connecting)).await;
    assert_eq!(aiko.change(case_id).await.state, CaseState::Connecting);
}

#[tokio::test]
async fn a_packet_tells_why_a_case_ended_while_the_link_was_down() {
    let office = Office::open().await;
    let Scene {
        mut robot,
        mut aiko,
        mut packet,
        case_id,
    } = Scene::waiting(&office).await;
    packet.revision = 2;
    packet.state = CaseState::Closed;
    packet.owner = Owner::Agent;
    packet.failure = Some(Failure::NoOneInTime);
    robot.send(&packet).await;
    let closed = aiko.sees(case_id, CaseState::Closed).await;
    assert_eq!(closed.failure, Some(Failure::NoOneInTime));
    let kept = office.kept(case_id).await;
    assert_eq!(kept.failure, Some(Failure::NoOneInTime));
}
