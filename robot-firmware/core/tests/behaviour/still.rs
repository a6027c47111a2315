//! A still from the camera: twice the visitor's yes, or nothing.

use crate::support::torch::in_a_call;
use crate::support::{Robot, back};
use madoguchi_core::input::Ability;
use madoguchi_core::{Input, Output};
use madoguchi_shared::ids::{CaseId, UnixMs};
use madoguchi_shared::screen::StillCard;
use madoguchi_shared::still::StillStep;
use madoguchi_shared::transfer::Hold;
use proptest::prelude::*;

fn called() -> (Robot, CaseId) {
    let mut robot = Robot::new();
    let (case_id, _) = in_a_call(&mut robot);
    robot.take();
    (robot, case_id)
}

fn asked(case_id: CaseId) -> Input {
    Input::StillAsked { case_id, on: true }
}

/// A touch of what is on the screen.
fn answered(robot: &Robot, yes: bool) -> Input {
    let seen = match &robot.view().still {
        Some(StillCard::Preview { src }) => Some(src.clone()),
        _ => None,
    };
    Input::StillAnswered { yes, seen }
}

fn taken(robot: &Robot) -> Vec<u32> {
    let number = |output: &Output| match output {
        Output::TakeStill { number } => Some(*number),
        _ => None,
    };
    robot.outputs.iter().filter_map(number).collect()
}

fn sent(robot: &Robot) -> usize {
    let is_sent = |output: &&Output| matches!(output, Output::SendStill { .. });
    robot.outputs.iter().filter(is_sent).count()
}

fn steps(robot: &Robot) -> Vec<StillStep> {
    let step = |output: &Output| match output {
        Output::SendStillStep { step, .. } => Some(*step),
        _ => None,
    };
    robot.outputs.iter().filter_map(step).collect()
}

#[test]
fn it_is_taken_after_one_yes_and_sent_after_another() {
    let (mut robot, case_id) = called();
    robot.input(asked(case_id));
    assert_eq!(robot.view().still, Some(StillCard::Ask));
    assert_eq!(robot.view().language.as_str(), "vi");
    for label in ["still_ask", "still_send", "still_no", "yes"] {
        assert!(robot.view().labels.contains_key(label), "{label}");
    }
    assert_eq!((taken(&robot), sent(&robot)), (vec![], 0));
    robot.input(answered(&robot, true));
    assert_eq!(robot.view().still, Some(StillCard::Taking));
    let [number] = taken(&robot).try_into().unwrap();
    robot.input(answered(&robot, true));
    assert_eq!(sent(&robot), 0, "a second touch sends nothing unseen");
    robot.input(Input::StillTaken {
        number,
        taken: true,
    });
    let src = format!("still/{number}");
    assert_eq!(robot.view().still, Some(StillCard::Preview { src }));
    assert_eq!(robot.machine.previewed_still(), Some(number));
    for seen in [None, Some("still/0".to_owned())] {
        robot.input(Input::StillAnswered { yes: true, seen });
    }
    assert_eq!(sent(&robot), 0, "a touch of what stood there before");
    robot.input(answered(&robot, true));
    assert_eq!((sent(&robot), &robot.view().still), (1, &None));
    assert_eq!(robot.machine.previewed_still(), None);
    assert_eq!(robot.packet().resident.consent, ["still_picture"]);
    let told = [StillStep::Asked, StillStep::Preview];
    assert_eq!(steps(&robot), told);
}

#[test]
fn a_no_at_either_question_ends_it_and_is_no_consent() {
    for with_preview in [false, true] {
        let (mut robot, case_id) = called();
        robot.input(asked(case_id));
        if with_preview {
            robot.input(answered(&robot, true));
            let number = taken(&robot)[0];
            robot.input(Input::StillTaken {
                number,
                taken: true,
            });
        }
        robot.input(answered(&robot, false));
        assert_eq!((sent(&robot), &robot.view().still), (0, &None));
        assert_eq!(steps(&robot).last(), Some(&StillStep::Declined));
        robot.input(answered(&robot, true));
        assert_eq!(sent(&robot), 0, "nothing is asked any more");
        assert!(
            robot
                .packets()
                .iter()
                .all(|own| own.resident.consent.is_empty())
        );
    }
}

#[test]
fn one_that_was_declined_while_it_was_taken_is_not_shown_when_it_comes() {
    let (mut robot, case_id) = called();
    robot.input(asked(case_id));
    robot.input(answered(&robot, true));
    let first = taken(&robot)[0];
    robot.input(answered(&robot, false));
    robot.input(asked(case_id));
    robot.input(answered(&robot, true));
    let late = Input::StillTaken {
        number: first,
        taken: true,
    };
    robot.input(late);
    assert_eq!(robot.view().still, Some(StillCard::Taking), "another one");
    assert_eq!(robot.machine.previewed_still(), None);
}

#[test]
fn without_a_camera_on_hold_or_after_the_call_nothing_is_asked() {
    let (mut robot, case_id) = called();
    robot.input(asked(case_id));
    robot.input(Input::InCall {
        case_id,
        hold: Some(Hold {
            since: UnixMs(0),
            minutes: 2,
        }),
        transfer: None,
    });
    assert_eq!(robot.view().still, None, "nobody watches for the answer");
    robot.input(asked(case_id));
    assert_eq!(robot.view().still, None);
    assert_eq!(steps(&robot).last(), Some(&StillStep::Failed));
    robot.input(Input::InCall {
        case_id,
        hold: None,
        transfer: None,
    });
    robot.input(Input::Ability {
        ability: Ability::Camera,
        available: false,
    });
    robot.input(asked(case_id));
    assert_eq!(robot.view().still, None);
    robot.input(Input::Ability {
        ability: Ability::Camera,
        available: true,
    });
    robot.input(asked(case_id));
    robot.input(Input::StillAsked { case_id, on: false });
    assert_eq!(robot.view().still, None, "withdrawn");
    robot.input(asked(case_id));
    robot.input(answered(&robot, true));
    robot.input(Input::Ended {
        case_id,
        back: back(true),
    });
    assert_eq!(robot.view().still, None);
    let number = taken(&robot)[0];
    robot.input(Input::StillTaken {
        number,
        taken: true,
    });
    robot.input(answered(&robot, true));
    assert_eq!(sent(&robot), 0);
}

#[test]
fn a_camera_that_gives_none_is_told() {
    let (mut robot, case_id) = called();
    robot.input(asked(case_id));
    robot.input(answered(&robot, true));
    let number = taken(&robot)[0];
    robot.input(Input::StillTaken {
        number,
        taken: false,
    });
    assert_eq!(robot.view().still, None);
    assert_eq!(steps(&robot).last(), Some(&StillStep::Failed));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    /// Whatever happens in whatever order: no still is taken without a question that was answered
    /// yes, and none is sent that its visitor didn't see and let go.
    #[test]
    fn nothing_is_taken_or_sent_unasked(happens in prop::collection::vec(0_u8..8, 0..40)) {
        let (mut robot, case_id) = called();
        let (mut may_take, mut may_send, mut newest) = (0, 0, 0);
        for what in happens {
            let before = robot.view().still.clone();
            match what {
                0 | 1 => robot.input(asked(case_id)),
                2..=4 => {
                    may_take += usize::from(before == Some(StillCard::Ask));
                    may_send += usize::from(matches!(before, Some(StillCard::Preview { .. })));
                    robot.input(answered(&robot, true));
                }
                5 => robot.input(answered(&robot, false)),
                6 => robot.input(Input::StillAsked { case_id, on: false }),
                _ => {
                    let number = newest;
                    robot.input(Input::StillTaken { number, taken: true });
                }
            }
            newest = taken(&robot).last().copied().unwrap_or(newest);
            prop_assert!(taken(&robot).len() <= may_take);
            prop_assert!(sent(&robot) <= may_send);
        }
        prop_assert_eq!(sent(&robot), may_send);
    }
}
