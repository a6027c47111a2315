//! Packs and models beside the system: taken whole, switched at once, taken back once.

#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::Path;

use madoguchi_update::apart::{ApartError, Versions};
use madoguchi_update::{Bundle, Contents};
use support::{BUILT, NOW, Vendor, version};
use tar::Archive;

fn pack(number: &str) -> Vec<u8> {
    let vendor = Vendor::new(1);
    let manifest = vendor.manifest(number, Contents::Pack);
    let words = format!("version = \"{number}\"").into_bytes();
    vendor.sign(
        manifest,
        &[
            ("pack.toml", words),
            ("topics/en/hours.md", b"# Hours".to_vec()),
        ],
    )
}

fn install(versions: &Versions, bytes: &[u8], again: bool) -> Result<(), ApartError> {
    let usable = |folder: &Path| match fs::read_to_string(folder.join("pack.toml")) {
        Ok(words) if words.contains("0.0.13") => Err("13 brings bad luck".to_owned()),
        Ok(_) => Ok(()),
        Err(error) => Err(error.to_string()),
    };
    let mut archive = Archive::new(bytes);
    let mut bundle = Bundle::open(&mut archive, &Vendor::new(1).keys())?;
    versions.install(&mut bundle, (BUILT, NOW), again, &usable, &mut |_| {})
}

fn in_use(versions: &Versions) -> Option<String> {
    let folder = versions.current()?;
    assert!(folder.join("topics/en/hours.md").is_file());
    Some(fs::read_to_string(folder.join("pack.toml")).unwrap())
}

#[test]
fn a_newer_pack_is_used_and_can_be_taken_back_once() {
    let folder = tempfile::tempdir().unwrap();
    let versions = Versions::new(folder.path(), "pack");
    assert_eq!(in_use(&versions), None);
    for number in ["1.0.0", "1.1.0", "1.2.0"] {
        install(&versions, &pack(number), false).unwrap();
        assert_eq!(in_use(&versions), Some(format!("version = \"{number}\"")));
    }
    let names = || {
        let entries = fs::read_dir(folder.path().join("pack")).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names(), ["1.1.0", "1.2.0", "before", "current"]);
    assert_eq!(versions.undo().unwrap(), Some(version("1.1.0")));
    assert_eq!(in_use(&versions), Some("version = \"1.1.0\"".to_owned()));
    // The next night doesn't bring back what somebody took away.
    let error = install(&versions, &pack("1.2.0"), false)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("taken back here by `update undo`"),
        "{error}"
    );
    install(&versions, &pack("1.2.0"), true).unwrap();
    assert_eq!(in_use(&versions), Some("version = \"1.2.0\"".to_owned()));
    let error = install(&versions, &pack("1.1.9"), false)
        .unwrap_err()
        .to_string();
    assert!(error.contains("never goes back"), "{error}");
}

#[test]
fn nothing_older_than_what_was_taken_back_comes_unless_it_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let versions = Versions::new(folder.path(), "pack");
    for number in ["1.0.0", "1.2.0"] {
        install(&versions, &pack(number), false).unwrap();
    }
    assert_eq!(versions.undo().unwrap(), Some(version("1.0.0")));
    let error = install(&versions, &pack("1.1.0"), false).unwrap_err();
    let words = "1.2.0 was taken back here by `update undo`, and 1.1.0 is not newer";
    assert!(error.to_string().contains(words), "{error}");
    install(&versions, &pack("1.1.0"), true).unwrap();
    // What was taken back first was newer.
    assert_eq!(versions.undo().unwrap(), Some(version("1.0.0")));
    install(&versions, &pack("1.1.5"), false).unwrap_err();
    // A robot never goes back by an update, whatever is asked for.
    install(&versions, &pack("0.9.0"), true).unwrap_err();
    install(&versions, &pack("1.2.1"), false).unwrap();
    assert_eq!(in_use(&versions), Some("version = \"1.2.1\"".to_owned()));
}

#[test]
fn the_first_one_is_taken_back_to_what_the_system_has() {
    let folder = tempfile::tempdir().unwrap();
    let versions = Versions::new(folder.path(), "models");
    install(&versions, &pack("1.0.0"), false).unwrap();
    assert_eq!(versions.undo().unwrap(), None);
    assert_eq!(in_use(&versions), None);
    let error = versions.undo().unwrap_err().to_string();
    assert!(error.contains("nothing to take back"), "{error}");
}

#[test]
fn one_that_cannot_be_used_or_is_cut_off_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let versions = Versions::new(folder.path(), "pack");
    install(&versions, &pack("0.0.1"), false).unwrap();
    let before = fs::read_dir(folder.path().join("pack")).unwrap().count();
    let error = install(&versions, &pack("0.0.13"), false)
        .unwrap_err()
        .to_string();
    assert_eq!(error, "it can't be used: 13 brings bad luck");
    let bytes = pack("0.0.2");
    let mut changed = bytes.clone();
    let at = bytes
        .windows(7)
        .rposition(|window| window == b"# Hours")
        .unwrap();
    changed[at] = b'!';
    for bad in [&bytes[..at + 2], &changed] {
        install(&versions, bad, false).unwrap_err();
        assert_eq!(in_use(&versions), Some("version = \"0.0.1\"".to_owned()));
        assert_eq!(
            fs::read_dir(folder.path().join("pack")).unwrap().count(),
            before
        );
    }
    // What a power cut left behind is in nobody's way.
    fs::create_dir_all(folder.path().join("pack/0.0.2.arriving/topics")).unwrap();
    install(&versions, &bytes, false).unwrap();
    assert_eq!(in_use(&versions), Some("version = \"0.0.2\"".to_owned()));
}
