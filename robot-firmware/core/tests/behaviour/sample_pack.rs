//! The sample office's pack is whole, and words are found in the right language.

use std::collections::BTreeSet;

use crate::support::packs::{sample, sample_with};
use madoguchi_core::pack::{Date, Direction, Pack, Phrase, Review, ScreenLabel};
use madoguchi_shared::ids::Lang;

fn lang(tag: &str) -> Lang {
    tag.parse().unwrap()
}

#[test]
fn it_has_59_topics_with_twelve_questions_and_a_short_answer_in_each_language() {
    let pack = sample();
    assert_eq!(pack.topics().len(), 59);
    for topic in pack.topics() {
        for language in pack.languages() {
            assert!(topic.ask()[language].len() >= 12, "{} {language}", topic.id);
            let say = &topic.answer(language).unwrap().say;
            let sentences = say.matches(['.', '。', '?']).count();
            assert!(
                (2..=5).contains(&sentences),
                "{} {language}: {say}",
                topic.id
            );
            assert!(
                topic.operator_hint(language).is_some(),
                "{} {language}",
                topic.id
            );
        }
    }
}

#[test]
fn counters_prices_hours_and_telephones_are_the_same_in_each_language() {
    for topic in sample().topics() {
        let facts = |tag: &str, counter: [&str; 2], price: &str| {
            let answer = topic.answer(&lang(tag)).unwrap();
            let text = format!("{}\n{}", answer.say, answer.show.as_deref().unwrap());
            let mut facts = BTreeSet::new();
            for (before, number, after) in numbers(&text) {
                let kind = if before.ends_with(counter[0]) && after.starts_with(counter[1]) {
                    "counter"
                } else if after.starts_with(price) {
                    "price"
                } else if number.contains([':', '-']) {
                    "hours or telephone"
                } else {
                    continue;
                };
                facts.insert((kind, number.replace([',', '.'], "")));
            }
            facts
        };
        let japanese = facts("ja", ["", "番窓口"], "円");
        assert_eq!(
            japanese,
            facts("en", ["counter ", ""], " yen"),
            "{}",
            topic.id
        );
        assert_eq!(
            japanese,
            facts("pt", ["balcão ", ""], " ienes"),
            "{}",
            topic.id
        );
    }
}

/// Every number with what stands before and after it; hyphens, colons and separators between
/// digits belong to it.
fn numbers(text: &str) -> Vec<(&str, &str, &str)> {
    let is_part = |letter: char| letter.is_ascii_digit() || "-:,.".contains(letter);
    let mut found = Vec::new();
    let mut rest = 0;
    while let Some(at) = text[rest..].find(|letter: char| letter.is_ascii_digit()) {
        let start = rest + at;
        let end = text[start..].find(|letter| !is_part(letter));
        rest = end.map_or(text.len(), |end| start + end);
        let number = text[start..rest].trim_end_matches(['-', ':', ',', '.']);
        let end = start + number.len();
        found.push((&text[..start], number, &text[end..]));
    }
    found
}

#[test]
fn thirty_more_languages_have_courtesies_and_buttons() {
    let pack = sample();
    let more: Vec<&Lang> = pack
        .spoken_languages()
        .filter(|language| pack.serves(language).is_none())
        .collect();
    assert!(more.len() >= 30, "{more:?}");
    for language in more {
        for phrase in Phrase::ALL.iter().filter(|phrase| phrase.is_courtesy()) {
            assert!(
                pack.courtesy(language, *phrase).is_some(),
                "{language} {phrase:?}"
            );
        }
        for phrase in [
            Phrase::NotCaught,
            Phrase::NotCaughtAgain,
            Phrase::WaitingLong,
            Phrase::NoPicture,
            Phrase::OperatorAway,
            Phrase::EndOfCall,
        ] {
            let (own, _) = pack.phrase_with_language(language, phrase);
            assert_eq!(own, language, "{phrase:?}");
        }
        assert_ne!(pack.language_name(language), language.as_str());
        assert_eq!(
            pack.labels(language, false).len() + pack.labels(language, true).len(),
            ScreenLabel::ALL.len(),
            "{language}"
        );
    }
    assert_eq!(pack.direction(&lang("ar")), Direction::RightToLeft);
    assert_eq!(pack.review(&lang("vi")), Some(Review::Machine));
}

#[test]
fn words_fall_back_to_the_wider_tag_then_to_english() {
    let pack = sample();
    assert_eq!(pack.serves(&lang("pt-BR")), Some(&lang("pt")));
    assert_eq!(
        pack.phrase(&lang("pt-BR"), Phrase::OneMoment),
        pack.phrase(&lang("pt"), Phrase::OneMoment)
    );
    let (language, words) = pack.phrase_with_language(&lang("vi"), Phrase::OneMoment);
    assert_eq!((language, words), (&lang("en"), "One moment, please."));
    assert_eq!(pack.courtesy(&lang("xx"), Phrase::Goodbye), None);
    assert_eq!(pack.language_name(&lang("xx")), "xx");
    assert_eq!(
        pack.labels(&lang("vi"), false)["sample_visitors"],
        pack.labels(&lang("en"), false)["sample_visitors"]
    );
}

#[test]
fn an_answer_holds_only_between_its_days() {
    let days = "valid_from = 2026-10-01\nvalid_until = 2027-01-31\n[title]";
    let files = sample_with("topics/vaccination.toml", |text| {
        text.replacen("[title]", days, 1)
    });
    let pack = Pack::parse(&files).unwrap();
    let topic = pack.topic("vaccination").unwrap();
    let on = |year, month, day| topic.valid_on(Date { year, month, day });
    assert!(!on(2026, 9, 30) && on(2026, 10, 1) && on(2027, 1, 31) && !on(2027, 2, 1));
}
