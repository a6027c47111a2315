//! What learning a pack's examples came to, kept for the next start: the sentence vectors, and how
//! far each example pulls at the regressions' weights.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use madoguchi_core::pack::Pack;
use madoguchi_core::understanding::{Duals, Example, Index, Label, Lessons};
use madoguchi_speech::meaning::DIMENSIONS;
use sha2::{Digest, Sha256};
use tracing::warn;

use crate::files::write_private;

/// By what an example is found again: the beginning of a SHA-256.
pub type Key = [u8; 16];
/// Bytes of a sentence vector with its example's key.
const ENTRY: usize = size_of::<Key>() + 4 * DIMENSIONS;

/// The folder in which it is kept. What can't be read costs time only, and is learned again.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The sentence vectors.
    pub vectors: KeptVectors,
    duals: PathBuf,
}

impl Kept {
    /// In the robot's folder of state.
    pub fn within(state: &Path) -> Self {
        Self {
            vectors: KeptVectors::at(state.join("example-vectors")),
            duals: state.join("example-duals"),
        }
    }

    /// The index of a pack, learned from words, going on from what is kept.
    pub fn index(&self, pack: &Pack) -> Index {
        let lessons = Lessons::new(pack);
        let known = read_duals(&self.duals, &lessons);
        Index::going_on(pack, lessons, known)
    }

    /// Keeps what an index has learned anew; it needs that no more.
    pub fn keep(&self, index: &mut Index) {
        let mut duals = index.take_duals();
        if !index.learned_anew() {
            return;
        }
        let mut body = Vec::new();
        for (example, own) in index.examples().iter().zip(&mut duals) {
            own.with_vector.resize(index.labels().len(), 0.0);
            body.extend(example_key(example));
            put(&mut body, &own.by_words);
            put(&mut body, &own.with_vector);
        }
        let mut bytes = digest_of(index.labels(), &body).to_vec();
        bytes.append(&mut body);
        write(&self.duals, &bytes);
    }
}

/// The sentence vectors of one model.
#[derive(Debug, Clone)]
pub struct KeptVectors(PathBuf);

impl KeptVectors {
    /// In this file.
    pub const fn at(file: PathBuf) -> Self {
        Self(file)
    }

    /// What the model with this digest has embedded before.
    pub fn read(&self, model: &[u8; 32]) -> BTreeMap<Key, Vec<f32>> {
        let bytes = fs::read(&self.0).unwrap_or_default();
        let entries = bytes.strip_prefix(model).unwrap_or_default();
        let (entries, rest) = entries.as_chunks::<ENTRY>();
        let entries = if rest.is_empty() { entries } else { &[] };
        let entry = |entry: &[u8; ENTRY]| {
            let (key, numbers) = entry.split_first_chunk()?;
            Some((*key, numbers_in(numbers)))
        };
        entries.iter().filter_map(entry).collect()
    }

    /// Keeps sentence vectors of the model with this digest, and no others.
    pub fn keep(&self, model: &[u8; 32], entries: &[(Key, Vec<f32>)]) {
        let mut bytes = model.to_vec();
        for (key, vector) in entries {
            bytes.extend(key);
            put(&mut bytes, vector);
        }
        write(&self.0, &bytes);
    }
}

/// The key of a sentence.
pub fn text_key(text: &str) -> Key {
    first(Sha256::digest(text).into())
}

fn example_key(example: &Example) -> Key {
    let own = format!(
        "{:?}\n{}\n{}",
        example.label, example.language, example.text
    );
    text_key(&own)
}

fn first(digest: [u8; 32]) -> Key {
    let mut key = Key::default();
    key.copy_from_slice(&digest[..size_of::<Key>()]);
    key
}

/// Over the labels too: numbers are told apart by their order.
fn digest_of(labels: &[Label], body: &[u8]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for label in labels {
        digest.update(format!("{label:?}\n"));
    }
    digest.update(body);
    digest.finalize().into()
}

fn read_duals(path: &Path, lessons: &Lessons) -> Vec<Duals> {
    let bytes = fs::read(path).unwrap_or_default();
    let Some((digest, body)) = bytes.split_first_chunk::<32>() else {
        return Vec::new();
    };
    if *digest != digest_of(lessons.labels(), body) {
        return Vec::new();
    }
    let half = 4 * lessons.labels().len();
    let mut known = BTreeMap::new();
    for entry in body.chunks_exact(size_of::<Key>() + 2 * half) {
        let (key, numbers) = entry.split_at(size_of::<Key>());
        let (by_words, with_vector) = numbers.split_at(half);
        let own = Duals {
            by_words: numbers_in(by_words),
            with_vector: numbers_in(with_vector),
        };
        known.insert(key, own);
    }
    let each = lessons.examples().iter().map(example_key);
    each.map(|key| known.remove(key.as_slice()).unwrap_or_default())
        .collect()
}

fn numbers_in(bytes: &[u8]) -> Vec<f32> {
    let (fours, _) = bytes.as_chunks::<4>();
    fours.iter().map(|four| f32::from_le_bytes(*four)).collect()
}

fn put(bytes: &mut Vec<u8>, numbers: &[f32]) {
    bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
}

fn write(path: &Path, bytes: &[u8]) {
    if let Err(error) = write_private(path, bytes) {
        warn!(
            "what was learned can't be kept in {}: {error}",
            path.display()
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_come_back_to_the_same_model_only() {
        let dir = tempfile::tempdir().unwrap();
        let kept = KeptVectors::at(dir.path().join("vectors"));
        let entries = ["When do you open?", "何時からですか"].map(|text| {
            let vector: Vec<f32> = (0..DIMENSIONS).map(|at| at as f32 - 0.5).collect();
            (text_key(text), vector)
        });
        assert!(kept.read(&[1; 32]).is_empty());
        kept.keep(&[1; 32], &entries);
        assert_eq!(kept.read(&[1; 32]), entries.clone().into());
        assert!(kept.read(&[2; 32]).is_empty());
        let mut damaged = fs::read(&kept.0).unwrap();
        damaged.pop();
        fs::write(&kept.0, damaged).unwrap();
        assert!(kept.read(&[1; 32]).is_empty());
    }

    #[test]
    fn a_robot_that_starts_again_goes_on_from_what_it_learned() {
        let dir = tempfile::tempdir().unwrap();
        let kept = Kept::within(dir.path());
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("pack");
        let pack = crate::pack::load(&sample).unwrap();
        let mut first = kept.index(&pack);
        assert!(first.learned_anew());
        let question = "Where do I pay my taxes?";
        let understood = first.understand(question, None, None);
        kept.keep(&mut first);

        let again = kept.index(&pack);
        assert!(!again.learned_anew());
        let close = again.understand(question, None, None);
        let (own, before) = (&close.candidates[0], &understood.candidates[0]);
        assert_eq!(own.topic, before.topic);
        assert!(
            (own.probability - before.probability).abs() < 1e-3,
            "{own:?} {before:?}"
        );

        let mut damaged = fs::read(&kept.duals).unwrap();
        damaged[40] ^= 1;
        fs::write(&kept.duals, damaged).unwrap();
        assert!(kept.index(&pack).learned_anew());
    }
}
