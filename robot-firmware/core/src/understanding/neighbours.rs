//! Examples as neighbours: how near the nearest of each label are.

use super::gaussian::dot;

/// How many of a label's nearest examples are averaged.
const NEIGHBOURS: usize = 3;

/// For each label the mean cosine of its nearest examples, 0 where there is none. The features of
/// each example, and those of the sentence, are of length 1.
pub(super) fn nearest<'e>(
    examples: impl Iterator<Item = (&'e [f32], usize)>,
    labels: usize,
    sentence: &[f32],
) -> Vec<f64> {
    let mut best = vec![[f32::NEG_INFINITY; NEIGHBOURS]; labels];
    for (example, label) in examples {
        let mut cosine = dot(example, sentence);
        for place in &mut best[label] {
            if cosine > *place {
                std::mem::swap(&mut cosine, place);
            }
        }
    }
    let mean = |best: [f32; NEIGHBOURS]| {
        let known = best.into_iter().filter(|cosine| cosine.is_finite());
        let count = known.clone().count().max(1);
        f64::from(known.sum::<f32>()) / count as f64
    };
    best.into_iter().map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_nearest_of_each_label_count() {
        let examples = [
            ([1.0, 0.0], 0),
            ([0.8, 0.6], 0),
            ([0.6, 0.8], 0),
            ([0.0, 1.0], 0),
            ([0.0, 1.0], 1),
        ];
        let own = examples.iter().map(|(row, label)| (row.as_slice(), *label));
        let got = nearest(own, 3, &[1.0, 0.0]);
        assert!(
            (got[0] - 0.8).abs() < 1e-6 && got[1..] == [0.0, 0.0],
            "{got:?}"
        );
    }
}
