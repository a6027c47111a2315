//! Terms that a translation must render as the office writes them.

use std::collections::BTreeMap;
use std::ops::Range;

use madoguchi_shared::ids::Lang;

use super::facts::{self, whole};

/// The office's terms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Glossary {
    /// In any order; where two fit, the longer one counts.
    pub terms: Vec<Term>,
}

/// One term in all its forms, the dictionary's first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Term {
    /// Such as singular and plural. A language that a later form lacks has the first one's words.
    pub forms: Vec<Form>,
}

/// A term in one grammatical form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// For each language the ways in which it may stand; the first is the one that is written.
    pub words: BTreeMap<Lang, Vec<String>>,
    /// In each language an ordinary word of the same kind that the models know well: the same
    /// gender, number and part of speech. Where a model gets the term wrong, it translates the
    /// sentence with that word, which then gives way to the term.
    pub like: BTreeMap<Lang, String>,
}

/// A term that stands in a sentence.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Wanted<'g> {
    /// Bytes of the sentence.
    pub(super) range: Range<usize>,
    /// What must stand in the translation.
    pub(super) write: &'g str,
    /// What may stand there as well.
    pub(super) accepted: Vec<&'g str>,
    /// The ordinary word in the language of the sentence and in the other.
    pub(super) like: Option<(&'g str, &'g str)>,
}

impl Glossary {
    /// The terms in a sentence that have words in the other language, from left to right.
    pub(super) fn find(&self, from: &Lang, to: &Lang, sentence: &str) -> Vec<Wanted<'_>> {
        let mut found: Vec<Wanted<'_>> = Vec::new();
        for term in &self.terms {
            for form in &term.forms {
                let Some(write) = term.words(form, to).and_then(|words| words.first()) else {
                    continue;
                };
                let accepted: Vec<&str> = term
                    .forms
                    .iter()
                    .filter_map(|form| nearest(&form.words, to))
                    .flatten()
                    .map(String::as_str)
                    .collect();
                let like = nearest(&form.like, from).zip(nearest(&form.like, to));
                let ways = nearest(&form.words, from).into_iter().flatten();
                for range in ways.flat_map(|way| find_words(sentence, way)) {
                    found.push(Wanted {
                        range,
                        write,
                        accepted: accepted.clone(),
                        like: like.map(|(here, there)| (here.as_str(), there.as_str())),
                    });
                }
            }
        }
        found.sort_by_key(|wanted| std::cmp::Reverse(wanted.range.len()));
        let mut kept: Vec<Wanted<'_>> = Vec::new();
        for wanted in found {
            let apart = |other: &Wanted<'_>| {
                other.range.end <= wanted.range.start || wanted.range.end <= other.range.start
            };
            if kept.iter().all(apart) {
                kept.push(wanted);
            }
        }
        kept.sort_by_key(|wanted| wanted.range.start);
        kept
    }
}

impl Term {
    fn words<'t>(&'t self, form: &'t Form, language: &Lang) -> Option<&'t Vec<String>> {
        nearest(&form.words, language).or_else(|| nearest(&self.forms.first()?.words, language))
    }
}

impl Wanted<'_> {
    /// Where the translation renders it, in any accepted way and any case.
    pub(super) fn rendered(&self, translation: &str) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        let mut ways: Vec<&str> = vec![self.write];
        ways.extend(&self.accepted);
        ways.sort_by_key(|way| std::cmp::Reverse(way.len()));
        for way in ways {
            for range in find_words(translation, way) {
                if found
                    .iter()
                    .all(|f| f.end <= range.start || range.end <= f.start)
                {
                    found.push(range);
                }
            }
        }
        found.sort_by_key(|range| range.start);
        found
    }
}

/// Where words stand in a text as whole words, whatever their case.
pub(super) fn find_words(text: &str, words: &str) -> Vec<Range<usize>> {
    let (lower, wanted) = (lower(text), lower(words));
    whole(&lower, &wanted).collect()
}

/// Lower case of the same length in bytes, letter for letter.
pub(super) fn lower(text: &str) -> String {
    let same = |c: char| {
        let mut small = c.to_lowercase();
        match (small.next(), small.next()) {
            (Some(small), None) if small.len_utf8() == c.len_utf8() => small,
            _ => c,
        }
    };
    text.chars().map(same).collect()
}

/// Puts words into a text in place of a range, with a capital where a sentence begins.
pub(super) fn put(text: &str, range: Range<usize>, words: &str) -> String {
    let begins = !text[..range.start].contains(facts::part_of_word);
    let mut put = String::with_capacity(text.len() + words.len());
    put.push_str(&text[..range.start]);
    let mut chars = words.chars();
    match chars.next() {
        Some(first) if begins && text[range.clone()].starts_with(char::is_uppercase) => {
            put.extend(first.to_uppercase());
            put.push_str(chars.as_str());
        }
        _ => put.push_str(words),
    }
    put.push_str(&text[range.end..]);
    put
}

fn nearest<'m, T>(map: &'m BTreeMap<Lang, T>, language: &Lang) -> Option<&'m T> {
    map.get(language).or_else(|| {
        let primary = language.primary();
        map.iter()
            .find(|(own, _)| own.primary() == primary)
            .map(|(_, value)| value)
    })
}
