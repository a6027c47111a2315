//! Sees to it that a sentence keeps its facts and renders the office's terms.
//!
//! The model translates the sentence as it is; where all facts are there and all terms rendered,
//! that is the translation. Otherwise, in this order: what is only spoiled is put right; the
//! sentence is translated again with ordinary words in the place of what was lost, which then give
//! way to it; the words that the model aligned with it are replaced; and at last it is added in
//! brackets.

use std::ops::Range;

use madoguchi_shared::ids::Lang;

use super::facts::{self, Fact, Kind, whole};
use super::glossary::{Glossary, Wanted, find_words, lower, put};
use super::links::Links;

/// What translates one sentence.
pub(super) trait Model {
    fn translate(&mut self, sentence: &str) -> Result<String, String>;

    /// Which words of that translation come from which of the sentence; absent where it doesn't
    /// tell.
    fn align(&mut self, sentence: &str) -> Option<Links>;
}

/// A sentence's translation.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Guarded {
    pub(super) text: String,
    /// What the model made of it, where that was mended.
    pub(super) plain: Option<String>,
    /// How much could only be added in brackets.
    pub(super) added: usize,
}

/// What must be in a translation: the facts and terms of a sentence, in its order.
struct Must<'g> {
    facts: Vec<Fact>,
    terms: Vec<Wanted<'g>>,
}

/// One of them that isn't there.
#[derive(Clone, Copy)]
enum Lost {
    Fact(usize),
    Term(usize),
}

pub(super) fn translate(
    model: &mut dyn Model,
    glossary: &Glossary,
    (from, to): (&Lang, &Lang),
    sentence: &str,
) -> Result<Guarded, String> {
    let must = Must::of(glossary, (from, to), sentence);
    let first = model.translate(sentence)?;
    let mut best = must.put_right(sentence, &first);
    if !must.lost(&best).is_empty() {
        let lost = must.lost(&best);
        let (source, stand_ins) = must.with_stand_ins(sentence, &lost);
        if !stand_ins.is_empty() {
            let again = model.translate(&source)?;
            let again = must.put_right(sentence, &must.without(&again, &stand_ins));
            best = must.better(best, again);
        }
    }
    if !must.lost(&best).is_empty()
        && let Some(links) = model.align(sentence)
    {
        let aligned = must.over_aligned(sentence, &first, &links);
        let aligned = must.put_right(sentence, &aligned);
        best = must.better(best, aligned);
    }
    let lost = must.lost(&best);
    let added = lost.len();
    if added > 0 {
        best = must.add(&best, &lost);
    }
    let plain = (best != first).then_some(first);
    Ok(Guarded {
        text: best,
        plain,
        added,
    })
}

impl<'g> Must<'g> {
    fn of(glossary: &'g Glossary, (from, to): (&Lang, &Lang), sentence: &str) -> Self {
        let terms = glossary.find(from, to, sentence);
        let mut facts = facts::find(sentence);
        facts.retain(|fact| {
            let apart = |term: &Wanted<'_>| {
                term.range.end <= fact.range.start || fact.range.end <= term.range.start
            };
            terms.iter().all(apart)
        });
        Self { facts, terms }
    }

    fn lost(&self, text: &str) -> Vec<Lost> {
        let mut lost = Vec::new();
        for (index, fact) in self.facts.iter().enumerate() {
            let same = |other: &&Fact| other.text == fact.text;
            let times = self.facts[..=index].iter().filter(same).count();
            if !fact.survives(text, times) {
                lost.push(Lost::Fact(index));
            }
        }
        for (index, term) in self.terms.iter().enumerate() {
            let same = |other: &&Wanted<'_>| other.accepted == term.accepted;
            let times = self.terms[..=index].iter().filter(same).count();
            if term.rendered(text).len() < times {
                lost.push(Lost::Term(index));
            }
        }
        lost
    }

    /// Of two translations the one that lost less; the first where that is the same.
    fn better(&self, one: String, other: String) -> String {
        if self.lost(&other).len() < self.lost(&one).len() {
            other
        } else {
            one
        }
    }

    /// The translation with spoiled facts, and terms in the wrong case, as they should be.
    fn put_right(&self, sentence: &str, text: &str) -> String {
        let mut text = text.to_owned();
        for lost in self.lost(&text) {
            if let Lost::Fact(index) = lost
                && let Some(spoiled) = self.facts[index].spoiled(sentence, &text)
            {
                text.replace_range(spoiled, &self.facts[index].text);
            }
        }
        for term in &self.terms {
            for way in std::iter::once(&term.write).chain(&term.accepted) {
                if way.chars().any(char::is_uppercase) {
                    for range in find_words(&text, way) {
                        text.replace_range(range, way);
                    }
                }
            }
        }
        text
    }

    /// The sentence with ordinary words for what was lost, and these words, in its order, as they
    /// are found in the translation.
    fn with_stand_ins(&self, sentence: &str, lost: &[Lost]) -> (String, Vec<(Lost, String)>) {
        let mut places: Vec<(Range<usize>, String, String, Lost)> = Vec::new();
        for one in lost {
            let place = match *one {
                Lost::Term(index) => {
                    let term = &self.terms[index];
                    term.like.map(|(here, there)| (&term.range, here, there))
                }
                Lost::Fact(index) => {
                    let fact = &self.facts[index];
                    let unused = |word: &&&str| {
                        !sentence.contains(**word)
                            && places.iter().all(|(_, here, ..)| here != *word)
                    };
                    let word = stand_ins(&fact.kind).iter().find(unused);
                    word.map(|word| (&fact.range, *word, *word))
                }
            };
            if let Some((range, here, there)) = place {
                places.push((range.clone(), here.to_owned(), there.to_owned(), *one));
            }
        }
        places.sort_by_key(|(range, ..)| range.start);
        let mut source = sentence.to_owned();
        for (range, here, ..) in places.iter().rev() {
            source = put(&source, range.clone(), here);
        }
        let stand_ins = places.into_iter().map(|(_, _, there, lost)| (lost, there));
        (source, stand_ins.collect())
    }

    /// The translation with what was lost in the place of the ordinary words.
    fn without(&self, text: &str, stand_ins: &[(Lost, String)]) -> String {
        let mut text = text.to_owned();
        for (lost, word) in stand_ins {
            let found = match lost {
                Lost::Fact(_) => whole(&text, word).next(),
                Lost::Term(_) => find_words(&text, word).into_iter().next(),
            };
            if let Some(range) = found {
                text = put(&text, range, self.written(*lost));
            }
        }
        text
    }

    /// The translation with what was lost in the place of the words that the model aligned with it.
    fn over_aligned(&self, sentence: &str, first: &str, links: &Links) -> String {
        let mut places: Vec<(Range<usize>, Lost)> = Vec::new();
        for lost in self.lost(first) {
            let range = match lost {
                Lost::Fact(index) => &self.facts[index].range,
                Lost::Term(index) => &self.terms[index].range,
            };
            let words = &sentence[range.clone()];
            let nth = lower(&sentence[..range.start])
                .matches(&lower(words))
                .count();
            if let Some(place) = links.rendering(first, words, nth)
                && places
                    .iter()
                    .all(|(other, _)| other.end <= place.start || place.end <= other.start)
            {
                places.push((place, lost));
            }
        }
        places.sort_by_key(|(place, _)| std::cmp::Reverse(place.start));
        let put_in = |text: String, (place, lost): (Range<usize>, Lost)| {
            put(&text, place, self.written(lost))
        };
        places.into_iter().fold(first.to_owned(), put_in)
    }

    /// The translation with what was lost in brackets at its end.
    fn add(&self, text: &str, lost: &[Lost]) -> String {
        let mut words: Vec<&str> = lost.iter().map(|lost| self.written(*lost)).collect();
        words.dedup();
        let bare = text.trim_end_matches(|c: char| {
            !c.is_alphanumeric() && !matches!(c, ')' | '"' | '”' | '»')
        });
        let gap = if bare.is_empty() { "" } else { " " };
        format!("{bare}{gap}({}){}", words.join(", "), &text[bare.len()..])
    }

    fn written(&self, lost: Lost) -> &str {
        match lost {
            Lost::Fact(index) => &self.facts[index].text,
            Lost::Term(index) => self.terms[index].write,
        }
    }
}

/// Facts of the same kind that models copy.
fn stand_ins(kind: &Kind) -> &'static [&'static str] {
    match kind {
        Kind::Web => &["www.example.com", "www.example.org"],
        Kind::Mail => &["info@example.com", "info@example.org"],
        Kind::Code => &["B12", "C15", "F16"],
        Kind::Number(_) => &["20", "30", "40", "50"],
        Kind::Name => &["Silva", "Maria", "Pedro", "Costa"],
    }
}

#[cfg(test)]
mod tests;
