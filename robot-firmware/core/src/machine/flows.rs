//! Matters that take several questions: asking, reading back, going back, giving up.

use madoguchi_shared::packet::{Fact, ReasonCode};

use super::Machine;
use crate::case::Trigger;
use crate::lines::AgentLine;
use crate::output::Milestone;
use crate::pack::flow::Does;
use crate::pack::policy::Situation;
use crate::pack::{Phrase, Texts};
use crate::run::{Run, State};
use crate::slot::{Command, Kind, Value, in_words};
use crate::time::Now;
use crate::visit::{Phase, Visit, Wish};

impl Machine {
    pub(crate) fn run(&self) -> Option<&Run> {
        let visit = self.visit.as_ref()?;
        let serves = match &visit.phase {
            Phase::Agent => visit.together.is_none(),
            _ => self.is_together(),
        };
        serves.then(|| visit.runs.last())?
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
        if self.awaits_contact() {
            return true;
        }
        self.run().is_some_and(|run| match run.state {
            State::ReadingBack(_) | State::Consent => true,
            State::Asking => run
                .ask(&self.pack)
                .is_some_and(|ask| ask.kind == Kind::YesNo),
            State::Calling { .. } => false,
        })
    }

    /// Whether a flow that asks for a secret is under way.
    pub(super) fn asks_for_secret(&self) -> bool {
        let runs = self.visit.iter().flat_map(|visit| &visit.runs);
        let mut flows = runs.filter_map(|run| self.pack.flow(&run.flow));
        flows.any(|flow| {
            let mut steps = flow.steps.iter();
            steps.any(|step| matches!(&step.does, Does::Ask(ask) if ask.secret))
        })
    }

    /// Whether words may be in any language now: names, addresses and secrets belong to none.
    pub(super) fn awaits_a_name(&self) -> bool {
        if self.asks_for_secret() || self.awaits_contact() {
            return true;
        }
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
                if !self.is_together() {
                    lines.push(AgentLine::Phrase(Phrase::AnythingElse));
                }
                return self.say_all(lines, now);
            };
            let flow_id = run.flow.clone();
            let flow = pack.flow(&run.flow);
            let next = flow.and_then(|flow| Some((flow, run.next(flow)?)));
            let Some((flow, place)) = next else {
                if !self.finish_run(now) {
                    let detail = format!("the flow {} verified nobody", flow_id);
                    let trigger = Trigger::new(ReasonCode::IdentityNeeded, "flow", 1.0, detail);
                    return self.escalate_after(lines, trigger, now);
                }
                continue;
            };
            run.place = place;
            match &flow.steps[place].does {
                Does::Ask(ask) => {
                    if run.asked.last() != Some(&place) {
                        run.asked.push(place);
                    }
                    let prompt = AgentLine::Written(run.fill(&ask.prompt));
                    self.wait_for(State::Asking);
                    if !self.is_together() {
                        lines.push(prompt);
                    }
                    self.say_all(lines, now);
                    // What can't be read stands in the field, to be mended.
                    let _ = self.read_draft(now);
                    return;
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

    /// Ends the last flow at its end; false when it should have verified somebody and did not.
    fn finish_run(&mut self, now: Now) -> bool {
        let run = self.visit.as_mut().and_then(|visit| visit.runs.pop());
        let Some(run) = run else { return true };
        let held = self.verified_by(&run, now);
        if let Some(visit) = &mut self.visit {
            visit.keep_facts_of(&run);
            visit.mood.is_settled();
        }
        self.milestone(Milestone::FlowDone(run.flow));
        held
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
        let line = match lines.len() {
            0 => return,
            1 => lines.remove(0),
            _ => AgentLine::Then(lines),
        };
        match self.is_together() {
            true => self.says_on_form(line, now),
            false => self.say(&line, now),
        }
    }

    /// Waits for something, as a question of its own on the screen.
    pub(super) fn wait_for(&mut self, state: State) {
        self.next_form += 1;
        let (number, after) = (self.next_form, self.last_utterance);
        if let Some(run) = self.run_mut() {
            run.state = state;
            run.number = number;
            run.after = after;
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
        let together = self.is_together();
        lines.extend(texts.filter(|_| !together).map(AgentLine::Written));
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

    pub(super) fn obey(&mut self, command: Command, now: Now) {
        if self.run().is_none() {
            return;
        }
        self.begin_visit(None, now);
        if self.is_calling() {
            return match command {
                Command::Cancel if self.is_changing() => self.wish(Wish::Cancel, now),
                Command::Cancel => self.cancel_flow(now),
                Command::Back | Command::StartOver => {}
            };
        }
        let Some(run) = self.run_mut() else { return };
        match command {
            Command::Back => {
                if let Some(place) = run.previous() {
                    run.back_to(place);
                }
                self.go_on(Vec::new(), now);
            }
            Command::StartOver => {
                run.back_to(run.done);
                self.go_on(Vec::new(), now);
            }
            Command::Cancel => self.cancel_flow(now),
        }
    }

    pub(super) fn cancel_flow(&mut self, now: Now) {
        if self.run().is_some() {
            self.leave_flows();
            self.say_all(vec![AgentLine::Phrase(Phrase::FormCancelled)], now);
        }
    }
}

impl Visit {
    /// What a flow learned, for a packet; of a secret only that there was one.
    pub(super) fn keep_facts_of(&mut self, run: &Run) {
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
