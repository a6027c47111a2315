//! The example sentences of a pack and what they stand for.

use madoguchi_shared::ids::Lang;

use crate::pack::{Flow, Pack, Topic};

/// What an example sentence stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Label {
    /// A topic or a flow, by its id.
    Topic(String),
    /// What a policy's example sentences stand for, by the rule's id.
    Rule(String),
    /// The wish to speak with a person.
    Person,
    /// Neither.
    None,
}

/// A sentence whose meaning is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The sentence.
    pub text: String,
    /// Its language.
    pub language: Lang,
    /// What it stands for.
    pub label: Label,
}

/// All that a pack teaches, before anything is learned from it.
#[derive(Debug, Clone, Default)]
pub struct Lessons {
    examples: Vec<Example>,
    labels: Vec<Label>,
}

/// How far learning has come with one example: for each of [`Lessons::labels`] the probability by
/// which the example pulls at the weights, the dual variables of the regression. Learning that goes
/// on from these takes a fraction of the time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Duals {
    /// In the regression over words alone.
    pub by_words: Vec<f32>,
    /// In the one over words and sentence vector; empty where no vector came.
    pub with_vector: Vec<f32>,
}

impl Lessons {
    /// Gathers the examples of a pack: topics by id, flows by id, policies, then the ways to ask
    /// for a person, then what belongs to no topic; each by language tag and in the order of its
    /// file.
    pub fn new(pack: &Pack) -> Self {
        let mut taught = Self::default();
        for topic in pack.topics() {
            taught.topic(topic, pack.languages());
        }
        for flow in pack.flows().iter().filter(|flow| !flow.ask().is_empty()) {
            taught.flow(flow, pack.languages());
        }
        for rule in pack.rules() {
            for (language, texts) in rule.ask() {
                taught.add(Label::Rule(rule.id.clone()), language, texts);
            }
        }
        for (language, texts) in pack.asks_for_person() {
            taught.add(Label::Person, language, texts);
        }
        let others = pack.only_sounds_like_it().iter();
        for (language, texts) in others.chain(pack.none_of_these()) {
            taught.add(Label::None, language, texts);
        }
        taught
    }

    /// The examples.
    pub fn examples(&self) -> &[Example] {
        &self.examples
    }

    /// What they stand for, each once.
    pub fn labels(&self) -> &[Label] {
        &self.labels
    }

    pub(super) fn into_parts(self) -> (Vec<Example>, Vec<Label>) {
        (self.examples, self.labels)
    }

    /// A suggestion is an example too: who touches it asks it.
    fn topic(&mut self, topic: &Topic, languages: &[Lang]) {
        let label = || Label::Topic(topic.id.clone());
        for (language, texts) in topic.ask() {
            self.add(label(), language, texts);
        }
        for language in languages {
            let suggestion = topic.suggestion(language);
            let new = suggestion.filter(|text| !topic.ask().values().flatten().any(|e| e == text));
            self.add(label(), language, new.map(str::to_owned).as_slice());
        }
    }

    /// So is a flow's title.
    fn flow(&mut self, flow: &Flow, languages: &[Lang]) {
        let label = || Label::Topic(flow.id.clone());
        for (language, texts) in flow.ask() {
            self.add(label(), language, texts);
        }
        for language in languages {
            let title = flow.title(language).to_owned();
            if !flow.ask().values().flatten().any(|text| *text == title) {
                self.add(label(), language, &[title]);
            }
        }
    }

    fn add(&mut self, label: Label, language: &Lang, texts: &[String]) {
        let examples = texts.iter().map(|text| Example {
            text: text.clone(),
            language: language.clone(),
            label: label.clone(),
        });
        self.examples.extend(examples);
        if !self.labels.contains(&label) {
            self.labels.push(label);
        }
    }
}
