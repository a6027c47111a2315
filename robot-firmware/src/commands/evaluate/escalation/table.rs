//! Reading visits with the reasons for which a person should be called.

use std::path::{Path, PathBuf};

use madoguchi_shared::ids::Lang;
use madoguchi_shared::packet::ReasonCode;

use super::super::NONE;

/// One resident's turns.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Visit {
    pub(super) language: Lang,
    pub(super) turns: Vec<Turn>,
    /// At which turn, counted from 0, a person should be called first, and why.
    pub(super) expected: Option<(usize, ReasonCode)>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Turn {
    pub(super) text: String,
}

/// Why a file can't be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum VisitsError {
    #[error("cannot read the turns in {}", path.display())]
    Read {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error(
        "{}, line 1: the columns must be named `text`, `lang`, `expected` and, if you like, `visit`, with \
         tabs between them", path.display()
    )]
    Head { path: PathBuf },
    #[error("{}, line {line}: {what}", path.display())]
    Line {
        path: PathBuf,
        line: usize,
        what: String,
    },
    #[error("{} has no turns", path.display())]
    Empty { path: PathBuf },
}

/// Reads `path`; any of `none` marks a turn at which nobody should be called. Turns that follow each other
/// with the same `visit` and language are one visit.
pub(super) fn read(path: &Path, none: &[String]) -> Result<Vec<Visit>, VisitsError> {
    let text = std::fs::read_to_string(path).map_err(|source| VisitsError::Read {
        path: path.to_owned(),
        source,
    })?;
    let lines = text.strip_prefix('\u{feff}').unwrap_or(&text).lines();
    let mut lines = (1..).zip(lines).filter(|(_, text)| !text.trim().is_empty());
    let head = lines.next().map_or("", |(_, head)| head);
    let head: Vec<&str> = head.split('\t').map(str::trim).collect();
    let place = |name: &str| head.iter().position(|own| *own == name);
    let columns = (place("text"), place("lang"), place("expected"));
    let (Some(words), Some(lang), Some(expected)) = columns else {
        return Err(VisitsError::Head {
            path: path.to_owned(),
        });
    };
    let same_visit = place("visit");
    let mut visits: Vec<Visit> = Vec::new();
    let mut last: Option<(&str, &str)> = None;
    for (line, text) in lines {
        let wrong = |what: String| VisitsError::Line {
            path: path.to_owned(),
            line,
            what,
        };
        let columns: Vec<&str> = text.split('\t').map(str::trim).collect();
        if columns.len() != head.len() {
            let what = format!("{} columns instead of {}", columns.len(), head.len());
            return Err(wrong(what));
        }
        let language: Lang = columns[lang].parse().map_err(|_| {
            wrong(format!(
                "`{}` is no language tag; write en, ja or pt-BR",
                columns[lang]
            ))
        })?;
        let code = match columns[expected] {
            own if none.iter().any(|none| none == own) => None,
            own => Some(serde_json::from_value(own.into()).map_err(|_| {
                wrong(format!(
                    "`{own}` is no reason; write `distress`, `safety` or the like, or `{NONE}`"
                ))
            })?),
        };
        let own = same_visit.map(|place| (columns[lang], columns[place]));
        let goes_on = own.is_some_and(|(_, visit)| !visit.is_empty()) && last == own;
        last = own;
        let turn = Turn {
            text: columns[words].to_owned(),
        };
        match visits.last_mut().filter(|_| goes_on) {
            Some(visit) => {
                let expected = code.map(|code| (visit.turns.len(), code));
                visit.expected = visit.expected.or(expected);
                visit.turns.push(turn);
            }
            None => visits.push(Visit {
                language,
                turns: vec![turn],
                expected: code.map(|code| (0, code)),
            }),
        }
    }
    if visits.is_empty() {
        return Err(VisitsError::Empty {
            path: path.to_owned(),
        });
    }
    Ok(visits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Vec<Visit>, VisitsError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("u.tsv");
        std::fs::write(&path, text).unwrap();
        read(&path, &["none".to_owned()])
    }

    #[test]
    fn turns_of_one_visit_stand_together() {
        let file = "text\tlang\texpected\tvisit\nhello\ten\tnone\ta\nhelp\ten\tdistress\ta\n\
                    olá\tpt\tnone\ta\nhi\ten\tnone\t\nho\ten\tnone\t\n";
        let visits = read_text(file).unwrap();
        let turns: Vec<usize> = visits.iter().map(|visit| visit.turns.len()).collect();
        assert_eq!(turns, [2, 1, 1, 1]);
        assert_eq!(visits[0].expected, Some((1, ReasonCode::Distress)));
        assert_eq!(visits[1].expected, None);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (text, words) in [
            ("", "line 1: the columns must be named"),
            ("a\ten\tnone\n", "line 1: the columns must be named"),
            ("text\tlang\texpected\n", "has no turns"),
            (
                "text\tlang\texpected\na\ten\n",
                "line 2: 2 columns instead of 3",
            ),
            (
                "text\tlang\texpected\na\tEnglish, please\tnone\n",
                "line 2: `English, please` is no",
            ),
            (
                "text\tlang\texpected\na\ten\tbored\n",
                "line 2: `bored` is no reason",
            ),
        ] {
            let told = read_text(text).unwrap_err().to_string();
            assert!(told.contains(words), "{told}");
        }
    }
}
