//! For when a question asks: now, on a day, on a weekday.

use jiff::civil::{Date, Time};
use madoguchi_shared::ids::Lang;

use super::table::{is_unspaced, spaced, words_of};
use super::{Days, date, hour, text};

/// Less than a year from today, so that a day without its year is one day.
const FARTHEST: i32 = 364;

/// What a question asks about a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Asked {
    /// For when.
    pub(crate) when: When,
    /// The time of that day.
    pub(crate) at: Option<Time>,
    /// Whether yes or no is an answer.
    pub(crate) whether: bool,
}

/// For when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
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
    let at = hour::read(said, language);
    let open = words.open_questions.iter().any(|entry| finds(entry));
    let about = |when| Asked {
        when,
        at,
        whether: !open,
    };
    if at.is_none() && words.now.iter().any(|entry| finds(entry)) {
        return Some(about(When::Now));
    }
    let named = words.named_days.iter().filter(|(name, _)| finds(name));
    if let Some((_, day)) = named.max_by_key(|(name, _)| name.len()) {
        return Some(about(When::Day(next_such(day, today)?)));
    }
    let days = Days {
        from: Some(0),
        to: Some(FARTHEST),
    };
    let day = date::read(said, language, days, today).filter(|day| days.allow(*day, today));
    let Some(day) = day else {
        return at.map(|_| about(When::Day(today)));
    };
    let exact = folded.contains(|c: char| c.is_ascii_digit()) && at.is_none()
        || words.next_week.iter().any(|entry| finds(entry))
        || words.days.keys().any(|entry| finds(entry));
    Some(about(
        match !exact && weekdays.iter().any(|name| finds(name)) {
            true => When::Weekday(day),
            false => When::Day(day),
        },
    ))
}

/// The next day of that month and day, today among them.
fn next_such(month_and_day: &str, today: Date) -> Option<Date> {
    let in_year = |year: i16| format!("{year:04}-{month_and_day}").parse::<Date>().ok();
    in_year(today.year())
        .filter(|day| *day >= today)
        .or_else(|| in_year(today.year() + 1))
}

/// Whether nothing but a time was asked about: "and on Saturdays?".
pub(crate) fn asks_only_when(said: &str, language: &Lang) -> bool {
    let Some(words) = words_of(language) else {
        return false;
    };
    let gap = if is_unspaced(language) { "" } else { " " };
    let halves = words.morning.iter().chain(&words.afternoon);
    let named = words.noon.iter().chain(words.named_days.keys());
    let beside = words.before_hour.iter().chain(&words.after_hour);
    let lists = words.asks_when.iter().chain(&words.now).chain(halves);
    let mut entries: Vec<String> = lists.chain(named).chain(beside).cloned().collect();
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
        let on = |month, day| Some(When::Day(Date::constant(2026, month, day)));
        let day = |day| on(12, day);
        let weekday = |day| Some(When::Weekday(Date::constant(2026, 12, day)));
        let new_year = Some(When::Day(Date::constant(2027, 1, 1)));
        for (tag, said, for_when) in [
            ("en", "Are you open now?", Some(When::Now)),
            ("en", "What time does the office close today?", day(2)),
            ("en", "Are you open on Saturdays?", weekday(5)),
            ("en", "Are you open on December 30?", day(30)),
            ("en", "Is the office open on the third Saturday?", None),
            ("en", "What are your opening hours?", None),
            ("pt", "Abre no sábado?", weekday(5)),
            ("pt", "Está aberto agora?", Some(When::Now)),
            ("pt", "E na segunda-feira?", weekday(7)),
            ("pt", "Tem expediente no terceiro sábado?", None),
            ("ja", "土曜日も開いてますか", weekday(5)),
            ("ja", "今開いていますか", Some(When::Now)),
            ("ja", "明日はやっていますか", day(3)),
            ("ja", "今日は何時に閉まりますか", day(2)),
            ("ja", "今週の土曜は開いていますか", weekday(5)),
            ("ja", "第3土曜日は開いていますか", None),
            ("en", "Are you open at 7 pm?", day(2)),
            ("en", "Are you open on Saturday at 10?", weekday(5)),
            ("en", "Are you open on Christmas Day?", day(25)),
            ("en", "Do you work on Christmas Eve?", day(24)),
            ("en", "Are you open on New Year's Day?", new_year),
            (
                "en",
                "Are you open on 3 January?",
                Some(When::Day(Date::constant(2027, 1, 3))),
            ),
            ("pt", "Abre no Natal?", day(25)),
            ("pt", "Amanhã às 19h está aberto?", day(3)),
            ("ja", "クリスマスは開いていますか", day(25)),
            ("ja", "元日はやっていますか", new_year),
            ("ja", "土曜の夜7時に開いていますか", weekday(5)),
        ] {
            let asked = asked(said, &lang(tag), today);
            assert_eq!(asked.map(|asked| asked.when), for_when, "{said}");
        }
    }

    #[test]
    fn yes_or_no_answers_whether_and_not_when() {
        let today = Date::constant(2026, 12, 2);
        for (tag, said, whether) in [
            ("en", "Are you open tomorrow?", true),
            ("en", "Can I come on Saturday?", true),
            ("en", "When do you open tomorrow?", false),
            ("en", "Until when are you open today?", false),
            ("pt", "Abre amanhã?", true),
            ("pt", "A que horas abre amanhã?", false),
            ("ja", "明日は開いていますか", true),
            ("ja", "今日は何時まで開いていますか", false),
        ] {
            let asked = asked(said, &lang(tag), today).unwrap();
            assert_eq!(asked.whether, whether, "{said}");
        }
    }

    #[test]
    fn a_bare_day_carries_a_question_on() {
        for (tag, said) in [
            ("en", "And on Saturdays?"),
            ("en", "What about tomorrow?"),
            ("en", "how about Sunday"),
            ("en", "And at 7 pm?"),
            ("en", "and on Christmas Day?"),
            ("pt", "E às 19h?"),
            ("ja", "夜7時は？"),
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
