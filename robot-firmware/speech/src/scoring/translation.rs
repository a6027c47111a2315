//! BLEU and chrF, as sacreBLEU computes them by default (`13a` tokens, one reference, exponential
//! smoothing; character n-grams up to 6, beta 2).

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::LazyLock;

use regex::Regex;

const BLEU_ORDER: usize = 4;
const CHRF_ORDER: usize = 6;
const CHRF_BETA: f64 = 2.0;

/// BLEU of a corpus, 0 to 100.
#[derive(Debug, Clone, Default)]
pub struct Bleu {
    matches: [u64; BLEU_ORDER],
    totals: [u64; BLEU_ORDER],
    length: u64,
    reference_length: u64,
}

/// chrF of a corpus or a sentence, 0 to 100.
#[derive(Debug, Clone, Default)]
pub struct Chrf {
    matches: [u64; CHRF_ORDER],
    hypothesis: [u64; CHRF_ORDER],
    reference: [u64; CHRF_ORDER],
}

impl Bleu {
    /// Adds a sentence.
    pub fn add(&mut self, hypothesis: &str, reference: &str) {
        let (hypothesis, reference) = (tokens(hypothesis), tokens(reference));
        self.length += hypothesis.len() as u64;
        self.reference_length += reference.len() as u64;
        for order in 0..BLEU_ORDER {
            let (matched, total, _) = overlap(&hypothesis, &reference, order + 1);
            self.matches[order] += matched;
            self.totals[order] += total;
        }
    }

    /// The score so far.
    pub fn score(&self) -> f64 {
        let mut smooth = 1.0;
        let mut log_sum = 0.0;
        for (matched, total) in self.matches.iter().zip(self.totals) {
            if total == 0 {
                return 0.0;
            }
            let precision = if *matched == 0 {
                smooth *= 2.0;
                1.0 / (smooth * total as f64)
            } else {
                *matched as f64 / total as f64
            };
            log_sum += precision.ln();
        }
        let ratio = self.reference_length as f64 / self.length as f64;
        let brevity = if ratio > 1.0 {
            (1.0 - ratio).exp()
        } else {
            1.0
        };
        100.0 * brevity * (log_sum / BLEU_ORDER as f64).exp()
    }
}

impl Chrf {
    /// chrF of one sentence.
    pub fn of(hypothesis: &str, reference: &str) -> f64 {
        let mut chrf = Self::default();
        chrf.add(hypothesis, reference);
        chrf.score()
    }

    /// Adds a sentence.
    pub fn add(&mut self, hypothesis: &str, reference: &str) {
        let chars =
            |text: &str| -> Vec<char> { text.chars().filter(|c| !c.is_whitespace()).collect() };
        let (hypothesis, reference) = (chars(hypothesis), chars(reference));
        for order in 0..CHRF_ORDER {
            let (matched, of_hypothesis, of_reference) =
                overlap(&hypothesis, &reference, order + 1);
            self.matches[order] += matched;
            self.hypothesis[order] += of_hypothesis;
            self.reference[order] += of_reference;
        }
    }

    /// The score so far.
    pub fn score(&self) -> f64 {
        let (mut precision, mut recall, mut orders) = (0.0, 0.0, 0.0);
        for order in 0..CHRF_ORDER {
            let (hypothesis, reference) = (self.hypothesis[order], self.reference[order]);
            if hypothesis > 0 && reference > 0 {
                precision += self.matches[order] as f64 / hypothesis as f64;
                recall += self.matches[order] as f64 / reference as f64;
                orders += 1.0;
            }
        }
        if orders == 0.0 || precision + recall == 0.0 {
            return 0.0;
        }
        let (precision, recall) = (precision / orders, recall / orders);
        let square = CHRF_BETA * CHRF_BETA;
        100.0 * (1.0 + square) * precision * recall / (square * precision + recall)
    }
}

/// The n-grams that two sequences share, and how many each has.
fn overlap<T: Eq + Hash>(hypothesis: &[T], reference: &[T], order: usize) -> (u64, u64, u64) {
    let mut counts: HashMap<&[T], u64> = HashMap::new();
    for gram in reference.windows(order) {
        *counts.entry(gram).or_default() += 1;
    }
    let mut matched = 0;
    for gram in hypothesis.windows(order) {
        if let Some(left) = counts.get_mut(gram)
            && *left > 0
        {
            *left -= 1;
            matched += 1;
        }
    }
    let grams = |sequence: &[T]| (sequence.len() + 1).saturating_sub(order) as u64;
    (matched, grams(hypothesis), grams(reference))
}

/// The tokens of mteval-v13a.
fn tokens(text: &str) -> Vec<String> {
    static RULES: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
        let rules = [
            (r"([\{-~\[-` -&\(-\+:-@/])", " $1 "),
            (r"([^0-9])([.,])", "$1 $2 "),
            (r"([.,])([^0-9])", " $1 $2"),
            (r"([0-9])(-)", "$1 $2 "),
        ];
        let compiled = rules.map(|(pattern, by)| Regex::new(pattern).map(|regex| (regex, by)));
        compiled.into_iter().flatten().collect()
    });
    let mut text = format!(" {} ", text.trim());
    for (rule, by) in RULES.iter() {
        text = rule.replace_all(&text, *by).into_owned();
    }
    text.split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_those_of_13a() {
        assert_eq!(
            tokens("It's 1,500.5 (or 3-4), \"ok\"."),
            [
                "It's", "1,500.5", "(", "or", "3", "-", "4", ")", ",", "\"", "ok", "\"", "."
            ]
        );
    }

    #[test]
    fn what_is_the_same_has_the_full_score() {
        let text = "A casa é azul e grande.";
        assert!((Chrf::of(text, text) - 100.0).abs() < 1e-9);
        let mut bleu = Bleu::default();
        bleu.add(text, text);
        assert!((bleu.score() - 100.0).abs() < 1e-9);
        assert!(Chrf::of("xyz", "abc") == 0.0);
        assert!(Bleu::default().score() == 0.0);
    }
}
