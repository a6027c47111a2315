//! How much each kind of likeness counts.

/// The weights of the softmax.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// Of the vectors' likeness.
    pub meaning: f32,
    /// Of the words' likeness beside it.
    pub words: f32,
    /// What "none of these" has ahead of the others.
    pub none: f32,
    /// Of the words' likeness where there are no vectors.
    pub words_alone: f32,
    /// What "none of these" then has ahead.
    pub none_alone: f32,
    /// How many of a label's nearest examples are averaged.
    pub neighbours: usize,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            meaning: 14.0,
            words: 6.0,
            none: 1.0,
            words_alone: 16.0,
            none_alone: 3.0,
            neighbours: 2,
        }
    }
}
