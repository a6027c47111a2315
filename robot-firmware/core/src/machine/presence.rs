//! Whether somebody stands in front of the robot.

use madoguchi_shared::link::Failure;

use super::Machine;
use crate::input::Input;
use crate::onsite::Staff;
use crate::time::Now;
use crate::visit::{Phase, Wish};

/// What is known of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Presence {
    /// There is no sensor, or it is not believed: whoever touched or spoke while it saw nobody may
    /// sit below it.
    #[default]
    Unknown,
    Somebody,
    /// Nobody is seen in a visit; at this moment the visitor counts as gone.
    Nobody {
        gone_at: u64,
    },
    /// The visitor of a call counts as gone; the operator has been told, and the call ends then.
    Gone {
        call_ends_at: u64,
    },
}

impl Machine {
    /// Takes what the sensor sees; `None` while it doesn't work.
    pub(super) fn presence(&mut self, somebody: Option<bool>, now: Now) {
        let before = self.presence;
        self.presence = match (somebody, before) {
            (None, _) => Presence::Unknown,
            (Some(true), _) => Presence::Somebody,
            (Some(false), Presence::Nobody { .. } | Presence::Gone { .. }) => before,
            (Some(false), _) if self.visit.is_some() => Presence::Nobody {
                gone_at: now.after(self.settings.patience.absence),
            },
            (Some(false), _) => Presence::Unknown,
        };
        if matches!(before, Presence::Gone { .. }) != self.has_gone() {
            self.send_case();
        }
    }

    /// Whoever acts is there, whatever the sensor says.
    pub(super) fn seen_acting(&mut self, input: &Input) {
        let acts = by_hand(input) || matches!(input, Input::Heard(_));
        let leaves = matches!(input, Input::PressedGoodbye);
        if acts && !leaves && self.presence != Presence::Somebody {
            let had_gone = self.has_gone();
            self.presence = Presence::Unknown;
            if had_gone {
                self.send_case();
            }
        }
    }

    /// Whether the visitor of a call counts as gone.
    pub(super) fn has_gone(&self) -> bool {
        matches!(self.presence, Presence::Gone { .. })
    }

    /// Staff may take the visitor along to a counter: while they have them, only what they do not do
    /// for long ends it.
    pub(super) fn absent_at(&self) -> Option<u64> {
        let phase = self.visit.as_ref().map(|visit| &visit.phase);
        if matches!(phase, Some(Phase::Onsite { .. })) {
            return None;
        }
        match self.presence {
            Presence::Nobody { gone_at } => Some(gone_at),
            Presence::Gone { call_ends_at } => Some(call_ends_at),
            Presence::Unknown | Presence::Somebody => None,
        }
    }

    /// The visitor has walked away: nobody is called into an empty room, and nothing personal
    /// stays on the screen for whoever comes next.
    pub(super) fn visitor_absent(&mut self, now: Now) {
        let in_call = matches!(
            self.visit.as_ref().map(|visit| &visit.phase),
            Some(Phase::Operator { .. })
        );
        if in_call && !self.has_gone() {
            self.presence = Presence::Gone {
                call_ends_at: now.after(self.settings.patience.absence_in_call),
            };
            return self.send_case();
        }
        self.presence = Presence::Unknown;
        self.close_case(Some(Failure::ResidentLeft));
        if self.is_changing() {
            return self.wish(Wish::Leave, now);
        }
        self.over = self.last_utterance;
        self.end_visit();
    }
}

/// Whether somebody has a hand at the screen.
pub(super) fn by_hand(input: &Input) -> bool {
    matches!(
        input,
        Input::ChoseLanguage(_)
            | Input::Touched
            | Input::Typed(_)
            | Input::PressedPerson
            | Input::PressedStopSpeaking
            | Input::PressedStopWaiting
            | Input::PressedGoodbye
            | Input::SwitchedMicrophone { .. }
            | Input::Interpreter(_)
            | Input::Wrote { .. }
            | Input::Answered { .. }
            | Input::Confirmed { .. }
            | Input::ChoseWay(_)
            | Input::ConfirmedContact { .. }
            | Input::WentBack
            | Input::StartedOver
            | Input::CancelledForm
            | Input::LetMove { .. }
            | Input::Staff(Staff::Opened { .. } | Staff::Entered | Staff::Closed)
            | Input::Staff(Staff::AskedLink | Staff::Did { case_id: None, .. })
            | Input::Pointed { .. }
            | Input::StillAnswered { .. }
    )
}
