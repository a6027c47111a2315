//! Calling tools of the back office: what must be agreed first, and what follows from the answer.

use std::time::Duration;

use madoguchi_shared::packet::{ActionRecord, ReasonCode};
use serde_json::{Map, Value as Json};

use super::Machine;
use crate::case::Trigger;
use crate::lines::AgentLine;
use crate::output::{Milestone, Output};
use crate::pack::action::Outcome;
use crate::pack::flow::{Does, Step};
use crate::pack::policy::Situation;
use crate::pack::{Flow, Texts};
use crate::run::{Known, Run, State};
use crate::time::Now;
use crate::tool::{Tier, ToolCall, ToolCard, ToolOutcome};
use crate::visit::{UnderWay, Verified};

/// A tool that says nothing for longer has been lost; the daemon's own limits are shorter.
const TOOL: Duration = Duration::from_secs(30);
/// A pause of one second is felt as waiting (Nielsen, *Usability Engineering*, 1993); a little later
/// the robot says that it is at work.
const SLOW: Duration = Duration::from_millis(1_500);
/// No visitor needs one action more often: what changes something, and what doesn't.
const MOST_WRITES: u32 = 6;
const MOST_READS: u32 = 30;
/// Who was verified isn't asked again for so long.
const VERIFIED: Duration = Duration::from_secs(60);

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
        if let Some(level) = &action.verification
            && !self.is_verified(level, now)
        {
            return self.begin_verification(level, lines, now);
        }
        let run = self.run()?.clone();
        let card = self.tools.card(&action.server, &action.tool).cloned();
        let tier = card
            .as_ref()
            .map_or(action.tier, |card| card.floor)
            .max(action.tier);
        let values = self.values();
        let situation = Situation {
            flow: Some(&run.flow),
            action: Some(id),
            values: Some(&values),
            ..Situation::default()
        };
        let shown = arguments(&action.arguments, &run, None, true).unwrap_or_default();
        let input = Json::Object(shown).to_string();
        let record = self.record(id, input.clone(), "refused by a policy", now);
        let decided = match tier {
            Tier::Read => self.decided_by_policy(situation, &lines, None, 1.0, now),
            _ => self.changed_by_policy(situation, &lines, now),
        };
        if decided {
            return None;
        }
        self.forget_record(record);
        let irreversible = tier == Tier::Irreversible;
        // What the pack's consent speaks of is no more than the tier that it knows.
        if action.person || (irreversible && (action.confirm.is_none() || tier > action.tier)) {
            self.record(id, input, "left to a person: it can't be undone", now);
            let detail = format!("action {id} needs a person");
            let trigger = Trigger::new(ReasonCode::IrreversibleAction, "action", 1.0, detail);
            self.escalate_after(lines, trigger, now);
            return None;
        }
        let called = self.visit.as_ref()?.calls.get(id).copied().unwrap_or(0);
        if called
            >= if tier > Tier::Read {
                MOST_WRITES
            } else {
                MOST_READS
            }
        {
            self.record(
                id,
                input,
                "left to a person: often enough in one visit",
                now,
            );
            let detail = format!("action {id} was called {called} times in this visit");
            let trigger = Trigger::new(ReasonCode::PolicyException, "limit", 1.0, detail);
            self.escalate_after(lines, trigger, now);
            return None;
        }
        if action.confirm.is_some() && !run.consented && card.is_some() {
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
        });
        let visit = self.visit.as_mut()?;
        visit.under_way.push(UnderWay {
            call,
            action: id.to_owned(),
            tier,
            record,
            run,
            by: Some(now.after(TOOL)),
        });
        let not_sent = match (card, arguments) {
            (Some(_), Some(arguments)) => {
                *visit.calls.entry(id.to_owned()).or_default() += 1;
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

    /// Whether the visitor has a verification; what it was made of is then known to the flow.
    fn is_verified(&mut self, level: &str, now: Now) -> bool {
        let Some(visit) = &mut self.visit else {
            return false;
        };
        let Some(verified) = visit.verified.as_mut().filter(|own| own.level == level) else {
            return false;
        };
        if verified.until <= now.monotonic_ms {
            verified.known.clear();
            return false;
        }
        if let Some(run) = visit.runs.last_mut() {
            for (name, known) in &verified.known {
                if known.secret || !run.known.contains_key(name) {
                    run.known.insert(name.clone(), known.clone());
                }
            }
        }
        true
    }

    fn begin_verification(
        &mut self,
        level: &str,
        lines: Vec<AgentLine>,
        now: Now,
    ) -> Option<Vec<AgentLine>> {
        let grants = |flow: &&Flow| flow.grants.as_deref() == Some(level);
        let flow = self.pack.flows().iter().find(grants)?;
        let (id, tries) = (flow.id.clone(), flow.tries);
        let visit = self.visit.as_mut()?;
        if visit.failed_verifications >= tries {
            let failed = visit.failed_verifications;
            let detail = format!("{failed} verifications failed in this visit");
            let trigger = Trigger::new(ReasonCode::IdentityNeeded, "action", 1.0, detail);
            self.escalate_after(lines, trigger, now);
            return None;
        }
        visit.runs.push(Run::new(&id));
        self.milestone(Milestone::FlowBegan(id));
        Some(lines)
    }

    /// Keeps what a flow that grants a verification ended with; whether it may.
    pub(super) fn verified_by(&mut self, run: &Run, now: Now) -> bool {
        let Some(flow) = self.pack.flow(&run.flow) else {
            return false;
        };
        let Some(level) = &flow.grants else {
            return true;
        };
        let found = |step: &Step| {
            let outcome = run.known.get(&step.id).map(Known::data);
            matches!(step.does, Does::Act { .. })
                && outcome.as_deref() == Some(Outcome::Found.key())
        };
        let granted = flow.steps.last().is_some_and(found);
        if let Some(visit) = self.visit.as_mut().filter(|_| granted) {
            visit.verified = Some(Verified {
                level: level.clone(),
                known: run.known.clone(),
                until: now.after(VERIFIED),
            });
        }
        granted
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
}

/// The arguments of a call with what is known in their places; absent when something isn't.
/// Numbers are numbers where the tool's schema wants them.
pub(super) fn arguments(
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
