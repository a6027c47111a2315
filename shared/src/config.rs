//! Reading a daemon's TOML configuration: what is wrong with one is told in a sentence for the
//! person who wrote it.

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use toml::de::{DeTable, DeValue};

/// Two keys closer than this (Jaro-Winkler similarity) are taken for a slip of the pen.
const SLIP: f64 = 0.8;

/// Longer values are cut in messages.
const LONGEST_VALUE: usize = 40;

/// Why a configuration can't be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file can't be read.
    #[error("cannot read the configuration {}; name an existing file with --config", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// Not TOML, a key that doesn't exist, or a value of the wrong form.
    #[error("{}:{line}: {message}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong and what to do.
        message: String,
    },
    /// A value is well-formed and still impossible.
    #[error("{}: {message}", path.display())]
    Value {
        /// The file.
        path: PathBuf,
        /// What is wrong and what to do.
        message: String,
    },
}

/// Reads the text of the file `path`, which is only named here.
///
/// # Errors
/// [`ConfigError::Content`] names an unknown key together with the nearest key that exists, and a
/// value of the wrong form with its key, what was found and what is expected.
pub fn parse<T: DeserializeOwned>(text: &str, path: &Path) -> Result<T, ConfigError> {
    toml::from_str(text).map_err(|error| {
        let (line, message) = explain(text, &error);
        ConfigError::Content {
            path: path.to_owned(),
            line,
            message,
        }
    })
}

/// The line (counted from 1) of a deserialisation error, and a sentence.
fn explain(text: &str, error: &toml::de::Error) -> (usize, String) {
    let at = error.span().map_or(0, |span| span.start).min(text.len());
    let line = 1 + text.as_bytes()[..at]
        .iter()
        .filter(|byte| **byte == b'\n')
        .count();
    let message = error.message();
    let of_value = DeTable::parse(text)
        .ok()
        .and_then(|table| entry_at(table.get_ref(), at))
        .map(|(key, span)| wrong_value(&key, &text[span], message));
    (line, of_value.unwrap_or_else(|| sentence(message)))
}

/// The dotted key of the innermost plain value that starts at `at`, and where the value stands.
fn entry_at(table: &DeTable<'_>, at: usize) -> Option<(String, Range<usize>)> {
    table.iter().find_map(|(name, value)| {
        let inner = match value.get_ref() {
            DeValue::Table(table) => entry_at(table, at),
            DeValue::Array(array) => array.iter().find_map(|value| match value.get_ref() {
                DeValue::Table(table) => entry_at(table, at),
                _ => None,
            }),
            _ => None,
        };
        let name = name.get_ref();
        match inner {
            Some((key, span)) => Some((format!("{name}.{key}"), span)),
            // The span of a table begins at its own name: an error there is none of a value.
            None if matches!(value.get_ref(), DeValue::Table(_)) => None,
            None => (value.span().start == at).then(|| (name.to_string(), value.span())),
        }
    })
}

fn wrong_value(key: &str, value: &str, message: &str) -> String {
    let mut found: String = value.chars().take(LONGEST_VALUE).collect();
    if found.len() < value.len() {
        found.push('…');
    }
    match message.split_once(", expected ") {
        Some((_, expected)) => format!("`{key}` is {found}; it must be {}", in_words(expected)),
        None => format!("`{key}` is {found}: {message}"),
    }
}

/// Serde's name of a form, in words for who writes the file.
fn in_words(expected: &str) -> String {
    let words = match expected {
        "u8" => "a whole number from 0 to 255",
        "u16" => "a whole number from 0 to 65535",
        "u32" | "u64" | "usize" => "a whole number, not below 0",
        "i64" => "a whole number",
        "f32" | "f64" => "a number",
        "a boolean" => "true or false",
        "a string" | "path string" | "string" => "text in quotes",
        "socket address" => "an address with a port, such as \"127.0.0.1:8700\"",
        "a sequence" => "a list in square brackets",
        other => other,
    };
    words.to_owned()
}

fn sentence(message: &str) -> String {
    let Some(rest) = message.strip_prefix("unknown field `") else {
        return message.to_owned();
    };
    let Some(found) = rest.split('`').next() else {
        return message.to_owned();
    };
    let known: Vec<&str> = rest.split('`').skip(2).step_by(2).collect();
    let nearest = known
        .iter()
        .map(|name| (strsim::jaro_winkler(found, name), *name))
        .filter(|(likeness, _)| *likeness >= SLIP)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    match nearest {
        Some((_, name)) => format!("there is no key `{found}`; did you mean `{name}`?"),
        None => format!("there is no key `{found}`; there are {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Sample {
        listen: Option<String>,
        database: Option<String>,
        key: Option<String>,
        limits: Option<Limit>,
        #[serde(default)]
        limit: Vec<Limit>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Limit {
        seconds: u16,
    }

    fn explained(text: &str) -> (usize, String) {
        explain(text, &toml::from_str::<Sample>(text).unwrap_err())
    }

    #[test]
    fn a_slip_of_the_pen_is_recognised() {
        let (line, message) = explained("listen = \"x\"\nlistne = \"y\"\n");
        assert_eq!(line, 2);
        assert_eq!(message, "there is no key `listne`; did you mean `listen`?");
    }

    #[test]
    fn a_foreign_key_gets_the_list() {
        let (_, message) = explained("colour = 1\n");
        assert_eq!(
            message,
            "there is no key `colour`; there are listen, database, key, limits, limit"
        );
    }

    #[test]
    fn a_value_of_the_wrong_form_is_told_with_its_key() {
        let (line, message) = explained("key = 3\n");
        assert_eq!(line, 1);
        assert_eq!(message, "`key` is 3; it must be text in quotes");
        let (line, message) = explained("listen = \"a\"\n[limits]\nseconds = \"two\"\n");
        assert_eq!(line, 3);
        assert_eq!(
            message,
            "`limits.seconds` is \"two\"; it must be a whole number from 0 to 65535"
        );
        let (_, message) = explained("[limits]\nseconds = 70000\n");
        assert!(
            message.starts_with("`limits.seconds` is 70000; "),
            "{message}"
        );
        let (_, message) = explained("[[limit]]\nseconds = 1\n[[limit]]\nseconds = true\n");
        assert!(
            message.starts_with("`limit.seconds` is true; "),
            "{message}"
        );
    }

    #[test]
    fn a_key_that_is_missing_is_named() {
        let (_, message) = explained("[[limit]]\n");
        assert!(message.contains("`seconds`"), "{message}");
    }
}
