//! Multinomial logistic regression on sparse rows, trained where it is used: three thousand
//! examples of seventy labels take about a second.

/// A row: the places that are not zero, and their values.
pub(super) type Row = Vec<(u32, f32)>;

/// Halvings of the interval in which an example's best step is searched.
const HALVINGS: usize = 6;
/// What the logarithm of a probability is taken of at least.
const LEAST: f32 = 1e-12;
const GOLDEN_SECTION: f64 = 0.618_033_988_75;

/// How to learn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    /// How strongly the weights are drawn to zero, beside the sum of all examples' losses.
    pub(super) decay: f32,
    /// The fit is good when a pass moves an example's probabilities by no more than this, in the mean.
    pub(super) still: f32,
    /// Full passes over the examples at most.
    pub(super) passes: usize,
}

/// One weight for each label and feature.
#[derive(Debug, Clone)]
pub(super) struct Linear {
    labels: usize,
    /// By feature, then by label.
    weights: Vec<f32>,
    bias: Vec<f32>,
}

impl Linear {
    /// Learns from rows and the label of each, until that changes little. Rare labels count for
    /// more, by the square root of their rarity. The result depends on nothing but the arguments.
    ///
    /// By dual coordinate ascent (Shalev-Shwartz and Zhang 2013): each example holds the
    /// probabilities by which it pulls at the weights, one after the other goes as far towards those
    /// that the weights give it as helps, and there is no rate of learning to choose.
    pub(super) fn fit(rows: &[Row], label_of: &[usize], labels: usize, plan: Plan) -> Self {
        let features = rows
            .iter()
            .flatten()
            .map(|(place, _)| *place as usize + 1)
            .max();
        let mut linear = Self {
            labels,
            weights: vec![0.0; features.unwrap_or(0) * labels],
            bias: vec![0.0; labels],
        };
        let importance = importance(label_of, labels);
        let mut held: Vec<Vec<f32>> = label_of
            .iter()
            .map(|own| {
                (0..labels)
                    .map(|label| f32::from(u8::from(label == *own)))
                    .collect()
            })
            .collect();
        let order = mixed(rows.len());
        for _ in 0..plan.passes {
            let mut moved = 0.0;
            for at in &order {
                let pull = importance.get(label_of[*at]).unwrap_or(&0.0) / plan.decay;
                moved += linear.improve(&rows[*at], &mut held[*at], pull);
            }
            if moved <= plan.still * rows.len() as f32 {
                break;
            }
        }
        linear
    }

    /// Takes one example's step, and tells how far its probabilities moved.
    fn improve(&mut self, row: &[(u32, f32)], held: &mut [f32], pull: f32) -> f32 {
        let scores = self.scores(row);
        let towards = softmax(&scores).into_iter().zip(&*held);
        let way: Vec<f32> = towards.map(|(to, held)| to - held).collect();
        let square = 1.0 + row.iter().map(|(_, value)| value * value).sum::<f32>();
        let step = step(&scores, held, &way, pull * square);
        held.iter_mut()
            .zip(&way)
            .for_each(|(held, way)| *held += step * way);
        let change: Vec<f32> = way.iter().map(|way| -pull * step * way).collect();
        for (place, value) in row {
            let at = *place as usize * self.labels;
            let own = self.weights.get_mut(at..at + self.labels);
            let own = own.unwrap_or_default().iter_mut().zip(&change);
            own.for_each(|(weight, change)| *weight += change * value);
        }
        let biases = self.bias.iter_mut().zip(&change);
        biases.for_each(|(bias, change)| *bias += change);
        step * way.iter().map(|way| way.abs()).sum::<f32>()
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

/// How far to go from what is held along `way`, from 0 to 1: where the dual objective, which is
/// concave, stops growing. `stiffness` is how strongly a step bends the example's own scores.
fn step(scores: &[f32], held: &[f32], way: &[f32], stiffness: f32) -> f32 {
    let square = way.iter().map(|way| way * way).sum::<f32>();
    let grows = |step: f32| {
        let each = scores.iter().zip(held).zip(way);
        let slope =
            each.map(|((score, held), way)| way * (score - (held + step * way).max(LEAST).ln()));
        slope.sum::<f32>() > step * stiffness * square
    };
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if grows(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// All places up to `count`, those that stand together far apart in time, since a list has the
/// sentences of one label together. Steps of the golden section of the whole are the ones that come
/// back to nearly the same place last; near a simple fraction, such as 5/8, every eighth step does, and
/// the fit then crawls.
fn mixed(count: usize) -> Vec<usize> {
    let golden = (count as f64 * GOLDEN_SECTION) as usize;
    let stride = (golden..).find(|stride| divisor(*stride, count) == 1);
    let stride = stride.unwrap_or(1);
    (0..count).map(|turn| turn * stride % count).collect()
}

fn divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { divisor(b, a % b) }
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

    const PLAN: Plan = Plan {
        decay: 0.1,
        still: 0.01,
        passes: 30,
    };

    #[test]
    fn what_was_shown_is_told_apart() {
        let rows: Vec<Row> = vec![vec![(0, 1.0)], vec![(1, 1.0)], vec![(2, 1.0), (1, 0.2)]];
        let linear = Linear::fit(&rows, &[0, 1, 2], 3, PLAN);
        for (label, row) in rows.iter().enumerate() {
            let own = softmax(&linear.scores(row));
            assert!(own[label] > 0.8, "{label}: {own:?}");
        }
    }

    #[test]
    fn every_example_has_its_turn_in_a_pass() {
        for count in [0, 1, 2, 3, 8, 100, 3036] {
            let mut order = mixed(count);
            order.sort_unstable();
            assert_eq!(order, (0..count).collect::<Vec<_>>());
        }
    }

    #[test]
    fn neighbours_in_a_list_have_their_turns_far_apart() {
        for count in [100, 3280, 3405, 15_000] {
            let order = mixed(count);
            for apart in 1..=12 {
                for (turn, place) in order.iter().enumerate().skip(apart) {
                    let way = place.abs_diff(order[turn - apart]);
                    let way = way.min(count - way);
                    assert!(way * 36 >= count, "{count}: {way} after {apart} turns");
                }
            }
        }
    }

    #[test]
    fn an_unknown_feature_says_nothing() {
        let linear = Linear::fit(&[vec![(0, 1.0)], vec![(1, 1.0)]], &[0, 1], 2, PLAN);
        assert_eq!(linear.scores(&[(99, 5.0)]), linear.scores(&[]));
    }
}
