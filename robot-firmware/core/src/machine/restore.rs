//! Going on with a case in which the robot was interrupted.

use madoguchi_shared::packet::{CaseState, Channel, Owner, Packet, Speaker, Turn};
use madoguchi_shared::screen::{Caption, Original};

use super::Machine;
use crate::case::{Case, Deserted};
use crate::lines::AgentLine;
use crate::output::Milestone;
use crate::pack::Phrase;
use crate::time::Now;
use crate::visit::{Line, Phase, Visit, is_recognised};

impl Machine {
    /// The visitor waits on where the robot was interrupted; whether somebody holds the case is
    /// the console's to say.
    pub(super) fn restored(&mut self, packet: Packet, now: Now) {
        let first = packet.transcript.first().map_or(1, |turn| turn.number);
        let whole = (first..)
            .zip(&packet.transcript)
            .all(|(at, turn)| turn.number == at);
        if self.visit.is_some() || packet.state == CaseState::Closed || !whole {
            return;
        }
        let languages = packet.resident.languages.first();
        let language = languages.unwrap_or(self.pack.default_language()).clone();
        let idle = self.settings.patience.visit_idle;
        let mut visit = Visit::new(packet.visit_id, language, idle, now);
        visit.language_settled = true;
        visit.answered = packet.route.skills;
        visit.facts = packet.facts;
        visit.redacted = packet.resident.redacted;
        visit.consents = packet.resident.consent;
        visit.actions = packet.actions;
        visit.policy_flags = packet.policy_flags;
        visit.lines = packet.transcript.into_iter().map(Line::of).collect();
        let operator_lines = visit.lines.iter().map(|line| &line.turn);
        visit.operator_messages =
            (1..)
                .zip(operator_lines.filter(|turn| {
                    turn.speaker == Speaker::Operator && turn.channel == Channel::Typed
                }))
                .map(|(message, turn)| (turn.number, message))
                .collect();
        let onsite = packet.owner == Owner::Onsite && packet.state == CaseState::Accepted;
        let case = Case {
            id: packet.case_id,
            reason: packet.reason,
            opened_at: packet.opened_at,
            state: match packet.state {
                CaseState::Requested => CaseState::Requested,
                CaseState::Accepted if onsite => CaseState::Accepted,
                _ => CaseState::Offered,
            },
            failure: packet.failure,
            onsite,
            returned: None,
            revision: packet.revision,
            operators: None,
            line: None,
            deserted: Deserted::default(),
            last_message: 0,
            expires_at: now.wall_after(self.settings.patience.operator),
            distress: packet.resident.distress,
            distress_trend: packet.resident.distress_trend,
        };
        let console_by =
            (!self.abilities.console).then(|| now.after(self.settings.patience.console));
        visit.phase = match onsite {
            true => Phase::Onsite {
                case,
                until: now.after(self.settings.patience.onsite),
            },
            false => Phase::Waiting {
                case,
                give_up_at: now.after(self.settings.patience.operator),
                console_by,
            },
        };
        // An operator's page takes a session with a higher number than the last one it knew.
        let seconds = u32::try_from(now.wall.0 / 1_000).unwrap_or(u32::MAX);
        self.next_session = self.next_session.max(seconds);
        self.visit = Some(visit);
        self.milestone(Milestone::VisitRestored);
        self.send_case();
        let told = if onsite {
            Phrase::StaffHere
        } else {
            Phrase::Waiting
        };
        self.say(&AgentLine::Phrase(told), now);
    }
}

impl Line {
    /// A line as it was shown: an operator's words in the language in which they were.
    fn of(turn: Turn) -> Self {
        let translated = turn.translation.as_ref().filter(|own| {
            turn.speaker == Speaker::Operator && turn.shown == Some(own.language.clone())
        });
        let (text, language) = match translated {
            Some(own) => (own.text.clone(), Some(own.language.clone())),
            None => (turn.text.clone(), turn.language.clone()),
        };
        let original = translated
            .and(turn.language.clone())
            .map(|language| Original {
                language,
                text: turn.text.clone(),
            });
        let caption = Caption {
            number: turn.number,
            speaker: turn.speaker,
            said_by: turn.said_by.clone(),
            text,
            language,
            original,
            detail: None,
            attachments: Vec::new(),
            untranslated: false,
            recognised: is_recognised(turn.speaker, turn.channel),
            partial: false,
            sounding: None,
        };
        Self { turn, caption }
    }
}
