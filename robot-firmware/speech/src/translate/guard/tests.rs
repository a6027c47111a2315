//! Whatever a model does, facts and terms survive.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::translate::glossary::{Form, Term};

fn lang(tag: &str) -> Lang {
    tag.parse().unwrap()
}

/// A model that spoils whatever it can.
#[derive(Debug, Clone, Copy)]
enum Spoils {
    /// Every digit becomes another.
    Digits,
    /// Every word that isn't plain is left out.
    Facts,
    /// Dots and dashes become spaces.
    Signs,
    /// Nothing is left.
    All,
    /// Nothing is spoiled.
    Nothing,
}

impl Model for Spoils {
    fn translate(&mut self, sentence: &str) -> Result<String, String> {
        let plain = |word: &&str| word.chars().all(|c| c.is_lowercase() || c == '.');
        Ok(match self {
            Self::Digits => sentence.replace(|c: char| c.is_ascii_digit(), "7"),
            Self::Facts => sentence
                .split(' ')
                .filter(plain)
                .collect::<Vec<_>>()
                .join(" "),
            Self::Signs => sentence.replace(['.', '-', '/', '@'], " "),
            Self::All => String::new(),
            Self::Nothing => sentence.to_owned(),
        })
    }

    fn align(&mut self, _sentence: &str) -> Option<Links> {
        None
    }
}

fn models() -> impl Strategy<Value = Spoils> {
    prop_oneof![
        Just(Spoils::Digits),
        Just(Spoils::Facts),
        Just(Spoils::Signs),
        Just(Spoils::All),
    ]
}

fn facts() -> impl Strategy<Value = String> {
    prop_oneof![
        "[1-9][0-9]{0,5}",
        "[1-9][0-9]{0,2},[0-9]{3}",
        "¥[1-9][0-9]{0,2},[0-9]{3}",
        "[A-Z]-[0-9]{3,5}",
        "[A-Z]{2}[0-9]{2,4}-[0-9]{2}",
        "0[1-9]-[1-9][0-9]{3}-[0-9]{4}",
        "20[0-9]{2}-[01][0-9]-[0-3][0-9]",
        "1?[1-9]:[0-5][0-9]",
        "https://[a-z]{3,8}\\.example\\.org/[a-z]{2,6}",
        "[a-z]{2,8}@[a-z]{3,8}\\.example\\.com",
        "Ms\\. [A-Z][a-z]{3,8}",
    ]
}

/// Without vowels, so that no word is a number's.
fn sentences() -> impl Strategy<Value = (String, Vec<String>)> {
    prop::collection::vec(("[b-df-hj]{3,8}( [b-df-hj]{3,8}){0,3}", facts()), 1..4).prop_map(
        |parts| {
            let words: Vec<String> = parts
                .iter()
                .map(|(words, fact)| format!("{words} {fact}"))
                .collect();
            let facts = parts.into_iter().map(|(_, fact)| fact).collect();
            (format!("{}.", words.join(" ")), facts)
        },
    )
}

fn translated(model: Spoils, glossary: &Glossary, sentence: &str) -> Guarded {
    let mut model = model;
    translate(&mut model, glossary, (&lang("en"), &lang("pt")), sentence).unwrap()
}

#[test]
fn a_lost_one_is_not_found_in_the_letter_i() {
    let done = translated(Spoils::Digits, &Glossary::default(), "bbb I-002 bjj 1:00.");
    let words: Vec<&str> = facts::words(&done.text)
        .map(|word| &done.text[word])
        .collect();
    assert!(words.contains(&"1"), "{}", done.text);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_fact_survives_whatever_the_model_does((sentence, embedded) in sentences(), model in models()) {
        let done = translated(model, &Glossary::default(), &sentence);
        let short = |word: &str| word.trim_start_matches('0').to_owned();
        let held: Vec<String> = facts::words(&done.text).map(|word| short(&done.text[word])).collect();
        for fact in embedded {
            for word in facts::words(&fact).map(|word| &fact[word]).filter(|word| *word != "Ms") {
                prop_assert!(held.contains(&short(word)), "{sentence} → {}", done.text);
            }
        }
    }

    #[test]
    fn what_is_not_spoiled_is_not_touched((sentence, _) in sentences()) {
        let done = translated(Spoils::Nothing, &Glossary::default(), &sentence);
        prop_assert_eq!(&done.text, &sentence);
        prop_assert_eq!(done.plain, None);
    }

    #[test]
    fn no_text_is_too_strange(sentence in "\\PC{0,80}", model in models()) {
        translated(model, &Glossary::default(), &sentence);
    }
}

/// A model that knows a few sentences.
struct Knows(BTreeMap<&'static str, &'static str>);

impl Model for Knows {
    fn translate(&mut self, sentence: &str) -> Result<String, String> {
        let known = self.0.get(sentence).map(|text| (*text).to_owned());
        known.ok_or_else(|| format!("was not expected to be asked for “{sentence}”"))
    }

    fn align(&mut self, _sentence: &str) -> Option<Links> {
        None
    }
}

fn landlord() -> Glossary {
    let form = |en: &[&str], pt: &str, like: (&str, &str)| Form {
        words: [
            (
                lang("en"),
                en.iter().map(|word| (*word).to_owned()).collect(),
            ),
            (lang("pt"), vec![pt.to_owned()]),
        ]
        .into(),
        like: [
            (lang("en"), like.0.to_owned()),
            (lang("pt"), like.1.to_owned()),
        ]
        .into(),
    };
    Glossary {
        terms: vec![Term {
            forms: vec![
                form(
                    &["landlord", "landlady"],
                    "senhorio",
                    ("owner", "proprietário"),
                ),
                form(&["landlords"], "senhorios", ("owners", "proprietários")),
            ],
        }],
    }
}

fn said(known: &[(&'static str, &'static str)], sentence: &str) -> Guarded {
    let mut model = Knows(known.iter().copied().collect());
    translate(
        &mut model,
        &landlord(),
        (&lang("en"), &lang("pt")),
        sentence,
    )
    .unwrap()
}

#[test]
fn a_term_that_is_rendered_as_written_changes_nothing() {
    for right in ["O senhorio saiu.", "Os senhorios saíram."] {
        let done = said(&[("The landlord left.", right)], "The landlord left.");
        assert_eq!((done.text.as_str(), done.plain), (right, None));
    }
}

#[test]
fn a_wrong_term_gives_way_to_the_right_one_in_a_sentence_that_fits_it() {
    let known = [
        ("My landlady left.", "A minha terra saiu."),
        ("My owner left.", "O meu proprietário saiu."),
        ("Landlords left.", "Desembarcou saíram."),
        ("Owners left.", "Proprietários saíram."),
    ];
    assert_eq!(
        said(&known, "My landlady left.").text,
        "O meu senhorio saiu."
    );
    let done = said(&known, "Landlords left.");
    assert_eq!(done.text, "Senhorios saíram.");
    assert_eq!(done.plain.as_deref(), Some("Desembarcou saíram."));
}

#[test]
fn a_term_without_any_place_is_added_in_brackets() {
    let known = [
        ("The landlord left!", "Ele saiu!"),
        ("The owner left!", "O dono saiu!"),
    ];
    let done = said(&known, "The landlord left!");
    assert_eq!(
        (done.text.as_str(), done.added),
        ("Ele saiu (senhorio)!", 1)
    );
}
