//! Where things are in the building, as data: what the robot answers to "where is counter 5?", and
//! what the counters and floors in every other answer are checked against.

use std::collections::BTreeMap;

use madoguchi_shared::ids::Lang;
use madoguchi_shared::screen::{self, Attachment, Mark};

use super::attachments::Picture;
use super::{Sentences, Texts, nearest};
use crate::slot::{blank, is_unspaced, spaced, with_digits};

/// All of them; empty where the pack has no `places.toml`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Places {
    /// How counters are called, the first way being the one that is written; `{n}` is the number.
    pub(super) counters: Sentences,
    /// Words that ask for a place.
    pub(super) ask: Sentences,
    /// Small words beside them that say nothing.
    pub(super) beside: Sentences,
    pub(super) floors: Vec<Floor>,
    pub(super) all: Vec<Place>,
}

/// One floor.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Floor {
    pub(super) id: String,
    /// As it stands in "it is on the ground floor".
    pub(super) on: Texts,
    /// How answers name it.
    pub(super) called: Sentences,
    pub(super) map: Option<Picture>,
}

/// Something that can be found.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Its name in files and logs, such as `exit` or `counter-5`.
    pub id: String,
    pub(super) counter: Option<u32>,
    pub(super) floor: String,
    pub(super) name: Texts,
    pub(super) called: Sentences,
    pub(super) way: Texts,
    pub(super) mark: Option<Mark>,
    /// The topic that tells more of it.
    pub(crate) topic: Option<String>,
}

/// What a question for a place names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Named<'p> {
    Place(&'p Place),
    /// A counter that the building doesn't have.
    NoCounter(u32),
}

/// A question for a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sought<'p> {
    pub(crate) named: Named<'p>,
    /// Whether nothing else was said.
    pub(crate) only: bool,
}

impl Places {
    /// One place.
    pub fn place(&self, id: &str) -> Option<&Place> {
        self.all.iter().find(|place| place.id == id)
    }

    /// The floors' maps.
    pub(super) fn maps(&self) -> impl Iterator<Item = &Picture> {
        self.floors.iter().filter_map(|floor| floor.map.as_ref())
    }

    pub(super) fn floor(&self, id: &str) -> Option<&Floor> {
        self.floors.iter().find(|floor| floor.id == id)
    }

    /// How a counter is written.
    pub(crate) fn counter(&self, number: u32, language: &Lang) -> String {
        let pattern = nearest(&self.counters, language).and_then(|ways| ways.first());
        let pattern = pattern.map_or("{n}", String::as_str);
        pattern.replace("{n}", &number.to_string())
    }

    /// The number of each counter that a text names, and the words.
    pub(super) fn counters_in(&self, text: &str, language: &Lang) -> Vec<(u32, String)> {
        let said = with_digits(text, language);
        let ways = nearest(&self.counters, language).into_iter().flatten();
        let mut found = Vec::new();
        for (before, after) in ways.filter_map(|way| way.split_once("{n}")) {
            let parts = [before, after].map(|part| match part.trim() {
                "" => String::new(),
                part => spaced(part, language),
            });
            let starts: Vec<usize> = match parts[0].is_empty() {
                true => said.char_indices().map(|(at, _)| at).collect(),
                false => said
                    .match_indices(&parts[0])
                    .map(|(at, own)| at + own.len())
                    .collect(),
            };
            for start in starts {
                let rest = &said[start..];
                let begins = said[..start].chars().next_back();
                let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
                // A telephone number is no counter.
                let whole = begins.is_none_or(|c| !c.is_ascii_digit()) && !rest.starts_with('0');
                let number = rest[..digits].parse().ok().filter(|_| whole);
                if let Some(number) = number
                    && (rest[digits..].starts_with(&parts[1]))
                {
                    found.push((number, format!("{}{number}{}", parts[0], parts[1])));
                }
            }
        }
        found
    }

    /// The place that a question asks for; absent where it asks for none.
    pub(crate) fn sought(&self, said: &str, language: &Lang) -> Option<Sought<'_>> {
        let mut rest = with_digits(said, language);
        let asks = nearest(&self.ask, language)?;
        let gap = if is_unspaced(language) { "" } else { " " };
        let take = |rest: &mut String, entry: &str| {
            let entry = spaced(entry, language);
            let there = !blank(&entry) && rest.contains(&entry);
            if there {
                *rest = rest.replace(&entry, gap);
            }
            there
        };
        let mut asked = false;
        for entry in longest_first(asks) {
            asked |= take(&mut rest, entry);
        }
        if !asked {
            return None;
        }
        let counters = self.counters_in(said, language);
        let named = match counters.first() {
            Some((number, words)) => {
                take(&mut rest, words);
                let own = self.all.iter().find(|place| place.counter == Some(*number));
                own.map_or(Named::NoCounter(*number), Named::Place)
            }
            None => {
                let names = self.all.iter().flat_map(|place| {
                    let called = nearest(&place.called, language).into_iter().flatten();
                    let name = nearest(&place.name, language);
                    called.chain(name).map(move |name| (name, place))
                });
                let mut names: Vec<(&String, &Place)> = names.collect();
                names.sort_by_key(|(name, _)| std::cmp::Reverse(name.chars().count()));
                let own = names.into_iter().find(|(name, _)| take(&mut rest, name));
                Named::Place(own?.1)
            }
        };
        let beside = nearest(&self.beside, language).into_iter();
        for entry in beside.flat_map(|words| longest_first(words)) {
            take(&mut rest, entry);
            // Two small words side by side share the space between them.
            take(&mut rest, entry);
        }
        Some(Sought {
            named,
            only: blank(&rest),
        })
    }

    /// What is said of a place, before the phrase around it.
    pub(crate) fn told(&self, place: &Place, language: &Lang) -> Told {
        let on = self.floor(&place.floor).map(|floor| &floor.on);
        let text = |texts: Option<&Texts>| {
            let own = texts.and_then(|texts| nearest(texts, language));
            own.cloned().unwrap_or_default()
        };
        let name = text(Some(&place.name));
        let name = match place.counter {
            Some(number) => {
                let counter = self.counter(number, language);
                match is_unspaced(language) {
                    true => format!("{counter}（{name}）"),
                    false => format!("{counter} ({name})"),
                }
            }
            None => name,
        };
        Told {
            name,
            on: text(on),
            way: text(Some(&place.way)),
        }
    }

    /// The floor's map with a mark on it.
    pub(crate) fn map(&self, place: &Place, language: &Lang) -> Option<Attachment> {
        let map = self.floor(&place.floor)?.map.as_ref()?;
        Some(Attachment::Map(screen::Picture {
            src: map.src(),
            alt: map.alt(language),
            mark: Some(place.mark?),
        }))
    }
}

/// The words about a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) name: String,
    pub(crate) on: String,
    pub(crate) way: String,
}

impl Place {
    /// Its name, without what a counter is called by its number.
    pub fn name(&self, language: &Lang) -> &str {
        nearest(&self.name, language).map_or(&self.id, |name| name)
    }
}

fn longest_first(words: &[String]) -> Vec<&String> {
    let mut words: Vec<&String> = words.iter().collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    words
}

/// The languages in which something is called by these words.
pub(super) fn of_languages(
    texts: &BTreeMap<Lang, Vec<String>>,
) -> impl Iterator<Item = (&Lang, &String)> {
    texts
        .iter()
        .flat_map(|(language, words)| words.iter().map(move |word| (language, word)))
}
