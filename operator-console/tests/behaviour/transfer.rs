//! Passing a conversation on to a colleague or to whoever can.

use crate::support::desk::accept;
use crate::support::{Desk, Office, Robot, Scene, case};
use madoguchi_console::routing::{Level, Skills};
use madoguchi_shared::ids::{CaseId, OperatorId};
use madoguchi_shared::link::ConsoleToRobot;
use madoguchi_shared::operator::{
    Because, CaseEntry, ConsoleToOperator, OperatorToConsole, SetDuty,
};
use madoguchi_shared::packet::{CaseState, Owner};
use madoguchi_shared::transfer::{Colleague, PassOn, TransferEnd, TransferTo};

fn skills(languages: &str, topics: &[&str], supervisor: bool) -> Skills {
    let written: Vec<Level> = languages
        .split(',')
        .map(|one| one.parse().unwrap())
        .collect();
    let mut skills = Skills {
        topics: topics.iter().map(|&topic| topic.to_owned()).collect(),
        supervisor,
        ..Skills::default()
    };
    skills.set_levels(&written);
    skills
}

async fn desk(office: &Office, account: &str, skills: Skills) -> Desk {
    office.hire_with(account, skills).await;
    office.desk_again(account).await
}

fn me(desk: &Desk) -> OperatorId {
    match &desk.snapshot {
        ConsoleToOperator::Snapshot { operator, .. } => operator.id,
        other => panic!("no snapshot first: {other:?}"),
    }
}

fn colleagues(desk: &Desk) -> Vec<Colleague> {
    match &desk.snapshot {
        ConsoleToOperator::Snapshot { colleagues, .. } => colleagues.clone(),
        other => panic!("no snapshot first: {other:?}"),
    }
}

fn group(language: Option<&str>, topic: Option<&str>, supervisors: bool) -> TransferTo {
    TransferTo::Group {
        language: language.map(|tag| tag.parse().unwrap()),
        topic: topic.map(str::to_owned),
        authority: None,
        supervisors,
    }
}

async fn passes(desk: &mut Desk, case_id: CaseId, to: TransferTo) {
    let note = "Needs the form in Spanish.".to_owned();
    desk.say(OperatorToConsole::Transfer(PassOn {
        case_id,
        to,
        note,
        warm: false,
    }))
    .await;
}

async fn to_colleague(desk: &mut Desk, case_id: CaseId, operator: OperatorId) {
    passes(desk, case_id, TransferTo::Colleague { operator }).await;
}

/// Waits until the case is offered to this desk by a colleague.
async fn is_asked(desk: &mut Desk, id: CaseId) -> CaseEntry {
    loop {
        let case = desk.change(id).await;
        if case.transfer.is_some() && case.offer.is_some() {
            return case;
        }
    }
}

/// Waits until the holder's passing on has ended.
async fn ended(desk: &mut Desk, id: CaseId) -> Option<TransferEnd> {
    loop {
        let case = desk.change(id).await;
        match case.transfer {
            None => return None,
            Some(transfer) if transfer.ended.is_some() => return transfer.ended,
            Some(_) => {}
        }
    }
}

/// Waits until the robot hears who is asked; the name where one is named.
async fn hears_of(robot: &mut Robot) -> Option<String> {
    loop {
        if let (_, Some(asked)) = robot.in_call().await {
            return asked.colleague.map(|card| card.name);
        }
    }
}

#[tokio::test]
async fn a_colleague_takes_over_with_packet_and_note_and_the_first_one_holds_it_until_then() {
    let office = Office::open().await;
    let Scene {
        mut robot,
        mut aiko,
        case_id,
        ..
    } = Scene::held(&office).await;
    let mut carmen = desk(&office, "carmen", skills("es:5", &[], false)).await;
    let mut bruno = office.desk("bruno").await;
    assert!(colleagues(&carmen)[0].busy, "she is in a conversation");

    to_colleague(&mut aiko, case_id, me(&carmen)).await;
    assert_eq!(hears_of(&mut robot).await.as_deref(), Some("carmen T"));
    robot
        .progress(case_id, CaseState::Transferring, Owner::Operator)
        .await;
    let asked = is_asked(&mut carmen, case_id).await;
    let transfer = asked.transfer.clone().unwrap();
    assert_eq!(transfer.note, "Needs the form in Spanish.");
    assert_eq!(transfer.from.name, "aiko T");
    assert_eq!(asked.operator.unwrap().name, "aiko T", "she still holds it");
    assert_eq!(
        asked.offer.unwrap().because,
        [Because::PassedOn {
            by: "aiko T".into()
        }]
    );
    carmen.open(case_id).await;
    assert_eq!(carmen.packet().await.case_id, case_id);
    bruno.open(case_id).await;
    assert_eq!(bruno.error().await, "not_yours", "he has no part in it");
    assert_eq!(bruno.accept(case_id).await, Err("already_taken".into()));

    aiko.types(case_id, 1, "One moment").await;
    robot
        .says(|said| matches!(said, ConsoleToRobot::Say { .. }))
        .await;
    let call = 9;
    carmen.say(accept(case_id, call)).await;
    robot.accepted_with(call).await;
    assert_eq!(robot.stands, (None, None));
    let lost = loop {
        let case = aiko.change(case_id).await;
        if case.operator.as_ref().unwrap().name == "carmen T" {
            break case;
        }
    };
    assert_eq!((lost.owner, lost.transfer), (Owner::Operator, None));
    aiko.types(case_id, 2, "Too late").await;
    assert_eq!(aiko.error().await, "not_yours");
    let case = loop {
        let case = carmen.change(case_id).await;
        if case.operator.as_ref().unwrap().name == "carmen T" {
            break case;
        }
    };
    let transfer = case.transfer.unwrap();
    assert_eq!(transfer.ended, Some(TransferEnd::Accepted));
    assert_eq!(
        transfer.note, "Needs the form in Spanish.",
        "it stays with her"
    );

    // Whoever has passed a case on is free for the next one.
    let next = case_of(&mut robot).await;
    aiko.accept(next).await.unwrap();
}

async fn case_of(robot: &mut Robot) -> CaseId {
    let packet = case();
    robot.send(&packet).await;
    packet.case_id
}

#[tokio::test]
async fn who_says_no_leaves_the_visitor_where_they_are_and_the_first_one_is_told() {
    let office = Office::open().await;
    let Scene {
        mut robot,
        mut aiko,
        case_id,
        ..
    } = Scene::held(&office).await;
    let mut carmen = office.desk("carmen").await;
    to_colleague(&mut aiko, case_id, me(&carmen)).await;
    is_asked(&mut carmen, case_id).await;
    hears_of(&mut robot).await;
    carmen.say(OperatorToConsole::Decline { case_id }).await;
    assert_eq!(ended(&mut aiko, case_id).await, Some(TransferEnd::Declined));
    assert_eq!(robot.in_call().await, (None, None));
    let case = loop {
        let case = carmen.change(case_id).await;
        if case.offer.is_none() {
            break case;
        }
    };
    assert_eq!(
        case.transfer, None,
        "the note is no business of hers any more"
    );
    assert_eq!(carmen.accept(case_id).await, Err("already_taken".into()));
    aiko.end(case_id).await;
    robot
        .says(|said| matches!(said, ConsoleToRobot::End { .. }))
        .await;
}

#[tokio::test]
async fn of_a_group_everybody_is_asked_who_can_and_the_last_no_ends_it() {
    let office = Office::open().await;
    let Scene {
        robot: _stays,
        mut aiko,
        case_id,
        ..
    } = Scene::held(&office).await;
    let mut carmen = desk(&office, "carmen", skills("es:5", &["tax"], false)).await;
    let mut diego = desk(&office, "diego", skills("es:3", &["moving"], false)).await;
    let mut hana = desk(&office, "hana", skills("en:5", &["tax"], true)).await;

    passes(&mut aiko, case_id, group(Some("es"), None, false)).await;
    let asked = is_asked(&mut carmen, case_id).await;
    assert!(asked.offer.unwrap().because.contains(&Because::Language {
        language: "es".parse().unwrap(),
        level: Some(5)
    }));
    is_asked(&mut diego, case_id).await;
    assert_eq!(hana.accept(case_id).await, Err("already_taken".into()));
    carmen.say(OperatorToConsole::Decline { case_id }).await;
    diego.say(OperatorToConsole::Decline { case_id }).await;
    assert_eq!(ended(&mut aiko, case_id).await, Some(TransferEnd::Declined));

    passes(&mut aiko, case_id, group(None, Some("moving"), false)).await;
    is_asked(&mut diego, case_id).await;
    passes(&mut aiko, case_id, group(None, None, true)).await;
    let asked = is_asked(&mut hana, case_id).await;
    assert!(asked.offer.unwrap().because.contains(&Because::Supervisor));
    assert_eq!(diego.accept(case_id).await, Err("already_taken".into()));
    hana.carry(case_id, 5).await.unwrap();
}

#[tokio::test]
async fn two_who_accept_at_once_are_one() {
    let office = Office::open().await;
    let Scene {
        mut robot,
        mut aiko,
        case_id,
        ..
    } = Scene::held(&office).await;
    let mut bruno = office.desk("bruno").await;
    let mut carmen = office.desk("carmen").await;
    passes(&mut aiko, case_id, group(None, None, false)).await;
    is_asked(&mut bruno, case_id).await;
    is_asked(&mut carmen, case_id).await;
    let (one, two) = tokio::join!(bruno.carry(case_id, 11), carmen.carry(case_id, 12));
    assert!(one.is_ok() != two.is_ok(), "{one:?} and {two:?}");
    robot.accepted_with(if one.is_ok() { 11 } else { 12 }).await;
}

#[tokio::test]
async fn whoever_wanted_to_pass_on_may_keep_end_or_sign_out() {
    let office = Office::open().await;
    let mut aiko = office.desk("aiko").await;
    let mut carmen = office.desk("carmen").await;
    let mut robot = office.robot("Entrance 1").await;
    let case_id = case_of(&mut robot).await;
    aiko.accept(case_id).await.unwrap();

    to_colleague(&mut aiko, case_id, me(&carmen)).await;
    is_asked(&mut carmen, case_id).await;
    aiko.say(OperatorToConsole::KeepCase { case_id }).await;
    assert_eq!(ended(&mut aiko, case_id).await, None);
    assert_eq!(carmen.accept(case_id).await, Err("already_taken".into()));

    to_colleague(&mut aiko, case_id, me(&carmen)).await;
    is_asked(&mut carmen, case_id).await;
    aiko.end(case_id).await;
    robot
        .says(|said| matches!(said, ConsoleToRobot::End { .. }))
        .await;
    assert_eq!(carmen.accept(case_id).await, Err("gone".into()));
    robot
        .progress(case_id, CaseState::Closed, Owner::Agent)
        .await;

    office.hire("chiyo").await;
    let cookie = crate::support::sign_in(office.plain(), "chiyo").await;
    let mut chiyo = Desk::connect(office.plain(), &cookie).await;
    let case_id = case_of(&mut robot).await;
    chiyo.accept(case_id).await.unwrap();
    to_colleague(&mut chiyo, case_id, me(&carmen)).await;
    is_asked(&mut carmen, case_id).await;
    crate::support::sign_out(office.plain(), &cookie).await;
    let waits = loop {
        let case = carmen.change(case_id).await;
        if case.operator.is_none() && case.offer.is_some() {
            break case;
        }
    };
    assert_eq!(waits.transfer, None, "it waits for anybody");
    carmen.carry(case_id, 4).await.unwrap();
}

#[tokio::test]
async fn nobody_is_asked_who_is_busy_or_not_there() {
    let office = Office::open().await;
    let Scene {
        mut robot,
        mut aiko,
        case_id,
        ..
    } = Scene::held(&office).await;
    let mut carmen = office.desk("carmen").await;
    let other = case_of(&mut robot).await;
    carmen.accept(other).await.unwrap();
    to_colleague(&mut aiko, case_id, me(&carmen)).await;
    assert_eq!(aiko.error().await, "nobody_there");

    let mut diego = office.desk("diego").await;
    let off = OperatorToConsole::Duty(SetDuty::Off);
    diego.say(off).await;
    let nobody = aiko
        .until(|said| match said {
            ConsoleToOperator::Colleagues { colleagues } => {
                let names: Vec<String> = colleagues.into_iter().map(|one| one.card.name).collect();
                (names == ["carmen T"]).then_some(names)
            }
            _ => None,
        })
        .await;
    assert_eq!(nobody.len(), 1);
    passes(&mut aiko, case_id, group(None, None, false)).await;
    assert_eq!(aiko.error().await, "nobody_there");
    carmen
        .say(OperatorToConsole::Transfer(PassOn {
            case_id,
            to: group(None, None, false),
            note: String::new(),
            warm: false,
        }))
        .await;
    assert_eq!(carmen.error().await, "not_yours", "only who holds it");
}

#[tokio::test]
async fn a_passing_on_outlives_a_restart_of_the_console_and_ends_when_its_time_is_up() {
    let mut office = Office::open().await;
    let Scene {
        robot,
        mut aiko,
        case_id,
        ..
    } = Scene::held(&office).await;
    let carmen = office.desk("carmen").await;
    to_colleague(&mut aiko, case_id, me(&carmen)).await;
    aiko.until(|said| match said {
        ConsoleToOperator::Case { case } => case.transfer.map(|_| ()),
        _ => None,
    })
    .await;
    let key = robot.key.clone();
    drop((robot, aiko, carmen));
    office.stop().await;
    office.start().await;

    let mut robot = Robot::welcomed(office.plain(), &key, None).await;
    assert_eq!(hears_of(&mut robot).await.as_deref(), Some("carmen T"));
    let carmen = office.desk_again("carmen").await;
    let ConsoleToOperator::Snapshot { cases, .. } = &carmen.snapshot else {
        panic!("{:?}", carmen.snapshot);
    };
    assert!(cases[0].transfer.is_some() && cases[0].offer.is_some());
    office.end_of_transfers().await;
    office.stop().await;
    office.start().await;
    let mut robot = Robot::welcomed(office.plain(), &key, None).await;
    while robot.in_call().await.1.is_some() {}
    let aiko = office.desk_again("aiko").await;
    let ConsoleToOperator::Snapshot { cases, holding, .. } = &aiko.snapshot else {
        panic!("{:?}", aiko.snapshot);
    };
    assert_eq!(*holding, Some(case_id), "it stayed with her");
    let transfer = cases[0].transfer.as_ref().unwrap();
    assert_eq!(transfer.ended, Some(TransferEnd::NoOneInTime));
}
