//! What the classifier sees of a sentence.

use super::super::gaussian::dot;
use super::super::lexical::Lexical;
use super::super::linear::Row;
use super::Labelled;

/// Numbers that stand for the words of an example without a vector.
const WORDS: usize = 256;

/// What is seen of a sentence: its vector around the middle of all, or without vectors its words,
/// brought to a few numbers by random signs (Achlioptas 2003; the signs are a fixed function,
/// nothing is drawn).
#[derive(Debug, Clone)]
pub(super) struct Eyes {
    lexical: Lexical,
    middle: Vec<f32>,
}

impl Eyes {
    pub(super) fn new(examples: &[Labelled<'_>]) -> Self {
        let mut middle = vec![0.0; examples.first().map_or(0, |own| own.vector.len())];
        for own in examples {
            let each = middle.iter_mut().zip(unit(own.vector.to_vec()));
            each.for_each(|(sum, value)| *sum += value / examples.len() as f32);
        }
        Self {
            lexical: Lexical::with_pairs(examples.iter().map(|own| own.text)),
            middle,
        }
    }

    /// How many features there are.
    pub(super) fn size(&self) -> usize {
        match self.middle.len() {
            0 => WORDS,
            numbers => numbers,
        }
    }

    /// The features, of length 1; all zero where the vector is not like the others.
    pub(super) fn features(&self, text: &str, vector: &[f32]) -> Vec<f32> {
        if self.middle.is_empty() {
            return unit(self.words(text));
        }
        if vector.len() != self.middle.len() {
            return vec![0.0; self.middle.len()];
        }
        let mut vector = unit(vector.to_vec());
        let each = vector.iter_mut().zip(&self.middle);
        each.for_each(|(own, middle)| *own -= middle);
        unit(vector)
    }

    /// Its words, each by its place in the vocabulary.
    pub(super) fn row(&self, text: &str) -> Row {
        self.lexical.row(text)
    }

    fn words(&self, text: &str) -> Vec<f32> {
        let mut words = vec![0.0; WORDS];
        for (feature, weight) in self.row(text) {
            for (at, words) in words.chunks_mut(64).enumerate() {
                let signs = scramble(u64::from(feature) << 8 | at as u64);
                for (bit, word) in words.iter_mut().enumerate() {
                    *word += if signs >> bit & 1 == 0 {
                        weight
                    } else {
                        -weight
                    };
                }
            }
        }
        words
    }
}

/// Sixty-four bits that look random (the finaliser of SplitMix64, Steele et al. 2014).
fn scramble(seed: u64) -> u64 {
    let mut bits = seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ bits >> 31
}

/// Scaled to length 1, unless it has no direction.
fn unit(mut vector: Vec<f32>) -> Vec<f32> {
    let length = dot(&vector, &vector).sqrt();
    if length.is_finite() && length > 0.0 {
        vector.iter_mut().for_each(|value| *value /= length);
    } else {
        vector.fill(0.0);
    }
    vector
}
