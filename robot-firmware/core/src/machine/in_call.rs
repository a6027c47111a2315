//! What the operator of a call does besides talking: hold, and asking a colleague to take over.

use std::time::Duration;

use madoguchi_shared::ids::CaseId;
use madoguchi_shared::link::{Asked, Failure};
use madoguchi_shared::packet::CaseState;
use madoguchi_shared::transfer::{Hold, LONGEST_HOLD_MIN};

use super::Machine;
use crate::lines::AgentLine;
use crate::output::Output;
use crate::pack::Phrase;
use crate::time::Now;
use crate::visit::{Held, MediaState, Phase};

impl Machine {
    /// Takes how the conversation stands at the console.
    pub(super) fn in_call(
        &mut self,
        case_id: CaseId,
        hold: Option<Hold>,
        asked: Option<Asked>,
        now: Now,
    ) {
        if self.open_case(case_id).is_none() {
            return self.disown(case_id, Some(Failure::RobotFault));
        }
        let Some(Phase::Operator { aside, .. }) = self.visit.as_mut().map(|v| &mut v.phase) else {
            return;
        };
        let before = aside.hold;
        aside.hold = hold.map(|hold| {
            let minutes = hold.minutes.clamp(1, LONGEST_HOLD_MIN);
            before
                .filter(|before| before.minutes == minutes)
                .unwrap_or(Held {
                    minutes,
                    long_at: now.after(minutes_long(minutes)),
                    is_long: false,
                })
        });
        let holds = aside.hold.is_some() && before.is_none();
        let lifts = aside.hold.is_none() && before.is_some();
        let asks = asked.is_some() && aside.asked != asked;
        aside.asked = asked;
        if holds || lifts {
            self.withdraw_still();
            self.emit(Output::Hold { on: holds });
            // What is said in a hold is meant for nobody.
            self.over = self.last_utterance;
            self.voice.forget();
            self.hearing = None;
            self.recognising = None;
            self.stop_saying();
        }
        self.settle_call(None);
        if holds {
            self.say(&AgentLine::Phrase(Phrase::OnHold), now);
        } else if asks && let Some(phrase) = self.asked_phrase() {
            self.say(&AgentLine::Phrase(phrase), now);
        }
    }

    /// How far asking a colleague is, as the visitor is told it.
    fn asked_phrase(&self) -> Option<Phrase> {
        match &self.visit.as_ref()?.phase {
            Phase::Operator { aside, .. } => aside.asked_phrase(),
            _ => None,
        }
    }

    pub(super) fn hold_takes_long(&mut self, now: Now) {
        if let Some(Phase::Operator { aside, .. }) = self.visit.as_mut().map(|v| &mut v.phase)
            && let Some(hold) = &mut aside.hold
        {
            hold.is_long = true;
            hold.long_at = now.after(minutes_long(hold.minutes));
            self.say(&AgentLine::Phrase(Phrase::HoldLonger), now);
        }
    }

    pub(super) fn is_on_hold(&self) -> bool {
        let phase = self.visit.as_ref().map(|visit| &visit.phase);
        matches!(phase, Some(Phase::Operator { aside, .. }) if aside.hold.is_some())
    }

    /// Moves the case of a call to where it stands.
    pub(super) fn settle_call(&mut self, failure: Option<Failure>) {
        let Some(Phase::Operator { media, aside, .. }) = self.visit.as_ref().map(|v| &v.phase)
        else {
            return;
        };
        let state = match media.state {
            MediaState::SettingUp { .. } => CaseState::Connecting,
            _ if aside.asked.is_some() => CaseState::Transferring,
            _ if aside.hold.is_some() => CaseState::Hold,
            _ => CaseState::Live,
        };
        self.move_case(state, failure);
    }
}

fn minutes_long(minutes: u32) -> Duration {
    Duration::from_secs(u64::from(minutes) * 60)
}
