//! To whom the waiting cases are offered, as [`crate::routing`] plans it.

use std::collections::{BTreeMap, BTreeSet};

use madoguchi_shared::ids::{CaseId, OperatorId, UnixMs};
use madoguchi_shared::link::ConsoleToRobot;
use madoguchi_shared::operator::{CaseEntry, ConsoleToOperator, Duty};
use madoguchi_shared::transfer::Colleague;

use super::{Board, Case, ConnectionId, Effect, Told, waits};
use crate::routing::{Person, Progress, Waiting, passed_on, plan};
use crate::store::{NEVER, Staff};

/// Cases whose length counts for what a wait is expected to take.
const LATELY: usize = 20;

/// Why a case isn't taken by an operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotOffered {
    /// It is kept for somebody of that name for now.
    Reserved(String),
    /// It is offered to others.
    Others,
}

impl Board {
    /// Notes the time; everything that follows happens now.
    pub fn clock(&mut self, now: UnixMs) {
        self.now = now;
    }

    /// Whether cases are offered to an operator.
    pub fn duty(&self, operator: OperatorId) -> Duty {
        let staff = self.staff.get(&operator);
        match staff.and_then(|staff| staff.away_until) {
            Some(NEVER) => Duty::Off,
            Some(at) if at > self.now => Duty::BackAt { at },
            _ => match staff.and_then(|staff| staff.skills.hours.as_ref()) {
                Some(hours) if !hours.contain(self.now) => Duty::OutsideHours,
                _ => Duty::On,
            },
        }
    }

    /// What an operator can do, and whether they are there, has been read again.
    pub fn staffed(&mut self, operator: OperatorId, staff: Staff) {
        self.staff.insert(operator, staff);
    }

    /// An operator doesn't take a case that waits.
    pub fn declined(&mut self, operator: OperatorId, id: CaseId) {
        if let Some(case) = self.cases.get_mut(&id) {
            case.progress.decline(operator);
        }
    }

    /// Whether an operator may take a case; yes, too, where none waits: the store knows why not.
    pub fn may_take(&self, operator: OperatorId, id: CaseId) -> Result<(), NotOffered> {
        let Some(case) = self.cases.get(&id).filter(|case| waits(&case.record)) else {
            return Ok(());
        };
        let Some(offer) = case.plan.offers.get(&operator) else {
            return Err(NotOffered::Others);
        };
        match &offer.reserved {
            Some(kept) if !offer.free => Err(NotOffered::Reserved(kept.name.clone())),
            _ => Ok(()),
        }
    }

    /// When [`Board::settle`] is due though nothing happens.
    pub fn next_change(&self) -> Option<UnixMs> {
        let plans = self.cases.values().filter_map(|case| case.plan.next);
        let transfers = self.next_transfer_end();
        let pages = self.pages.values().map(|page| page.operator.id);
        let back = pages.filter_map(|operator| match self.duty(operator) {
            Duty::BackAt { at } => Some(at),
            _ => None,
        });
        plans.chain(transfers).chain(back).min()
    }

    /// Plans anew and says what has changed by it: to pages their offers and their operator's
    /// duty and colleagues, to robots how many operators are reached.
    pub fn settle(&mut self) -> Vec<Effect> {
        self.plan();
        let mut effects = Vec::new();
        let ids: Vec<CaseId> = self.cases.keys().copied().collect();
        for id in ids {
            let Some(case) = self.cases.get(&id) else {
                continue;
            };
            let changed = case.changed_offers();
            if !changed.is_empty() {
                effects.extend(self.show(id, |operator| changed.contains(&operator)));
            }
            effects.extend(self.standing_if_new(id));
        }
        let duties: Vec<(ConnectionId, Duty)> = self
            .pages
            .iter()
            .map(|(id, page)| (*id, self.duty(page.operator.id)))
            .collect();
        for (id, duty) in duties {
            if let Some(page) = self.pages.get_mut(&id)
                && page.duty != duty
            {
                page.duty = duty;
                effects.push(Effect::Pages(vec![id], ConsoleToOperator::Duty { duty }));
            }
        }
        let colleagues: Vec<(ConnectionId, Vec<Colleague>)> = self
            .pages
            .iter()
            .map(|(id, page)| (*id, self.colleagues(page.operator.id)))
            .collect();
        for (id, colleagues) in colleagues {
            if let Some(page) = self.pages.get_mut(&id)
                && page.colleagues != colleagues
            {
                page.colleagues.clone_from(&colleagues);
                let message = ConsoleToOperator::Colleagues { colleagues };
                effects.push(Effect::Pages(vec![id], message));
            }
        }
        effects
    }

    /// Shows a case as it stands to the pages of these operators.
    pub(super) fn show(&mut self, id: CaseId, to: impl Fn(OperatorId) -> bool) -> Vec<Effect> {
        let Some(case) = self.cases.get_mut(&id) else {
            return Vec::new();
        };
        case.told.offers.clone_from(&case.plan.offers);
        let mut pages: Vec<(CaseEntry, Vec<ConnectionId>)> = Vec::new();
        for (page, at) in &self.pages {
            if !to(at.operator.id) {
                continue;
            }
            let entry = case.entry_for(at.operator.id);
            match pages.iter_mut().find(|(same, _)| *same == entry) {
                Some((_, pages)) => pages.push(*page),
                None => pages.push((entry, vec![*page])),
            }
        }
        let effects = pages
            .into_iter()
            .map(|(case, pages)| Effect::Pages(pages, ConsoleToOperator::Case { case }));
        effects.collect()
    }

    pub(super) fn plan(&mut self) {
        let people = self.people();
        let handling_s = self.handling_s();
        let now = self.now;
        let mut waiting: Vec<Waiting<'_>> = Vec::new();
        for (id, case) in &mut self.cases {
            if waits(&case.record) {
                waiting.push(Waiting {
                    id: *id,
                    route: &case.record.route,
                    site: &case.record.site,
                    opened_at: case.record.entry.opened_at,
                    previous: case.record.previous,
                    progress: &mut case.progress,
                });
            }
        }
        let mut plans = plan(&mut waiting, &people, handling_s, now);
        for (id, case) in &mut self.cases {
            case.plan = plans.remove(id).unwrap_or_default();
            if let Some(transfer) = case.passed_on() {
                let declined = &case.progress.had_their_turn;
                case.plan.offers = passed_on(transfer, &case.record.site, &people, declined);
            }
        }
    }

    pub(super) fn people(&self) -> Vec<Person> {
        let open = || {
            self.cases
                .values()
                .filter(|case| case.record.back.is_none())
        };
        let holders = open().filter_map(|case| Some(case.record.entry.operator.as_ref()?.id));
        let talks = open().filter_map(|case| case.passed_on()?.talk.as_ref());
        let occupied: BTreeSet<OperatorId> =
            holders.chain(talks.map(|talk| talk.with.id)).collect();
        let mut people = BTreeMap::new();
        for page in self.pages.values() {
            let id = page.operator.id;
            let staff = self.staff.get(&id).cloned().unwrap_or_default();
            people.entry(id).or_insert_with(|| Person {
                card: page.operator.clone(),
                skills: staff.skills,
                on_duty: self.duty(id) == Duty::On,
                busy: occupied.contains(&id),
                idle_since: self.idle_since.get(&id).copied().unwrap_or_default(),
            });
        }
        people.into_values().collect()
    }

    /// A conversation has ended: how long it took, and that its operator is free since.
    pub(super) fn note_end(&mut self, operator: OperatorId, accepted_at: Option<UnixMs>) {
        self.idle_since.insert(operator, self.now);
        if let Some(from) = accepted_at {
            let took_s = u32::try_from((self.now.0 - from.0) / 1_000).unwrap_or(0);
            self.handled_s.push_back(took_s);
            if self.handled_s.len() > LATELY {
                self.handled_s.pop_front();
            }
        }
    }

    fn handling_s(&self) -> Option<u32> {
        let count = u32::try_from(self.handled_s.len()).ok()?;
        self.handled_s.iter().sum::<u32>().checked_div(count)
    }

    fn standing_if_new(&mut self, id: CaseId) -> Vec<Effect> {
        let told = self.cases.get(&id).and_then(|case| case.told.robot);
        let new = self.cases.get(&id).map(|case| case.word());
        if told == new || !self.cases.get(&id).is_some_and(|case| waits(&case.record)) {
            return Vec::new();
        }
        self.standing(id)
    }

    /// What a waiting case's robot must know of it.
    pub(super) fn offered(&mut self, id: CaseId) -> Option<ConsoleToRobot> {
        let case = self.cases.get_mut(&id)?;
        case.told.robot = Some(case.word());
        Some(ConsoleToRobot::Offered {
            case_id: id,
            operators: case.plan.reach,
            position: case.plan.position,
            expected_s: case.plan.expected_s,
        })
    }
}

impl Case {
    pub(super) fn new(record: crate::store::CaseRecord, now: UnixMs) -> Self {
        Self {
            record,
            carrier: None,
            accepted_at: None,
            progress: Progress::new(now),
            plan: crate::routing::Plan::default(),
            told: Told::default(),
        }
    }

    /// The case as an operator may see it.
    pub(super) fn entry_for(&self, reader: OperatorId) -> CaseEntry {
        let entry = &self.record.entry;
        let offer = self.plan.offers.get(&reader).cloned();
        let holds = entry
            .operator
            .as_ref()
            .is_some_and(|card| card.id == reader);
        CaseEntry {
            transfer: entry.transfer.clone().filter(|_| holds || offer.is_some()),
            offer,
            ..entry.clone()
        }
    }

    fn word(&self) -> (u32, u32, Option<u32>) {
        (self.plan.reach, self.plan.position, self.plan.expected_s)
    }

    fn changed_offers(&self) -> BTreeSet<OperatorId> {
        let (new, old) = (&self.plan.offers, &self.told.offers);
        let ids = new.keys().chain(old.keys());
        ids.filter(|id| new.get(id) != old.get(id))
            .copied()
            .collect()
    }
}
