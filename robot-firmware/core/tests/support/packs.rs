//! Packs for tests: the sample office's from the disk, whole or changed.
#![allow(dead_code, unreachable_pub)]

use std::fs;
use std::path::Path;

use madoguchi_core::pack::{Pack, PackFile};

/// The files of the sample office.
pub fn sample_files() -> Vec<PackFile> {
    let mut files = Vec::new();
    read(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("../pack"),
        "",
        &mut files,
    );
    files
}

fn read(folder: &Path, prefix: &str, files: &mut Vec<PackFile>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            read(&path, &format!("{name}/"), files);
        } else if name.ends_with(".toml") {
            let text = fs::read_to_string(&path).unwrap();
            files.push(PackFile { path: name, text });
        }
    }
}

/// A pack without a mistake.
pub fn parsed(files: &[PackFile]) -> Pack {
    Pack::parse(files).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// The sample office's pack.
pub fn sample() -> Pack {
    parsed(&sample_files())
}

/// One file of the sample office, changed; everything else as it is.
pub fn sample_with(path: &str, change: impl Fn(&str) -> String) -> Vec<PackFile> {
    let mut files = sample_files();
    let file = files.iter_mut().find(|file| file.path == path).unwrap();
    let changed = change(&file.text);
    assert_ne!(changed, file.text, "the change did not take");
    file.text = changed;
    files
}
