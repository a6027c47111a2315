//! Matters that take several questions: asking, reading back, going back, giving up.

use madoguchi_shared::packet::{Channel, Fact, FactSource, ReasonCode, Speaker};

use super::Machine;
use crate::case::Trigger;
use crate::lines::AgentLine;
use crate::output::Milestone;
use crate::pack::flow::Does;
use crate::pack::policy::Situation;
use crate::pack::{Phrase, Texts};
use crate::run::{Known, REDACTED, Run, State};
use crate::slot::{self, Command, Kind, Question, Reading, Value, in_words};
use crate::time::Now;
use crate::understanding::{Outcome, Understanding};
use crate::visit::{Phase, Words};

/// How sure a question must be understood in the middle of another one.
const INTERRUPTING: f32 = 0.8;
/// A longer sentence that begins with "yes" goes on with something else.
const LONGEST_YES: usize = 30;

impl Machine {
    pub(crate) fn run(&self) -> Option<&Run> {
        let visit = self.visit.as_ref()?;
        matches!(visit.phase, Phase::Agent).then(|| visit.runs.last())?
    }

    pub(super) fn run_mut(&mut self) -> Option<&mut Run> {
        self.visit.as_mut()?.runs.last_mut()
    }

    pub(crate) fn is_calling(&self) -> bool {
        self.run()
            .is_some_and(|run| matches!(run.state, State::Calling { .. }))
    }

    /// Whether a "yes" is an answer now, not only a sign that somebody listens.
    pub(super) fn awaits_yes_or_no(&self) -> bool {
        self.run().is_some_and(|run| match run.state {
            State::ReadingBack(_) | State::Consent => true,
            State::Asking => run
                .ask(&self.pack)
                .is_some_and(|ask| ask.kind == Kind::YesNo),
            State::Calling { .. } => false,
        })
    }

    /// Whether words may be in any language now: names and addresses belong to none.
    pub(super) fn awaits_a_name(&self) -> bool {
        let kind = self
            .run()
            .and_then(|run| run.ask(&self.pack))
            .map(|ask| ask.kind);
        matches!(kind, Some(Kind::Name | Kind::Address | Kind::Number { .. }))
    }

    /// Begins a flow, after what is to be said first.
    pub(super) fn begin_flow(
        &mut self,
        id: &str,
        before: Vec<AgentLine>,
        turn: Option<u32>,
        now: Now,
    ) {
        let situation = Situation {
            flow: Some(id),
            ..Situation::default()
        };
        if self.decided_by_policy(situation, &before, turn, 1.0, now) {
            return;
        }
        let Some(visit) = &mut self.visit else { return };
        visit.failed_answers = 0;
        visit.runs.push(Run::new(id));
        self.milestone(Milestone::FlowBegan(id.to_owned()));
        self.go_on(before, now);
    }

    /// Takes the steps that come now, up to one that waits for something.
    pub(super) fn go_on(&mut self, mut lines: Vec<AgentLine>, now: Now) {
        loop {
            let pack = &self.pack;
            let Some(run) = self.visit.as_mut().and_then(|visit| visit.runs.last_mut()) else {
                lines.push(AgentLine::Phrase(Phrase::AnythingElse));
                return self.say_all(lines, now);
            };
            let flow = pack.flow(&run.flow);
            let next = flow.and_then(|flow| Some((flow, run.next(flow)?)));
            let Some((flow, place)) = next else {
                self.finish_run();
                continue;
            };
            run.place = place;
            match &flow.steps[place].does {
                Does::Ask(ask) => {
                    if run.asked.last() != Some(&place) {
                        run.asked.push(place);
                    }
                    lines.push(AgentLine::Written(run.fill(&ask.prompt)));
                    self.wait_for(State::Asking);
                    return self.say_all(lines, now);
                }
                Does::Say(texts) => {
                    lines.push(AgentLine::Written(run.fill(texts)));
                    run.place += 1;
                }
                Does::Person(code) => {
                    let (code, detail) = (*code, format!("step of the flow {}", flow.id));
                    let trigger = Trigger::new(code, "flow", 1.0, detail);
                    return self.escalate_after(lines, trigger, now);
                }
                Does::Act { action, .. } => {
                    let action = action.clone();
                    match self.act(&action, lines, now) {
                        Some(more) => lines = more,
                        None => return,
                    }
                }
            }
        }
    }

    fn finish_run(&mut self) {
        let Some(visit) = &mut self.visit else { return };
        let Some(run) = visit.runs.pop() else { return };
        if let Some(level) = self
            .pack
            .flow(&run.flow)
            .and_then(|flow| flow.grants.clone())
        {
            visit.verified = Some((level, run.known.clone()));
        }
        visit.keep_facts_of(&run);
        self.milestone(Milestone::FlowDone(run.flow));
    }

    /// Leaves all flows; what they learned stays known.
    pub(super) fn leave_flows(&mut self) {
        let Some(visit) = &mut self.visit else { return };
        let runs = std::mem::take(&mut visit.runs);
        for run in &runs {
            visit.keep_facts_of(run);
        }
        for run in runs {
            self.milestone(Milestone::FlowLeft(run.flow));
        }
    }

    pub(super) fn say_all(&mut self, mut lines: Vec<AgentLine>, now: Now) {
        match lines.len() {
            0 => {}
            1 => self.say(&lines.remove(0), now),
            _ => self.say(&AgentLine::Then(lines), now),
        }
    }

    /// Waits for something, as a question of its own on the screen.
    pub(super) fn wait_for(&mut self, state: State) {
        self.next_form += 1;
        let number = self.next_form;
        if let Some(run) = self.run_mut() {
            run.state = state;
            run.number = number;
        }
    }

    /// Puts the present question once more.
    pub(super) fn ask_again(&mut self, mut lines: Vec<AgentLine>, now: Now) {
        let Some(run) = self.run() else {
            return self.say_all(lines, now);
        };
        let texts = match &run.state {
            State::Asking => run.ask(&self.pack).map(|ask| run.fill(&ask.prompt)),
            State::ReadingBack(value) => Some(self.read_back(run, value)),
            State::Consent => self.consent_text(run),
            State::Calling { .. } => None,
        };
        lines.extend(texts.map(AgentLine::Written));
        self.say_all(lines, now);
    }

    fn read_back(&self, run: &Run, value: &Value) -> Texts {
        let ask = run.ask(&self.pack);
        let secret = ask.is_some_and(|ask| ask.secret);
        let own = ask
            .and_then(|ask| ask.read_back.as_ref())
            .filter(|_| !secret);
        let phrase = match secret {
            true => Phrase::ReadBackSecret,
            false => Phrase::ReadBack,
        };
        let languages = self.pack.languages().iter();
        let text = languages.map(|language| {
            let own = own.and_then(|texts| texts.get(language));
            let text = own.map_or_else(|| self.pack.phrase(language, phrase), String::as_str);
            let text = text.replace("{value}", &in_words(value, language));
            (language.clone(), text)
        });
        run.fill(&text.collect())
    }

    /// Takes words as an answer when they can't be anything else. The words of a secret leave the
    /// transcript whatever they are.
    pub(super) fn answer_at_once(&mut self, turn: u32, text: &str, now: Now) -> bool {
        let Some(run) = self.run() else { return false };
        let Some(visit) = &self.visit else {
            return false;
        };
        let language = visit.language.clone();
        let secret = run.ask(&self.pack).is_some_and(|ask| ask.secret);
        if let Some(command) = slot::command(text, &language) {
            self.obey(command, now);
            return true;
        }
        let yes_or_no = (text.chars().count() <= LONGEST_YES)
            .then(|| slot::yes_or_no(text, &language))
            .flatten();
        match (&run.state, yes_or_no) {
            (State::Calling { .. }, _) => return false,
            (State::ReadingBack(_) | State::Consent, Some(true)) => {
                self.confirmed(true, now);
                return true;
            }
            (State::ReadingBack(_), Some(false)) => {
                if secret {
                    self.redact(turn);
                }
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
        if secret {
            self.redact(turn);
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
    pub(super) fn answer_in_flow(&mut self, text: &str, understood: &Understanding, now: Now) {
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
            self.note_answer(&topic);
            return self.ask_again(vec![AgentLine::Answer(topic)], now);
        }
        match reading {
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

    /// An answer from the screen.
    pub(super) fn answered(&mut self, form: u32, text: &str, now: Now) {
        let Some(run) = self.run().filter(|run| run.number == form) else {
            return;
        };
        if run.state != State::Asking {
            return;
        }
        let secret = run.ask(&self.pack).is_some_and(|ask| ask.secret);
        let reading = self.read(text);
        let Some(visit) = &self.visit else { return };
        let language = visit.language.clone();
        let shown = match &reading {
            _ if secret => REDACTED.to_owned(),
            Ok(reading) => in_words(&reading.value, &language),
            Err(_) => text.chars().take(60).collect(),
        };
        self.touched(shown, now);
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
            },
            now,
        );
    }

    fn redact(&mut self, turn: u32) {
        if let Some(line) = self.visit.as_mut().and_then(|visit| visit.line_mut(turn)) {
            REDACTED.clone_into(&mut line.turn.text);
            REDACTED.clone_into(&mut line.caption.text);
        }
    }

    fn take(&mut self, value: Value, now: Now) {
        let must_confirm = !matches!(value, Value::Choice { .. } | Value::YesNo(_));
        if !must_confirm {
            return self.accept(value, FactSource::ConfirmedByResident, now);
        }
        self.wait_for(State::ReadingBack(value));
        self.ask_again(Vec::new(), now);
    }

    fn confirmed(&mut self, yes: bool, now: Now) {
        let Some(run) = self.run_mut() else { return };
        match (&run.state, yes) {
            (State::ReadingBack(value), true) => {
                let value = value.clone();
                self.accept(value, FactSource::ConfirmedByResident, now);
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

    fn accept(&mut self, value: Value, source: FactSource, now: Now) {
        let pack = &self.pack;
        let Some(run) = self.visit.as_mut().and_then(|visit| visit.runs.last_mut()) else {
            return;
        };
        let Some(step) = run.step(pack) else { return };
        let known = Known {
            value,
            source: Some(source),
            secret: run.ask(pack).is_some_and(|ask| ask.secret),
            place: run.place,
        };
        run.known.insert(step.id.clone(), known);
        run.failed = 0;
        run.place += 1;
        let (flow, values) = (run.flow.clone(), run.data());
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
        let Some(run) = self.run_mut() else { return };
        run.failed += 1;
        let failed = run.failed;
        if failed >= limit {
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
        self.ask_again(vec![line], now);
    }

    pub(super) fn obey(&mut self, command: Command, now: Now) {
        if self.is_calling() || self.run().is_none() {
            return;
        }
        self.begin_visit(None, now);
        let Some(run) = self.run_mut() else { return };
        match command {
            Command::Back => {
                let present = matches!(run.state, State::Asking);
                let back = run.asked.iter().rev().nth(usize::from(present)).copied();
                if let Some(place) = back {
                    run.back_to(place);
                }
                self.go_on(Vec::new(), now);
            }
            Command::StartOver => {
                run.back_to(0);
                self.go_on(Vec::new(), now);
            }
            Command::Cancel => self.cancel_flow(now),
        }
    }

    fn cancel_flow(&mut self, now: Now) {
        if self.run().is_some() {
            self.leave_flows();
            self.say(&AgentLine::Phrase(Phrase::FormCancelled), now);
        }
    }
}

impl crate::visit::Visit {
    /// What a flow learned, for a packet; of a secret only that there was one.
    fn keep_facts_of(&mut self, run: &Run) {
        for (name, known) in &run.known {
            let Some(source) = known.source else { continue };
            if known.secret {
                if !self.redacted.contains(name) {
                    self.redacted.push(name.clone());
                }
                continue;
            }
            self.facts.retain(|fact| fact.name != *name);
            self.facts.push(Fact {
                name: name.clone(),
                value: known.data(),
                source,
            });
        }
    }
}
