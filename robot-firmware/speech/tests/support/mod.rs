//! What the tests share: the installed models and clips that Debian packages.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use madoguchi_shared::ids::Lang;
use madoguchi_speech::models::ModelStore;

/// The store that `make demo` and `make test` fill.
pub fn store() -> ModelStore {
    ModelStore::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.demo/models")).unwrap()
}

/// The file of an installed model.
pub fn model(name: &str) -> PathBuf {
    store()
        .file(name)
        .unwrap_or_else(|error| panic!("{error}; `make setup` installs the models"))
}

/// A file that a Debian package brings.
pub fn packaged(path: &str, package: &str) -> PathBuf {
    let file = PathBuf::from(path);
    assert!(
        file.exists(),
        "{path} is missing; `make setup` installs {package}"
    );
    file
}

/// Language tags from text.
pub fn langs(tags: &[&str]) -> Vec<Lang> {
    tags.iter().map(|tag| tag.parse().unwrap()).collect()
}

/// Lower-case words without punctuation.
pub fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let words = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}
