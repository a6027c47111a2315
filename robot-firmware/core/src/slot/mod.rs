//! What a visitor's answer to a question says: a day, a number, a name, one of several choices.
//!
//! Everything is read by rule and by the words of `data/replies.toml`; today and the language come
//! as arguments. What was read goes back to the visitor in words before anything uses it.

mod date;
mod hour;
mod moment;
mod numerals;
mod spoken;
mod table;
mod text;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use madoguchi_shared::ids::{Lang, UnixMs};

pub(crate) use moment::{Asked, When, asked, asks_only_when};
pub use spoken::in_words;
pub(crate) use spoken::{clock_in_words, data_in_words};
pub(crate) use table::{is_unspaced, spaced};
pub(crate) use text::is_plain_reply;
pub use text::{Command, command, yes_or_no};

/// Nobody answers a question with more characters than these.
const LONGEST: usize = 500;

/// What kind of answer a question wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A day.
    Date(Days),
    /// Somebody's name.
    Name,
    /// Digits that are said one by one or in groups, such as the number on a letter.
    Number {
        /// How many digits at least.
        least: usize,
        /// How many digits at most.
        most: usize,
    },
    /// One of the choices.
    Choice,
    /// Where somebody lives.
    Address,
    /// Yes or no.
    YesNo,
}

/// Which days may be chosen, counted from today; a bound that is absent doesn't bound.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Days {
    /// The first, as -1 for yesterday.
    pub from: Option<i32>,
    /// The last.
    pub to: Option<i32>,
}

impl Days {
    fn allow(self, day: Date, today: Date) -> bool {
        let ahead = date::days_between(today, day);
        self.from.is_none_or(|from| i64::from(from) <= ahead)
            && self.to.is_none_or(|to| ahead <= i64::from(to))
    }

    /// Whether a day without its year is still one day.
    fn within_a_year(self) -> bool {
        match (self.from, self.to) {
            (Some(from), Some(to)) => to - from < 365,
            (Some(from), None) => from >= 0,
            (None, _) => false,
        }
    }
}

/// Something that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What the office's systems call it.
    pub value: String,
    /// What the button says, in the visitor's language.
    pub label: String,
    /// Other words for it.
    pub also: Vec<String>,
}

/// What an answer said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A day.
    Date(Date),
    /// Digits.
    Digits(String),
    /// A name or an address.
    Text(String),
    /// One of the choices: its value, and its label for the visitor.
    Choice {
        /// The value.
        value: String,
        /// The label.
        label: String,
    },
    /// Yes or no.
    YesNo(bool),
}

impl Value {
    /// The value as the office's systems take it: `2026-05-12`, digits, a choice's value, `yes`.
    pub fn as_data(&self) -> String {
        match self {
            Self::Date(date) => date.to_string(),
            Self::Digits(text) | Self::Text(text) | Self::Choice { value: text, .. } => {
                text.clone()
            }
            Self::YesNo(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        }
    }
}

/// What was read out of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The value.
    pub value: Value,
    /// Whether nothing else was said: a whole answer can't be a question on the side.
    pub whole: bool,
}

/// Why an answer can't be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Miss {
    /// There is none in it.
    NotThere,
    /// It is one that may not be given: a day out of bounds, too few digits.
    OutOfBounds,
}

/// A question that was asked.
#[derive(Debug, Clone, Copy)]
pub struct Question<'q> {
    /// The kind of answer it wants.
    pub kind: Kind,
    /// What can be chosen, for [`Kind::Choice`].
    pub choices: &'q [Choice],
    /// The language of the answer.
    pub language: &'q Lang,
    /// Today at the office.
    pub today: Date,
}

/// Reads an answer.
///
/// # Errors
///
/// When it holds no value of the kind, or one that may not be given.
pub fn read(text: &str, question: Question<'_>) -> Result<Reading, Miss> {
    if text.chars().count() > LONGEST {
        return Err(Miss::OutOfBounds);
    }
    let Question {
        kind,
        choices,
        language,
        today,
    } = question;
    match kind {
        Kind::Date(days) => {
            let day = date::read(text, language, days, today).ok_or(Miss::NotThere)?;
            if !days.allow(day, today) {
                return Err(Miss::OutOfBounds);
            }
            Ok(Reading {
                value: Value::Date(day),
                whole: text::is_only_date(text, language),
            })
        }
        Kind::Number { least, most } => text::number(text, language, least, most),
        Kind::Name => text::name(text, language),
        Kind::Address => text::address(text, language),
        Kind::Choice => text::choice(text, language, choices),
        Kind::YesNo => text::answer_yes_or_no(text, language),
    }
}

/// The day at the office, whose time zone must be one that [`is_time_zone`] knows; else in UTC.
pub fn today(wall: UnixMs, time_zone: &str) -> Date {
    clock(wall, time_zone).date()
}

/// The time of day there, as `19:05`.
pub fn clock_time(wall: UnixMs, time_zone: &str) -> String {
    let time = clock(wall, time_zone).time();
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// Whether a text is such a time.
pub fn is_clock_time(text: &str) -> bool {
    text.len() == 5 && text.parse::<Time>().is_ok()
}

/// The same with the time of day.
pub(crate) fn clock(wall: UnixMs, time_zone: &str) -> DateTime {
    let zone = TimeZone::get(time_zone).unwrap_or(TimeZone::UTC);
    let moment = Timestamp::from_millisecond(wall.0).unwrap_or(Timestamp::UNIX_EPOCH);
    moment.to_zoned(zone).datetime()
}

/// The moment of a day, `2026-12-25`, at noon, or of a time, `2026-12-25T19:00`, at the office.
pub fn moment(text: &str, time_zone: &str) -> Option<UnixMs> {
    let at_noon = || Some(text.parse::<Date>().ok()?.at(12, 0, 0, 0));
    let has_time = text.contains('T');
    let clock = match has_time {
        true => text.parse::<DateTime>().ok()?,
        false => at_noon()?,
    };
    let zoned = clock.to_zoned(TimeZone::get(time_zone).ok()?).ok()?;
    Some(UnixMs(zoned.timestamp().as_millisecond()))
}

/// What was said with its numbers as digits, everything else folded, as [`spaced`] does.
pub(crate) fn with_digits(text: &str, language: &Lang) -> String {
    date::rewritten(text, language)
}

/// Whether nothing is left of a text but spaces.
pub(crate) fn blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// Whether a name is one of the IANA time zones, such as `Asia/Tokyo`.
pub fn is_time_zone(name: &str) -> bool {
    TimeZone::get(name).is_ok()
}
