//! Who is let in as a robot.

#![allow(clippy::unwrap_used)]

mod support;

use madoguchi_shared::link::{ConsoleToRobot, Refusal, RobotToConsole};
use support::{Line, Office, Robot, case, hello, introduce, new_key};

fn refusal(answer: ConsoleToRobot) -> Refusal {
    match answer {
        ConsoleToRobot::Refused { reason } => reason,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn a_claim_code_claims_one_robot_once() {
    let office = Office::open().await;
    let code = office.claim_code("Entrance 1").await;
    let typed = code.to_lowercase().replace('-', " ");
    let key = new_key();

    let (_line, answer) =
        introduce(office.plain(), |nonce| hello(&key, nonce, "", Some(typed))).await;
    let ConsoleToRobot::Welcome {
        robot_id,
        name,
        claimed_now: true,
        ..
    } = answer
    else {
        panic!("not claimed: {answer:?}");
    };
    assert_eq!(name, "Entrance 1");

    let other = new_key();
    let (mut line, answer) =
        introduce(office.plain(), |nonce| hello(&other, nonce, "", Some(code))).await;
    assert_eq!(refusal(answer), Refusal::BadClaimCode);
    assert_eq!(
        line.hear::<ConsoleToRobot>().await,
        None,
        "the connection stayed open"
    );

    let (_line, answer) = introduce(office.plain(), |nonce| hello(&key, nonce, "", None)).await;
    match answer {
        ConsoleToRobot::Welcome {
            robot_id: again,
            claimed_now: false,
            ..
        } => {
            assert_eq!(again, robot_id);
        }
        other => panic!("the claimed robot isn't known: {other:?}"),
    }
}

#[tokio::test]
async fn an_unclaimed_key_is_refused() {
    let office = Office::open().await;
    let key = new_key();
    let (_, answer) = introduce(office.plain(), |nonce| hello(&key, nonce, "", None)).await;
    assert_eq!(refusal(answer), Refusal::NotClaimed);
}

#[tokio::test]
async fn a_signature_holds_for_its_key_and_its_connection_only() {
    let office = Office::open().await;
    let code = office.claim_code("Entrance 1").await;
    let key = new_key();
    let mut recorded = None;
    let (_line, answer) = introduce(office.plain(), |nonce| {
        let hello = hello(&key, nonce, "", Some(code));
        recorded = Some(hello.clone());
        hello
    })
    .await;
    assert!(matches!(answer, ConsoleToRobot::Welcome { .. }));

    let (_, answer) = introduce(office.plain(), |_| recorded.unwrap()).await;
    assert_eq!(
        refusal(answer),
        Refusal::BadSignature,
        "a replayed hello was taken"
    );

    let (_, answer) = introduce(office.plain(), |nonce| {
        let mut stolen = hello(&new_key(), nonce, "", None);
        stolen.public_key = hello(&key, nonce, "", None).public_key;
        stolen
    })
    .await;
    assert_eq!(
        refusal(answer),
        Refusal::BadSignature,
        "another key's signature was taken"
    );

    let (_, answer) = introduce(office.plain(), |nonce| {
        hello(&key, nonce, &"ab".repeat(32), None)
    })
    .await;
    assert_eq!(
        refusal(answer),
        Refusal::BadSignature,
        "another server's signature was taken"
    );
}

#[tokio::test]
async fn another_protocol_is_refused_before_anything_else() {
    let office = Office::open().await;
    let key = new_key();
    let (_, answer) = introduce(office.plain(), |nonce| {
        let mut hello = hello(&key, nonce, "", None);
        hello.protocol += 1;
        hello
    })
    .await;
    assert_eq!(refusal(answer), Refusal::Protocol);
}

#[tokio::test]
async fn nothing_is_taken_before_the_hello() {
    let office = Office::open().await;
    let mut line = Line::dial(office.plain(), "/robot/link", &[])
        .await
        .unwrap();
    let challenge: Option<ConsoleToRobot> = line.hear().await;
    assert!(matches!(challenge, Some(ConsoleToRobot::Challenge { .. })));
    line.say(&RobotToConsole::Case {
        packet: Box::new(case()),
    })
    .await;
    assert_eq!(line.hear::<ConsoleToRobot>().await, None);
}

#[tokio::test]
async fn a_newer_connection_of_the_same_robot_replaces_the_older() {
    let office = Office::open().await;
    let code = office.claim_code("Entrance 1").await;
    let key = new_key();
    let mut older = Robot::welcomed(office.plain(), &key, Some(code)).await;
    let mut newer = Robot::welcomed(office.plain(), &key, None).await;

    assert_eq!(
        older.line.hear::<ConsoleToRobot>().await,
        None,
        "the older one stayed"
    );
    newer.send(&case()).await;
}
