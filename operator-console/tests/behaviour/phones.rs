//! Staff in the room go on with a case on a phone, by a link that their robot asked for: one phone,
//! once, one case; what they do is the robot's to do.

use crate::support::scene::Scene;
use crate::support::{Line, Office, Robot, back, turn};
use madoguchi_shared::ids::CaseId;
use madoguchi_shared::link::{ConsoleToRobot, RobotToConsole};
use madoguchi_shared::onsite::{ConsoleToPhone, OnsiteAct, PhoneToConsole};
use madoguchi_shared::packet::{CaseState, Owner, Packet, ReturnPacket};

async fn link(robot: &mut Robot, case_id: CaseId) -> String {
    let message = RobotToConsole::AskStaffLink { case_id };
    robot.line.say(&message).await;
    robot
        .until(|message| match message {
            ConsoleToRobot::StaffLink {
                case_id: id, token, ..
            } if id == case_id => Some(token),
            _ => None,
        })
        .await
}

async fn dial(office: &Office) -> Line {
    let origin = format!("http://{}", office.plain());
    Line::dial(office.plain(), "/api/onsite", &[("origin", &origin)])
        .await
        .unwrap()
}

async fn hears(phone: &mut Line) -> ConsoleToPhone {
    phone.hear().await.expect("the console hung up")
}

/// Opens a phone by what it says first; what it is told.
async fn introduced(office: &Office, first: PhoneToConsole) -> (Line, ConsoleToPhone) {
    let mut phone = dial(office).await;
    phone.say(&first).await;
    let answer = hears(&mut phone).await;
    (phone, answer)
}

async fn opened(office: &Office, token: &str) -> (Line, String) {
    let token = token.to_owned();
    match introduced(office, PhoneToConsole::Open { token }).await {
        (phone, ConsoleToPhone::Opened { pass }) => (phone, pass),
        (_, other) => panic!("not opened: {other:?}"),
    }
}

async fn refused(office: &Office, first: PhoneToConsole) {
    let (_, answer) = introduced(office, first).await;
    assert_eq!(answer, ConsoleToPhone::Over { ended: false });
}

async fn case_on(phone: &mut Line) -> (Packet, bool) {
    match hears(phone).await {
        ConsoleToPhone::Case { packet, online } => (*packet, online),
        other => panic!("no case: {other:?}"),
    }
}

#[tokio::test]
async fn a_link_opens_its_own_case_on_one_phone_once() {
    let office = Office::open().await;
    let Scene {
        mut robot,
        packet,
        case_id,
        ..
    } = Scene::waiting(&office).await;
    let token = link(&mut robot, case_id).await;
    let (mut phone, pass) = opened(&office, &token).await;
    let (shown, online) = case_on(&mut phone).await;
    assert_eq!((shown.case_id, online), (case_id, true));
    assert_eq!(shown.transcript, packet.transcript);
    refused(&office, PhoneToConsole::Open { token }).await;
    for wrong in ["", "0", pass.as_str()] {
        let token = wrong.to_owned();
        refused(&office, PhoneToConsole::Open { token }).await;
    }
    drop(phone);
    let resume = PhoneToConsole::Resume { pass: pass.clone() };
    let (mut phone, _) = introduced(&office, resume).await;
    assert_eq!(case_on(&mut phone).await.0.case_id, case_id);
    refused(&office, PhoneToConsole::Resume { pass: "x".into() }).await;
}

#[tokio::test]
async fn a_newer_link_ends_an_older_one_and_another_robot_gets_none() {
    let office = Office::open().await;
    let Scene {
        mut robot, case_id, ..
    } = Scene::waiting(&office).await;
    let first = link(&mut robot, case_id).await;
    let second = link(&mut robot, case_id).await;
    refused(&office, PhoneToConsole::Open { token: first }).await;
    opened(&office, &second).await;
    let mut other = office.robot("Entrance 2").await;
    let own = crate::support::case();
    let foreign = RobotToConsole::AskStaffLink { case_id };
    other.line.say(&foreign).await;
    other.send(&own).await;
    let given = link(&mut other, own.case_id);
    let (mut phone, _) = opened(&office, &given.await).await;
    assert_eq!(case_on(&mut phone).await.0.case_id, own.case_id);
}

#[tokio::test]
async fn what_is_done_on_a_phone_reaches_its_robot_and_the_robots_word_comes_back() {
    let office = Office::open().await;
    let Scene {
        mut robot,
        packet,
        case_id,
        ..
    } = Scene::waiting(&office).await;
    let token = link(&mut robot, case_id).await;
    let (mut phone, pass) = opened(&office, &token).await;
    case_on(&mut phone).await;
    let does = |what| PhoneToConsole::Do { what };
    phone.say(&does(OnsiteAct::Accept)).await;
    let accepts = |message: &ConsoleToRobot| {
        *message
            == ConsoleToRobot::Onsite {
                case_id,
                what: OnsiteAct::Accept,
            }
    };
    robot.says(accepts).await;
    let mut taken = packet.clone();
    taken.revision += 1;
    (taken.state, taken.owner) = (CaseState::Accepted, Owner::Onsite);
    robot.send(&taken).await;
    assert_eq!(case_on(&mut phone).await.0.owner, Owner::Onsite);
    robot
        .turn(case_id, taken.revision + 1, turn(2, "Cảm ơn"))
        .await;
    assert_eq!(case_on(&mut phone).await.0.transcript.len(), 2);

    let long = ReturnPacket {
        note: "あ".repeat(ReturnPacket::NOTE_MAX_CHARS + 1),
        ..back()
    };
    phone.say(&does(OnsiteAct::End { back: long })).await;
    let back = robot
        .until(|message| match message {
            ConsoleToRobot::Onsite {
                what: OnsiteAct::End { back },
                ..
            } => Some(back),
            _ => None,
        })
        .await;
    assert_eq!(back.note.chars().count(), ReturnPacket::NOTE_MAX_CHARS);
    taken.revision += 2;
    (taken.state, taken.owner) = (CaseState::Closed, Owner::Agent);
    taken.returned = Some(back);
    robot.send(&taken).await;
    assert_eq!(
        hears(&mut phone).await,
        ConsoleToPhone::Over { ended: true }
    );
    refused(&office, PhoneToConsole::Resume { pass }).await;
}

#[tokio::test]
async fn a_phone_is_told_that_its_robot_is_away_and_a_link_of_a_closed_case_opens_nothing() {
    let office = Office::open().await;
    let Scene {
        mut robot,
        mut aiko,
        packet,
        case_id,
    } = Scene::waiting(&office).await;
    let token = link(&mut robot, case_id).await;
    let (mut phone, _) = opened(&office, &token).await;
    case_on(&mut phone).await;
    let unused = link(&mut robot, case_id).await;
    let key = robot.key.clone();
    drop(robot);
    aiko.sees_a_robot_leave().await;
    let what = OnsiteAct::Accept;
    phone.say(&PhoneToConsole::Do { what }).await;
    assert_eq!(hears(&mut phone).await, ConsoleToPhone::RobotAway);
    let mut robot = Robot::welcomed(office.plain(), &key, None).await;
    let closed = Packet {
        revision: packet.revision + 1,
        state: CaseState::Closed,
        owner: Owner::Agent,
        ..packet
    };
    robot.send(&closed).await;
    refused(&office, PhoneToConsole::Open { token: unused }).await;
}

#[tokio::test]
async fn a_page_of_another_site_and_one_that_never_introduces_itself_get_nothing() {
    let office = Office::open_with(|config| {
        config.silence = std::time::Duration::from_secs(3);
    })
    .await;
    let foreign = [("origin", "https://elsewhere.example")];
    assert!(
        Line::dial(office.plain(), "/api/onsite", &foreign)
            .await
            .is_err()
    );
    let mut phone = dial(&office).await;
    let told: Option<ConsoleToPhone> = phone.hear().await;
    assert_eq!(told, None, "it is hung up on");
}
