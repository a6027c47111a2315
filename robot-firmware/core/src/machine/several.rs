//! Several questions in one line: each is understood by itself, and all are answered.

use super::Machine;
use crate::lines::AgentLine;
use crate::manners;
use crate::time::Now;
use crate::understanding::{Outcome, Understanding};
use crate::visit::Several;

impl Machine {
    /// Asks what the questions of a line mean, one by one; whether it has several. Without vectors
    /// their words must do.
    pub(super) fn takes_in_turn(
        &mut self,
        turn: u32,
        text: &str,
        whole: &Understanding,
        with_vectors: bool,
        now: Now,
    ) -> bool {
        let Some(visit) = &mut self.visit else {
            return false;
        };
        let questions = manners::questions(text, &visit.language);
        if questions.is_empty() {
            return false;
        }
        visit.several = Some(Several {
            turn,
            whole: whole.clone(),
            parts: vec![None; questions.len()],
        });
        let language = visit.language.clone();
        for (part, question) in questions.into_iter().enumerate() {
            if with_vectors {
                self.await_vector(turn, question, None, Some(part), now);
            } else {
                let understood = self.index.understand(&question, Some(&language), None);
                self.understood_part(turn, part, understood, now);
            }
        }
        true
    }

    /// One of them is understood; the last one lets all be answered.
    pub(super) fn understood_part(
        &mut self,
        turn: u32,
        part: usize,
        understood: Understanding,
        now: Now,
    ) {
        let Some(visit) = &mut self.visit else { return };
        let Some(several) = visit.several.as_mut().filter(|own| own.turn == turn) else {
            return;
        };
        if let Some(place) = several.parts.get_mut(part) {
            *place = Some(understood);
        }
        if several.parts.iter().any(Option::is_none) {
            return;
        }
        let Some(Several { whole, parts, .. }) = visit.several.take() else {
            return;
        };
        let mut topics: Vec<String> = Vec::new();
        for understood in parts.into_iter().flatten() {
            if let Outcome::Topic { topic, .. } = understood.outcome
                && self.pack.topic(&topic).is_some()
                && !topics.contains(&topic)
            {
                topics.push(topic);
            }
        }
        if topics.len() < 2 {
            return self.answer(turn, &whole, now);
        }
        let mut lines = Vec::new();
        for topic in topics {
            // A person who was called for one of them has the others in the transcript.
            if !self.may_answer(&topic, turn, now) {
                return;
            }
            lines.extend(self.hours_asked(&topic, turn, now));
            lines.push(AgentLine::Answer(topic));
        }
        if let Some(visit) = &mut self.visit {
            visit.offered_topics.clear();
            visit.follow_ups.clear();
        }
        self.say_all(lines, now);
        self.note_answer_line();
    }
}
