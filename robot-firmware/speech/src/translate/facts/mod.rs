//! What a translation may not change: addresses, codes, numbers, money, names.
//!
//! A number may be written as the other language writes it (`1,500` as `1.500`, `9:30` as `9h30`,
//! `3` as `três`): its digits or its value must still be there. Everything else stays letter for
//! letter.

mod currency;
mod numbers;

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use numbers::Number;

/// Something that must survive.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fact {
    pub(super) range: Range<usize>,
    pub(super) text: String,
    pub(super) kind: Kind,
}

/// What it is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// An address on the web.
    Web,
    /// An e-mail address.
    Mail,
    /// Letters and digits, a telephone number, a date in digits, a version.
    Code,
    /// A number, a part of a clock time or date, or an amount.
    Number(Number),
    /// A word of somebody's or something's name.
    Name,
}

/// Addresses and whatever holds a digit, together with the sign of a currency.
static SPOTS: LazyLock<Regex> = LazyLock::new(|| {
    let mail = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+";
    let web = r#"(?:https?://|www\.)[^\s<>"]+|\b(?:[a-z0-9-]+\.)+(?:jp|com|org|net|gov|edu|info|br|pt|eu|uk)\b(?:/[^\s<>"]*)?"#;
    let digits = r"(?:US|R|A|C)?[$€£¥]?\s?(?:[A-Za-z0-9]+[-–/.,:_'#])*[A-Za-z0-9]*[0-9](?:[A-Za-z0-9]|[-–/.,:_'#][A-Za-z0-9])*";
    // The pattern is a constant that every test runs.
    #[allow(clippy::expect_used)]
    Regex::new(&format!(
        "(?P<mail>{mail})|(?P<web>{web})|(?P<digits>{digits})"
    ))
    .expect("a sound pattern")
});

/// Words after which a name follows, whatever it looks like.
const INTRODUCTIONS: [&str; 14] = [
    "mr", "mrs", "ms", "miss", "dr", "sr", "sra", "dra", "srta", "dona", "named", "chamo", "é",
    "is",
];
/// The words before `is` and `é` that make them one.
const NAME_WORDS: [&str; 4] = ["name", "nome", "surname", "sobrenome"];
/// The facts of a sentence, from left to right.
pub(super) fn find(sentence: &str) -> Vec<Fact> {
    let mut facts = Vec::new();
    for found in SPOTS.captures_iter(sentence) {
        let (group, kind) = match (found.name("mail"), found.name("web"), found.name("digits")) {
            (Some(mail), _, _) => (mail, Some(Kind::Mail)),
            (_, Some(web), _) => (web, Some(Kind::Web)),
            (_, _, Some(digits)) => (digits, None),
            _ => continue,
        };
        let text = group
            .as_str()
            .trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '\'', '”']);
        let text = text.trim_start();
        let start = group.start() + group.as_str().len() - group.as_str().trim_start().len();
        let range = start..start + text.len();
        match kind {
            Some(kind) => facts.push(Fact {
                range,
                text: text.to_owned(),
                kind,
            }),
            None => numbers::classify(sentence, range, &mut facts),
        }
    }
    names(sentence, &mut facts);
    facts.sort_by_key(|fact| fact.range.start);
    facts
}

/// Only what is introduced as somebody's name: other capitalised words may have a translation.
fn names(sentence: &str, facts: &mut Vec<Fact>) {
    let mut introduced = false;
    let mut before: [&str; 2] = ["", ""];
    for range in words(sentence) {
        let word = &sentence[range.clone()];
        let lower = word.to_lowercase();
        let capital = word.chars().next().is_some_and(char::is_uppercase);
        let shout = word.chars().nth(1).is_none_or(char::is_uppercase);
        let latin = word
            .chars()
            .all(|c| c.is_ascii_alphabetic() || ('À'..='ɏ').contains(&c));
        let taken = facts
            .iter()
            .any(|fact| fact.range.start < range.end && range.start < fact.range.end);
        if capital && !shout && latin && !taken && introduced {
            facts.push(Fact {
                range: range.clone(),
                text: word.to_owned(),
                kind: Kind::Name,
            });
        }
        let gap_ends = sentence[range.end..].starts_with([' ', '.', '-', '\'', '’']);
        let introduces = match lower.as_str() {
            "is" | "é" => NAME_WORDS.contains(&before[1].to_lowercase().as_str()),
            "me" if before[1].eq_ignore_ascii_case("chamo") => true,
            word => INTRODUCTIONS.contains(&word),
        };
        introduced = gap_ends && (introduces || (introduced && capital));
        before = [before[1], word];
    }
}

/// The words of a text: runs of letters.
pub(super) fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(char::is_alphanumeric)?;
        let rest = &text[start..];
        let length = rest
            .find(|c: char| !c.is_alphanumeric())
            .unwrap_or(rest.len());
        at = start + length;
        Some(start..at)
    })
}

impl Fact {
    /// Whether the translation holds it as often as `times`.
    pub(super) fn survives(&self, translation: &str, times: usize) -> bool {
        match &self.kind {
            Kind::Number(number) => number.survives(translation, times),
            Kind::Name => {
                !is_latin(translation)
                    || words(translation)
                        .filter(|word| translation[word.clone()] == self.text)
                        .count()
                        >= times
            }
            Kind::Web | Kind::Mail | Kind::Code => whole(translation, &self.text).count() >= times,
        }
    }

    /// Where the translation holds it spoiled: other signs between the same letters and digits, or
    /// a name with a few other letters.
    pub(super) fn spoiled(&self, source: &str, translation: &str) -> Option<Range<usize>> {
        match &self.kind {
            Kind::Number(_) => None,
            Kind::Name => {
                let likeness = |word: &Range<usize>| {
                    let word = &translation[word.clone()];
                    let strange = !source.contains(word) && word.starts_with(char::is_uppercase);
                    let alike = strsim::jaro_winkler(word, &self.text);
                    (strange && alike >= 0.8).then_some(alike)
                };
                let words = words(translation).filter_map(|word| Some((likeness(&word)?, word)));
                words
                    .max_by(|a, b| a.0.total_cmp(&b.0))
                    .map(|(_, word)| word)
            }
            Kind::Web | Kind::Mail | Kind::Code => scattered(translation, &self.text),
        }
    }
}

/// Where `wanted` stands in `text` and isn't part of a longer word or number.
pub(super) fn whole<'t>(text: &'t str, wanted: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
    text.match_indices(wanted)
        .filter_map(move |(start, found)| {
            let end = start + found.len();
            let joins = |a: Option<char>, b: Option<char>| {
                a.zip(b).is_some_and(|(a, b)| joined(a) && joined(b))
            };
            let before = joins(text[..start].chars().next_back(), wanted.chars().next());
            let after = joins(wanted.chars().next_back(), text[end..].chars().next());
            (!before && !after).then_some(start..end)
        })
}

/// Whether a letter belongs to a word with its neighbours; scripts without spaces never do.
fn joined(c: char) -> bool {
    c.is_alphanumeric() && !is_unspaced(c)
}

/// Whether a character is of a script that puts no space between words.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// A letter or digit.
pub(super) fn part_of_word(c: char) -> bool {
    c.is_alphanumeric()
}

fn is_latin(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let latin = text
        .chars()
        .filter(|c| c.is_alphabetic() && *c <= 'ɏ')
        .count();
    latin * 2 >= letters
}

/// Where the letters and digits of `wanted` stand in this order with other signs between them.
fn scattered(text: &str, wanted: &str) -> Option<Range<usize>> {
    let signs: Vec<char> = wanted.chars().filter(|c| c.is_alphanumeric()).collect();
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let same = |a: char, b: char| a == b || a.to_lowercase().eq(b.to_lowercase());
    for (index, (start, first)) in chars.iter().enumerate() {
        let fresh = index == 0 || !joined(chars[index - 1].1);
        if !fresh || !signs.first().is_some_and(|sign| same(*sign, *first)) {
            continue;
        }
        let (mut at, mut matched) = (index, 0);
        while at < chars.len() && matched < signs.len() {
            let c = chars[at].1;
            if same(c, signs[matched]) {
                matched += 1;
            } else if c.is_alphanumeric() {
                break;
            }
            at += 1;
        }
        let ends = chars.get(at).is_none_or(|(_, c)| !joined(*c));
        if matched == signs.len() && ends {
            let end = chars.get(at).map_or(text.len(), |(byte, _)| *byte);
            return Some(*start..end);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(sentence: &str) -> Vec<(String, &'static str)> {
        let facts = find(sentence);
        let name = |kind: &Kind| match kind {
            Kind::Web => "web",
            Kind::Mail => "mail",
            Kind::Code => "code",
            Kind::Number(_) => "number",
            Kind::Name => "name",
        };
        facts
            .iter()
            .map(|fact| (fact.text.clone(), name(&fact.kind)))
            .collect()
    }

    #[test]
    fn facts_are_found_as_what_they_are() {
        let cases: &[(&str, &[(&str, &str)])] = &[
            (
                "Write to info@city.example.jp, please.",
                &[("info@city.example.jp", "mail")],
            ),
            (
                "See https://example.org/a?b=1.",
                &[("https://example.org/a?b=1", "web")],
            ),
            (
                "See city.hoshikawa.lg.jp/en for it",
                &[("city.hoshikawa.lg.jp/en", "web")],
            ),
            (
                "Form A-102, window 3",
                &[("A-102", "code"), ("3", "number")],
            ),
            (
                "Call 03-1234-5678 or 2026-04-12",
                &[("03-1234-5678", "code"), ("2026-04-12", "code")],
            ),
            (
                "It costs ¥1,500 or $30",
                &[("¥1,500", "number"), ("$30", "number")],
            ),
            (
                "at 9:30 in the 1990s",
                &[("9", "number"), ("30", "number"), ("1990", "number")],
            ),
            ("Mr. Sato is here", &[("Sato", "name")]),
            (
                "my name is Nguyen Van An",
                &[("Nguyen", "name"), ("Van", "name"), ("An", "name")],
            ),
            ("This is Monday", &[]),
            ("It is in Hoshikawa now", &[]),
            ("at 160km/h", &[("160", "number")]),
            ("3番窓口", &[("3", "number")]),
        ];
        for (sentence, expected) in cases {
            let expected: Vec<(String, &str)> = expected
                .iter()
                .map(|(text, kind)| ((*text).to_owned(), *kind))
                .collect();
            assert_eq!(found(sentence), expected, "{sentence}");
        }
    }

    #[test]
    fn a_spoiled_code_is_found_again() {
        let fact = &find("Form A-102")[0];
        let text = "Formulário A 102.";
        assert!(!fact.survives(text, 1));
        assert_eq!(&text[fact.spoiled("", text).unwrap()], "A 102");
        assert!(fact.spoiled("", "Formulário BA 1023").is_none());
        assert!(fact.survives("O A-102, sim", 1));
        assert!(!fact.survives("O A-1024", 1));
    }
}
