//! What was promised to residents reaches every desk, once, and stays until it is done.

use crate::support::{Desk, Office, Robot, case};
use madoguchi_console::hub::now;
use madoguchi_shared::ids::{CaseId, TaskId, UnixMs, VisitId};
use madoguchi_shared::link::{ConsoleToRobot, Failure, RobotToConsole};
use madoguchi_shared::operator::{ConsoleToOperator, OperatorToConsole, TaskEntry};
use madoguchi_shared::packet::{
    CaseState, Disposition, Promise, ReasonCode, ReturnPacket, Task, TaskKind,
};
use uuid::Uuid;

fn callback(contact: &str) -> Task {
    Task {
        task_id: TaskId(Uuid::now_v7()),
        case_id: CaseId(Uuid::now_v7()),
        visit_id: VisitId(Uuid::now_v7()),
        kind: TaskKind::Callback,
        reference: "K7Q-4MX".into(),
        contact: Some(contact.into()),
        language: "es".parse().unwrap(),
        reason: ReasonCode::UnsupportedLanguage,
        summary: Vec::new(),
        promised_at: UnixMs(1_700_000_000_000),
    }
}

async fn sends(robot: &mut Robot, task: &Task) {
    let task = task.clone();
    let id = task.task_id;
    robot.line.say(&RobotToConsole::Task { task }).await;
    robot
        .until(|message| match message {
            ConsoleToRobot::TaskSaved { task_id } if task_id == id => Some(()),
            _ => None,
        })
        .await;
}

async fn task(desk: &mut Desk) -> TaskEntry {
    desk.until(|message| match message {
        ConsoleToOperator::Task { task } => Some(task),
        _ => None,
    })
    .await
}

#[tokio::test]
async fn a_promise_comes_once_in_order_and_stays_until_it_is_done() {
    let mut office = Office::open().await;
    let key = crate::support::new_key();
    let code = office.claim_code("Entrance 1").await;
    let mut robot = Robot::welcomed(office.plain(), &key, Some(code)).await;
    let mut aiko = office.desk("aiko").await;
    let (first, second) = (callback("0311111111"), callback("0322222222"));
    for promise in [&first, &first, &second, &first] {
        sends(&mut robot, promise).await;
    }
    let mut seen = Vec::new();
    while !seen.contains(&second.task_id) {
        seen.push(task(&mut aiko).await.task.task_id);
    }

    office.stop().await;
    office.start().await;
    let mut robot = Robot::welcomed(office.plain(), &key, None).await;
    sends(&mut robot, &first).await;
    let mut aiko = office.desk_again("aiko").await;
    let listed = [task(&mut aiko).await, task(&mut aiko).await];
    assert_eq!(
        listed[0].task, first,
        "each once, in the order of the promises"
    );
    assert_eq!(listed[1].task, second);
    assert_eq!(listed[0].due_at.0 - first.promised_at.0, 24 * 3_600_000);

    let mut bruno = office.desk("bruno").await;
    let tries = |done: bool, note: &str| OperatorToConsole::TryTask {
        task_id: first.task_id,
        done,
        note: note.into(),
    };
    aiko.say(tries(false, "no answer")).await;
    let tried = loop {
        let entry = task(&mut bruno).await;
        if entry.tries == 1 {
            break entry;
        }
    };
    assert!(!tried.done);
    assert_eq!(
        (tried.note.as_str(), tried.operator.as_deref()),
        ("no answer", Some("aiko T"))
    );
    aiko.say(tries(true, "called")).await;
    assert!(task(&mut bruno).await.done);
    aiko.say(tries(true, "again")).await;
    let after = task(&mut bruno).await;
    assert_eq!(
        (after.tries, after.note.as_str()),
        (2, "called"),
        "done is done"
    );

    let mut carol = office.desk("carol").await;
    assert_eq!(
        task(&mut carol).await.task,
        second,
        "what is done is listed no more"
    );
}

#[tokio::test]
async fn another_robots_promise_is_not_taken() {
    let office = Office::open().await;
    let mut robot = office.robot("Entrance 1").await;
    let mut stranger = office.robot("Entrance 2").await;
    let promise = callback("0311111111");
    sends(&mut robot, &promise).await;
    stranger
        .line
        .say(&RobotToConsole::Task {
            task: promise.clone(),
        })
        .await;
    let own = callback("0322222222");
    stranger
        .line
        .say(&RobotToConsole::Task { task: own.clone() })
        .await;
    let ConsoleToRobot::TaskSaved { task_id } = stranger.hear().await else {
        panic!("no answer")
    };
    assert_eq!(task_id, own.task_id);
}

#[tokio::test]
async fn what_an_operator_promises_at_the_end_is_a_task_at_every_desk() {
    let mut office = Office::open().await;
    let mut robot = office.robot("Entrance 1").await;
    let mut aiko = office.desk("aiko").await;
    let mut bruno = office.desk("bruno").await;
    let packet = case();
    let case_id = packet.case_id;
    robot.send(&packet).await;
    aiko.sees(case_id, CaseState::Requested).await;
    aiko.accept(case_id).await.unwrap();
    let due_at = UnixMs(now().0 + 3 * 3_600_000);
    let back = ReturnPacket {
        disposition: Disposition::FollowUp,
        note: "Counter 3 looks for the file".into(),
        resume: false,
        promise: Some(Promise {
            contact: Some("03 1234 5678".into()),
            due_at,
        }),
    };
    for _ in 0..2 {
        aiko.say(OperatorToConsole::End {
            case_id,
            back: back.clone(),
        })
        .await;
    }
    let entry = task(&mut bruno).await;
    assert_eq!(
        (entry.task.kind, entry.due_at),
        (TaskKind::FollowUp, due_at)
    );
    assert_eq!(entry.task.contact.as_deref(), Some("03 1234 5678"));
    assert_eq!(
        (entry.task.case_id, entry.task.visit_id),
        (case_id, packet.visit_id)
    );
    assert_eq!(entry.task.language.as_str(), "vi");
    let last = entry.task.summary.last().unwrap();
    assert_eq!(last.text, "Counter 3 looks for the file");

    office.stop().await;
    office.start().await;
    let mut again = office.desk_again("bruno").await;
    assert_eq!(task(&mut again).await, entry, "after a restart");
    aiko = office.desk_again("aiko").await;
    aiko.say(OperatorToConsole::TryTask {
        task_id: entry.task.task_id,
        done: true,
        note: "called".into(),
    })
    .await;
    let done = task(&mut again).await;
    assert!(done.done && done.task == entry.task, "promised once");
}

#[tokio::test]
async fn how_a_case_ended_can_be_noted_after_its_visitor_ended_it() {
    let office = Office::open().await;
    let mut robot = office.robot("Entrance 1").await;
    let mut aiko = office.desk("aiko").await;
    let mut bruno = office.desk("bruno").await;
    let packet = case();
    let case_id = packet.case_id;
    robot.send(&packet).await;
    aiko.sees(case_id, CaseState::Requested).await;
    aiko.accept(case_id).await.unwrap();
    robot
        .fails(case_id, CaseState::Closed, Failure::ResidentLeft)
        .await;
    aiko.sees(case_id, CaseState::Closed).await;
    let back = |note: &str| OperatorToConsole::End {
        case_id,
        back: ReturnPacket {
            disposition: Disposition::FollowUp,
            note: note.into(),
            resume: false,
            promise: Some(Promise {
                contact: None,
                due_at: now(),
            }),
        },
    };
    bruno.say(back("not mine")).await;
    assert_eq!(bruno.error().await, "not_yours");
    aiko.say(back("The file is sent by post")).await;
    let entry = task(&mut aiko).await;
    assert_eq!(
        entry.task.summary.last().unwrap().text,
        "The file is sent by post"
    );
    assert_eq!(entry.task.contact, None);
}
