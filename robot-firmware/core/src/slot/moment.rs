//! For when a question asks: now, on a day, on a weekday.

use jiff::civil::Date;
use madoguchi_shared::ids::Lang;

use super::table::{is_unspaced, spaced, words_of};
use super::{Days, date, text};

/// Less than a year from today, so that a day without its year is one day.
const FARTHEST: i32 = 364;

/// For when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// For the present moment.
    Now,
    /// For one day.
    Day(Date),
    /// For such weekdays, of which this is the next.
    Weekday(Date),
}

/// The time that a question asks about; absent where it names none, or one like "the third
/// Saturday", which is no single day.
pub(crate) fn asked(said: &str, language: &Lang, today: Date) -> Option<Asked> {
    let words = words_of(language)?;
    let folded = spaced(said, language);
    let finds = |entry: &str| folded.contains(&spaced(entry, language));
    let names = |list: &[String]| -> Vec<String> {
        let names = list.iter().flat_map(|names| names.split_whitespace());
        names.map(str::to_owned).collect()
    };
    let weekdays = names(&words.weekdays);
    let ordinals = names(&words.ordinals);
    let counted = ordinals
        .iter()
        .any(|name| !weekdays.contains(name) && finds(name));
    if counted || said.contains(['第', 'º', 'ª']) {
        return None;
    }
    if words.now.iter().any(|entry| finds(entry)) {
        return Some(Asked::Now);
    }
    let days = Days {
        from: Some(0),
        to: Some(FARTHEST),
    };
    let day = date::read(said, language, days, today)?;
    if !days.allow(day, today) {
        return None;
    }
    let exact = folded.contains(|c: char| c.is_ascii_digit())
        || words.next_week.iter().any(|entry| finds(entry))
        || words.days.keys().any(|entry| finds(entry));
    match !exact && weekdays.iter().any(|name| finds(name)) {
        true => Some(Asked::Weekday(day)),
        false => Some(Asked::Day(day)),
    }
}

/// Whether nothing but a time was asked about: "and on Saturdays?".
pub(crate) fn asks_only_when(said: &str, language: &Lang) -> bool {
    let Some(words) = words_of(language) else {
        return false;
    };
    let gap = if is_unspaced(language) { "" } else { " " };
    let mut entries: Vec<String> = words.asks_when.iter().chain(&words.now).cloned().collect();
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.len()));
    let mut rest = spaced(said, language);
    for entry in entries {
        rest = rest.replace(&spaced(&entry, language), gap);
    }
    text::is_only_date(&rest, language)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lang(tag: &str) -> Lang {
        tag.parse().unwrap()
    }

    #[test]
    fn a_question_asks_for_now_a_day_or_a_weekday() {
        let today = Date::constant(2026, 12, 2);
        let day = |day| Some(Asked::Day(Date::constant(2026, 12, day)));
        let weekday = |day| Some(Asked::Weekday(Date::constant(2026, 12, day)));
        for (tag, said, for_when) in [
            ("en", "Are you open now?", Some(Asked::Now)),
            ("en", "What time does the office close today?", day(2)),
            ("en", "Are you open on Saturdays?", weekday(5)),
            ("en", "Are you open on December 30?", day(30)),
            ("en", "Is the office open on the third Saturday?", None),
            ("en", "What are your opening hours?", None),
            ("pt", "Abre no sábado?", weekday(5)),
            ("pt", "Está aberto agora?", Some(Asked::Now)),
            ("pt", "E na segunda-feira?", weekday(7)),
            ("pt", "Tem expediente no terceiro sábado?", None),
            ("ja", "土曜日も開いてますか", weekday(5)),
            ("ja", "今開いていますか", Some(Asked::Now)),
            ("ja", "明日はやっていますか", day(3)),
            ("ja", "今日は何時に閉まりますか", day(2)),
            ("ja", "今週の土曜は開いていますか", weekday(5)),
            ("ja", "第3土曜日は開いていますか", None),
        ] {
            assert_eq!(asked(said, &lang(tag), today), for_when, "{said}");
        }
    }

    #[test]
    fn a_bare_day_carries_a_question_on() {
        for (tag, said) in [
            ("en", "And on Saturdays?"),
            ("en", "What about tomorrow?"),
            ("en", "how about Sunday"),
            ("ja", "土曜日は？"),
            ("ja", "じゃあ明日はどうですか"),
            ("pt", "E aos sábados?"),
            ("pt", "e amanhã?"),
        ] {
            assert!(asks_only_when(said, &lang(tag)), "{said}");
        }
        for (tag, said) in [
            ("en", "Is the garbage collected on Saturday?"),
            ("ja", "土曜日にゴミを出せますか"),
            ("pt", "Posso casar no sábado?"),
        ] {
            assert!(!asks_only_when(said, &lang(tag)), "{said}");
        }
    }
}
