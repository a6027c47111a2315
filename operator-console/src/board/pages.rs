//! Operators' pages come, go and follow cases.

use std::collections::BTreeSet;

use madoguchi_shared::ids::{CaseId, OperatorId};
use madoguchi_shared::link::ConsoleToRobot;
use madoguchi_shared::operator::{CaseEntry, ConsoleToOperator, TaskEntry};
use madoguchi_shared::packet::{OperatorCard, Owner, Packet};

use super::{Board, Case, ConnectionId, Effect, Page, waits};
use crate::store::Staff;

impl Board {
    /// An operator's page connected: it gets everything, with the case that ended last for this
    /// operator.
    pub fn page_joined(
        &mut self,
        page: ConnectionId,
        operator: OperatorCard,
        staff: Staff,
        (session, key): (String, Option<String>),
        ended: Option<CaseEntry>,
    ) -> Vec<Effect> {
        let id = operator.id;
        self.staffed(id, staff);
        let duty = self.duty(id);
        self.pages.insert(
            page,
            Page {
                operator: operator.clone(),
                session,
                key,
                opened: BTreeSet::new(),
                duty,
                colleagues: Vec::new(),
            },
        );
        self.plan();
        let colleagues = self.colleagues(id);
        if let Some(page) = self.pages.get_mut(&page) {
            page.colleagues.clone_from(&colleagues);
        }
        for case in self.cases.values_mut() {
            let offer = case.plan.offers.get(&id);
            match offer {
                Some(offer) => case.told.offers.insert(id, offer.clone()),
                None => case.told.offers.remove(&id),
            };
        }
        let held = self.held_by(id);
        let snapshot = ConsoleToOperator::Snapshot {
            now: self.now,
            operator,
            robots: self
                .robots
                .values()
                .map(|robot| robot.entry.clone())
                .collect(),
            cases: self.cases.values().map(|case| case.entry_for(id)).collect(),
            holding: held.map(|case| case.record.entry.case_id),
            call: held
                .and_then(|case| case.carrier.as_ref())
                .map(|carrier| carrier.call.number),
            ended,
            duty,
            colleagues,
            may_watch: self.may_watch(id),
        };
        vec![Effect::Pages(vec![page], snapshot)]
    }

    /// An operator's page went away.
    pub fn page_left(&mut self, page: ConnectionId) -> Vec<Effect> {
        if self.pages.remove(&page).is_none() {
            return Vec::new();
        }
        let mut effects = self.watcher_left(page);
        for case in self
            .cases
            .values_mut()
            .filter(|case| case.is_carried_by(page))
        {
            case.carrier = None;
            let link = self
                .robots
                .get(&case.record.entry.robot_id)
                .and_then(|robot| robot.link);
            if let (Some(link), None) = (link, &case.record.back) {
                let case_id = case.record.entry.case_id;
                effects.push(Effect::Robot(
                    link,
                    ConsoleToRobot::OperatorAway { case_id },
                ));
            }
        }
        effects
    }

    /// The operator of a page.
    pub fn operator_of(&self, page: ConnectionId) -> Option<&OperatorCard> {
        self.pages.get(&page).map(|page| &page.operator)
    }

    /// An operator who has a page here.
    pub fn card_of(&self, operator: OperatorId) -> Option<OperatorCard> {
        let mut cards = self.pages.values().map(|page| &page.operator);
        cards.find(|card| card.id == operator).cloned()
    }

    /// Whether a page carries a conversation.
    pub fn carries(&self, page: ConnectionId) -> bool {
        let carried = |case: &Case| case.is_carried_by(page) && case.record.back.is_none();
        self.cases.values().any(carried)
    }

    /// Whether an operator has a page of another session.
    pub fn is_here_without(&self, operator: OperatorId, session: &str) -> bool {
        let mut pages = self.pages.values();
        pages.any(|page| page.operator.id == operator && page.session != session)
    }

    /// Whether an operator holds a case.
    pub fn holds(&self, operator: OperatorId) -> bool {
        self.held_by(operator).is_some()
    }

    fn held_by(&self, operator: OperatorId) -> Option<&Case> {
        self.cases.values().find(|case| {
            let holder = case.record.entry.operator.as_ref();
            case.record.back.is_none() && holder.is_some_and(|holder| holder.id == operator)
        })
    }

    /// Whether a page of another session of the operator carries the case that they hold.
    pub fn goes_on_without(&self, operator: OperatorId, session: &str) -> bool {
        self.held_by(operator)
            .and_then(|case| self.pages.get(&case.carrier.as_ref()?.page))
            .is_some_and(|page| page.session != session)
    }

    /// The pages of a session that was ended.
    pub fn pages_of_session(&self, session: &str) -> Vec<ConnectionId> {
        self.pages_where(|page| page.session == session)
    }

    /// Notes that a page follows a case; false when it may not.
    pub fn follow(&mut self, page: ConnectionId, id: CaseId) -> bool {
        let (Some(page), Some(case)) = (self.pages.get_mut(&page), self.cases.get(&id)) else {
            return false;
        };
        let may = case.may_be_read_by(page.operator.id);
        if may {
            page.opened.insert(id);
        }
        may
    }

    /// Whether a page is of the operator who holds a case.
    pub fn is_holders_page(&self, page: ConnectionId, id: CaseId) -> bool {
        let holder = self
            .cases
            .get(&id)
            .and_then(|case| case.record.entry.operator.as_ref());
        let page = self.pages.get(&page);
        page.zip(holder)
            .is_some_and(|(page, holder)| page.operator.id == holder.id)
    }

    /// A message about a case to the pages that follow it and may still read it.
    pub fn to_readers(&self, id: CaseId, message: ConsoleToOperator) -> Effect {
        let case = self.cases.get(&id);
        let readers = self.pages_where(|page| {
            let reader = page.operator.id;
            page.opened.contains(&id) && case.is_some_and(|case| case.may_be_read_by(reader))
        });
        Effect::Pages(readers, message)
    }

    /// Whether anybody would read a change of this case.
    pub fn has_readers(&self, id: CaseId) -> bool {
        self.pages.values().any(|page| page.opened.contains(&id))
    }

    /// A promise to every page.
    pub fn task_to_all(&self, task: TaskEntry) -> Effect {
        self.to_all(ConsoleToOperator::Task { task })
    }

    /// A whole packet to one page.
    pub fn packet_to(page: ConnectionId, packet: Packet) -> Effect {
        Effect::Pages(
            vec![page],
            ConsoleToOperator::Packet {
                packet: Box::new(packet),
            },
        )
    }
}

impl Case {
    /// Everybody to whom it is offered may read a case's packet while nobody holds it, then only
    /// the holder and whom they ask to take over, so that a resident's story isn't read by people who have no part in it.
    fn may_be_read_by(&self, operator: OperatorId) -> bool {
        match &self.record.entry.operator {
            Some(holder) => holder.id == operator || self.plan.offers.contains_key(&operator),
            // Staff in the room have it, and nobody at a desk a part in it.
            None if self.record.entry.owner == Owner::Onsite => false,
            None => self.plan.offers.contains_key(&operator) || !waits(&self.record),
        }
    }
}
