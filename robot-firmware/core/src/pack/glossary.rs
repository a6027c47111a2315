//! Terms that a translation must render as the office writes them.

use std::collections::BTreeMap;

use madoguchi_shared::ids::Lang;

/// A term in all its forms; `[[terms]]` in `glossary.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Term {
    /// The dictionary's form first, then others such as the plural. A language that a later form
    /// lacks has the first one's words.
    pub forms: Vec<TermForm>,
}

/// A term in one grammatical form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TermForm {
    /// For each language the ways in which it may stand; the first is the one that is written.
    pub words: BTreeMap<Lang, Vec<String>>,
    /// In each language an ordinary word of the same gender, number and part of speech.
    pub like: BTreeMap<Lang, String>,
}
