//! The agent's answers to routine questions: what was meant, whether it may be told, and what may
//! follow it.

use madoguchi_shared::ids::Lang;
use madoguchi_shared::packet::ReasonCode;

use super::Machine;
use crate::case::Trigger;
use crate::lines::AgentLine;
use crate::output::Milestone;
use crate::pack::policy::Situation;
use crate::pack::{Pack, Phrase};
use crate::time::Now;
use crate::turn_taking::is_leave_taking;
use crate::understanding::{Outcome, Understanding};
use crate::visit::Visit;

impl Machine {
    pub(super) fn answer(&mut self, turn: u32, understanding: &Understanding, now: Now) {
        let Some(visit) = &mut self.visit else { return };
        let offered = visit.offered();
        visit.offered_topics.clear();
        visit.follow_ups.clear();
        let said = visit.line(turn).map(|line| line.turn.text.as_str());
        let chosen = said.and_then(|said| named(&self.pack, &offered, said, &visit.language));
        if let Some(topic) = chosen {
            return self.answer_topic(topic, turn, now);
        }
        if self.answered_for_the_day(turn, now) {
            return;
        }
        let clear = matches!(understanding.outcome, Outcome::Topic { .. });
        if !clear && self.answers_for_place_in_line(turn, now) {
            return;
        }
        match &understanding.outcome {
            Outcome::Topic { topic, .. } => self.answer_topic(topic.clone(), turn, now),
            Outcome::Close(topics) => {
                let current = |topic: &&String| self.pack.holds_on(topic, self.today.into());
                let topics: Vec<String> = topics.iter().filter(current).cloned().collect();
                if topics.is_empty() {
                    return self.not_understood(turn, understanding, now);
                }
                if self.has_failed(turn, understanding, now) {
                    return;
                }
                let Some(visit) = &mut self.visit else { return };
                visit.offered_topics.clone_from(&topics);
                self.say(&AgentLine::WhichOf(topics), now);
            }
            Outcome::None => self.not_understood(turn, understanding, now),
        }
    }

    pub(super) fn answer_topic(&mut self, topic: String, turn: u32, now: Now) {
        if self.pack.flow(&topic).is_some() {
            return self.begin_flow(&topic, Vec::new(), Some(turn), now);
        }
        if !self.may_answer(&topic, turn, now) {
            return;
        }
        let follow = self
            .pack
            .flows()
            .iter()
            .filter(|flow| flow.topics.contains(&topic));
        let follow: Vec<String> = follow.map(|flow| flow.id.clone()).collect();
        let others = self.pack.topic(&topic).map(|own| own.follow_ups.clone());
        let mut others = others.unwrap_or_default();
        others.retain(|id| !follow.contains(id) && self.pack.holds_on(id, self.today.into()));
        let mut lines: Vec<AgentLine> = self.hours_asked(&topic, turn, now).into_iter().collect();
        lines.push(AgentLine::Answer(topic));
        if let Some(visit) = &mut self.visit {
            visit.offered_topics = follow;
            visit.follow_ups = others;
        }
        self.say_all(lines, now);
        self.note_answer_line();
    }

    /// The last line is an answer.
    pub(super) fn note_answer_line(&mut self) {
        if let Some(visit) = &mut self.visit
            && let Some(line) = visit.lines.last()
        {
            visit.answers.push(line.turn.number);
        }
    }

    /// Whether a topic's answer may be given; the office's rules and its days come first.
    pub(super) fn may_answer(&mut self, topic: &str, turn: u32, now: Now) -> bool {
        let situation = Situation {
            topic: Some(topic),
            ..Situation::default()
        };
        if self.decided_by_policy(situation, &[], Some(turn), 1.0, now) {
            return false;
        }
        if !self.pack.holds_on(topic, self.today.into()) {
            let detail = format!("the answer of the topic {topic} doesn't hold today");
            let trigger = Trigger::new(ReasonCode::LowConfidence, "validity", 1.0, detail);
            let lines = vec![AgentLine::Phrase(Phrase::NoCurrentAnswer)];
            self.escalate_after(lines, trigger.in_turn(turn), now);
            return false;
        }
        self.note_answer(topic);
        true
    }

    fn note_answer(&mut self, topic: &str) {
        self.milestone(Milestone::Answered(topic.to_owned()));
        let Some(visit) = &mut self.visit else { return };
        visit.failed_answers = 0;
        visit.about = Some(topic.to_owned());
        if !visit.answered.iter().any(|own| own == topic) {
            visit.answered.push(topic.to_owned());
        }
    }

    fn not_understood(&mut self, turn: u32, understanding: &Understanding, now: Now) {
        let takes_leave = |visit: &Visit| {
            let said = visit.line(turn).map_or("", |line| &line.turn.text);
            is_leave_taking(said, &[&visit.language])
        };
        if self.visit.as_ref().is_some_and(takes_leave) {
            return self.say(&AgentLine::Phrase(Phrase::AnythingElse), now);
        }
        if !self.has_failed(turn, understanding, now) {
            self.say(&AgentLine::Phrase(Phrase::NotUnderstood), now);
        }
    }

    /// Counts a question that got no answer, or only a choice; whether a person was called for it.
    fn has_failed(&mut self, turn: u32, understanding: &Understanding, now: Now) -> bool {
        self.milestone(Milestone::NotUnderstood);
        let limit = u32::from(self.pack.thresholds().failed_answers);
        let Some(visit) = &mut self.visit else {
            return false;
        };
        visit.failed_answers += 1;
        let failed = visit.failed_answers;
        if failed < limit {
            return false;
        }
        let best = understanding.candidates.first();
        let best = best.map_or(0.0, |best| best.probability);
        let trigger = Trigger::new(
            ReasonCode::RepeatedFailure,
            "failed_answers",
            1.0 - best,
            format!("{failed} questions in a row were not understood"),
        );
        self.escalate(trigger.in_turn(turn), now);
        true
    }
}

/// The offered topic whose title the visitor touched or repeated.
pub(super) fn named(
    pack: &Pack,
    offered: &[String],
    text: &str,
    language: &Lang,
) -> Option<String> {
    let said = text.trim().to_lowercase();
    offered
        .iter()
        .find(|topic| {
            pack.title(topic, language)
                .is_some_and(|title| title.to_lowercase() == said)
        })
        .cloned()
}
