//! Cases reach those who fit, one after the other, over real sockets.

use crate::support::{Desk, Office, case};
use madoguchi_console::routing::{Level, Skills};
use madoguchi_shared::ids::CaseId;
use madoguchi_shared::operator::{
    Because, CaseEntry, ConsoleToOperator, Duty, Offer, OperatorToConsole, SetDuty,
};
use madoguchi_shared::packet::{CaseState, Owner, Packet};

fn speaks(languages: &str) -> Skills {
    let written: Vec<Level> = languages
        .split(',')
        .map(|one| one.parse().unwrap())
        .collect();
    let mut skills = Skills::default();
    skills.set_levels(&written);
    skills
}

fn spanish() -> Packet {
    let mut packet = case();
    packet.route.languages = vec!["es".parse().unwrap()];
    packet
}

async fn desk(office: &Office, account: &str, languages: &str) -> Desk {
    office.hire_with(account, speaks(languages)).await;
    office.desk_again(account).await
}

async fn offer(desk: &mut Desk, id: CaseId) -> Option<Offer> {
    desk.change(id).await.offer
}

async fn is_offered(desk: &mut Desk, id: CaseId) -> Offer {
    loop {
        if let Some(offer) = offer(desk, id).await {
            return offer;
        }
    }
}

async fn duty(desk: &mut Desk, duty: SetDuty) -> Duty {
    desk.say(OperatorToConsole::Duty(duty)).await;
    desk.until(|message| match message {
        ConsoleToOperator::Duty { duty } => Some(duty),
        _ => None,
    })
    .await
}

#[tokio::test]
async fn a_case_is_offered_by_language_and_only_its_people_may_read_or_take_it() {
    let office = Office::open().await;
    let mut robot = office.robot("Entrance 1").await;
    let mut carmen = desk(&office, "carmen", "es:5").await;
    let mut hana = desk(&office, "hana", "en:5").await;
    let packet = spanish();
    robot.send(&packet).await;
    assert_eq!(robot.offered(packet.case_id).await, 2, "both will be asked");

    let offered = offer(&mut carmen, packet.case_id).await.unwrap();
    assert!(offered.free && matches!(offered.because[0], Because::Language { level: Some(5), .. }));
    assert_eq!(offered.reserved.unwrap().name, "carmen T");
    assert_eq!(offer(&mut hana, packet.case_id).await, None);
    assert_eq!(hana.accept(packet.case_id).await, Err("not_offered".into()));
    hana.open(packet.case_id).await;
    assert_eq!(hana.error().await, "not_yours");
    assert_eq!(carmen.accept(packet.case_id).await, Ok(()));
}

#[tokio::test]
async fn off_duty_and_declined_cases_go_on_at_once_without_a_reload() {
    let office = Office::open().await;
    let mut robot = office.robot("Entrance 1").await;
    let mut best = desk(&office, "carmen", "es:5").await;
    let mut next = desk(&office, "diego", "es:3").await;
    let packet = spanish();
    let id = packet.case_id;
    robot.send(&packet).await;
    assert_eq!(robot.offered(id).await, 2);
    assert!(!offer(&mut next, id).await.unwrap().free);
    assert_eq!(next.accept(id).await, Err("reserved".into()));
    best.say(OperatorToConsole::Decline { case_id: id }).await;
    let handed_on = is_offered(&mut next, id).await;
    assert!(handed_on.free);
    assert_eq!(handed_on.reserved.unwrap().name, "diego T");

    let away = duty(&mut next, SetDuty::BackIn { minutes: 5 }).await;
    assert!(matches!(away, Duty::BackAt { .. }), "{away:?}");
    let free = is_offered(&mut best, id).await;
    assert!(free.free, "who declined may still take it");
    assert_eq!(robot.offered(id).await, 1);
    assert_eq!(duty(&mut best, SetDuty::Off).await, Duty::Off);
    assert_eq!(robot.offered(id).await, 0, "nobody is on duty");
    assert_eq!(best.accept(id).await, Err("not_offered".into()));

    drop(next);
    let mut next = office.desk_again("diego").await;
    let told = match &next.snapshot {
        ConsoleToOperator::Snapshot { duty, .. } => *duty,
        other => panic!("no snapshot first: {other:?}"),
    };
    assert_eq!(told, away, "an absence outlives the page");
    assert_eq!(duty(&mut next, SetDuty::On).await, Duty::On);
    assert_eq!(robot.offered(id).await, 1);
    assert_eq!(next.accept(id).await, Ok(()));
}

#[tokio::test]
async fn whoever_held_an_earlier_case_of_the_visit_is_asked_first() {
    let office = Office::open().await;
    let mut robot = office.robot("Entrance 1").await;
    let mut carmen = desk(&office, "carmen", "es:5").await;
    let mut hana = desk(&office, "hana", "es:2").await;
    let first = spanish();
    robot.send(&first).await;
    carmen
        .say(OperatorToConsole::Decline {
            case_id: first.case_id,
        })
        .await;
    while !is_offered(&mut hana, first.case_id).await.free {}
    hana.accept(first.case_id).await.unwrap();
    hana.end(first.case_id).await;
    robot
        .progress(first.case_id, CaseState::Closed, Owner::Agent)
        .await;
    hana.sees(first.case_id, CaseState::Closed).await;

    let mut second = spanish();
    second.visit_id = first.visit_id;
    robot.send(&second).await;
    let offered = is_offered(&mut hana, second.case_id).await;
    assert_eq!(offered.because[0], Because::SameVisit);
    assert_eq!(offered.reserved.unwrap().name, "hana T");
}

#[tokio::test]
async fn a_case_without_skilled_people_is_offered_to_all_and_kept_for_nobody() {
    let office = Office::open().await;
    let mut robot = office.robot("Entrance 1").await;
    let mut aiko = office.desk("aiko").await;
    let mut bruno = office.desk("bruno").await;
    let packet = spanish();
    robot.send(&packet).await;
    for desk in [&mut aiko, &mut bruno] {
        let CaseEntry { offer, state, .. } = desk.change(packet.case_id).await;
        let offer = offer.unwrap();
        assert_eq!(state, CaseState::Requested);
        assert_eq!((offer.free, offer.reserved), (true, None));
        assert_eq!(offer.because, [Because::Everything]);
    }
}
