//! What the console and its operators do.

use madoguchi_core::Input;
use madoguchi_shared::ids::{CaseId, OperatorId, UnixMs};
use madoguchi_shared::link::Asked;
use madoguchi_shared::packet::{CaseState, OperatorCard};
use madoguchi_shared::transfer::Hold;
use uuid::Uuid;

use super::{Known, World};
use crate::support::{back, operator};

impl World {
    /// What the console says of a case as things stand.
    pub fn standing(&mut self, case_id: CaseId) {
        let known = &self.console[&case_id];
        if !self.up || known.state == Some(CaseState::Closed) {
            return;
        }
        if known.onsite {
            return;
        }
        let call = known.call;
        let holder = known.holder;
        let input = match (known.ended, call) {
            (true, _) => Input::Ended {
                case_id,
                back: back(true),
            },
            (false, Some(call)) => Input::Accepted {
                case_id,
                operator: OperatorCard {
                    id: OperatorId(Uuid::from_u128(holder)),
                    ..operator()
                },
                call: Some(call),
            },
            (false, None) => Input::Offered {
                case_id,
                operators: u32::try_from(self.roll(2)).unwrap(),
                position: 1,
                expected_s: None,
            },
        };
        self.input(input);
        self.in_call(case_id);
    }

    /// What the console says of the conversation of a case that somebody holds.
    pub fn in_call(&mut self, case_id: CaseId) {
        let known = &self.console[&case_id];
        if !self.up || known.call.is_none() || known.ended {
            return;
        }
        let hold = known.on_hold.then_some(Hold {
            since: UnixMs(0),
            minutes: 1,
        });
        let transfer = known.asked.map(|colleague| Asked {
            colleague: Some(OperatorCard {
                id: OperatorId(Uuid::from_u128(colleague)),
                ..operator()
            }),
            talking: known.talking,
        });
        self.input(Input::InCall {
            case_id,
            hold,
            transfer,
        });
    }

    pub fn open_at_console(&self) -> Option<CaseId> {
        let open = |known: &Known| known.state != Some(CaseState::Closed) && !known.ended;
        let mut cases = self.console.iter();
        cases.find(|(_, known)| open(known)).map(|(id, _)| *id)
    }

    pub fn accept(&mut self) {
        let Some(case) = self.open_at_console() else {
            return;
        };
        if self.console[&case].onsite {
            return;
        }
        self.calls += 1;
        self.console.get_mut(&case).unwrap().call = Some(self.calls);
        self.standing(case);
    }

    pub fn held(&mut self) -> Option<(CaseId, &mut Known)> {
        let held = self.console.iter_mut().find(|(_, known)| {
            known.call.is_some() && !known.ended && known.state != Some(CaseState::Closed)
        });
        held.map(|(id, known)| (*id, known))
    }

    /// The operator puts the visitor on hold, or takes them up again.
    pub fn hold(&mut self) {
        if let Some((case, known)) = self.held() {
            known.on_hold = !known.on_hold;
            self.holds += 1;
            self.in_call(case);
        }
    }

    /// The operator asks a colleague to take over, or keeps the visitor.
    pub fn ask_colleague(&mut self) {
        if let Some((case, known)) = self.held() {
            known.asked = match known.asked {
                Some(_) => None,
                None => Some(known.holder + 1),
            };
            known.talking = false;
            self.in_call(case);
        }
    }

    /// The colleague comes to talk first, or steps back.
    pub fn talk(&mut self) {
        let Some((case, known)) = self.held() else {
            return;
        };
        if known.talking {
            known.asked = None;
        }
        known.talking = known.asked.is_some();
        self.talks += 1;
        self.in_call(case);
    }

    /// Somebody watches the visit that the agent serves, or no longer does.
    pub fn watch(&mut self) {
        let Some(visit_id) = self.served.filter(|_| self.up) else {
            return;
        };
        self.watching = !self.watching;
        self.watched += u32::from(self.watching);
        let by = self.watching.then(operator);
        self.input(Input::Watched { visit_id, by });
    }

    /// Whoever watches takes the visitor over.
    pub fn take_visit(&mut self) {
        if let Some(visit_id) = self.served.filter(|_| self.up && self.watching) {
            self.input(Input::VisitTaken { visit_id });
            self.accept();
        }
    }

    /// The colleague accepts.
    pub fn take_over(&mut self) {
        let call = self.calls + 1;
        let Some((case, known)) = self.held() else {
            return;
        };
        let Some(colleague) = known.asked.take() else {
            return;
        };
        known.holder = colleague;
        known.talking = false;
        known.on_hold = false;
        known.call = Some(call);
        self.calls = call;
        self.taken_over += 1;
        self.standing(case);
    }

    pub fn end(&mut self) {
        if let Some((case, known)) = self.held() {
            known.ended = true;
            self.standing(case);
        }
    }
}
