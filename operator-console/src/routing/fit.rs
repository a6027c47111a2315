//! How well somebody fits a case.

use std::cmp::Reverse;

use madoguchi_shared::ids::{Lang, OperatorId, UnixMs};
use madoguchi_shared::operator::Because;
use madoguchi_shared::packet::RouteTo;

use super::{Person, Waiting};

/// How somebody fits a case, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fit {
    /// The first step of the route to which they belong.
    pub step: usize,
    /// That step's people.
    pub to: RouteTo,
    /// Why, the strongest first.
    pub because: Vec<Because>,
    level: u8,
    topics: usize,
    previous: bool,
    known: bool,
}

impl Fit {
    /// Absent when the case's steps never come to this person, or they don't serve its site.
    pub fn of(person: &Person, case: &Waiting<'_>) -> Option<Self> {
        let skills = &person.skills;
        if !skills.sites.is_empty() && !skills.sites.contains(case.site) {
            return None;
        }
        let steps = case.steps();
        let needed = case.route.languages.first();
        let level = needed.map_or(Some(1), |language| person.level(language));
        let topics: Vec<&String> = case
            .route
            .skills
            .iter()
            .filter(|topic| skills.topics.contains(*topic))
            .collect();
        let knows = case.route.skills.is_empty() || skills.topics.is_empty() || !topics.is_empty();
        let may = case.route.authority.iter().all(|may| skills.may(may));
        let known = skills.are_set();
        let previous = case.previous == Some(person.card.id);
        let belongs = |to: RouteTo| match to {
            _ if previous || !known => true,
            RouteTo::LanguageAndTopic => level.is_some() && knows && may,
            RouteTo::Language => level.is_some(),
            RouteTo::Anyone => !skills.supervisor,
            RouteTo::Supervisor => skills.supervisor,
        };
        let step = steps.iter().position(|step| belongs(step.to))?;

        let mut because = Vec::new();
        if previous {
            because.push(Because::SameVisit);
        }
        if let Some(language) = needed.filter(|_| level.is_some()) {
            because.push(Because::Language {
                language: language.clone(),
                level: level.filter(|_| known),
            });
        }
        because.extend(topics.iter().map(|topic| Because::Topic {
            topic: (*topic).clone(),
        }));
        let held = case.route.authority.iter().filter(|may| skills.may(may));
        because.extend(held.map(|may| Because::Authority {
            authority: may.clone(),
        }));
        if skills.supervisor {
            because.push(Because::Supervisor);
        } else if !known {
            because.push(Because::Everything);
        } else if because.is_empty() {
            because.push(Because::NobodyElse);
        }
        Some(Self {
            step,
            to: steps[step].to,
            because,
            level: level.unwrap_or(0),
            topics: topics.len(),
            previous,
            known,
        })
    }

    /// Whether a case is kept for them: whose skills nobody set would only hold others up.
    pub(super) fn is_known(&self) -> bool {
        self.known || self.previous
    }

    /// The best fit goes first; among equals, who has been free the longest.
    pub(super) fn order(&self, person: &Person) -> impl Ord + use<> {
        let key: (bool, usize, Reverse<u8>, Reverse<usize>, UnixMs, OperatorId) = (
            !self.previous,
            self.step,
            Reverse(self.level),
            Reverse(self.topics),
            person.idle_since,
            person.card.id,
        );
        key
    }
}

impl Person {
    /// How well they speak a language; absent when they don't.
    pub(super) fn level(&self, language: &Lang) -> Option<u8> {
        let same = |other: &Lang| other.primary() == language.primary();
        if self.skills.levels.is_empty() {
            return self.card.languages.iter().any(same).then_some(3);
        }
        let levels = self.skills.levels.iter();
        levels
            .filter(|(other, _)| same(other))
            .map(|(_, level)| *level)
            .max()
    }
}
