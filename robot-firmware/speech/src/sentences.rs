//! Splits text into sentences, for voices that speak and translators that work one at a time.

use std::ops::Range;

/// Abbreviations after which a full stop ends no sentence, in lower case.
const ABBREVIATIONS: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "st", "no", "nos", "vs", "etc", "e.g", "i.e", "approx", "tel",
    "ext", "jr", "gen", "lt", "col", "gov", "sen", "rev", "v", "sr", "sra", "srta", "dra", "av",
    "n", "nº", "pág", "art", "ex", "jan", "feb", "mar", "apr", "aug", "sept", "oct", "nov", "dec",
];
/// A longer sentence is cut at its last comma or space before this many characters, so that a
/// voice starts soon and a translator keeps up.
const LONGEST_CHARS: usize = 300;

/// The sentences of `text` with their punctuation, without the white space around them.
///
/// A sentence ends at `.`, `!` or `?` before white space (not after an abbreviation, an initial
/// or a number that starts a list), at the full-width `。！？` and their kin of other scripts,
/// and at a line break. Closing quotes and brackets stay with it.
pub fn sentences(text: &str) -> Vec<&str> {
    spans(text).into_iter().map(|span| &text[span]).collect()
}

/// As [`sentences`], as byte ranges.
pub fn spans(text: &str) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    for span in whole_spans(text) {
        push_in_parts(&mut spans, text, span);
    }
    spans
}

/// The same, however long a sentence is.
pub fn whole_spans(text: &str) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if !ends_sentence(text, start, at, c) {
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some((at, closing)) = chars.next_if(|(_, next)| is_closing(*next)) {
            end = at + closing.len_utf8();
        }
        push_trimmed(&mut spans, text, start..end);
        start = end;
    }
    push_trimmed(&mut spans, text, start..text.len());
    spans
}

fn ends_sentence(text: &str, start: usize, at: usize, c: char) -> bool {
    match c {
        '\n' | '。' | '！' | '？' | '｡' | '．' | '।' | '؟' | '۔' | '።' | '။' => true,
        '.' | '!' | '?' | '…' => {
            let after = text[at + c.len_utf8()..].trim_start_matches(is_closing);
            let at_gap = after.chars().next().is_none_or(char::is_whitespace);
            let goes_on = after.trim_start().starts_with(char::is_lowercase);
            at_gap && (c != '.' || !is_abbreviation(&text[start..at], goes_on))
        }
        _ => false,
    }
}

/// Whether a full stop after `before` belongs to its last word. `goes_on` tells that a small letter
/// follows: `U.S. cents`, but `in the U.S. They`.
fn is_abbreviation(before: &str, goes_on: bool) -> bool {
    let word = before
        .rsplit(char::is_whitespace)
        .next()
        .unwrap_or_default();
    let word = word.trim_start_matches(|c: char| !c.is_alphanumeric());
    let mut chars = word.chars();
    let is_initial = matches!((chars.next(), chars.next()), (Some(c), None) if c.is_uppercase());
    let starts_list = word.len() == before.trim_start().len()
        && !word.is_empty()
        && word.chars().all(|c| c.is_ascii_digit());
    let dotted = goes_on && word.contains('.') && word.split('.').all(|part| part.len() == 1);
    is_initial || starts_list || dotted || ABBREVIATIONS.contains(&word.to_lowercase().as_str())
}

fn is_closing(c: char) -> bool {
    matches!(
        c,
        '"' | '\''
            | ')'
            | ']'
            | '”'
            | '’'
            | '»'
            | '」'
            | '』'
            | '）'
            | '！'
            | '？'
            | '!'
            | '?'
            | '.'
    )
}

fn push_trimmed(spans: &mut Vec<Range<usize>>, text: &str, range: Range<usize>) {
    let slice = &text[range.clone()];
    let start = range.start + slice.len() - slice.trim_start().len();
    let trimmed = start..start + slice.trim().len();
    if !trimmed.is_empty() {
        spans.push(trimmed);
    }
}

/// A sentence, cut where it is overlong.
fn push_in_parts(spans: &mut Vec<Range<usize>>, text: &str, mut rest: Range<usize>) {
    while let Some(cut) = overlong_cut(&text[rest.clone()]) {
        spans.push(rest.start..rest.start + text[rest.start..rest.start + cut].trim_end().len());
        let tail = &text[rest.start + cut..rest.end];
        rest.start = rest.end - tail.trim_start().len();
    }
    if !rest.is_empty() {
        spans.push(rest);
    }
}

/// Where an overlong sentence is cut, in bytes.
fn overlong_cut(sentence: &str) -> Option<usize> {
    let limit = sentence.char_indices().nth(LONGEST_CHARS)?.0;
    let head = &sentence[..limit];
    let after = |found: Option<(usize, char)>| found.map(|(at, c)| at + c.len_utf8());
    let found = |wanted: fn(char) -> bool| {
        after(
            head.char_indices()
                .rev()
                .find(|(at, c)| *at > limit / 3 && wanted(*c)),
        )
    };
    found(|c| matches!(c, ',' | ';' | '、' | '，' | '；' | '،'))
        .or_else(|| found(char::is_whitespace))
        .or(Some(limit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_a_reader_stops() {
        let cases: &[(&str, &[&str])] = &[
            ("Hello. How are you?", &["Hello.", "How are you?"]),
            (
                "Ask Mr. Sato at 8:30 a.m. sharp. Thanks",
                &["Ask Mr. Sato at 8:30 a.m. sharp.", "Thanks"],
            ),
            (
                "A few U.S. cents. In the U.S. They",
                &["A few U.S. cents.", "In the U.S.", "They"],
            ),
            ("It costs 1.50 yen. OK!", &["It costs 1.50 yen.", "OK!"]),
            (
                "1. Take a ticket. 2. Wait.",
                &["1. Take a ticket.", "2. Wait."],
            ),
            (
                "窓口は三階です。ご案内しますか？はい",
                &["窓口は三階です。", "ご案内しますか？", "はい"],
            ),
            ("「はい。」と言った。", &["「はい。」", "と言った。"]),
            (
                "O Sr. Silva chegou?! Sim.",
                &["O Sr. Silva chegou?!", "Sim."],
            ),
            ("one\ntwo", &["one", "two"]),
            ("  ", &[]),
            ("...", &["..."]),
        ];
        for (text, expected) in cases {
            assert_eq!(sentences(text), *expected);
        }
    }

    #[test]
    fn an_endless_sentence_is_cut_without_losing_a_letter() {
        let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
        for unit in ["word, ", "word ", "語", "、語語語"] {
            let text = unit.repeat(400);
            let parts = sentences(&text);
            assert!(
                parts
                    .iter()
                    .all(|part| part.chars().count() <= LONGEST_CHARS),
                "{unit}"
            );
            assert_eq!(
                parts.iter().map(|part| letters(part)).sum::<usize>(),
                letters(&text)
            );
        }
    }
}
