//! Reading `hours.toml`.

use std::collections::BTreeSet;

use jiff::civil::{Date, Time};
use madoguchi_shared::ids::Lang;

use crate::pack::entries::per_language;
use crate::pack::hours::{Closed, Hours, Open};
use crate::pack::read::Section;

const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

pub(in crate::pack) fn hours(root: &mut Section<'_>, languages: &[Lang]) -> Option<Vec<Hours>> {
    let mut holidays = BTreeSet::new();
    for (at, text) in root.texts("holidays") {
        match text.parse::<Date>() {
            Ok(day) => drop(holidays.insert(day)),
            Err(_) => root.problem(
                at,
                format!("`holidays` names “{text}”; write a day such as \"2026-05-04\""),
            ),
        }
    }
    let mut all: Vec<Hours> = Vec::new();
    for mut section in root.sections("hours") {
        let id = section
            .text("id", "what topics call these hours, such as \"office\"")
            .unwrap_or_default();
        if all.iter().any(|own| own.id == id) {
            let message = format!("two hours are named `{id}`; give each its own name");
            section.problem(section.at_key("id"), message);
        }
        let name = per_language(&mut section, "name", "what is open", languages);
        let open_on_holidays = section.flag("open_on_holidays");
        let closed = closed(&mut section);
        let open = open(&mut section);
        section.close();
        let holidays = match open_on_holidays {
            true => BTreeSet::new(),
            false => holidays.clone(),
        };
        all.push(Hours {
            id,
            name,
            open,
            closed,
            holidays,
            open_on_holidays,
        });
    }
    Some(all)
}

fn closed(section: &mut Section<'_>) -> Vec<Closed> {
    let mut all = Vec::new();
    for (at, text) in section.texts("closed") {
        let once = text.parse::<Date>().ok().map(Closed::Once);
        let yearly = || {
            let (from, to) = text.split_once(" to ").unwrap_or((&text, &text));
            Some(Closed::Yearly(day_of_year(from)?, day_of_year(to)?))
        };
        match once.or_else(yearly) {
            Some(closed) => all.push(closed),
            None => section.problem(
                at,
                format!(
                    "`closed` names “{text}”; write a day, \"2026-05-01\", or days of every year, \"12-29 to 01-03\""
                ),
            ),
        }
    }
    all
}

/// Month and day, which some year must have.
fn day_of_year(text: &str) -> Option<(i8, i8)> {
    let (month, day) = text.trim().split_once('-')?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    Date::new(2024, month, day).ok().map(|_| (month, day))
}

fn open(section: &mut Section<'_>) -> Vec<Open> {
    let mut all: Vec<Open> = Vec::new();
    let sections = section.sections("open");
    if sections.is_empty() {
        let message = "[[hours.open]] is missing; it holds `days`, `from` and `until`";
        section.problem(section.at_key("id"), message.to_owned());
    }
    for mut span in sections {
        let mut days = [false; 7];
        let named = span.texts("days");
        if named.is_empty() {
            let message = format!(
                "`days` is missing; it lists some of: {}",
                WEEKDAYS.join(", ")
            );
            span.problem(span.at_key("days"), message);
        }
        for (at, text) in named {
            match WEEKDAYS.iter().position(|own| *own == text) {
                Some(day) => days[day] = true,
                None => span.problem(
                    at,
                    format!("`days` names “{text}”; known: {}", WEEKDAYS.join(", ")),
                ),
            }
        }
        let mut weeks = Vec::new();
        for (at, text) in span.texts("weeks") {
            match text.parse::<u8>() {
                Ok(week) if (1..=5).contains(&week) => weeks.push(week),
                _ => span.problem(at, format!("`weeks` names “{text}”; write \"1\" to \"5\"")),
            }
        }
        let from = time(&mut span, "from", "when it opens, such as \"08:30\"");
        let until = time(&mut span, "until", "when it closes, such as \"17:00\"");
        if let (Some(from), Some(until)) = (from, until) {
            let own = Open {
                days,
                weeks,
                from,
                until,
            };
            if until <= from {
                let message = format!(
                    "`until` ({until:.0}) is not after `from` ({from:.0}); write hours past midnight as a span of each day"
                );
                span.problem(span.at_key("until"), message);
            } else if all.iter().any(|earlier| earlier.meets(&own)) {
                let message = "these hours overlap earlier ones on a day that both have; \
                               a day's spans must lie apart";
                span.problem(span.at_key("from"), message.to_owned());
            }
            all.push(own);
        }
        span.close();
    }
    all
}

fn time(section: &mut Section<'_>, key: &str, what: &str) -> Option<Time> {
    let text = section.text(key, what)?;
    let time = (text.len() == 5)
        .then(|| text.parse::<Time>().ok())
        .flatten();
    if time.is_none() {
        let message = format!("`{key}` is “{text}”; write a time of day such as \"08:30\"");
        section.problem(section.at_key(key), message);
    }
    time
}
