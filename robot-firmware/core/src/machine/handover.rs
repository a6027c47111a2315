//! Passing the torch and taking the visitor back.

use std::time::Duration;

use madoguchi_shared::ids::CaseId;
use madoguchi_shared::link::Failure;
use madoguchi_shared::packet::{CaseState, Owner, ReasonCode};

use super::Machine;
use crate::case::{Case, Deserted, Part, Trigger, WaitingLine};
use crate::lines::AgentLine;
use crate::output::{Milestone, Output};
use crate::pack::Phrase;
use crate::time::Now;
use crate::visit::{MediaState, Phase};

/// An operator's page that is loaded anew, or a console that restarts, is back within this time.
const BACK_WITHIN: Duration = Duration::from_secs(6);

impl Machine {
    pub(super) fn pressed_person(&mut self, now: Now) {
        self.onsite_left(now);
        self.begin_visit(None, now);
        self.keep_what_was_asked(now);
        let trigger = Trigger::new(
            ReasonCode::AskedForPerson,
            "button",
            1.0,
            "pressed “talk to a person” on the screen".to_owned(),
        );
        self.escalate(trigger, now);
    }

    /// Opens a case; the sentence to the resident and the request to the console come from here.
    pub(super) fn escalate(&mut self, trigger: Trigger, now: Now) {
        if !self.is_together() {
            self.escalate_after(Vec::new(), trigger, now);
        }
    }

    /// The same after what is to be said first.
    pub(super) fn escalate_after(&mut self, mut lines: Vec<AgentLine>, trigger: Trigger, now: Now) {
        if self.is_together() {
            return self.left_to_operator(lines, &trigger, now);
        }
        let console_by =
            (!self.abilities.console).then(|| now.after(self.settings.patience.console));
        let give_up_at = now.after(self.settings.patience.operator);
        let Some(case) = self.new_case(trigger, now) else {
            return;
        };
        let (id, code) = (case.id, case.reason.code);
        if let Some(visit) = &mut self.visit {
            visit.phase = Phase::Waiting {
                case,
                give_up_at,
                console_by,
            };
        }
        self.milestone(Milestone::Escalated(id, code));
        self.send_case_by_urgency();
        self.read_by_people();
        let told = match self.abilities.console {
            true => Phrase::Transferring,
            false => Phrase::ConsoleUnreachable,
        };
        lines.push(AgentLine::Phrase(told));
        self.say_all(lines, now);
    }

    /// The case of a visitor whom the agent serves, whose matter rests from now on.
    pub(super) fn new_case(&mut self, trigger: Trigger, now: Now) -> Option<Case> {
        let visit = self.visit.as_mut()?;
        if !matches!(visit.phase, Phase::Agent) {
            return None;
        }
        self.trouble = None;
        visit.awaiting_vectors.clear();
        visit.offered_topics.clear();
        visit.follow_ups.clear();
        self.leave_flows();
        self.visit.as_mut()?.nobody = None;
        let expires_at = now.wall_after(self.settings.patience.operator);
        let id = CaseId(self.ids.next(now.wall));
        Some(Case::new(id, trigger, now.wall, expires_at))
    }

    /// What was said is read by people from now on, in their language.
    pub(super) fn read_by_people(&mut self) {
        let Some(visit) = &mut self.visit else { return };
        visit.mood.is_spent();
        let turns: Vec<u32> = visit.lines.iter().map(|line| line.turn.number).collect();
        for turn in turns {
            self.translate_turn(turn);
        }
    }

    /// Sends the whole packet with a new revision.
    pub(super) fn send_case(&mut self) {
        let robot = self.condition();
        let Some(visit) = &mut self.visit else { return };
        let distress = visit.mood.level();
        if let Some(case) = visit.case_mut() {
            case.next_revision();
            case.note_distress(distress);
        }
        if let Some(case) = visit.case() {
            let packet = case.packet(visit, &self.pack, &self.settings, robot);
            self.emit(Output::SendCase(Box::new(packet)));
        }
    }

    /// Sends a new case in three parts, each a packet of its own: on a slow line operators see why
    /// and whom it needs before its conversation has come through.
    fn send_case_by_urgency(&mut self) {
        let robot = self.condition();
        for part in [Part::Route, Part::Summary] {
            let Some(visit) = &mut self.visit else { return };
            if let Some(case) = visit.case_mut() {
                case.next_revision();
            }
            if let Some(case) = visit.case() {
                let packet = case.packet(visit, &self.pack, &self.settings, robot.clone());
                self.emit(Output::SendCase(Box::new(part.of(packet))));
            }
        }
        self.send_case();
    }

    /// Sends a new line of an open case.
    pub(super) fn send_turn(&mut self, number: u32) {
        let Some(visit) = &mut self.visit else { return };
        let Some(turn) = visit.line(number).map(|line| line.turn.clone()) else {
            return;
        };
        let Some(case) = visit.case_mut() else {
            return self.send_watched(vec![turn]);
        };
        let (case_id, revision) = (case.id, case.next_revision());
        self.emit(Output::SendTurn {
            case_id,
            revision,
            turn,
        });
    }

    pub(super) fn move_case(&mut self, state: CaseState, failure: Option<Failure>) {
        let Some(case) = self.visit.as_mut().and_then(|visit| visit.case_mut()) else {
            return;
        };
        if case.state == state && failure.is_none() {
            return;
        }
        case.state = state;
        case.failure = case.failure.or(failure);
        let (case_id, revision, owner) = (case.id, case.revision, case.owner());
        self.emit(Output::SendProgress {
            case_id,
            revision: Some(revision),
            state,
            owner,
            failure,
        });
        self.milestone(Milestone::CaseMoved(state, owner));
        if let Some(failure) = failure {
            self.milestone(Milestone::CaseFailed(failure));
        }
    }

    /// Ends the case on this side; the conversation is the agent's again.
    pub(super) fn close_case(&mut self, failure: Option<Failure>) {
        if self
            .visit
            .as_ref()
            .is_none_or(|visit| visit.case().is_none())
        {
            return;
        }
        if matches!(
            self.visit.as_ref().map(|v| &v.phase),
            Some(Phase::Operator { .. })
        ) {
            self.emit(Output::EndCall);
            // Words still being recognised were meant for the operator.
            self.over = self.last_utterance;
            self.voice.forget();
        }
        if self.is_onsite() {
            self.staff.lock();
        }
        self.move_case(CaseState::Closed, failure);
        self.send_case();
        if let Some(visit) = &mut self.visit {
            visit.phase = Phase::Agent;
            visit.failed_answers = 0;
        }
    }

    pub(super) fn fail_case(&mut self, failure: Failure, phrase: Phrase, now: Now) {
        self.close_case(Some(failure));
        self.begin_visit(None, now);
        self.trouble = Some(phrase);
        self.say(&AgentLine::Phrase(phrase), now);
    }

    pub(super) fn console_unreachable(&mut self, now: Now) {
        self.offer_ways();
        self.fail_case(Failure::ConsoleUnreachable, Phrase::ConsoleUnreachable, now);
    }

    pub(super) fn no_one_in_time(&mut self, now: Now) {
        if self.waits_for_somebody() {
            return self.offer_ways_while_waiting(now);
        }
        self.offer_ways_once();
        let seen = self
            .visit
            .as_ref()
            .and_then(|v| v.case())
            .and_then(|case| case.operators);
        let failure = if seen == Some(0) {
            Failure::NobodyOnDuty
        } else {
            Failure::NoOneInTime
        };
        self.fail_case(failure, Phrase::NobodyNow, now);
    }

    pub(super) fn stop_waiting(&mut self, now: Now) {
        if matches!(
            self.visit.as_ref().map(|v| &v.phase),
            Some(Phase::Waiting { .. })
        ) {
            self.close_case(Some(Failure::ResidentLeft));
            self.begin_visit(None, now);
            self.stop_saying();
            self.forget_what_was_cut_off();
            self.say(&AgentLine::Phrase(Phrase::AnythingElse), now);
        }
    }

    pub(super) fn resident_left(&mut self) {
        self.close_case(Some(Failure::ResidentLeft));
    }

    pub(super) fn console_up(&mut self) {
        self.abilities.console = true;
        if let Some(Phase::Waiting { console_by, .. }) = self.visit.as_mut().map(|v| &mut v.phase) {
            *console_by = None;
        }
    }

    pub(super) fn console_down(&mut self, now: Now) {
        self.end_lease();
        self.staff.forget_link();
        self.abilities.console = false;
        self.watch_ends();
        let by = now.after(self.settings.patience.console);
        let back_by = now.after(self.settings.patience.operator_return);
        match self.visit.as_mut().map(|visit| &mut visit.phase) {
            Some(Phase::Waiting { console_by, .. }) => *console_by = console_by.or(Some(by)),
            // A call that stands goes on without the console; one in words only can't, and nobody
            // could take a visitor up again who is on hold.
            Some(Phase::Operator {
                media,
                away_until,
                aside,
                ..
            }) if media.state == MediaState::GivenUp || aside.hold.is_some() => {
                *away_until = away_until.or(Some(back_by));
            }
            _ => {}
        }
    }

    pub(super) fn offered(
        &mut self,
        case_id: CaseId,
        operators: u32,
        (place, expected_s): (u32, Option<u32>),
        now: Now,
    ) {
        let Some(case) = self.open_case(case_id) else {
            return self.disown(case_id, Some(Failure::RobotFault));
        };
        if case.onsite {
            // The console hasn't heard that staff in the room have it.
            return;
        }
        case.operators = Some(operators);
        case.line = (place > 0 && operators > 0).then(|| WaitingLine::new(place, expected_s, now));
        case.deserted = match case.deserted {
            _ if operators > 0 => Deserted::No,
            Deserted::No => Deserted::ToldAt(now.after(BACK_WITHIN)),
            known => known,
        };
        if case.state == CaseState::Requested {
            self.move_case(CaseState::Offered, None);
        }
        self.wait_again(now);
    }

    /// There is a minute less to tell of the wait.
    pub(super) fn wait_shorter(&mut self) {
        let case = self.visit.as_mut().and_then(|visit| visit.case_mut());
        if let Some(line) = case.and_then(|case| case.line.as_mut()) {
            line.shorten();
        }
    }

    /// The console holds a case that is over here, or that an earlier life of this robot opened:
    /// both ends must agree.
    pub(super) fn disown(&mut self, case_id: CaseId, failure: Option<Failure>) {
        self.emit(Output::SendProgress {
            case_id,
            revision: None,
            state: CaseState::Closed,
            owner: Owner::Agent,
            failure,
        });
    }

    /// The open case, if it is the one that is meant.
    pub(super) fn open_case(&mut self, case_id: CaseId) -> Option<&mut Case> {
        self.visit
            .as_mut()?
            .case_mut()
            .filter(|case| case.id == case_id)
    }
}
