//! How much each kind of likeness counts.

/// The few numbers that make probabilities of likeness.
///
/// The defaults with vectors were fitted by `cargo run -p madoguchi-core --example
/// fit_understanding` on a sample pack of 24 topics with multilingual-e5-small: each sixth of the
/// examples was scored by what the other five taught, and the mean negative log-likelihood of the
/// true labels made least. Those for words alone were chosen on `tests/data/questions.tsv` and the
/// tuning half of `tests/data/agent`, for right answers at no more than 4 % wrong ones on the former;
/// the likeliest on the pack of 54 topics (2.54, -1.48, -1.01) answer a tenth less.
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
                regression: 3.0,
                nearest: 0.0,
                none: -2.0,
                person: 0.0,
            },
        }
    }
}
