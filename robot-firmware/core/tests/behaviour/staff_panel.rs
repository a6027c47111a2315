//! The panel of staff in the room on the robot's own screen, behind a PIN, and the link that it gives
//! to a phone.

use crate::support::staff::{case_shown, does, enters, onsite, opens, panel, staff};
use crate::support::torch::waiting_in;
use crate::support::{Robot, back, lang};
use madoguchi_core::onsite::Staff;
use madoguchi_core::{Input, Output};
use madoguchi_shared::ids::{CaseId, UnixMs};
use madoguchi_shared::onsite::{OnsiteAct, StaffLink, StaffPanel};
use madoguchi_shared::packet::Owner;
use madoguchi_shared::screen::Stage;

#[test]
fn behind_the_pin_staff_see_the_whole_case_and_without_it_nothing_of_it() {
    let mut robot = Robot::new();
    let case_id = waiting_in(&mut robot, "vi", "Tôi muốn hỏi về giấy tờ");
    opens(&mut robot);
    let locked = serde_json::to_string(&robot.view().staff).unwrap();
    assert!(!locked.contains("giấy tờ"), "{locked}");
    does(&mut robot, OnsiteAct::Accept);
    assert_eq!(robot.view().stage, Stage::Waiting, "without a PIN");
    assert!(enters(&mut robot, true));
    let sent = robot.packet();
    let shown = case_shown(&robot);
    assert_eq!(shown.case_id, case_id);
    assert_eq!(shown.transcript[..1], sent.transcript);
    let own = shown.transcript[1].translation.as_ref().unwrap();
    assert_eq!(own.language, lang("en"), "as staff read it");
    assert_eq!(shown.reason, sent.reason);
    assert_eq!(shown.next_steps, sent.next_steps);
    assert!(!shown.next_steps.is_empty() && !shown.reason.evidence.is_empty());
    assert_eq!(robot.view().staff.as_ref().unwrap().language, lang("en"));
    assert_eq!(shown.owner, Owner::Waiting, "reading takes nobody over");
}

#[test]
fn wrong_pins_bring_pauses_that_grow_and_outlast_the_panel_and_the_visit() {
    let mut robot = Robot::new();
    opens(&mut robot);
    for _ in 0..2 {
        assert!(enters(&mut robot, false));
        assert!(matches!(
            panel(&robot),
            Some(StaffPanel::Pin {
                wrong: true,
                until: None,
                ..
            })
        ));
    }
    for pause_ms in [30_000, 60_000, 120_000] {
        opens(&mut robot);
        assert!(enters(&mut robot, false));
        let now = robot.now().wall.0;
        let told = match panel(&robot) {
            Some(StaffPanel::Pin { until, .. }) => until,
            other => panic!("{other:?}"),
        };
        assert_eq!(told, Some(UnixMs(now + pause_ms)), "it is told");
        staff(&mut robot, Staff::Closed);
        opens(&mut robot);
        assert!(!enters(&mut robot, true), "not even the right one");
        robot.input(Input::ChoseLanguage(lang("en")));
        robot.input(Input::PressedGoodbye);
        robot.wait_ms(u64::try_from(pause_ms).unwrap() - 1);
        opens(&mut robot);
        assert!(!enters(&mut robot, true), "nor at the end of it");
        robot.wait_ms(1);
    }
    opens(&mut robot);
    assert!(enters(&mut robot, true));
    assert_eq!(panel(&robot), Some(StaffPanel::Nobody));
    staff(&mut robot, Staff::Closed);
    opens(&mut robot);
    for _ in 0..2 {
        assert!(enters(&mut robot, false));
        let free = matches!(panel(&robot), Some(StaffPanel::Pin { until: None, .. }));
        assert!(free, "the right one began the count anew");
    }
}

#[test]
fn a_pause_never_grows_beyond_a_quarter_of_an_hour() {
    let mut robot = Robot::new();
    for _ in 0..80 {
        opens(&mut robot);
        assert!(enters(&mut robot, false));
        robot.wait_ms(15 * 60_000);
    }
    opens(&mut robot);
    assert!(enters(&mut robot, true));
}

#[test]
fn a_robot_without_a_pin_says_so_and_lets_nobody_in() {
    let mut robot = Robot::new();
    waiting_in(&mut robot, "vi", "Tôi muốn hỏi về giấy tờ");
    staff(&mut robot, Staff::Opened { pin_set: false });
    assert_eq!(panel(&robot), Some(StaffPanel::NoPin));
    assert!(!enters(&mut robot, true));
    staff(&mut robot, Staff::Checked { right: true });
    does(&mut robot, OnsiteAct::Accept);
    assert_eq!(robot.view().stage, Stage::Waiting);
}

#[test]
fn a_panel_that_nobody_touches_closes_and_the_case_stays_with_staff() {
    let mut robot = Robot::new();
    onsite(&mut robot);
    robot.wait_ms(50_000);
    robot.input(Input::Touched);
    robot.wait_ms(50_000);
    assert!(panel(&robot).is_some(), "it is read");
    robot.wait_ms(11_000);
    assert_eq!(panel(&robot), None);
    assert_eq!(robot.view().stage, Stage::Onsite);
    does(&mut robot, OnsiteAct::End { back: back(true) });
    assert_eq!(
        robot.view().stage,
        Stage::Onsite,
        "the PIN is asked for again"
    );
    opens(&mut robot);
    assert!(enters(&mut robot, true));
    does(&mut robot, OnsiteAct::End { back: back(false) });
    assert_eq!(robot.view().stage, Stage::Goodbye);
}

#[test]
fn a_phone_gets_a_link_only_by_the_pin() {
    let mut robot = Robot::new();
    let case_id = waiting_in(&mut robot, "vi", "Tôi muốn hỏi về giấy tờ");
    let asked = |robot: &Robot| robot.outputs.contains(&Output::AskStaffLink { case_id });
    let link = StaffLink {
        url: "https://office.example/staff#abc".to_owned(),
        until: UnixMs(1),
    };
    let given = |case_id| Staff::Link {
        case_id,
        link: link.clone(),
    };
    let shown = |robot: &Robot| match panel(robot) {
        Some(StaffPanel::Case { link, .. }) => link,
        _ => None,
    };
    opens(&mut robot);
    staff(&mut robot, Staff::AskedLink);
    assert!(!asked(&robot), "without a PIN");
    staff(&mut robot, given(case_id));
    assert!(enters(&mut robot, true));
    assert_eq!(shown(&robot), None, "one that nobody asked for");
    staff(&mut robot, Staff::AskedLink);
    assert!(asked(&robot));
    staff(&mut robot, given(case_id));
    assert_eq!(shown(&robot), Some(link.clone()));
    does(&mut robot, OnsiteAct::Accept);
    for _ in 0..3 {
        robot.wait_ms(41_000);
        robot.input(Input::Touched);
    }
    assert_eq!(shown(&robot), None, "it can't be used any more");
    staff(&mut robot, given(case_id));
    robot.input(Input::ConsoleDown);
    assert_eq!(shown(&robot), None, "nor without a console");
}

#[test]
fn a_phone_acts_on_its_own_case_alone() {
    let mut robot = Robot::new();
    let case_id = waiting_in(&mut robot, "vi", "Tôi muốn hỏi về giấy tờ");
    let phone = |robot: &mut Robot, case_id, what| {
        let case_id = Some(case_id);
        staff(robot, Staff::Did { case_id, what });
    };
    let other = CaseId(uuid::Uuid::from_u128(5));
    phone(&mut robot, other, OnsiteAct::Accept);
    assert_eq!(robot.view().stage, Stage::Waiting);
    phone(&mut robot, case_id, OnsiteAct::Accept);
    assert_eq!(robot.view().stage, Stage::Onsite);
    // A phone that is used says so again: the case stays with staff.
    robot.wait_ms(9 * 60_000);
    phone(&mut robot, case_id, OnsiteAct::Accept);
    robot.wait_ms(9 * 60_000);
    assert_eq!(robot.view().stage, Stage::Onsite);
    phone(&mut robot, case_id, OnsiteAct::End { back: back(true) });
    assert_eq!(robot.packet().returned, Some(back(true)));
    robot.take();
    phone(&mut robot, case_id, OnsiteAct::Accept);
    assert!(robot.outputs.is_empty(), "a closed case is nobody's");
}
