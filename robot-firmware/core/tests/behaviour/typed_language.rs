//! The language of typed words, and what the robot makes of it.

use std::collections::BTreeMap;

use crate::support::packs;
use crate::support::{Robot, lang};
use madoguchi_core::Input;
use madoguchi_core::language::{Written, of_typed};
use madoguchi_shared::ids::Lang;
use madoguchi_shared::packet::ReasonCode;

const LABELLED: &str = include_str!("../data/typed_languages.tsv");

fn labelled() -> impl Iterator<Item = (&'static str, &'static str)> {
    LABELLED
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.rsplit_once('\t').unwrap())
}

fn sure(text: &str, office: &[Lang]) -> Option<Lang> {
    match of_typed(text, office) {
        Written::Pack {
            language,
            sure: true,
        }
        | Written::Other(language) => Some(language),
        Written::Pack { sure: false, .. } | Written::Unknown => None,
    }
}

#[test]
fn sentences_at_a_counter_are_found_and_hardly_ever_mistaken() {
    let office = [lang("ja"), lang("en"), lang("pt")];
    let mut found: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (text, expected) in labelled().filter(|(_, expected)| *expected != "und") {
        let (right, all) = found.entry(expected).or_default();
        *all += 1;
        match sure(text, &office) {
            Some(language) if language.as_str() == expected => *right += 1,
            Some(language) => wrong.push(format!("{expected} taken for {language}: {text}")),
            None => {}
        }
    }
    assert_eq!(found.len(), 20);
    // Ukrainian without a letter of its own passes for Russian.
    assert!(wrong.len() <= 2, "{wrong:#?}");
    for (language, (right, all)) in found {
        let least = if language == "id" { 10 } else { 13 };
        assert!(right >= least, "{language}: {right} of {all}");
    }
}

#[test]
fn names_numbers_and_single_words_leave_the_language_alone() {
    let office = [lang("ja"), lang("en"), lang("pt")];
    for (text, _) in labelled().filter(|(_, expected)| *expected == "und") {
        assert_eq!(sure(text, &office), None, "{text}");
    }
}

#[test]
fn an_office_in_a_language_that_cannot_be_told_is_never_sure() {
    let office = [lang("sw"), lang("en")];
    let swahili = "Ninahitaji cheti cha makazi, tafadhali";
    assert_eq!(sure(swahili, &office), None);
    assert_eq!(sure("¿Dónde pago los impuestos?", &office), None);
}

#[test]
fn no_question_to_the_office_passes_for_a_language_that_it_lacks() {
    let pack = packs::sample();
    for topic in pack.topics() {
        for (language, questions) in topic.ask() {
            for question in questions {
                let found = sure(question, pack.languages());
                let fine = found.as_ref().is_none_or(|found| found == language);
                assert!(fine, "{language} taken for {found:?}: {question}");
            }
        }
    }
}

fn types(robot: &mut Robot, text: &str) {
    robot.types(text);
    robot.finishes_speaking();
}

#[test]
fn a_visit_goes_over_to_the_office_language_that_is_surely_typed() {
    let mut robot = Robot::new();
    types(&mut robot, "What are your opening hours?");
    assert_eq!(robot.said().last().unwrap().1, "en");
    types(&mut robot, "Qual é o horário de atendimento da prefeitura?");
    assert_eq!(robot.said().last().unwrap().1, "pt");
    assert_eq!(robot.view().language, lang("pt"));
}

#[test]
fn short_words_names_and_numbers_do_not_change_a_visit() {
    for word in ["no", "OK", "Anna Müller", "090-1234-5678", "yes", "はい"] {
        let mut robot = Robot::new();
        types(&mut robot, "Qual é o horário de atendimento da prefeitura?");
        types(&mut robot, word);
        assert_eq!(robot.view().language, lang("pt"), "{word}");
    }
}

#[test]
fn a_near_relative_of_an_office_language_is_not_taken_for_it() {
    for (tag, text) in [
        ("es", "¿Dónde puedo pagar los impuestos?"),
        ("it", "Dove posso pagare le tasse?"),
        ("id", "Di mana saya bisa membayar pajak?"),
        ("zh", "请问在哪里交税?"),
    ] {
        for before in [None, Some("pt")] {
            let mut robot = Robot::new();
            robot.input(Input::ConsoleUp);
            if let Some(before) = before {
                robot.input(Input::ChoseLanguage(lang(before)));
                robot.finishes_speaking();
            }
            robot.input(Input::Typed(text.to_owned()));
            let reason = robot.packet().reason.clone();
            assert_eq!(reason.code, ReasonCode::UnsupportedLanguage, "{text}");
            assert_eq!(reason.language, Some(lang(tag)), "{text}");
            assert!(reason.evidence[0].detail.starts_with("written language"));
        }
    }
}

#[test]
fn the_first_words_choose_among_the_office_languages_by_script_at_least() {
    for (text, tag) in [
        ("garbage", "en"),
        ("residence certificate", "en"),
        ("転入届", "ja"),
        ("OK", "ja"),
        ("Maria Silva", "ja"),
    ] {
        let mut robot = Robot::new();
        types(&mut robot, text);
        assert_eq!(robot.view().language, lang(tag), "{text}");
    }
}
