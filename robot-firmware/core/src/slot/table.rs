//! The words of replies by language, from `data/replies.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use madoguchi_shared::ids::Lang;
use serde::Deserialize;

use crate::understanding::fold;

/// The words of one language, in the spelling of the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub(super) yes: Vec<String>,
    pub(super) no: Vec<String>,
    /// Words that may stand beside a yes and leave it one.
    pub(super) beside_yes: Vec<String>,
    pub(super) back: Vec<String>,
    pub(super) start_over: Vec<String>,
    pub(super) cancel: Vec<String>,
    /// Words that may stand beside an answer and say nothing.
    pub(super) fillers: Vec<String>,
    pub(super) name_begins: Vec<String>,
    pub(super) name_ends: Vec<String>,
    pub(super) numbers: BTreeMap<String, u64>,
    /// Stands between the parts of a number, as "and" and "e" do.
    pub(super) joiner: Option<String>,
    #[serde(default)]
    pub(super) tens_need_joiner: bool,
    pub(super) hundred: Option<String>,
    pub(super) thousand: Option<String>,
    #[serde(default)]
    pub(super) repeat: BTreeMap<String, usize>,
    pub(super) days: BTreeMap<String, i32>,
    pub(super) next_week: Vec<String>,
    pub(super) in_days: Vec<String>,
    pub(super) in_weeks: Vec<String>,
    pub(super) ago: Vec<String>,
    #[serde(default)]
    pub(super) day_of_month: Vec<String>,
    pub(super) months: Vec<String>,
    /// From Monday.
    pub(super) weekdays: Vec<String>,
    pub(super) ordinals: Vec<String>,
    /// Words for the present moment, as in "are you open now".
    pub(super) now: Vec<String>,
    /// Words beside a day that ask what holds on it: "and on", "what about".
    pub(super) asks_when: Vec<String>,
    /// Words for the first half of the day, and for the second.
    pub(super) morning: Vec<String>,
    pub(super) afternoon: Vec<String>,
    pub(super) noon: Vec<String>,
    /// Words beside a number that make it a time of day, and between hour and minutes; folded.
    pub(super) before_hour: Vec<String>,
    pub(super) minutes_after: Vec<String>,
    pub(super) after_hour: Vec<String>,
    /// Days of every year that have a name, as month and day.
    pub(super) named_days: BTreeMap<String, String>,
    /// Words of questions that yes or no doesn't answer.
    pub(super) open_questions: Vec<String>,
    pub(super) date: String,
    pub(super) time: String,
}

#[allow(clippy::expect_used, reason = "a constant that a test checks")]
static WORDS: LazyLock<BTreeMap<String, Words>> = LazyLock::new(|| {
    let mut words: BTreeMap<String, Words> =
        toml::from_str(include_str!("../../data/replies.toml")).expect("a table by language");
    for words in words.values_mut() {
        let numbers = std::mem::take(&mut words.numbers).into_iter();
        words.numbers = numbers.map(|(name, value)| (fold(&name), value)).collect();
    }
    words
});

/// The words of a language; absent where nobody wrote any.
pub(super) fn words_of(language: &Lang) -> Option<&'static Words> {
    WORDS.get(language.primary())
}

/// The words of all languages with their tags, those of the visit first: "yes" is understood in
/// every one.
pub(super) fn all_from(language: &Lang) -> impl Iterator<Item = (&'static str, &'static Words)> {
    let own = language.primary().to_owned();
    let first = WORDS.get_key_value(&own);
    let others = WORDS.iter().filter(move |(tag, _)| **tag != own);
    first
        .into_iter()
        .chain(others)
        .map(|(tag, words)| (tag.as_str(), words))
}

/// Folded words with single spaces between them, and one at each end, so that " may " is found as
/// a word; in Japanese without any spaces and long-vowel marks.
pub(crate) fn spaced(text: &str, language: &Lang) -> String {
    let mut text = sounding(text, language);
    if is_unspaced(language) {
        text.retain(|c| c != 'ー');
    }
    text
}

/// The same with long-vowel marks, which tell うーん from うん.
pub(super) fn sounding(text: &str, language: &Lang) -> String {
    let folded = match is_unspaced(language) {
        true => fold(&text.replace(['〜', '～', '~'], "ー")),
        false => fold(text),
    };
    let words = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    if is_unspaced(language) {
        return hiragana(&words.collect::<String>());
    }
    words.fold(" ".to_owned(), |all, word| all + word + " ")
}

pub(crate) fn is_unspaced(language: &Lang) -> bool {
    language.primary() == "ja"
}

fn hiragana(katakana: &str) -> String {
    katakana
        .chars()
        .map(|c| match c {
            '\u{30a1}'..='\u{30f6}' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_a_table_of_whole_languages() {
        for tag in ["en", "ja", "pt", "pt-BR"] {
            let words = words_of(&tag.parse().unwrap()).unwrap();
            assert_eq!(words.months.len(), 12, "{tag}");
            assert_eq!(words.weekdays.len(), 7, "{tag}");
        }
    }
}
