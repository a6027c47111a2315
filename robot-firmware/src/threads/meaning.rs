//! Sentence vectors, on the one thread that owns the model.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::Sender;
use madoguchi_core::Input;
use madoguchi_core::understanding::Index;
use madoguchi_speech::meaning::DIMENSIONS;
use sha2::{Digest, Sha256};
use tracing::{error, info, warn};

use crate::check::{CheckBook, Condition, Finding, Part};
use crate::engines::Meaning;
use crate::event::Event;
use crate::files::write_private;
use crate::threads::pulse::Work;
use crate::threads::{Controls, Gate};

/// Examples that are embedded between two looks at whether to stop.
const STEP: usize = 64;
/// How often the log tells how far learning is.
const TELL: Duration = Duration::from_secs(10);
/// By what an example is found in the cache: the beginning of its SHA-256.
type Key = [u8; 16];
/// Bytes of an example in the cache.
const ENTRY: usize = size_of::<Key>() + 4 * DIMENSIONS;

/// Words whose meaning is wanted.
#[derive(Debug)]
pub struct Question {
    /// Number of the request.
    pub request: u64,
    /// The words.
    pub text: String,
}

/// What learning needs to know of the daemon.
pub struct Learning {
    /// Where the examples' vectors are kept.
    pub cache: PathBuf,
    /// Is told how far it is.
    pub check: CheckBook,
    /// The pack's name and version.
    pub pack: String,
    /// Open when the board has been measured, which learning would disturb.
    pub measured: Gate,
}

/// Embeds the examples (or finds them in the cache), then serves until the queue is dropped.
/// Without a model every question is answered with no vector: words alone must do.
pub fn run(
    load: impl FnOnce() -> anyhow::Result<Meaning>,
    index: Index,
    learning: &Learning,
    questions: Work<Question>,
    events: Sender<Event>,
    controls: &Controls,
) {
    let mut meaning = match load() {
        Ok(meaning) => Some(meaning),
        Err(error) => {
            error!("questions are understood by their words only: {error:#}");
            None
        }
    };
    if let Some(meaning) = &mut meaning {
        learning.measured.pass();
        let mut told = Instant::now();
        let progress = |done: usize, of: usize| {
            let detail = format!(
                "; {done} of {of} examples learned, until then questions are understood by their words only"
            );
            learning.note(&detail);
            if told.elapsed() >= TELL {
                told = Instant::now();
                info!(done, of, "learning the pack's example questions");
            }
        };
        let learned = learn(
            meaning,
            index,
            &learning.cache,
            &controls.stopping,
            progress,
        );
        learning.note("");
        match learned {
            _ if controls.stopping() => return,
            Ok(index) => {
                info!("questions are understood by their meaning");
                let _ = events.send(Event::Learned(Box::new(index)));
            }
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

impl Learning {
    fn note(&self, remark: &str) {
        let detail = format!("{}{remark}", self.pack);
        let finding = Finding::new(Part::Pack, Condition::Works, detail);
        self.check.note(finding);
    }
}

/// The index with its examples' vectors learned; those that the same model has embedded before
/// come from the cache. `progress` is told how many of how many are there.
///
/// # Errors
/// When the model fails; a cache that can't be read or written only costs time.
pub fn learn(
    meaning: &mut Meaning,
    mut index: Index,
    cache: &Path,
    stopping: &AtomicBool,
    progress: impl FnMut(usize, usize),
) -> anyhow::Result<Index> {
    let examples = index.examples().iter();
    let examples: Vec<&str> = examples.map(|example| example.text.as_str()).collect();
    let vectors = example_vectors(meaning, &examples, cache, stopping, progress)?;
    index.set_vectors(vectors)?;
    Ok(index)
}

/// The vectors of sentences, from the cache or the model.
///
/// # Errors
/// As for [`learn`].
pub fn example_vectors(
    meaning: &mut Meaning,
    examples: &[&str],
    cache: &Path,
    stopping: &AtomicBool,
    mut progress: impl FnMut(usize, usize),
) -> anyhow::Result<Vec<Vec<f32>>> {
    let model: [u8; 32] = Sha256::digest(&meaning.sha256).into();
    let mut known = read_cache(cache, &model);
    let missing = examples
        .iter()
        .filter(|text| !known.contains_key(&key(text)));
    let missing: Vec<&str> = missing.copied().collect();
    let there = examples.len() - missing.len();
    if !missing.is_empty() {
        let began = Instant::now();
        info!(
            examples = missing.len(),
            "learning the pack's example questions; kept for next time"
        );
        for (step, some) in missing.chunks(STEP).enumerate() {
            anyhow::ensure!(!stopping.load(Ordering::Relaxed), "stopped while learning");
            progress(there + step * STEP, examples.len());
            let vectors = meaning.embedder.embed_all(some)?;
            known.extend(
                some.iter()
                    .map(|text| key(text))
                    .zip(vectors.iter().map(|own| own.to_vec())),
            );
        }
        info!(seconds = began.elapsed().as_secs_f32(), "learned");
    }
    let entries = examples.iter().filter_map(|text| {
        let key = key(text);
        Some((key, known.get(&key)?.clone()))
    });
    let entries: Vec<(Key, Vec<f32>)> = entries.collect();
    if !missing.is_empty()
        && let Err(error) = write_cache(cache, &model, &entries)
    {
        warn!(
            "the example vectors can't be kept in {}: {error}",
            cache.display()
        );
    }
    Ok(entries.into_iter().map(|(_, vector)| vector).collect())
}

fn key(text: &str) -> Key {
    let digest: [u8; 32] = Sha256::digest(text).into();
    let mut key = Key::default();
    key.copy_from_slice(&digest[..size_of::<Key>()]);
    key
}

/// What the model has embedded before; nothing when the file is another model's, or damaged.
fn read_cache(path: &Path, model: &[u8; 32]) -> BTreeMap<Key, Vec<f32>> {
    let bytes = std::fs::read(path).unwrap_or_default();
    let entries = bytes.strip_prefix(model).unwrap_or_default();
    let (entries, rest) = entries.as_chunks::<ENTRY>();
    let entries = if rest.is_empty() { entries } else { &[] };
    let entry = |entry: &[u8; ENTRY]| {
        let (key, numbers) = entry.split_first_chunk()?;
        let numbers = numbers.as_chunks::<4>().0.iter();
        Some((
            *key,
            numbers.map(|four| f32::from_le_bytes(*four)).collect(),
        ))
    };
    entries.iter().filter_map(entry).collect()
}

fn write_cache(path: &Path, model: &[u8; 32], entries: &[(Key, Vec<f32>)]) -> io::Result<()> {
    let mut bytes = model.to_vec();
    for (key, vector) in entries {
        bytes.extend(key);
        vector
            .iter()
            .for_each(|number| bytes.extend(number.to_le_bytes()));
    }
    write_private(path, &bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cache_gives_each_example_back_to_the_same_model_only() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("vectors");
        let entries = ["When do you open?", "何時からですか"].map(|text| {
            let vector: Vec<f32> = (0..DIMENSIONS).map(|at| at as f32 - 0.5).collect();
            (key(text), vector)
        });
        write_cache(&path, &[1; 32], &entries).unwrap();
        assert_eq!(read_cache(&path, &[1; 32]), entries.clone().into());
        assert!(read_cache(&path, &[2; 32]).is_empty());
        let mut damaged = std::fs::read(&path).unwrap();
        damaged.pop();
        std::fs::write(&path, damaged).unwrap();
        assert!(read_cache(&path, &[1; 32]).is_empty());
        assert!(read_cache(&dir.path().join("none"), &[1; 32]).is_empty());
    }
}
