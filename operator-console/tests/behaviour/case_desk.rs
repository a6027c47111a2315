//! A case's way across the operators' desks.

use crate::support::{Office, Scene, back, case, offer, turn};
use madoguchi_shared::link::{ConsoleToRobot, RobotToConsole};
use madoguchi_shared::operator::ConsoleToOperator;
use madoguchi_shared::packet::{CaseState, Owner};
use madoguchi_shared::signal::Signal;

#[tokio::test]
async fn a_case_appears_at_every_desk_and_the_robot_hears_how_many() {
    let office = Office::open().await;
    let mut robot = office.robot("Entrance 1").await;
    let packet = case();
    robot.send(&packet).await;
    assert_eq!(robot.offered(packet.case_id).await, 0);

    let mut aiko = office.desk("aiko").await;
    assert_eq!(robot.offered(packet.case_id).await, 1);
    let mut bruno = office.desk("bruno").await;
    assert_eq!(robot.offered(packet.case_id).await, 2);

    let second = crate::support::case();
    robot.send(&second).await;
    for desk in [&mut aiko, &mut bruno] {
        let ConsoleToOperator::Snapshot {
            cases,
            robots,
            holding,
            ..
        } = &desk.snapshot
        else {
            panic!("no snapshot first");
        };
        assert_eq!(cases.len(), 1);
        assert_eq!(cases[0].robot_name, "Entrance 1");
        assert_eq!(cases[0].language.as_ref().unwrap().as_str(), "vi");
        assert!(robots[0].online);
        assert_eq!(*holding, None);
        desk.sees(second.case_id, CaseState::Requested).await;
    }
    drop(bruno);
    assert_eq!(robot.offered(packet.case_id).await, 1);
}

#[tokio::test]
async fn of_two_operators_who_accept_at_once_exactly_one_gets_the_case() {
    let office = Office::open().await;
    let mut robot = office.robot("Entrance 1").await;
    let mut aiko = office.desk("aiko").await;
    let mut bruno = office.desk("bruno").await;
    for _ in 0..10 {
        let packet = case();
        robot.send(&packet).await;
        let (a, b) = tokio::join!(aiko.accept(packet.case_id), bruno.accept(packet.case_id));
        let refused = "already_taken".to_owned();
        let winner = match (a, b) {
            (Ok(()), Err(code)) if code == refused => &mut aiko,
            (Err(code), Ok(())) if code == refused => &mut bruno,
            both => panic!("not exactly one: {both:?}"),
        };
        winner.end(packet.case_id).await;
        let told = robot
            .until(|message| match message {
                ConsoleToRobot::End { case_id, back } if case_id == packet.case_id => Some(back),
                _ => None,
            })
            .await;
        assert_eq!(told, back());
        robot
            .progress(packet.case_id, CaseState::Closed, Owner::Agent)
            .await;
        winner.sees(packet.case_id, CaseState::Closed).await;
    }
}

#[tokio::test]
async fn an_operator_holds_one_conversation_at_a_time() {
    let office = Office::open().await;
    let mut robot = office.robot("Entrance 1").await;
    let mut aiko = office.desk("aiko").await;
    let (first, second) = (case(), case());
    robot.send(&first).await;
    robot.send(&second).await;
    assert_eq!(aiko.accept(first.case_id).await, Ok(()));
    assert_eq!(
        aiko.accept(second.case_id).await,
        Err("holding_another".into())
    );
    aiko.end(first.case_id).await;
    assert_eq!(aiko.accept(second.case_id).await, Ok(()));
}

#[tokio::test]
async fn the_packet_grows_in_front_of_its_reader() {
    let office = Office::open().await;
    let Scene {
        mut robot,
        mut aiko,
        mut packet,
        case_id,
    } = Scene::waiting(&office).await;
    aiko.open(case_id).await;
    let seen = aiko.packet().await;
    assert_eq!(seen.robot_id, Some(robot.id));
    assert_eq!(seen.transcript, packet.transcript);

    let line = turn(2, "Tôi cần giúp đỡ");
    robot.turn(case_id, 2, line.clone()).await;
    let heard = aiko
        .until(|message| match message {
            ConsoleToOperator::Turn {
                revision: 2, turn, ..
            } => Some(turn),
            _ => None,
        })
        .await;
    assert_eq!(heard, line);

    robot.turn(case_id, 4, turn(4, "lost before")).await;
    for expected in [2, 2] {
        let saved = robot
            .until(|message| match message {
                ConsoleToRobot::CaseSaved { revision, .. } => Some(revision),
                _ => None,
            })
            .await;
        assert_eq!(saved, expected, "a line without the one before was stored");
    }

    packet
        .transcript
        .extend([line, turn(3, "ba"), turn(4, "bốn")]);
    packet.revision = 4;
    robot.send(&packet).await;
    assert_eq!(aiko.packet().await.transcript, packet.transcript);

    packet.revision = 3;
    packet.transcript.clear();
    robot.send(&packet).await;
    aiko.open(case_id).await;
    assert_eq!(
        aiko.packet().await.transcript.len(),
        4,
        "an older packet replaced a newer"
    );
}

#[tokio::test]
async fn words_and_signals_pass_between_robot_and_holder_only() {
    let office = Office::open().await;
    let Scene {
        mut robot,
        mut aiko,
        packet,
        case_id,
    } = Scene::waiting(&office).await;
    let mut stranger = office.robot("Entrance 2").await;
    let mut bruno = office.desk("bruno").await;
    aiko.accept(case_id).await.unwrap();
    robot
        .until(|message| match message {
            ConsoleToRobot::Accepted { operator, page, .. } => {
                assert_eq!(operator.name, "aiko T");
                let page = page.expect("the page by which the robot knows it");
                assert_eq!((page.nonce.as_str(), page.key), ("nonce of 1", None));
                Some(())
            }
            _ => None,
        })
        .await;
    robot.in_call().await;

    bruno.signal(case_id, offer(9)).await;
    assert_eq!(bruno.error().await, "not_yours");
    bruno.open(case_id).await;
    assert_eq!(bruno.error().await, "not_yours");
    bruno.end(case_id).await;
    assert_eq!(bruno.error().await, "not_yours");

    stranger.signal(case_id, offer(8)).await;
    stranger
        .progress(case_id, CaseState::Closed, Owner::Agent)
        .await;
    let mut forged = packet.clone();
    forged.revision = 7;
    forged.transcript.clear();
    stranger
        .line
        .say(&RobotToConsole::Case {
            packet: Box::new(forged),
        })
        .await;
    stranger.send(&case()).await;

    robot.signal(case_id, offer(1)).await;
    let signal = aiko
        .until(|message| match message {
            ConsoleToOperator::Signal { signal, .. } => Some(signal),
            ConsoleToOperator::Case { case } if case.case_id == case_id => {
                assert_eq!(case.state, CaseState::Accepted, "a stranger moved the case");
                None
            }
            _ => None,
        })
        .await;
    assert_eq!(signal, offer(1), "a stranger's signal came through");
    aiko.open(case_id).await;
    assert_eq!(aiko.packet().await.revision, 1);

    let answer = Signal::Answer {
        session: 1,
        sdp: "v=0".into(),
        proof: Some("signed".into()),
    };
    aiko.signal(case_id, answer.clone()).await;
    aiko.types(case_id, 1, "Hello").await;
    assert_eq!(
        robot.hear().await,
        ConsoleToRobot::Signal {
            case_id,
            signal: answer
        }
    );
    assert!(matches!(
        robot.hear().await,
        ConsoleToRobot::Say { message: 1, .. }
    ));
}

#[tokio::test]
async fn what_is_not_understood_is_dropped_and_the_robot_stays() {
    let office = Office::open().await;
    let mut robot = office.robot("Entrance 1").await;
    for text in [
        "",
        "{",
        "[]",
        r#"{"type":"from_the_future","x":1}"#,
        r#"{"type":"case"}"#,
    ] {
        robot.line.say_raw(text.to_owned()).await;
    }
    robot.send(&case()).await;
    robot.line.say_raw("x".repeat((1 << 20) + 1)).await;
    let hung_up = loop {
        match robot.line.hear::<ConsoleToRobot>().await {
            Some(_) => {}
            None => break true,
        }
    };
    assert!(hung_up, "a message above 1 MiB was taken");
}
