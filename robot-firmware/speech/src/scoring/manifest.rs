//! A list of labelled clips: a table of tab-separated columns that are named in its first line.
//!
//! | column | holds |
//! | --- | --- |
//! | `file` | a WAV file, relative to the folder of clips |
//! | `lang` | the language spoken, as a tag; its region is ignored |
//! | `ref` | what is said; may be missing or empty, then only the language is scored |
//! | `ref_kind` | may be missing; references other than `published` are not scored |
//!
//! Other columns are ignored. Text is UTF-8, with or without a byte order mark, lines end in LF or
//! CRLF, empty lines are skipped.

use std::io;
use std::path::{Path, PathBuf};

use madoguchi_shared::ids::Lang;

/// A labelled clip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clip {
    /// As the manifest names it.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// The language spoken, by the tag that Whisper has for it.
    pub lang: Lang,
    /// What is said, where that is known.
    pub reference: Option<String>,
}

/// Why a manifest can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// The manifest can't be read.
    #[error("cannot read the manifest {}", path.display())]
    Read {
        /// The manifest.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A column is missing.
    #[error(
        "{} has no column `{column}`; its first line must name the columns, separated by tabs, \
         `file` and `lang` among them", path.display()
    )]
    NoColumn {
        /// The manifest.
        path: PathBuf,
        /// The column.
        column: &'static str,
    },
    /// There is nothing below the first line.
    #[error("{} names no clips; add a line for each", path.display())]
    Empty {
        /// The manifest.
        path: PathBuf,
    },
    /// A line doesn't name a file and a language.
    #[error("{} line {line}: {reason}", path.display())]
    Line {
        /// The manifest.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong and what to do.
        reason: String,
    },
}

/// Reads the manifest in `path` of the clips in `folder`; every file that it names exists.
///
/// # Errors
/// [`ManifestError`].
pub fn read(path: &Path, folder: &Path) -> Result<Vec<Clip>, ManifestError> {
    let path_owned = || path.to_owned();
    let text = std::fs::read_to_string(path).map_err(|source| ManifestError::Read {
        path: path_owned(),
        source,
    })?;
    let text = text.trim_start_matches('\u{feff}');
    let mut lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty());
    let (_, header) = lines
        .next()
        .ok_or_else(|| ManifestError::Empty { path: path_owned() })?;
    let header: Vec<String> = header
        .split('\t')
        .map(|name| name.trim().to_lowercase())
        .collect();
    let column = |name: &str| header.iter().position(|column| column == name);
    let needed = |name| {
        column(name).ok_or_else(|| ManifestError::NoColumn {
            path: path_owned(),
            column: name,
        })
    };
    let (file, lang) = (needed("file")?, needed("lang")?);
    let (reference, kind) = (column("ref"), column("ref_kind"));
    let mut clips = Vec::new();
    for (number, line) in lines {
        let fault = |reason| ManifestError::Line {
            path: path_owned(),
            line: number + 1,
            reason,
        };
        let cells: Vec<&str> = line.split('\t').map(str::trim).collect();
        let cell = |column: Option<usize>| column.and_then(|c| cells.get(c)).copied();
        let text = |column| cell(column).unwrap_or_default();
        let name = text(Some(file));
        if name.is_empty() {
            return Err(fault(
                "the column `file` is empty; name a WAV file".to_owned(),
            ));
        }
        let path = folder.join(name);
        if !path.is_file() {
            let folder = folder.display();
            return Err(fault(format!(
                "there is no file {name} in {folder}; correct the name"
            )));
        }
        let tag = text(Some(lang));
        let scored = kind.is_none() || text(kind).eq_ignore_ascii_case("published");
        clips.push(Clip {
            name: name.to_owned(),
            path,
            lang: spoken(tag).ok_or_else(|| {
                fault(format!(
                    "“{tag}” is not a language tag; write one such as pt or zh"
                ))
            })?,
            reference: cell(reference)
                .filter(|text| scored && !text.is_empty())
                .map(str::to_owned),
        });
    }
    if clips.is_empty() {
        return Err(ManifestError::Empty { path: path_owned() });
    }
    Ok(clips)
}

/// A language without its region, by the tag that Whisper has for it.
fn spoken(tag: &str) -> Option<Lang> {
    let primary = tag.split(['-', '_']).next()?.to_lowercase();
    let known = match primary.as_str() {
        "nb" => "no",
        "cmn" => "zh",
        "fil" => "tl",
        "iw" => "he",
        "in" => "id",
        "jw" => "jv",
        other => other,
    };
    known.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Vec<Clip>, ManifestError> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("sub")).unwrap();
        for name in ["a.wav", "sub/b c.wav"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let path = folder.path().join("list.tsv");
        std::fs::write(&path, text).unwrap();
        read(&path, folder.path())
    }

    #[test]
    fn columns_are_found_by_name_whoever_wrote_the_file() {
        let text = "\u{feff}id\tlang\tRef\tfile\r\n1\tpt-BR\tBom dia.\ta.wav\r\n\r\n\
            2\tNB_no\t\tsub/b c.wav\r\n3\tzh-Hant\r\n";
        let error = read_text(text).unwrap_err().to_string();
        assert!(
            error.contains("line 5") && error.contains("`file` is empty"),
            "{error}"
        );
        let clips = read_text(&text[..text.len() - "3\tzh-Hant\r\n".len()]).unwrap();
        let seen: Vec<_> = clips
            .iter()
            .map(|clip| {
                (
                    clip.name.as_str(),
                    clip.lang.as_str(),
                    clip.reference.as_deref(),
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                ("a.wav", "pt", Some("Bom dia.")),
                ("sub/b c.wav", "no", None)
            ]
        );
    }

    #[test]
    fn only_published_references_are_scored() {
        let text =
            "file\tlang\tref\tref_kind\na.wav\ten\tOne.\tpublished\na.wav\ten\tOne.\tguessed\n";
        let clips = read_text(text).unwrap();
        assert_eq!(clips[0].reference.as_deref(), Some("One."));
        assert_eq!(clips[1].reference, None);
    }

    #[test]
    fn a_bad_manifest_is_told_in_a_sentence() {
        for (text, expected) in [
            ("", "names no clips"),
            ("file\tlang\tref\n", "names no clips"),
            ("file,lang,ref\na.wav,en,One\n", "no column `file`"),
            ("file\tref\na.wav\tOne\n", "no column `lang`"),
            ("file\tlang\nc.wav\ten\n", "line 2: there is no file c.wav"),
            (
                "file\tlang\na.wav\tPortuguese, mostly\n",
                "not a language tag",
            ),
            ("file\tlang\na.wav\t\n", "not a language tag"),
        ] {
            let error = read_text(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{text:?}: {error}");
        }
        let error = read(Path::new("/nonexistent.tsv"), Path::new("/")).unwrap_err();
        assert!(error.to_string().contains("/nonexistent.tsv"), "{error}");
    }
}
