//! What staff in the room do at the robot's own screen.

use madoguchi_core::onsite::Staff;
use madoguchi_core::{Input, Output};
use madoguchi_shared::ids::CaseId;
use madoguchi_shared::onsite::{OnsiteAct, StaffPanel};
use madoguchi_shared::packet::Packet;
use madoguchi_shared::screen::Stage;

use super::Robot;
use super::torch::waiting_in;

pub fn staff(robot: &mut Robot, act: Staff) {
    robot.input(Input::Staff(act));
}

pub fn opens(robot: &mut Robot) {
    staff(robot, Staff::Opened { pin_set: true });
}

/// Enters a PIN; whether it was checked.
pub fn enters(robot: &mut Robot, right: bool) -> bool {
    let before = checks(robot);
    staff(robot, Staff::Entered);
    let checked = checks(robot) > before;
    if checked {
        staff(robot, Staff::Checked { right });
    }
    checked
}

pub fn checks(robot: &Robot) -> usize {
    let asked = |output: &&Output| **output == Output::CheckPin;
    robot.outputs.iter().filter(asked).count()
}

pub fn unlocks(robot: &mut Robot) {
    opens(robot);
    assert!(enters(robot, true));
}

pub fn takes(robot: &mut Robot) {
    unlocks(robot);
    does(robot, OnsiteAct::Accept);
}

pub fn does(robot: &mut Robot, what: OnsiteAct) {
    let case_id = None;
    staff(robot, Staff::Did { case_id, what });
}

pub fn panel(robot: &Robot) -> Option<StaffPanel> {
    robot.view().staff.clone().map(|view| view.panel)
}

pub fn case_shown(robot: &Robot) -> Packet {
    match panel(robot) {
        Some(StaffPanel::Case { packet, .. }) => *packet,
        other => panic!("no case is shown: {other:?}"),
    }
}

/// Staff have the visitor of a case that waited.
pub fn onsite(robot: &mut Robot) -> CaseId {
    let case_id = waiting_in(robot, "vi", "Tôi muốn hỏi về giấy tờ");
    takes(robot);
    assert_eq!(robot.view().stage, Stage::Onsite);
    case_id
}
