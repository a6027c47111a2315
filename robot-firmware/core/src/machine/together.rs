//! A form that operator and visitor of a call fill in together: a flow of the pack, under the rules
//! that hold without an operator (docs/decisions/0028-filling-together.md).

use std::collections::BTreeMap;

use madoguchi_shared::ids::{CaseId, Lang, OperatorId};
use madoguchi_shared::together::{
    FORM_TEXT_MAX_BYTES, FieldState, FormWish, LeftToOperator, NotFilled, Writer,
};

use super::Machine;
use crate::bounded::{LONGEST_LINE, one_line};
use crate::case::Trigger;
use crate::lines::AgentLine;
use crate::output::Output;
use crate::pack::policy::Situation;
use crate::run::{Run, State};
use crate::slot::{Command, Kind, Value};
use crate::time::Now;
use crate::visit::Phase;

/// The form of a call.
#[derive(Debug, Clone)]
pub(crate) struct Together {
    pub(super) operator: OperatorId,
    pub(super) flow: String,
    /// What stands in fields and isn't confirmed, by field.
    pub(super) drafts: BTreeMap<String, Draft>,
    /// What was said of it last.
    pub(super) said: Option<AgentLine>,
    pub(super) left: Option<LeftToOperator>,
}

#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) text: String,
    pub(super) by: Writer,
    /// Whether it is meant as the answer, once its turn comes.
    ready: bool,
}

impl Machine {
    /// Whether the flow under way is one of a call.
    pub(crate) fn is_together(&self) -> bool {
        self.together().is_some()
    }

    pub(super) fn together(&self) -> Option<&Together> {
        let visit = self.visit.as_ref()?;
        match &visit.phase {
            Phase::Operator { operator, .. } => {
                let together = visit.together.as_ref();
                together.filter(|own| own.operator == operator.id)
            }
            _ => None,
        }
    }

    fn together_mut(&mut self) -> Option<&mut Together> {
        let together = self.is_together();
        let visit = self.visit.as_mut()?;
        visit.together.as_mut().filter(|_| together)
    }

    /// A form is part of its call: what it has learned stays known, the rest goes.
    pub(super) fn form_ends_with_the_call(&mut self) {
        let there = self.visit.as_ref().is_some_and(|v| v.together.is_some());
        if there && !self.is_together() {
            self.close_form();
        }
    }

    fn close_form(&mut self) {
        self.leave_flows();
        if let Some(visit) = &mut self.visit {
            visit.together = None;
        }
    }

    /// The operator does something with a form.
    pub(super) fn fill_in(&mut self, case_id: CaseId, wish: FormWish, now: Now) {
        let operator = match self.visit.as_ref().map(|visit| &visit.phase) {
            Some(Phase::Operator { operator, case, .. }) if case.id == case_id => operator.id,
            _ => return,
        };
        if wish.len_bytes() > FORM_TEXT_MAX_BYTES {
            return self.tell_form(case_id, Some(NotFilled::Gone));
        }
        let refused = match wish {
            FormWish::Open { flow } => self.open_form(&flow, operator, now),
            FormWish::Write { field, text } => self.write(&field, &text, false, now),
            FormWish::Answer { field, text } => self.write(&field, &text, true, now),
            FormWish::Back => {
                self.obey_on_form(Command::Back, now);
                None
            }
            FormWish::Close => {
                self.cancel_form(now);
                if self.run().is_none() {
                    self.close_form();
                }
                None
            }
        };
        if refused.is_some() {
            self.tell_form(case_id, refused);
        }
    }

    /// Leaves the form, or takes away what is left of one that is over.
    pub(super) fn cancel_form(&mut self, now: Now) {
        if self.is_together() && self.run().is_none() {
            return self.close_form();
        }
        self.obey(Command::Cancel, now);
    }

    fn obey_on_form(&mut self, command: Command, now: Now) {
        if self.is_together() {
            self.obey(command, now);
        }
    }

    fn open_form(&mut self, id: &str, operator: OperatorId, now: Now) -> Option<NotFilled> {
        if self.is_changing() {
            return Some(NotFilled::Gone);
        }
        if self.pack.flow(id).is_none() {
            return Some(NotFilled::NotInPack);
        }
        self.close_form();
        let visit = self.visit.as_mut()?;
        // What was proven to the robot alone opens no account to an operator.
        visit.verified = None;
        visit.together = Some(Together {
            operator,
            flow: id.to_owned(),
            drafts: BTreeMap::new(),
            said: None,
            left: None,
        });
        let situation = Situation {
            flow: Some(id),
            ..Situation::default()
        };
        if self.decided_by_policy(situation, &[], None, 1.0, now) {
            return Some(NotFilled::RuleForbids);
        }
        self.visit.as_mut()?.runs.push(Run::new(id));
        self.go_on(Vec::new(), now);
        None
    }

    /// The operator writes in a field; an answer is read back once its turn comes.
    fn write(&mut self, field: &str, text: &str, ready: bool, now: Now) -> Option<NotFilled> {
        let found = self.fields().into_iter().find(|own| own.id == field);
        let Some(found) = found.filter(|own| own.state != FieldState::Confirmed) else {
            return Some(NotFilled::Gone);
        };
        if found.secret {
            return Some(NotFilled::Secret);
        }
        let by = Writer::Operator;
        let text = one_line(text, LONGEST_LINE);
        let together = self.together_mut()?;
        together
            .drafts
            .insert(field.to_owned(), Draft { text, by, ready });
        if found.state == FieldState::Later {
            return None;
        }
        if found.state == FieldState::ReadBack {
            // A yes to what stood there before counts no more.
            self.wait_for(State::Asking);
        }
        match ready {
            true => self.read_draft(now),
            false => None,
        }
    }

    /// The visitor writes in the field that is asked.
    pub(super) fn visitor_writes(&mut self, form: u32, text: &str) {
        let asked = self
            .run()
            .filter(|run| run.number == form && run.state == State::Asking);
        let secret = asked.and_then(|run| Some(run.ask(&self.pack)?.secret));
        if secret != Some(false) {
            return;
        }
        let text = one_line(text, LONGEST_LINE);
        self.keep_draft(text, Writer::Visitor);
    }

    /// What the visitor answers stands in the field until it is confirmed.
    pub(super) fn keep_draft(&mut self, text: String, by: Writer) {
        let Some(field) = self.asked_field() else {
            return;
        };
        if let Some(together) = self.together_mut() {
            let ready = false;
            together.drafts.insert(field, Draft { text, by, ready });
        }
    }

    /// Takes what the operator has written for the field that is asked now, if it is an answer.
    pub(super) fn read_draft(&mut self, now: Now) -> Option<NotFilled> {
        let field = self.asked_field()?;
        let drafts = &self.together()?.drafts;
        let ready = drafts.get(&field).filter(|draft| draft.ready)?;
        let text = ready.text.clone();
        // It is put to the visitor once: what they refuse or go back from doesn't come again.
        if let Some(draft) = self.together_mut()?.drafts.get_mut(&field) {
            draft.ready = false;
        }
        match self.read_answer(&text) {
            Some(value) => {
                self.read_back_to_visitor(value, now);
                None
            }
            None => Some(NotFilled::NotRead),
        }
    }

    fn read_back_to_visitor(&mut self, value: Value, now: Now) {
        self.wait_for(State::ReadingBack(value));
        self.ask_again(Vec::new(), now);
    }

    /// What is confirmed goes to the case at once.
    pub(super) fn confirmed_on_form(&mut self, field: &str) {
        let Some(together) = self.together_mut() else {
            return;
        };
        together.drafts.remove(field);
        together.said = None;
        if let Some(visit) = &mut self.visit
            && let Some(run) = visit.runs.last().cloned()
        {
            visit.keep_facts_of(&run);
        }
        self.send_case();
    }

    /// What is said of a form stands on it and in the transcript; the voice is the operator's.
    pub(super) fn says_on_form(&mut self, line: AgentLine, now: Now) {
        self.note(&line, now);
        if let Some(together) = self.together_mut() {
            together.said = Some(line);
        }
    }

    /// The same of an answer that can't be taken, which is no line of the conversation.
    pub(super) fn missed_on_form(&mut self, line: AgentLine) {
        if let Some(together) = self.together_mut() {
            together.said = Some(line);
        }
    }

    /// Where a person would be called, one is there already.
    pub(super) fn left_to_operator(&mut self, lines: Vec<AgentLine>, trigger: &Trigger, now: Now) {
        self.leave_flows();
        self.say_all(lines, now);
        let evidence = trigger.reason.evidence.first();
        let left = LeftToOperator {
            code: trigger.reason.code,
            detail: evidence.map(|own| own.detail.clone()).unwrap_or_default(),
        };
        if let Some(together) = self.together_mut() {
            together.left = Some(left);
        }
        self.send_case();
    }

    /// The name of the field that is asked or read back.
    pub(super) fn asked_field(&self) -> Option<String> {
        let run = self.run()?;
        run.ask(&self.pack)?;
        Some(field_id(&run.flow, &run.step(&self.pack)?.id))
    }

    /// Number of the form's question, where what the visitor types is its answer.
    pub(super) fn asks_for_words_on_form(&self) -> Option<u32> {
        let run = self.run().filter(|_| self.is_together())?;
        let kind = run.ask(&self.pack)?.kind;
        let wants_words = matches!(kind, Kind::Name | Kind::Address);
        (wants_words && run.state == State::Asking).then_some(run.number)
    }

    /// Tells the operator how the form stands.
    pub(super) fn tell_form(&mut self, case_id: CaseId, refused: Option<NotFilled>) {
        let form = self.operators_form();
        self.told_form.clone_from(&form);
        self.emit(Output::SendForm {
            case_id,
            form: form.map(Box::new),
            refused,
        });
    }

    /// The same where it has changed.
    pub(super) fn tell_changed_form(&mut self) {
        if self.told_form == self.operators_form() {
            return;
        }
        match self.visit.as_ref().map(|visit| &visit.phase) {
            Some(Phase::Operator { case, .. }) => {
                let case_id = case.id;
                self.tell_form(case_id, None);
            }
            _ => self.told_form = None,
        }
    }

    /// The first of the operator's languages that the pack has.
    pub(super) fn operators_pack_language(&self) -> Option<Lang> {
        let Some(Phase::Operator { operator, .. }) = self.visit.as_ref().map(|own| &own.phase)
        else {
            return None;
        };
        let mut own = operator.languages.iter();
        let served = own.find_map(|own| self.pack.serves(own));
        Some(served.unwrap_or(self.pack.lingua_franca()).clone())
    }
}

pub(super) fn field_id(flow: &str, step: &str) -> String {
    format!("{flow}/{step}")
}
