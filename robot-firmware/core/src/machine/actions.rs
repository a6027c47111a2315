//! Calling tools of the back office: what must be agreed first, and what follows from the answer.

use std::time::Duration;

use madoguchi_shared::packet::{ActionRecord, ReasonCode};
use serde_json::{Map, Value as Json};

use super::Machine;
use super::taken::Taken;
use crate::case::Trigger;
use crate::lines::AgentLine;
use crate::output::{Milestone, Output};
use crate::pack::action::{Action, Outcome};
use crate::pack::flow::Does;
use crate::pack::policy::Situation;
use crate::pack::{Flow, Phrase, Texts};
use crate::run::{Known, Run, State};
use crate::slot::Value;
use crate::time::Now;
use crate::tool::{Tier, ToolCall, ToolCard, ToolOutcome};
use crate::visit::UnderWay;

/// A tool that says nothing for longer has been lost; the daemon's own limits are shorter.
const TOOL: Duration = Duration::from_secs(30);
/// A pause of one second is felt as waiting (Nielsen, *Usability Engineering*, 1993); a little later
/// the robot says that it is at work.
const SLOW: Duration = Duration::from_millis(1_500);

impl Machine {
    pub(crate) fn consent_text(&self, run: &Run) -> Option<Texts> {
        let Does::Act { action, .. } = &run.step(&self.pack)?.does else {
            return None;
        };
        Some(run.fill(self.pack.action(action)?.confirm.as_ref()?))
    }

    /// Takes an action, or what must come before it. Returns the lines when the flow can go on at
    /// once.
    pub(super) fn act(
        &mut self,
        id: &str,
        lines: Vec<AgentLine>,
        now: Now,
    ) -> Option<Vec<AgentLine>> {
        let action = self.pack.action(id)?.clone();
        let visit = self.visit.as_mut()?;
        if let Some(level) = &action.verification {
            match &visit.verified {
                Some((own, known)) if own == level => {
                    let run = visit.runs.last_mut()?;
                    for (name, known) in known {
                        run.known
                            .entry(name.clone())
                            .or_insert_with(|| known.clone());
                    }
                }
                _ => {
                    let grants = |flow: &&Flow| flow.grants.as_ref() == Some(level);
                    let flow = self.pack.flows().iter().find(grants)?.id.clone();
                    visit.runs.push(Run::new(&flow));
                    self.milestone(Milestone::FlowBegan(flow));
                    return Some(lines);
                }
            }
        }
        let run = self.run()?.clone();
        let values = run.data();
        let situation = Situation {
            flow: Some(&run.flow),
            action: Some(id),
            values: Some(&values),
            ..Situation::default()
        };
        let shown = arguments(&action.arguments, &run, None, true).unwrap_or_default();
        let input = Json::Object(shown).to_string();
        let record = self.record(id, input.clone(), "refused by a policy", now);
        if self.decided_by_policy(situation, &lines, None, 1.0, now) {
            return None;
        }
        self.forget_record(record);
        let card = self.tools.card(&action.server, &action.tool).cloned();
        let floor = card.as_ref().map_or(Tier::Read, |card| card.floor);
        let tier = action.tier.max(floor);
        if action.person || (tier == Tier::Irreversible && action.confirm.is_none()) {
            self.record(id, input, "left to a person: it can't be undone", now);
            let detail = format!("action {id} needs a person");
            let trigger = Trigger::new(ReasonCode::IrreversibleAction, "action", 1.0, detail);
            self.escalate_after(lines, trigger, now);
            return None;
        }
        if action.confirm.is_some() && !run.consented {
            self.wait_for(State::Consent);
            self.ask_again(lines, now);
            return None;
        }
        let record = self.record(id, input, "under way", now);
        let arguments = arguments(&action.arguments, &run, card.as_ref(), false);
        let call = self.next_request();
        self.wait_for(State::Calling {
            call,
            slow_at: Some(now.after(SLOW)),
            by: now.after(TOOL),
        });
        let visit = self.visit.as_mut()?;
        visit.under_way.push(UnderWay {
            call,
            action: id.to_owned(),
            tier,
            record,
        });
        let not_sent = match (card, arguments) {
            (Some(_), Some(arguments)) => {
                self.say_all(lines, now);
                self.emit(Output::CallTool(ToolCall {
                    call,
                    server: action.server,
                    tool: action.tool,
                    arguments,
                }));
                return None;
            }
            (None, _) => ToolOutcome::Unavailable,
            (_, None) => ToolOutcome::BadCall,
        };
        self.tool_answered_after(lines, call, &not_sent, now);
        None
    }

    fn record(&mut self, action: &str, input: String, outcome: &str, now: Now) -> usize {
        let Some(visit) = &mut self.visit else {
            return 0;
        };
        visit.actions.push(ActionRecord {
            name: action.to_owned(),
            input,
            outcome: outcome.to_owned(),
            undo: None,
            at: now.wall,
        });
        visit.actions.len() - 1
    }

    fn forget_record(&mut self, record: usize) {
        if let Some(visit) = &mut self.visit {
            visit.actions.truncate(record);
        }
    }

    /// Asks the visitor for patience, once a call.
    pub(super) fn tool_slow(&mut self, now: Now) {
        if let Some(Run {
            state: State::Calling { slow_at, .. },
            ..
        }) = self.run_mut()
        {
            *slow_at = None;
            self.say(&AgentLine::Phrase(Phrase::OneMoment), now);
        }
    }

    pub(super) fn tool_lost(&mut self, now: Now) {
        if let Some(Run {
            state: State::Calling { call, .. },
            ..
        }) = self.run()
        {
            let call = *call;
            self.tool_answered(call, &ToolOutcome::TooSlow, now);
        }
    }

    pub(super) fn tool_answered(&mut self, call: u64, outcome: &ToolOutcome, now: Now) {
        self.tool_answered_after(Vec::new(), call, outcome, now);
    }

    fn tool_answered_after(
        &mut self,
        mut lines: Vec<AgentLine>,
        call: u64,
        answer: &ToolOutcome,
        now: Now,
    ) {
        let Some(visit) = &mut self.visit else { return };
        let Some(index) = visit.under_way.iter().position(|own| own.call == call) else {
            return;
        };
        let UnderWay {
            action,
            tier,
            record,
            ..
        } = visit.under_way.remove(index);
        let Some(action) = self.pack.action(&action).cloned() else {
            return;
        };
        let taken = Taken::new(&action, answer);
        let waits =
            |run: &&mut Run| matches!(run.state, State::Calling { call: own, .. } if own == call);
        let run = visit.runs.last_mut().filter(waits);
        let undo = action
            .undo
            .as_ref()
            .filter(|_| taken.outcome == Outcome::Found)
            .map(|undo| {
                let known = run
                    .as_ref()
                    .map(|run| (**run).clone())
                    .unwrap_or_else(|| Run::new(""));
                let known = taken.known_in(known);
                let arguments = arguments(&undo.arguments, &known, None, true).unwrap_or_default();
                format!("{} {}", undo.tool, Json::Object(arguments))
            });
        if let Some(record) = visit.actions.get_mut(record) {
            record.outcome = taken.words(answer);
            record.undo = undo;
        }
        let Some(run) = run else {
            // The visitor is with a person already, who must know what came of it.
            return self.send_case();
        };
        let place = run.place;
        *run = taken.known_in(run.clone());
        run.consented = false;
        run.state = State::Asking;
        let step = run
            .step(&self.pack)
            .map(|step| step.id.clone())
            .unwrap_or_default();
        let word = Known {
            value: Value::Text(taken.outcome.key().to_owned()),
            source: None,
            secret: false,
            place,
        };
        run.known.insert(step.clone(), word);
        lines.extend(
            action
                .say
                .get(&taken.outcome)
                .map(|texts| AgentLine::Written(run.fill(texts))),
        );
        let (flow, values) = (run.flow.clone(), run.data());
        self.milestone(Milestone::Acted(
            action.id.clone(),
            taken.outcome.key().to_owned(),
        ));
        let uncertain = tier > Tier::Read
            && !matches!(answer, ToolOutcome::Done { .. })
            && answer.may_have_acted();
        if uncertain {
            let detail = format!("nobody knows whether the action {} took place", action.id);
            return self.escalate_after(
                lines,
                Trigger::new(ReasonCode::SystemFault, "action", 1.0, detail),
                now,
            );
        }
        let situation = Situation {
            flow: Some(&flow),
            action: Some(&action.id),
            values: Some(&values),
            ..Situation::default()
        };
        if taken.outcome == Outcome::Found
            && self.decided_by_policy(situation, &lines, None, 1.0, now)
        {
            return;
        }
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
        let Some(run) = self.visit.as_mut().and_then(|visit| visit.runs.last_mut()) else {
            return;
        };
        let Some(flow) = pack.flow(&run.flow) else {
            return;
        };
        let again = match run.step(pack).map(|step| &step.does) {
            Some(Does::Act {
                again_from: Some(from),
                ..
            }) => flow.place_of(from),
            _ => None,
        };
        let nothing = matches!(outcome, Outcome::None | Outcome::Refused);
        let expected = flow.steps.iter().any(|later| {
            let about = later.when.as_ref().filter(|test| test.step == step);
            about.is_some_and(|test| test.is && test.value == outcome.key())
        });
        if outcome == Outcome::Found || expected {
            run.place += 1;
            return self.go_on(lines, now);
        }
        if let Some(place) = again.filter(|_| nothing) {
            run.tries += 1;
            if run.tries < flow.tries {
                run.back_to(place);
                return self.go_on(lines, now);
            }
        }
        let identity = flow.grants.is_some() && nothing;
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

/// The arguments of a call with what is known in their places; absent when something isn't.
/// Numbers are numbers where the tool's schema wants them.
fn arguments(
    templates: &Map<String, Json>,
    run: &Run,
    card: Option<&ToolCard>,
    shown: bool,
) -> Option<Map<String, Json>> {
    let filled = templates.iter().map(|(name, template)| {
        let Json::String(template) = template else {
            return Some((name.clone(), template.clone()));
        };
        let text = run.argument(template, shown)?;
        let kind = card.and_then(|card| {
            card.input_schema
                .get("properties")?
                .get(name)?
                .get("type")?
                .as_str()
        });
        let value = match kind {
            Some("integer") => text.parse::<i64>().ok().map(Json::from),
            Some("number") => text.parse::<f64>().ok().map(Json::from),
            Some("boolean") => Some(Json::from(text == "yes" || text == "true")),
            _ => None,
        };
        Some((name.clone(), value.unwrap_or(Json::String(text))))
    });
    filled.collect()
}
