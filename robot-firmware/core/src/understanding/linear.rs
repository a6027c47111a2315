//! Multinomial logistic regression on sparse rows, trained where it is used: three thousand
//! examples of seventy labels take about a second.

/// A row: the places that are not zero, and their values.
pub(super) type Row = Vec<(u32, f32)>;

/// The probabilities, one for each label, by which an example pulls at the weights.
pub(super) type Held = Vec<f32>;

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
        let mut held = one_hot(label_of, labels);
        Self::fit_from(rows, label_of, labels, plan, &mut held)
    }

    /// The same from what examples hold already, such as after a fit to nearly the same examples;
    /// it converges to the same weights in fewer passes. Leaves what they hold at the end.
    pub(super) fn fit_from(
        rows: &[Row],
        label_of: &[usize],
        labels: usize,
        plan: Plan,
        held: &mut [Held],
    ) -> Self {
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
        let pull = |at: usize| importance.get(label_of[at]).unwrap_or(&0.0) / plan.decay;
        for (at, held) in held.iter().enumerate() {
            let truth = |label: usize| f32::from(u8::from(label == label_of[at]));
            let each = held.iter().enumerate();
            let change: Vec<f32> = each
                .map(|(label, held)| pull(at) * (truth(label) - held))
                .collect();
            if change.iter().any(|change| *change != 0.0) {
                linear.change(&rows[at], &change);
            }
        }
        let order = mixed(rows.len());
        for _ in 0..plan.passes {
            let mut moved = 0.0;
            for at in &order {
                moved += linear.improve(&rows[*at], &mut held[*at], pull(*at));
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
        self.change(row, &change);
        step * way.iter().map(|way| way.abs()).sum::<f32>()
    }

    /// Adds what an example pulls each label by.
    fn change(&mut self, row: &[(u32, f32)], change: &[f32]) {
        for (place, value) in row {
            let at = *place as usize * self.labels;
            let own = self.weights.get_mut(at..at + self.labels);
            let own = own.unwrap_or_default().iter_mut().zip(change);
            own.for_each(|(weight, change)| *weight += change * value);
        }
        let biases = self.bias.iter_mut().zip(change);
        biases.for_each(|(bias, change)| *bias += change);
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

/// What examples hold before anything was learned: their own labels.
pub(super) fn one_hot(label_of: &[usize], labels: usize) -> Vec<Held> {
    let truth = |own: &usize| {
        let all = 0..labels;
        all.map(|label| f32::from(u8::from(label == *own)))
            .collect()
    };
    label_of.iter().map(truth).collect()
}

/// What examples held before, where that can be; of the others their own labels, and whether there
/// are any.
pub(super) fn going_on(
    known: impl Iterator<Item = Held>,
    label_of: &[usize],
    labels: usize,
) -> (Vec<Held>, bool) {
    let mut anew = false;
    let fresh = one_hot(label_of, labels);
    let each = known.zip(fresh).map(|(known, fresh)| {
        let of_one = (known.iter().sum::<f32>() - 1.0).abs() < 1e-3;
        let shares = known.iter().all(|share| (0.0..=1.0).contains(share));
        if known.len() == labels && shares && of_one {
            return known;
        }
        anew = true;
        fresh
    });
    (each.collect(), anew)
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
    fn a_fit_that_goes_on_from_another_ends_where_one_from_nothing_does() {
        let rows: Vec<Row> = (0..30)
            .map(|at| vec![(at % 3, 1.0), (3 + at % 2, 0.4)])
            .collect();
        let label_of: Vec<usize> = (0..30).map(|at| at % 3).collect();
        let plan = Plan {
            still: 1e-4,
            passes: 200,
            ..PLAN
        };
        let mut held = one_hot(&label_of, 3);
        Linear::fit_from(&rows, &label_of, 3, plan, &mut held);
        let (rows, label_of) = (&rows[6..], &label_of[6..]);
        let from_other = Linear::fit_from(rows, label_of, 3, plan, &mut held[6..]);
        let from_nothing = Linear::fit(rows, label_of, 3, plan);
        for row in rows {
            let each = from_other
                .scores(row)
                .into_iter()
                .zip(from_nothing.scores(row));
            for (one, other) in each {
                assert!((one - other).abs() < 0.02, "{one} {other}");
            }
        }
    }

    #[test]
    fn an_unknown_feature_says_nothing() {
        let linear = Linear::fit(&[vec![(0, 1.0)], vec![(1, 1.0)]], &[0, 1], 2, PLAN);
        assert_eq!(linear.scores(&[(99, 5.0)]), linear.scores(&[]));
    }
}
