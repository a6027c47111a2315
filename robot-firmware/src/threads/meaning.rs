//! Sentence vectors, on the one thread that owns the model.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::Sender;
use madoguchi_core::Input;
use madoguchi_core::understanding::Index;
use sha2::{Digest, Sha256};
use tracing::{error, info, warn};

use crate::check::{CheckBook, Condition, Finding, Part};
use crate::engines::Meaning;
use crate::event::Event;
use crate::learned::{Kept, KeptVectors, text_key};
use crate::threads::pulse::Work;
use crate::threads::{Controls, Gate};

/// Examples that are embedded between two looks at whether to stop.
const STEP: usize = 64;
/// How often the log tells how far learning is.
const TELL: Duration = Duration::from_secs(10);
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
    /// Where what is learned is kept.
    pub kept: Kept,
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
    mut index: Index,
    learning: &Learning,
    questions: Work<Question>,
    events: Sender<Event>,
    controls: &Controls,
) {
    let mut meaning = match load() {
        Ok(meaning) => Some(meaning),
        Err(error) => {
            error!("questions are understood by their words only: {error:#}");
            learning.kept.keep(&mut index);
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
        let learned = learn(meaning, index, &learning.kept, &controls.stopping, progress);
        learning.note("");
        match learned {
            _ if controls.stopping() => return,
            Ok(mut index) => {
                learning.kept.keep(&mut index);
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
    kept: &Kept,
    stopping: &AtomicBool,
    progress: impl FnMut(usize, usize),
) -> anyhow::Result<Index> {
    let examples = index.examples().iter();
    let examples: Vec<&str> = examples.map(|example| example.text.as_str()).collect();
    let vectors = example_vectors(meaning, &examples, &kept.vectors, stopping, progress)?;
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
    kept: &KeptVectors,
    stopping: &AtomicBool,
    mut progress: impl FnMut(usize, usize),
) -> anyhow::Result<Vec<Vec<f32>>> {
    let model: [u8; 32] = Sha256::digest(&meaning.sha256).into();
    let mut known = kept.read(&model);
    let missing = examples
        .iter()
        .filter(|text| !known.contains_key(&text_key(text)));
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
                    .map(|text| text_key(text))
                    .zip(vectors.iter().map(|own| own.to_vec())),
            );
        }
        info!(seconds = began.elapsed().as_secs_f32(), "learned");
    }
    let entries = examples.iter().filter_map(|text| {
        let key = text_key(text);
        Some((key, known.get(&key)?.clone()))
    });
    let entries: Vec<_> = entries.collect();
    if !missing.is_empty() {
        kept.keep(&model, &entries);
    }
    Ok(entries.into_iter().map(|(_, vector)| vector).collect())
}
