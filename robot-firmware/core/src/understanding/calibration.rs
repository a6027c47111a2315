//! From scores to probabilities and a decision, learned from examples that were scored by what
//! others taught.

/// Of the examples that would be labelled rightly, the threshold gives up this share.
const GIVEN_UP: f64 = 0.01;
/// How many of the utterances at a counter are taken to belong to no label. Training files list
/// examples and not how often each is said, so that their own share says nothing.
const OUT_OF_SCOPE: f64 = 0.2;
/// Passes of Newton's method; it converges in about ten.
const PASSES: usize = 50;

/// The highest score and its place.
pub(super) fn highest(scores: &[f64]) -> (usize, f64) {
    let each = scores.iter().copied().enumerate();
    each.fold((0, f64::NEG_INFINITY), |best, own| {
        if own.1 > best.1 { own } else { best }
    })
}

/// How an example was scored by what the others teach.
#[derive(Debug, Clone)]
pub(super) struct HeldOut {
    label: Option<usize>,
    best: usize,
    /// Of the best label.
    score: f64,
    /// Of the right label.
    own: f64,
    /// All scores, less the highest.
    behind: Vec<f32>,
}

impl HeldOut {
    pub(super) fn new(scores: &[f64], label: Option<usize>) -> Self {
        let (best, score) = highest(scores);
        Self {
            label,
            best,
            score,
            own: label.map_or(0.0, |label| scores[label]),
            behind: scores.iter().map(|own| (own - score) as f32).collect(),
        }
    }

    fn is_right(&self) -> bool {
        self.label == Some(self.best)
    }
}

/// What makes probabilities and a decision of scores.
#[derive(Debug, Clone, Copy)]
pub(super) struct Calibration {
    temperature: f64,
    slope: f64,
    bias: f64,
    threshold: f64,
}

impl Calibration {
    pub(super) fn fit(held_out: &[HeldOut]) -> Self {
        let (slope, bias) = scope(held_out);
        Self {
            temperature: temperature(held_out),
            slope,
            bias,
            threshold: threshold(held_out),
        }
    }

    /// The probability of a label, given that one of them is meant.
    pub(super) fn among(&self, scores: &[f64], label: usize) -> f64 {
        let own = scores[label];
        let raised = scores
            .iter()
            .map(|score| (self.temperature * (score - own)).exp());
        1.0 / raised.sum::<f64>()
    }

    /// Whether the highest score is enough.
    pub(super) fn accepts(&self, score: f64) -> bool {
        score >= self.threshold
    }

    /// The probability that one of the labels is meant, by the highest score.
    pub(super) fn in_scope(&self, score: f64) -> f64 {
        logistic(self.slope * score + self.bias)
    }
}

/// The score that all but a small share of the rightly labelled examples reach; any score, where
/// nothing out of scope was shown.
fn threshold(held_out: &[HeldOut]) -> f64 {
    if held_out.iter().all(|own| own.label.is_some()) {
        return f64::NEG_INFINITY;
    }
    let right = held_out.iter().filter(|own| own.is_right());
    let mut scores: Vec<f64> = right.map(|own| own.score).collect();
    scores.sort_by(f64::total_cmp);
    let at = (scores.len() as f64 * GIVEN_UP) as usize;
    scores.get(at).copied().unwrap_or(f64::NEG_INFINITY)
}

/// The factor of the scores under which the right labels are likeliest (Guo et al. 2017).
fn temperature(held_out: &[HeldOut]) -> f64 {
    let labelled: Vec<&HeldOut> = held_out.iter().filter(|own| own.label.is_some()).collect();
    let loss = |temperature: f64| -> f64 {
        let of = |own: &&HeldOut| {
            let raised = own
                .behind
                .iter()
                .map(|behind| (temperature * f64::from(*behind)).exp());
            raised.sum::<f64>().ln() - temperature * (own.own - own.score)
        };
        labelled.iter().map(of).sum()
    };
    let (mut low, mut high) = (1e-3_f64.ln(), 10_f64.ln());
    let golden = 0.5 * (5_f64.sqrt() - 1.0);
    for _ in 0..20 {
        let (left, right) = (high - golden * (high - low), low + golden * (high - low));
        if loss(left.exp()) < loss(right.exp()) {
            high = right;
        } else {
            low = left;
        }
    }
    (0.5 * (low + high)).exp()
}

/// Slope and bias of the probability that a score is in scope, by logistic regression; it is 1
/// where nothing out of scope was shown.
fn scope(held_out: &[HeldOut]) -> (f64, f64) {
    let scores = |is_inside: bool| -> Vec<f64> {
        let own = held_out.iter();
        let own = own.filter(|own| own.label.is_some() == is_inside);
        own.map(|own| own.score).collect()
    };
    let (inside, outside) = (scores(true), scores(false));
    if outside.is_empty() {
        return (0.0, f64::INFINITY);
    }
    let weigh = |scores: &[f64], truth: f64, share: f64| -> Vec<(f64, f64, f64)> {
        let weight = share / scores.len().max(1) as f64;
        scores.iter().map(|score| (*score, truth, weight)).collect()
    };
    let all = [
        weigh(&inside, 1.0, 1.0 - OUT_OF_SCOPE),
        weigh(&outside, 0.0, OUT_OF_SCOPE),
    ]
    .concat();
    let all: Vec<_> = all
        .into_iter()
        .filter(|(score, ..)| score.is_finite())
        .collect();
    newton(&all)
}

/// Weighted logistic regression on one number; the triples are number, truth and weight. A little
/// ridge keeps it finite where the two sides don't overlap.
fn newton(all: &[(f64, f64, f64)]) -> (f64, f64) {
    let mean = all
        .iter()
        .map(|(score, _, weight)| score * weight)
        .sum::<f64>();
    let square = |(score, _, weight): &(f64, f64, f64)| weight * (score - mean).powi(2);
    let spread = all
        .iter()
        .map(square)
        .sum::<f64>()
        .sqrt()
        .max(f64::MIN_POSITIVE);
    let ridge = 1e-4;
    let (mut slope, mut bias) = (0.0, 0.0);
    for _ in 0..PASSES {
        let mut gradient = (ridge * slope, 0.0);
        let mut curve = (ridge, 0.0, ridge);
        for (score, truth, weight) in all {
            let x = (score - mean) / spread;
            let p = logistic(slope * x + bias);
            gradient.0 += weight * (p - truth) * x;
            gradient.1 += weight * (p - truth);
            let flex = weight * p * (1.0 - p);
            curve = (curve.0 + flex * x * x, curve.1 + flex * x, curve.2 + flex);
        }
        let determinant = curve.0 * curve.2 - curve.1 * curve.1;
        let step = (
            (curve.2 * gradient.0 - curve.1 * gradient.1) / determinant,
            (curve.0 * gradient.1 - curve.1 * gradient.0) / determinant,
        );
        slope -= step.0.clamp(-1.0, 1.0);
        bias -= step.1.clamp(-1.0, 1.0);
    }
    (slope / spread, bias - slope * mean / spread)
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scores of two labels: rights at 2.0 to 3.0 above the other, strangers below 1.
    fn held_out(with_strangers: bool) -> Vec<HeldOut> {
        let mut all = Vec::new();
        for step in 0..100 {
            let more = 0.01 * f64::from(step);
            all.push(HeldOut::new(&[2.0 + more, 0.5 * more], Some(0)));
            all.push(HeldOut::new(&[0.5 * more, 2.0 + more], Some(1)));
            if with_strangers && step % 10 == 0 {
                all.push(HeldOut::new(&[more, 0.2], None));
            }
        }
        all
    }

    #[test]
    fn the_threshold_gives_up_hardly_a_right_answer() {
        let calibration = Calibration::fit(&held_out(true));
        assert!(calibration.accepts(2.01) && !calibration.accepts(1.99));
    }

    #[test]
    fn strangers_are_improbable_where_some_were_shown() {
        let calibration = Calibration::fit(&held_out(true));
        let (near, far) = (calibration.in_scope(2.8), calibration.in_scope(0.3));
        assert!(near > 0.9 && far < 0.2, "{near} {far}");
    }

    #[test]
    fn without_strangers_shown_nothing_is_one() {
        let calibration = Calibration::fit(&held_out(false));
        for score in [2.8, 0.3, -1e9] {
            assert!(calibration.accepts(score), "{score}");
            assert!((calibration.in_scope(score) - 1.0).abs() < 1e-12, "{score}");
        }
    }

    #[test]
    fn labels_that_are_always_told_apart_are_sure() {
        let calibration = Calibration::fit(&held_out(false));
        let sure = calibration.among(&[3.0, 0.1], 0);
        assert!(sure > 0.95, "{sure}");
        let torn = calibration.among(&[2.0, 2.0], 1);
        assert!((torn - 0.5).abs() < 1e-9, "{torn}");
    }
}
