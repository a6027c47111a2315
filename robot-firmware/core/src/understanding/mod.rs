//! What a visitor's words mean: one of the pack's topics, a wish for a person, or neither.
//!
//! Two kinds of likeness with the pack's example sentences are put together: that of sentence
//! vectors (multilingual-e5-small, so that a question is understood in languages the office never
//! wrote) and that of words and letters. One softmax over topics, "a person, please" and "none of
//! these" makes them probabilities. Everything here is computed the same way every time; nothing
//! is drawn at random.

mod lexical;
mod meaning;
mod weights;

use madoguchi_shared::ids::Lang;

use crate::pack::{Pack, Thresholds};
use lexical::Lexical;
use meaning::Meaning;

pub use meaning::VectorsError;
pub use weights::Weights;

/// What an example sentence stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Label {
    /// A topic, by its id.
    Topic(String),
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

/// A topic that may have been meant.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The topic's id.
    pub topic: String,
    /// From 0 to 1; all candidates, the wish for a person and "none of these" sum to 1.
    pub probability: f32,
}

/// What follows from the candidates under the pack's thresholds.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// This topic was meant.
    Topic {
        /// Its id.
        topic: String,
        /// Its probability.
        probability: f32,
    },
    /// One of these topics was meant, the likeliest first; two or three of them.
    Close(Vec<String>),
    /// No topic was meant.
    None,
}

/// What was understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Understanding {
    /// The probability that a person is asked for, when it reaches the pack's `person_score`.
    pub asks_for_person: Option<f32>,
    /// All topics, the likeliest first.
    pub candidates: Vec<Candidate>,
    /// What follows; [`Outcome::None`] whenever a person is asked for.
    pub outcome: Outcome,
}

/// The pack's examples, ready for comparison.
#[derive(Debug, Clone)]
pub struct Index {
    examples: Vec<Example>,
    /// For each example the place of its label in `labels`.
    label_of: Vec<usize>,
    labels: Vec<Label>,
    lexical: Lexical,
    meaning: Option<Meaning>,
    thresholds: Thresholds,
    weights: Weights,
}

impl Index {
    /// Gathers the examples of a pack: topics by id, then the ways to ask for a person, then what
    /// belongs to no topic; each by language tag and in the order of its file.
    pub fn new(pack: &Pack) -> Self {
        let mut examples = Vec::new();
        let mut labels = Vec::new();
        let mut add = |label: Label, language: &Lang, texts: &[String]| {
            let examples_of = texts.iter().map(|text| Example {
                text: text.clone(),
                language: language.clone(),
                label: label.clone(),
            });
            examples.extend(examples_of);
            if !labels.contains(&label) {
                labels.push(label);
            }
        };
        for topic in pack.topics() {
            for (language, texts) in topic.ask() {
                add(Label::Topic(topic.id.clone()), language, texts);
            }
        }
        for (language, texts) in pack.asks_for_person() {
            add(Label::Person, language, texts);
        }
        for (language, texts) in pack
            .only_sounds_like_it()
            .iter()
            .chain(pack.none_of_these())
        {
            add(Label::None, language, texts);
        }
        let label_of = examples
            .iter()
            .filter_map(|example| labels.iter().position(|label| *label == example.label))
            .collect();
        let lexical = Lexical::new(examples.iter().map(|example| example.text.as_str()));
        Self {
            examples,
            label_of,
            labels,
            lexical,
            meaning: None,
            thresholds: *pack.thresholds(),
            weights: Weights::default(),
        }
    }

    /// The sentences of which [`Self::set_vectors`] wants the vectors, in this order.
    pub fn examples(&self) -> &[Example] {
        &self.examples
    }

    /// Takes the examples' sentence vectors: one for each of [`Self::examples`], in their order,
    /// from the same model that will embed the questions. They need not be of length 1.
    ///
    /// # Errors
    ///
    /// When there are not as many vectors as examples, or their lengths differ, or one is zero or
    /// not finite; the index then keeps what it had.
    pub fn set_vectors(&mut self, vectors: Vec<Vec<f32>>) -> Result<(), VectorsError> {
        let languages: Vec<&Lang> = self
            .examples
            .iter()
            .map(|example| &example.language)
            .collect();
        self.meaning = Some(Meaning::new(vectors, &languages)?);
        Ok(())
    }

    /// Whether vectors are there; without them understanding rests on words alone.
    pub fn has_vectors(&self) -> bool {
        self.meaning.is_some()
    }

    /// Replaces the weights, for the tool that fits them.
    pub fn set_weights(&mut self, weights: Weights) {
        self.weights = weights;
    }

    /// Understands one utterance. `language` is what the recogniser or the button said, `vector`
    /// the utterance's sentence vector; each improves the result and may be missing. A vector of
    /// the wrong length is passed over.
    pub fn understand(
        &self,
        text: &str,
        language: Option<&Lang>,
        vector: Option<&[f32]>,
    ) -> Understanding {
        let probabilities = self.probabilities(text, language, vector);
        let mut asks_for_person = None;
        let mut candidates = Vec::new();
        for (label, probability) in self.labels.iter().zip(probabilities) {
            match label {
                Label::Topic(topic) => {
                    candidates.push(Candidate {
                        topic: topic.clone(),
                        probability,
                    });
                }
                Label::Person if probability >= self.thresholds.person_score => {
                    asks_for_person = Some(probability);
                }
                Label::Person | Label::None => {}
            }
        }
        candidates.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        let outcome = match asks_for_person {
            Some(_) => Outcome::None,
            None => self.outcome(&candidates),
        };
        Understanding {
            asks_for_person,
            candidates,
            outcome,
        }
    }

    fn outcome(&self, candidates: &[Candidate]) -> Outcome {
        let Some(best) = candidates.first() else {
            return Outcome::None;
        };
        let next = candidates.get(1).map_or(0.0, |next| next.probability);
        let Thresholds {
            answer_score,
            margin,
            offer_score,
            ..
        } = self.thresholds;
        if best.probability >= answer_score && best.probability - next >= margin {
            let Candidate { topic, probability } = best.clone();
            return Outcome::Topic { topic, probability };
        }
        let offered: Vec<String> = candidates
            .iter()
            .take(3)
            .filter(|candidate| candidate.probability >= offer_score)
            .map(|candidate| candidate.topic.clone())
            .collect();
        if offered.len() >= 2 {
            Outcome::Close(offered)
        } else {
            Outcome::None
        }
    }

    /// One probability for each of `labels`.
    fn probabilities(
        &self,
        text: &str,
        language: Option<&Lang>,
        vector: Option<&[f32]>,
    ) -> Vec<f32> {
        let words = self.lexical.likeness(text);
        let meaning = self
            .meaning
            .as_ref()
            .zip(vector)
            .and_then(|(meaning, vector)| meaning.likeness(vector, language));
        let weights = &self.weights;
        let scores = (0..self.labels.len()).map(|label| {
            let own = |all: &[f32]| self.best_of(label, all);
            let none = self.labels.get(label) == Some(&Label::None);
            match &meaning {
                Some(meaning) => {
                    weights.meaning * own(meaning)
                        + weights.words * own(&words)
                        + if none { weights.none } else { 0.0 }
                }
                None => {
                    weights.words_alone * own(&words) + if none { weights.none_alone } else { 0.0 }
                }
            }
        });
        softmax(&scores.collect::<Vec<f32>>())
    }

    /// The likeness of a label: the mean of its nearest examples.
    fn best_of(&self, label: usize, likeness: &[f32]) -> f32 {
        let mut own: Vec<f32> = likeness
            .iter()
            .zip(&self.label_of)
            .filter(|(_, own)| **own == label)
            .map(|(likeness, _)| *likeness)
            .collect();
        own.sort_by(|a, b| b.total_cmp(a));
        own.truncate(self.weights.neighbours);
        if own.is_empty() {
            0.0
        } else {
            own.iter().sum::<f32>() / own.len() as f32
        }
    }
}

fn softmax(scores: &[f32]) -> Vec<f32> {
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let raised: Vec<f32> = scores.iter().map(|score| (score - most).exp()).collect();
    let sum: f32 = raised.iter().sum();
    raised.into_iter().map(|value| value / sum).collect()
}
