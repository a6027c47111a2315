//! Nobody comes: the visitor is told honestly and chooses what happens instead.

use crate::support::torch::{progress, waiting_in};
use crate::support::{Robot, back, lang, operator};
use madoguchi_core::input::SpokenLanguage;
use madoguchi_core::{Input, Output};
use madoguchi_shared::ids::{CaseId, TaskId, UnixMs};
use madoguchi_shared::link::Failure;
use madoguchi_shared::packet::{CaseState, Promise, ReasonCode, Task, TaskKind};
use madoguchi_shared::screen::{NobodyStep, PlaceInLine, Stage, Way};

fn offered(case_id: CaseId, operators: u32, position: u32, expected_s: Option<u32>) -> Input {
    Input::Offered {
        case_id,
        operators,
        position,
        expected_s,
    }
}

/// Somebody who speaks Spanish was told that nobody is there.
fn alone(robot: &mut Robot) -> CaseId {
    let case_id = waiting_in(robot, "es", "Quisiera hablar de mis impuestos");
    robot.input(offered(case_id, 0, 1, None));
    robot.wait_ms(121_000);
    case_id
}

fn step(robot: &Robot) -> NobodyStep {
    robot.view().nobody.clone().unwrap().step
}

fn chooses(robot: &mut Robot, way: Way) {
    robot.input(Input::ChoseWay(way));
}

fn tasks(robot: &Robot) -> Vec<Task> {
    let sent = robot.outputs.iter().filter_map(|output| match output {
        Output::SendTask(task) => Some((**task).clone()),
        _ => None,
    });
    sent.collect()
}

#[test]
fn whoever_waits_sees_place_and_time_and_may_choose_when_it_takes_long() {
    let mut robot = Robot::new();
    let case_id = waiting_in(&mut robot, "es", "Quisiera hablar de mis impuestos");
    robot.input(offered(case_id, 2, 3, Some(500)));
    let line = PlaceInLine {
        place: 3,
        minutes: Some(9),
    };
    assert_eq!(robot.view().line, Some(line));
    assert_eq!(robot.view().nobody, None);
    robot.wait_ms(121_000);
    assert_eq!(robot.view().stage, Stage::Waiting, "somebody may yet come");
    assert_eq!(step(&robot), NobodyStep::Choose);
    assert!(
        progress(&robot)
            .iter()
            .all(|(state, ..)| *state != CaseState::Closed)
    );
    chooses(&mut robot, Way::Wait);
    assert_eq!(
        (robot.view().stage, &robot.view().nobody),
        (Stage::Waiting, &None)
    );
    robot.wait_ms(14 * 60_000);
    assert_eq!(robot.view().stage, Stage::Waiting);
    robot.wait_ms(2 * 60_000);
    assert_eq!(step(&robot), NobodyStep::Choose, "no wait is endless");
}

#[test]
fn the_minutes_that_are_told_pass_and_a_longer_wait_is_admitted() {
    let mut robot = Robot::new();
    let case_id = waiting_in(&mut robot, "es", "Quisiera hablar de mis impuestos");
    robot.input(offered(case_id, 1, 1, Some(100)));
    let minutes = |robot: &Robot| robot.view().line.unwrap().minutes;
    assert_eq!(minutes(&robot), Some(2));
    robot.wait_ms(39_000);
    assert_eq!(minutes(&robot), Some(2));
    robot.wait_ms(2_000);
    assert_eq!(minutes(&robot), Some(1), "59 s are left");
    robot.wait_ms(58_000);
    assert_eq!(minutes(&robot), Some(1));
    robot.wait_ms(2_000);
    assert_eq!(minutes(&robot), None, "nobody knows how long it takes now");
    let notice = robot.view().notice.clone().unwrap();
    assert!(notice.text.starts_with("Disculpe"), "{notice:?}");
    assert_eq!(robot.view().stage, Stage::Waiting);
}

#[test]
fn with_nobody_on_duty_the_visitor_hears_so_at_once_and_somebody_may_still_come() {
    let mut robot = Robot::new();
    let case_id = waiting_in(&mut robot, "es", "Quisiera hablar de mis impuestos");
    robot.input(offered(case_id, 0, 1, None));
    robot.wait_ms(3_000);
    assert_eq!(robot.view().nobody, None, "a page may only be loading anew");
    robot.wait_ms(4_000);
    assert_eq!(step(&robot), NobodyStep::Choose);
    assert_eq!(robot.view().stage, Stage::Waiting);
    let notice = robot.view().notice.clone().unwrap();
    assert!(notice.text.contains("no hay nadie"), "{notice:?}");
    robot.input(offered(case_id, 1, 1, Some(60)));
    robot.input(Input::Accepted {
        case_id,
        operator: operator(),
        call: Some(1),
    });
    assert_eq!(robot.view().stage, Stage::Connecting);
}

#[test]
fn a_page_that_is_loaded_anew_alarms_nobody() {
    let mut robot = Robot::new();
    let case_id = waiting_in(&mut robot, "es", "Quisiera hablar de mis impuestos");
    robot.input(offered(case_id, 0, 1, None));
    robot.wait_ms(3_000);
    robot.input(offered(case_id, 1, 1, Some(60)));
    robot.wait_ms(10_000);
    assert_eq!(robot.view().nobody, None);
}

#[test]
fn whoever_leaves_a_number_is_not_interrupted_by_the_end_of_the_wait() {
    let mut robot = Robot::new();
    let case_id = waiting_in(&mut robot, "es", "Quisiera hablar de mis impuestos");
    robot.input(offered(case_id, 0, 1, None));
    robot.wait_ms(7_000);
    chooses(&mut robot, Way::Callback);
    robot.wait_ms(150_000);
    assert_eq!(step(&robot), NobodyStep::Contact { wrong: false });
    robot.types("+34 612 345 678");
    robot.input(Input::ConfirmedContact { yes: true });
    assert_eq!(tasks(&robot).len(), 1);
}

#[test]
fn whoever_opens_the_case_sees_that_the_bell_was_rung() {
    let mut robot = Robot::new();
    let case_id = waiting_in(&mut robot, "es", "Quisiera hablar de mis impuestos");
    robot.input(offered(case_id, 0, 1, None));
    robot.wait_ms(7_000);
    for _ in 0..2 {
        chooses(&mut robot, Way::Bell);
        robot.input(Input::BellAnswered { rung: true });
    }
    let actions = robot.packet().actions;
    let [bell] = &actions[..] else {
        panic!("{actions:?}")
    };
    assert_eq!((&*bell.name, &*bell.outcome), ("on-site bell", "rung"));
}

#[test]
fn a_person_who_comes_after_all_ends_the_choice() {
    let mut robot = Robot::new();
    let case_id = waiting_in(&mut robot, "es", "Quisiera hablar de mis impuestos");
    robot.input(offered(case_id, 1, 1, Some(20)));
    robot.wait_ms(121_000);
    chooses(&mut robot, Way::Callback);
    robot.input(Input::Accepted {
        case_id,
        operator: operator(),
        call: Some(1),
    });
    assert_eq!(robot.view().stage, Stage::Connecting);
    assert_eq!(robot.view().nobody, None);
}

#[test]
fn a_callback_is_typed_read_back_and_confirmed_in_a_language_without_answers() {
    let mut robot = Robot::new();
    let case_id = alone(&mut robot);
    assert_eq!(step(&robot), NobodyStep::Choose);
    assert_eq!(
        robot.view().nobody.clone().unwrap().ways,
        [Way::Wait, Way::Callback, Way::Ticket, Way::Bell]
    );
    assert_eq!(
        robot.view().labels["way_callback"],
        "Dejar teléfono o correo"
    );
    chooses(&mut robot, Way::Callback);
    robot.types("mañana por favor");
    assert_eq!(step(&robot), NobodyStep::Contact { wrong: true });
    robot.types("+34 612 345 678");
    let contact = "+34612345678".to_owned();
    assert_eq!(step(&robot), NobodyStep::ReadBack { contact });
    assert!(
        tasks(&robot).is_empty(),
        "nothing is promised before it is confirmed"
    );
    robot.input(Input::ConfirmedContact { yes: false });
    assert_eq!(step(&robot), NobodyStep::Contact { wrong: false });
    robot.types("maria@example.es");
    robot.input(Input::ConfirmedContact { yes: true });
    robot.input(Input::ConfirmedContact { yes: true });

    let [task] = &tasks(&robot)[..] else {
        panic!("not exactly one promise: {:?}", tasks(&robot))
    };
    assert_eq!((task.case_id, task.kind), (case_id, TaskKind::Callback));
    assert_eq!(task.contact.as_deref(), Some("maria@example.es"));
    assert_eq!(task.language, lang("es"));
    assert_eq!(task.reason, ReasonCode::UnsupportedLanguage);
    assert!(!task.summary.is_empty());
    let reference = task.reference.clone();
    let due_at = UnixMs(task.promised_at.0 + Task::DUE_MS);
    assert_eq!(step(&robot), NobodyStep::Kept { reference, due_at });
    assert_eq!(
        robot.view().language,
        lang("es"),
        "a number is in no language"
    );
}

#[test]
fn a_callback_is_spoken_and_confirmed_by_voice() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.hears_pack("en", "I want to talk to a person");
    let case_id = robot.packet().case_id;
    robot.input(offered(case_id, 0, 1, None));
    robot.wait_ms(121_000);
    robot.finishes_speaking();
    chooses(&mut robot, Way::Callback);
    robot.finishes_speaking();
    robot.hears_pack("en", "My number is 03 1234 5678");
    let contact = "0312345678".to_owned();
    assert_eq!(step(&robot), NobodyStep::ReadBack { contact });
    assert!(robot.said().last().unwrap().2.contains("0312345678"));
    robot.finishes_speaking();
    robot.hears_pack("en", "yes");
    assert_eq!(tasks(&robot).len(), 1);
    assert!(matches!(step(&robot), NobodyStep::Kept { .. }));
}

#[test]
fn a_ticket_has_a_reference_and_closes_a_case_that_still_waits() {
    let mut robot = Robot::new();
    let case_id = waiting_in(&mut robot, "es", "Quisiera hablar de mis impuestos");
    robot.input(offered(case_id, 1, 1, Some(20)));
    robot.wait_ms(121_000);
    chooses(&mut robot, Way::Ticket);
    let [task] = &tasks(&robot)[..] else { panic!() };
    let (state, _, failure) = *progress(&robot).last().unwrap();
    assert_eq!(
        (state, failure),
        (CaseState::Closed, Some(Failure::NoOneInTime))
    );
    let NobodyStep::Ticket { reference, code } = step(&robot) else {
        panic!("{:?}", step(&robot))
    };
    assert_eq!(reference, task.reference);
    assert!(reference.len() == 7 && code.ends_with(&reference), "{code}");
    chooses(&mut robot, Way::Ticket);
    chooses(&mut robot, Way::Callback);
    assert_eq!(tasks(&robot).len(), 1, "one promise is enough");
    chooses(&mut robot, Way::Nothing);
    assert_eq!(robot.view().nobody, None);
}

#[test]
fn whoever_waits_on_keeps_their_place() {
    let mut robot = Robot::new();
    let first = alone(&mut robot);
    let opened_at = robot.packets()[0].opened_at;
    chooses(&mut robot, Way::Wait);
    let packet = robot.packet();
    assert_ne!(packet.case_id, first, "a closed case stays closed");
    assert_eq!(packet.opened_at, opened_at);
    assert_eq!(packet.reason.code, ReasonCode::UnsupportedLanguage);
    assert_eq!(robot.view().stage, Stage::Waiting);
}

#[test]
fn the_bell_is_told_of_only_when_it_rang() {
    let mut robot = Robot::new();
    alone(&mut robot);
    chooses(&mut robot, Way::Bell);
    let rings = |output: &Output| matches!(output, Output::RingBell { .. });
    assert_eq!(
        robot.outputs.iter().filter(|output| rings(output)).count(),
        1
    );
    assert_eq!(step(&robot), NobodyStep::Choose);
    robot.input(Input::BellAnswered { rung: false });
    assert_eq!(step(&robot), NobodyStep::Choose);
    assert!(
        !robot
            .view()
            .nobody
            .clone()
            .unwrap()
            .ways
            .contains(&Way::Bell)
    );

    let mut robot = Robot::new();
    alone(&mut robot);
    chooses(&mut robot, Way::Bell);
    robot.input(Input::BellAnswered { rung: true });
    assert_eq!(step(&robot), NobodyStep::BellRung);

    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.hears_pack("en", "I want to talk to a person");
    let case_id = robot.packet().case_id;
    robot.input(offered(case_id, 0, 0, None));
    robot.wait_ms(7_000);
    robot.finishes_speaking();
    chooses(&mut robot, Way::Bell);
    robot.input(Input::BellAnswered { rung: true });
    let notice = robot.view().notice.clone().unwrap().text;
    assert!(
        notice.contains("called the staff"),
        "not that nobody comes: {notice}"
    );
}

#[test]
fn with_the_network_down_the_choice_is_the_same() {
    let mut robot = Robot::new();
    robot.hears(
        SpokenLanguage::Other(lang("es")),
        "Quisiera hablar de mis impuestos",
    );
    robot.wait_ms(9_000);
    assert_eq!(
        progress(&robot).last().unwrap().2,
        Some(Failure::ConsoleUnreachable)
    );
    chooses(&mut robot, Way::Callback);
    robot.types("0312345678");
    robot.input(Input::ConfirmedContact { yes: true });
    assert_eq!(tasks(&robot).len(), 1, "it is kept for the console");
    chooses(&mut robot, Way::Wait);
    assert_eq!(robot.view().stage, Stage::Waiting);
    robot.wait_ms(60_000);
    assert_eq!(
        robot.view().stage,
        Stage::Waiting,
        "the console may come back"
    );
}

#[test]
fn who_leaves_the_choice_is_gone_after_a_while() {
    let mut robot = Robot::new();
    alone(&mut robot);
    robot.finishes_speaking();
    robot.wait_ms(120_000);
    assert_eq!(robot.view().stage, Stage::Greeting);
    assert_eq!(robot.view().nobody, None);
    chooses(&mut robot, Way::Ticket);
    assert!(tasks(&robot).is_empty(), "a late touch promises nothing");
}

#[test]
fn a_restarted_robot_goes_on_with_its_case() {
    let mut before = Robot::new();
    let case_id = waiting_in(&mut before, "es", "Quisiera hablar de mis impuestos");
    before.input(offered(case_id, 1, 1, Some(20)));
    before.input(Input::Accepted {
        case_id,
        operator: operator(),
        call: Some(5),
    });
    before.input(Input::OperatorSaid {
        case_id,
        message: 1,
        text: "One moment".to_owned(),
        language: lang("en"),
    });
    let mut packet = before.packet();
    packet.transcript = before
        .outputs
        .iter()
        .filter_map(|output| match output {
            Output::SendTurn { turn, .. } => Some(turn.clone()),
            _ => None,
        })
        .fold(packet.transcript, |mut lines, turn| {
            lines.retain(|known| known.number != turn.number);
            lines.push(turn);
            lines
        });
    packet.state = CaseState::Live;

    let mut after = Robot::new();
    after.input(Input::Restored(Box::new(packet.clone())));
    assert_eq!(after.view().stage, Stage::Waiting);
    assert_eq!(after.view().language, lang("es"));
    let captions = &after.view().captions;
    assert_eq!(captions[0].text, "Quisiera hablar de mis impuestos");
    assert!(after.packet().revision > packet.revision);
    assert_eq!(after.packet().case_id, case_id);
    after.input(Input::ConsoleUp);
    after.input(Input::Accepted {
        case_id,
        operator: operator(),
        call: Some(5),
    });
    let called = after.outputs.iter().find_map(|output| match output {
        Output::StartCall { session, .. } => Some(*session),
        _ => None,
    });
    assert!(
        called.unwrap() > 1_000,
        "the page takes a higher session only"
    );
    after.input(Input::OperatorSaid {
        case_id,
        message: 1,
        text: "I am here".to_owned(),
        language: lang("en"),
    });
    assert_eq!(after.view().captions.last().unwrap().text, "I am here");
}

#[test]
fn what_an_operator_promised_stands_on_the_screen_with_its_number() {
    for (resume, tag, stage) in [
        (true, "en", Stage::Conversation),
        (true, "es", Stage::Goodbye),
    ] {
        let mut robot = Robot::new();
        robot.input(Input::ConsoleUp);
        match tag {
            "en" => robot.hears_pack("en", "I want to talk to a person"),
            _ => robot.hears(
                SpokenLanguage::Other(lang("es")),
                "Quiero hablar de mis impuestos",
            ),
        }
        let case_id = robot.packet().case_id;
        robot.input(Input::Accepted {
            case_id,
            operator: operator(),
            call: Some(1),
        });
        let due_at = UnixMs(robot.packet().opened_at.0 + 3_600_000);
        let mut given = back(resume);
        given.promise = Some(Promise {
            contact: None,
            due_at,
        });
        robot.input(Input::Ended {
            case_id,
            back: given,
        });
        let reference = TaskId(case_id.0).reference();
        assert_eq!(step(&robot), NobodyStep::Kept { reference, due_at });
        assert_eq!(robot.view().stage, stage);
        robot.wait_ms(15_000);
        assert!(robot.view().nobody.is_some(), "time to note it, {tag}");
        assert!(tasks(&robot).is_empty(), "the task is the console's");
    }
}
