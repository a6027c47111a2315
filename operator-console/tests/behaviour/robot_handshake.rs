//! Who is let in as a robot.

use std::time::Duration;

use crate::support::{
    Line, Office, PATIENCE, Robot, case, hello, introduce, introduce_on, new_key,
};
use madoguchi_console::introductions::FROM_ONE_ADDRESS;
use madoguchi_shared::link::{ConsoleToRobot, Refusal, RobotToConsole};
use madoguchi_shared::packet::CaseState;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Error;

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
async fn over_tls_the_signature_holds_for_this_certificate_only() {
    let office =
        Office::open_with(|config| config.listen_tls = Some(([127, 0, 0, 1], 0).into())).await;
    let key = new_key();
    let code = office.claim_code("Entrance 1").await;
    let fingerprint = office.console().fingerprint.clone();
    let dial = async || {
        let tls = Box::new(crate::support::tls::connect(&office).await);
        Line::upgrade(tls, "localhost", "/robot/link", &[])
            .await
            .unwrap()
    };

    for (signed, code) in [("", None), (&*"ab".repeat(32), Some(code.clone()))] {
        let (_, answer) =
            introduce_on(dial().await, |nonce| hello(&key, nonce, signed, code)).await;
        assert_eq!(
            refusal(answer),
            Refusal::BadSignature,
            "signed for `{signed}`"
        );
    }
    let (_line, answer) = introduce_on(dial().await, |nonce| {
        hello(&key, nonce, &fingerprint, Some(code))
    })
    .await;
    assert!(
        matches!(answer, ConsoleToRobot::Welcome { .. }),
        "{answer:?}"
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

#[tokio::test]
async fn a_removed_robot_is_hung_up_on_and_its_cases_leave_the_desks() {
    let office = Office::open_with(|config| config.silence = Duration::from_secs(3)).await;
    let mut robot = office.robot("Entrance 1").await;
    let mut aiko = office.desk("aiko").await;
    let packet = case();
    robot.send(&packet).await;

    let store = office.store().await;
    store.remove_robot("Entrance 1").await.unwrap();
    store.close().await;
    while robot.line.hear::<ConsoleToRobot>().await.is_some() {}
    aiko.sees(packet.case_id, CaseState::Closed).await;
}

#[tokio::test]
async fn only_so_many_strangers_are_listened_to_at_once() {
    let office = Office::open().await;
    let mut known = office.robot("Entrance 1").await;
    let dial = async || Line::dial(office.plain(), "/robot/link", &[]).await;
    let mut strangers = Vec::new();
    for _ in 0..FROM_ONE_ADDRESS {
        let mut line = dial().await.unwrap();
        let challenge: Option<ConsoleToRobot> = line.hear().await;
        assert!(matches!(challenge, Some(ConsoleToRobot::Challenge { .. })));
        strangers.push(line);
    }
    let Err(Error::Http(refused)) = dial().await.map(drop) else {
        panic!("one more stranger was listened to");
    };
    assert_eq!(refused.status(), 503);
    assert_eq!(refused.headers()["retry-after"], "10");
    known.send(&case()).await;

    strangers.pop();
    let key = new_key();
    let freed = async {
        loop {
            match dial().await {
                Ok(line) => return introduce_on(line, |nonce| hello(&key, nonce, "", None)).await,
                Err(Error::Http(_)) => tokio::task::yield_now().await,
                Err(other) => panic!("{other}"),
            }
        }
    };
    let (_, answer) = timeout(PATIENCE, freed).await.expect("no place was freed");
    assert_eq!(refusal(answer), Refusal::NotClaimed);
}
