//! The text files of the repository, read once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};

/// All files that are committed or would be, by path relative to the repository, with `/`.
#[derive(Default)]
pub(crate) struct Tree {
    texts: BTreeMap<String, String>,
    paths: BTreeSet<String>,
}

impl Tree {
    /// Asks git which files belong to the repository and reads those that are UTF-8.
    ///
    /// Fails when git isn't there, `root` is in no repository, or a file can't be read.
    pub(crate) fn of_repository(root: &Path) -> anyhow::Result<Self> {
        let output = Command::new("git")
            .args([
                "ls-files",
                "-z",
                "--cached",
                "--others",
                "--exclude-standard",
            ])
            .current_dir(root)
            .output()
            .context("cannot run git; install it")?;
        ensure!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
        let mut tree = Self::default();
        for path in String::from_utf8(output.stdout)?.split_terminator('\0') {
            let file = root.join(path);
            // A file that is deleted but not yet committed is still listed.
            if !file.is_file() {
                continue;
            }
            let bytes = std::fs::read(&file).with_context(|| format!("cannot read {path}"))?;
            tree.insert(path, &bytes);
        }
        Ok(tree)
    }

    fn insert(&mut self, path: &str, bytes: &[u8]) {
        self.paths.insert(path.to_owned());
        if let Ok(text) = std::str::from_utf8(bytes) {
            self.texts.insert(path.to_owned(), text.to_owned());
        }
    }

    /// A tree of these texts.
    #[cfg(test)]
    pub(crate) fn of_texts(texts: &[(&str, &str)]) -> Self {
        let mut tree = Self::default();
        for (path, text) in texts {
            tree.insert(path, text.as_bytes());
        }
        tree
    }

    /// Path and text of each text file, in order.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The text of one file.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.texts.get(path).map(String::as_str)
    }

    /// Whether a file, or a folder with files, stands at this path.
    pub(crate) fn has(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        path.is_empty()
            || self.paths.contains(path)
            || self
                .paths
                .range(folder.clone()..)
                .next()
                .is_some_and(|next| next.starts_with(&folder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn git(folder: &Path, args: &[&str]) {
        assert!(
            Command::new("git")
                .args(args)
                .current_dir(folder)
                .status()
                .unwrap()
                .success()
        );
    }

    #[test]
    fn new_files_count_and_ignored_or_binary_ones_are_not_read() {
        let folder = tempfile::tempdir().unwrap();
        git(folder.path(), &["init", "--quiet"]);
        std::fs::create_dir(folder.path().join("docs")).unwrap();
        for (name, bytes) in [
            (".gitignore", &b"*.log\n"[..]),
            ("docs/new.md", b"hello"),
            ("noise.log", b"noise"),
            ("picture.png", b"\x89PNG\xff"),
        ] {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        let tree = Tree::of_repository(folder.path()).unwrap();
        assert_eq!(tree.text("docs/new.md"), Some("hello"));
        assert_eq!(tree.text("noise.log"), None);
        assert_eq!(tree.text("picture.png"), None);
        assert!(tree.has("picture.png") && tree.has("docs") && tree.has("docs/"));
        assert!(!tree.has("noise.log") && !tree.has("doc"));
    }

    #[test]
    fn outside_of_a_repository_the_reason_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let error = Tree::of_repository(folder.path()).err().unwrap();
        assert!(
            error.to_string().contains("not a git repository"),
            "{error}"
        );
    }
}
