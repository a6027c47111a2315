//! What operators do with the cases that they hold: hold, and passing on to a colleague.

use madoguchi_shared::ids::{CaseId, OperatorId, UnixMs};
use madoguchi_shared::link::{Asked, ConsoleToRobot};
use madoguchi_shared::transfer::{Colleague, Transfer};

use super::{Board, Call, Case, ConnectionId, Effect};
use crate::routing::{Progress, passed_on};
use crate::store::CaseRecord;

impl Board {
    /// A case that is held was put on hold, taken up again, passed on, or kept.
    pub fn call_changed(&mut self, record: CaseRecord) -> Vec<Effect> {
        let id = record.entry.case_id;
        if let Some(case) = self.cases.get_mut(&id)
            && case.record.entry.transfer != record.entry.transfer
        {
            case.progress = Progress::new(self.now);
        }
        let mut effects = self.case_stored(record);
        effects.extend(self.in_call(id));
        effects
    }

    /// A colleague has taken a case over.
    pub fn taken_over(
        &mut self,
        record: CaseRecord,
        page: ConnectionId,
        call: Call,
    ) -> Vec<Effect> {
        if let Some(case) = self.cases.get_mut(&record.entry.case_id) {
            case.carrier = None;
            let before = case.record.entry.operator.as_ref().map(|card| card.id);
            let accepted_at = case.accepted_at.take();
            if let Some(before) = before {
                self.note_end(before, accepted_at);
            }
        }
        self.held(record, page, call)
    }

    /// How the conversation of a case that is held stands, for its robot.
    pub(super) fn in_call(&self, id: CaseId) -> Option<Effect> {
        let (case, link) = self.case_and_link(id)?;
        let entry = &case.record.entry;
        entry
            .operator
            .as_ref()
            .filter(|_| case.record.back.is_none())?;
        let message = ConsoleToRobot::InCall {
            case_id: id,
            hold: entry.hold,
            transfer: case.passed_on().map(|transfer| {
                let with = transfer.talk.as_ref().map(|talk| talk.with.clone());
                Asked {
                    talking: with.is_some(),
                    colleague: with.or_else(|| transfer.colleague.clone()),
                }
            }),
        };
        Some(Effect::Robot(link, message))
    }

    /// The passing on of a case, if it is offered to this operator.
    pub fn passed_on_to(&self, operator: OperatorId, id: CaseId) -> Option<Transfer> {
        let case = self.cases.get(&id)?;
        let transfer = case.passed_on()?;
        (case.plan.offers.contains_key(&operator)).then(|| transfer.clone())
    }

    /// The talk that an operator has come to, before taking over from a colleague.
    pub fn talk_of(&self, operator: OperatorId) -> Option<(CaseId, Transfer)> {
        let mut cases = self.cases.iter();
        cases.find_map(|(id, case)| {
            let transfer = case.passed_on()?;
            let with = transfer.talk.as_ref().map(|talk| talk.with.id);
            (with == Some(operator)).then(|| (*id, transfer.clone()))
        })
    }

    /// An operator doesn't take over a case that is passed on. The passing on, when nobody is left
    /// who could.
    pub fn not_taken_over(&mut self, operator: OperatorId, id: CaseId) -> Option<Transfer> {
        let asked = self.passed_on_to(operator, id);
        self.declined(operator, id);
        self.plan();
        let nobody = self.cases.get(&id)?.plan.offers.is_empty();
        asked.filter(|_| nobody)
    }

    /// Whether anybody could take over now what is to be passed on.
    pub fn reaches_somebody(&self, id: CaseId, transfer: &Transfer) -> bool {
        self.cases.get(&id).is_some_and(|case| {
            let people = self.people();
            let nobody = Progress::new(self.now).had_their_turn;
            !passed_on(transfer, &case.record.site, &people, &nobody).is_empty()
        })
    }

    /// The pending passing on of a case.
    pub fn transfer(&self, id: CaseId) -> Option<Transfer> {
        self.cases.get(&id)?.passed_on().cloned()
    }

    /// What nobody has taken over in time.
    pub fn overdue_transfers(&self) -> Vec<(CaseId, Transfer)> {
        let pending = self.cases.iter().filter_map(|(id, case)| {
            let transfer = case.passed_on()?;
            (transfer.until <= self.now).then(|| (*id, transfer.clone()))
        });
        pending.collect()
    }

    /// Who else is on duty or in a conversation, in the order of their names.
    pub(super) fn colleagues(&self, of: OperatorId) -> Vec<Colleague> {
        let people = self.people().into_iter();
        let mut colleagues: Vec<Colleague> = people
            .filter(|person| (person.on_duty || person.busy) && person.card.id != of)
            .map(|person| Colleague {
                card: person.card,
                topics: person.skills.topics.into_iter().collect(),
                authority: person.skills.authority.into_iter().collect(),
                supervisor: person.skills.supervisor,
                busy: person.busy,
            })
            .collect();
        colleagues.sort_by(|a, b| (&a.card.name, a.card.id).cmp(&(&b.card.name, b.card.id)));
        colleagues
    }

    pub(super) fn next_transfer_end(&self) -> Option<UnixMs> {
        let pending = self.cases.values().filter_map(Case::passed_on);
        pending.map(|transfer| transfer.until).min()
    }
}

impl Case {
    /// Its passing on, while it can be accepted.
    pub(super) fn passed_on(&self) -> Option<&Transfer> {
        let holder = self.record.entry.operator.as_ref()?;
        let transfer = self.record.entry.transfer.as_ref()?;
        let pending = transfer.ended.is_none() && transfer.from.id == holder.id;
        (pending && self.record.back.is_none()).then_some(transfer)
    }
}
