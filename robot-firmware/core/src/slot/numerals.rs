//! Numbers in words: "five two", "vinte e seis", "にせんにじゅうろく", "二〇二六".

use madoguchi_shared::ids::Lang;

use super::table::{Words, is_unspaced, spaced, words_of};
use crate::understanding::fold;

/// A part of what was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// A number, as its digits: "007" is not "7".
    Number(String),
    /// Anything else, folded.
    Word(String),
}

impl Piece {
    pub(super) fn value(&self) -> Option<u32> {
        match self {
            Self::Number(digits) => digits.parse().ok(),
            Self::Word(_) => None,
        }
    }
}

/// Takes what was said apart into numbers and words.
pub(super) fn pieces(text: &str, language: &Lang) -> Vec<Piece> {
    match words_of(language) {
        Some(words) if is_unspaced(language) => {
            let said = spaced(text, language);
            let rewritten = all_kana(&said, words).unwrap_or(said);
            unspaced_pieces(&rewritten)
        }
        Some(words) => spaced_pieces(text, words),
        None => digits_and_words(&fold(text)),
    }
}

fn digits_and_words(folded: &str) -> Vec<Piece> {
    let parts = folded.split(|c: char| !c.is_alphanumeric());
    parts
        .filter(|part| !part.is_empty())
        .map(|part| {
            let digits = part.trim_end_matches(|c: char| !c.is_ascii_digit());
            let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            // "12th", "1º"
            if is_number && part.len() - digits.len() <= 2 {
                Piece::Number(digits.to_owned())
            } else {
                Piece::Word(part.to_owned())
            }
        })
        .collect()
}

/// A number that grows word by word.
#[derive(Default)]
struct Growing {
    thousands: u64,
    rest: u64,
    any: bool,
    joined: bool,
}

impl Growing {
    fn value(&self) -> u64 {
        self.thousands + self.rest
    }

    /// Takes one more word in, or says that a new number begins with it.
    fn takes(&mut self, value: u64, needs_joiner: bool) -> bool {
        let fits = match (self.any, value) {
            (false, _) => true,
            (true, 0) => false,
            _ if self.value() == 0 => false,
            _ if self.rest == 0 => value < 1_000,
            _ if self.rest.is_multiple_of(100) => value < 100 && (self.joined || !needs_joiner),
            _ if self.rest.is_multiple_of(10) && self.rest % 100 >= 20 => {
                value < 10 && (self.joined || !needs_joiner)
            }
            _ => false,
        };
        if fits {
            self.rest += value;
            self.any = true;
            self.joined = false;
        }
        fits
    }
}

fn spaced_pieces(text: &str, words: &Words) -> Vec<Piece> {
    let number_of = |word: &str| words.numbers.get(word).copied();
    let mut pieces = Vec::new();
    let mut growing = Growing::default();
    let mut repeat = 1;
    let end = |growing: &mut Growing, pieces: &mut Vec<Piece>| {
        if growing.any {
            pieces.push(Piece::Number(growing.value().to_string()));
        }
        if growing.joined && growing.any {
            pieces.extend(words.joiner.clone().map(Piece::Word));
        }
        *growing = Growing::default();
    };
    for piece in digits_and_words(&fold(text)) {
        let Piece::Word(word) = piece else {
            end(&mut growing, &mut pieces);
            pieces.push(piece);
            continue;
        };
        if let Some(times) = words.repeat.get(&word) {
            end(&mut growing, &mut pieces);
            repeat = *times;
        } else if words.hundred.as_ref() == Some(&word) && (1..100).contains(&growing.rest) {
            growing.rest *= 100;
        } else if words.thousand.as_ref() == Some(&word) && growing.thousands == 0 {
            growing.thousands = growing.rest.max(1) * 1_000;
            growing.rest = 0;
            growing.any = true;
        } else if growing.any && words.joiner.as_ref() == Some(&word) && !growing.joined {
            growing.joined = true;
        } else if let Some(value) = number_of(&word) {
            if repeat > 1 {
                pieces.push(Piece::Number(value.to_string().repeat(repeat)));
                repeat = 1;
            } else if !growing.takes(value, words.tens_need_joiner) {
                end(&mut growing, &mut pieces);
                growing.takes(value, words.tens_need_joiner);
            }
        } else {
            end(&mut growing, &mut pieces);
            pieces.push(Piece::Word(word));
        }
    }
    end(&mut growing, &mut pieces);
    pieces
}

const KANJI_DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

fn digit(c: char) -> Option<u64> {
    match c {
        '零' => Some(0),
        c => c.to_digit(10).map(u64::from).or_else(|| {
            let place = KANJI_DIGITS.iter().position(|kanji| *kanji == c)?;
            u64::try_from(place).ok()
        }),
    }
}

fn multiplier(c: char) -> Option<u64> {
    match c {
        '十' => Some(10),
        '百' => Some(100),
        '千' => Some(1_000),
        '万' => Some(10_000),
        _ => None,
    }
}

fn unspaced_pieces(said: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut run = String::new();
    let mut word = String::new();
    let is_part = |c: char| digit(c).is_some() || multiplier(c).is_some();
    for c in said.chars() {
        let (own, other) = if is_part(c) {
            (&mut run, &mut word)
        } else {
            (&mut word, &mut run)
        };
        if !other.is_empty() {
            pieces.push(piece_of(std::mem::take(other), !is_part(c)));
        }
        own.push(c);
    }
    if !run.is_empty() {
        pieces.push(piece_of(run, true));
    }
    if !word.is_empty() {
        pieces.push(piece_of(word, false));
    }
    pieces
}

fn piece_of(text: String, is_number: bool) -> Piece {
    if is_number {
        Piece::Number(digits_of(&text))
    } else {
        Piece::Word(text)
    }
}

/// The digits of a run of figures, in positions (二〇二六) or by size (二千二十六, 3万2千).
fn digits_of(run: &str) -> String {
    if !run.chars().any(|c| multiplier(c).is_some()) {
        return run
            .chars()
            .filter_map(digit)
            .map(|d| d.to_string())
            .collect();
    }
    let (mut total, mut part, mut figure) = (0_u64, 0_u64, None::<u64>);
    for c in run.chars() {
        match (digit(c), multiplier(c)) {
            (Some(value), _) => {
                figure = Some(figure.unwrap_or(0).saturating_mul(10).saturating_add(value));
            }
            (None, Some(10_000)) => {
                total += part
                    .saturating_add(figure.take().unwrap_or(0))
                    .max(1)
                    .saturating_mul(10_000);
                part = 0;
            }
            (None, Some(size)) => {
                part = part.saturating_add(figure.take().unwrap_or(1).saturating_mul(size));
            }
            (None, None) => {}
        }
    }
    total
        .saturating_add(part)
        .saturating_add(figure.unwrap_or(0))
        .to_string()
}

/// Kana counters with the sign that they stand for; the names of single days are numbers too.
const COUNTERS: &[(&str, &str)] = &[
    ("にじゅうよっか", "24日"),
    ("じゅうよっか", "14日"),
    ("しょうわ", "昭和"),
    ("へいせい", "平成"),
    ("れいわ", "令和"),
    ("ついたち", "1日"),
    ("ここのか", "9日"),
    ("がんねん", "1年"),
    ("ふつか", "2日"),
    ("みっか", "3日"),
    ("よっか", "4日"),
    ("いつか", "5日"),
    ("むいか", "6日"),
    ("なのか", "7日"),
    ("ようか", "8日"),
    ("とおか", "10日"),
    ("はつか", "20日"),
    ("がつ", "月"),
    ("ねん", "年"),
    ("にち", "日"),
];

/// Rewrites figures in kana, where all of what was said is such figures, but for the words
/// around them: "に" and "し" are mostly not numbers.
fn all_kana(said: &str, words: &Words) -> Option<String> {
    let fillers: Vec<String> = words.fillers.iter().map(|f| spaced_ja(f)).collect();
    let fillers = || {
        fillers
            .iter()
            .map(String::as_str)
            .filter(|f| f.chars().count() > 1)
    };
    let mut rest = said;
    while let Some(shorter) = fillers().find_map(|filler| rest.strip_prefix(filler)) {
        rest = shorter;
    }
    while let Some(shorter) = fillers()
        .chain(["は", "で", "だ", "を", "が"])
        .find_map(|filler| rest.strip_suffix(filler))
    {
        rest = shorter;
    }
    let (mut rewritten, mut run) = (String::new(), String::new());
    while let Some(first) = rest.chars().next() {
        let counter = COUNTERS.iter().find(|(kana, _)| rest.starts_with(kana));
        let number = words
            .numbers
            .iter()
            .filter(|(kana, _)| rest.starts_with(kana.as_str()))
            .max_by_key(|(kana, _)| kana.len());
        if let Some((kana, sign)) = counter {
            rewritten += &digits_of(&std::mem::take(&mut run));
            rewritten += sign;
            rest = &rest[kana.len()..];
        } else if let Some((kana, value)) = number {
            run.push(sign_of(*value)?);
            rest = &rest[kana.len()..];
        } else if digit(first).is_some() || multiplier(first).is_some() || "年月日".contains(first)
        {
            if "年月日".contains(first) {
                rewritten += &digits_of(&std::mem::take(&mut run));
                rewritten.push(first);
            } else {
                run.push(first);
            }
            rest = &rest[first.len_utf8()..];
        } else {
            return None;
        }
    }
    rewritten += &digits_of(&run);
    (!rewritten.is_empty()).then_some(rewritten)
}

fn spaced_ja(text: &str) -> String {
    #[allow(clippy::expect_used, reason = "a constant that a test checks")]
    let japanese: Lang = "ja".parse().expect("`ja` is a language tag");
    spaced(text, &japanese)
}

fn sign_of(value: u64) -> Option<char> {
    match value {
        10 => Some('十'),
        100 => Some('百'),
        1_000 => Some('千'),
        10_000 => Some('万'),
        small => KANJI_DIGITS.get(usize::try_from(small).ok()?).copied(),
    }
}
