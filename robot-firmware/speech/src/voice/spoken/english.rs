//! English as it is read aloud.

use std::sync::LazyLock;

use regex::Captures;

use super::latin::{
    abbreviations, address, measure, money, postal_code, scaled_money, telephone, written,
};
use super::{Rule, clock, day_of_year, number, rule};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];
const MONTH: &str = r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)(?:uary|ruary|ch|il|e|y|ust|ember|ober)?\b\.?";
const WEEKDAY: &str =
    r"(Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)(?:\b\.?|(?:day|nesday|rsday|urday)\b)";
const CLOCK: &str = r"(\d{1,2}):(\d{2})(?:\s?([AaPp])\.?[Mm]\b\.?)?";

/// In the order in which they are applied.
pub(super) static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let mut rules = vec![address("at", "dot", "dash"), postal_code("postal code")];
    rules.extend(telephone("plus"));
    rules.extend([
        written(r"\b24/7\b", "around the clock"),
        rule(r"\b([12])/([234])\sof\b", |found| {
            let part = match (&found[1], &found[2]) {
                ("1", "2") => "half",
                ("1", "3") => "a third",
                ("2", "3") => "two thirds",
                ("1", "4") => "a quarter",
                _ => return None,
            };
            Some(format!("{part} of"))
        }),
        rule(r"\b(\d{4})[-/](\d{1,2})[-/](\d{1,2})\b", |found| {
            let (month, day) = day_of_year(found, 2, 3)?;
            Some(format!("{}, {}", date(month, day), &found[1]))
        }),
        rule(r"\b(\d{1,2})/(\d{1,2})(?:/(\d{4}))?\b", |found| {
            let (month, day) = day_of_year(found, 1, 2).or_else(|| day_of_year(found, 2, 1))?;
            let year = found
                .get(3)
                .map_or(String::new(), |year| format!(", {}", year.as_str()));
            Some(date(month, day) + &year)
        }),
        rule(
            &format!(r"\b{MONTH}\s(\d{{1,2}})\s?[–—-]\s?(\d{{1,2}})\b"),
            |found| {
                let (first, last) = days(found, 2, 3)?;
                Some(format!(
                    "{} to {}",
                    date(month(found)?, first),
                    ordinal(last)
                ))
            },
        ),
        rule(
            &format!(r"\b(\d{{1,2}})\s?[–—-]\s?(\d{{1,2}})\s{MONTH}"),
            |found| {
                let (first, last) = days(found, 1, 2)?;
                let name = MONTHS
                    .iter()
                    .find(|name| name.starts_with(&found[3][..3]))?;
                Some(format!("{} to {} of {name}", ordinal(first), ordinal(last)))
            },
        ),
        rule(&format!(r"\b{MONTH}\s(\d{{1,2}})\b"), |found| {
            Some(date(
                month(found)?,
                number(found, 2).filter(|day| *day <= 31)?,
            ))
        }),
        rule(&format!(r"\b(\d{{1,2}})\s{MONTH}"), |found| {
            let day = number(found, 1).filter(|day| *day <= 31)?;
            let name = MONTHS
                .iter()
                .find(|name| name.starts_with(&found[2][..3]))?;
            Some(format!("{} of {name}", ordinal(day)))
        }),
        rule(&format!(r"\b{WEEKDAY}\s?[–—-]\s?{WEEKDAY}"), |found| {
            Some(format!("{} to {}", weekday(found, 1)?, weekday(found, 2)?))
        }),
        rule(&format!(r"\b{WEEKDAY}(\s\d|,|:)"), |found| {
            Some(format!("{}{}", weekday(found, 1)?, &found[2]))
        }),
        written(
            r"(\d{1,2}(?::\d{2})?(?:\s?[AaPp]\.?[Mm]\b\.?)?)\s?[–—~〜-]\s?(\d{1,2}:\d{2})",
            "$1 to $2",
        ),
        rule(CLOCK, |found| {
            let (hour, minute) = clock(found, 1, 2)?;
            Some(time(hour, minute, found.get(3).map(|half| half.as_str())))
        }),
        rule(r"\b(\d{1,2})\s?([AaPp])\.?[Mm]\b\.?", |found| {
            Some(format!("{} {}M", &found[1], found[2].to_uppercase()))
        }),
        scaled_money("thousand|million|billion|trillion", CURRENCIES, |_| ""),
        amount(r"R\$\s?([\d.]+)(?:,(?<cents>\d{2}))?", ["real", "reais"]),
        amount(
            r"(?:[¥￥]\s?|\bJPY\s)([\d,]+\d|\d)|([\d,]+\d|\d)\s?(?:円|JPY\b)",
            ["yen", "yen"],
        ),
        amount(
            r"(?:US)?\$\s?([\d,]*\d)(?:\.(?<cents>\d{2}))?",
            ["dollar", "dollars"],
        ),
        amount(r"€\s?([\d,]*\d)(?:\.(?<cents>\d{2}))?", ["euro", "euros"]),
        amount(r"£\s?([\d,]*\d)(?:\.(?<cents>\d{2}))?", ["pound", "pounds"]),
        written(
            r"\b(yen|reais|dollars|euros|pounds)\s?[–—〜~-]\s?(\d)",
            "$1 to $2",
        ),
        written(r"\bB(\d)F\b", "basement floor $1"),
        written(r"\b(\d{1,2})F\b", "floor $1"),
        written(r"\b([A-Z])-(\d{1,4})\b", "$1 $2"),
        written(r"(?:\b[Nn]os?\.\s?|№\s?|\b[Nn]º\s?|#)(\d)", "number $1"),
        written(r"\b(\d{1,3})-(\d{1,3})-(\d{1,3})\b", "$1, $2, $3"),
        written(r"\b(\d{1,3})\s?[–—〜~-]\s?(\d{1,3})\b", "$1 to $2"),
        written(r"(\d)\s?°\s?C\b", "$1 degrees Celsius"),
        measure(UNITS),
    ]);
    rules.extend(abbreviations(ABBREVIATIONS));
    rules.push(written(r"\s&\s", " and "));
    rules.push(written(r"\s/\s", ", "));
    rules
});

const CURRENCIES: &[(&str, &str)] = &[
    ("¥", "yen"),
    ("￥", "yen"),
    ("$", "dollars"),
    ("US$", "dollars"),
    ("R$", "reais"),
    ("€", "euros"),
    ("£", "pounds"),
];

const UNITS: &[(&str, &str)] = &[
    ("km", "kilometre"),
    ("cm", "centimetre"),
    ("mm", "millimetre"),
    ("kg", "kilogram"),
    ("m", "metre"),
    ("g", "gram"),
    ("min", "minute"),
    ("h", "hour"),
    ("MB", "megabyte"),
    ("GB", "gigabyte"),
];

const ABBREVIATIONS: &[(&str, &str)] = &[
    (r"Mr\.", "Mister"),
    (r"Mrs\.", "Missis"),
    (r"Ms\.", "Miz"),
    (r"Dr\.", "Doctor"),
    (r"Prof\.", "Professor"),
    (r"St\. ([A-Z])", "Saint $1"),
    (r"St\.", "Street"),
    (r"Ave\.", "Avenue"),
    (r"e\.g\.,?", "for example"),
    (r"i\.e\.,?", "that is"),
    (r"etc\.", "and so on"),
    (r"approx\.", "approximately"),
    (r"incl\.", "including"),
    (r"vs\.", "versus"),
    (r"max\.", "at most"),
    (r"[Tt]el\.:?", "telephone"),
    (r"[Ee]xt\.", "extension"),
];

fn month(found: &Captures<'_>) -> Option<u32> {
    let at = MONTHS
        .iter()
        .position(|name| name.starts_with(&found[1][..3]))?;
    u32::try_from(at + 1).ok()
}

fn days(found: &Captures<'_>, first: usize, last: usize) -> Option<(u32, u32)> {
    let (first, last) = (number(found, first)?, number(found, last)?);
    (first < last && last <= 31).then_some((first, last))
}

fn weekday(found: &Captures<'_>, group: usize) -> Option<&'static str> {
    let short = found.get(group)?.as_str().get(..3)?;
    WEEKDAYS.into_iter().find(|name| name.starts_with(short))
}

fn date(month: u32, day: u32) -> String {
    let name = MONTHS[(month as usize - 1) % 12];
    format!("{name} {}", ordinal(day))
}

fn ordinal(day: u32) -> String {
    let ending = match (day / 10, day % 10) {
        (1, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{day}{ending}")
}

/// A clock time; hours after noon are given as they are spoken.
fn time(hour: u32, minute: u32, half: Option<&str>) -> String {
    let half = match half {
        Some(half) => Some(half.to_uppercase()),
        None if (13..24).contains(&hour) => Some("P".to_owned()),
        None => None,
    };
    let on_dial = if hour > 12 { hour - 12 } else { hour };
    let minutes = match minute {
        0 => String::new(),
        1..=9 => format!(" oh {minute}"),
        _ => format!(" {minute}"),
    };
    match (hour, minute, half) {
        (0 | 24, 0, _) => "midnight".to_owned(),
        (12, 0, None) => "noon".to_owned(),
        (_, 0, None) => format!("{on_dial} o'clock"),
        (_, _, Some(half)) => format!("{on_dial}{minutes} {half}M"),
        (_, _, None) => format!("{on_dial}{minutes}"),
    }
}

fn amount(pattern: &str, names: [&'static str; 2]) -> Rule {
    money(pattern, names, |cents| format!(" {cents}"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn times_and_dates() {
        check(
            "en",
            &[
                ("8:30", "8 30"),
                ("8:30–17:15", "8 30 to 5 15 PM"),
                ("8:30 - 17:00", "8 30 to 5 PM"),
                ("9:00", "9 o'clock"),
                ("at 9:05.", "at 9 oh 5."),
                ("12:00", "noon"),
                ("0:00", "midnight"),
                ("9:00 a.m. to 5:00 p.m. daily", "9 AM to 5 PM daily"),
                ("9 a.m.", "9 AM"),
                ("10pm", "10 PM"),
                ("99:99", "99:99"),
                ("10/03", "October 3rd"),
                ("25/12", "December 25th"),
                ("10/3/2026", "October 3rd, 2026"),
                ("2026-10-03", "October 3rd, 2026"),
                ("13/32", "13/32"),
                ("open 24/7", "open around the clock"),
                ("January 3", "January 3rd"),
                ("Dec. 29", "December 29th"),
                ("29 Dec – 3 Jan", "29th of December – 3rd of January"),
                ("Mon–Fri 8:30–17:00", "Monday to Friday 8 30 to 5 PM"),
                ("Monday–Friday.", "Monday to Friday."),
                ("29–31 December", "29th to 31st of December"),
                ("December 29-31", "December 29th to 31st"),
                ("1/2 of the fee", "half of the fee"),
                ("Sat 9:00–12:00", "Saturday 9 o'clock to noon"),
                ("The sun and Sunday", "The sun and Sunday"),
                ("in May or March", "in May or March"),
            ],
        );
    }

    #[test]
    fn money_and_numbers() {
        check(
            "en",
            &[
                ("¥300", "300 yen"),
                ("¥1,500.", "1500 yen."),
                ("300円", "300 yen"),
                ("¥1.03 million", "1.03 million yen"),
                ("$2 billion.", "2 billion dollars."),
                ("¥300–¥500", "300 yen to 500 yen"),
                ("3-5-1 Hoshikawa", "3, 5, 1 Hoshikawa"),
                ("+34 612 345 678", "plus 3 4, 6 1 2, 3 4 5, 6 7 8"),
                ("+819012345678", "plus 8 1 9, 0 1 2, 3 4 5, 6 7 8"),
                ("$5.50", "5 dollars 50"),
                ("$1", "1 dollar"),
                ("R$ 1.500,00", "1500 reais"),
                ("€20", "20 euros"),
                ("£3.05", "3 pounds 5"),
                ("300 yen", "300 yen"),
                ("9–17", "9 to 17"),
                ("ages 0-3", "ages 0 to 3"),
                ("03-1234-5678", "0 3, 1 2 3 4, 5 6 7 8"),
                ("+81 3-1234-5678", "plus 8 1, 3, 1 2 3 4, 5 6 7 8"),
                ("〒123-4567", "postal code 1 2 3, 4 5 6 7"),
                ("20 °C", "20 degrees Celsius"),
                ("3 km", "3 kilometres"),
                ("50%", "50%"),
                ("1,000,000", "1,000,000"),
            ],
        );
    }

    #[test]
    fn places_and_abbreviations() {
        check(
            "en",
            &[
                ("2F", "floor 2"),
                ("B1F", "basement floor 1"),
                ("counter B-12", "counter B 12"),
                ("No. 5", "number 5"),
                ("No. I don't", "No. I don't"),
                ("#7", "number 7"),
                ("Dr. Sato", "Doctor Sato"),
                ("Mr. and Mrs. Smith", "Mister and Missis Smith"),
                ("e.g. a passport", "for example a passport"),
                ("pen, paper etc.", "pen, paper and so on"),
                ("Tel. 5", "telephone 5"),
                ("St. Mary", "Saint Mary"),
                ("Taxes / Garbage", "Taxes, Garbage"),
                ("info@city.jp", "info at city dot jp"),
                ("www.city-hall.jp.", "www dot city dash hall dot jp."),
            ],
        );
    }
}
