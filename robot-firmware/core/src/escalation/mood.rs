//! Distress over the turns of a visit, as one score with its evidence.

use madoguchi_shared::packet::Evidence;

use crate::pack::escalation::Distress;
use crate::understanding::plain;

/// Cosine from which two turns say the same in other words.
const SAME: f32 = 0.8;

/// What a turn tells of distress.
pub(crate) struct Told<'t> {
    pub(crate) turn: u32,
    /// Monotonic.
    pub(crate) at_ms: u64,
    pub(crate) text: &'t str,
    /// The turn's words for the packet.
    pub(crate) shown: &'t str,
    /// Whether what was said before was not understood.
    pub(crate) in_vain: bool,
    /// The pack's words of distress that it has.
    pub(crate) words: Option<String>,
    /// The scorer's score.
    pub(crate) score: f32,
    /// The sentence vector around the middle of its language.
    pub(crate) around: Option<Vec<f32>>,
}

/// How distressed the visitor has seemed so far, from 0 to 1, and why.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mood {
    level: f32,
    /// The newest level, also after it called a person.
    shown: Option<f32>,
    evidence: Vec<Evidence>,
    earlier: Vec<(String, Option<Vec<f32>>)>,
    last_at_ms: Option<u64>,
}

impl Mood {
    /// The score of the newest turn, once one was looked at.
    pub(crate) fn level(&self) -> Option<f32> {
        self.shown
    }

    /// What made it, the strongest first.
    pub(crate) fn evidence(&self) -> Vec<Evidence> {
        let mut evidence = self.evidence.clone();
        evidence.sort_by(|a, b| b.score.total_cmp(&a.score));
        evidence
    }

    /// Takes a turn into account: each sign leaves a part of the doubt, what earlier turns told
    /// fades, and repeats or silence alone never reach the threshold.
    pub(crate) fn hear(&mut self, told: Told<'_>, rules: &Distress) -> f32 {
        let mut signs: Vec<(&str, f32, String)> = Vec::new();
        if told.score >= rules.least {
            signs.push((
                "distress",
                told.score * rules.classifier,
                told.shown.to_owned(),
            ));
        }
        if let Some(words) = told.words {
            signs.push(("distress_words", rules.words, words));
        }
        let own = plain(told.text);
        let says_it_again = |(text, around): &(String, Option<Vec<f32>>)| {
            *text == own || alike(around.as_deref(), told.around.as_deref()) >= SAME
        };
        let with_words = !signs.is_empty();
        if self.earlier.iter().any(says_it_again) {
            signs.push(("repeats", rules.repeats, "said it before".to_owned()));
        } else if told.in_vain {
            let detail = "was not understood before".to_owned();
            signs.push(("repeats", rules.repeats, detail));
        }
        let silence_ms = self.last_at_ms.map(|at| told.at_ms.saturating_sub(at));
        if silence_ms.is_some_and(|ms| ms >= u64::from(rules.silence_s) * 1_000) {
            let seconds = silence_ms.unwrap_or(0) / 1_000;
            signs.push((
                "silence",
                rules.silence,
                format!("silent for {seconds} s before"),
            ));
        }
        self.earlier.push((own, told.around));
        self.last_at_ms = Some(told.at_ms);
        self.evidence.retain_mut(|evidence| {
            evidence.score *= rules.carry;
            evidence.score >= 0.05
        });
        let doubt = signs.iter().map(|(_, score, _)| 1.0 - score);
        let doubt = doubt.product::<f32>() * (1.0 - self.level * rules.carry);
        self.level = (1.0 - doubt).clamp(0.0, 1.0);
        self.shown = Some(self.level);
        let new = signs.into_iter().map(|(detector, score, detail)| Evidence {
            detector: detector.to_owned(),
            score,
            detail,
            turn: Some(told.turn),
        });
        self.evidence.extend(new);
        if with_words { self.level } else { 0.0 }
    }

    /// What was asked so far is done: whoever asks it once more repeats nothing in vain.
    pub(crate) fn is_settled(&mut self) {
        self.earlier.clear();
    }

    /// What was told has called a person: it must not call the next one.
    pub(crate) fn is_spent(&mut self) {
        self.level = 0.0;
        self.evidence.clear();
        self.earlier.clear();
    }
}

fn alike(one: Option<&[f32]>, other: Option<&[f32]>) -> f32 {
    let (Some(one), Some(other)) = (one, other) else {
        return 0.0;
    };
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hears(mood: &mut Mood, turn: u32) -> f32 {
        let told = Told {
            turn,
            at_ms: u64::from(turn) * 1_000,
            text: "I want to cancel my appointment",
            shown: "I want to cancel my appointment",
            in_vain: false,
            words: None,
            score: 0.4,
            around: None,
        };
        mood.hear(told, &Distress::default())
    }

    #[test]
    fn a_sign_of_distress_weighs_more_after_words_in_vain() {
        let told = |in_vain: bool, score: f32| Told {
            turn: 2,
            at_ms: 0,
            text: "I said that already",
            shown: "I said that already",
            in_vain,
            words: None,
            score,
            around: None,
        };
        let hears = |in_vain, score| {
            let rules = Distress::default();
            Mood::default().hear(told(in_vain, score), &rules) >= rules.threshold
        };
        let score = Distress::default().threshold - 0.05;
        assert!(hears(true, score) && !hears(false, score));
        assert!(!hears(true, 0.0), "not understood twice is no distress");
    }

    #[test]
    fn asking_again_tells_of_distress_unless_it_was_done() {
        let threshold = Distress::default().threshold;
        let mut in_vain = Mood::default();
        hears(&mut in_vain, 1);
        assert!(hears(&mut in_vain, 2) >= threshold);
        let mut done = Mood::default();
        hears(&mut done, 1);
        done.is_settled();
        let level = hears(&mut done, 2);
        assert!(level > 0.0 && level < threshold, "{level}");
        assert!(!done.evidence().iter().any(|own| own.detector == "repeats"));
    }
}
