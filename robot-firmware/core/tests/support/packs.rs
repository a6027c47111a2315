//! Packs for tests: the sample office's from the disk, and a small one in memory.
#![allow(dead_code, unreachable_pub)]

use std::fs;
use std::path::Path;

use madoguchi_core::pack::{Pack, PackFile};

/// The files of the sample office.
pub fn sample_files() -> Vec<PackFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../pack");
    let mut files = Vec::new();
    for folder in ["", "topics", "phrases", "flows", "actions"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let name = path.file_name().unwrap().to_str().unwrap();
                let path_in_pack = if folder.is_empty() {
                    name.to_owned()
                } else {
                    format!("{folder}/{name}")
                };
                let text = fs::read_to_string(&path).unwrap();
                files.push(PackFile {
                    path: path_in_pack,
                    text,
                });
            }
        }
    }
    files
}

/// The sample office's pack.
pub fn sample() -> Pack {
    Pack::parse(&sample_files()).unwrap_or_else(|problems| {
        panic!(
            "{}",
            problems
                .iter()
                .map(|p| format!("{p}\n"))
                .collect::<String>()
        )
    })
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
