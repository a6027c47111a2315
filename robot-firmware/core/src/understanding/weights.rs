//! How much each kind of likeness counts.

/// The few numbers that make probabilities of likeness.
///
/// The defaults were chosen on the tuning half of `tests/data/agent`, for the most right answers at
/// no more than 2 % wrong ones with vectors (multilingual-e5-small) and 4 % without; but for those of
/// `person`, which nobody asks for there: they are the likeliest by `cargo run -p madoguchi-core
/// --example fit_understanding` on the sample pack, where each sixth of the examples is scored by
/// what the other five taught.
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
    /// Of the mean cosine with a label's two nearest examples.
    pub nearest: f32,
    /// What "none of these" has ahead of the topics.
    pub none: f32,
    /// What the wish for a person has ahead of the topics.
    pub person: f32,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            with_vectors: Mix {
                regression: 1.2,
                nearest: 10.0,
                none: 0.4,
                person: -0.8,
            },
            words_alone: Mix {
                regression: 2.8,
                nearest: 0.0,
                none: 0.8,
                person: -0.5,
            },
        }
    }
}
