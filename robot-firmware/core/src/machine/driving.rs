//! Whether the robot's body may be moved: who holds the lease, and what the visitor says to it.

use std::time::Duration;

use madoguchi_shared::ids::{CaseId, OperatorId};
use madoguchi_shared::motion::LeaseGrant;
use madoguchi_shared::screen::MotionCard;

use super::Machine;
use super::presence::by_hand;
use crate::input::Input;
use crate::motion::{Lease, LeaseId, Visit};
use crate::time::Now;
use crate::visit::{MediaState, Phase};

/// A touch of the screen keeps the robot still for so long.
const TOUCH: Duration = Duration::from_secs(1);

/// What is known of it in a call.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Driving {
    lease: Option<Held>,
    /// What the visitor said.
    may: Option<bool>,
}

#[derive(Debug, Clone, Copy)]
struct Held {
    id: u32,
    until: u64,
}

impl Machine {
    /// What the motion gate must know of the visit, to be told anew several times a second.
    pub fn motion(&self, now: Now) -> (Option<Lease>, Visit) {
        let lease = self.held_lease().map(|held| Lease {
            id: LeaseId(held.id.into()),
            until: Duration::from_millis(held.until),
        });
        let visit = Visit {
            visiting: self.visit.is_some() && !self.has_gone(),
            consent: self
                .driving()
                .is_some_and(|driving| driving.may == Some(true)),
            touching: self.touched_until > now.monotonic_ms,
            form_open: self.run().is_some() || self.is_together() || self.nobody_view().is_some(),
        };
        (lease, visit)
    }

    /// The console says who may drive.
    pub(super) fn lease(&mut self, case_id: CaseId, grant: Option<LeaseGrant>, now: Now) {
        if self.open_case(case_id).is_none() {
            return;
        }
        let Some(Phase::Operator {
            aside, operator, ..
        }) = self.visit.as_mut().map(|visit| &mut visit.phase)
        else {
            return;
        };
        let before = aside.driving.lease.take();
        let Some(grant) = grant.filter(|grant| grant.operator == operator.id) else {
            return;
        };
        let again = before.is_some_and(|held| held.id == grant.id);
        if !again && aside.driving.may == Some(false) {
            // Another wish is another question.
            aside.driving.may = None;
        }
        aside.driving.lease = Some(Held {
            id: grant.id,
            until: now.after(Duration::from_millis(grant.for_ms.into())),
        });
    }

    /// Nobody renews it any more, or can.
    pub(super) fn end_lease(&mut self) {
        if let Some(Phase::Operator { aside, .. }) = self.visit.as_mut().map(|v| &mut v.phase) {
            aside.driving.lease = None;
        }
    }

    pub(super) fn lease_ends_at(&self) -> Option<u64> {
        Some(self.driving()?.lease?.until)
    }

    pub(super) fn driver(&self) -> Option<OperatorId> {
        self.held_lease()?;
        match &self.visit.as_ref()?.phase {
            Phase::Operator { operator, .. } => Some(operator.id),
            _ => None,
        }
    }

    /// The visitor lets the robot be moved, or stops it.
    pub(super) fn let_move(&mut self, may: bool) {
        if let Some(Phase::Operator { aside, .. }) = self.visit.as_mut().map(|v| &mut v.phase) {
            aside.driving.may = Some(may);
        }
    }

    pub(crate) fn motion_card(&self) -> Option<MotionCard> {
        self.held_lease()?;
        let may = self.driving()?.may;
        Some(MotionCard { may })
    }

    /// Notes when the visitor has a hand at the screen.
    pub(super) fn felt(&mut self, input: &Input, now: Now) {
        if by_hand(input) {
            self.touched_until = now.after(TOUCH);
        }
    }

    fn driving(&self) -> Option<Driving> {
        match self.visit.as_ref().map(|visit| &visit.phase) {
            Some(Phase::Operator { aside, .. }) => Some(aside.driving),
            _ => None,
        }
    }

    /// The lease, while its operator sees what they do.
    fn held_lease(&self) -> Option<Held> {
        let Some(Phase::Operator {
            media,
            away_until: None,
            aside,
            ..
        }) = self.visit.as_ref().map(|visit| &visit.phase)
        else {
            return None;
        };
        let sees = media.state == MediaState::Flowing && aside.hold.is_none();
        aside.driving.lease.filter(|_| sees && self.settings.motion)
    }
}
