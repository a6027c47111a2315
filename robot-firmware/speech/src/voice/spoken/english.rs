//! English as it is read aloud.

use std::sync::LazyLock;

use regex::Captures;

use super::{PHONE, Rule, clock, day_of_year, digits, number, rule, word};

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
const WEEKDAY: &str = r"(Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)\b\.?";
const CLOCK: &str = r"(\d{1,2}):(\d{2})(?:\s?([AaPp])\.?[Mm]\b\.?)?";

/// In the order in which they are applied.
pub(super) static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    vec![
        rule(
            r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b(?:https?://)?(?:www\.)[\w-]+(?:\.[\w-]+)+",
            |found| {
                let address = found[0]
                    .trim_start_matches("https://")
                    .trim_start_matches("http://");
                Some(
                    address
                        .replace('@', " at ")
                        .replace('.', " dot ")
                        .replace('-', " dash "),
                )
            },
        ),
        rule(r"〒\s?(\d{3})-(\d{4})", |found| {
            Some(format!("postal code {}", digits(&found[0], ", ")))
        }),
        rule(PHONE, |found| {
            let plus = if found[0].starts_with('+') {
                "plus "
            } else {
                ""
            };
            Some(plus.to_owned() + &digits(&found[0], ", "))
        }),
        rule(r"\b24/7\b", |_| Some("around the clock".to_owned())),
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
        rule(
            r"(\d{1,2}(?::\d{2})?(?:\s?[AaPp]\.?[Mm]\b\.?)?)\s?[–—~〜-]\s?(\d{1,2}:\d{2})",
            |found| Some(format!("{} to {}", &found[1], &found[2])),
        ),
        rule(CLOCK, |found| {
            let (hour, minute) = clock(found, 1, 2)?;
            Some(time(hour, minute, found.get(3).map(|half| half.as_str())))
        }),
        rule(r"\b(\d{1,2})\s?([AaPp])\.?[Mm]\b\.?", |found| {
            Some(format!("{} {}M", &found[1], found[2].to_uppercase()))
        }),
        rule(r"R\$\s?([\d.]+)(?:,(\d{2}))?", |found| {
            amount(
                &found[1].replace('.', ""),
                found.get(2).map(|c| c.as_str()),
                "real",
                "reais",
            )
        }),
        rule(
            r"(?:[¥￥]\s?|\bJPY\s)([\d,]+\d|\d)|([\d,]+\d|\d)\s?(?:円|JPY\b)",
            |found| {
                let yen = found.get(1).or(found.get(2))?.as_str();
                Some(format!("{} yen", yen.replace(',', "")))
            },
        ),
        rule(r"(?:US)?\$\s?([\d,]*\d)(?:\.(\d{2}))?", |found| {
            amount(
                &found[1].replace(',', ""),
                found.get(2).map(|c| c.as_str()),
                "dollar",
                "dollars",
            )
        }),
        rule(r"€\s?([\d,]*\d)(?:\.(\d{2}))?", |found| {
            amount(
                &found[1].replace(',', ""),
                found.get(2).map(|c| c.as_str()),
                "euro",
                "euros",
            )
        }),
        rule(r"£\s?([\d,]*\d)(?:\.(\d{2}))?", |found| {
            amount(
                &found[1].replace(',', ""),
                found.get(2).map(|c| c.as_str()),
                "pound",
                "pounds",
            )
        }),
        rule(r"\bB(\d)F\b", |found| {
            Some(format!("basement floor {}", &found[1]))
        }),
        rule(r"\b(\d{1,2})F\b", |found| {
            Some(format!("floor {}", &found[1]))
        }),
        rule(r"\b([A-Z])-(\d{1,4})\b", |found| {
            Some(format!("{} {}", &found[1], &found[2]))
        }),
        rule(r"(?:\b[Nn]os?\.\s?|№\s?|\b[Nn]º\s?|#)(\d)", |found| {
            Some(format!("number {}", &found[1]))
        }),
        rule(r"\b(\d{1,3})\s?[–—〜~-]\s?(\d{1,3})\b", |found| {
            Some(format!("{} to {}", &found[1], &found[2]))
        }),
        rule(r"(\d)\s?°\s?C\b", |found| {
            Some(format!("{} degrees Celsius", &found[1]))
        }),
        rule(
            r"\b(\d[\d,.]*)\s?(km|cm|mm|kg|m|g|min|h|MB|GB)\b",
            |found| {
                let one = &found[1] == "1";
                let unit = match &found[2] {
                    "km" => "kilometre",
                    "cm" => "centimetre",
                    "mm" => "millimetre",
                    "kg" => "kilogram",
                    "m" => "metre",
                    "g" => "gram",
                    "min" => "minute",
                    "h" => "hour",
                    "MB" => "megabyte",
                    _ => "gigabyte",
                };
                Some(format!(
                    "{} {unit}{}",
                    &found[1],
                    if one { "" } else { "s" }
                ))
            },
        ),
        word(r"Mr\.", |_| Some("Mister".to_owned())),
        word(r"Mrs\.", |_| Some("Missis".to_owned())),
        word(r"Ms\.", |_| Some("Miz".to_owned())),
        word(r"Dr\.", |_| Some("Doctor".to_owned())),
        word(r"Prof\.", |_| Some("Professor".to_owned())),
        word(r"St\. ([A-Z])", |found| {
            Some(format!("Saint {}", &found[1]))
        }),
        word(r"St\.", |_| Some("Street".to_owned())),
        word(r"Ave\.", |_| Some("Avenue".to_owned())),
        word(r"e\.g\.,?", |_| Some("for example".to_owned())),
        word(r"i\.e\.,?", |_| Some("that is".to_owned())),
        word(r"etc\.", |_| Some("and so on".to_owned())),
        word(r"approx\.", |_| Some("approximately".to_owned())),
        word(r"incl\.", |_| Some("including".to_owned())),
        word(r"vs\.", |_| Some("versus".to_owned())),
        word(r"max\.", |_| Some("at most".to_owned())),
        word(r"[Tt]el\.:?", |_| Some("telephone".to_owned())),
        word(r"[Ee]xt\.", |_| Some("extension".to_owned())),
        rule(r"\s&\s", |_| Some(" and ".to_owned())),
        rule(r"\s/\s", |_| Some(", ".to_owned())),
    ]
});

fn month(found: &Captures<'_>) -> Option<u32> {
    let at = MONTHS
        .iter()
        .position(|name| name.starts_with(&found[1][..3]))?;
    u32::try_from(at + 1).ok()
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

fn amount(whole: &str, cents: Option<&str>, one: &str, many: &str) -> Option<String> {
    let currency = if whole == "1" { one } else { many };
    Some(match cents {
        None | Some("00") => format!("{whole} {currency}"),
        Some(cents) => format!("{whole} {currency} {}", cents.trim_start_matches('0')),
    })
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
