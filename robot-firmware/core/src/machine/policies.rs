//! Asking the pack's policies before the agent goes on.

use std::collections::BTreeMap;

use madoguchi_shared::packet::{PolicyFlag, ReasonCode};

use super::Machine;
use crate::case::Trigger;
use crate::lines::AgentLine;
use crate::output::Milestone;
use crate::pack::policy::{Effect, Holds, Rule, Situation, TODAY};
use crate::run::Run;
use crate::time::Now;

/// A packet names this many at most, the newest: it must stay below the console's message limit.
const POLICY_FLAGS: usize = 40;

impl Machine {
    /// Everything that is known by now, as the rules see it: the innermost flow's word counts first.
    pub(super) fn values(&self) -> BTreeMap<String, String> {
        let runs = self.visit.iter().flat_map(|visit| &visit.runs);
        let mut values: BTreeMap<_, _> = runs.flat_map(Run::data).collect();
        values.insert(TODAY.to_owned(), self.today.to_string());
        values
    }

    /// Lets the first rule that holds decide, and carries that out. Whether it took the matter out
    /// of the agent's hands; `lines` are then said first.
    pub(super) fn decided_by_policy(
        &mut self,
        situation: Situation<'_>,
        lines: &[AgentLine],
        turn: Option<u32>,
        score: f32,
        now: Now,
    ) -> bool {
        self.decides(situation, false, lines, turn, score, now)
    }

    /// The same before something is changed: a rule against it of which nobody can tell whether it
    /// holds is a person's matter.
    pub(super) fn changed_by_policy(
        &mut self,
        situation: Situation<'_>,
        lines: &[AgentLine],
        now: Now,
    ) -> bool {
        self.decides(situation, true, lines, None, 1.0, now)
    }

    fn decides(
        &mut self,
        situation: Situation<'_>,
        changes: bool,
        lines: &[AgentLine],
        turn: Option<u32>,
        score: f32,
        now: Now,
    ) -> bool {
        let decide = |rule: &Rule| match rule.holds(situation) {
            Holds::Yes => Some(rule.effect),
            Holds::Unknown if changes && rule.effect != Effect::Allow => Some(Effect::Exception),
            Holds::Unknown | Holds::No => None,
        };
        let mut rules = self.pack.rules().iter();
        let Some((rule, effect)) = rules.find_map(|rule| Some((rule.clone(), decide(rule)?)))
        else {
            return false;
        };
        self.milestone(Milestone::Policy(
            rule.id.clone(),
            rule.version.clone(),
            effect.key().to_owned(),
        ));
        if effect == Effect::Allow {
            return false;
        }
        let reader = self.settings.packet_language.clone();
        let Some(visit) = &mut self.visit else {
            return true;
        };
        let words = turn
            .and_then(|turn| visit.line(turn))
            .map(|line| line.turn.text.clone());
        let about = [
            ("action", situation.action),
            ("flow", situation.flow),
            ("topic", situation.topic),
        ];
        let about = about
            .into_iter()
            .find_map(|(what, name)| Some(format!("{what} {}", name?)));
        let flag = PolicyFlag {
            rule: rule.id.clone(),
            version: rule.version.clone(),
            asked: words.or(about).unwrap_or_default(),
            says: rule.says(&reader).to_owned(),
        };
        if !visit.policy_flags.contains(&flag) {
            let over = (visit.policy_flags.len() + 1).saturating_sub(POLICY_FLAGS);
            visit.policy_flags.drain(..over);
            visit.policy_flags.push(flag);
        }
        let mut lines = lines.to_vec();
        let told = rule.say();
        if !told.is_empty() && effect == rule.effect {
            lines.push(AgentLine::Written(told.clone()));
        }
        if effect == Effect::Refuse {
            if situation.said.is_some() || situation.topic.is_some() {
                self.ask_again(lines, now);
            } else {
                self.leave_flows();
                self.say_all(lines, now);
            }
            return true;
        }
        let detail = format!(
            "rule {} version {}: {}",
            rule.id,
            rule.version,
            rule.says(&reader)
        );
        let mut trigger = Trigger::new(ReasonCode::PolicyException, "policy", score, detail);
        if let Some(turn) = turn {
            trigger = trigger.in_turn(turn);
        }
        self.escalate_after(lines, trigger, now);
        true
    }
}
