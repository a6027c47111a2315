//! What a question means: sentence vectors that are alike where the meaning is, in any of about a
//! hundred languages.
//!
//! The model is multilingual-e5-small (Wang et al., 2024): XLM-RoBERTa's tokenizer, a BERT of
//! twelve layers, the mean of the last layer, scaled to length 1. The cosine of two vectors is
//! their dot product; unrelated sentences have about 0.8, so the distance between the best and
//! the second best match counts as much as the value.

mod file;
mod network;
mod tokenizer;

use std::path::{Path, PathBuf};

use file::E5File;
use network::Network;
use tokenizer::Tokenizer;

/// Numbers in a sentence vector.
pub const DIMENSIONS: usize = 384;
/// A sentence vector of length 1.
pub type Embedding = [f32; DIMENSIONS];

/// Pieces of a text that are looked at; a spoken question has about twenty.
const LONGEST: usize = 256;
/// Pieces that go through the network together; more of them bring no more speed.
const TOGETHER: usize = 256;
/// The model was trained with this before a question.
const PREFIX: &str = "query: ";

/// Why a model could not be loaded or used.
#[derive(Debug, thiserror::Error)]
pub enum MeaningError {
    /// The file can't be read.
    #[error("cannot read the sentence model {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is damaged or something else.
    #[error(
        "{} is damaged or no sentence model; run `madoguchi-robot models fetch e5-small`",
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// A matrix product failed.
    #[error("the sentence model failed: {0}")]
    Compute(String),
}

/// The model in memory, about 75 MB. Blocking: about 25 ms of processor time for a question.
pub struct Embedder {
    tokenizer: Tokenizer,
    network: Network,
}

impl Embedder {
    /// Loads the model from `path` (about 0.2 s).
    ///
    /// # Errors
    /// [`MeaningError::Read`] or [`MeaningError::Damaged`].
    pub fn load(path: &Path) -> Result<Self, MeaningError> {
        let bytes = std::fs::read(path).map_err(|source| MeaningError::Read {
            path: path.to_owned(),
            source,
        })?;
        let damaged = || MeaningError::Damaged {
            path: path.to_owned(),
        };
        let mut file = E5File::parse(&bytes).ok_or_else(damaged)?;
        let network = Network::load(&file).ok_or_else(damaged)?;
        Ok(Self {
            tokenizer: Tokenizer::new(std::mem::take(&mut file.tokenizer)),
            network,
        })
    }

    /// The meaning of `text`, a question or an example of one.
    ///
    /// # Errors
    /// [`MeaningError::Compute`].
    pub fn embed(&mut self, text: &str) -> Result<Embedding, MeaningError> {
        let pieces = self.pieces(text);
        let mut vectors = self.compute(&[pieces])?;
        vectors
            .pop()
            .ok_or_else(|| MeaningError::Compute("there was no text".to_owned()))
    }

    /// The meaning of each of `texts`, in their order; the same vectors as [`Self::embed`] gives,
    /// and faster: the texts go through the network some together.
    ///
    /// # Errors
    /// [`MeaningError::Compute`].
    pub fn embed_all(&mut self, texts: &[&str]) -> Result<Vec<Embedding>, MeaningError> {
        let mut vectors = Vec::with_capacity(texts.len());
        let mut waiting = Vec::new();
        let mut rows = 0;
        for text in texts {
            let pieces = self.pieces(text);
            if rows + pieces.len() > TOGETHER {
                vectors.extend(self.compute(&std::mem::take(&mut waiting))?);
                rows = 0;
            }
            rows += pieces.len();
            waiting.push(pieces);
        }
        if !waiting.is_empty() {
            vectors.extend(self.compute(&waiting)?);
        }
        Ok(vectors)
    }

    fn pieces(&self, text: &str) -> Vec<u32> {
        self.tokenizer.encode(&format!("{PREFIX}{text}"), LONGEST)
    }

    fn compute(&mut self, texts: &[Vec<u32>]) -> Result<Vec<Embedding>, MeaningError> {
        self.network.embed(texts).map_err(MeaningError::Compute)
    }
}

/// Cosine of the angle between two sentence vectors: 1 for the same meaning.
pub fn similarity(a: &Embedding, b: &Embedding) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
