//! Likeness of sentence vectors.

use std::collections::BTreeMap;

use madoguchi_shared::ids::Lang;

/// The examples' vectors can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VectorsError {
    /// Not one vector for each example.
    #[error("{got} vectors came for {wanted} examples; embed each of Index::examples once")]
    Count {
        /// How many came.
        got: usize,
        /// How many examples there are.
        wanted: usize,
    },
    /// Vectors of different lengths, or with nothing in them.
    #[error(
        "the vector of example {example} has {got} numbers instead of {wanted}; embed all with one model"
    )]
    Length {
        /// The example's place in `Index::examples`.
        example: usize,
        /// How many numbers came.
        got: usize,
        /// How many the first vector has.
        wanted: usize,
    },
    /// A vector without direction.
    #[error(
        "the vector of example {example} is zero or not finite; the model's file may be damaged"
    )]
    Direction {
        /// The example's place in `Index::examples`.
        example: usize,
    },
}

/// The examples' vectors around the middle of their language.
///
/// The vectors of multilingual-e5-small all point one way (cosines of 0.75 to 0.96), and a
/// language's vectors share a direction of their own. Taking away the mean leaves what a sentence
/// is about ("all-but-the-top", Mu and Viswanath 2018, without its second step).
#[derive(Debug, Clone)]
pub(super) struct Meaning {
    vectors: Vec<Vec<f32>>,
    middle: Vec<f32>,
    middles: BTreeMap<Lang, Vec<f32>>,
}

impl Meaning {
    pub(super) fn new(
        mut vectors: Vec<Vec<f32>>,
        languages: &[&Lang],
    ) -> Result<Self, VectorsError> {
        if vectors.len() != languages.len() {
            return Err(VectorsError::Count {
                got: vectors.len(),
                wanted: languages.len(),
            });
        }
        let wanted = vectors.first().map_or(0, Vec::len);
        for (example, vector) in vectors.iter_mut().enumerate() {
            if vector.len() != wanted || vector.is_empty() {
                return Err(VectorsError::Length {
                    example,
                    got: vector.len(),
                    wanted,
                });
            }
            if !normalise(vector) {
                return Err(VectorsError::Direction { example });
            }
        }
        let middle = mean(vectors.iter());
        let mut middles = BTreeMap::new();
        for language in languages {
            if !middles.contains_key(*language) {
                let own = vectors
                    .iter()
                    .zip(languages)
                    .filter(|(_, of)| *of == language);
                middles.insert((*language).clone(), mean(own.map(|(vector, _)| vector)));
            }
        }
        for (vector, language) in vectors.iter_mut().zip(languages) {
            centre(vector, middles.get(*language).unwrap_or(&middle));
        }
        Ok(Self {
            vectors,
            middle,
            middles,
        })
    }

    /// The examples' vectors around the middle.
    pub(super) fn vectors(&self) -> &[Vec<f32>] {
        &self.vectors
    }

    /// A question's vector around the middle; absent when it doesn't fit the examples'.
    pub(super) fn around(&self, vector: &[f32], language: Option<&Lang>) -> Option<Vec<f32>> {
        let mut vector = vector.to_vec();
        if vector.len() != self.middle.len() || !normalise(&mut vector) {
            return None;
        }
        let middle = language.and_then(|language| self.middles.get(language));
        centre(&mut vector, middle.unwrap_or(&self.middle));
        Some(vector)
    }
}

/// The cosine of two vectors of length 1.
pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Brings a vector to length 1, unless it has no direction.
fn normalise(vector: &mut [f32]) -> bool {
    let length = dot(vector, vector).sqrt();
    if !length.is_finite() || length <= f32::EPSILON {
        return false;
    }
    vector.iter_mut().for_each(|value| *value /= length);
    true
}

/// A vector in the very middle has no direction left, and is like nothing.
fn centre(vector: &mut [f32], middle: &[f32]) {
    vector
        .iter_mut()
        .zip(middle)
        .for_each(|(value, middle)| *value -= middle);
    if !normalise(vector) {
        vector.fill(0.0);
    }
}

fn mean<'v>(vectors: impl Iterator<Item = &'v Vec<f32>>) -> Vec<f32> {
    let mut sum: Vec<f32> = Vec::new();
    let mut count = 0.0_f32;
    for vector in vectors {
        sum.resize(vector.len(), 0.0);
        sum.iter_mut()
            .zip(vector)
            .for_each(|(sum, value)| *sum += value);
        count += 1.0;
    }
    sum.iter_mut().for_each(|value| *value /= count.max(1.0));
    sum
}
