//! Cuts text into pieces that are synthesised while the one before sounds.
//!
//! The first piece is short, so that the voice starts soon; each later one may last up to twice
//! as long as the one before, so that it is ready in time and long clauses keep their melody.
//! Cuts lie where a reader would breathe: at the end of a sentence, after a comma, before a
//! conjunction, after a Japanese particle; never after a word that leans on the next one, nor
//! inside a number, a date, an abbreviation or a name.

mod words;

use std::ops::Range;

use madoguchi_shared::ids::Lang;

use self::words::Words;
use crate::sentences;

/// The first piece at most, in columns: about two and a half seconds of speech.
const FIRST_COLUMNS: usize = 40;
/// A later piece may have this many, however short the one before was.
const LATER_COLUMNS: usize = 60;
/// Every piece at most, as far as the text has a place for a cut: a network that works on one
/// can't be stopped, and the next sentence would wait for it.
const LONGEST_COLUMNS: usize = 120;
/// Neither side of a cut is shorter: a lone word sounds lost.
const SHORTEST_COLUMNS: usize = 8;

/// Between two plain words, one of at most this many characters leans on the next ("our", "dat"),
/// in whatever language.
const SHORT_CHARS: usize = 3;

/// Particles that end a Japanese phrase.
const PARTICLES: &[&str] = &[
    "は", "が", "を", "に", "で", "と", "も", "へ", "から", "まで", "ので", "けど", "て",
];

/// The pieces of `text` in order, as byte ranges without the white space around them. A sentence
/// without a letter or digit is left out; everything else is in exactly one piece.
pub fn pieces(lang: &Lang, text: &str) -> Vec<Range<usize>> {
    let words = Words::of(lang);
    let mut pieces = Vec::new();
    let mut limit = FIRST_COLUMNS;
    for sentence in sentences::spans(text) {
        let mut rest = sentence;
        while text[rest.clone()].chars().any(char::is_alphanumeric) {
            let length = first_piece(&text[rest.clone()], limit, words);
            let piece = text[rest.start..rest.start + length].trim_end();
            pieces.push(rest.start..rest.start + piece.len());
            limit = (2 * columns(piece)).clamp(LATER_COLUMNS, LONGEST_COLUMNS);
            let tail = &text[rest.start + length..rest.end];
            rest.start = rest.end - tail.trim_start().len();
        }
    }
    pieces
}

/// How firmly a place separates what stands around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Cut {
    /// Between two words.
    Word,
    /// Before a conjunction or a preposition, after a particle.
    Phrase,
    /// After a comma or its kin.
    Clause,
}

/// Bytes of `rest` that belong to its first piece.
fn first_piece(rest: &str, limit: usize, words: Words) -> usize {
    let whole = columns(rest);
    if whole <= limit {
        return rest.len();
    }
    let cuts: Vec<(usize, usize, Cut)> = cuts(rest, words)
        .into_iter()
        .map(|(at, cut)| (at, columns(&rest[..at]), cut))
        .filter(|(_, before, _)| *before >= SHORTEST_COLUMNS && whole - *before >= SHORTEST_COLUMNS)
        .collect();
    let last = |wanted: Cut, from: usize, to: usize| {
        cuts.iter()
            .rfind(|(_, before, cut)| *cut == wanted && (from..=to).contains(before))
            .map(|(at, ..)| *at)
    };
    let near = limit + limit / 2;
    last(Cut::Clause, 0, limit)
        .or_else(|| last(Cut::Phrase, limit / 2, limit))
        .or_else(|| last(Cut::Clause, limit, near))
        .or_else(|| (whole <= near).then_some(rest.len()))
        .or_else(|| last(Cut::Word, limit / 2, limit))
        .or_else(|| last(Cut::Phrase, 0, limit))
        .or_else(|| {
            cuts.iter()
                .find(|(_, before, _)| *before > limit)
                .map(|(at, ..)| *at)
        })
        .unwrap_or(rest.len())
}

/// Every place where `rest` may be cut.
fn cuts(rest: &str, words: Words) -> Vec<(usize, Cut)> {
    let mut cuts = Vec::new();
    for (at, c) in rest.char_indices().skip(1) {
        let (before, after) = rest.split_at(at);
        let Some(previous) = before.chars().next_back() else {
            continue;
        };
        if previous.is_whitespace() && !c.is_whitespace() {
            cuts.extend(cut_at_gap(before.trim_end(), after, words).map(|cut| (at, cut)));
        } else if matches!(previous, '、' | '，' | '；' | '：' | '،' | '؛') && !c.is_whitespace()
        {
            cuts.push((at, Cut::Clause));
        } else if ends_japanese_phrase(before, c) {
            cuts.push((at, Cut::Phrase));
        }
    }
    cuts
}

/// The cut at white space, unless what stands around it belongs together.
fn cut_at_gap(before: &str, after: &str, words: Words) -> Option<Cut> {
    let last = before.split_whitespace().next_back()?;
    let mut next = after.split_whitespace();
    let first = next.next()?;
    let ends_in_digit = last
        .trim_end_matches(|c: char| c.is_ascii_punctuation())
        .ends_with(|c: char| c.is_ascii_digit());
    if last.ends_with([',', ';', ':', '،', '؛', '、', '，']) {
        let number_goes_on = ends_in_digit && first.starts_with(|c: char| c.is_ascii_digit());
        return (!number_goes_on).then_some(Cut::Clause);
    }
    if last.ends_with('.')
        || is_fixed(last) && next_is_fixed(first, next.next(), words)
        || words.leans(&plain(last))
    {
        return None;
    }
    if words.begins_clause(&plain(first)) {
        return Some(Cut::Phrase);
    }
    let short = last.chars().count() <= SHORT_CHARS;
    let with_number = has_digit(last) || has_digit(first);
    (!short && !with_number).then_some(Cut::Word)
}

/// A word without its case and the signs around it.
fn plain(word: &str) -> String {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    word.to_lowercase()
}

/// Whether a word is part of a name or a number.
fn is_fixed(word: &str) -> bool {
    has_digit(word) || word.starts_with(char::is_uppercase)
}

/// Whether a name or a number goes on, perhaps behind a conjunction ("Sato and Suzuki").
fn next_is_fixed(first: &str, second: Option<&str>, words: Words) -> bool {
    is_fixed(first) || words.begins_clause(first) && second.is_some_and(is_fixed)
}

fn has_digit(word: &str) -> bool {
    word.contains(|c: char| c.is_ascii_digit())
}

/// Whether `before` ends in a particle and `next` begins a word: in hiragana that is sure only
/// after を, elsewhere kanji, katakana, digits and Latin letters show it.
fn ends_japanese_phrase(before: &str, next: char) -> bool {
    let is_kana_or_sign = matches!(next, '\u{3000}'..='\u{309f}' | '\u{30fb}' | '\u{30fc}');
    if is_kana_or_sign || !next.is_alphanumeric() {
        return before.ends_with('を') && ('\u{3041}'..='\u{3096}').contains(&next);
    }
    PARTICLES.iter().any(|particle| before.ends_with(particle))
}

/// Columns on a terminal: a full-width character is spoken about as long as two letters.
fn columns(text: &str) -> usize {
    let width = |c: char| match c {
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{ff00}'..='\u{ff60}' => 2,
        _ => 1,
    };
    text.chars().map(width).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut<'a>(lang: &str, text: &'a str) -> Vec<&'a str> {
        pieces(&lang.parse().unwrap(), text)
            .into_iter()
            .map(|span| &text[span])
            .collect()
    }

    #[test]
    fn cuts_lie_where_a_reader_breathes() {
        let cases: &[(&str, &str, &[&str])] = &[
            ("en", "Hello.", &["Hello."]),
            (
                "en",
                "The office is open Monday to Friday, from half past eight in the morning to five.",
                &[
                    "The office is open Monday to Friday,",
                    "from half past eight in the morning to five.",
                ],
            ),
            (
                "en",
                "Garbage that burns is collected twice a week in all parts of town",
                &[
                    "Garbage that burns is collected twice",
                    "a week in all parts of town",
                ],
            ),
            (
                "pt",
                "A prefeitura abre de segunda a sexta, das oito e meia da manhã às cinco da tarde.",
                &[
                    "A prefeitura abre de segunda a sexta,",
                    "das oito e meia da manhã às cinco da tarde.",
                ],
            ),
            (
                "ja",
                "区役所は、月曜日から金曜日の、午前8時30分から午後5時まで開いています。日曜日はお休みです。",
                &[
                    "区役所は、月曜日から金曜日の、",
                    "午前8時30分から午後5時まで開いています。",
                    "日曜日はお休みです。",
                ],
            ),
            (
                "ja",
                "住民票の写しは本人確認書類をお持ちのうえ一階の窓口で請求してください",
                &[
                    "住民票の写しは本人確認書類を",
                    "お持ちのうえ一階の窓口で請求してください",
                ],
            ),
            ("ar", " ... ", &[]),
        ];
        for (lang, text, expected) in cases {
            assert_eq!(cut(lang, text), *expected);
        }
    }

    #[test]
    fn no_piece_ends_in_a_word_that_leans_on_the_next() {
        let texts = [
            (
                "pt",
                "O lixo queimável passa na terça e na sexta até as oito da manhã em toda a cidade.",
            ),
            (
                "pt-BR",
                "Os formulários para quem muda de bairro e para a família ficam no térreo com os outros.",
            ),
            (
                "en",
                "Garbage that burns is collected every week and on the second Monday from the whole town.",
            ),
            (
                "en",
                "Everything about the insurance that people without a pension pay for is at the desk.",
            ),
            (
                "es",
                "La basura orgánica se recoge los martes y con la demás hasta las ocho para todo el barrio.",
            ),
        ];
        for (lang, text) in texts {
            let words = Words::of(&lang.parse().unwrap());
            for from in text.match_indices(' ').map(|(at, _)| at + 1) {
                let pieces = cut(lang, &text[from..]);
                for piece in &pieces {
                    let last = piece.split_whitespace().next_back().unwrap();
                    assert!(!words.leans(last), "{pieces:?}");
                }
            }
        }
        let (lang, text) = texts[0];
        assert_eq!(
            cut(lang, text)[0],
            "O lixo queimável passa na terça",
            "{:?}",
            cut(lang, text)
        );
    }

    #[test]
    fn what_belongs_together_stays_together() {
        let whole = [
            "January 3, 2026",
            "Dr. Maria Silva Santos",
            "Hoshikawa Ward Office",
            "8:30 p.m.",
            "1,000,000 yen",
            "room 12",
            "Sato and Suzuki",
            "No. 5",
            "December 29 and January 3",
        ];
        for inside in whole {
            for before in [
                "please",
                "please come over here",
                "please come over here to see",
            ] {
                let text =
                    format!("{before} {inside} wherever people wait whenever others sit quietly");
                let pieces = cut("en", &text);
                assert!(pieces.len() > 1, "{text}");
                assert!(
                    pieces.iter().any(|piece| piece.contains(inside)),
                    "{pieces:?}"
                );
            }
        }
    }

    #[test]
    fn no_letter_is_lost_and_pieces_grow_slowly() {
        let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
        for unit in [
            "word, ",
            "word ",
            "語",
            "語は、語語",
            "ひらがなは語",
            "สวัสดี ",
            "a. ",
        ] {
            let text = unit.repeat(300);
            let pieces = cut("ja", &text);
            let total: usize = pieces.iter().map(|piece| letters(piece)).sum();
            assert_eq!(total, letters(&text), "{unit}");
            for pair in pieces.windows(2) {
                let allowed = (3 * columns(pair[0])).max(LATER_COLUMNS * 3 / 2);
                assert!(
                    columns(pair[1]) <= allowed || unit == "語",
                    "{unit}: {pair:?}"
                );
            }
        }
    }
}
