//! To whom a case is offered that its operator passes on.

use std::collections::{BTreeMap, BTreeSet};

use madoguchi_shared::ids::OperatorId;
use madoguchi_shared::operator::{Because, Offer};
use madoguchi_shared::transfer::{Transfer, TransferTo};

use super::Person;

/// How long a colleague has to accept, or to come to talk first.
pub const TRANSFER_MS: i64 = 60_000;

/// How long the two may talk before the case stays where it is.
pub const TALK_MS: i64 = 10 * 60_000;

/// To whom of `people` it is offered now: who can, is on duty and free, and hasn't `declined`. The
/// first who accepts has it, or comes to talk first; from then on it is that one's alone.
pub fn passed_on(
    transfer: &Transfer,
    site: &str,
    people: &[Person],
    declined: &BTreeSet<OperatorId>,
) -> BTreeMap<OperatorId, Offer> {
    let offers = people.iter().filter_map(|person| {
        let id = person.card.id;
        let meant = match &transfer.talk {
            Some(talk) => talk.with.id == id,
            None => person.on_duty && !person.busy && id != transfer.from.id,
        };
        if !meant || declined.contains(&id) {
            return None;
        }
        let mut because = vec![Because::PassedOn {
            by: transfer.from.name.clone(),
        }];
        match &transfer.talk {
            Some(_) => {}
            None => because.extend(person.can(&transfer.to, site)?),
        }
        let offer = Offer {
            step: None,
            because,
            free: true,
            reserved: None,
        };
        Some((id, offer))
    });
    offers.collect()
}

impl Person {
    /// Why somebody is meant; absent when they aren't.
    fn can(&self, to: &TransferTo, site: &str) -> Option<Vec<Because>> {
        let skills = &self.skills;
        let (language, topic, authority, supervisors) = match to {
            TransferTo::Colleague { operator } => {
                return (*operator == self.card.id).then(Vec::new);
            }
            TransferTo::Group {
                language,
                topic,
                authority,
                supervisors,
            } => (language, topic, authority, *supervisors),
        };
        if !skills.sites.is_empty() && !skills.sites.contains(site) {
            return None;
        }
        let mut because = Vec::new();
        if let Some(language) = language {
            let level = self.level(language)?;
            because.push(Because::Language {
                language: language.clone(),
                level: skills.are_set().then_some(level),
            });
        }
        if let Some(topic) = topic {
            if !skills.topics.is_empty() && !skills.topics.contains(topic) {
                return None;
            }
            because.push(Because::Topic {
                topic: topic.clone(),
            });
        }
        if let Some(authority) = authority {
            if !skills.may(authority) {
                return None;
            }
            because.push(Because::Authority {
                authority: authority.clone(),
            });
        }
        if supervisors {
            if !skills.supervisor {
                return None;
            }
            because.push(Because::Supervisor);
        }
        Some(because)
    }
}
