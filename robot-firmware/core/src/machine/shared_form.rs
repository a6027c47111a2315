//! How a form that is filled in together looks to each of the two.

use madoguchi_shared::ids::Lang;
use madoguchi_shared::screen::FormChoice;
use madoguchi_shared::together::{FieldState, SharedField, SharedForm, Writer};

use super::Machine;
use super::together::field_id;
use crate::pack::flow::{Ask, Does};
use crate::run::{REDACTED, Run, State};
use crate::slot::{Choice, Value, in_words};
use crate::view::kind_of;

impl Machine {
    /// The form in the visitor's language.
    pub(crate) fn visitors_form(&self) -> Option<SharedForm> {
        let language = self.shown_language()?;
        let mut form = self.shared_form(&language)?;
        form.left = None;
        Some(form)
    }

    /// The form in the operator's language; secrets and what the visitor takes along stay here.
    pub(super) fn operators_form(&self) -> Option<SharedForm> {
        let language = self.operators_pack_language()?;
        let mut form = self.shared_form(&language)?;
        form.attachments.clear();
        Some(form)
    }

    /// Its fields, in whatever language.
    pub(super) fn fields(&self) -> Vec<SharedField> {
        let language = self.shown_language();
        let form = language.and_then(|language| self.shared_form(&language));
        form.map_or_else(Vec::new, |form| form.fields)
    }

    fn shared_form(&self, language: &Lang) -> Option<SharedForm> {
        let together = self.together()?;
        let visit = self.visit.as_ref()?;
        let flow = self.pack.flow(&together.flow)?;
        let runs = visit.runs.iter();
        let fields = runs.flat_map(|run| self.fields_of(run, language));
        let consent = |run: &Run| match run.state {
            State::Consent => self.consent_text(run)?.get(language).cloned(),
            _ => None,
        };
        let said = together.said.as_ref();
        let said = said.map(|line| line.render(&self.pack, language));
        let (said, detail, attachments) = said.map_or((None, None, Vec::new()), |own| {
            (Some(own.text), own.detail, own.attachments)
        });
        Some(SharedForm {
            flow: flow.id.clone(),
            title: flow.title(language).to_owned(),
            language: language.clone(),
            fields: fields.collect(),
            consent: self.run().and_then(consent),
            busy: self.is_calling(),
            can_go_back: !self.is_calling() && self.run().is_some_and(|r| r.previous().is_some()),
            said,
            detail,
            attachments,
            ended: visit.runs.is_empty(),
            left: together.left.clone(),
        })
    }

    fn fields_of(&self, run: &Run, language: &Lang) -> Vec<SharedField> {
        let Some(flow) = self.pack.flow(&run.flow) else {
            return Vec::new();
        };
        let steps = flow.steps.iter().enumerate();
        let may_come = steps.filter(|(_, step)| {
            let test = step.when.as_ref();
            test.is_none_or(|test| !run.known.contains_key(&test.step) || run.holds(test))
        });
        let fields = may_come.filter_map(|(place, step)| match &step.does {
            Does::Ask(ask) => Some(self.field(run, place, &step.id, ask, language)),
            Does::Say(_) | Does::Act { .. } | Does::Person(_) => None,
        });
        fields.collect()
    }

    fn field(
        &self,
        run: &Run,
        place: usize,
        step: &str,
        ask: &Ask,
        language: &Lang,
    ) -> SharedField {
        let (kind, digits) = kind_of(ask.kind);
        let choices = run.choices(ask, language);
        let in_its_words = |value: &Value| match value {
            _ if ask.secret => REDACTED.to_owned(),
            Value::Choice { value, label } => label_of(&choices, value).unwrap_or(label).to_owned(),
            value => in_words(value, language),
        };
        let present = self.run().is_some_and(|own| own.number == run.number) && run.place == place;
        let (state, value) = match (run.known.get(step), &run.state) {
            (Some(known), _) => (FieldState::Confirmed, Some(in_its_words(&known.value))),
            (None, State::ReadingBack(value)) if present => {
                (FieldState::ReadBack, Some(in_its_words(value)))
            }
            (None, _) if present => (FieldState::Asked, None),
            (None, _) => (FieldState::Later, None),
        };
        let id = field_id(&run.flow, step);
        let draft = self.together().and_then(|own| own.drafts.get(&id));
        let by = match draft {
            Some(draft) => Some(draft.by),
            None => value.is_some().then_some(Writer::Visitor),
        };
        let label = run.fill(&ask.prompt);
        let label = label.get(language).or(label.values().next());
        let choice = |Choice { value, label, .. }| FormChoice { value, label };
        SharedField {
            id,
            label: label.cloned().unwrap_or_default(),
            kind,
            choices: choices.iter().cloned().map(choice).collect(),
            digits,
            secret: ask.secret,
            state,
            draft: draft
                .filter(|_| !ask.secret)
                .map(|draft| draft.text.clone()),
            by,
            value,
        }
    }
}

fn label_of<'c>(choices: &'c [Choice], value: &str) -> Option<&'c String> {
    let own = choices.iter().find(|choice| choice.value == value);
    own.map(|choice| &choice.label)
}
