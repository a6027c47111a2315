//! Values as the robot reads them back.

use jiff::civil::{Date, DateTime, Time};
use madoguchi_shared::ids::Lang;

use super::Value;
use super::table::words_of;

/// A value in the words of a language.
pub fn in_words(value: &Value, language: &Lang) -> String {
    match value {
        Value::Date(date) => date_in_words(*date, language),
        // Apart, so that a voice reads them one by one.
        Value::Digits(digits) => digits
            .chars()
            .filter(char::is_ascii_digit)
            .map(String::from)
            .collect::<Vec<_>>()
            .join(" "),
        Value::Text(text) | Value::Choice { label: text, .. } => text.clone(),
        Value::YesNo(yes) => {
            let words = words_of(language).map(|w| if *yes { &w.yes } else { &w.no });
            let first = words.and_then(|list| list.first()).cloned();
            first.unwrap_or_else(|| value.as_data())
        }
    }
}

/// Data of the office's systems for people: a day or a moment in words, anything else as it is.
pub(crate) fn data_in_words(data: &str, language: &Lang) -> String {
    let starts_with_day = data.as_bytes().get(..10).is_some_and(|day| {
        day.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
    });
    if !starts_with_day {
        return data.to_owned();
    }
    if data.len() == 10 {
        return data
            .parse()
            .map_or_else(|_| data.to_owned(), |date| date_in_words(date, language));
    }
    // The office's own clock is meant, whatever the offset behind it.
    let moment = data.get(..16).map(|moment| moment.replace(' ', "T"));
    match moment.and_then(|moment| moment.parse::<DateTime>().ok()) {
        Some(moment) => moment_in_words(moment, language),
        None => data.to_owned(),
    }
}

fn date_in_words(date: Date, language: &Lang) -> String {
    let Some(words) = words_of(language) else {
        return date.to_string();
    };
    let name = |list: &[String], index: i8| {
        let names = usize::try_from(index)
            .ok()
            .and_then(|index| list.get(index));
        let first = names.and_then(|names| names.split_whitespace().next());
        first.unwrap_or_default().to_owned()
    };
    let weekday = date.weekday().to_monday_zero_offset();
    words
        .date
        .replace("{weekday}", &name(&words.weekdays, weekday))
        .replace("{month}", &name(&words.months, date.month() - 1))
        .replace("{day}", &date.day().to_string())
        .replace("{year}", &date.year().to_string())
}

fn moment_in_words(moment: DateTime, language: &Lang) -> String {
    let date = date_in_words(moment.date(), language);
    let time = clock_in_words(moment.time(), language);
    let gap = if super::table::is_unspaced(language) {
        ""
    } else {
        " "
    };
    format!("{date}{gap}{time}")
}

/// A time of day for people.
pub(crate) fn clock_in_words(time: Time, language: &Lang) -> String {
    let Some(words) = words_of(language) else {
        return format!("{:02}:{:02}", time.hour(), time.minute());
    };
    words
        .time
        .replace("{hour}", &time.hour().to_string())
        .replace("{minute}", &format!("{:02}", time.minute()))
}
