//! Days as people say and write them: "12 May", "next Monday", "令和8年5月12日", "dia doze".
//!
//! Whatever is understood is read back with its weekday before anything uses it, so a reading
//! that speakers of a language really use is taken, and one that they disagree on is asked again.

use jiff::ToSpan;
use jiff::civil::Date;
use madoguchi_shared::ids::Lang;

use super::Days;
use super::numerals::{Piece, pieces};
use super::table::{Words, is_unspaced, spaced, words_of};
use crate::understanding::fold;

/// First years of the Japanese eras since 1868.
const ERAS: [(&str, &str, i16); 5] = [
    ("令和", "r", 2019),
    ("平成", "h", 1989),
    ("昭和", "s", 1926),
    ("大正", "t", 1912),
    ("明治", "m", 1868),
];

/// A day as far as it was said.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
struct Said {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
}

/// The day that was meant, whether or not it may be chosen.
pub(super) fn read(text: &str, language: &Lang, days: Days, today: Date) -> Option<Date> {
    if let Some(said) = numeric(text, language) {
        return complete(said, days, today);
    }
    let words = words_of(language)?;
    let said = rewritten(text, language);
    relative(&said, words, language, today)
        .or_else(|| complete(by_name(text, words, language, today)?, days, today))
        .or_else(|| weekday(&said, words, language, days, today))
}

/// Numbers as digits, everything else folded.
pub(super) fn rewritten(text: &str, language: &Lang) -> String {
    let gap = if is_unspaced(language) { "" } else { " " };
    let said = pieces(text, language).into_iter().map(|piece| match piece {
        Piece::Number(digits) => digits,
        Piece::Word(word) => word,
    });
    format!("{gap}{}{gap}", said.collect::<Vec<_>>().join(gap))
}

/// Figures with signs between them, or eight in a row: year, month, day.
fn numeric(text: &str, language: &Lang) -> Option<Said> {
    let folded = fold(text);
    let is_mark = |c: char| matches!(c, '-' | '/' | '.' | '−' | '–');
    let start = folded.find(|c: char| c.is_ascii_digit())?;
    let end = folded.rfind(|c: char| c.is_ascii_digit())? + 1;
    let era = folded[..start].trim_end().chars().next_back();
    let figures = &folded[start..end];
    let numbers: Vec<&str> = figures.split(is_mark).collect();
    if !figures.chars().all(|c| c.is_ascii_digit() || is_mark(c)) {
        return None;
    }
    let value = |text: &str| text.parse::<i16>().ok();
    let small = |text: &str| text.parse::<i8>().ok();
    match numbers[..] {
        [all] if all.len() == 8 => Some(Said {
            year: value(&all[..4]),
            month: small(&all[4..6]),
            day: small(&all[6..]),
        }),
        [year, month, day] if year.len() == 4 || era_of(era).is_some() => Some(Said {
            year: match era_of(era) {
                Some(first) => value(year)?.checked_add(first - 1),
                None => value(year),
            },
            month: small(month),
            day: small(day),
        }),
        [one, two, year] if year.len() == 4 || year.len() == 2 => {
            let (month, day) = month_and_day(small(one)?, small(two)?, language)?;
            Some(Said {
                year: value(year),
                month: Some(month),
                day: Some(day),
            })
        }
        [one, two] => {
            let (month, day) = month_and_day(small(one)?, small(two)?, language)?;
            Some(Said {
                year: None,
                month: Some(month),
                day: Some(day),
            })
        }
        _ => None,
    }
}

fn era_of(letter: Option<char>) -> Option<i16> {
    let letter = letter?.to_string();
    let era = ERAS.iter().find(|(_, sign, _)| *sign == letter)?;
    Some(era.2)
}

/// In English 5/12 is a day in May or in December: only figures that leave no doubt are taken.
fn month_and_day(one: i8, two: i8, language: &Lang) -> Option<(i8, i8)> {
    match language.primary() {
        "ja" => Some((one, two)),
        "en" if one > 12 => Some((two, one)),
        "en" if two > 12 || one == two => Some((one, two)),
        "en" => None,
        _ => Some((two, one)),
    }
}

/// "tomorrow", "in three days", "a week from now".
fn relative(said: &str, words: &Words, language: &Lang, today: Date) -> Option<Date> {
    let finds = |entry: &str| said.contains(&spaced(entry, language));
    let mut days: Vec<(&String, &i32)> = words.days.iter().collect();
    days.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    if let Some((_, shift)) = days.into_iter().find(|(name, _)| finds(name)) {
        return shifted(today, *shift);
    }
    let count = |patterns: &[String]| patterns.iter().find_map(|p| number_in(said, p, language));
    if let Some(days) = count(&words.in_days) {
        return shifted(today, days);
    }
    if let Some(weeks) = count(&words.in_weeks) {
        return shifted(today, weeks.checked_mul(7)?);
    }
    shifted(today, count(&words.ago)?.checked_neg()?)
}

/// The number that stands in the place of `{n}`.
fn number_in(said: &str, pattern: &str, language: &Lang) -> Option<i32> {
    let (before, after) = pattern.split_once("{n}")?;
    let trim = |part: &str| {
        let part = spaced(part, language);
        if part.trim().is_empty() {
            String::new()
        } else {
            part
        }
    };
    let (before, after) = (trim(before), trim(after));
    let start = said.find(&before)? + before.len();
    let rest = &said[start..];
    let at = rest.find(|c: char| c.is_ascii_digit())?;
    let digits: String = rest[at..]
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    let tail = &rest[at + digits.len()..];
    let close = before.is_empty() || rest[..at].trim().is_empty();
    (close && tail.starts_with(&after)).then(|| digits.parse().ok())?
}

fn shifted(today: Date, days: i32) -> Option<Date> {
    today.checked_add(i64::from(days).days()).ok()
}

/// A day with the name of its month, or with counters (5月12日).
fn by_name(text: &str, words: &Words, language: &Lang, today: Date) -> Option<Said> {
    let pieces = pieces(text, language);
    if is_unspaced(language) {
        return by_counters(&pieces, today);
    }
    let month_of = |word: &str| {
        let is = |names: &String| names.split_whitespace().any(|name| fold(name) == word);
        words.months.iter().position(is)
    };
    let place = pieces.iter().position(|piece| match piece {
        Piece::Word(word) => month_of(word).is_some(),
        Piece::Number(_) => false,
    });
    let Some(place) = place else {
        let said = rewritten(text, language);
        let patterns = words.day_of_month.iter();
        let day = patterns
            .filter_map(|p| number_in(&said, p, language))
            .next()?;
        return Some(Said {
            day: Some(day.try_into().ok()?),
            ..Said::default()
        });
    };
    let Piece::Word(word) = &pieces[place] else {
        return None;
    };
    let month = i8::try_from(month_of(word)? + 1).ok()?;
    let before = pieces[..place].iter().rev().find_map(Piece::value);
    let mut after: Vec<u32> = pieces[place..].iter().filter_map(Piece::value).collect();
    let day = match before {
        Some(day) => day,
        None if after.is_empty() => return None,
        None => after.remove(0),
    };
    Some(Said {
        year: match after[..] {
            [] => None,
            [century, years] if (18..=20).contains(&century) && years < 100 => {
                i16::try_from(century * 100 + years).ok()
            }
            [year] => i16::try_from(year).ok(),
            _ => return None,
        },
        month: Some(month),
        day: Some(day.try_into().ok()?),
    })
}

fn by_counters(pieces: &[Piece], today: Date) -> Option<Said> {
    let mut said = Said::default();
    for (index, piece) in pieces.iter().enumerate() {
        let Piece::Word(word) = piece else { continue };
        let before = index.checked_sub(1).and_then(|before| pieces.get(before));
        let number = before.and_then(Piece::value);
        let counted = |value: Option<u32>| value.and_then(|value| i8::try_from(value).ok());
        if word.starts_with('年') || word.starts_with("元年") {
            let number = if word.starts_with('元') {
                Some(1)
            } else {
                number
            };
            let era = index.checked_sub(if word.starts_with('元') { 0 } else { 2 });
            let era = match era.and_then(|era| pieces.get(era)) {
                Some(Piece::Word(word)) => ERAS.iter().find(|(name, ..)| word.contains(name)),
                _ => None,
            };
            let first = era.map_or(1, |(_, _, first)| *first);
            said.year = i16::try_from(number?).ok()?.checked_add(first - 1);
        } else if word.contains("元年") {
            let era = ERAS.iter().find(|(name, ..)| word.contains(name))?;
            said.year = Some(era.2);
        }
        let months = word.starts_with('月') && !word.starts_with("月曜");
        if months || word.ends_with("元年月") {
            said.month = counted(number);
        } else if word.starts_with('日') && !word.starts_with("日曜") && !word.starts_with("日後")
        {
            said.day = counted(number);
        }
        let shift = [("来月", 1), ("今月", 0), ("再来月", 2)];
        if let Some((_, months)) = shift.iter().rev().find(|(name, _)| word.contains(name)) {
            let month = today.checked_add(i64::from(*months).months()).ok()?;
            said.year = Some(month.year());
            said.month = Some(month.month());
        }
    }
    said.day.is_some().then_some(said)
}

/// "Monday", "next Monday", "来週の月曜日".
fn weekday(said: &str, words: &Words, language: &Lang, days: Days, today: Date) -> Option<Date> {
    let finds = |entry: &str| said.contains(&spaced(entry, language));
    let is = |names: &String| names.split_whitespace().any(finds);
    let weekday = words.weekdays.iter().position(is)?;
    let now = i32::from(today.weekday().to_monday_zero_offset());
    let ahead = i32::try_from(weekday).ok()? - now;
    if said.contains("再来週") {
        return shifted(today, 14 + ahead);
    }
    if words.next_week.iter().any(|entry| finds(entry)) {
        return shifted(today, 7 + ahead);
    }
    if said.contains("先週") {
        return shifted(today, ahead - 7);
    }
    let past_only = days.to.is_some_and(|to| to <= 0);
    let ahead = match (ahead > 0, past_only) {
        (true, false) | (false, true) => ahead,
        (false, false) => ahead + 7,
        (true, true) => ahead - 7,
    };
    shifted(today, if ahead == 0 { -7 } else { ahead })
}

/// Adds what was left out: the month or year in which the day may be chosen, nearest to today.
fn complete(said: Said, days: Days, today: Date) -> Option<Date> {
    let day = said.day?;
    let allowed = |date: &Date| days.allow(*date, today);
    let nearest = |dates: Vec<Date>| {
        let near = |date: &&Date| (days_between(today, **date).abs(), **date < today);
        let fitting = dates.iter().filter(|date| allowed(date)).min_by_key(near);
        fitting
            .or(dates.iter().filter(|d| **d >= today).min_by_key(near))
            .copied()
    };
    match (said.year, said.month) {
        (Some(year), Some(month)) if year >= 100 => Date::new(year, month, day).ok(),
        (Some(short), Some(month)) => {
            let of = |century: i16| Date::new(century + short, month, day).ok();
            of(2000)
                .filter(&allowed)
                .or_else(|| of(1900).filter(&allowed))
        }
        (None, Some(month)) if days.within_a_year() => {
            let years = (today.year() - 1)..=(today.year() + 1);
            nearest(
                years
                    .filter_map(|year| Date::new(year, month, day).ok())
                    .collect(),
            )
        }
        (None, None) if days.within_a_year() => {
            let months = (-1..=2_i64).filter_map(|months| {
                let month = today.first_of_month().checked_add(months.months()).ok()?;
                Date::new(month.year(), month.month(), day).ok()
            });
            nearest(months.collect())
        }
        _ => None,
    }
}

pub(super) fn days_between(from: Date, to: Date) -> i64 {
    from.until(to)
        .map_or(i64::MAX, |span| i64::from(span.get_days()))
}
