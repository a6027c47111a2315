//! What a visitor's words mean: one of the pack's topics, a wish for a person, or neither.
//!
//! The pack's example sentences teach three things: a logistic regression over words, letters and
//! the sentence vector, and two lists of nearest neighbours, in the space of vectors
//! (multilingual-e5-small, so that a question is understood in languages the office never wrote)
//! and by shared words. The scores of each label are weighted and made probabilities by one softmax over
//! topics, "a person, please" and "none of these". Without vectors what rests on words remains.
//! Everything is computed the same way every time; nothing is drawn at random.

mod calibration;
mod classifier;
mod examples;
mod fit;
mod gaussian;
mod lexical;
mod linear;
mod meaning;
mod neighbours;
mod weights;

use std::collections::BTreeMap;

use madoguchi_shared::ids::Lang;

use crate::pack::{Pack, Thresholds};
use lexical::Lexical;
use linear::{Linear, Plan, Row, going_on, softmax};
use meaning::{Meaning, dot};
use neighbours::{Postings, nearest};

pub use classifier::{Classified, Classifier, ClassifierError, Labelled};
pub use examples::{Duals, Example, Label, Lessons};
pub(crate) use lexical::{fold, plain};
pub use meaning::VectorsError;
pub use weights::{Mix, Weights};

/// What words count in the regression beside the vector, both of length 1.
const WORDS_SHARE: f32 = 0.5;
/// Until it hardly moves, so that another example changes little.
const PLAN: Plan = Plan {
    decay: 0.1,
    still: 0.002,
    passes: 100,
};
/// What a label gains whose example is the very question, as when a suggestion was touched; more
/// than any sum of the other scores.
const SAME: f32 = 20.0;

/// A topic that may have been meant.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The id of the topic or flow.
    pub topic: String,
    /// From 0 to 1; all candidates, the policies, the wish for a person and "none of these" sum to 1.
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
    /// The policy whose sentences these are like, with the probability, when that reaches the
    /// pack's `answer_score`.
    pub rule: Option<(String, f32)>,
    /// All topics and flows, the likeliest first.
    pub candidates: Vec<Candidate>,
    /// What follows; [`Outcome::None`] whenever a person is asked for or a policy is
    /// about it.
    pub outcome: Outcome,
}

/// The pack's examples, ready for comparison.
#[derive(Debug, Clone)]
pub struct Index {
    examples: Vec<Example>,
    /// For each example the place of its label in `labels`.
    label_of: Vec<usize>,
    labels: Vec<Label>,
    /// [`plain`] examples with their label's place.
    plain: BTreeMap<String, usize>,
    lexical: Lexical,
    postings: Postings,
    by_words: Linear,
    meaning: Option<(Meaning, Linear)>,
    duals: Vec<Duals>,
    learned_anew: bool,
    thresholds: Thresholds,
    weights: Weights,
}

impl Index {
    /// Learns what words alone teach, from nothing; [`Self::set_vectors`] adds the rest.
    pub fn new(pack: &Pack) -> Self {
        Self::going_on(pack, Lessons::new(pack), Vec::new())
    }

    /// The same from what is known of the pack's lessons already, one for each example in their
    /// order. What is missing or can't be (of another length, not a distribution) is learned anew.
    pub fn going_on(pack: &Pack, lessons: Lessons, mut known: Vec<Duals>) -> Self {
        let (examples, labels) = lessons.into_parts();
        known.resize(examples.len(), Duals::default());
        let label_of: Vec<usize> = examples
            .iter()
            .filter_map(|example| labels.iter().position(|label| *label == example.label))
            .collect();
        let plain = examples
            .iter()
            .map(|example| plain(&example.text))
            .zip(label_of.clone());
        let lexical = Lexical::new(examples.iter().map(|example| example.text.as_str()));
        let rows: Vec<Row> = examples
            .iter()
            .map(|example| lexical.row(&example.text))
            .collect();
        let mut postings = Postings::default();
        rows.iter().for_each(|row| postings.push(row));
        let own = known
            .iter_mut()
            .map(|own| std::mem::take(&mut own.by_words));
        let (mut held, learned_anew) = going_on(own, &label_of, labels.len());
        let by_words = Linear::fit_from(&rows, &label_of, labels.len(), PLAN, &mut held);
        for (own, held) in known.iter_mut().zip(held) {
            own.by_words = held;
        }
        Self {
            plain: plain.collect(),
            examples,
            label_of,
            labels,
            lexical,
            postings,
            by_words,
            meaning: None,
            duals: known,
            learned_anew,
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
        let meaning = Meaning::new(vectors, &languages)?;
        let rows: Vec<Row> = self
            .examples
            .iter()
            .zip(meaning.vectors())
            .map(|(example, vector)| self.row(self.lexical.row(&example.text), vector))
            .collect();
        self.duals.resize(rows.len(), Duals::default());
        let each = self.duals.iter_mut();
        let own = each.map(|own| std::mem::take(&mut own.with_vector));
        let labels = self.labels.len();
        let (mut held, anew) = going_on(own, &self.label_of, labels);
        let regression = Linear::fit_from(&rows, &self.label_of, labels, PLAN, &mut held);
        for (own, held) in self.duals.iter_mut().zip(held) {
            own.with_vector = held;
        }
        self.learned_anew |= anew;
        self.meaning = Some((meaning, regression));
        Ok(())
    }

    /// Whether something was learned that wasn't known, so that [`Self::take_duals`] is worth keeping.
    pub fn learned_anew(&self) -> bool {
        self.learned_anew
    }

    /// What learning came to, for [`Self::going_on`] at the next start: one for each of
    /// [`Self::examples`]. The index needs it no more.
    pub fn take_duals(&mut self) -> Vec<Duals> {
        std::mem::take(&mut self.duals)
    }

    /// What the examples stand for, each once.
    pub fn labels(&self) -> &[Label] {
        &self.labels
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
        let mut rule: Option<(String, f32)> = None;
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
                Label::Rule(id) if probability >= self.thresholds.answer_score => {
                    rule = Some((id.clone(), probability));
                }
                Label::Person | Label::Rule(_) | Label::None => {}
            }
        }
        candidates.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        let outcome = if asks_for_person.is_some() || rule.is_some() {
            Outcome::None
        } else {
            self.outcome(&candidates)
        };
        Understanding {
            asks_for_person,
            rule,
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
        let around =
            self.meaning
                .as_ref()
                .zip(vector)
                .and_then(|((meaning, regression), vector)| {
                    Some((meaning, regression, meaning.around(vector, language)?))
                });
        let words = self.lexical.row(text);
        let mut scored = Scored {
            by_words: self.nearest(&self.postings.cosines(&words)),
            ..Scored::default()
        };
        let mut scores = match around {
            Some((meaning, regression, vector)) => {
                let cosines: Vec<f32> = meaning
                    .vectors()
                    .iter()
                    .map(|own| dot(own, &vector))
                    .collect();
                scored.by_meaning = self.nearest(&cosines);
                scored.regression = regression.scores(&self.row(words, &vector));
                self.mix(&self.weights.with_vectors, &scored)
            }
            None => {
                scored.regression = self.by_words.scores(&words);
                self.mix(&self.weights.words_alone, &scored)
            }
        };
        let same = self
            .plain
            .get(&plain(text))
            .and_then(|label| scores.get_mut(*label));
        same.into_iter().for_each(|score| *score += SAME);
        softmax(&scores)
    }

    fn mix(&self, mix: &Mix, scored: &Scored) -> Vec<f32> {
        let of = |scores: &[f32], label: usize| scores.get(label).copied().unwrap_or(0.0);
        let each = self.labels.iter().enumerate();
        each.map(|(at, label)| {
            let ahead = match label {
                Label::Topic(_) | Label::Rule(_) => 0.0,
                Label::Person => mix.person,
                Label::None => mix.none,
            };
            mix.regression * of(&scored.regression, at)
                + mix.meaning * of(&scored.by_meaning, at)
                + mix.words * of(&scored.by_words, at)
                + ahead
        })
        .collect()
    }

    /// Words and vector side by side.
    fn row(&self, words: Row, vector: &[f32]) -> Row {
        let vector = (self.lexical.len()..).zip(vector.iter().copied());
        let words = words.into_iter();
        words
            .map(|(place, value)| (place, WORDS_SHARE * value))
            .chain(vector)
            .collect()
    }

    /// For each label the mean likeness of its nearest examples.
    fn nearest(&self, likeness: &[f32]) -> Vec<f32> {
        let each = likeness.iter().copied().zip(self.label_of.iter().copied());
        nearest(each, self.labels.len())
    }
}

/// What each label got; empty where that wasn't looked at.
#[derive(Debug, Clone, Default)]
struct Scored {
    regression: Vec<f32>,
    by_meaning: Vec<f32>,
    by_words: Vec<f32>,
}
