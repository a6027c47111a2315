//! Staff in the room take a visitor over and give them back: who has the visitor, what each of them is
//! told, and what can go wrong.

use crate::support::staff::{case_shown, does, onsite, panel, takes, unlocks};
use crate::support::torch::{in_a_call, progress, waiting_in};
use crate::support::{Robot, back, operator};
use madoguchi_core::{Input, Output};
use madoguchi_shared::ids::UnixMs;
use madoguchi_shared::link::Failure;
use madoguchi_shared::onsite::{OnsiteAct, StaffPanel};
use madoguchi_shared::packet::{CaseState, Disposition, Owner, Promise, ReasonCode, ReturnPacket};
use madoguchi_shared::screen::{Activity, NobodyStep, Stage, Way};

fn rings(robot: &Robot) -> bool {
    let starts = |output: &Output| matches!(output, Output::StartCall { .. });
    robot.outputs.iter().any(starts)
}

#[test]
fn staff_who_accept_own_the_conversation_and_the_agent_and_operators_do_not() {
    let mut robot = Robot::new();
    let case_id = onsite(&mut robot);
    assert_eq!(
        progress(&robot).last().unwrap(),
        &(CaseState::Accepted, Owner::Onsite, None)
    );
    assert_eq!(robot.packet().owner, Owner::Onsite);
    assert_eq!(case_shown(&robot).owner, Owner::Onsite);
    assert_eq!(robot.view().activity, Activity::Speaking, "it is said");
    assert_eq!(robot.said().last().unwrap().1, "vi");
    robot.finishes_speaking();
    assert_eq!(robot.view().activity, Activity::Quiet);
    assert!(robot.view().notice.is_some());
    let silent = robot
        .outputs
        .iter()
        .rev()
        .find_map(|output| match output {
            Output::Listen(listen) => Some(!listen.microphone),
            _ => None,
        })
        .unwrap();
    assert!(silent, "what is said in the room is for those in it");
    robot.take();
    for input in [
        Input::Offered {
            case_id,
            operators: 2,
            position: 1,
            expected_s: None,
        },
        Input::Accepted {
            case_id,
            operator: operator(),
            call: Some(1),
        },
    ] {
        robot.input(input);
        assert_eq!(robot.view().stage, Stage::Onsite);
    }
    robot.types("What are your opening hours?");
    assert!(!rings(&robot), "it is not rung");
    assert!(robot.said().is_empty(), "it is not answered");
    assert_eq!(
        robot.view().captions.last().unwrap().text,
        "What are your opening hours?"
    );
    let line = case_shown(&robot).transcript.pop().unwrap();
    assert_eq!(line.text, "What are your opening hours?");
}

#[test]
fn staff_give_the_visitor_back_with_what_was_done_and_the_agent_goes_on() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.types("I want to talk to a human, please");
    let case_id = robot.packet().case_id;
    takes(&mut robot);
    robot.take();
    let due_at = UnixMs(1_700_100_000_000);
    let back = ReturnPacket {
        disposition: Disposition::FollowUp,
        note: "The form is sent by post.".to_owned(),
        resume: true,
        promise: Some(Promise {
            contact: Some("0312345678".to_owned()),
            due_at,
        }),
    };
    does(&mut robot, OnsiteAct::End { back: back.clone() });
    let packet = robot.packet();
    assert_eq!(
        (packet.state, packet.owner),
        (CaseState::Closed, Owner::Agent)
    );
    assert_eq!((packet.case_id, packet.returned), (case_id, Some(back)));
    assert_eq!(packet.failure, None);
    let view = robot.view();
    assert_eq!((view.stage, &view.staff), (Stage::Conversation, &None));
    let promised = view.nobody.as_ref().map(|nobody| nobody.step.clone());
    assert!(
        matches!(promised, Some(NobodyStep::Kept { due_at: at, .. }) if at == due_at),
        "{promised:?}"
    );
    robot.finishes_speaking();
    robot.take();
    robot.types("What are your opening hours?");
    assert!(!robot.said().is_empty(), "the agent answers again");
}

#[test]
fn staff_may_end_the_visit_with_it_and_a_note_is_bounded() {
    let mut robot = Robot::new();
    onsite(&mut robot);
    let mut end = back(false);
    end.note = "あ".repeat(ReturnPacket::NOTE_MAX_CHARS + 1);
    does(&mut robot, OnsiteAct::End { back: end });
    assert_eq!(robot.view().stage, Stage::Goodbye);
    let note = robot.packet().returned.unwrap().note;
    assert_eq!(note.chars().count(), ReturnPacket::NOTE_MAX_CHARS);
}

#[test]
fn staff_who_leave_with_the_case_open_lose_it_to_whoever_comes_next_and_it_is_told() {
    let mut robot = Robot::new();
    let case_id = onsite(&mut robot);
    robot.finishes_speaking();
    robot.wait_ms(9 * 60_000);
    robot.input(Input::Touched);
    robot.wait_ms(9 * 60_000);
    assert_eq!(robot.view().stage, Stage::Onsite, "somebody is there");
    robot.take();
    robot.wait_ms(61_000);
    assert_eq!(robot.view().stage, Stage::Waiting);
    assert_eq!(robot.said().last().unwrap().1, "vi", "it is told");
    let packet = robot.packet();
    assert_eq!(
        (packet.state, packet.owner),
        (CaseState::Offered, Owner::Waiting)
    );
    let noted: Vec<&str> = packet.actions.iter().map(|a| a.outcome.as_str()).collect();
    assert_eq!(noted, ["took over", "left without an end"]);
    robot.input(Input::Accepted {
        case_id,
        operator: operator(),
        call: Some(4),
    });
    assert!(rings(&robot));
    assert_eq!(robot.packet().returned, None);
    assert_eq!(progress(&robot).last().unwrap().1, Owner::Operator);
}

#[test]
fn with_the_console_down_whoever_was_left_by_staff_is_told_and_may_choose() {
    let mut robot = Robot::new();
    robot.input(Input::PressedPerson);
    takes(&mut robot);
    robot.wait_ms(10 * 60_000 + 9_000);
    assert_eq!(robot.view().stage, Stage::Conversation);
    assert!(robot.view().nobody.is_some());
    let (state, _, failure) = *progress(&robot).last().unwrap();
    assert_eq!(state, CaseState::Closed);
    assert_eq!(failure, Some(Failure::ConsoleUnreachable));
}

#[test]
fn a_visitor_whom_staff_have_left_may_call_somebody_at_once() {
    let mut robot = Robot::new();
    onsite(&mut robot);
    robot.take();
    robot.input(Input::PressedPerson);
    assert_eq!(robot.view().stage, Stage::Waiting);
    assert_eq!(panel(&robot), None, "nor can they read on");
    assert!(!robot.said().is_empty());
}

#[test]
fn without_a_console_staff_take_and_return_and_it_is_owed_to_the_console() {
    let mut robot = Robot::new();
    robot.input(Input::PressedPerson);
    takes(&mut robot);
    assert_eq!(robot.view().stage, Stage::Onsite);
    robot.wait_ms(5 * 60_000);
    assert_eq!(robot.view().stage, Stage::Onsite, "it isn't given up");
    unlocks(&mut robot);
    let linkable = matches!(
        panel(&robot),
        Some(StaffPanel::Case {
            linkable: false,
            ..
        })
    );
    assert!(linkable, "a phone needs the console");
    does(&mut robot, OnsiteAct::End { back: back(true) });
    let packet = robot.packet();
    assert_eq!(
        (packet.state, packet.owner),
        (CaseState::Closed, Owner::Agent)
    );
    assert_eq!(packet.returned, Some(back(true)));
    assert_eq!(robot.view().stage, Stage::Conversation);
}

#[test]
fn staff_who_were_rung_for_find_why_though_nobody_waits_any_more() {
    let mut robot = Robot::new();
    robot.input(Input::PressedPerson);
    let first = robot.packet();
    robot.wait_ms(9_000);
    robot.input(Input::ChoseWay(Way::Bell));
    robot.input(Input::BellAnswered { rung: true });
    unlocks(&mut robot);
    let shown = case_shown(&robot);
    assert_eq!((shown.owner, &shown.reason), (Owner::Agent, &first.reason));
    robot.take();
    does(&mut robot, OnsiteAct::Accept);
    let packet = robot.packet();
    assert_ne!(packet.case_id, first.case_id, "that one is closed");
    assert_eq!(packet.reason.code, ReasonCode::AskedForPerson);
    assert_eq!(packet.opened_at, first.opened_at);
    let states: Vec<Owner> = progress(&robot).iter().map(|word| word.1).collect();
    assert_eq!(states, [Owner::Onsite], "nobody else was called");
    assert_eq!(robot.view().nobody, None);
}

#[test]
fn staff_step_in_where_the_agent_serves_and_what_was_asked_is_not_answered_any_more() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.types("I want to book an appointment");
    unlocks(&mut robot);
    assert_eq!(case_shown(&robot).reason.code, ReasonCode::SteppedIn);
    robot.take();
    does(&mut robot, OnsiteAct::Accept);
    assert_eq!(robot.view().form, None);
    assert_eq!(robot.packet().reason.code, ReasonCode::SteppedIn);
    assert!(!robot.packet().transcript.is_empty());
    does(&mut robot, OnsiteAct::End { back: back(true) });
    assert_eq!(robot.view().stage, Stage::Conversation);
}

#[test]
fn staff_take_a_visitor_from_an_operator_whose_call_ends_with_that() {
    let mut robot = Robot::new();
    let (case_id, session) = in_a_call(&mut robot);
    robot.take();
    takes(&mut robot);
    assert!(robot.outputs.contains(&Output::EndCall));
    assert_eq!(robot.view().stage, Stage::Onsite);
    assert!(!robot.view().camera_in_use && !robot.view().microphone_in_use);
    assert_eq!(robot.packet().owner, Owner::Onsite);
    let event = madoguchi_core::input::MediaEvent::Connected;
    robot.input(Input::Media { session, event });
    robot.input(Input::OperatorAway { case_id });
    robot.wait_ms(30_000);
    assert_eq!(robot.view().stage, Stage::Onsite);
}

#[test]
fn an_operators_end_that_crosses_staff_is_final_and_staff_go_on() {
    let mut robot = Robot::new();
    let (case_id, _) = in_a_call(&mut robot);
    takes(&mut robot);
    robot.take();
    robot.input(Input::Ended {
        case_id,
        back: back(true),
    });
    assert_eq!(robot.view().stage, Stage::Onsite);
    let packets = robot.packets();
    let closed = packets
        .iter()
        .find(|p| p.state == CaseState::Closed)
        .unwrap();
    assert_eq!((closed.case_id, closed.returned.clone()), (case_id, None));
    let open = packets.last().unwrap();
    assert_ne!(open.case_id, case_id);
    assert_eq!(open.owner, Owner::Onsite);
    assert_eq!(robot.machine.open_case_id(), Some(open.case_id));
}

#[test]
fn a_robot_that_restarts_while_staff_have_the_visitor_leaves_them_with_staff() {
    let mut robot = Robot::new();
    onsite(&mut robot);
    let kept = robot.packet();
    let mut robot = Robot::new();
    robot.input(Input::Restored(Box::new(kept.clone())));
    assert_eq!(robot.view().stage, Stage::Onsite);
    assert_eq!(panel(&robot), None, "the PIN is asked for again");
    let packet = robot.packet();
    assert_eq!(
        (packet.case_id, packet.owner),
        (kept.case_id, Owner::Onsite)
    );
    assert_eq!(robot.said().last().unwrap().1, "vi");
    unlocks(&mut robot);
    does(&mut robot, OnsiteAct::End { back: back(false) });
    assert_eq!(robot.view().stage, Stage::Goodbye);
    assert_eq!(robot.packet().returned, Some(back(false)));
}

#[test]
fn a_visitor_who_leaves_staff_closes_the_case_and_the_panel() {
    let mut robot = Robot::new();
    onsite(&mut robot);
    robot.input(Input::PressedGoodbye);
    assert_eq!(
        progress(&robot).last().unwrap().2,
        Some(Failure::ResidentLeft)
    );
    assert_eq!(panel(&robot), None);

    let mut robot = Robot::new();
    let presence = |somebody| Input::Presence {
        somebody: Some(somebody),
    };
    robot.input(presence(true));
    onsite(&mut robot);
    robot.input(presence(false));
    robot.wait_ms(5 * 60_000);
    assert_eq!(robot.view().stage, Stage::Onsite, "taken to a counter");
    unlocks(&mut robot);
    does(&mut robot, OnsiteAct::End { back: back(false) });
    assert_eq!(robot.packet().returned, Some(back(false)));
}

#[test]
fn words_of_danger_ring_for_help_though_staff_were_there() {
    let mut robot = Robot::new();
    onsite(&mut robot);
    robot.take();
    robot.types("I want to kill myself");
    let rung = |output: &Output| matches!(output, Output::RingBell { .. });
    assert!(robot.outputs.iter().any(rung));
    assert_eq!(robot.view().stage, Stage::Onsite);
}

#[test]
fn what_was_being_heard_when_staff_came_is_not_answered() {
    let mut robot = Robot::new();
    waiting_in(&mut robot, "vi", "Tôi muốn hỏi về giấy tờ");
    let utterance = robot.speech_starts();
    takes(&mut robot);
    robot.take();
    let lines = robot.view().captions.len();
    robot.is_heard(utterance, 0.9, "en", "That is between us");
    assert_eq!(robot.view().captions.len(), lines, "nor written down");
    assert!(robot.said().is_empty());
}
