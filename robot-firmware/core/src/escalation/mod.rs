//! Evidence in a visitor's words that a person is needed.
//!
//! Two things look at a turn: the pack's lists of words (`words`), and logistic regressions over
//! the turn's sentence vector (`scorer`) that were trained by `madoguchi-robot train-triggers`. Words
//! of danger need nothing else: they call a person before the vector is there. Distress is one score
//! over the turns of a visit (`mood`). What follows from the evidence is the machine's matter.

mod mood;
mod scorer;
mod train;
mod words;

use std::ops::Range;

use madoguchi_shared::ids::Lang;

use crate::pack::Pack;
use crate::pack::escalation::Escalation;

pub(crate) use mood::{Mood, Told};
pub use scorer::{Output, Scorer, ScorerError};
pub use train::{Lesson, Plan, train};
use words::{Pattern, Text};

/// What somebody may be in danger of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Danger {
    /// To hurt or kill oneself.
    SelfHarm,
    /// Threatened or present violence.
    Violence,
    /// Violence or neglect by those one lives with or depends on.
    Abuse,
    /// Illness or injury that can't wait.
    Medical,
}

impl Danger {
    /// All of them; where words tell of several, the first counts.
    pub const ALL: [Self; 4] = [Self::Medical, Self::SelfHarm, Self::Abuse, Self::Violence];

    /// The word in the pack and in the packet's evidence.
    pub fn key(self) -> &'static str {
        match self {
            Self::SelfHarm => "self_harm",
            Self::Violence => "violence",
            Self::Abuse => "abuse",
            Self::Medical => "medical",
        }
    }
}

/// The pack's words and the scorer, ready to look at turns.
#[derive(Debug, Clone)]
pub(crate) struct Watch {
    rules: Escalation,
    dangers: Vec<(Danger, Pattern)>,
    distress: Vec<Pattern>,
    only_sounds: Vec<Pattern>,
    scorer: Scorer,
}

/// A danger and what told of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Seen {
    pub(crate) danger: Danger,
    pub(crate) detector: &'static str,
    pub(crate) score: f32,
    /// The words of the pack's list, where it was them.
    pub(crate) words: Option<String>,
}

impl Watch {
    pub(crate) fn new(pack: &Pack) -> Self {
        let rules = pack.escalation().clone();
        let dangers = rules.dangers.iter().flat_map(|(danger, own)| {
            let words = own.words.values().flatten();
            words.map(|words| (*danger, Pattern::new(words)))
        });
        Self {
            dangers: dangers.collect(),
            distress: rules
                .distress
                .list
                .values()
                .flatten()
                .map(|w| Pattern::new(w))
                .collect(),
            only_sounds: rules
                .only_sounds
                .values()
                .flatten()
                .map(|w| Pattern::new(w))
                .collect(),
            scorer: Scorer::built_in(),
            rules,
        }
    }

    pub(crate) fn rules(&self) -> &Escalation {
        &self.rules
    }

    /// Danger that words alone tell of, in any of the office's languages.
    pub(crate) fn danger_in_words(&self, text: &str) -> Option<Seen> {
        let text = Text::new(text);
        let (danger, words) = self
            .dangers
            .iter()
            .find(|(_, own)| self.means_it(own, &text))?;
        Some(Seen {
            danger: *danger,
            detector: "crisis_words",
            score: 1.0,
            words: Some(words.to_string()),
        })
    }

    /// Words of the pack's list of distress that a text has.
    pub(crate) fn distress_in_words(&self, text: &str) -> Option<String> {
        let text = Text::new(text);
        let words = self.distress.iter().find(|own| self.means_it(own, &text))?;
        Some(words.to_string())
    }

    /// Whether a text has words that only sound like danger or distress.
    pub(crate) fn only_sounds_like_it(&self, text: &str) -> bool {
        let text = Text::new(text);
        self.only_sounds
            .iter()
            .any(|not| !not.find(&text).is_empty())
    }

    /// Whether it stands somewhere without being part of what only sounds like it.
    fn means_it(&self, own: &Pattern, text: &Text) -> bool {
        let apart = |place: &Range<usize>| {
            let mut not = self.only_sounds.iter().filter(|not| not.is_like(own));
            !not.any(|not| not.find(text).iter().any(|not| meet(not, place)))
        };
        own.find(text).iter().any(apart)
    }

    /// What the scorer makes of a sentence vector; absent when it doesn't fit.
    pub(crate) fn look(&self, vector: &[f32], language: Option<&Lang>) -> Option<Glance> {
        let around = self.scorer.around(vector, language)?;
        let scores = self.scorer.scores_around(&around);
        Some(Glance { around, scores })
    }
}

fn meet(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

/// The scores of one turn, each from 0 to 1.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Glance {
    around: Vec<f32>,
    scores: Vec<f32>,
}

impl Glance {
    pub(crate) fn of(&self, output: Output) -> f32 {
        self.scores.get(output as usize).copied().unwrap_or(0.0)
    }

    /// The vector around the middle of its language.
    pub(crate) fn into_around(self) -> Vec<f32> {
        self.around
    }

    /// The likeliest danger.
    pub(crate) fn danger(&self) -> (Danger, f32) {
        let each = [
            (Danger::SelfHarm, Output::SelfHarm),
            (Danger::Violence, Output::Violence),
            (Danger::Abuse, Output::Abuse),
            (Danger::Medical, Output::Medical),
        ]
        .map(|(danger, output)| (danger, self.of(output)));
        let [first, rest @ ..] = each;
        rest.into_iter()
            .fold(first, |best, own| if own.1 > best.1 { own } else { best })
    }
}
