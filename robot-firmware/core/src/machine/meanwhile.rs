//! While a person is awaited: a question that the pack surely answers is answered; everything else
//! that is said is the person's to read.

use super::Machine;
use crate::lines::AgentLine;
use crate::pack::policy::{Effect, Holds, Situation};
use crate::time::Now;
use crate::understanding::Outcome;
use crate::visit::Phase;

/// How sure a question must be understood: whoever tells the person their story isn't answered.
const SURELY_A_QUESTION: f32 = 0.8;

impl Machine {
    /// Takes a line of somebody who waits: its vector may tell of danger, or be a question.
    pub(super) fn look_at_meanwhile(&mut self, turn: u32, text: String, now: Now) {
        if self.awaits_a_person() {
            self.await_vector(turn, text, None, None, now);
        }
    }

    fn awaits_a_person(&self) -> bool {
        let phase = self.visit.as_ref().map(|visit| &visit.phase);
        matches!(phase, Some(Phase::Waiting { .. }))
    }

    /// Answers a question in passing: nothing follows from it but the answer.
    pub(super) fn answer_meanwhile(
        &mut self,
        turn: u32,
        text: &str,
        vector: Option<&[f32]>,
        now: Now,
    ) {
        let Some(visit) = &self.visit else { return };
        let answers = self.pack.languages().contains(&visit.language);
        if visit.danger.is_some() || !answers || !asks(text) || !self.awaits_a_person() {
            return;
        }
        let Some(line) = visit.line(turn) else { return };
        let understood = self
            .index
            .understand(text, line.turn.language.as_ref(), vector);
        let Outcome::Topic { topic, probability } = understood.outcome else {
            return;
        };
        let situation = Situation {
            topic: Some(&topic),
            ..Situation::default()
        };
        let decided = |effect, holds| effect != Effect::Allow && holds == Holds::Yes;
        let mut rules = self.pack.rules().iter();
        let theirs = understood.asks_for_person.is_some()
            || understood.rule.is_some()
            || rules.any(|rule| decided(rule.effect, rule.holds(situation)));
        if theirs
            || probability < SURELY_A_QUESTION
            || self.pack.topic(&topic).is_none()
            || !self.pack.holds_on(&topic, self.today.into())
        {
            return;
        }
        let mut lines: Vec<AgentLine> = self.hours_asked(&topic, turn, now).into_iter().collect();
        lines.push(AgentLine::Answer(topic));
        self.say_all(lines, now);
        self.note_answer_line();
    }
}

fn asks(text: &str) -> bool {
    let text = text.trim_end_matches(|c: char| c.is_whitespace() || c == '。');
    text.ends_with(['?', '？', 'か'])
}
