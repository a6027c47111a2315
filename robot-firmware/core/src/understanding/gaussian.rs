//! Labels as normal distributions that share one covariance (linear discriminant analysis, Fisher
//! 1936), before a background: the one distribution of all examples. What the nearest label
//! explains no better than the background is out of scope (Lee et al. 2018; Ren et al. 2021).

use std::ops::{AddAssign, Mul};

/// How much of the covariances is their diagonal alone; more forgives rarer examples.
const SHRINK: f64 = 0.1;
/// What a feature varies at least, of the mean variance; some features are all zero.
const LEAST: f64 = 1e-6;

/// Sums over examples, from which the distributions follow. Examples can be taken away again.
#[derive(Debug, Clone)]
pub(super) struct Moments {
    size: usize,
    /// By label, and last those of no label.
    counts: Vec<f64>,
    sums: Vec<Vec<f64>>,
    /// Sums of products of two features, lower half by rows; of labelled examples and of others.
    products: [Vec<f64>; 2],
}

impl Moments {
    /// Of no example, with `size` features.
    pub(super) fn new(size: usize, labels: usize) -> Self {
        Self {
            size,
            counts: vec![0.0; labels + 1],
            sums: vec![vec![0.0; size]; labels + 1],
            products: [vec![0.0; size * size], vec![0.0; size * size]],
        }
    }

    /// Adds an example.
    pub(super) fn add(&mut self, features: &[f32], label: Option<usize>) {
        let features = &wide(features)[..];
        let outside = self.counts.len() - 1;
        let at = label.unwrap_or(outside);
        self.counts[at] += 1.0;
        add(&mut self.sums[at], features, 1.0);
        let products = &mut self.products[usize::from(label.is_none())];
        for (row, value) in products.chunks_exact_mut(self.size).zip(features) {
            add(row, features, *value);
        }
    }

    /// Takes away the examples of `other`, which are among these.
    pub(super) fn without(&self, other: &Self) -> Self {
        let mut rest = self.clone();
        add(&mut rest.counts, &other.counts, -1.0);
        let sums = rest.sums.iter_mut().zip(&other.sums);
        let products = rest.products.iter_mut().zip(&other.products);
        for (rest, other) in sums.chain(products) {
            add(rest, other, -1.0);
        }
        rest
    }

    /// Adds the examples of `other`.
    pub(super) fn join(&mut self, other: &Self) {
        add(&mut self.counts, &other.counts, 1.0);
        let sums = self.sums.iter_mut().zip(&other.sums);
        let products = self.products.iter_mut().zip(&other.products);
        for (own, other) in sums.chain(products) {
            add(own, other, 1.0);
        }
    }

    /// The products around the mean of each of `groups`, divided by the number of examples.
    fn covariance(&self, mut products: Vec<f64>, groups: &[(Vec<f64>, f64)]) -> Vec<f64> {
        let size = self.size;
        let all: f64 = groups.iter().map(|(_, count)| count).sum();
        for (mean, count) in groups {
            for (row, value) in products.chunks_exact_mut(size).zip(mean) {
                add(row, mean, -count * value);
            }
        }
        products
            .iter_mut()
            .for_each(|product| *product *= (1.0 - SHRINK) / all.max(1.0));
        let diagonal = |at: usize| at * size + at;
        let variance = (0..size).map(|at| products[diagonal(at)]).sum::<f64>() / size as f64;
        for at in 0..size {
            let own = &mut products[diagonal(at)];
            *own = own.max(0.0) / (1.0 - SHRINK) + LEAST * variance.max(f64::MIN_POSITIVE);
        }
        products
    }
}

/// The distributions.
#[derive(Debug, Clone)]
pub(super) struct Gaussians {
    within: Whitening,
    /// Absent for a label without examples.
    means: Vec<Option<Vec<f64>>>,
    background: Whitening,
    middle: Vec<f64>,
}

impl Gaussians {
    pub(super) fn new(moments: &Moments) -> Self {
        let (outside, of_outside) = match moments.counts.split_last() {
            Some((count, _)) => (*count, &moments.sums[moments.counts.len() - 1]),
            None => (0.0, &moments.sums[0]),
        };
        let labels = moments.counts.len() - 1;
        let groups: Vec<(Vec<f64>, f64)> = (0..labels)
            .map(|label| {
                (
                    mean(&moments.sums[label], moments.counts[label]),
                    moments.counts[label],
                )
            })
            .collect();
        let mut middle = of_outside.clone();
        let mut all = outside;
        for (sum, count) in moments.sums.iter().zip(&moments.counts).take(labels) {
            add(&mut middle, sum, 1.0);
            all += count;
        }
        let middle = mean(&middle, all);
        let [labelled, others] = &moments.products;
        let mut products = labelled.clone();
        add(&mut products, others, 1.0);
        let background = moments.covariance(products, &[(middle.clone(), all)]);
        let within = moments.covariance(labelled.clone(), &groups);
        let within = Whitening::new(within, moments.size);
        let background = Whitening::new(background, moments.size);
        let means = groups
            .into_iter()
            .map(|(mean, count)| (count > 0.0).then(|| within.apply(&mean)));
        Self {
            means: means.collect(),
            middle: background.apply(&middle),
            within,
            background,
        }
    }

    /// For each label by how much it explains the features better than the background does: the
    /// logarithm of the ratio of the two densities, but for a constant.
    pub(super) fn scores(&self, features: &[f32]) -> Vec<f64> {
        let features = &wide(features)[..];
        let own = self.within.apply(features);
        let around = distance(&self.background.apply(features), &self.middle);
        let score = |mean: &Option<Vec<f64>>| match mean {
            Some(mean) => 0.5 * (around - distance(&own, mean)),
            None => f64::NEG_INFINITY,
        };
        self.means.iter().map(score).collect()
    }
}

/// Brings a distribution to covariance 1.
#[derive(Debug, Clone)]
struct Whitening {
    /// The inverse of the covariance's Cholesky factor, lower half by rows.
    inverse: Vec<f64>,
    size: usize,
}

impl Whitening {
    /// Of a positive definite matrix, of which the lower half is read.
    fn new(mut matrix: Vec<f64>, size: usize) -> Self {
        for row in 0..size {
            let (above, own) = matrix.split_at_mut(row * size);
            let own = &mut own[..size];
            for column in 0..row {
                let other = &above[column * size..][..size];
                own[column] = (own[column] - dot(&own[..column], &other[..column])) / other[column];
            }
            let rest = own[row] - dot(&own[..row], &own[..row]);
            own[row] = rest.max(f64::MIN_POSITIVE).sqrt();
        }
        let mut inverse = vec![0.0; size * size];
        for row in 0..size {
            let factor = &matrix[row * size..][..=row];
            let (above, own) = inverse.split_at_mut(row * size);
            let own = &mut own[..size];
            for (column, factor) in factor[..row].iter().enumerate() {
                add(
                    &mut own[..=column],
                    &above[column * size..][..=column],
                    -factor,
                );
            }
            own[row] = 1.0;
            own[..=row]
                .iter_mut()
                .for_each(|value| *value /= factor[row]);
        }
        Self { inverse, size }
    }

    fn apply(&self, features: &[f64]) -> Vec<f64> {
        let rows = self.inverse.chunks_exact(self.size).enumerate();
        rows.map(|(row, weights)| dot(&weights[..=row], &features[..=row]))
            .collect()
    }
}

fn wide(features: &[f32]) -> Vec<f64> {
    features.iter().copied().map(f64::from).collect()
}

fn mean(sum: &[f64], count: f64) -> Vec<f64> {
    sum.iter().map(|sum| sum / count.max(1.0)).collect()
}

fn add(to: &mut [f64], what: &[f64], times: f64) {
    to.iter_mut()
        .zip(what)
        .for_each(|(to, what)| *to += times * what);
}

/// In eight lanes, which the compiler makes one of a vector unit.
pub(super) fn dot<T>(a: &[T], b: &[T]) -> T
where
    T: Copy + Default + Mul<Output = T> + AddAssign,
{
    let (a, a_rest) = a.as_chunks::<8>();
    let (b, b_rest) = b.as_chunks::<8>();
    let mut lanes = [T::default(); 8];
    for (a, b) in a.iter().zip(b) {
        for (lane, (a, b)) in lanes.iter_mut().zip(a.iter().zip(b)) {
            *lane += *a * *b;
        }
    }
    let rest = a_rest.iter().zip(b_rest).map(|(a, b)| *a * *b);
    let mut sum = T::default();
    lanes.into_iter().chain(rest).for_each(|part| sum += part);
    sum
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whitening_undoes_a_covariance() {
        let whitening = Whitening::new(vec![4.0, 0.0, 2.0, 5.0], 2);
        let length = |features: &[f64]| distance(&whitening.apply(features), &[0.0, 0.0]);
        // xᵀ Σ⁻¹ x with Σ⁻¹ = [[5, -2], [-2, 4]] / 16.
        for (features, expected) in [([1.0, 0.0], 5.0 / 16.0), ([1.0, 1.0], 5.0 / 16.0)] {
            assert!((length(&features) - expected).abs() < 1e-12, "{features:?}");
        }
    }

    #[test]
    fn taking_examples_away_is_not_having_added_them() {
        let mut one = Moments::new(2, 2);
        one.add(&[1.0, 2.0], Some(0));
        one.add(&[0.5, -1.0], None);
        let mut other = Moments::new(2, 2);
        other.add(&[3.0, 1.0], Some(1));
        let mut both = one.clone();
        both.join(&other);
        let rest = both.without(&other);
        assert_eq!(rest.counts, one.counts);
        assert_eq!(rest.products, one.products);
    }

    /// Two labels side by side in one plane, spread in the second direction only.
    #[test]
    fn what_lies_off_the_labels_plane_is_explained_worse() {
        let mut moments = Moments::new(3, 2);
        for step in 0..20 {
            let spread = 0.1 * step as f32 - 1.0;
            moments.add(&[1.0, spread, 0.01 * spread], Some(0));
            moments.add(&[-1.0, spread, -0.01 * spread], Some(1));
        }
        moments.add(&[0.0, 0.0, 3.0], None);
        let gaussians = Gaussians::new(&moments);
        let near = gaussians.scores(&[1.0, 0.3, 0.0]);
        let off = gaussians.scores(&[0.0, 0.0, 3.0]);
        assert!(near[0] > near[1] + 1.0, "{near:?}");
        assert!(near[0] > off[0] && near[0] > off[1], "{near:?} {off:?}");
    }
}
