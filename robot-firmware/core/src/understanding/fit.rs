//! Fitting [`Weights`] to a pack: for tools, not for the robot.

use super::linear::{Linear, Row, softmax};
use super::meaning::dot;
use super::neighbours::{Postings, nearest};
use super::{Index, Label, Mix, PLAN, Scored, Weights};

/// Into how many parts the examples are dealt.
const PARTS: usize = 6;
const PASSES: i32 = 3000;

/// What one example got from those it was not among.
struct HeldOut {
    scored: Scored,
    label: usize,
}

impl Index {
    /// The weights that make the examples' own labels likeliest, when each sixth of the examples
    /// is scored by what the other five teach. Sentences that stand at the same place of their
    /// lists in several languages are often translations of each other and go together. Without
    /// vectors the weights with vectors stay as they are. Takes some ten seconds.
    pub fn fit_weights(&self) -> Weights {
        let words: Vec<Row> = self
            .examples
            .iter()
            .map(|example| self.lexical.row(&example.text))
            .collect();
        let mut weights = self.weights;
        weights.words_alone = Mix {
            meaning: 0.0,
            ..self.descend(&self.held_out(&words, &words, None))
        };
        if let Some((meaning, _)) = &self.meaning {
            let vectors = meaning.vectors();
            let rows = self.examples.iter().zip(vectors);
            let rows: Vec<Row> = rows
                .map(|(own, vector)| self.row(self.lexical.row(&own.text), vector))
                .collect();
            weights.with_vectors = self.descend(&self.held_out(&rows, &words, Some(vectors)));
        }
        weights
    }

    fn held_out(&self, rows: &[Row], words: &[Row], vectors: Option<&[Vec<f32>]>) -> Vec<HeldOut> {
        let parts = self.parts();
        let mut postings = Postings::default();
        words.iter().for_each(|words| postings.push(words));
        let mut all = Vec::new();
        for part in 0..PARTS {
            let known: Vec<usize> = (0..rows.len()).filter(|at| parts[*at] != part).collect();
            let known_rows: Vec<Row> = known.iter().map(|at| rows[*at].clone()).collect();
            let known_labels: Vec<usize> = known.iter().map(|at| self.label_of[*at]).collect();
            let regression = Linear::fit(&known_rows, &known_labels, self.labels.len(), PLAN);
            let near = |likeness: &dyn Fn(usize) -> f32| {
                let known = known.iter().zip(&known_labels);
                let each = known.map(|(at, label)| (likeness(*at), *label));
                nearest(each, self.labels.len())
            };
            for at in (0..rows.len()).filter(|at| parts[*at] == part) {
                let cosines = postings.cosines(&words[at]);
                let by_meaning =
                    vectors.map(|vectors| near(&|own| dot(&vectors[own], &vectors[at])));
                all.push(HeldOut {
                    scored: Scored {
                        regression: regression.scores(&rows[at]),
                        by_meaning: by_meaning.unwrap_or_default(),
                        by_words: near(&|own| cosines[own]),
                    },
                    label: self.label_of[at],
                });
            }
        }
        all
    }

    /// Which part each example is dealt to: its place in its label's list in its language.
    fn parts(&self) -> Vec<usize> {
        let place = |at: usize| {
            let own = &self.examples[at];
            let same = |other: &&super::Example| {
                other.label == own.label && other.language == own.language
            };
            self.examples.iter().take(at).filter(same).count()
        };
        (0..self.examples.len())
            .map(|at| place(at) % PARTS)
            .collect()
    }

    /// Least mean negative log-likelihood, by Adam (Kingma and Ba 2015).
    fn descend(&self, held_out: &[HeldOut]) -> Mix {
        let mut values = [1.0_f32, 1.0, 1.0, 0.0, 0.0];
        let (mut mean, mut square) = ([0.0_f32; 5], [0.0_f32; 5]);
        for pass in 1..=PASSES {
            let mix = Mix::from(values);
            let mut slope = [0.0_f32; 5];
            for own in held_out {
                let mut error = softmax(&self.mix(&mix, &own.scored));
                error[own.label] -= 1.0;
                let scored = &own.scored;
                for (label, error) in error.into_iter().enumerate() {
                    let of = |scores: &[f32]| scores.get(label).copied().unwrap_or(0.0);
                    slope[0] += error * of(&scored.regression);
                    slope[1] += error * of(&scored.by_meaning);
                    slope[2] += error * of(&scored.by_words);
                    match &self.labels[label] {
                        Label::Topic(_) | Label::Rule(_) => {}
                        Label::None => slope[3] += error,
                        Label::Person => slope[4] += error,
                    }
                }
            }
            let each = values.iter_mut().zip(&mut mean).zip(&mut square).zip(slope);
            for (((value, mean), square), slope) in each {
                let slope = slope / held_out.len() as f32;
                *mean = 0.9 * *mean + 0.1 * slope;
                *square = 0.999 * *square + 0.001 * slope * slope;
                let step = *mean / (1.0 - 0.9_f32.powi(pass));
                let scale = (*square / (1.0 - 0.999_f32.powi(pass))).sqrt() + 1e-8;
                *value -= 0.05 * step / scale;
            }
        }
        Mix::from(values)
    }
}

impl From<[f32; 5]> for Mix {
    fn from([regression, meaning, words, none, person]: [f32; 5]) -> Self {
        Self {
            regression,
            meaning,
            words,
            none,
            person,
        }
    }
}
