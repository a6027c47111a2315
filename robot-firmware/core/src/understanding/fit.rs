//! Fitting [`Weights`] to a pack: for tools, not for the robot.

use super::linear::{Linear, Row, softmax};
use super::meaning::dot;
use super::{Index, Label, Mix, Weights, nearest};

/// Into how many parts the examples are dealt.
const PARTS: usize = 6;
const PASSES: i32 = 3000;

/// What one example got from those it was not among.
struct Scored {
    regression: Vec<f32>,
    nearest: Vec<f32>,
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
            nearest: 0.0,
            ..self.descend(&self.scored(&words, None))
        };
        if let Some((meaning, _)) = &self.meaning {
            let vectors = meaning.vectors();
            let rows = self.examples.iter().zip(vectors);
            let rows: Vec<Row> = rows
                .map(|(own, vector)| self.row(&own.text, vector))
                .collect();
            weights.with_vectors = self.descend(&self.scored(&rows, Some(vectors)));
        }
        weights
    }

    fn scored(&self, rows: &[Row], vectors: Option<&[Vec<f32>]>) -> Vec<Scored> {
        let parts = self.parts();
        let mut all = Vec::new();
        for part in 0..PARTS {
            let known: Vec<usize> = (0..rows.len()).filter(|at| parts[*at] != part).collect();
            let known_rows: Vec<Row> = known.iter().map(|at| rows[*at].clone()).collect();
            let known_labels: Vec<usize> = known.iter().map(|at| self.label_of[*at]).collect();
            let regression = Linear::fit(&known_rows, &known_labels, self.labels.len());
            for at in (0..rows.len()).filter(|at| parts[*at] == part) {
                let near = vectors.map_or(vec![0.0; self.labels.len()], |vectors| {
                    let cosines: Vec<f32> = known
                        .iter()
                        .map(|own| dot(&vectors[*own], &vectors[at]))
                        .collect();
                    nearest(&cosines, &known_labels, self.labels.len())
                });
                all.push(Scored {
                    regression: regression.scores(&rows[at]),
                    nearest: near,
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
    fn descend(&self, scored: &[Scored]) -> Mix {
        let mut values = [1.0_f32, 1.0, 0.0, 0.0];
        let (mut mean, mut square) = ([0.0_f32; 4], [0.0_f32; 4]);
        for pass in 1..=PASSES {
            let [regression, nearest, none, person] = values;
            let mix = Mix {
                regression,
                nearest,
                none,
                person,
            };
            let mut slope = [0.0_f32; 4];
            for own in scored {
                let mut error = softmax(&self.mix(&mix, &own.regression, &own.nearest));
                error[own.label] -= 1.0;
                for (label, error) in error.into_iter().enumerate() {
                    slope[0] += error * own.regression[label];
                    slope[1] += error * own.nearest[label];
                    match &self.labels[label] {
                        Label::Topic(_) | Label::Rule(_) => {}
                        Label::None => slope[2] += error,
                        Label::Person => slope[3] += error,
                    }
                }
            }
            let each = values.iter_mut().zip(&mut mean).zip(&mut square).zip(slope);
            for (((value, mean), square), slope) in each {
                let slope = slope / scored.len() as f32;
                *mean = 0.9 * *mean + 0.1 * slope;
                *square = 0.999 * *square + 0.001 * slope * slope;
                let step = *mean / (1.0 - 0.9_f32.powi(pass));
                let scale = (*square / (1.0 - 0.999_f32.powi(pass))).sqrt() + 1e-8;
                *value -= 0.05 * step / scale;
            }
        }
        let [regression, nearest, none, person] = values;
        Mix {
            regression,
            nearest,
            none,
            person,
        }
    }
}
