//! What a list of decisions is worth.

use std::collections::BTreeMap;

use madoguchi_speech::scoring::percentile;

/// Bins of the expected calibration error (Guo et al. 2017).
const BINS: usize = 15;

/// A decision about one utterance.
#[derive(Debug, Clone)]
pub(super) struct Decision {
    /// The right label; absent for what belongs to none.
    pub(super) expected: Option<String>,
    /// The label that was decided for.
    pub(super) got: Option<String>,
    /// The probability given to what was decided.
    pub(super) probability: f32,
    /// What it took, everything included; absent where that was not measured.
    pub(super) milliseconds: Option<f64>,
}

impl Decision {
    fn is_right(&self) -> bool {
        self.expected == self.got
    }
}

/// The figures of a list of decisions; shares are from 0 to 1 and absent where nothing is shared.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Figures {
    pub(super) in_scope: usize,
    pub(super) out_of_scope: usize,
    /// In scope, decided for the right label.
    pub(super) right: usize,
    /// Decided for a label that is not the right one, in scope or not.
    pub(super) wrong_label: usize,
    /// In scope, decided for none.
    pub(super) passed_over: usize,
    /// Share of what is in scope that got the right label.
    pub(super) accuracy_in_scope: Option<f64>,
    /// Share of what is out of scope that was found to be.
    pub(super) out_of_scope_recall: Option<f64>,
    /// Share of what was found to be out of scope that is.
    pub(super) out_of_scope_precision: Option<f64>,
    /// Mean distance between the probability of decisions and the share of right ones, over
    /// fifteen bins of equal width.
    pub(super) expected_calibration_error: Option<f64>,
    pub(super) ms_p50: Option<f64>,
    pub(super) ms_p95: Option<f64>,
}

impl Figures {
    pub(super) fn of<'d>(decisions: impl Iterator<Item = &'d Decision> + Clone) -> Self {
        let count = |what: fn(&Decision) -> bool| decisions.clone().filter(|d| what(d)).count();
        let in_scope = count(|d| d.expected.is_some());
        let out_of_scope = count(|d| d.expected.is_none());
        let right = count(|d| d.expected.is_some() && d.is_right());
        let found = count(|d| d.got.is_none());
        let rightly_found = count(|d| d.expected.is_none() && d.got.is_none());
        let milliseconds: Vec<f64> = decisions.clone().filter_map(|d| d.milliseconds).collect();
        let spent =
            |percent| (!milliseconds.is_empty()).then(|| percentile(&milliseconds, percent));
        Self {
            in_scope,
            out_of_scope,
            right,
            wrong_label: count(|d| d.got.is_some() && !d.is_right()),
            passed_over: found - rightly_found,
            accuracy_in_scope: share(right, in_scope),
            out_of_scope_recall: share(rightly_found, out_of_scope),
            out_of_scope_precision: share(rightly_found, found),
            expected_calibration_error: calibration_error(decisions),
            ms_p50: spent(50.0),
            ms_p95: spent(95.0),
        }
    }
}

fn share(part: usize, of: usize) -> Option<f64> {
    (of > 0).then(|| part as f64 / of as f64)
}

fn calibration_error<'d>(decisions: impl Iterator<Item = &'d Decision>) -> Option<f64> {
    let mut bins = [(0.0, 0.0); BINS];
    let mut all = 0.0;
    for decision in decisions {
        let probability = f64::from(decision.probability);
        let bin = ((probability * BINS as f64) as usize).min(BINS - 1);
        bins[bin].0 += probability;
        bins[bin].1 += f64::from(u8::from(decision.is_right()));
        all += 1.0;
    }
    let distance: f64 = bins
        .iter()
        .map(|(given, right)| (given - right).abs())
        .sum();
    (all > 0.0).then(|| distance / all)
}

/// A mistake: what was expected, and what was decided.
pub(super) type Confusion<'d> = (Option<&'d str>, Option<&'d str>);

/// Which labels were taken for which, the commonest mistakes first.
pub(super) fn confusions(decisions: &[Decision]) -> Vec<(Confusion<'_>, usize)> {
    let mut counts: BTreeMap<Confusion<'_>, usize> = BTreeMap::new();
    for decision in decisions.iter().filter(|decision| !decision.is_right()) {
        let mistake = (decision.expected.as_deref(), decision.got.as_deref());
        *counts.entry(mistake).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decision(expected: &str, got: &str, probability: f32, milliseconds: f64) -> Decision {
        let label = |name: &str| (name != "-").then(|| name.to_owned());
        Decision {
            expected: label(expected),
            got: label(got),
            probability,
            milliseconds: Some(milliseconds),
        }
    }

    #[test]
    fn each_share_is_of_its_own_whole() {
        let decisions = [
            decision("a", "a", 1.0, 1.0),
            decision("a", "b", 0.5, 2.0),
            decision("b", "-", 0.5, 3.0),
            decision("b", "b", 1.0, 4.0),
            decision("-", "-", 1.0, 5.0),
            decision("-", "a", 1.0, 6.0),
        ];
        let figures = Figures::of(decisions.iter());
        assert_eq!((figures.in_scope, figures.out_of_scope), (4, 2));
        assert_eq!((figures.wrong_label, figures.passed_over), (2, 1));
        assert_eq!(figures.accuracy_in_scope, Some(0.5));
        assert_eq!(figures.out_of_scope_recall, Some(0.5));
        assert_eq!(figures.out_of_scope_precision, Some(0.5));
        assert_eq!((figures.ms_p50, figures.ms_p95), (Some(3.0), Some(6.0)));
        let error = figures.expected_calibration_error.unwrap();
        assert!((error - 2.0 / 6.0).abs() < 1e-9, "{error}");
    }

    #[test]
    fn nothing_has_no_share() {
        let figures = Figures::of([].iter());
        assert_eq!(figures.accuracy_in_scope, None);
        assert_eq!(figures.expected_calibration_error, None);
        assert_eq!(figures.ms_p95, None);
    }

    #[test]
    fn the_commonest_mistake_comes_first() {
        let decisions = [
            decision("a", "b", 0.5, 0.0),
            decision("b", "-", 0.5, 0.0),
            decision("b", "-", 0.5, 0.0),
            decision("b", "b", 0.5, 0.0),
        ];
        let expected = [((Some("b"), None), 2), ((Some("a"), Some("b")), 1)];
        assert_eq!(confusions(&decisions), expected);
    }
}
