//! Sentence vectors, on the one thread that owns the model.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use crossbeam_channel::{Receiver, Sender};
use madoguchi_core::Input;
use madoguchi_core::understanding::{Example, Index};
use sha2::{Digest, Sha256};
use tracing::{error, info, warn};

use crate::engines::Meaning;
use crate::event::Event;
use crate::files::write_private;
use crate::threads::{Controls, Gate};

/// Words whose meaning is wanted.
#[derive(Debug)]
pub struct Question {
    /// Number of the request.
    pub request: u64,
    /// The words.
    pub text: String,
}

/// Embeds the examples (or finds them in `cache`), then serves until the queue is dropped.
/// It learns once the board has been `measured`, which learning would disturb.
/// Without a model every question is answered with no vector: words alone must do.
pub fn run(
    load: impl FnOnce() -> anyhow::Result<Meaning>,
    index: Index,
    cache: PathBuf,
    questions: Receiver<Question>,
    events: Sender<Event>,
    controls: &Controls,
    measured: &Gate,
) {
    let mut meaning = match load() {
        Ok(meaning) => Some(meaning),
        Err(error) => {
            error!("questions are understood by their words only: {error:#}");
            None
        }
    };
    if let Some(meaning) = &mut meaning {
        measured.pass();
        match learn(meaning, index, &cache, &controls.stopping) {
            _ if controls.stopping() => return,
            Ok(index) => drop(events.send(Event::Learned(Box::new(index)))),
            Err(error) => error!("questions are understood by their words only: {error:#}"),
        }
    }
    for question in questions {
        let vector = meaning.as_mut().and_then(|meaning| {
            meaning
                .embedder
                .embed(&question.text)
                .inspect_err(|error| warn!("no sentence vector: {error}"))
                .ok()
        });
        let request = question.request;
        let vector = vector.map(|vector| vector.to_vec());
        let _ = events.send(Event::Core(Input::Embedded { request, vector }));
    }
}

/// The index with its examples' vectors learned; they come from the cache where model and examples
/// are the same.
///
/// # Errors
/// When the model fails; a cache that can't be read or written only costs time.
pub fn learn(
    meaning: &mut Meaning,
    mut index: Index,
    cache: &Path,
    stopping: &AtomicBool,
) -> anyhow::Result<Index> {
    let text = |example: &Example| example.text.clone();
    let examples: Vec<String> = index.examples().iter().map(text).collect();
    index.set_vectors(example_vectors(meaning, &examples, cache, stopping)?)?;
    Ok(index)
}

fn example_vectors(
    meaning: &mut Meaning,
    examples: &[String],
    cache: &Path,
    stopping: &AtomicBool,
) -> anyhow::Result<Vec<Vec<f32>>> {
    let mut hasher = Sha256::new();
    hasher.update(&meaning.sha256);
    for example in examples {
        hasher.update(example.as_bytes());
        hasher.update([0]);
    }
    let key: [u8; 32] = hasher.finalize().into();
    if let Some(vectors) = read_cache(cache, &key, examples.len()) {
        return Ok(vectors);
    }
    info!(
        examples = examples.len(),
        "learning the pack's example questions; kept for next time"
    );
    let mut vectors = Vec::with_capacity(examples.len());
    for example in examples {
        anyhow::ensure!(!stopping.load(Ordering::Relaxed), "stopped while learning");
        vectors.push(meaning.embedder.embed(example)?.to_vec());
    }
    if let Err(error) = write_cache(cache, &key, &vectors) {
        warn!(
            "the example vectors can't be kept in {}: {error}",
            cache.display()
        );
    }
    Ok(vectors)
}

fn read_cache(path: &Path, key: &[u8; 32], count: usize) -> Option<Vec<Vec<f32>>> {
    let bytes = std::fs::read(path).ok()?;
    let numbers = bytes.strip_prefix(key)?;
    let length = numbers.len().checked_div(count)?;
    if length == 0 || length % 4 != 0 || numbers.len() != length * count {
        return None;
    }
    let vector = |bytes: &[u8]| {
        bytes
            .as_chunks::<4>()
            .0
            .iter()
            .map(|four| f32::from_le_bytes(*four))
            .collect()
    };
    Some(numbers.chunks_exact(length).map(vector).collect())
}

fn write_cache(path: &Path, key: &[u8; 32], vectors: &[Vec<f32>]) -> io::Result<()> {
    let mut bytes = key.to_vec();
    for number in vectors.iter().flatten() {
        bytes.extend(number.to_le_bytes());
    }
    write_private(path, &bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cache_is_used_only_for_the_same_examples() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("vectors");
        let vectors = vec![vec![0.5, -1.0], vec![2.0, 0.25]];
        write_cache(&path, &[1; 32], &vectors).unwrap();
        assert_eq!(read_cache(&path, &[1; 32], 2), Some(vectors));
        assert_eq!(read_cache(&path, &[2; 32], 2), None);
        std::fs::write(&path, [1; 37]).unwrap();
        assert_eq!(read_cache(&path, &[1; 32], 2), None);
    }
}
