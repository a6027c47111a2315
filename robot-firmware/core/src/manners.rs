//! What people say to one who serves them besides questions: greetings, wishes to hear it again,
//! goodbyes, and short questions about the answer before.
//!
//! The words stand in `data/manners.toml`, by language.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use madoguchi_shared::ids::Lang;
use serde::Deserialize;

use crate::turn_taking::{Said, closings};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    beside: Vec<String>,
    greets: Vec<String>,
    repeats: Vec<String>,
    goodbyes: Vec<String>,
    interprets: Vec<String>,
    ends_interpreting: Vec<String>,
    joins: Vec<String>,
    asks: Vec<String>,
    facets: Vec<Facet>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Facet {
    asks: Vec<String>,
    tells: Vec<String>,
}

#[allow(clippy::expect_used, reason = "a constant that a test checks")]
static WORDS: LazyLock<BTreeMap<String, Words>> = LazyLock::new(|| {
    toml::from_str(include_str!("../data/manners.toml")).expect("a table of words by language")
});

/// What words want, where they want nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manners {
    /// To know who is there.
    Greets,
    /// To hear the last line again.
    Repeats,
    /// To end the visit.
    Goodbye,
}

fn words_of(language: &Lang) -> Option<&'static Words> {
    WORDS.get(language.as_str().split('-').next()?)
}

/// What words want, where they want nothing else.
pub(crate) fn of(text: &str, language: &Lang) -> Option<Manners> {
    let words = words_of(language)?;
    let said = Said::new(text);
    let made_of = |lists: &[&[String]]| said.is_made_of(lists.iter().copied().flatten());
    if made_of(&[&words.repeats, &words.beside]) && !made_of(&[&words.beside]) {
        return Some(Manners::Repeats);
    }
    if made_of(&[&words.greets, &words.beside]) && !made_of(&[&words.beside]) {
        return Some(Manners::Greets);
    }
    let thanks = closings(language);
    let leaves = made_of(&[&words.goodbyes, thanks, &words.beside]);
    let only_thanks = || {
        let without: Vec<String> = thanks
            .iter()
            .filter(|entry| !words.goodbyes.contains(entry))
            .cloned()
            .collect();
        made_of(&[&without, &words.beside])
    };
    (leaves && !only_thanks()).then_some(Manners::Goodbye)
}

/// Whether words ask for interpreter mode and nothing else.
pub(crate) fn asks_to_interpret(text: &str, language: &Lang) -> bool {
    says_only(text, language, |words| &words.interprets)
}

/// Whether words end it.
pub(crate) fn ends_interpreting(text: &str, language: &Lang) -> bool {
    says_only(text, language, |words| &words.ends_interpreting)
}

fn says_only(text: &str, language: &Lang, list: fn(&Words) -> &Vec<String>) -> bool {
    let Some(words) = words_of(language) else {
        return false;
    };
    let said = Said::new(text);
    let beside = words.beside.iter();
    said.is_made_of(list(words).iter().chain(beside.clone())) && !said.is_made_of(beside)
}

/// Whether words only ask for something that this answer tells.
pub(crate) fn asks_about(text: &str, language: &Lang, answer: &str) -> bool {
    let Some(words) = words_of(language) else {
        return false;
    };
    let said = Said::new(text);
    let answer = answer.to_lowercase();
    words.facets.iter().any(|facet| {
        said.is_made_of(facet.asks.iter().chain(&words.beside))
            && !said.is_made_of(words.beside.iter())
            && facet.tells.iter().any(|sign| answer.contains(sign))
    })
}

/// The questions of a line, where it has two or three; else none.
pub(crate) fn questions(text: &str, language: &Lang) -> Vec<String> {
    let Some(words) = words_of(language) else {
        return Vec::new();
    };
    let sentences = text.split_inclusive(['?', '？', '。', '.', '!', '！']);
    let questions: Vec<String> = sentences
        .flat_map(|sentence| parted(sentence, words))
        .map(|question| question.trim().to_owned())
        .filter(|question| says_something(question))
        .collect();
    if (2..=3).contains(&questions.len()) {
        questions
    } else {
        Vec::new()
    }
}

/// A sentence before and after the first word that joins two questions.
fn parted<'t>(sentence: &'t str, words: &Words) -> Vec<&'t str> {
    let lower = sentence.to_lowercase();
    // Where small letters take other bytes than large ones, places in one are none in the other.
    if lower.len() != sentence.len() {
        return vec![sentence];
    }
    let place = words.joins.iter().find_map(|join| {
        if words.asks.is_empty() {
            let at = lower.find(join.as_str())?;
            return Some((at, at + join.len()));
        }
        let spaced = format!(" {join} ");
        lower.match_indices(&spaced).find_map(|(at, _)| {
            let after = &lower[at + spaced.len()..];
            let asks = |start: &String| {
                let rest = after.strip_prefix(start.as_str());
                rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
            };
            words
                .asks
                .iter()
                .any(asks)
                .then_some((at, at + spaced.len()))
        })
    });
    match place {
        Some((before, after)) if before > 0 => vec![&sentence[..before], &sentence[after..]],
        _ => vec![sentence],
    }
}

/// More than a word.
fn says_something(text: &str) -> bool {
    let said = Said::new(text);
    said.words_with_spaces()
        .map_or_else(|| text.chars().count() >= 4, |count| count >= 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lang(tag: &str) -> Lang {
        tag.parse().unwrap()
    }

    #[test]
    fn small_talk_is_told_from_questions() {
        for (text, tag, wanted) in [
            ("Hello!", "en", Some(Manners::Greets)),
            ("Hi robot, how are you?", "en", Some(Manners::Greets)),
            ("what can you do", "en", Some(Manners::Greets)),
            ("こんにちは", "ja", Some(Manners::Greets)),
            ("Oi, tudo bem?", "pt", Some(Manners::Greets)),
            ("Can you repeat that, please?", "en", Some(Manners::Repeats)),
            ("もう一度言ってください", "ja", Some(Manners::Repeats)),
            ("Não entendi", "pt", Some(Manners::Repeats)),
            ("ok thanks goodbye", "en", Some(Manners::Goodbye)),
            ("さようなら", "ja", Some(Manners::Goodbye)),
            ("Obrigado, tchau!", "pt", Some(Manners::Goodbye)),
            ("Thank you", "en", None),
            ("Okay, thank you very much.", "en", None),
            ("ありがとうございます", "ja", None),
            ("Obrigada", "pt", None),
            ("Hello, where is the tax office?", "en", None),
            ("When is the garbage collected?", "en", None),
            ("please", "en", None),
            ("", "en", None),
        ] {
            assert_eq!(of(text, &lang(tag)), wanted, "{text}");
        }
    }

    #[test]
    fn two_questions_are_parted() {
        for (text, tag, wanted) in [
            (
                "Where is the toilet and what time do you close?",
                "en",
                vec!["Where is the toilet", "what time do you close?"],
            ),
            (
                "Where are the toilets? When do you close?",
                "en",
                vec!["Where are the toilets?", "When do you close?"],
            ),
            ("Insurance and pension, where is that?", "en", vec![]),
            ("Where is the toilet?", "en", vec![]),
            (
                "Onde fica o banheiro e a que horas fecham?",
                "pt",
                vec!["Onde fica o banheiro", "a que horas fecham?"],
            ),
            (
                "住民票はいくらですか。何時に閉まりますか。",
                "ja",
                vec!["住民票はいくらですか。", "何時に閉まりますか。"],
            ),
            (
                "トイレはどこですか、それと何時まで開いていますか",
                "ja",
                vec!["トイレはどこですか、", "何時まで開いていますか"],
            ),
            ("", "en", vec![]),
        ] {
            assert_eq!(questions(text, &lang(tag)), wanted, "{text}");
        }
    }

    #[test]
    fn a_short_question_is_about_the_answer_before_if_that_tells() {
        let costs = "The certificate costs 300 yen at counter 2.";
        for text in ["and how much is it?", "Is there a fee?", "which counter?"] {
            assert!(asks_about(text, &lang("en"), costs), "{text}");
        }
        assert!(!asks_about("how long does it take?", &lang("en"), costs));
        assert!(!asks_about("how much is parking?", &lang("en"), costs));
        assert!(asks_about(
            "いくらですか",
            &lang("ja"),
            "手数料は300円です。"
        ));
        assert!(asks_about(
            "E quanto custa?",
            &lang("pt"),
            "Custa 300 ienes."
        ));
    }
}
