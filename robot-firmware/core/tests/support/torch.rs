//! Robots with an open case.

use madoguchi_core::input::{MediaEvent, SpokenLanguage};
use madoguchi_core::{Input, Output};
use madoguchi_shared::ids::CaseId;
use madoguchi_shared::link::Failure;
use madoguchi_shared::packet::{CaseState, Owner};

use super::{Robot, lang, operator};

pub fn waiting_in(robot: &mut Robot, tag: &str, text: &str) -> CaseId {
    robot.input(Input::ConsoleUp);
    robot.hears(SpokenLanguage::Other(lang(tag)), text);
    robot.packet().case_id
}

pub fn in_a_call(robot: &mut Robot) -> (CaseId, u32) {
    let case_id = waiting_in(robot, "vi", "Tôi muốn hỏi về giấy tờ");
    robot.input(Input::Offered {
        case_id,
        operators: 1,
        position: 0,
        expected_s: None,
    });
    robot.take();
    robot.input(Input::Accepted {
        case_id,
        operator: operator(),
        call: Some(1),
    });
    let session = session(robot);
    robot.input(Input::Media {
        session,
        event: MediaEvent::Connected,
    });
    (case_id, session)
}

pub fn session(robot: &Robot) -> u32 {
    let newest = robot.outputs.iter().rev().find_map(|output| match output {
        Output::StartCall { session, .. } => Some(*session),
        _ => None,
    });
    newest.unwrap()
}

pub fn progress(robot: &Robot) -> Vec<(CaseState, Owner, Option<Failure>)> {
    robot
        .outputs
        .iter()
        .filter_map(|output| match output {
            Output::SendProgress {
                state,
                owner,
                failure,
                ..
            } => Some((*state, *owner, *failure)),
            _ => None,
        })
        .collect()
}
