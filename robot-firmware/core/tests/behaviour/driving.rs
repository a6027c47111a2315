//! Who may move the robot in a call, and what of the visit the motion gate is told.

use std::time::Duration;

use crate::support::torch::in_a_call;
use crate::support::{Robot, operator, settings};
use madoguchi_core::input::MediaEvent;
use madoguchi_core::motion::{Lease, LeaseId, Visit};
use madoguchi_core::{Input, machine::Settings};
use madoguchi_shared::ids::{CaseId, UnixMs};
use madoguchi_shared::motion::{LEASE_MS, LeaseGrant};
use madoguchi_shared::packet::OperatorCard;
use madoguchi_shared::screen::MotionCard;
use madoguchi_shared::transfer::Hold;

fn lease(case_id: CaseId, id: u32) -> Input {
    Input::Lease {
        case_id,
        lease: Some(LeaseGrant {
            id,
            operator: operator().id,
            for_ms: LEASE_MS,
        }),
    }
}

fn held(robot: &Robot) -> Option<u64> {
    robot.machine.motion(robot.now()).0.map(|lease| lease.id.0)
}

fn visit(robot: &Robot) -> Visit {
    robot.machine.motion(robot.now()).1
}

/// A robot whose operator holds lease 7 and whose visitor has agreed, a moment ago.
fn driven() -> (Robot, CaseId, u32) {
    let mut robot = Robot::new();
    let (case_id, session) = in_a_call(&mut robot);
    robot.input(lease(case_id, 7));
    robot.input(Input::LetMove { may: true });
    robot.wait_ms(1_000);
    robot.input(lease(case_id, 7));
    (robot, case_id, session)
}

#[test]
fn the_visitor_is_asked_before_the_robot_moves_and_may_take_it_back() {
    let mut robot = Robot::new();
    let (case_id, _) = in_a_call(&mut robot);
    assert_eq!(robot.view().motion, None, "nobody wants to drive");
    robot.input(lease(case_id, 7));
    assert_eq!(robot.view().motion, Some(MotionCard { may: None }));
    assert!(!visit(&robot).consent);
    robot.input(Input::LetMove { may: true });
    assert_eq!(robot.view().motion, Some(MotionCard { may: Some(true) }));
    assert!(visit(&robot).visiting && visit(&robot).consent);
    robot.input(Input::LetMove { may: false });
    assert!(!visit(&robot).consent);
    robot.input(lease(case_id, 8));
    assert_eq!(
        robot.view().motion,
        Some(MotionCard { may: None }),
        "another wish is another question"
    );
}

#[test]
fn a_touch_counts_for_a_second() {
    let (mut robot, ..) = driven();
    assert!(!visit(&robot).touching);
    robot.input(Input::Touched);
    assert!(visit(&robot).touching);
    robot.wait_ms(999);
    assert!(visit(&robot).touching);
    robot.wait_ms(1);
    assert!(!visit(&robot).touching);
    robot.input(Input::ConfirmedContact { yes: false });
    assert!(visit(&robot).touching, "whatever is touched");
}

#[test]
fn a_lease_ends_by_the_robots_clock_unless_it_is_granted_again() {
    let (mut robot, case_id, _) = driven();
    let (granted, _) = robot.machine.motion(robot.now());
    assert_eq!(
        granted,
        Some(Lease {
            id: LeaseId(7),
            until: Duration::from_millis(robot.ms + u64::from(LEASE_MS)),
        })
    );
    robot.wait_ms(u64::from(LEASE_MS) - 1);
    assert_eq!(held(&robot), Some(7));
    robot.input(lease(case_id, 7));
    robot.wait_ms(u64::from(LEASE_MS) - 1);
    assert_eq!(held(&robot), Some(7));
    assert_eq!(robot.machine.condition().lease, Some(operator().id));
    robot.wait_ms(1);
    assert_eq!(held(&robot), None);
    assert_eq!(robot.view().motion, None);
    assert_eq!(robot.machine.condition().lease, None);
}

#[test]
fn whatever_takes_the_operator_away_takes_the_lease() {
    type End = fn(CaseId, u32) -> Input;
    let ends: [(&str, End); 8] = [
        ("given back", |case_id, _| Input::Lease {
            case_id,
            lease: None,
        }),
        ("their page is gone", |case_id, _| Input::OperatorAway {
            case_id,
        }),
        ("no picture", |_, session| Input::Media {
            session,
            event: MediaEvent::Interrupted,
        }),
        ("another window", |case_id, _| Input::Accepted {
            case_id,
            operator: operator(),
            call: Some(2),
        }),
        ("a colleague", |case_id, _| Input::Accepted {
            case_id,
            operator: colleague(),
            call: Some(1),
        }),
        ("on hold", |case_id, _| Input::InCall {
            case_id,
            hold: Some(Hold {
                since: UnixMs(0),
                minutes: 2,
            }),
            transfer: None,
        }),
        ("the link is down", |_, _| Input::ConsoleDown),
        ("the visitor goes", |_, _| Input::PressedGoodbye),
    ];
    for (why, end) in ends {
        let (mut robot, case_id, session) = driven();
        assert_eq!(held(&robot), Some(7));
        robot.input(end(case_id, session));
        assert_eq!(held(&robot), None, "{why}");
        assert_eq!(robot.view().motion, None, "{why}");
    }
}

#[test]
fn who_does_not_hold_the_conversation_gets_no_lease() {
    let mut robot = Robot::new();
    let (case_id, _) = in_a_call(&mut robot);
    let grant = LeaseGrant {
        id: 7,
        operator: colleague().id,
        for_ms: LEASE_MS,
    };
    let foreign = Input::Lease {
        case_id,
        lease: Some(grant),
    };
    robot.input(foreign);
    assert_eq!(held(&robot), None);
    robot.input(lease(CaseId(uuid::Uuid::from_u128(77)), 7));
    assert_eq!(held(&robot), None, "of another case");
}

#[test]
fn a_colleague_asks_anew() {
    let (mut robot, case_id, _) = driven();
    robot.input(Input::Accepted {
        case_id,
        operator: colleague(),
        call: Some(2),
    });
    assert!(!visit(&robot).consent, "that was said to somebody else");
}

#[test]
fn a_robot_without_wheels_is_driven_by_nobody() {
    let mut robot = Robot::with(Settings {
        motion: false,
        ..settings()
    });
    let (case_id, _) = in_a_call(&mut robot);
    robot.input(lease(case_id, 7));
    assert_eq!(held(&robot), None);
    assert_eq!(robot.view().motion, None);
    assert!(!robot.machine.condition().motion);
}

#[test]
fn the_emergency_stop_stands_in_the_condition() {
    let mut robot = Robot::new();
    assert!(!robot.machine.condition().estop);
    robot.input(Input::EmergencyStop { latched: true });
    assert!(robot.machine.condition().estop);
}

fn colleague() -> OperatorCard {
    OperatorCard {
        id: madoguchi_shared::ids::OperatorId(uuid::Uuid::from_u128(10)),
        ..operator()
    }
}
