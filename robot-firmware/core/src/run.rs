//! A flow under way: where it stands, and what is known by now.

use std::collections::BTreeMap;

use madoguchi_shared::ids::Lang;
use madoguchi_shared::packet::FactSource;

use crate::pack::flow::{Ask, Does, Flow, Step, Test};
use crate::pack::{Pack, Texts};
use crate::slot::{Choice, Value, data_in_words, in_words};

/// What stands in the place of a secret.
pub(crate) const REDACTED: &str = "••••";

/// A flow under way.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub(crate) flow: String,
    /// The step that it is at.
    pub(crate) place: usize,
    /// The questions asked so far.
    pub(crate) asked: Vec<usize>,
    pub(crate) known: BTreeMap<String, Known>,
    /// What tools listed to choose from: values with what people read.
    pub(crate) lists: BTreeMap<String, Vec<(String, String)>>,
    pub(crate) state: State,
    /// Whether the visitor agreed to the action at this place.
    pub(crate) consented: bool,
    /// Answers to this question that could not be taken.
    pub(crate) failed: u8,
    /// Steps before this one aren't taken again: something was changed there.
    pub(crate) done: usize,
    /// How often nothing was found.
    pub(crate) tries: u8,
    /// Number of the question on the screen.
    pub(crate) number: u32,
    /// Utterances up to this one began before the question.
    pub(crate) after: u32,
}

/// What the flow waits for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum State {
    /// An answer.
    Asking,
    /// Whether this is what was meant.
    ReadingBack(Value),
    /// Whether the action may be taken.
    Consent,
    /// A tool.
    Calling {
        call: u64,
        /// When the visitor is asked for patience; absent once that is done.
        slow_at: Option<u64>,
    },
}

/// Something known.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) value: Value,
    /// Absent for what is no fact about the matter, such as an action's outcome.
    pub(crate) source: Option<FactSource>,
    pub(crate) secret: bool,
    /// The step that it came from.
    pub(crate) place: usize,
}

impl Known {
    pub(crate) fn data(&self) -> String {
        self.value.as_data()
    }
}

impl Run {
    pub(crate) fn new(flow: &str) -> Self {
        Self {
            flow: flow.to_owned(),
            place: 0,
            asked: Vec::new(),
            known: BTreeMap::new(),
            lists: BTreeMap::new(),
            state: State::Asking,
            consented: false,
            failed: 0,
            done: 0,
            tries: 0,
            number: 0,
            after: 0,
        }
    }

    /// Everything known, as data.
    pub(crate) fn data(&self) -> BTreeMap<String, String> {
        let known = self.known.iter();
        known
            .map(|(name, known)| (name.clone(), known.data()))
            .collect()
    }

    pub(crate) fn step<'p>(&self, pack: &'p Pack) -> Option<&'p Step> {
        pack.flow(&self.flow)?.steps.get(self.place)
    }

    pub(crate) fn ask<'p>(&self, pack: &'p Pack) -> Option<&'p Ask> {
        match &self.step(pack)?.does {
            Does::Ask(ask) => Some(ask),
            _ => None,
        }
    }

    /// Whether a test holds; what nobody asked about is nothing in particular.
    pub(crate) fn holds(&self, test: &Test) -> bool {
        let value = self.known.get(&test.step).map(Known::data);
        (value.as_deref() == Some(test.value.as_str())) == test.is
    }

    /// The next step from here on that isn't passed over.
    pub(crate) fn next(&self, flow: &Flow) -> Option<usize> {
        let goes = |place: &usize| {
            let step = flow.steps.get(*place);
            step.is_some_and(|step| step.when.as_ref().is_none_or(|test| self.holds(test)))
        };
        (self.place..flow.steps.len()).find(goes)
    }

    /// The question before the present one, unless something was changed since.
    pub(crate) fn previous(&self) -> Option<usize> {
        let present = usize::from(self.state == State::Asking);
        let previous = self.asked.iter().rev().nth(present).copied();
        previous.filter(|place| *place >= self.done)
    }

    /// Goes back to a question and forgets what came after.
    pub(crate) fn back_to(&mut self, place: usize) {
        self.place = place;
        self.known.retain(|_, known| known.place < place);
        self.asked.retain(|asked| *asked < place);
        self.state = State::Asking;
        self.consented = false;
        self.failed = 0;
    }

    /// How many questions there are, as far as that is known.
    pub(crate) fn questions(&self, flow: &Flow) -> usize {
        let may_come = |step: &&Step| {
            let test = step.when.as_ref();
            let open = |test: &Test| !self.known.contains_key(&test.step) || self.holds(test);
            matches!(step.does, Does::Ask(_)) && test.is_none_or(open)
        };
        let ahead = flow.steps.iter().skip(self.place + 1).filter(may_come);
        self.asked.len() + ahead.count()
    }

    pub(crate) fn choices(&self, ask: &Ask, language: &Lang) -> Vec<Choice> {
        let listed = ask
            .choices_from
            .as_ref()
            .and_then(|list| self.lists.get(list));
        let listed = listed.into_iter().flatten().map(|(value, label)| Choice {
            value: value.clone(),
            label: data_in_words(label, language),
            also: Vec::new(),
        });
        let written = ask.choices.iter().map(|choice| choice.choice(language));
        written.chain(listed).collect()
    }

    /// A text with what is known in its places, in every language; no secret is ever told.
    pub(crate) fn fill(&self, texts: &Texts) -> Texts {
        let filled = |language: &Lang, text: &String| {
            let mut filled = String::new();
            let mut rest = text.as_str();
            while let Some((before, after)) = rest.split_once('{') {
                filled += before;
                let named = after.split_once('}');
                let known = named.and_then(|(name, after)| Some((self.known.get(name)?, after)));
                if let Some((known, after)) = known {
                    filled += &known.in_words(language);
                    rest = after;
                } else {
                    filled.push('{');
                    rest = after;
                }
            }
            filled + rest
        };
        let all = texts.iter();
        all.map(|(language, text)| (language.clone(), filled(language, text)))
            .collect()
    }

    /// A constant or template of an action's arguments; absent when something isn't known.
    pub(crate) fn argument(&self, template: &str, shown: bool) -> Option<String> {
        let mut text = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}')?;
            let known = self.known.get(name)?;
            text += before;
            text += &match shown && known.secret {
                true => REDACTED.to_owned(),
                false => known.data(),
            };
            rest = after;
        }
        Some(text + rest)
    }
}

impl Known {
    fn in_words(&self, language: &Lang) -> String {
        match &self.value {
            _ if self.secret => REDACTED.to_owned(),
            Value::Text(text) => data_in_words(text, language),
            value => in_words(value, language),
        }
    }
}
