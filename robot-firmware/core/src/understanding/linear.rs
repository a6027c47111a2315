//! Multinomial logistic regression on sparse rows, trained where it is used: some hundred
//! examples take about a second.

/// A row: the places that are not zero, and their values.
pub(super) type Row = Vec<(u32, f32)>;

/// Full passes over the examples; more bring nothing that a held-out question shows.
const PASSES: usize = 150;
/// The step of each pass, on the mean gradient.
const STEP: f32 = 20.0;
/// The step of the biases, which see every example.
const BIAS_STEP: f32 = 2.0;
/// How much of a step is kept for the next one (Polyak's heavy ball).
const MOMENTUM: f32 = 0.9;
/// How strongly the weights are drawn to zero.
const DECAY: f32 = 1e-4;

/// One weight for each label and feature.
#[derive(Debug, Clone)]
pub(super) struct Linear {
    labels: usize,
    /// By feature, then by label.
    weights: Vec<f32>,
    bias: Vec<f32>,
}

impl Linear {
    /// Learns from rows and the label of each. Rare labels count for more, by the square root of
    /// their rarity. The result depends on nothing but the arguments.
    pub(super) fn fit(rows: &[Row], label_of: &[usize], labels: usize) -> Self {
        let features = rows
            .iter()
            .flatten()
            .map(|(place, _)| *place as usize + 1)
            .max();
        let size = features.unwrap_or(0) * labels;
        let mut linear = Self {
            labels,
            weights: vec![0.0; size],
            bias: vec![0.0; labels],
        };
        let importance = importance(label_of, labels);
        let mut speed = vec![0.0_f32; size];
        let mut bias_speed = vec![0.0_f32; labels];
        for _ in 0..PASSES {
            let mut slope: Vec<f32> = linear.weights.iter().map(|weight| DECAY * weight).collect();
            let mut bias_slope = vec![0.0_f32; labels];
            for (row, label) in rows.iter().zip(label_of) {
                let mut error = softmax(&linear.scores(row));
                let share = importance.get(*label).unwrap_or(&0.0) / rows.len() as f32;
                if let Some(own) = error.get_mut(*label) {
                    *own -= 1.0;
                }
                error.iter_mut().for_each(|error| *error *= share);
                bias_slope
                    .iter_mut()
                    .zip(&error)
                    .for_each(|(slope, error)| *slope += error);
                for (place, value) in row {
                    let at = *place as usize * labels;
                    let of_feature = slope.iter_mut().skip(at).zip(&error);
                    of_feature.for_each(|(slope, error)| *slope += error * value);
                }
            }
            descend(&mut linear.weights, &mut speed, &slope, STEP);
            descend(&mut linear.bias, &mut bias_speed, &bias_slope, BIAS_STEP);
        }
        linear
    }

    /// The score of each label; features that were not in the training are passed over.
    pub(super) fn scores(&self, row: &[(u32, f32)]) -> Vec<f32> {
        let mut scores = self.bias.clone();
        for (place, value) in row {
            let at = *place as usize * self.labels;
            let own = self.weights.get(at..at + self.labels).unwrap_or_default();
            scores
                .iter_mut()
                .zip(own)
                .for_each(|(score, weight)| *score += weight * value);
        }
        scores
    }
}

fn importance(label_of: &[usize], labels: usize) -> Vec<f32> {
    let mut counts = vec![0.0_f32; labels];
    for label in label_of {
        if let Some(count) = counts.get_mut(*label) {
            *count += 1.0;
        }
    }
    let even = label_of.len() as f32 / labels.max(1) as f32;
    let rarity: Vec<f32> = counts
        .iter()
        .map(|count| (even / count.max(1.0)).sqrt())
        .collect();
    let mean = rarity
        .iter()
        .zip(&counts)
        .map(|(rarity, count)| rarity * count)
        .sum::<f32>()
        / label_of.len().max(1) as f32;
    rarity.into_iter().map(|rarity| rarity / mean).collect()
}

fn descend(values: &mut [f32], speed: &mut [f32], slope: &[f32], step: f32) {
    for ((value, speed), slope) in values.iter_mut().zip(speed).zip(slope) {
        *speed = MOMENTUM * *speed - step * slope;
        *value += *speed;
    }
}

/// Scores as probabilities.
pub(super) fn softmax(scores: &[f32]) -> Vec<f32> {
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let raised: Vec<f32> = scores.iter().map(|score| (score - most).exp()).collect();
    let sum: f32 = raised.iter().sum();
    raised.into_iter().map(|value| value / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_shown_is_told_apart() {
        let rows: Vec<Row> = vec![vec![(0, 1.0)], vec![(1, 1.0)], vec![(2, 1.0), (1, 0.2)]];
        let linear = Linear::fit(&rows, &[0, 1, 2], 3);
        for (label, row) in rows.iter().enumerate() {
            let own = softmax(&linear.scores(row));
            assert!(own[label] > 0.8, "{label}: {own:?}");
        }
    }

    #[test]
    fn an_unknown_feature_says_nothing() {
        let linear = Linear::fit(&[vec![(0, 1.0)], vec![(1, 1.0)]], &[0, 1], 2);
        assert_eq!(linear.scores(&[(99, 5.0)]), linear.scores(&[]));
    }
}
