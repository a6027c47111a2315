//! A classifier from bare examples: what `madoguchi-robot evaluate --train` teaches.
//!
//! Four things speak for a label: a logistic regression over the sentence vector, how much better
//! the label's normal distribution explains that vector than a background does
//! ([`super::gaussian`]), how near its nearest examples are, and how much their words have in
//! common with the sentence's. On CLINC150 and with multilingual-e5-small the first tells labels
//! apart best, the second finds what is out of scope, and the others make both better. What remains,
//! a temperature and a threshold, is learned from examples that are scored by what the others teach.
//! Examples that all have a label teach no threshold: one of the labels is then always meant.

mod features;

use std::collections::BTreeMap;

use super::calibration::{Calibration, HeldOut, highest};
use super::gaussian::{Gaussians, Moments, dot};
use super::linear::{Held, Linear, Plan, Row as Words, one_hot};
use super::neighbours::{Nearest, Postings, nearest};
use features::Eyes;

/// Into how many parts the examples are dealt for calibration.
const PARTS: usize = 5;
/// Sentences that are compared with all examples together, so that each example is read from memory
/// once for all of them.
const TOGETHER: usize = 32;
/// Each pass over thousands of examples of many labels takes seconds.
const PLAN: Plan = Plan {
    decay: 0.05,
    still: 0.01,
    passes: 30,
};
/// What the regression's score counts beside the logarithm of a ratio of densities.
const REGRESSION: f64 = 20.0;
/// The same of the mean cosine of a label's nearest examples. Twice or half of it makes hardly a
/// difference on the validation part of CLINC150.
const NEAREST: f64 = 120.0;
/// The same of the mean cosine of their words.
const NEAREST_WORDS: f64 = 100.0;

/// An example with what it stands for.
#[derive(Debug, Clone, Copy)]
pub struct Labelled<'e> {
    /// The sentence.
    pub text: &'e str,
    /// Its sentence vector; empty for a classifier by words alone.
    pub vector: &'e [f32],
    /// What it stands for; absent when that is none of the labels.
    pub label: Option<&'e str>,
}

/// Why examples teach nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClassifierError {
    /// Fewer than two labels.
    #[error("the examples have {0} labels; at least two are needed to tell apart")]
    Labels(usize),
    /// A label that can't be tried on what the others teach.
    #[error("the label `{0}` has one example; give each label two or more")]
    Single(String),
    /// Vectors of different lengths.
    #[error(
        "the vector of example {example} has {got} numbers instead of {wanted}; embed all with one model"
    )]
    Length {
        /// The example's place.
        example: usize,
        /// How many numbers came.
        got: usize,
        /// How many the first vector has.
        wanted: usize,
    },
}

/// What was made of a sentence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Classified<'c> {
    /// The likeliest label.
    pub label: &'c str,
    /// Its probability among the labels, given that one of them is meant.
    pub among_labels: f32,
    /// The probability that one of the labels is meant; 1 where no example had none.
    pub in_scope: f32,
    /// Whether the threshold takes it for one of the labels.
    pub accepted: bool,
}

/// Labels with what was learned about them.
#[derive(Debug, Clone)]
pub struct Classifier {
    eyes: Eyes,
    labels: Vec<String>,
    gaussians: Gaussians,
    regression: Linear,
    rows: Vec<Row>,
    postings: Postings,
    calibration: Calibration,
}

impl Classifier {
    /// Learns from examples. The result depends on nothing but the examples and their order; the
    /// time grows with their number, that of the labels and the square of the vectors' length (about a
    /// minute for 15,000 vectors of 384 numbers and 150 labels).
    ///
    /// # Errors
    ///
    /// With fewer than two labels, with a label that has a single example, or with vectors of
    /// different lengths.
    pub fn fit(examples: &[Labelled<'_>]) -> Result<Self, ClassifierError> {
        let wanted = examples.first().map_or(0, |own| own.vector.len());
        for (example, own) in examples.iter().enumerate() {
            let got = own.vector.len();
            if got != wanted {
                return Err(ClassifierError::Length {
                    example,
                    got,
                    wanted,
                });
            }
        }
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for label in examples.iter().filter_map(|own| own.label) {
            *counts.entry(label).or_default() += 1;
        }
        if counts.len() < 2 {
            return Err(ClassifierError::Labels(counts.len()));
        }
        if let Some((label, _)) = counts.iter().find(|(_, count)| **count < 2) {
            return Err(ClassifierError::Single((*label).to_owned()));
        }
        let labels: Vec<&str> = counts.into_keys().collect();
        let place = |label: &str| labels.binary_search(&label).ok();
        let label_of = examples.iter().map(|own| own.label.and_then(place));
        let eyes = Eyes::new(examples);
        let features = examples
            .iter()
            .map(|own| eyes.features(own.text, own.vector));
        let rows: Vec<Row> = features.zip(label_of).collect();
        let words: Vec<Words> = examples.iter().map(|own| eyes.row(own.text)).collect();
        let mut postings = Postings::default();
        words.iter().for_each(|words| postings.push(words));
        let parts = deal(&rows, labels.len());
        let all = 0..rows.len();
        let sums = |part: usize| {
            let mut sums = Moments::new(eyes.size(), labels.len());
            let own = all.clone().filter(|at| parts[*at] == part);
            own.for_each(|at| sums.add(&rows[at].0, rows[at].1));
            sums
        };
        let sums: Vec<Moments> = (0..PARTS).map(sums).collect();
        let mut of_all = Moments::new(eyes.size(), labels.len());
        sums.iter().for_each(|own| of_all.join(own));
        let label_of: Vec<usize> = rows.iter().filter_map(|(_, label)| *label).collect();
        let mut held = one_hot(&label_of, labels.len());
        let whole = regression(&rows, labels.len(), &mut held, |_| true);
        let mut held_out = Vec::with_capacity(rows.len());
        for (part, sums) in sums.iter().enumerate() {
            let gaussians = Gaussians::new(&of_all.without(sums));
            let regression = regression(&rows, labels.len(), &mut held, |at| parts[at] != part);
            let taught = Taught {
                gaussians: &gaussians,
                regression: &regression,
                rows: &rows,
                postings: &postings,
                labels: labels.len(),
            };
            let own: Vec<usize> = all.clone().filter(|at| parts[*at] == part).collect();
            for some in own.chunks(TOGETHER) {
                let sentences = some.iter().map(|at| (&rows[*at].0[..], &words[*at]));
                let sentences: Vec<Sentence<'_>> = sentences.collect();
                let scores = taught.scores(&sentences, |other| parts[other] != part);
                let each = scores.iter().zip(some);
                held_out.extend(each.map(|(scores, at)| HeldOut::new(scores, rows[*at].1)));
            }
        }
        Ok(Self {
            gaussians: Gaussians::new(&of_all),
            regression: whole,
            calibration: Calibration::fit(&held_out),
            labels: labels.into_iter().map(str::to_owned).collect(),
            eyes,
            rows,
            postings,
        })
    }

    /// The labels, in alphabetical order.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// What a sentence means. A vector of another length than the examples' counts as nothing.
    pub fn classify(&self, text: &str, vector: &[f32]) -> Classified<'_> {
        let row = self.eyes.features(text, vector);
        let taught = Taught {
            gaussians: &self.gaussians,
            regression: &self.regression,
            rows: &self.rows,
            postings: &self.postings,
            labels: self.labels.len(),
        };
        let words = self.eyes.row(text);
        let scores = taught.scores(&[(&row, &words)], |_| true).concat();
        let (best, score) = highest(&scores);
        Classified {
            label: self.labels.get(best).map_or("", String::as_str),
            among_labels: self.calibration.among(&scores, best) as f32,
            in_scope: self.calibration.in_scope(score) as f32,
            accepted: self.calibration.accepts(score),
        }
    }
}

/// An example's features, of length 1, and the place of its label.
type Row = (Vec<f32>, Option<usize>);

/// What examples taught.
struct Taught<'t> {
    gaussians: &'t Gaussians,
    regression: &'t Linear,
    rows: &'t [Row],
    postings: &'t Postings,
    labels: usize,
}

impl Taught<'_> {
    /// For each sentence one score for each label; above others by what speaks for it more than for
    /// them. Of the examples only those that `counts` are neighbours.
    fn scores(&self, sentences: &[Sentence<'_>], counts: impl Fn(usize) -> bool) -> Vec<Vec<f64>> {
        let mut near = vec![Nearest::new(self.labels); sentences.len()];
        for (at, (row, label)) in self.rows.iter().enumerate() {
            let Some(label) = label.filter(|_| counts(at)) else {
                continue;
            };
            for (near, (sentence, _)) in near.iter_mut().zip(sentences) {
                near.add(dot(row, sentence), label);
            }
        }
        let each = sentences.iter().zip(near);
        each.map(|((sentence, words), near)| {
            let cosines = self.postings.cosines(words).into_iter().enumerate();
            let cosines = cosines
                .filter_map(|(at, cosine)| Some((cosine, self.rows[at].1.filter(|_| counts(at))?)));
            let near_words = nearest(cosines, self.labels);
            let ratios = self.gaussians.scores(sentence).into_iter();
            let regression = self.regression.scores(&sparse(sentence)).into_iter();
            let near = near.means().into_iter().zip(near_words);
            let each = ratios.zip(regression).zip(near);
            each.map(|((ratio, regression), (near, words))| {
                let learned = ratio + REGRESSION * f64::from(regression);
                learned + NEAREST * f64::from(near) + NEAREST_WORDS * f64::from(words)
            })
            .collect()
        })
        .collect()
    }
}

/// A sentence's features and its words.
type Sentence<'s> = (&'s [f32], &'s Words);

/// The regression that the labelled examples teach which `count`, begun from what all labelled
/// examples hold and leaving there what those hold at its end.
fn regression(
    rows: &[Row],
    labels: usize,
    held: &mut [Held],
    counts: impl Fn(usize) -> bool,
) -> Linear {
    let labelled = rows.iter().enumerate();
    let labelled = labelled.filter_map(|(at, (row, label))| Some((at, row, (*label)?)));
    let known = labelled.zip(held).filter(|((at, ..), _)| counts(*at));
    let (mut own, mut rows, mut label_of, mut places) = (vec![], vec![], vec![], vec![]);
    for ((_, row, label), held) in known {
        own.push(std::mem::take(held));
        places.push(held);
        rows.push(sparse(row));
        label_of.push(label);
    }
    let linear = Linear::fit_from(&rows, &label_of, labels, PLAN, &mut own);
    places
        .into_iter()
        .zip(own)
        .for_each(|(place, own)| *place = own);
    linear
}

fn sparse(features: &[f32]) -> Words {
    (0..).zip(features.iter().copied()).collect()
}

/// The part of each example: its place among those of its label.
fn deal(rows: &[Row], labels: usize) -> Vec<usize> {
    let mut next = vec![0; labels + 1];
    let place = |(_, label): &Row| {
        let next = &mut next[label.unwrap_or(labels)];
        *next += 1;
        (*next - 1) % PARTS
    };
    rows.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: [(&str, &str); 12] = [
        ("when do you open", "hours"),
        ("what time do you close", "hours"),
        ("are you open on sunday", "hours"),
        ("opening hours please", "hours"),
        ("until what time are you open", "hours"),
        ("do you close for lunch", "hours"),
        ("where can i pay my tax", "tax"),
        ("i want to pay a tax bill", "tax"),
        ("my tax bill is lost", "tax"),
        ("can i pay taxes by card", "tax"),
        ("how much tax must i pay", "tax"),
        ("is the tax bill due", "tax"),
    ];

    fn examples() -> Vec<Labelled<'static>> {
        let example = |(text, label): &(&'static str, &'static str)| Labelled {
            text,
            vector: &[],
            label: Some(label),
        };
        TEXTS.iter().map(example).collect()
    }

    #[test]
    fn words_alone_tell_labels_apart() {
        let classifier = Classifier::fit(&examples()).unwrap();
        assert_eq!(classifier.labels(), ["hours", "tax"]);
        for (text, label) in [("when do you close", "hours"), ("pay the tax bill", "tax")] {
            let got = classifier.classify(text, &[]);
            assert_eq!(got.label, label, "{text}: {got:?}");
            assert!(got.among_labels > 0.5, "{text}: {got:?}");
        }
    }

    #[test]
    fn the_same_examples_teach_the_same() {
        let one = Classifier::fit(&examples()).unwrap();
        let other = Classifier::fit(&examples()).unwrap();
        let text = "what are the opening hours of the tax office";
        assert_eq!(one.classify(text, &[]), other.classify(text, &[]));
    }

    #[test]
    fn what_cannot_be_learned_from_is_told() {
        let told = |examples: &[Labelled<'_>]| Classifier::fit(examples).unwrap_err();
        let all = examples();
        assert_eq!(told(&[]), ClassifierError::Labels(0));
        assert_eq!(told(&all[..6]), ClassifierError::Labels(1));
        assert_eq!(told(&all[..7]), ClassifierError::Single("tax".to_owned()));
        let mut odd = all;
        odd[3].vector = &[1.0];
        let length = ClassifierError::Length {
            example: 3,
            got: 1,
            wanted: 0,
        };
        assert_eq!(told(&odd), length);
    }

    #[test]
    fn odd_sentences_are_no_trouble() {
        let classifier = Classifier::fit(&examples()).unwrap();
        for text in ["", "   ", "🙂🙂", "عربي", &"long ".repeat(5000)] {
            let got = classifier.classify(text, &[f32::NAN; 7]);
            assert!((0.0..=1.0).contains(&got.in_scope), "{got:?}");
        }
    }
}
