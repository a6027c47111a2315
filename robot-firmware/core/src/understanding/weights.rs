//! How much each kind of likeness counts.

/// The few numbers that make probabilities of likeness.
///
/// The defaults were chosen on the tuning half of `tests/data/agent` and on `tests/data/questions.tsv`,
/// for the most right answers at no more than 2 % wrong ones with vectors (multilingual-e5-small) and
/// 4 % without. The example `fit_understanding` prints those that make the pack's own examples likeliest,
/// a beginning for another pack: they answer more, and more of it wrongly.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// With sentence vectors.
    pub with_vectors: Mix,
    /// With words alone.
    pub words_alone: Mix,
}

/// One set of weights; each is a factor of a logit or an addition to one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mix {
    /// Of the regression's score.
    pub regression: f32,
    /// Of the mean cosine of the sentence vector with those of a label's nearest examples.
    pub meaning: f32,
    /// The same of the words.
    pub words: f32,
    /// What "none of these" has ahead of the topics.
    pub none: f32,
    /// What the wish for a person has ahead of the topics.
    pub person: f32,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            with_vectors: Mix {
                regression: 0.9,
                meaning: 13.0,
                words: 9.0,
                none: 0.7,
                person: -0.4,
            },
            words_alone: Mix {
                regression: 1.5,
                meaning: 0.0,
                words: 15.0,
                none: 0.9,
                person: 0.0,
            },
        }
    }
}
