//! Reading `flows/<id>.toml`, `actions/<id>.toml`, `policies.toml`, `escalation.toml`,
//! `hours.toml`, `places.toml` and `glossary.toml`.

mod action;
mod escalation;
mod flow;
mod glossary;
mod hours;
mod places;
mod policy;

use madoguchi_shared::ids::Lang;

use super::entries::{LEAST_EXAMPLES, per_language, sentences};
use super::read::Section;
use super::{Sentences, Texts};

pub(super) use action::action;
pub(super) use escalation::escalation;
pub(super) use flow::flow;
pub(super) use glossary::terms;
pub(super) use hours::hours;
pub(super) use places::places;
pub(super) use policy::rules;

/// The key that names the file, and must be its name.
fn id(root: &mut Section<'_>, id: &str) {
    if let Some(written) = root.text("id", "its name, the same as the file's")
        && written != id
    {
        let message =
            format!("`id` is `{written}`, but the file is named `{id}`; make them the same");
        root.problem(root.at_key("id"), message);
    }
}

/// One of several words.
fn word<T: Copy>(section: &mut Section<'_>, key: &str, known: &[(&str, T)]) -> Option<T> {
    let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
    let written = section.text(key, &format!("one of: {}", words.join(", ")))?;
    let found = known.iter().find(|(word, _)| *word == written);
    if found.is_none() {
        let message = format!("`{key}` is “{written}”; known: {}", words.join(", "));
        section.problem(section.at_key(key), message);
    }
    found.map(|(_, value)| *value)
}

fn optional_texts(section: &mut Section<'_>, key: &str, what: &str, all: &[Lang]) -> Option<Texts> {
    section
        .has(key)
        .then(|| per_language(section, key, what, all))
}

fn optional_sentences(section: &mut Section<'_>, key: &str, what: &str, all: &[Lang]) -> Sentences {
    if section.has(key) {
        sentences(section, key, what, LEAST_EXAMPLES, all)
    } else {
        Sentences::new()
    }
}

/// The same, where one word is enough.
fn optional_words(section: &mut Section<'_>, key: &str, what: &str, all: &[Lang]) -> Sentences {
    match section.has(key) {
        true => sentences(section, key, what, 1, all),
        false => Sentences::new(),
    }
}
