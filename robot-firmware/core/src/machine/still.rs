//! A still from the camera: only when the visitor says yes on the screen, and sent only when they
//! have seen it and say yes again.

use madoguchi_shared::ids::CaseId;
use madoguchi_shared::screen::StillCard;
use madoguchi_shared::still::StillStep;

use super::Machine;
use crate::output::Output;
use crate::visit::Phase;

/// What the packet calls it.
const CONSENT: &str = "still_picture";

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StillState {
    Asked,
    Taking(u32),
    Preview(u32),
}

impl Machine {
    pub(super) fn still_asked(&mut self, case_id: CaseId, on: bool) {
        if self.open_case(case_id).is_none() {
            return;
        }
        let can = self.abilities.camera && !self.is_on_hold();
        let Some(aside) = self.aside() else { return };
        match (on, aside.still) {
            (false, _) => aside.still = None,
            (true, _) if !can => self.tell_still(case_id, StillStep::Failed),
            (true, Some(_)) => {}
            (true, None) => {
                aside.still = Some(StillState::Asked);
                self.tell_still(case_id, StillStep::Asked);
            }
        }
    }

    /// A yes counts for what was seen when it was touched: a second touch of the question before
    /// lets nothing go.
    pub(super) fn still_answered(&mut self, yes: bool, seen: Option<&str>) {
        let number = self.next_still + 1;
        let Some(case_id) = self.open_case_id() else {
            return;
        };
        let Some(aside) = self.aside() else { return };
        match (aside.still, yes) {
            (Some(StillState::Asked), true) if seen.is_none() => {
                aside.still = Some(StillState::Taking(number));
                self.next_still = number;
                self.emit(Output::TakeStill { number });
            }
            (Some(StillState::Preview(number)), true) if seen == Some(&address(number)) => {
                aside.still = None;
                self.consents_to_still();
                self.emit(Output::SendStill { case_id, number });
                self.send_case();
            }
            (Some(_), false) => {
                aside.still = None;
                self.tell_still(case_id, StillStep::Declined);
            }
            (Some(_), true) | (None, _) => {}
        }
    }

    pub(super) fn still_taken(&mut self, number: u32, taken: bool) {
        let Some(case_id) = self.open_case_id() else {
            return;
        };
        let Some(aside) = self.aside() else { return };
        if aside.still != Some(StillState::Taking(number)) {
            return;
        }
        aside.still = taken.then_some(StillState::Preview(number));
        let step = match taken {
            true => StillStep::Preview,
            false => StillStep::Failed,
        };
        self.tell_still(case_id, step);
    }

    /// What was asked before a hold isn't answered in it, when nobody sees the visitor.
    pub(super) fn withdraw_still(&mut self) {
        if let Some(aside) = self.aside() {
            aside.still = None;
        }
    }

    /// Number of the still that the visitor looks at.
    pub fn previewed_still(&self) -> Option<u32> {
        match &self.visit.as_ref()?.phase {
            Phase::Operator { aside, .. } => match aside.still? {
                StillState::Preview(number) => Some(number),
                StillState::Asked | StillState::Taking(_) => None,
            },
            _ => None,
        }
    }

    pub(crate) fn still_card(&self) -> Option<StillCard> {
        let Phase::Operator { aside, .. } = &self.visit.as_ref()?.phase else {
            return None;
        };
        Some(match aside.still? {
            StillState::Asked => StillCard::Ask,
            StillState::Taking(_) => StillCard::Taking,
            StillState::Preview(number) => StillCard::Preview {
                src: address(number),
            },
        })
    }

    fn consents_to_still(&mut self) {
        if let Some(visit) = &mut self.visit
            && !visit.consents.iter().any(|own| own == CONSENT)
        {
            visit.consents.push(CONSENT.to_owned());
        }
    }

    fn tell_still(&mut self, case_id: CaseId, step: StillStep) {
        self.emit(Output::SendStillStep { case_id, step });
    }
}

fn address(number: u32) -> String {
    format!("still/{number}")
}
