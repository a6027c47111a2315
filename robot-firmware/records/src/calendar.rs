//! Days and times at the office, in Japan's time.

use time::{Date, Duration, Month, OffsetDateTime, Time, UtcOffset, Weekday};

/// Hours in which appointments begin: not in the break at noon.
const HOURS: [u8; 7] = [9, 10, 11, 13, 14, 15, 16];

/// What time it is at the office.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    today: Option<Date>,
}

impl Clock {
    /// The real time, or nine o'clock of a fixed day.
    pub fn new(today: Option<Date>) -> Self {
        Self { today }
    }

    /// Now, in Japan's time.
    pub fn now(&self) -> OffsetDateTime {
        let real = OffsetDateTime::now_utc().to_offset(japan());
        match self.today {
            Some(today) => today.midnight().assume_offset(japan()) + Duration::hours(9),
            None => real,
        }
    }

    /// The day.
    pub fn today(&self) -> Date {
        self.now().date()
    }
}

fn japan() -> UtcOffset {
    UtcOffset::from_whole_seconds(9 * 3600).unwrap_or(UtcOffset::UTC)
}

/// Reads a day as `2026-12-01`.
///
/// # Errors
/// A sentence when it is none.
pub fn date(text: &str) -> Result<Date, String> {
    let number = |part: Option<&str>| part.and_then(|part| part.parse::<u16>().ok());
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next(), number(parts.next()), number(parts.next()));
    let plain = text.len() == 10 && parts.next().is_none();
    let date = || {
        let month = Month::try_from(u8::try_from(month?).ok()?).ok()?;
        let year = i32::from(number(year)?);
        Date::from_calendar_date(year, month, u8::try_from(day?).ok()?).ok()
    };
    date()
        .filter(|_| plain)
        .ok_or_else(|| format!("`{text}` is no day; write it as 2026-12-01"))
}

/// A day as `2026-12-01`.
pub fn iso(date: Date) -> String {
    let (year, month, day) = date.to_calendar_date();
    format!("{year:04}-{:02}-{day:02}", u8::from(month))
}

/// A time as `09:30`.
pub fn clock_time(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// Whether the office is open on a day.
pub fn is_working_day(date: Date) -> bool {
    !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// The working day that comes `count` working days after a day; of a weekend, the first is Monday.
pub fn working_day_after(mut date: Date, count: u16) -> Date {
    for _ in 0..count {
        date += Duration::days(1);
        while !is_working_day(date) {
            date += Duration::days(1);
        }
    }
    date
}

/// When appointments begin, each of half an hour.
pub fn appointment_times() -> impl Iterator<Item = Time> {
    let half_hours = HOURS.into_iter().flat_map(|hour| [(hour, 0), (hour, 30)]);
    half_hours.filter_map(|(hour, minute)| Time::from_hms(hour, minute, 0).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_they_are_written() {
        assert_eq!(iso(date("2028-02-29").unwrap()), "2028-02-29");
        for bad in [
            "2027-02-29",
            "2026-2-3",
            "2026-12-01-01",
            "tomorrow",
            "",
            "２０２６-12-01",
        ] {
            assert!(date(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn working_days_leave_out_weekends() {
        let friday = date("2026-11-27").unwrap();
        assert_eq!(iso(working_day_after(friday, 1)), "2026-11-30");
        assert_eq!(iso(working_day_after(friday, 6)), "2026-12-07");
    }

    #[test]
    fn appointments_leave_the_noon_break_free() {
        let times: Vec<String> = appointment_times().map(clock_time).collect();
        assert_eq!(times.first().unwrap(), "09:00");
        assert_eq!(times.last().unwrap(), "16:30");
        assert!(times.iter().all(|time| !time.starts_with("12")));
    }
}
