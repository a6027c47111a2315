//! "Where is counter 5?", answered from the pack's places.

use super::Machine;
use crate::lines::AgentLine;
use crate::output::Milestone;
use crate::pack::places::Named;
use crate::time::Now;

impl Machine {
    /// Answers a question for a place; whether it was one. `only` leaves out questions in which
    /// something else was said.
    pub(super) fn answers_for_place(
        &mut self,
        turn: u32,
        text: &str,
        only: bool,
        now: Now,
    ) -> bool {
        let Some(visit) = &self.visit else {
            return false;
        };
        let places = self.pack.places();
        let sought = places.sought(text, &visit.language);
        let Some(sought) = sought.filter(|own| own.only || !only) else {
            return false;
        };
        let in_flow = self.run().is_some();
        let (line, id) = match sought.named {
            Named::NoCounter(number) => (AgentLine::NoCounter(number), None),
            Named::Place(place) => match &place.topic {
                Some(topic) if !in_flow => {
                    let topic = topic.clone();
                    self.answer_topic(topic, turn, now);
                    return true;
                }
                _ => (AgentLine::Place(place.id.clone()), Some(place.id.clone())),
            },
        };
        if let Some(id) = id {
            self.milestone(Milestone::ShowedPlace(id));
        }
        if in_flow {
            self.ask_again(vec![line], now);
            return true;
        }
        if let Some(visit) = &mut self.visit {
            visit.failed_answers = 0;
        }
        self.say(&line, now);
        self.note_answer_line();
        true
    }

    /// The same for a line that the transcript has.
    pub(super) fn answers_for_place_in_line(&mut self, turn: u32, now: Now) -> bool {
        let line = self.visit.as_ref().and_then(|visit| visit.line(turn));
        let Some(text) = line.map(|line| line.turn.text.clone()) else {
            return false;
        };
        self.answers_for_place(turn, &text, false, now)
    }
}
