//! Reading utterances with their labels from a file of tab-separated values.

use std::path::{Path, PathBuf};

use madoguchi_shared::ids::Lang;

use super::NONE;

/// What the first two columns of a header may be called.
const TEXT: [&str; 3] = ["text", "utterance", "sentence"];
const LABEL: [&str; 5] = ["label", "topic", "expected", "intent", "category"];

/// A line of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Utterance {
    /// Where it stands, counted from 1.
    pub(super) line: usize,
    /// What was said.
    pub(super) text: String,
    /// What it means; absent when it belongs to none of the labels.
    pub(super) label: Option<String>,
    /// Its language, where the file tells.
    pub(super) language: Option<Lang>,
}

/// Why a file can't be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum TableError {
    #[error("cannot read the utterances in {}", path.display())]
    Read {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{} is not UTF-8 text at line {line}; save it as UTF-8", path.display())]
    Encoding { path: PathBuf, line: usize },
    #[error(
        "{}, line {line}: {columns} instead of two or three; a line is a text, a tab, its label \
         and, if you like, a tab and its language",
        path.display()
    )]
    Columns {
        path: PathBuf,
        line: usize,
        columns: String,
    },
    #[error("{}, line {line}: the label is empty; write `{none}` for what has none", path.display(), none = NONE)]
    Label { path: PathBuf, line: usize },
    #[error("{}, line {line}: `{found}` is no language tag; write en, ja or pt-BR", path.display())]
    Language {
        path: PathBuf,
        line: usize,
        found: String,
    },
    #[error("{} has no utterances", path.display())]
    Empty { path: PathBuf },
}

/// Reads `path`; any of the labels `none` marks what belongs to no label.
pub(super) fn read(path: &Path, none: &[String]) -> Result<Vec<Utterance>, TableError> {
    let bytes = std::fs::read(path).map_err(|source| TableError::Read {
        path: path.to_owned(),
        source,
    })?;
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        TableError::Encoding {
            path: path.to_owned(),
            line: 1 + before.iter().filter(|byte| **byte == b'\n').count(),
        }
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut utterances = Vec::new();
    let mut is_head = true;
    for (line, text) in (1..).zip(text.lines()) {
        let is_note = is_head && (text.starts_with('#') || is_header(text));
        if !text.trim().is_empty() && !is_note {
            is_head = false;
            utterances.push(utterance(path, line, text, none)?);
        }
    }
    if utterances.is_empty() {
        return Err(TableError::Empty {
            path: path.to_owned(),
        });
    }
    Ok(utterances)
}

/// Whether a line names the columns.
fn is_header(line: &str) -> bool {
    let mut columns = line.split('\t').map(|name| name.trim().to_lowercase());
    let mut next_is = |names: &[&str]| columns.next().is_some_and(|n| names.contains(&n.as_str()));
    next_is(&TEXT) && next_is(&LABEL)
}

fn utterance(
    path: &Path,
    line: usize,
    text: &str,
    none: &[String],
) -> Result<Utterance, TableError> {
    let path = || path.to_owned();
    let columns: Vec<&str> = text.split('\t').collect();
    let (text, label, language) = match columns[..] {
        [text, label] => (text, label.trim(), ""),
        [text, label, language] => (text, label.trim(), language.trim()),
        _ => {
            return Err(TableError::Columns {
                path: path(),
                line,
                columns: match columns.len() {
                    1 => "one column".to_owned(),
                    many => format!("{many} columns"),
                },
            });
        }
    };
    if label.is_empty() {
        return Err(TableError::Label { path: path(), line });
    }
    let language = match language {
        "" => None,
        tag => Some(tag.parse().map_err(|_| TableError::Language {
            path: path(),
            line,
            found: tag.to_owned(),
        })?),
    };
    Ok(Utterance {
        line,
        text: text.to_owned(),
        label: (!none.iter().any(|none| none == label)).then(|| label.to_owned()),
        language,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_bytes(bytes: &[u8]) -> Result<Vec<Utterance>, TableError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("u.tsv");
        std::fs::write(&path, bytes).unwrap();
        read(&path, &["none".to_owned(), "oos".to_owned()])
    }

    fn texts(bytes: &[u8]) -> Vec<(usize, String, Option<String>)> {
        let utterances = read_bytes(bytes).unwrap();
        let parts = |own: Utterance| (own.line, own.text, own.label);
        utterances.into_iter().map(parts).collect()
    }

    #[test]
    fn notes_header_mark_and_carriage_returns_are_no_utterances() {
        let expected = [
            (3, "a \"b\" #c".to_owned(), Some("x".to_owned())),
            (5, "text".to_owned(), None),
        ];
        let file = "\u{feff}# made up\r\nText\tIntent\r\na \"b\" #c\tx\r\n\r\ntext\toos\t\r\n";
        assert_eq!(texts(file.as_bytes()), expected);
    }

    #[test]
    fn a_file_without_header_begins_at_its_first_line() {
        let expected = [(1, "text".to_owned(), Some("card".to_owned()))];
        assert_eq!(texts(b"text\tcard"), expected);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (bytes, words) in [
            (&b"a\tx\nb\n"[..], "line 2: one column instead of"),
            (b"a\tx\ten\tmore\n", "line 1: 4 columns"),
            (b"a\t \n", "line 1: the label is empty"),
            (b"a\tx\tEnglish, please\n", "no language tag"),
            (b"a\tx\n\xff\tx\n", "not UTF-8 text at line 2"),
            (b"# nothing\n\n", "has no utterances"),
        ] {
            let told = read_bytes(bytes).unwrap_err().to_string();
            assert!(told.contains(words), "{told}");
        }
    }
}
