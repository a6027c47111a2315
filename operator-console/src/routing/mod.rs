//! To whom a waiting case is offered, in which order, and for how long it is kept for one person.
//!
//! Pure functions of the cases that wait, the people who are there and the time. A case goes
//! through the steps of its route: each adds people, and nobody who was asked is taken out again.
//! A step to which nobody on duty belongs takes no time. Within the people asked so far it is kept
//! for the one who fits best, for [`RESERVATION_MS`]; then for the next one. When everybody had
//! their turn, whoever is first takes it. An urgent case goes to everybody at once.

mod agreement;
mod fit;
mod hours;
mod languages;
mod skills;
#[cfg(test)]
mod tests;
mod transfers;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use madoguchi_shared::ids::{CaseId, OperatorId, UnixMs};
use madoguchi_shared::operator::{Because, Offer, Reserved};
use madoguchi_shared::packet::{OperatorCard, Route, RouteStep, URGENT};

pub use agreement::agreed;
pub use fit::Fit;
pub use hours::{Hours, NoHours};
pub use skills::{Level, NotALevel, Skills};
pub use transfers::{TALK_MS, TRANSFER_MS, passed_on};

/// How long a case is kept for one person.
pub const RESERVATION_MS: i64 = 20_000;
/// Danger to life, which nothing overtakes.
const LIFE: u8 = 100;
/// A point of priority weighs as much as this much waiting: nobody starves.
const WAITING_PER_POINT_MS: i64 = 6_000;
/// How long a case takes a person, until the console knows better.
const HANDLING_S: u32 = 240;
/// How long somebody who is free takes to accept.
const ACCEPTING_S: u32 = 20;

/// Somebody who is at their desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub card: OperatorCard,
    /// What they can do.
    pub skills: Skills,
    /// Whether cases are offered to them.
    pub on_duty: bool,
    /// Whether they hold a case: one at a time is all that a person can do.
    pub busy: bool,
    /// Since when they hold none.
    pub idle_since: UnixMs,
}

/// A case that waits.
#[derive(Debug)]
pub struct Waiting<'a> {
    /// The case.
    pub id: CaseId,
    /// To whom it should go.
    pub route: &'a Route,
    /// Where the robot stands.
    pub site: &'a str,
    /// Since when the resident waits.
    pub opened_at: UnixMs,
    /// Who spoke with the resident before, in the same visit.
    pub previous: Option<OperatorId>,
    /// How far it came.
    pub progress: &'a mut Progress,
}

/// How far a waiting case came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Since when it has been offered.
    pub since: UnixMs,
    /// The step that it has reached.
    pub step: usize,
    /// For whom it was kept already, and who declined it.
    pub had_their_turn: BTreeSet<OperatorId>,
    /// For whom it is kept now, and until when.
    pub reserved: Option<(OperatorId, UnixMs)>,
}

impl Progress {
    /// A case that begins to wait.
    pub fn new(since: UnixMs) -> Self {
        Self {
            since,
            step: 0,
            had_their_turn: BTreeSet::new(),
            reserved: None,
        }
    }

    /// Somebody doesn't take it.
    pub fn decline(&mut self, operator: OperatorId) {
        self.had_their_turn.insert(operator);
        self.reserved = self.reserved.filter(|(holder, _)| *holder != operator);
    }
}

/// What to do with a waiting case now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// To whom it is offered.
    pub offers: BTreeMap<OperatorId, Offer>,
    /// How many people on duty its steps reach.
    pub reach: u32,
    /// Its place among those who wait, from 1.
    pub position: u32,
    /// How long it may take until somebody accepts; absent when nobody is there.
    pub expected_s: Option<u32>,
    /// When it must be planned again though nothing happens.
    pub next: Option<UnixMs>,
}

/// Which of two waiting cases goes first: danger to life, then priority and waiting together.
pub fn order(route: &Route, opened_at: UnixMs, id: CaseId) -> impl Ord + use<> {
    let points = i64::from(route.priority) * WAITING_PER_POINT_MS;
    let rank = points.saturating_sub(opened_at.0);
    (Reverse(route.priority >= LIFE), Reverse(rank), id)
}

/// Plans all cases that wait. `handling_s` is how long a case took lately.
pub fn plan(
    waiting: &mut [Waiting<'_>],
    people: &[Person],
    handling_s: Option<u32>,
    now: UnixMs,
) -> BTreeMap<CaseId, Plan> {
    waiting.sort_by_key(|case| order(case.route, case.opened_at, case.id));
    let mut taken: BTreeSet<OperatorId> = people
        .iter()
        .filter(|person| person.busy)
        .map(|person| person.card.id)
        .collect();
    for case in waiting.iter_mut() {
        case.let_go(people, now);
        taken.extend(case.progress.reserved.map(|(operator, _)| operator));
    }
    let mut plans = BTreeMap::new();
    for (place, case) in (1..).zip(waiting.iter_mut()) {
        let mut plan = case.plan(people, &mut taken, now);
        plan.position = place;
        let free = free_people(case, people);
        plan.expected_s = expected_s(place, free, plan.reach, handling_s.unwrap_or(HANDLING_S));
        plans.insert(case.id, plan);
    }
    plans
}

fn free_people(case: &Waiting<'_>, people: &[Person]) -> u32 {
    let free = people
        .iter()
        .filter(|person| person.on_duty && !person.busy && Fit::of(person, case).is_some());
    u32::try_from(free.count()).unwrap_or(u32::MAX)
}

fn expected_s(place: u32, free: u32, reach: u32, handling_s: u32) -> Option<u32> {
    if reach == 0 {
        return None;
    }
    let rounds = place.saturating_sub(free).div_ceil(reach);
    Some(ACCEPTING_S.saturating_add(rounds.saturating_mul(handling_s)))
}

impl Waiting<'_> {
    fn is_urgent(&self) -> bool {
        self.route.priority >= URGENT
    }

    pub(crate) fn steps(&self) -> Vec<RouteStep> {
        match self.route.steps.as_slice() {
            [] => RouteStep::standard(),
            steps => steps.to_vec(),
        }
    }

    /// A reservation that has run out, or whose holder can't take the case any more, ends.
    fn let_go(&mut self, people: &[Person], now: UnixMs) {
        let Some((operator, until)) = self.progress.reserved else {
            return;
        };
        if now >= until {
            self.progress.decline(operator);
        }
        let can = |person: &Person| person.card.id == operator && person.on_duty && !person.busy;
        if !people.iter().any(can) || self.is_urgent() {
            self.progress.reserved = None;
        }
    }

    /// The step that is reached by now, and when the next one comes.
    fn step(&self, fits: &[(&Person, Fit)], now: UnixMs) -> (usize, Option<UnixMs>) {
        let steps = self.steps();
        let last = steps.len().saturating_sub(1);
        if self.is_urgent() {
            return (last, None);
        }
        let mut end = self.progress.since.0;
        for (at, step) in steps.iter().enumerate().take(last) {
            if fits.iter().any(|(_, fit)| fit.step == at) {
                end = end.saturating_add(i64::from(step.lasts_s) * 1_000);
            }
            if now.0 < end {
                return (at, Some(UnixMs(end)));
            }
        }
        (last, None)
    }

    fn plan(&mut self, people: &[Person], taken: &mut BTreeSet<OperatorId>, now: UnixMs) -> Plan {
        let fits: Vec<(&Person, Fit)> = people
            .iter()
            .filter(|person| person.on_duty)
            .filter_map(|person| Some((person, Fit::of(person, self)?)))
            .collect();
        let (step, mut next) = self.step(&fits, now);
        self.progress.step = self.progress.step.max(step);
        let asked: Vec<&(&Person, Fit)> = fits
            .iter()
            .filter(|(_, fit)| fit.step <= self.progress.step)
            .collect();
        if self.progress.reserved.is_none() && !self.is_urgent() {
            let best = asked
                .iter()
                .filter(|(person, fit)| {
                    let id = person.card.id;
                    fit.is_known()
                        && !taken.contains(&id)
                        && !self.progress.had_their_turn.contains(&id)
                })
                .min_by_key(|(person, fit)| fit.order(person));
            self.progress.reserved = best.map(|(person, _)| {
                taken.insert(person.card.id);
                (person.card.id, UnixMs(now.0.saturating_add(RESERVATION_MS)))
            });
        }
        let reserved = self.progress.reserved.and_then(|(operator, until)| {
            let holder = people.iter().find(|person| person.card.id == operator)?;
            let name = holder.card.name.clone();
            Some(Reserved {
                operator,
                name,
                until,
            })
        });
        if let Some((_, until)) = self.progress.reserved {
            next = Some(next.map_or(until, |at| at.min(until)));
        }
        let offers = asked.iter().map(|(person, fit)| {
            let id = person.card.id;
            let mine = reserved.as_ref().is_none_or(|kept| kept.operator == id);
            let mut because = fit.because.clone();
            if self.is_urgent() {
                because.insert(0, Because::Urgent);
            }
            let offer = Offer {
                step: Some(fit.to),
                because,
                free: mine || self.progress.had_their_turn.contains(&id),
                reserved: reserved.clone(),
            };
            (id, offer)
        });
        Plan {
            offers: offers.collect(),
            reach: u32::try_from(fits.len()).unwrap_or(u32::MAX),
            next,
            ..Plan::default()
        }
    }
}
