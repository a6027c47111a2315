//! Reading TOML by hand, so that every problem of a file is found in one go and each names its
//! line.

use std::cell::RefCell;
use std::collections::BTreeSet;

use madoguchi_shared::ids::Lang;
use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Date, Problem};

/// Two keys closer than this (Jaro-Winkler similarity) are taken for a slip of the pen.
const SLIP: f64 = 0.8;

/// One file and what is wrong with it.
pub(super) struct Source<'f> {
    path: &'f str,
    text: &'f str,
    problems: RefCell<Vec<Problem>>,
}

impl<'f> Source<'f> {
    pub(super) fn new(path: &'f str, text: &'f str) -> Self {
        Self {
            path,
            text,
            problems: RefCell::default(),
        }
    }

    /// The file as a table; absent, with the reasons noted, when it is not TOML.
    pub(super) fn parse(&self) -> Option<Spanned<DeTable<'f>>> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in &errors {
            let at = error.span().map_or(0, |span| span.start);
            self.problem(at, format!("this is not TOML: {}", error.message()));
        }
        errors.is_empty().then_some(table)
    }

    /// Notes a problem at a byte of the text.
    pub(super) fn problem(&self, at: usize, message: String) {
        self.problems.borrow_mut().push(Problem {
            path: self.path.to_owned(),
            line: self.line(at),
            message,
        });
    }

    /// The line of a byte of the text, counted from 1.
    fn line(&self, at: usize) -> usize {
        let text = self.text.as_bytes();
        let before = text.get(..at).unwrap_or(text);
        1 + before.iter().filter(|byte| **byte == b'\n').count()
    }

    /// The problems, in the order of lines.
    pub(super) fn into_problems(self) -> Vec<Problem> {
        let mut problems = self.problems.into_inner();
        problems.sort_by_key(|problem| problem.line);
        problems
    }
}

/// A table of which every key must have been asked for by the time it is [closed](Self::close).
pub(super) struct Section<'t> {
    source: &'t Source<'t>,
    name: String,
    at: usize,
    table: &'t DeTable<'t>,
    asked: BTreeSet<String>,
}

impl<'t> Section<'t> {
    pub(super) fn root(source: &'t Source<'t>, table: &'t Spanned<DeTable<'t>>) -> Self {
        let asked = BTreeSet::new();
        Self {
            source,
            name: String::new(),
            at: 0,
            table: table.get_ref(),
            asked,
        }
    }

    /// Where a key's value begins, or the section when the key isn't there.
    pub(super) fn at_key(&self, key: &str) -> usize {
        self.table
            .get(key)
            .map_or(self.at, |value| value.span().start)
    }

    /// The line on which a key's value begins.
    pub(super) fn line_of(&self, key: &str) -> usize {
        self.source.line(self.at_key(key))
    }

    /// Notes a problem at a byte of the file.
    pub(super) fn problem(&self, at: usize, message: String) {
        self.source.problem(at, message);
    }

    fn path_of(&self, key: &str) -> String {
        if self.name.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.name)
        }
    }

    fn ask(&mut self, key: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.asked.insert(key.to_owned());
        self.table.get(key)
    }

    fn missing(&self, key: &str, what: &str) {
        self.problem(
            self.at,
            format!("`{}` is missing; it is {what}", self.path_of(key)),
        );
    }

    fn mismatch(&self, key: &str, at: usize, what: &str) {
        self.problem(at, format!("`{}` must be {what}", self.path_of(key)));
    }

    /// A text that may be left out.
    pub(super) fn optional_text(&mut self, key: &str) -> Option<String> {
        let value = self.ask(key)?;
        let at = value.span().start;
        let DeValue::String(text) = value.get_ref() else {
            self.mismatch(key, at, "a text in quotation marks");
            return None;
        };
        let text = text.trim();
        if text.is_empty() {
            self.mismatch(key, at, "a text with words in it");
            return None;
        }
        Some(text.to_owned())
    }

    /// A text that must be there; `what` says what it is for.
    pub(super) fn text(&mut self, key: &str, what: &str) -> Option<String> {
        if self.ask(key).is_none() {
            self.missing(key, what);
        }
        self.optional_text(key)
    }

    /// A list of texts, with the byte at which each begins; empty when it isn't there.
    pub(super) fn texts(&mut self, key: &str) -> Vec<(usize, String)> {
        let Some(value) = self.ask(key) else {
            return Vec::new();
        };
        let DeValue::Array(items) = value.get_ref() else {
            self.mismatch(
                key,
                value.span().start,
                "a list of texts, such as [\"one\", \"two\"]",
            );
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in items.iter() {
            match item.get_ref() {
                DeValue::String(text) if !text.trim().is_empty() => {
                    texts.push((item.span().start, text.trim().to_owned()));
                }
                _ => self.mismatch(key, item.span().start, "a list of texts that are not empty"),
            }
        }
        texts
    }

    /// A text or a list of texts, with the byte at which each begins; empty when it isn't there.
    pub(super) fn one_or_more(&mut self, key: &str) -> Vec<(usize, String)> {
        if let Some(value) = self.ask(key)
            && matches!(value.get_ref(), DeValue::String(_))
        {
            let at = value.span().start;
            return self
                .optional_text(key)
                .map(|text| (at, text))
                .into_iter()
                .collect();
        }
        self.texts(key)
    }

    /// A number between 0 and 1, or the default.
    pub(super) fn share(&mut self, key: &str, default: f32) -> f32 {
        let Some(value) = self.ask(key) else {
            return default;
        };
        let number: Option<f32> = match value.get_ref() {
            DeValue::Float(number) => number.as_str().parse().ok(),
            DeValue::Integer(number) => number.as_str().parse().ok(),
            _ => None,
        };
        number
            .filter(|number| (0.0..=1.0).contains(number))
            .unwrap_or_else(|| {
                self.mismatch(key, value.span().start, "a number from 0 to 1");
                default
            })
    }

    /// A whole number between `least` and `most`, or the default.
    pub(super) fn count(&mut self, key: &str, default: u8, least: u8, most: u8) -> u8 {
        let Some(value) = self.ask(key) else {
            return default;
        };
        let number = match value.get_ref() {
            DeValue::Integer(number) => number.as_str().parse::<u8>().ok(),
            _ => None,
        };
        number
            .filter(|number| (least..=most).contains(number))
            .unwrap_or_else(|| {
                let what = format!("a whole number from {least} to {most}");
                self.mismatch(key, value.span().start, &what);
                default
            })
    }

    /// A day such as `2026-04-01`, without quotation marks.
    pub(super) fn date(&mut self, key: &str) -> Option<Date> {
        let value = self.ask(key)?;
        if let DeValue::Datetime(moment) = value.get_ref()
            && let (Some(date), None) = (moment.date, moment.time)
        {
            return Some(Date {
                year: date.year,
                month: date.month,
                day: date.day,
            });
        }
        self.mismatch(
            key,
            value.span().start,
            "a day such as 2026-04-01, without quotation marks",
        );
        None
    }

    /// Yes or no, or no when it isn't there.
    pub(super) fn flag(&mut self, key: &str) -> bool {
        let Some(value) = self.ask(key) else {
            return false;
        };
        if let DeValue::Boolean(flag) = value.get_ref() {
            return *flag;
        }
        self.mismatch(key, value.span().start, "true or false");
        false
    }

    /// A whole number, which may be negative and may be left out.
    pub(super) fn number(&mut self, key: &str) -> Option<i32> {
        let value = self.ask(key)?;
        let number = match value.get_ref() {
            DeValue::Integer(number) => number.as_str().parse().ok(),
            _ => None,
        };
        if number.is_none() {
            self.mismatch(key, value.span().start, "a whole number");
        }
        number
    }

    /// Whether a key is there; it must still be asked for.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.get(key).is_some()
    }

    /// The names of all keys; each must still be asked for.
    pub(super) fn keys(&self) -> Vec<String> {
        let names = self.table.iter().map(|(key, _)| key.get_ref());
        names.map(|name| name.as_ref().to_owned()).collect()
    }

    /// A text, a number, or true or false, as JSON.
    pub(super) fn constant(&mut self, key: &str) -> Option<Value> {
        let value = self.ask(key)?;
        let constant = match value.get_ref() {
            DeValue::String(text) => Some(Value::from(text.as_ref())),
            DeValue::Boolean(flag) => Some(Value::from(*flag)),
            DeValue::Integer(number) => number.as_str().parse::<i64>().ok().map(Value::from),
            DeValue::Float(number) => number.as_str().parse::<f64>().ok().map(Value::from),
            _ => None,
        };
        if constant.is_none() {
            let what = "a text, a number, or true or false";
            self.mismatch(key, value.span().start, what);
        }
        constant
    }

    /// The sections of a list, `[[key]]`; empty when there is none.
    pub(super) fn sections(&mut self, key: &str) -> Vec<Section<'t>> {
        let Some(value) = self.ask(key) else {
            return Vec::new();
        };
        let what = format!("a list of sections, [[{}]]", self.path_of(key));
        let DeValue::Array(items) = value.get_ref() else {
            self.mismatch(key, value.span().start, &what);
            return Vec::new();
        };
        let mut sections = Vec::new();
        for item in items.iter() {
            let DeValue::Table(table) = item.get_ref() else {
                self.mismatch(key, item.span().start, &what);
                continue;
            };
            sections.push(Section {
                source: self.source,
                name: self.path_of(key),
                at: item.span().start,
                table,
                asked: BTreeSet::new(),
            });
        }
        sections
    }

    /// A section that may be left out.
    pub(super) fn optional_section(&mut self, key: &str) -> Option<Section<'t>> {
        let value = self.ask(key)?;
        let at = value.span().start;
        let DeValue::Table(table) = value.get_ref() else {
            self.mismatch(key, at, &format!("a section, [{}]", self.path_of(key)));
            return None;
        };
        let name = self.path_of(key);
        Some(Section {
            source: self.source,
            name,
            at,
            table,
            asked: BTreeSet::new(),
        })
    }

    /// A section that must be there.
    pub(super) fn section(&mut self, key: &str, what: &str) -> Option<Section<'t>> {
        if self.ask(key).is_none() {
            self.problem(
                self.at,
                format!(
                    "the section [{}] is missing; it holds {what}",
                    self.path_of(key)
                ),
            );
        }
        self.optional_section(key)
    }

    /// Refuses every key that is a language tag but none of `languages`, and hides it from
    /// [`Self::close`], which would guess wrongly.
    pub(super) fn only_languages(&mut self, languages: &[Lang]) {
        for (key, _) in self.table.iter() {
            let name = key.get_ref().as_ref();
            let known = languages.iter().any(|language| language.as_str() == name);
            if !known && name.parse::<Lang>().is_ok() && !self.asked.contains(name) {
                self.asked.insert(name.to_owned());
                let message = format!(
                    "`{}` is for a language that pack.toml doesn't list; add it to `languages` there or remove it here",
                    self.path_of(name)
                );
                self.problem(key.span().start, message);
            }
        }
    }

    /// Refuses every key that nobody asked for, and names the nearest one that is known.
    pub(super) fn close(self) {
        for (key, _) in self.table.iter() {
            let name = key.get_ref().as_ref();
            if self.asked.contains(name) {
                continue;
            }
            let nearest = self
                .asked
                .iter()
                .map(|known| (strsim::jaro_winkler(name, known), known))
                .max_by(|a, b| a.0.total_cmp(&b.0))
                .filter(|(likeness, _)| *likeness >= SLIP);
            let remedy = match nearest {
                Some((_, known)) => format!("did you mean `{known}`?"),
                None if self.asked.is_empty() => "nothing is expected here".to_owned(),
                None => {
                    let known: Vec<&str> = self.asked.iter().map(String::as_str).collect();
                    format!("known here: {}", known.join(", "))
                }
            };
            let message = format!("`{}` is not known; {remedy}", self.path_of(name));
            self.source.problem(key.span().start, message);
        }
    }
}
