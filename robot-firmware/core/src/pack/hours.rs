//! Opening hours as data: what the robot says of one day is worked out from them, and what the
//! topics say is checked against them.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::{Date, Time};
use madoguchi_shared::ids::Lang;

use super::{Texts, nearest};

/// When one place is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    /// Its name in files, such as `office`.
    pub id: String,
    pub(super) name: Texts,
    pub(super) open: Vec<Open>,
    pub(super) closed: Vec<Closed>,
    /// Public holidays; empty for a place that is open on them.
    pub(super) holidays: BTreeSet<Date>,
    pub(super) open_on_holidays: bool,
}

/// A span of some weekdays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// From Monday.
    pub days: [bool; 7],
    /// Only on the first to fifth such weekday of a month; every one where none is named.
    pub weeks: Vec<u8>,
    /// The first moment.
    pub from: Time,
    /// The first moment after it.
    pub until: Time,
}

/// Days on which a place is closed whatever the weekday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// Every year from one month and day to another, both among them.
    Yearly((i8, i8), (i8, i8)),
    /// One day.
    Once(Date),
}

impl Hours {
    /// The place's name.
    pub fn name(&self, language: &Lang) -> &str {
        nearest(&self.name, language).map_or(&self.id, |name| name)
    }

    /// When it is open on a day, in order; empty where it is closed. Absent for a year whose
    /// holidays nobody has written down.
    pub fn on(&self, day: Date) -> Option<Vec<(Time, Time)>> {
        let known = |holiday: &Date| holiday.year() == day.year();
        if !self.open_on_holidays && !self.holidays.iter().any(known) {
            return None;
        }
        if self.holidays.contains(&day) || self.closed.iter().any(|closed| closed.has(day)) {
            return Some(Vec::new());
        }
        let mut spans: Vec<_> = self.open.iter().filter(|open| open.has(day)).collect();
        spans.sort_by_key(|open| open.from);
        Some(spans.iter().map(|open| (open.from, open.until)).collect())
    }

    /// The next day after this one on which it is open, within half a year.
    pub fn next_open_after(&self, day: Date) -> Option<Date> {
        (1..=183).find_map(|ahead| {
            let later = day.checked_add(i64::from(ahead).days()).ok()?;
            self.on(later).filter(|spans| !spans.is_empty())?;
            Some(later)
        })
    }

    /// Every moment at which it opens or closes.
    pub(super) fn moments(&self) -> BTreeSet<Time> {
        let spans = self.open.iter();
        spans.flat_map(|open| [open.from, open.until]).collect()
    }
}

impl Open {
    fn has(&self, day: Date) -> bool {
        let weekday = usize::from(day.weekday().to_monday_zero_offset().unsigned_abs());
        let week = (day.day().unsigned_abs() - 1) / 7 + 1;
        self.days[weekday] && (self.weeks.is_empty() || self.weeks.contains(&week))
    }

    /// Whether both can hold at one moment.
    pub(super) fn meets(&self, other: &Self) -> bool {
        let day = (0..7).any(|day| self.days[day] && other.days[day]);
        let week = self.weeks.is_empty()
            || other.weeks.is_empty()
            || self.weeks.iter().any(|week| other.weeks.contains(week));
        day && week && self.from < other.until && other.from < self.until
    }
}

impl Closed {
    fn has(self, day: Date) -> bool {
        let own = (day.month(), day.day());
        match self {
            Self::Yearly(from, to) if from <= to => from <= own && own <= to,
            Self::Yearly(from, to) => from <= own || own <= to,
            Self::Once(closed) => closed == day,
        }
    }
}
