//! From written to spoken: what a reader says for `8:30–17:15`, `¥300`, `10/03` or `Dr.`.
//!
//! Each language is a short list of rules over the text. Cardinal numbers stay digits: espeak-ng
//! and Open JTalk read those well in every language. The rules write what the two read wrongly:
//! clock times, dates, ranges, money, telephone numbers, abbreviations, and gender or counters
//! where a number takes its form from the word behind it.

mod english;
mod japanese;
mod latin;
mod portuguese;

use std::borrow::Cow;

use madoguchi_shared::ids::Lang;
use regex::{Captures, Regex};

/// What is said for a match, if anything.
type Say = dyn Fn(&Captures<'_>) -> Option<String> + Send + Sync;

/// One rule: what matches is replaced by what is said for it; `None` leaves it as it is written.
struct Rule {
    pattern: Regex,
    say: Box<Say>,
}

/// What is said for `text` in `lang`. A language without rules of its own gets those that hold
/// everywhere: a telephone number is read digit by digit.
pub(super) fn spoken(lang: &Lang, text: &str) -> String {
    let rules = match lang.as_str().split('-').next().unwrap_or_default() {
        "en" => &*english::RULES,
        "pt" => &*portuguese::RULES,
        "ja" => &*japanese::RULES,
        _ => &*EVERYWHERE,
    };
    let mut text = Cow::Borrowed(text);
    for rule in rules {
        let said = rule.pattern.replace_all(&text, |found: &Captures<'_>| {
            (rule.say)(found).unwrap_or_else(|| found[0].to_owned())
        });
        if let Cow::Owned(said) = said {
            text = Cow::Owned(said);
        }
    }
    text.into_owned()
}

static EVERYWHERE: std::sync::LazyLock<Vec<Rule>> = std::sync::LazyLock::new(|| {
    vec![
        rule(PHONE, |found| Some(digits(&found[0], ", "))),
        rule(LONG, |found| Some(digits(&grouped(&found[0]), ", "))),
    ]
});

/// A telephone number: three groups of digits, perhaps with a country's code.
const PHONE: &str =
    r"(?:\+\d{1,3}[ -])?\(?\b\d{1,5}\)?[ -]\d{2,5}-\d{3,5}\b|\+\d{1,3}(?: \d{2,4}){2,5}\b";

/// So many digits without a sign between them count nothing: they name something.
const LONG: &str = r"\+?\b\d{9,15}\b";

/// Patterns are constants that every test compiles.
#[allow(clippy::expect_used)]
fn rule(
    pattern: &str,
    say: impl Fn(&Captures<'_>) -> Option<String> + Send + Sync + 'static,
) -> Rule {
    Rule {
        pattern: Regex::new(pattern).expect("a pattern"),
        say: Box::new(say),
    }
}

/// A captured number; `None` when the group is absent or too large.
fn number(found: &Captures<'_>, group: usize) -> Option<u32> {
    found.get(group)?.as_str().parse().ok()
}

/// The hour and the minutes in two groups, if a clock shows them.
fn clock(found: &Captures<'_>, hour: usize, minute: usize) -> Option<(u32, u32)> {
    let (hour, minute) = (number(found, hour)?, number(found, minute).unwrap_or(0));
    (hour <= 24 && minute < 60).then_some((hour, minute))
}

/// The month and the day in two groups, if a calendar has them.
fn day_of_year(found: &Captures<'_>, month: usize, day: usize) -> Option<(u32, u32)> {
    let (month, day) = (number(found, month)?, number(found, day)?);
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then_some((month, day))
}

/// Digits without signs between them in groups of three, the last of four where one would remain.
fn grouped(number: &str) -> String {
    let mut rest = number.trim_start_matches('+');
    let mut groups = Vec::new();
    while rest.len() > 4 {
        let (group, after) = rest.split_at(3);
        groups.push(group);
        rest = after;
    }
    groups.push(rest);
    groups.join("-")
}

/// The digits of a number one by one; groups are kept apart by `pause`.
fn digits(number: &str, pause: &str) -> String {
    let groups = number
        .split(|c: char| !c.is_ascii_digit())
        .filter(|group| !group.is_empty())
        .map(|group| {
            let digits: Vec<String> = group.chars().map(String::from).collect();
            digits.join(" ")
        });
    groups.collect::<Vec<_>>().join(pause)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks a table of written and spoken forms.
    pub(super) fn check(lang: &str, cases: &[(&str, &str)]) {
        let lang = lang.parse().unwrap();
        for (written, said) in cases {
            assert_eq!(spoken(&lang, written), *said, "for {written}");
        }
    }

    #[test]
    fn other_languages_read_telephone_numbers_by_digits_and_nothing_else_differently() {
        check(
            "vi",
            &[
                ("Gọi 03-1234-5678.", "Gọi 0 3, 1 2 3 4, 5 6 7 8."),
                ("Gọi 612345678.", "Gọi 6 1 2, 3 4 5, 6 7 8."),
                ("Gọi 09012345678.", "Gọi 0 9 0, 1 2 3, 4 5 6, 7 8."),
                ("Từ 8:30 đến 17:15, 300 yên", "Từ 8:30 đến 17:15, 300 yên"),
            ],
        );
    }

    #[test]
    fn any_text_comes_out_without_a_panic() {
        let odd = "99:99 13/32 2026-13-40 00:00-25:00 R$ ¥ No. +1 1/2/3/4 ½ ９：００ B-12-3F 〒";
        for lang in ["en", "pt", "ja", "ar"] {
            let lang = lang.parse().unwrap();
            for end in odd.char_indices().map(|(at, _)| at) {
                assert!(!spoken(&lang, &odd[end..]).is_empty());
            }
        }
    }
}
