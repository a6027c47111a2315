//! Answers to what isn't a question of its own: greetings, wishes to hear it again, goodbyes, short
//! questions about the answer before. None of it counts as not understood.

use madoguchi_shared::packet::Speaker;

use super::Machine;
use crate::lines::AgentLine;
use crate::manners::{self, Manners};
use crate::output::Milestone;
use crate::pack::{Phrase, Texts};
use crate::time::Now;

impl Machine {
    /// Whether the words were that and nothing else, and have their answer.
    pub(super) fn minds_manners(&mut self, turn: u32, text: &str, now: Now) -> bool {
        let Some(visit) = &self.visit else {
            return false;
        };
        let language = visit.language.clone();
        if !self.pack.languages().contains(&language) {
            return false;
        }
        let in_flow = self.run().is_some();
        match manners::of(text, &language) {
            Some(Manners::Repeats) if in_flow => self.ask_again(Vec::new(), now),
            Some(Manners::Repeats) => return self.said_again(now),
            _ if in_flow => return false,
            Some(Manners::Greets) => self.say(&AgentLine::Phrase(Phrase::WhatICanDo), now),
            Some(Manners::Goodbye) => self.goodbye(now),
            None => return self.told_more(turn, text, now),
        }
        true
    }

    /// Says the last line again; whether there is one.
    fn said_again(&mut self, now: Now) -> bool {
        let Some(visit) = &self.visit else {
            return false;
        };
        let mut lines = visit.lines.iter().rev();
        let Some(last) = lines.find(|line| line.turn.speaker == Speaker::Agent) else {
            return false;
        };
        if let Some(topic) = visit.about.clone()
            && visit.answers.contains(&last.turn.number)
        {
            self.say(&AgentLine::Answer(topic), now);
            self.note_answer_line();
            return true;
        }
        let Some(language) = last.turn.language.clone() else {
            return false;
        };
        let texts = Texts::from([(language, last.turn.text.clone())]);
        self.say(&AgentLine::Written(texts), now);
        true
    }

    /// Gives the answer before again where the words only ask for something in it.
    fn told_more(&mut self, turn: u32, text: &str, now: Now) -> bool {
        let Some(visit) = &self.visit else {
            return false;
        };
        let Some(topic) = visit.about.clone() else {
            return false;
        };
        let answer = AgentLine::Answer(topic.clone()).render(&self.pack, &visit.language);
        let told = format!("{}\n{}", answer.text, answer.detail.unwrap_or_default());
        if !manners::asks_about(text, &visit.language, &told) {
            return false;
        }
        if self.may_answer(&topic, turn, now) {
            self.milestone(Milestone::Answered(topic.clone()));
            self.say(&AgentLine::Answer(topic), now);
            self.note_answer_line();
        }
        true
    }
}
