//! A visitor who is put on hold, and what becomes of it.

use crate::support::packs;
use crate::support::torch::{in_a_call, progress, session};
use crate::support::{Robot, back, lang, operator};
use madoguchi_core::input::MediaEvent;
use madoguchi_core::output::Listen;
use madoguchi_core::pack::Phrase;
use madoguchi_core::{Input, Output};
use madoguchi_shared::ids::{CaseId, UnixMs};
use madoguchi_shared::link::Failure;
use madoguchi_shared::packet::{CaseState, Owner, Speaker};
use madoguchi_shared::screen::{OnHold, Stage};
use madoguchi_shared::transfer::Hold;

fn hold(case_id: CaseId, minutes: Option<u32>) -> Input {
    Input::InCall {
        case_id,
        hold: minutes.map(|minutes| Hold {
            since: UnixMs(0),
            minutes,
        }),
        transfer: None,
    }
}

fn accepted(case_id: CaseId, call: u32) -> Input {
    Input::Accepted {
        case_id,
        operator: operator(),
        call: Some(call),
    }
}

fn holds(robot: &Robot) -> Vec<bool> {
    let on = |output: &Output| match output {
        Output::Hold { on } => Some(*on),
        _ => None,
    };
    robot.outputs.iter().filter_map(on).collect()
}

/// Whether the microphone was switched last.
fn listens(robot: &Robot) -> Option<bool> {
    robot.outputs.iter().rev().find_map(|output| match output {
        Output::Listen(Listen { microphone, .. }) => Some(*microphone),
        _ => None,
    })
}

fn on_hold(robot: &mut Robot) -> (CaseId, u32) {
    let (case_id, session) = in_a_call(robot);
    robot.take();
    robot.input(hold(case_id, Some(2)));
    (case_id, session)
}

#[test]
fn hold_mutes_both_ways_and_is_told_in_the_visitors_language() {
    let mut robot = Robot::new();
    let (case_id, _) = on_hold(&mut robot);
    assert_eq!(holds(&robot), [true]);
    assert_eq!(listens(&robot), Some(false), "the microphone hears nothing");
    assert_eq!(progress(&robot), [(CaseState::Hold, Owner::Operator, None)]);
    let view = robot.view().clone();
    assert_eq!(view.stage, Stage::Live);
    assert_eq!(view.hold, Some(OnHold { minutes: Some(2) }));
    assert!(!view.camera_in_use && !view.microphone_in_use);
    let notice = view.notice.unwrap();
    assert_eq!(notice.language, lang("vi"));
    let (_, language, said) = robot.said().pop().unwrap();
    assert_eq!((language.as_str(), said), ("vi", notice.text));

    robot.take();
    robot.input(hold(case_id, None));
    assert_eq!(holds(&robot), [false]);
    assert_eq!(listens(&robot), Some(true));
    assert_eq!(progress(&robot), [(CaseState::Live, Owner::Operator, None)]);
    assert_eq!((robot.view().hold, &robot.view().notice), (None, &None));
    assert!(robot.view().camera_in_use && robot.view().microphone_in_use);
}

#[test]
fn words_that_are_recognised_in_a_hold_reach_nobody_and_typed_ones_do() {
    let mut robot = Robot::new();
    let (case_id, _) = in_a_call(&mut robot);
    let utterance = robot.speech_starts();
    robot.input(hold(case_id, Some(2)));
    robot.take();
    robot.is_heard(utterance, 0.9, "en", "I am only talking to my son");
    let lines = |robot: &Robot| {
        let turn = |output: &&Output| matches!(output, Output::SendTurn { .. });
        robot.outputs.iter().filter(turn).count()
    };
    assert_eq!(lines(&robot), 0);
    robot.input(Input::Typed("Tôi phải đi".to_owned()));
    assert_eq!(lines(&robot), 1);
    let newest = robot.view().captions.last().unwrap();
    assert_eq!(newest.speaker, Speaker::Resident);
}

#[test]
fn whoever_waits_longer_than_was_said_is_told_again_and_again() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.hears_pack("en", "I want to talk to a person");
    let case_id = robot.packet().case_id;
    robot.input(accepted(case_id, 1));
    let session = session(&robot);
    let event = MediaEvent::Connected;
    robot.input(Input::Media { session, event });
    let since = robot.ms;
    robot.input(hold(case_id, Some(1)));
    robot.finishes_speaking();
    robot.take();
    robot.wait_ms(since + 59_000 - robot.ms);
    assert!(robot.said().is_empty());
    robot.wait_ms(2_000);
    assert_eq!(robot.said().len(), 1);
    let longer = robot.said().pop().unwrap().2;
    assert!(
        longer.starts_with("I am sorry, it takes longer"),
        "{longer}"
    );
    assert_eq!(robot.view().hold, Some(OnHold { minutes: None }));
    assert_eq!(robot.view().notice.as_ref().unwrap().text, longer);
    robot.finishes_speaking();
    robot.wait_ms(60_000);
    assert_eq!(robot.said().len(), 2);
    robot.input(Input::PressedGoodbye);
    assert_eq!(robot.view().stage, Stage::Goodbye);
    assert_eq!(robot.packet().failure, Some(Failure::ResidentLeft));
}

#[test]
fn a_page_that_was_loaded_anew_in_a_hold_gets_a_session_that_is_on_hold() {
    let mut robot = Robot::new();
    let (case_id, first) = on_hold(&mut robot);
    robot.input(Input::OperatorAway { case_id });
    robot.take();
    robot.input(accepted(case_id, 2));
    robot.input(hold(case_id, Some(2)));
    let session = session(&robot);
    assert!(session > first);
    assert_eq!(holds(&robot), [true]);
    let event = MediaEvent::Connected;
    robot.input(Input::Media { session, event });
    assert_eq!(progress(&robot).last().unwrap().0, CaseState::Hold);
    assert!(!robot.view().camera_in_use);
    assert_eq!(robot.view().hold, Some(OnHold { minutes: Some(2) }));
}

#[test]
fn a_hold_goes_on_when_a_link_was_lost_and_found_and_may_have_ended_meanwhile() {
    let mut robot = Robot::new();
    let (case_id, _) = on_hold(&mut robot);
    robot.input(Input::ConsoleDown);
    robot.wait_ms(10_000);
    robot.input(Input::ConsoleUp);
    robot.input(accepted(case_id, 1));
    robot.input(hold(case_id, Some(2)));
    let starts = |output: &Output| matches!(output, Output::StartCall { .. });
    assert!(!robot.outputs.iter().any(starts), "the session stands");
    assert_eq!(robot.view().stage, Stage::Live);
    assert_eq!(holds(&robot), [true], "nothing flowed meanwhile");
    robot.input(Input::ConsoleDown);
    robot.input(Input::ConsoleUp);
    robot.input(accepted(case_id, 1));
    robot.input(hold(case_id, None));
    assert_eq!(holds(&robot), [true, false]);
    assert_eq!(robot.view().hold, None);
}

#[test]
fn a_hold_that_nobody_can_end_any_more_ends_in_time() {
    let lost = [
        |_: CaseId| Input::ConsoleDown,
        |case_id: CaseId| Input::OperatorAway { case_id },
    ];
    for lost in lost {
        let mut robot = Robot::new();
        let (case_id, _) = on_hold(&mut robot);
        robot.input(lost(case_id));
        robot.wait_ms(21_000);
        assert_eq!(robot.packet().failure, Some(Failure::OperatorLeft));
        assert_eq!(robot.packet().owner, Owner::Agent);
        assert_eq!(listens(&robot), Some(true), "the robot hears again");
    }
}

#[test]
fn ending_or_signing_out_in_a_hold_is_as_in_a_call() {
    let mut robot = Robot::new();
    let (case_id, _) = on_hold(&mut robot);
    robot.input(Input::Ended {
        case_id,
        back: back(true),
    });
    assert_eq!(robot.packet().state, CaseState::Closed);
    assert_eq!(robot.view().hold, None);

    let mut robot = Robot::new();
    let (case_id, _) = on_hold(&mut robot);
    robot.input(Input::Offered {
        case_id,
        operators: 1,
        position: 1,
        expected_s: None,
    });
    assert_eq!(robot.view().stage, Stage::Waiting);
    robot.input(accepted(case_id, 9));
    assert_eq!(robot.view().hold, None, "the next one begins without it");
}

#[test]
fn every_language_of_the_sample_pack_has_the_words_for_it() {
    let pack = packs::sample();
    let files = packs::sample_files();
    let paths = files.iter().map(|file| file.path.as_str());
    let tags: Vec<&str> = paths
        .filter_map(|path| path.strip_prefix("phrases/")?.strip_suffix(".toml"))
        .collect();
    assert_eq!(tags.len(), 36);
    for tag in tags {
        for phrase in [
            Phrase::OnHold,
            Phrase::Watched,
            Phrase::StaffHere,
            Phrase::ColleagueAsked,
            Phrase::ColleagueBriefed,
        ] {
            let words = pack.courtesy(&lang(tag), phrase);
            assert!(
                words.is_some_and(|words| !words.is_empty()),
                "{tag} {phrase:?}"
            );
        }
    }
}
