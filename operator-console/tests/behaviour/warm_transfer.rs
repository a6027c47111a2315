//! Two operators who talk before one takes the visitor over from the other.

use crate::support::desk::accept;
use crate::support::{Desk, Office, Robot, Scene};
use madoguchi_shared::ids::{CaseId, OperatorId};
use madoguchi_shared::link::{Asked, ConsoleToRobot};
use madoguchi_shared::operator::{CaseEntry, ConsoleToOperator, OperatorToConsole};
use madoguchi_shared::packet::CaseState;
use madoguchi_shared::transfer::{PassOn, TALK_MAX_CHARS, Transfer, TransferEnd, TransferTo};

fn me(desk: &Desk) -> OperatorId {
    match &desk.snapshot {
        ConsoleToOperator::Snapshot { operator, .. } => operator.id,
        other => panic!("no snapshot first: {other:?}"),
    }
}

async fn wants_to_talk(desk: &mut Desk, case_id: CaseId, to: TransferTo) {
    let note = "Needs the form in Spanish.".to_owned();
    desk.say(OperatorToConsole::Transfer(PassOn {
        case_id,
        to,
        note,
        warm: true,
    }))
    .await;
}

fn anyone() -> TransferTo {
    TransferTo::Group {
        language: None,
        topic: None,
        authority: None,
        supervisors: false,
    }
}

async fn joins(desk: &mut Desk, case_id: CaseId) {
    desk.say(OperatorToConsole::Join { case_id }).await;
}

async fn tells(desk: &mut Desk, case_id: CaseId, text: &str) {
    let text = text.to_owned();
    desk.say(OperatorToConsole::Tell { case_id, text }).await;
}

/// Waits until the desk sees the case so.
async fn sees(desk: &mut Desk, id: CaseId, wanted: impl Fn(&CaseEntry) -> bool) -> CaseEntry {
    loop {
        let case = desk.change(id).await;
        if wanted(&case) {
            return case;
        }
    }
}

fn is_asked(case: &CaseEntry) -> bool {
    case.transfer.is_some() && case.offer.is_some()
}

fn talk(case: &CaseEntry) -> Vec<String> {
    let transfer = case.transfer.as_ref();
    let talk = transfer.and_then(|transfer| transfer.talk.as_ref());
    let lines = talk.into_iter().flat_map(|talk| &talk.lines);
    lines.map(|line| line.text.clone()).collect()
}

fn talks(case: &CaseEntry) -> bool {
    let transfer = case.transfer.as_ref();
    transfer.is_some_and(|transfer| transfer.ended.is_none() && transfer.talk.is_some())
}

fn ended(case: &CaseEntry) -> Option<TransferEnd> {
    case.transfer.as_ref()?.ended
}

async fn hears_of(robot: &mut Robot, talking: bool) -> Asked {
    loop {
        if let (_, Some(asked)) = robot.in_call().await
            && asked.talking == talking
        {
            return asked;
        }
    }
}

#[tokio::test]
async fn the_two_talk_first_and_the_next_one_takes_over_by_an_act_of_her_own() {
    let office = Office::open().await;
    let Scene {
        mut robot,
        mut aiko,
        case_id,
        ..
    } = Scene::held(&office).await;
    let mut carmen = office.desk("carmen").await;
    let mut bruno = office.desk("bruno").await;
    wants_to_talk(&mut aiko, case_id, anyone()).await;
    assert_eq!(hears_of(&mut robot, false).await.colleague, None);
    sees(&mut carmen, case_id, is_asked).await;
    sees(&mut bruno, case_id, is_asked).await;
    assert_eq!(carmen.accept(case_id).await, Err("talk_first".into()));

    joins(&mut carmen, case_id).await;
    let asked = hears_of(&mut robot, true).await;
    assert_eq!(asked.colleague.unwrap().name, "carmen T", "and is shown");
    assert_eq!(carmen.packet().await.case_id, case_id, "she reads the case");
    let bruno_sees = sees(&mut bruno, case_id, |case| case.offer.is_none()).await;
    assert_eq!(bruno_sees.transfer, None, "the talk is for the two of them");
    tells(&mut bruno, case_id, "Me too?").await;
    assert_eq!(bruno.error().await, "gone");
    assert_eq!(bruno.accept(case_id).await, Err("already_taken".into()));

    tells(&mut aiko, case_id, " He has paid already. ").await;
    sees(&mut carmen, case_id, |case| talk(case).len() == 1).await;
    tells(&mut carmen, case_id, "Then I look for the receipt.").await;
    let two = |case: &CaseEntry| talk(case).len() == 2;
    let case = sees(&mut aiko, case_id, two).await;
    assert_eq!(
        talk(&case),
        ["He has paid already.", "Then I look for the receipt."]
    );
    assert_eq!(case.operator.unwrap().name, "aiko T", "still hers");
    aiko.types(case_id, 1, "One moment").await;
    robot
        .says(|said| matches!(said, ConsoleToRobot::Say { .. }))
        .await;

    carmen.say(accept(case_id, 9)).await;
    robot.accepted_with(9).await;
    assert_eq!(robot.stands, (None, None));
    let hers = |case: &CaseEntry| case.operator.as_ref().unwrap().name == "carmen T";
    let lost = sees(&mut aiko, case_id, hers).await;
    assert_eq!(lost.transfer, None);
    let case = sees(&mut carmen, case_id, hers).await;
    assert_eq!(ended(&case), Some(TransferEnd::Accepted));
    assert_eq!(talk(&case).len(), 2, "what was told stays with her");
    let transfer: Transfer = case.transfer.unwrap();
    assert_eq!(transfer.note, "Needs the form in Spanish.");
    tells(&mut aiko, case_id, "One more thing").await;
    assert_eq!(aiko.error().await, "gone");
}

#[tokio::test]
async fn either_of_them_can_step_back_and_the_visitor_stays_with_the_first() {
    let office = Office::open().await;
    let Scene {
        mut robot,
        mut aiko,
        case_id,
        ..
    } = Scene::held(&office).await;
    let mut carmen = office.desk("carmen").await;
    let operator = me(&carmen);
    let to = TransferTo::Colleague { operator };
    wants_to_talk(&mut aiko, case_id, to.clone()).await;
    sees(&mut carmen, case_id, is_asked).await;
    joins(&mut carmen, case_id).await;
    sees(&mut aiko, case_id, talks).await;
    hears_of(&mut robot, true).await;
    carmen.say(OperatorToConsole::Decline { case_id }).await;
    let back = |case: &CaseEntry| ended(case) == Some(TransferEnd::Declined);
    sees(&mut aiko, case_id, back).await;
    assert_eq!(robot.in_call().await, (None, None));
    assert_eq!(carmen.accept(case_id).await, Err("already_taken".into()));

    wants_to_talk(&mut aiko, case_id, to).await;
    sees(&mut carmen, case_id, is_asked).await;
    joins(&mut carmen, case_id).await;
    sees(&mut carmen, case_id, talks).await;
    aiko.say(OperatorToConsole::KeepCase { case_id }).await;
    sees(&mut carmen, case_id, |case| case.offer.is_none()).await;
    assert_eq!(carmen.accept(case_id).await, Err("already_taken".into()));
    while robot.in_call().await.1.is_some() {}
    aiko.end(case_id).await;
    robot
        .says(|said| matches!(said, ConsoleToRobot::End { .. }))
        .await;
}

#[tokio::test]
async fn whoever_talks_is_busy_and_signing_out_steps_back() {
    let office = Office::open().await;
    let Scene {
        mut robot,
        mut aiko,
        case_id,
        ..
    } = Scene::held(&office).await;
    office.hire("carmen").await;
    let cookie = crate::support::sign_in(office.plain(), "carmen").await;
    let mut carmen = Desk::connect(office.plain(), &cookie).await;
    wants_to_talk(&mut aiko, case_id, anyone()).await;
    sees(&mut carmen, case_id, is_asked).await;
    joins(&mut carmen, case_id).await;
    let busy = aiko
        .until(|said| match said {
            ConsoleToOperator::Colleagues { colleagues } => {
                colleagues[0].busy.then(|| colleagues[0].card.name.clone())
            }
            _ => None,
        })
        .await;
    assert_eq!(busy, "carmen T");
    let other = crate::support::case();
    robot.send(&other).await;
    let refused = carmen.accept(other.case_id).await;
    assert_eq!(refused, Err("holding_another".into()));
    tells(&mut carmen, case_id, &"x".repeat(TALK_MAX_CHARS + 1)).await;
    assert_eq!(carmen.error().await, "text_length");

    crate::support::sign_out(office.plain(), &cookie).await;
    let back = |case: &CaseEntry| ended(case) == Some(TransferEnd::Declined);
    sees(&mut aiko, case_id, back).await;
}

#[tokio::test]
async fn of_two_who_come_at_once_one_talks_and_of_keeping_and_taking_one_counts() {
    let office = Office::open().await;
    let Scene {
        mut robot,
        mut aiko,
        case_id,
        ..
    } = Scene::held(&office).await;
    let mut bruno = office.desk("bruno").await;
    let mut carmen = office.desk("carmen").await;
    wants_to_talk(&mut aiko, case_id, anyone()).await;
    sees(&mut bruno, case_id, is_asked).await;
    sees(&mut carmen, case_id, is_asked).await;
    tokio::join!(joins(&mut bruno, case_id), joins(&mut carmen, case_id));
    let case = sees(&mut aiko, case_id, talks).await;
    let with = case.transfer.unwrap().talk.unwrap().with;
    let (mut talker, mut other) = match with.name.as_str() {
        "bruno T" => (bruno, carmen),
        _ => (carmen, bruno),
    };
    assert_eq!(other.error().await, "gone");

    let keep = aiko.say(OperatorToConsole::KeepCase { case_id });
    let ((), taken) = tokio::join!(keep, talker.carry(case_id, 12));
    let holder = match taken {
        Ok(()) => {
            robot.accepted_with(12).await;
            assert_eq!(aiko.error().await, "not_yours");
            with.id
        }
        Err(code) => {
            assert!(["already_taken", "gone"].contains(&code.as_str()), "{code}");
            me(&aiko)
        }
    };
    let now = office.desk("diego").await;
    let ConsoleToOperator::Snapshot { cases, .. } = &now.snapshot else {
        panic!("{:?}", now.snapshot);
    };
    assert_eq!(cases[0].operator.as_ref().unwrap().id, holder);
}

#[tokio::test]
async fn a_talk_outlives_a_restart_of_the_console_and_is_not_for_ever() {
    let mut office = Office::open().await;
    let Scene {
        mut robot,
        mut aiko,
        case_id,
        ..
    } = Scene::held(&office).await;
    robot
        .progress(
            case_id,
            CaseState::Live,
            madoguchi_shared::packet::Owner::Operator,
        )
        .await;
    let mut carmen = office.desk("carmen").await;
    wants_to_talk(&mut aiko, case_id, anyone()).await;
    sees(&mut carmen, case_id, is_asked).await;
    joins(&mut carmen, case_id).await;
    tells(&mut aiko, case_id, "He has paid already.").await;
    sees(&mut carmen, case_id, |case| talk(case).len() == 1).await;
    let key = robot.key.clone();
    drop((robot, aiko, carmen));
    office.stop().await;
    office.start().await;

    let mut robot = Robot::welcomed(office.plain(), &key, None).await;
    let asked = hears_of(&mut robot, true).await;
    assert_eq!(asked.colleague.unwrap().name, "carmen T");
    let carmen = office.desk_again("carmen").await;
    let ConsoleToOperator::Snapshot { cases, .. } = &carmen.snapshot else {
        panic!("{:?}", carmen.snapshot);
    };
    assert_eq!(talk(&cases[0]), ["He has paid already."]);
    assert!(cases[0].offer.is_some(), "she may still take over");
    office.end_of_transfers().await;
    office.stop().await;
    office.start().await;
    let mut robot = Robot::welcomed(office.plain(), &key, None).await;
    while robot.in_call().await.1.is_some() {}
    let aiko = office.desk_again("aiko").await;
    assert_eq!(aiko.holding().map(|(id, _)| id), Some(case_id));
}
