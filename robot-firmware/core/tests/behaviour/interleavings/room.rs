//! What staff in the room do, and what must hold while they do.

use madoguchi_core::onsite::Staff;
use madoguchi_core::{Input, Output};
use madoguchi_shared::ids::CaseId;
use madoguchi_shared::onsite::{OnsiteAct, StaffPanel};
use madoguchi_shared::packet::{CaseState, Owner};
use madoguchi_shared::screen::Stage;

use super::{Known, World};
use crate::support::back;

impl Known {
    /// Takes the robot's word as the console does.
    pub fn hear(&mut self, state: CaseState, owner: Owner) {
        self.onsite = owner == Owner::Onsite && !self.ended;
        if self.onsite {
            (self.call, self.on_hold, self.talking) = (None, false, false);
            self.asked = None;
        }
        self.state = Some(match (self.ended, state) {
            (true, state) if state != CaseState::Closed => CaseState::Returning,
            (_, state) => state,
        });
    }
}

impl World {
    fn staff(&mut self, staff: Staff) {
        self.input(Input::Staff(staff));
    }

    pub fn open_panel(&mut self) {
        let staff = match self.roll(4) {
            0 => Staff::Closed,
            _ => Staff::Opened { pin_set: true },
        };
        self.staff(staff);
    }

    /// Enters a PIN, often the right one; core decides whether it is looked at.
    pub fn enter_pin(&mut self) {
        let right = self.roll(4) > 0;
        self.robot.input(Input::Staff(Staff::Entered));
        let checked = self.robot.outputs.contains(&Output::CheckPin);
        self.absorb();
        if checked {
            self.pin_given.set(right);
            self.staff(Staff::Checked { right });
        }
    }

    fn unlocked(&self) -> bool {
        let view = self.robot.view().staff.as_ref();
        view.is_some_and(|view| matches!(view.panel, StaffPanel::Case { .. } | StaffPanel::Nobody))
    }

    /// At the robot's screen, or on a phone, which may have a case that is over.
    fn does(&mut self, what: OnsiteAct) {
        let phone = self.roll(4) == 0;
        let newest = self.console.keys().next_back().copied();
        let case_id = newest.filter(|_| phone && self.up);
        self.staff(Staff::Did { case_id, what });
    }

    pub fn staff_accept(&mut self) {
        let before = self.robot.view().stage;
        self.does(OnsiteAct::Accept);
        let after = self.robot.view().stage;
        self.staffed += u32::from(before != Stage::Onsite && after == Stage::Onsite);
    }

    pub fn staff_end(&mut self) {
        let resume = self.roll(2) == 0;
        let before = self.robot.view().stage;
        self.does(OnsiteAct::End { back: back(resume) });
        let after = self.robot.view().stage;
        self.given_back += u32::from(before == Stage::Onsite && after != Stage::Onsite);
    }

    /// Nobody but staff who gave their PIN, or hold a link, sees or has a case; both ends agree.
    pub fn check_staff(&self, case: Option<CaseId>, story: &str) {
        if self.unlocked() {
            assert!(self.pin_given.get(), "open without the PIN: {story}");
        } else {
            self.pin_given.set(false);
        }
        let view = self.robot.view();
        let onsite = view.stage == Stage::Onsite;
        if onsite {
            assert!(!view.camera_in_use && !view.microphone_in_use, "{story}");
            assert!(view.operator.is_none() && view.form.is_none(), "{story}");
        }
        if let Some(StaffPanel::Case { packet, .. }) = view.staff.as_ref().map(|own| &own.panel) {
            let shown = Some(packet.case_id).filter(|_| packet.owner != Owner::Agent);
            assert_eq!(shown, case, "another case is shown: {story}");
        }
        let known = case.and_then(|case| self.console.get(&case));
        if let Some(known) = known.filter(|_| self.up) {
            assert_eq!(known.onsite, onsite, "they don't agree on staff: {story}");
            assert!(
                !onsite || known.call.is_none(),
                "two have the visitor: {story}"
            );
        }
    }
}
