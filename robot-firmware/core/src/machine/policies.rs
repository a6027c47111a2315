//! Asking the pack's policies before the agent goes on.

use madoguchi_shared::packet::{PolicyFlag, ReasonCode};

use super::Machine;
use crate::case::Trigger;
use crate::lines::AgentLine;
use crate::output::Milestone;
use crate::pack::policy::{Effect, Situation};
use crate::time::Now;

impl Machine {
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
        let Some(rule) = self
            .pack
            .rules()
            .iter()
            .find(|rule| rule.holds(situation))
            .cloned()
        else {
            return false;
        };
        let effect = rule.effect;
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
            visit.policy_flags.push(flag);
        }
        let mut lines = lines.to_vec();
        let told = rule.say();
        if !told.is_empty() {
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
