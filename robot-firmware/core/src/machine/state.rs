//! What the machine knows of itself.

use jiff::civil::Date;
use madoguchi_shared::ids::CaseId;
use madoguchi_shared::packet::RobotCondition;

use super::{Abilities, Machine, Settings};
use crate::escalation::Watch;
use crate::pack::{Pack, Phrase};
use crate::visit::Visit;

impl Machine {
    /// The robot's condition, for the console.
    pub fn condition(&self) -> RobotCondition {
        RobotCondition {
            site: self.settings.site.clone(),
            place: self.settings.place.clone(),
            battery: None,
            camera: self.abilities.camera,
            microphone: self.abilities.microphone,
            recogniser: self.abilities.recogniser,
            motion: self.settings.motion,
            resident_gone: self.has_gone(),
            estop: self.emergency_stop,
            lease: self.driver(),
            link_rtt_ms: None,
        }
    }

    /// The open case.
    pub fn open_case_id(&self) -> Option<CaseId> {
        self.visit.as_ref()?.case().map(|case| case.id)
    }

    pub(crate) fn pack(&self) -> &Pack {
        &self.pack
    }

    pub(crate) fn watch(&self) -> &Watch {
        &self.watch
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) fn visit(&self) -> Option<&Visit> {
        self.visit.as_ref()
    }

    pub(crate) fn abilities(&self) -> Abilities {
        self.abilities
    }

    pub(crate) fn today(&self) -> Date {
        self.today
    }

    pub(crate) fn told_trouble(&self) -> Option<Phrase> {
        self.trouble
    }

    pub(crate) fn is_renewing(&self) -> bool {
        self.renewing
    }

    pub(crate) fn is_speaking(&self) -> bool {
        self.saying.is_some()
    }

    pub(crate) fn is_hearing(&self) -> bool {
        self.hearing.is_some()
    }

    pub(crate) fn is_thinking(&self) -> bool {
        self.recognising.is_some()
            || self.is_calling()
            || self
                .visit
                .as_ref()
                .is_some_and(|visit| !visit.awaiting_vectors.is_empty())
    }

    pub(super) fn is_busy(&self) -> bool {
        self.is_speaking() || self.is_hearing() || self.is_thinking() || self.is_changing()
    }
}
