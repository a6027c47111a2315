//! What follows from a tool's answer, or from none.

use madoguchi_shared::packet::ReasonCode;
use serde_json::Value as Json;

use super::Machine;
use super::actions::arguments;
use super::taken::Taken;
use crate::case::Trigger;
use crate::lines::AgentLine;
use crate::output::Milestone;
use crate::pack::Phrase;
use crate::pack::action::{Action, Outcome};
use crate::pack::flow::Does;
use crate::pack::policy::Situation;
use crate::run::{Known, Run, State};
use crate::slot::Value;
use crate::time::Now;
use crate::tool::{Tier, ToolOutcome};
use crate::visit::{Phase, UnderWay, Wish};

impl Machine {
    /// Whether something is being changed that the robot still waits for.
    pub(super) fn is_changing(&self) -> bool {
        let mut calls = self.visit.iter().flat_map(|visit| &visit.under_way);
        calls.any(|call| call.tier > Tier::Read && call.by.is_some())
    }

    /// Keeps in mind what the visitor wants as soon as the change that is under way is done.
    pub(super) fn wish(&mut self, wish: Wish, now: Now) {
        if let Some(visit) = &mut self.visit {
            visit.wish = Some(wish);
        }
        self.say_all(vec![AgentLine::Phrase(Phrase::OneMoment)], now);
    }

    /// Asks the visitor for patience, once a call.
    pub(super) fn tool_slow(&mut self, now: Now) {
        if let Some(Run {
            state: State::Calling { slow_at, .. },
            ..
        }) = self.run_mut()
        {
            *slow_at = None;
            if self.is_together() {
                return;
            }
            self.say(&AgentLine::Phrase(Phrase::OneMoment), now);
        }
    }

    /// Gives up the calls that took too long. What they did may still be told later.
    pub(super) fn tool_lost(&mut self, now: Now) {
        let Some(visit) = &mut self.visit else { return };
        let mut lost = Vec::new();
        for call in &mut visit.under_way {
            if call.by.is_some_and(|by| by <= now.monotonic_ms) {
                lost.push(call.clone());
                call.by = None;
            }
        }
        for call in lost {
            self.answered_call(call, Vec::new(), &ToolOutcome::TooSlow, now);
        }
    }

    pub(super) fn tool_answered(&mut self, call: u64, answer: &ToolOutcome, now: Now) {
        self.tool_answered_after(Vec::new(), call, answer, now);
    }

    pub(super) fn tool_answered_after(
        &mut self,
        lines: Vec<AgentLine>,
        call: u64,
        answer: &ToolOutcome,
        now: Now,
    ) {
        let Some(visit) = &mut self.visit else { return };
        let calls = &mut visit.under_way;
        if let Some(index) = calls.iter().position(|own| own.call == call) {
            let call = calls.remove(index);
            self.answered_call(call, lines, answer, now);
        }
    }

    fn answered_call(
        &mut self,
        call: UnderWay,
        mut lines: Vec<AgentLine>,
        answer: &ToolOutcome,
        now: Now,
    ) {
        let Some(action) = self.pack.action(&call.action).cloned() else {
            return;
        };
        let together = self.is_together();
        let Some(visit) = &mut self.visit else { return };
        let taken = Taken::new(&action, call.tier, answer);
        let known = taken.known_in(call.run.clone());
        if let Some(record) = visit.actions.get_mut(call.record) {
            record.outcome = taken.words(answer);
            let undo = action.undo.as_ref();
            let undo = undo.filter(|_| taken.outcome == Outcome::Found);
            record.undo = undo.and_then(|undo| {
                let arguments = arguments(&undo.arguments, &known, None, true)?;
                Some(format!("{} {}", undo.tool, Json::Object(arguments)))
            });
        }
        let changes = call.tier > Tier::Read;
        let wish = visit.wish.take_if(|_| changes);
        let serves = matches!(visit.phase, Phase::Agent) || together;
        let waits =
            |run: &Run| matches!(run.state, State::Calling { call: own, .. } if own == call.call);
        let waits = serves && visit.runs.last().is_some_and(waits);
        self.milestone(Milestone::Acted(
            action.id.clone(),
            taken.outcome.key().to_owned(),
        ));
        if !serves {
            // Whoever has the visitor now must know what came of it.
            return self.send_case();
        }
        if together {
            self.send_case();
        }
        let found = taken.outcome == Outcome::Found;
        let said = action.say.get(&taken.outcome);
        let keep = action.keep.as_ref().filter(|_| found);
        let mut said = said.map(|texts| match keep {
            Some(keep) => AgentLine::Kept {
                said: known.fill(texts),
                keep: known.fill(keep),
            },
            None => AgentLine::Written(known.fill(texts)),
        });
        if changes && taken.may_have_acted(answer) {
            if call.by.is_some() {
                lines.extend(said);
                let detail = format!("nobody knows whether the action {} took place", action.id);
                let trigger = Trigger::new(ReasonCode::SystemFault, "action", 1.0, detail);
                self.escalate_after(lines, trigger, now);
            }
            return;
        }
        match wish {
            Some(Wish::Leave) => {
                lines.extend(said);
                return self.leave_after(lines, Phrase::Goodbye, now);
            }
            Some(Wish::Cancel) if waits => {
                self.leave_flows();
                let cancelled = AgentLine::Phrase(Phrase::FormCancelled);
                lines.extend(said.filter(|_| found).or(Some(cancelled)));
                return self.say_all(lines, now);
            }
            _ if !waits && changes => {
                lines.extend(said);
                return self.ask_again(lines, now);
            }
            _ if !waits => return,
            _ => {}
        }
        let Some(visit) = &mut self.visit else { return };
        let Some(run) = visit.runs.last_mut() else {
            return;
        };
        *run = taken.known_in(run.clone());
        run.consented = false;
        run.state = State::Asking;
        if changes && found {
            run.done = run.place + 1;
        }
        if found && action.verification.is_some() {
            visit.account_read = true;
            visit.idle = self.settings.patience.idle_after_call;
            visit.idle_at = now.after(visit.idle);
        }
        let step = run.step(&self.pack).map(|step| step.id.clone());
        let step = step.unwrap_or_default();
        let outcome = Known {
            value: Value::Text(taken.outcome.key().to_owned()),
            source: None,
            secret: false,
            place: run.place,
        };
        run.known.insert(step.clone(), outcome);
        let flow = run.flow.clone();
        let values = self.values();
        let situation = Situation {
            flow: Some(&flow),
            action: Some(&action.id),
            values: Some(&values),
            ..Situation::default()
        };
        if changes {
            lines.extend(said.take());
        }
        if found && self.decided_by_policy(situation, &lines, None, 1.0, now) {
            return;
        }
        lines.extend(said);
        self.follow(&action, taken.outcome, &step, lines, now);
    }

    /// Goes on after an action as the flow says.
    fn follow(
        &mut self,
        action: &Action,
        outcome: Outcome,
        step: &str,
        lines: Vec<AgentLine>,
        now: Now,
    ) {
        let pack = &self.pack;
        let Some(visit) = &mut self.visit else { return };
        let Some(run) = visit.runs.last_mut() else {
            return;
        };
        let Some(flow) = pack.flow(&run.flow) else {
            return;
        };
        let again = match run.step(pack).map(|step| &step.does) {
            Some(Does::Act {
                again_from: Some(from),
                ..
            }) => flow.place_of(from).filter(|place| *place >= run.done),
            _ => None,
        };
        let nothing = matches!(outcome, Outcome::None | Outcome::Refused);
        let identity = flow.grants.is_some() && nothing;
        let expected = flow.steps.iter().any(|later| {
            let about = later.when.as_ref().filter(|test| test.step == step);
            about.is_some_and(|test| test.is && test.value == outcome.key())
        });
        if outcome == Outcome::Found || (expected && !identity) {
            run.place += 1;
            return self.go_on(lines, now);
        }
        // Wrong codes count for the whole visit: leaving the flow begins no new count.
        let tries = match identity {
            true => &mut visit.failed_verifications,
            false => &mut run.tries,
        };
        if nothing {
            *tries = tries.saturating_add(1);
        }
        if let Some(place) = again.filter(|_| nothing && *tries < flow.tries) {
            run.back_to(place);
            return self.go_on(lines, now);
        }
        if identity || (again.is_some() && nothing) || action.person_on.contains(&outcome) {
            let code = match (identity, nothing) {
                (true, _) => ReasonCode::IdentityNeeded,
                (false, true) => ReasonCode::RepeatedFailure,
                (false, false) => ReasonCode::SystemFault,
            };
            let detail = format!("action {}: {}", action.id, outcome.key());
            return self.escalate_after(lines, Trigger::new(code, "action", 1.0, detail), now);
        }
        self.leave_flows();
        self.say_all(lines, now);
    }
}
