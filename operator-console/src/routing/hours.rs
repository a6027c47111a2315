//! An operator's duty hours.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use madoguchi_shared::ids::UnixMs;
use serde::{Deserialize, Serialize};

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Days of the week and times of day in a time zone, written as `mon-fri 08:30-17:15 Asia/Tokyo`;
/// both the days and the times may be lists with commas.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hours {
    text: String,
    days: [bool; 7],
    times: Vec<(Time, Time)>,
    zone: TimeZone,
}

/// A text that names no duty hours.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "`{text}` are no duty hours: {why}; write days, times and a time zone, such as \
     `mon-fri 08:30-12:00,13:00-17:15 Asia/Tokyo`"
)]
pub struct NoHours {
    text: String,
    why: String,
}

impl Hours {
    /// Whether a moment lies within them.
    pub fn contain(&self, at: UnixMs) -> bool {
        let Ok(moment) = Timestamp::from_millisecond(at.0) else {
            return false;
        };
        let there = moment.to_zoned(self.zone.clone());
        let day = usize::try_from(there.weekday().to_monday_zero_offset()).unwrap_or(0);
        let time = there.time();
        self.days[day] && self.times.iter().any(|(a, b)| *a <= time && time < *b)
    }
}

impl FromStr for Hours {
    type Err = NoHours;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = |why: String| NoHours {
            text: text.to_owned(),
            why,
        };
        let parts: Vec<&str> = text.split_whitespace().collect();
        let [days, times, zone] = parts[..] else {
            return Err(wrong(format!("they have {} parts, not 3", parts.len())));
        };
        let times = times.split(',').map(|span| {
            let (from, until) = span.split_once('-')?;
            let (from, until) = (from.parse().ok()?, until.parse().ok()?);
            (from < until).then_some((from, until))
        });
        Ok(Self {
            text: parts.join(" "),
            days: week(days).ok_or_else(|| wrong(format!("`{days}` are no days of the week")))?,
            times: times.collect::<Option<_>>().ok_or_else(|| {
                wrong("each time must begin before it ends on the same day".into())
            })?,
            zone: TimeZone::get(zone).map_err(|_| wrong(format!("`{zone}` is no time zone")))?,
        })
    }
}

fn week(text: &str) -> Option<[bool; 7]> {
    let day = |name: &str| DAYS.iter().position(|day| name.eq_ignore_ascii_case(day));
    let mut week = [false; 7];
    for span in text.split(',') {
        let (from, until) = span.split_once('-').unwrap_or((span, span));
        let (from, until) = (day(from)?, day(until)?);
        for step in 0..=((until + 7 - from) % 7) {
            week[(from + step) % 7] = true;
        }
    }
    Some(week)
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl TryFrom<String> for Hours {
    type Error = NoHours;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Hours> for String {
    fn from(hours: Hours) -> Self {
        hours.text
    }
}
