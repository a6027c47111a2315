//! Phones of staff in the room: links that open one case once, and those that were opened.
//!
//! Links and passes are kept by their hashes and in memory only: a restart of the console ends
//! them, and the robot gives another one.

use std::collections::BTreeMap;

use madoguchi_shared::ids::{CaseId, RobotId, UnixMs};
use madoguchi_shared::link::ConsoleToRobot;
use madoguchi_shared::onsite::{ConsoleToPhone, LINK_LIFE_MS, OnsiteAct, PASS_LIFE_MS};
use madoguchi_shared::packet::Packet;

use super::{Board, ConnectionId, Effect};
use crate::secret::{sha256_hex, token};

/// Links and phones.
#[derive(Debug, Default)]
pub(super) struct Phones {
    /// The newest link of each case that nobody has opened yet.
    links: BTreeMap<CaseId, Secret>,
    /// Phones that were opened.
    passes: Vec<(CaseId, Secret)>,
    /// Those that are connected.
    here: BTreeMap<ConnectionId, (CaseId, UnixMs)>,
}

#[derive(Debug)]
struct Secret {
    hash: String,
    until: UnixMs,
}

impl Secret {
    fn new(text: &str, now: UnixMs, life_ms: u64) -> Self {
        let life_ms = i64::try_from(life_ms).unwrap_or(i64::MAX);
        Self {
            hash: sha256_hex(text),
            until: UnixMs(now.0.saturating_add(life_ms)),
        }
    }

    fn is(&self, hash: &str, now: UnixMs) -> bool {
        self.hash == hash && now < self.until
    }
}

impl Board {
    /// A robot's staff want a link to a case that is open there; a newer one ends an older one.
    pub fn staff_link(&mut self, robot: RobotId, id: CaseId) -> Vec<Effect> {
        let own = self.cases.get(&id);
        let own = own.is_some_and(|case| case.record.entry.robot_id == robot);
        let Some((_, link)) = self.case_and_link(id).filter(|_| own) else {
            return Vec::new();
        };
        let text = token();
        let secret = Secret::new(&text, self.now, LINK_LIFE_MS);
        let until = secret.until;
        self.phones.links.insert(id, secret);
        let message = ConsoleToRobot::StaffLink {
            case_id: id,
            token: text,
            until,
        };
        vec![Effect::Robot(link, message)]
    }

    /// What the phone of a link comes back by. The link is used up.
    pub fn open_link(&mut self, text: &str) -> Option<String> {
        let (hash, now) = (sha256_hex(text), self.now);
        let links = &mut self.phones.links;
        let id = *links.iter().find(|(_, link)| link.is(&hash, now))?.0;
        links.remove(&id);
        let pass = token();
        let secret = Secret::new(&pass, now, PASS_LIFE_MS);
        self.phones.passes.retain(|(_, pass)| now < pass.until);
        self.phones.passes.push((id, secret));
        Some(pass)
    }

    /// A phone is here, by its pass; the case that it has.
    pub fn phone_joined(&mut self, phone: ConnectionId, pass: &str) -> Option<CaseId> {
        let (hash, now) = (sha256_hex(pass), self.now);
        let passes = &self.phones.passes;
        let (id, pass) = passes.iter().find(|(_, pass)| pass.is(&hash, now))?;
        if !self.cases.contains_key(id) {
            return None;
        }
        self.phones.here.insert(phone, (*id, pass.until));
        Some(*id)
    }

    /// A phone went away.
    pub fn phone_left(&mut self, phone: ConnectionId) {
        self.phones.here.remove(&phone);
    }

    /// Whether a phone's pass still holds.
    pub fn phone_may_stay(&self, phone: ConnectionId) -> bool {
        let here = self.phones.here.get(&phone);
        here.is_some_and(|(_, until)| self.now < *until)
    }

    /// What is done on a phone is the robot's to do.
    pub fn phone_does(&self, phone: ConnectionId, what: OnsiteAct) -> Vec<Effect> {
        let Some((id, _)) = self.phones.here.get(&phone) else {
            return Vec::new();
        };
        match self.case_and_link(*id) {
            Some((_, link)) => {
                let case_id = *id;
                vec![Effect::Robot(
                    link,
                    ConsoleToRobot::Onsite { case_id, what },
                )]
            }
            None => vec![Effect::Phones(vec![phone], ConsoleToPhone::RobotAway)],
        }
    }

    /// Whether a phone has this case.
    pub fn has_phones(&self, id: CaseId) -> bool {
        self.phones.here.values().any(|(case, _)| *case == id)
    }

    /// The case as it stands, to one phone or to all that have it.
    pub fn to_phones(&self, packet: Packet, only: Option<ConnectionId>) -> Effect {
        let id = packet.case_id;
        let message = ConsoleToPhone::Case {
            packet: Box::new(packet),
            online: self.case_and_link(id).is_some(),
        };
        let phones = self.phones_of(id);
        let wanted = |phone: &ConnectionId| only.is_none_or(|only| only == *phone);
        Effect::Phones(phones.into_iter().filter(wanted).collect(), message)
    }

    /// A case has ended: so have its links and passes.
    pub(super) fn end_phones(&mut self, id: CaseId) -> Vec<Effect> {
        self.phones.links.remove(&id);
        self.phones.passes.retain(|(case, _)| *case != id);
        let phones = self.phones_of(id);
        self.phones.here.retain(|_, (case, _)| *case != id);
        if phones.is_empty() {
            return Vec::new();
        }
        vec![Effect::Phones(phones, ConsoleToPhone::Over { ended: true })]
    }

    fn phones_of(&self, id: CaseId) -> Vec<ConnectionId> {
        let here = self.phones.here.iter();
        here.filter(|(_, (case, _))| *case == id)
            .map(|(phone, _)| *phone)
            .collect()
    }
}
