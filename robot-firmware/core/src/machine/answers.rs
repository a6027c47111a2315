//! Taking an answer: from words, from a button, or none that could be taken.

use madoguchi_shared::packet::{Channel, FactSource, ReasonCode, Speaker};
use madoguchi_shared::together::Writer;

use super::Machine;
use super::together::field_id;
use crate::bounded::{LONGEST_LINE, one_line};
use crate::case::Trigger;
use crate::lines::AgentLine;
use crate::pack::Phrase;
use crate::pack::policy::Situation;
use crate::run::{Known, REDACTED, Run, State};
use crate::slot::{self, Question, Reading, Value, in_words};
use crate::time::Now;
use crate::understanding::{Outcome, Understanding};
use crate::visit::{Line, Words};

/// How sure a question must be understood in the middle of another one.
const INTERRUPTING: f32 = 0.8;
/// How sure the recogniser must be of a spoken yes to an action.
const CONSENTING: f32 = 0.5;
/// So much of an answer on the screen is shown that could not be taken.
const LONGEST_SHOWN: usize = 60;

impl Machine {
    /// Takes words as an answer when they can't be anything else. They answer only `question`:
    /// what was said before another one was put is no answer to that.
    pub(super) fn answer_at_once(
        &mut self,
        turn: u32,
        text: &str,
        question: Option<u32>,
        now: Now,
    ) -> bool {
        let Some(run) = self.run() else { return false };
        let Some(visit) = &self.visit else {
            return false;
        };
        let language = visit.language.clone();
        if let Some(command) = slot::command(text, &language) {
            self.obey(command, now);
            return true;
        }
        if question != Some(run.number) {
            return false;
        }
        let sure = |line: &Line| line.turn.confidence.is_none_or(|sure| sure >= CONSENTING);
        let well_heard = visit.line(turn).is_some_and(sure);
        match (&run.state, slot::yes_or_no(text, &language)) {
            (State::Calling { .. }, _) => return false,
            (State::Consent, Some(true)) if !well_heard => {
                self.ask_again(vec![AgentLine::Phrase(Phrase::AnswerNotTaken)], now);
                return true;
            }
            (State::ReadingBack(_) | State::Consent, Some(true)) => {
                self.confirmed(true, now);
                return true;
            }
            (State::ReadingBack(_), Some(false)) => {
                match self.read(text) {
                    Ok(reading) => self.take(reading.value, now),
                    Err(_) => self.confirmed(false, now),
                }
                return true;
            }
            (State::Consent, Some(false)) => {
                self.confirmed(false, now);
                return true;
            }
            _ => {}
        }
        match self.read(text) {
            Ok(Reading { value, whole: true }) => {
                self.take(value, now);
                true
            }
            _ => false,
        }
    }

    /// Takes words that may have been a question on the side.
    pub(super) fn answer_in_flow(
        &mut self,
        turn: u32,
        text: &str,
        question: Option<u32>,
        understood: &Understanding,
        now: Now,
    ) {
        if self.is_calling() {
            return;
        }
        let reading = self.read(text);
        // The choices are topics too: who names one doesn't ask about it.
        let chose = matches!(
            &reading,
            Ok(Reading {
                value: Value::Choice { .. },
                ..
            })
        ) && !text.trim_end().ends_with(['?', '？']);
        if let Outcome::Topic { topic, probability } = &understood.outcome
            && !chose
            && *probability >= INTERRUPTING
            && self.pack.topic(topic).is_some()
        {
            let topic = topic.clone();
            if self.may_answer(&topic, turn, now) {
                self.ask_again(vec![AgentLine::Answer(topic)], now);
            }
            return;
        }
        match reading {
            _ if self.run().map(|run| run.number) != question => self.ask_again(Vec::new(), now),
            Ok(reading) => self.take(reading.value, now),
            Err(_) => self.missed(now),
        }
    }

    fn read(&self, text: &str) -> Result<Reading, slot::Miss> {
        let run = self.run().ok_or(slot::Miss::NotThere)?;
        let ask = run.ask(&self.pack).ok_or(slot::Miss::NotThere)?;
        let visit = self.visit.as_ref().ok_or(slot::Miss::NotThere)?;
        let question = Question {
            kind: ask.kind,
            choices: &run.choices(ask, &visit.language),
            language: &visit.language,
            today: self.today,
        };
        let mut reading = slot::read(text, question)?;
        if let (Value::Digits(digits), Some(mask)) = (&mut reading.value, &ask.mask) {
            let mut left = digits.chars();
            let place = |c| if c == '#' { left.next() } else { Some(c) };
            *digits = mask.chars().filter_map(place).collect();
        }
        Ok(reading)
    }

    /// The value that an answer to the present question has.
    pub(super) fn read_answer(&self, text: &str) -> Option<Value> {
        self.read(text).ok().map(|reading| reading.value)
    }

    /// An answer from the screen.
    pub(super) fn answered(&mut self, form: u32, text: &str, now: Now) {
        let Some(run) = self.run().filter(|run| run.number == form) else {
            return;
        };
        if run.state != State::Asking {
            return;
        }
        let secret = run.ask(&self.pack).is_some_and(|ask| ask.secret);
        let text = &one_line(text, LONGEST_LINE);
        let reading = self.read(text);
        let Some(visit) = &self.visit else { return };
        let language = visit.language.clone();
        let shown = match &reading {
            _ if secret => REDACTED.to_owned(),
            Ok(reading) => in_words(&reading.value, &language),
            Err(_) => one_line(text, LONGEST_SHOWN),
        };
        self.touched(shown, now);
        if !secret {
            self.keep_draft(text.clone(), Writer::Visitor);
        }
        match reading {
            Ok(reading) => self.take(reading.value, now),
            Err(_) => self.missed(now),
        }
    }

    /// Yes or no from the screen.
    pub(super) fn pressed_yes_or_no(&mut self, form: u32, yes: bool, now: Now) {
        if self.run().is_none_or(|run| run.number != form) || !self.awaits_yes_or_no() {
            return;
        }
        let Some(visit) = &self.visit else { return };
        let words = in_words(&Value::YesNo(yes), &visit.language);
        let asking = self.run().is_some_and(|run| run.state == State::Asking);
        self.touched(words, now);
        if asking {
            return self.take(Value::YesNo(yes), now);
        }
        self.confirmed(yes, now);
    }

    fn touched(&mut self, text: String, now: Now) {
        self.begin_visit(None, now);
        self.barged_in = false;
        self.stop_saying();
        let language = self.visit.as_ref().map(|visit| visit.language.clone());
        self.take_line(
            Words {
                speaker: Speaker::Resident,
                channel: Channel::Touch,
                text,
                language,
                confidence: None,
                doubtful: Vec::new(),
            },
            false,
            now,
        );
    }

    fn take(&mut self, value: Value, now: Now) {
        let must_confirm = !matches!(value, Value::Choice { .. } | Value::YesNo(_));
        if !must_confirm {
            return self.accept(value, now);
        }
        self.wait_for(State::ReadingBack(value));
        self.ask_again(Vec::new(), now);
    }

    fn confirmed(&mut self, yes: bool, now: Now) {
        let Some(run) = self.run_mut() else { return };
        match (&run.state, yes) {
            (State::ReadingBack(value), true) => {
                let value = value.clone();
                self.accept(value, now);
            }
            (State::ReadingBack(_), false) => {
                self.wait_for(State::Asking);
                self.ask_again(Vec::new(), now);
            }
            (State::Consent, true) => {
                run.consented = true;
                self.go_on(Vec::new(), now);
            }
            (State::Consent, false) => self.cancel_flow(now),
            _ => {}
        }
    }

    fn accept(&mut self, value: Value, now: Now) {
        let pack = &self.pack;
        let Some(run) = self.visit.as_mut().and_then(|visit| visit.runs.last_mut()) else {
            return;
        };
        let Some(step) = run.step(pack) else { return };
        let known = Known {
            value,
            source: Some(FactSource::ConfirmedByResident),
            secret: run.ask(pack).is_some_and(|ask| ask.secret),
            place: run.place,
        };
        let field = field_id(&run.flow, &step.id);
        run.known.insert(step.id.clone(), known);
        run.failed = 0;
        run.place += 1;
        let flow = run.flow.clone();
        self.confirmed_on_form(&field);
        let values = self.values();
        let situation = Situation {
            flow: Some(&flow),
            values: Some(&values),
            ..Situation::default()
        };
        if !self.decided_by_policy(situation, &[], None, 1.0, now) {
            self.go_on(Vec::new(), now);
        }
    }

    fn missed(&mut self, now: Now) {
        let tries = |flow: &str| self.pack.flow(flow).map_or(3, |flow| flow.tries);
        let limit = self.run().map_or(3, |run| tries(&run.flow));
        let together = self.is_together();
        let Some(run) = self.run_mut() else { return };
        run.failed += 1;
        let failed = run.failed;
        if failed >= limit && !together {
            let flow = run.flow.clone();
            let step = self.run().and_then(|run| run.step(&self.pack));
            let step = step.map(|step| step.id.clone()).unwrap_or_default();
            let detail =
                format!("{failed} answers to “{step}” of the flow {flow} could not be taken");
            let trigger = Trigger::new(ReasonCode::RepeatedFailure, "failed_answers", 1.0, detail);
            return self.escalate(trigger, now);
        }
        let asking = |run: &&Run| run.state == State::Asking;
        let own = self.run().filter(asking).and_then(|run| {
            let invalid = run.ask(&self.pack)?.invalid.as_ref()?;
            Some(AgentLine::Written(run.fill(invalid)))
        });
        let line = own.unwrap_or(AgentLine::Phrase(Phrase::AnswerNotTaken));
        match together {
            true => self.missed_on_form(line),
            false => self.ask_again(vec![line], now),
        }
    }
}
