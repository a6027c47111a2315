//! Reading a knowledge pack's folder.

mod pictures;

use std::path::{Path, PathBuf};

use madoguchi_core::pack::glossary::TermForm;
use madoguchi_core::pack::{Pack, PackFile, Problem};
use madoguchi_speech::translate::{Form, Glossary, Term};

pub use pictures::Pictures;

const MANIFEST: &str = "pack.toml";

/// Why a pack can't be used.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// The folder or a file in it can't be read.
    #[error("cannot read the knowledge pack {}; name a pack's folder, by --pack or as `pack` in robot.toml", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The folder holds something else.
    #[error("{} is no knowledge pack: it has no {MANIFEST}; name the folder of a pack", path.display())]
    NoPack {
        /// Which.
        path: PathBuf,
    },
    /// The pack has mistakes.
    #[error("the knowledge pack {} has mistakes:\n{}", path.display(), list(problems))]
    Problems {
        /// The folder.
        path: PathBuf,
        /// All of them.
        problems: Vec<Problem>,
    },
}

fn list(problems: &[Problem]) -> String {
    problems
        .iter()
        .map(|problem| format!("  {problem}"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Reads and checks a pack.
///
/// # Errors
/// [`PackError`] with every mistake, each with its file and line.
pub fn load(folder: &Path) -> Result<Pack, PackError> {
    Ok(load_with_pictures(folder)?.0)
}

/// The same with the files that its topics show.
///
/// # Errors
/// The same.
pub fn load_with_pictures(folder: &Path) -> Result<(Pack, Pictures), PackError> {
    if folder.is_dir() && !folder.join(MANIFEST).is_file() {
        return Err(PackError::NoPack {
            path: folder.to_owned(),
        });
    }
    let (mut files, mut pictures) = (Vec::new(), Vec::new());
    collect(folder, "", &mut files, &mut pictures)?;
    let wrong = |problems| PackError::Problems {
        path: folder.to_owned(),
        problems,
    };
    let pack = Pack::parse(&files).map_err(wrong)?;
    let pictures = pictures::read(folder, &pack, &pictures).map_err(wrong)?;
    Ok((pack, pictures))
}

/// The pack's terms, as the translator takes them.
pub fn glossary(pack: &Pack) -> Glossary {
    let form = |form: &TermForm| Form {
        words: form.words.clone(),
        like: form.like.clone(),
    };
    let terms = pack.glossary().iter().map(|term| Term {
        forms: term.forms.iter().map(form).collect(),
    });
    Glossary {
        terms: terms.collect(),
    }
}

/// Finds the files of the pack, and the names of those that look like pictures.
fn collect(
    folder: &Path,
    prefix: &str,
    files: &mut Vec<PackFile>,
    pictures: &mut Vec<String>,
) -> Result<(), PackError> {
    let read = |path: &Path, source| PackError::Read {
        path: path.to_owned(),
        source,
    };
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| entry.map(|e| e.path())).collect())
        .map_err(|source| read(folder, source))?;
    entries.sort();
    for path in entries {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        let inside = format!("{prefix}{name}");
        if path.is_dir() {
            collect(&path, &format!("{inside}/"), files, pictures)?;
        } else if name.ends_with(".toml") {
            let text = std::fs::read_to_string(&path).map_err(|source| read(&path, source))?;
            files.push(PackFile { path: inside, text });
        } else if pictures::kind_of(name).is_some() {
            pictures.push(inside);
        }
    }
    Ok(())
}
