//! The call with an operator: its media session, an operator who goes, and its end.

use madoguchi_shared::ids::CaseId;
use madoguchi_shared::link::Failure;
use madoguchi_shared::packet::{CaseState, OperatorCard, ReturnPacket};

use super::Machine;
use crate::input::MediaEvent;
use crate::lines::AgentLine;
use crate::output::Output;
use crate::pack::Phrase;
use crate::time::Now;
use crate::visit::{Aside, Media, MediaState, Phase};

/// A media session is offered this often before words must do.
const MEDIA_ATTEMPTS: u32 = 3;

impl Machine {
    pub(super) fn accepted(
        &mut self,
        case_id: CaseId,
        operator: OperatorCard,
        call: Option<u32>,
        now: Now,
    ) {
        if self.open_case(case_id).is_none() {
            return self.disown(case_id, Some(Failure::RobotFault));
        }
        if self.is_onsite() {
            // The console hasn't heard that staff in the room have it.
            return;
        }
        if let Some(Phase::Operator {
            operator: holder,
            call: known,
            media,
            away_until,
            aside,
            ..
        }) = self.visit.as_mut().map(|v| &mut v.phase)
        {
            if holder.id != operator.id {
                **aside = Aside::default();
            } else if call.is_none() {
                return;
            } else if *known == call && media.stands() {
                *away_until = None;
                return self.begin_showing(case_id);
            }
        }
        let by = now.after(self.settings.patience.media_setup);
        let session = self.next_session;
        self.next_session += 1;
        let media = Media {
            session,
            attempts: 1,
            state: MediaState::SettingUp { by },
        };
        let Some(visit) = &mut self.visit else { return };
        visit.nobody = None;
        let (mut case, aside, before) = match std::mem::replace(&mut visit.phase, Phase::Agent) {
            Phase::Waiting { case, .. } => (case, Box::default(), None),
            Phase::Operator {
                case,
                operator,
                aside,
                ..
            } => (case, aside, Some(operator.id)),
            other => {
                visit.phase = other;
                return;
            }
        };
        // Every call counts its messages anew: its page may be on another machine.
        case.last_message = 0;
        let takes_over = before.is_some_and(|before| before != operator.id);
        visit.phase = Phase::Operator {
            case,
            operator,
            call,
            media,
            away_until: None,
            aside,
        };
        self.end_lease();
        self.stop_saying();
        self.settle_call(None);
        self.start_call(case_id, session);
        self.begin_showing(case_id);
        if before.is_none() || takes_over {
            self.begin_voice();
        }
        if takes_over {
            self.say(&AgentLine::Phrase(Phrase::ColleagueComing), now);
        }
    }

    fn start_call(&mut self, case_id: CaseId, session: u32) {
        self.emit(Output::StartCall { case_id, session });
        if self.is_on_hold() {
            self.emit(Output::Hold { on: true });
        }
    }

    pub(super) fn media(&mut self, session: u32, event: MediaEvent, now: Now) {
        let Some(Phase::Operator { media, .. }) = self.visit.as_mut().map(|v| &mut v.phase) else {
            return;
        };
        if media.session != session || media.state == MediaState::GivenUp {
            return;
        }
        match event {
            MediaEvent::Connected | MediaEvent::OperatorVisible | MediaEvent::Resumed => {
                media.state = MediaState::Flowing;
                media.attempts = 1;
                self.settle_call(None);
            }
            MediaEvent::Interrupted if media.state == MediaState::Flowing => {
                media.state = MediaState::Interrupted;
            }
            MediaEvent::Interrupted => {}
            MediaEvent::Failed => self.media_failed(now),
            MediaEvent::Untrusted => {
                media.state = MediaState::GivenUp;
                self.emit(Output::EndCall);
                self.settle_call(Some(Failure::Untrusted));
            }
        }
    }

    /// Offers the session again, and after [`MEDIA_ATTEMPTS`] goes on in words.
    pub(super) fn media_failed(&mut self, now: Now) {
        let by = now.after(self.settings.patience.media_setup);
        let session = self.next_session;
        let Some(Phase::Operator {
            media,
            case,
            away_until,
            ..
        }) = self.visit.as_mut().map(|v| &mut v.phase)
        else {
            return;
        };
        if away_until.is_some() {
            // Nobody is there to answer; whoever comes back gets a new session.
            media.state = MediaState::GivenUp;
            return self.emit(Output::EndCall);
        }
        if media.attempts >= MEDIA_ATTEMPTS {
            media.state = MediaState::GivenUp;
            self.emit(Output::EndCall);
            if !self.abilities.console {
                return self.operator_lost(now);
            }
            return self.settle_call(Some(Failure::MediaFailed));
        }
        *media = Media {
            session,
            attempts: media.attempts + 1,
            state: MediaState::SettingUp { by },
        };
        let case_id = case.id;
        self.next_session += 1;
        self.start_call(case_id, session);
    }

    pub(super) fn operator_away(&mut self, case_id: CaseId, now: Now) {
        let until = now.after(self.settings.patience.operator_return);
        if self.open_case(case_id).is_some()
            && let Some(Phase::Operator { away_until, .. }) =
                self.visit.as_mut().map(|v| &mut v.phase)
        {
            *away_until = Some(until);
            self.end_lease();
        }
    }

    pub(super) fn operator_lost(&mut self, now: Now) {
        self.fail_case(Failure::OperatorLeft, Phrase::OperatorLost, now);
    }

    /// The operator has signed out in the call, or staff in the room have left: the visitor waits for
    /// the next one.
    pub(super) fn wait_again(&mut self, now: Now) {
        let give_up_at = now.after(self.settings.patience.operator);
        let expires_at = now.wall_after(self.settings.patience.operator);
        let was_in_call = !self.is_onsite();
        let Some(visit) = &mut self.visit else { return };
        visit.phase = match std::mem::replace(&mut visit.phase, Phase::Agent) {
            Phase::Operator { mut case, .. } | Phase::Onsite { mut case, .. } => {
                case.expires_at = expires_at;
                // The next operator's page counts its messages anew.
                case.last_message = 0;
                Phase::Waiting {
                    case,
                    give_up_at,
                    console_by: None,
                }
            }
            other => {
                visit.phase = other;
                return;
            }
        };
        if was_in_call {
            self.emit(Output::EndCall);
        }
        self.over = self.last_utterance;
        self.voice.forget();
        self.move_case(CaseState::Offered, None);
        self.say(&AgentLine::Phrase(Phrase::PersonDeclined), now);
    }

    pub(super) fn operator_ended(&mut self, case_id: CaseId, back: &ReturnPacket, now: Now) {
        if self.open_case(case_id).is_none() {
            // Sent again after a reconnect: say once more that it is closed.
            return self.disown(case_id, None);
        }
        match self.is_onsite() {
            true => self.onsite_goes_on(now),
            false => self.give_back(case_id, back, now),
        }
    }
}
