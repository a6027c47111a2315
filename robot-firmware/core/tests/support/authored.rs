//! Whether a sentence of the robot is one of its pack, with data in its slots.
#![allow(clippy::unwrap_used, dead_code)]

use std::collections::BTreeSet;

use madoguchi_core::pack::PackFile;
use toml::Value;

/// Longest data in a slot.
const LONGEST_SLOT: usize = 80;

/// Everything that the pack lets the robot say or show.
pub struct Authored {
    sentences: Vec<Vec<String>>,
    whole: BTreeSet<String>,
}

impl Authored {
    pub fn of(files: &[PackFile]) -> Self {
        let mut whole = BTreeSet::new();
        for file in files {
            if !matches!(file.path.as_str(), "none.toml" | "requests.toml")
                && let Ok(table) = file.text.parse::<toml::Table>()
            {
                collect(&Value::Table(table), &mut whole);
            }
        }
        let pieces = |text: &String| {
            let mut pieces = vec![String::new()];
            let mut rest = text.as_str();
            while let Some((before, after)) = rest.split_once('{') {
                let (_, after) = after.split_once('}').unwrap_or(("", after));
                pieces.last_mut().unwrap().push_str(before);
                pieces.push(String::new());
                rest = after;
            }
            pieces.last_mut().unwrap().push_str(rest);
            pieces
        };
        let sentences = whole.iter().map(pieces).collect();
        Self { sentences, whole }
    }

    /// Whether the pack has exactly this text.
    pub fn has(&self, text: &str) -> bool {
        self.whole.contains(text.trim())
    }

    /// Whether a line of the robot consists of the pack's sentences, each slot of them filled with
    /// what `may_fill` allows.
    pub fn wrote(&self, line: &str, may_fill: &dyn Fn(&str) -> bool) -> bool {
        if line.is_empty() {
            return true;
        }
        self.sentences.iter().any(|pieces| {
            self.ends(line, pieces, may_fill).into_iter().any(|rest| {
                let rest = rest.strip_prefix(" /").unwrap_or(rest);
                match rest.strip_prefix(' ') {
                    Some(next) => self.wrote(next, may_fill),
                    None => rest.is_empty(),
                }
            })
        })
    }

    /// What may be left of a line that begins with a sentence.
    fn ends<'l>(
        &self,
        line: &'l str,
        pieces: &[String],
        may_fill: &dyn Fn(&str) -> bool,
    ) -> Vec<&'l str> {
        let Some(rest) = line.strip_prefix(pieces[0].as_str()) else {
            return Vec::new();
        };
        if pieces.len() == 1 {
            return vec![rest];
        }
        let slots = rest.char_indices().map(|(at, c)| at + c.len_utf8());
        let slots = slots.take(LONGEST_SLOT).map(|end| rest.split_at(end));
        slots
            .filter(|(slot, after)| after.starts_with(pieces[1].as_str()) && may_fill(slot))
            .flat_map(|(_, after)| self.ends(after, &pieces[1..], may_fill))
            .collect()
    }
}

fn collect(value: &Value, texts: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => drop(texts.insert(text.trim().to_owned())),
        Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
        Value::Table(table) => {
            let said = |key: &String| !matches!(key.as_str(), "ask" | "also" | "arguments");
            let entries = table.iter().filter(|(key, _)| said(key));
            entries.for_each(|(_, value)| collect(value, texts));
        }
        _ => {}
    }
}
