//! Numbers, as each language may write them.

use std::ops::Range;

use super::currency::Currency;
use super::{Fact, Kind, words};

/// A number's digits, and what stands around it.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::translate) struct Number {
    /// Without separators and leading zeros.
    digits: String,
    /// Its currency, if it has one, which must stand beside it.
    currency: Option<&'static Currency>,
    /// `p.m.` follows, so that twelve more is the same.
    afternoon: bool,
    /// A word such as `million` follows.
    scaled: bool,
}

pub(super) const SCALES: [&str; 16] = [
    "thousand",
    "million",
    "millions",
    "billion",
    "billions",
    "trillion",
    "mil",
    "milhão",
    "milhões",
    "bilhão",
    "bilhões",
    "trilhão",
    "trilhões",
    "bn",
    "mi",
    "bi",
];
/// The numbers that are often written as a word, and the beginnings of these words. The Roman one
/// isn't among them: "I" is a person far more often, and a lost 1 would go unnoticed.
const WORDS: [(&str, &[&str]); 15] = [
    ("0", &["zero"]),
    ("1", &["one", "um", "uma", "first", "primeir", "once"]),
    (
        "2",
        &[
            "two", "dois", "duas", "second", "segund", "twice", "both", "ambos", "ambas", "ii",
        ],
    ),
    ("3", &["three", "três", "third", "terceir", "iii"]),
    ("4", &["four", "quatro", "fourth", "quart", "iv"]),
    ("5", &["five", "cinco", "fifth", "quint", "v"]),
    ("6", &["six", "seis", "sixth", "sext", "vi"]),
    ("7", &["seven", "sete", "seventh", "sétim", "vii"]),
    ("8", &["eight", "oito", "eighth", "oitav", "viii"]),
    ("9", &["nine", "nove", "ninth", "non", "ix"]),
    ("10", &["ten", "dez", "tenth", "décim", "x"]),
    ("11", &["eleven", "onze", "eleventh", "xi"]),
    (
        "12",
        &["twelve", "doze", "twelfth", "meio-dia", "noon", "xii"],
    ),
    ("100", &["hundred", "cem", "cento"]),
    ("1000", &["thousand", "mil"]),
];
/// Words of more than this many letters are found by their beginning.
const WHOLE: usize = 4;

/// Sorts a run of digits, with the letters and signs that touch it, into what it is.
pub(super) fn classify(sentence: &str, range: Range<usize>, facts: &mut Vec<Fact>) {
    let text = &sentence[range.clone()];
    let (currency, core_at) = Currency::before(text).unzip();
    let core_at = core_at.unwrap_or(0);
    let core = text[core_at..].trim_start();
    if is_code(core) {
        let start = range.end - core.len();
        let text = core.to_owned();
        return facts.push(Fact {
            range: start..range.end,
            text,
            kind: Kind::Code,
        });
    }
    let after = sentence[range.end..].trim_start().to_lowercase();
    let suffix = core
        .trim_start_matches(|c: char| !c.is_alphabetic())
        .to_lowercase();
    let pm = |text: &str| text.starts_with("pm") || text.starts_with("p.m");
    let afternoon =
        pm(&after) || pm(&suffix) || after.starts_with("da tarde") || after.starts_with("da noite");
    let scale = words(&after).next().map(|word| &after[word]);
    let scaled = scale.is_some_and(|word| SCALES.contains(&word));
    // Without its scale an amount that is added in brackets would be another one.
    let end = match scale.filter(|_| scaled) {
        Some(word) => {
            let rest = &sentence[range.end..];
            range.end + (rest.len() - rest.trim_start().len()) + word.len()
        }
        None => range.end,
    };
    for group in groups(text) {
        let number = Number {
            digits: plain(&text[group.clone()]),
            currency,
            afternoon,
            scaled,
        };
        let fact = if currency.is_some() {
            range.start..end
        } else {
            range.start + group.start..range.start + group.end
        };
        facts.push(Fact {
            text: sentence[fact.clone()].to_owned(),
            range: fact,
            kind: Kind::Number(number),
        });
        if currency.is_some() {
            break;
        }
    }
}

/// Whether letters, digits and signs belong together as they are.
fn is_code(text: &str) -> bool {
    let digit_groups: Vec<&str> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|g| !g.is_empty())
        .collect();
    let letter_runs: Vec<&str> = text
        .split(|c: char| !c.is_ascii_alphabetic())
        .filter(|r| !r.is_empty())
        .collect();
    if letter_runs.is_empty() {
        let years = digit_groups.iter().all(|group| group.len() == 4);
        let long = digit_groups.iter().map(|group| group.len()).sum::<usize>() >= 7;
        let dashed = text.contains(['-', '/', '_', '#']);
        let dotted = text.contains('.')
            && !text.contains([',', ':'])
            && digit_groups.len() > 2
            && digit_groups[1..].iter().any(|group| group.len() != 3);
        return dotted
            || (dashed && (digit_groups.len() > 2 || (digit_groups.len() == 2 && long && !years)));
    }
    const UNITS: [&str; 11] = [
        "AM", "PM", "JPY", "USD", "EUR", "GBP", "Hz", "MHz", "GHz", "GMT", "UTC",
    ];
    let unit = |run: &&str| UNITS.contains(run) || run.chars().all(|c| c.is_ascii_lowercase());
    let measure = text.starts_with(|c: char| c.is_ascii_digit())
        && letter_runs.iter().all(unit)
        && !text.contains(['_', '#', '-']);
    let clock = letter_runs == ["h"] || letter_runs == ["h", "min"];
    let word = |run: &&str| run.len() > 2 && run.chars().skip(1).any(|c| c.is_ascii_lowercase());
    !measure && !clock && !letter_runs.iter().any(word)
}

/// The numbers in a text without letters that matter, as byte ranges: `1,500.00` is one, `9:30`
/// two, `5-6` two.
fn groups(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && bytes[at].is_ascii_digit() {
            at += 1;
        }
        match found.last_mut() {
            Some(last) if joins(&text[last.end..start], at - start) => last.end = at,
            _ => found.push(start..at),
        }
    }
    found
}

/// Whether what stands between two groups of digits makes one number of them.
fn joins(between: &str, digits_after: usize) -> bool {
    match between {
        "." | "," => true,
        " " | "\u{a0}" | "\u{202f}" | "'" => digits_after == 3,
        _ => false,
    }
}

fn plain(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let short = digits.trim_start_matches('0');
    if short.is_empty() {
        "0".to_owned()
    } else {
        short.to_owned()
    }
}

impl Number {
    pub(super) fn survives(&self, translation: &str, times: usize) -> bool {
        let lower = translation.to_lowercase();
        let counted = |places: Vec<Range<usize>>| {
            let own = |place: &Range<usize>| {
                self.currency
                    .is_none_or(|currency| currency.is_beside(&lower, place))
            };
            places.iter().filter(|place| own(place)).count()
        };
        let written = |digits: &str| counted(self.written(&lower, digits));
        let mut held = written(&self.digits);
        if held < times && self.afternoon {
            held += self
                .digits
                .parse::<u32>()
                .map_or(0, |hour| written(&(hour + 12).to_string()));
        }
        if held < times {
            held += counted(self.spelt(&lower));
        }
        held >= times
    }

    /// Where the digits stand, by themselves or with a scale such as `mil`.
    fn written(&self, lower: &str, digits: &str) -> Vec<Range<usize>> {
        let same = |range: Range<usize>| {
            let here = plain(&lower[range.clone()]);
            if here == digits {
                return true;
            }
            let next = lower[range.end..].trim_start();
            let scale = words(next)
                .next()
                .is_some_and(|word| SCALES.contains(&&next[word]));
            let bare = |long: &str, short: &str| {
                long.strip_prefix(short)
                    .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b == b'0'))
            };
            (scale && bare(digits, here.trim_end_matches('0')))
                || (self.scaled && bare(&here, digits.trim_end_matches('0')))
        };
        let whole = groups(lower);
        let apart: Vec<Range<usize>> = whole
            .iter()
            .flat_map(|range| parts(lower, range))
            .filter(|part| plain(&lower[part.clone()]) == digits)
            .collect();
        let mut places: Vec<_> = whole
            .into_iter()
            .filter(|range| same(range.clone()))
            .collect();
        places.extend(apart);
        places
    }

    /// Where it is written as a word.
    fn spelt(&self, lower: &str) -> Vec<Range<usize>> {
        let Some((_, names)) = WORDS.iter().find(|(digits, _)| *digits == self.digits) else {
            let roman = roman(&self.digits);
            return words(lower)
                .find(|word| roman.as_deref() == Some(&lower[word.clone()]))
                .into_iter()
                .collect();
        };
        let is = |word: &str| {
            names.iter().any(|name| {
                word == *name || (name.chars().count() > WHOLE && word.starts_with(name))
            })
        };
        words(lower)
            .filter(|word| is(&lower[word.clone()]))
            .collect()
    }
}

/// A number's other readings: `9.30` is a time in some places, and `612 345` may be two numbers.
fn parts(text: &str, number: &Range<usize>) -> Vec<Range<usize>> {
    let own = &text[number.clone()];
    let time = own
        .split_once(['.', ','])
        .is_some_and(|(_, minutes)| minutes.len() == 2);
    let parts: Vec<_> = words(own)
        .map(|part| number.start + part.start..number.start + part.end)
        .collect();
    let spaced = own.contains([' ', '\u{a0}', '\u{202f}']);
    if parts.len() > 1 && (time || spaced) {
        parts
    } else {
        Vec::new()
    }
}

/// A century as Portuguese writes it, in lower case.
fn roman(digits: &str) -> Option<String> {
    let number: usize = digits.parse().ok().filter(|n| (1..=39).contains(n))?;
    const ONES: [&str; 10] = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"];
    Some("x".repeat(number / 10) + ONES[number % 10])
}

#[cfg(test)]
mod tests {
    use super::super::find;

    #[test]
    fn a_number_may_be_written_as_the_other_language_does() {
        let kept: &[(&str, &str)] = &[
            ("1,500 yen", "1.500 ienes"),
            ("¥1,500", "1.500 ienes"),
            ("at 9:30", "às 9h30"),
            ("at 10:00 p.m.", "às 22h00"),
            ("in the 19th century", "no século XIX"),
            ("3 forms", "três formulários"),
            ("13,000 people", "13 mil pessoas"),
            ("2 milhões", "2,000,000"),
            ("1.5 million", "1,5 milhão"),
            ("the 1st floor", "o primeiro andar"),
            ("5-6 days", "5 a 6 dias"),
            ("Call +34 612 345 678", "Ligue para +34 612 345 678"),
            ("12 500 yen", "12 500 ienes"),
            ("¥1.03 million", "1,03 milhões de ienes"),
            ("$5", "US$ 5"),
            ("R$ 20", "20 reais"),
        ];
        for (source, target) in kept {
            for fact in find(source) {
                assert!(fact.survives(target, 1), "{source} → {target}: {fact:?}");
            }
        }
        let lost: &[(&str, &str)] = &[
            ("1,500 yen", "15 ienes"),
            ("¥1,500", "1.500"),
            (
                "¥1.03 million or 1 million yen",
                "1,03 milhões de euros ou 1 milhão de ienes",
            ),
            ("$5", "realmente 5"),
            ("$5", "R$ 5"),
            ("R$ 5", "US$ 5"),
            ("window 607", "janela 62018"),
            ("at 9:30", "às 9h"),
        ];
        for (source, target) in lost {
            let facts = find(source);
            assert!(
                facts.iter().any(|fact| !fact.survives(target, 1)),
                "{source} → {target}"
            );
        }
    }
}
