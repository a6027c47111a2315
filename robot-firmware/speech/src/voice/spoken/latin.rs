//! What English and Portuguese write alike; each brings its own words for it.

use super::{LONG, PHONE, Rule, digits, grouped, rule};

/// Addresses of the internet, sign by sign.
pub(super) fn address(at: &'static str, dot: &'static str, dash: &'static str) -> Rule {
    rule(
        r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b(?:https?://)?(?:www\.)[\w-]+(?:\.[\w-]+)+",
        move |found| {
            let address = found[0]
                .trim_start_matches("https://")
                .trim_start_matches("http://");
            let said = address.chars().map(|c| match c {
                '@' => format!(" {at} "),
                '.' => format!(" {dot} "),
                '-' => format!(" {dash} "),
                c => c.to_string(),
            });
            Some(said.collect())
        },
    )
}

/// A Japanese postal code behind its sign.
pub(super) fn postal_code(name: &'static str) -> Rule {
    rule(r"〒\s?\d{3}-\d{4}", move |found| {
        Some(format!("{name} {}", digits(&found[0], ", ")))
    })
}

/// Telephone numbers and other long ones, with the word for the sign before a country's code.
pub(super) fn telephone(plus: &'static str) -> [Rule; 2] {
    let abroad = move |written: &str, number: &str| {
        let number = digits(number, ", ");
        Some(if written.starts_with('+') {
            format!("{plus} {number}")
        } else {
            number
        })
    };
    [
        rule(PHONE, move |found| abroad(&found[0], &found[0])),
        rule(LONG, move |found| abroad(&found[0], &grouped(&found[0]))),
    ]
}

/// An amount of thousands, millions …: `between` stands between it and the currency's name.
pub(super) fn scaled_money(
    scales: &str,
    currencies: &'static [(&str, &str)],
    between: fn(&str) -> &'static str,
) -> Rule {
    let pattern = format!(r"(US\$|R\$|[¥￥$€£])\s?(\d[\d.,]*\d|\d)\s({scales})\b");
    rule(&pattern, move |found| {
        let (_, name) = currencies.iter().find(|(sign, _)| *sign == &found[1])?;
        let (amount, scale) = (&found[2], &found[3]);
        Some(format!("{amount} {scale} {}{name}", between(scale)))
    })
}

/// An amount: the first group that is there is its whole part, `cents` the rest. `say_cents` tells
/// what follows the currency, whose name is given for one and for many.
pub(super) fn money(
    pattern: &str,
    [one, many]: [&'static str; 2],
    say_cents: fn(&str) -> String,
) -> Rule {
    rule(pattern, move |found| {
        let whole = found.iter().skip(1).flatten().next()?;
        let whole = whole.as_str().replace([',', '.'], "");
        let currency = if whole == "1" { one } else { many };
        let cents = match found.name("cents").map(|cents| cents.as_str()) {
            None | Some("00") => String::new(),
            Some(cents) => say_cents(cents.trim_start_matches('0')),
        };
        Some(format!("{whole} {currency}{cents}"))
    })
}

/// A quantity with the sign of its unit; `units` has each sign and its name, whose plural ends in s.
pub(super) fn measure(units: &'static [(&str, &str)]) -> Rule {
    let signs: Vec<&str> = units.iter().map(|(sign, _)| *sign).collect();
    let pattern = format!(r"\b(\d[\d,.]*)\s?({})\b", signs.join("|"));
    rule(&pattern, move |found| {
        let (_, unit) = units.iter().find(|(sign, _)| *sign == &found[2])?;
        let plural = if &found[1] == "1" { "" } else { "s" };
        Some(format!("{} {unit}{plural}", &found[1]))
    })
}

/// Abbreviations and what is said for them, as [`written`] takes them, as whole words.
pub(super) fn abbreviations(table: &'static [(&str, &str)]) -> impl Iterator<Item = Rule> {
    let whole = |(short, said): &(&str, &'static str)| written(&format!(r"\b(?:{short})"), said);
    table.iter().map(whole)
}

/// What matches is said as `template` tells, in which `$1` stands for the first group.
pub(super) fn written(pattern: &str, template: &'static str) -> Rule {
    rule(pattern, move |found| {
        let mut said = String::new();
        found.expand(template, &mut said);
        Some(said)
    })
}
