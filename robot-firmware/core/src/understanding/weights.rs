//! How much each kind of likeness counts.

/// The few numbers that make probabilities of likeness.
///
/// The defaults were fitted by `cargo run -p madoguchi-core --example fit_understanding` on the
/// sample pack with multilingual-e5-small: each sixth of the examples was scored by what the other
/// five taught, and the mean negative log-likelihood of the true labels made least.
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
                regression: 1.07,
                nearest: 9.24,
                none: 0.03,
                person: -0.46,
            },
            words_alone: Mix {
                regression: 1.86,
                nearest: 0.0,
                none: -1.59,
                person: -0.87,
            },
        }
    }
}
