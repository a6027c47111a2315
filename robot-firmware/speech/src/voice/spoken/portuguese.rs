//! Portuguese of Brazil as it is read aloud.

use std::sync::LazyLock;

use regex::Captures;

use super::latin::{
    abbreviations, address, measure, money, postal_code, scaled_money, telephone, written,
};
use super::{Rule, clock, day_of_year, number, rule};

const MONTHS: [&str; 12] = [
    "janeiro",
    "fevereiro",
    "março",
    "abril",
    "maio",
    "junho",
    "julho",
    "agosto",
    "setembro",
    "outubro",
    "novembro",
    "dezembro",
];
const WEEKDAYS: [(&str, &str); 7] = [
    ("seg", "segunda"),
    ("ter", "terça"),
    ("qua", "quarta"),
    ("qui", "quinta"),
    ("sex", "sexta"),
    ("sáb", "sábado"),
    ("dom", "domingo"),
];
const WEEKDAY: &str = r"([Ss]eg|[Tt]er|[Qq]ua|[Qq]ui|[Ss]ex|[Ss]áb|[Dd]om)\.";
/// `8:30`, `8h30`, `8h`, `8h30min`.
const CLOCK: &str = r"\b(\d{1,2})(?:\s?h\s?(\d{2})(?:\s?min)?\b|:(\d{2})\s?h?\b|\s?h\b)";
/// Nouns before which 1 and 2 are feminine.
const FEMININE: &str = r"horas?|pessoas?|vias?|cópias?|semanas?|fotos?|vezes|vez|taxas?|folhas?|páginas?|crianças?|vagas?|ruas?|salas?|senhas?|doses?|vacinas?|parcelas?|moedas?|certidões|certidão";

/// In the order in which they are applied.
pub(super) static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let mut rules = vec![
        address("arroba", "ponto", "traço"),
        postal_code("código postal"),
    ];
    rules.extend(telephone("mais"));
    rules.extend([
        rule(r"\b([12])/([234])\s(d[aeo]s?)\b", |found| {
            let part = match (&found[1], &found[2]) {
                ("1", "2") => "metade",
                ("1", "3") => "um terço",
                ("2", "3") => "dois terços",
                ("1", "4") => "um quarto",
                _ => return None,
            };
            Some(format!("{part} {}", &found[3]))
        }),
        rule(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b", |found| {
            let (month, day) = day_of_year(found, 2, 3)?;
            Some(format!("{} de {}", date(day, month), &found[1]))
        }),
        rule(r"\b(\d{1,2})/(\d{1,2})(?:/(\d{4}))?\b", |found| {
            let (month, day) = day_of_year(found, 2, 1)?;
            let year = found
                .get(3)
                .map_or(String::new(), |year| format!(" de {}", year.as_str()));
            Some(date(day, month) + &year)
        }),
        written(
            r"\b(?:1º|0?1) de (janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro)\b",
            "primeiro de $1",
        ),
        rule(&format!(r"\b{WEEKDAY}\s?[–—-]\s?{WEEKDAY}"), |found| {
            Some(format!("{} a {}", weekday(&found[1])?, weekday(&found[2])?))
        }),
        rule(&format!(r"\b{WEEKDAY}"), |found| {
            Some(weekday(&found[1])?.to_owned())
        }),
        rule(
            &format!(r"{CLOCK}\s?[–—~〜-]\s?{}", CLOCK.trim_start_matches(r"\b")),
            |found| {
                let from = at_clock(found, 1)?;
                let to = at_clock(found, 4)?;
                Some(format!("{from} {}", until(&to)))
            },
        ),
        rule(CLOCK, |found| at_clock(found, 1)),
        scaled_money(
            "mil|milhão|milhões|bilhão|bilhões|trilhão|trilhões",
            CURRENCIES,
            |scale| if scale == "mil" { "" } else { "de " },
        ),
        amount(r"R\$\s?([\d.]+)(?:,(?<cents>\d{2}))?", ["real", "reais"]),
        amount(
            r"(?:[¥￥]\s?|\bJPY\s)([\d.]+\d|\d)|([\d.]+\d|\d)\s?(?:円|JPY\b)",
            ["iene", "ienes"],
        ),
        amount(
            r"(?:US)?\$\s?([\d.]*\d)(?:,(?<cents>\d{2}))?",
            ["dólar", "dólares"],
        ),
        amount(r"€\s?([\d.]*\d)(?:,(?<cents>\d{2}))?", ["euro", "euros"]),
        written(
            r"\b(ienes|reais|dólares|euros)\s?[–—〜~-]\s?(\d)",
            "$1 a $2",
        ),
        written(r"\bB(\d)F\b", "subsolo $1"),
        written(r"\b(\d{1,2})F\b", "${1}º andar"),
        written(r"\b([A-Z])-(\d{1,4})\b", "$1 $2"),
        written(
            r"(?:\b[Nn]\.?º\s?|\b[Nn][oº°]\.\s?|№\s?|#)(\d)",
            "número $1",
        ),
        written(r"\b(\d{1,3})-(\d{1,3})-(\d{1,3})\b", "$1, $2, $3"),
        written(r"\b(\d{1,3})\s?[–—〜~-]\s?(\d{1,3})\b", "$1 a $2"),
        rule(
            &format!(r"\b(\d{{0,3}}[12])(\s(?:{FEMININE})\b)"),
            |found| Some(feminine(number(found, 1)?) + &found[2]),
        ),
        written(r"(\d)\s?°\s?C\b", "$1 graus"),
        measure(UNITS),
    ]);
    rules.extend(abbreviations(ABBREVIATIONS));
    rules.push(written(r"\s&\s", " e "));
    rules.push(written(r"\s/\s", ", "));
    rules
});

const CURRENCIES: &[(&str, &str)] = &[
    ("¥", "ienes"),
    ("￥", "ienes"),
    ("$", "dólares"),
    ("US$", "dólares"),
    ("R$", "reais"),
    ("€", "euros"),
    ("£", "libras"),
];

const UNITS: &[(&str, &str)] = &[
    ("km", "quilômetro"),
    ("cm", "centímetro"),
    ("mm", "milímetro"),
    ("kg", "quilo"),
    ("m", "metro"),
    ("g", "grama"),
    ("min", "minuto"),
];

const ABBREVIATIONS: &[(&str, &str)] = &[
    (r"Sr\.", "senhor"),
    (r"Sra\.", "senhora"),
    (r"Srta\.", "senhorita"),
    (r"Dr\.", "doutor"),
    (r"Dra\.", "doutora"),
    (r"Prof\.", "professor"),
    (r"Av\.", "avenida"),
    (r"R\. ([A-ZÁÉÍÓÚ])", "rua $1"),
    (r"p\. ?ex\.,?|[Ee]x\.:", "por exemplo"),
    (r"etc\.", "e assim por diante"),
    (r"[Tt]el\.:?", "telefone"),
    (r"pág\.", "página"),
    (r"aprox\.", "aproximadamente"),
    (r"máx\.", "no máximo"),
];

fn weekday(short: &str) -> Option<&'static str> {
    let short = short.to_lowercase();
    let (_, name) = WEEKDAYS.iter().find(|(own, _)| *own == short)?;
    Some(name)
}

fn date(day: u32, month: u32) -> String {
    let name = MONTHS[(month as usize - 1) % 12];
    if day == 1 {
        format!("primeiro de {name}")
    } else {
        format!("{day} de {name}")
    }
}

/// The clock time in the three groups from `first` on: hour, and minutes after `h` or `:`.
fn at_clock(found: &Captures<'_>, first: usize) -> Option<String> {
    let minutes = if found.get(first + 1).is_some() {
        first + 1
    } else {
        first + 2
    };
    let (hour, minute) = clock(found, first, minutes)?;
    Some(match (hour, minute) {
        (0 | 24, 0) => "meia-noite".to_owned(),
        (12, 0) => "meio-dia".to_owned(),
        (1, 0) => "uma hora".to_owned(),
        (_, 0) => format!("{} horas", feminine(hour)),
        (_, 30) => format!("{} e meia", feminine(hour)),
        _ => format!("{} e {minute}", feminine(hour)),
    })
}

/// "às cinco", "à uma", "ao meio-dia".
fn until(time: &str) -> String {
    match time {
        "meio-dia" => "ao meio-dia".to_owned(),
        "meia-noite" => "à meia-noite".to_owned(),
        _ if time.starts_with("uma") => format!("à {time}"),
        _ => format!("às {time}"),
    }
}

/// A number as it stands before a feminine noun; only its last 1 or 2 differs from the digits.
fn feminine(number: u32) -> String {
    let one_or_two = match number % 10 {
        _ if (11..=12).contains(&(number % 100)) => None,
        1 => Some("uma"),
        2 => Some("duas"),
        _ => None,
    };
    match (one_or_two, number - number % 10) {
        (None, _) => number.to_string(),
        (Some(word), 0) => word.to_owned(),
        (Some(word), tens) => format!("{tens} e {word}"),
    }
}

fn amount(pattern: &str, names: [&'static str; 2]) -> Rule {
    money(pattern, names, |cents| format!(" e {cents} centavos"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn times_and_dates() {
        check(
            "pt",
            &[
                ("8:30", "8 e meia"),
                ("8h30", "8 e meia"),
                ("8h", "8 horas"),
                ("1h", "uma hora"),
                ("14:00", "14 horas"),
                ("21:15", "20 e uma e 15"),
                ("22h", "20 e duas horas"),
                ("2:05", "duas e 5"),
                ("12:00", "meio-dia"),
                ("0:00", "meia-noite"),
                ("8:30–17:15", "8 e meia às 17 e 15"),
                ("9h-12h", "9 horas ao meio-dia"),
                ("9:00 – 13:00", "9 horas às 13 horas"),
                ("99:99", "99:99"),
                ("10/03", "10 de março"),
                ("1/3", "primeiro de março"),
                ("10/03/2026", "10 de março de 2026"),
                ("2026-10-03", "3 de outubro de 2026"),
                ("32/13", "32/13"),
                ("1º de abril", "primeiro de abril"),
                ("29/12 a 3/1", "29 de dezembro a 3 de janeiro"),
                (
                    "Seg.–sex. 8:30–17:00",
                    "segunda a sexta 8 e meia às 17 horas",
                ),
                ("ter. e sex.", "terça e sexta"),
            ],
        );
    }

    #[test]
    fn money_and_numbers() {
        check(
            "pt",
            &[
                ("R$ 1.500,50", "1500 reais e 50 centavos"),
                ("R$ 20,00", "20 reais"),
                ("R$ 1", "1 real"),
                ("¥300", "300 ienes"),
                ("300円", "300 ienes"),
                ("R$ 2 milhões", "2 milhões de reais"),
                ("¥5 mil", "5 mil ienes"),
                ("¥300–¥500", "300 ienes a 500 ienes"),
                ("1/2 da taxa", "metade da taxa"),
                ("34612345678", "3 4 6, 1 2 3, 4 5 6, 7 8"),
                ("US$ 5", "5 dólares"),
                ("€ 2,05", "2 euros e 5 centavos"),
                ("2 horas", "duas horas"),
                ("21 pessoas", "20 e uma pessoas"),
                ("12 pessoas", "12 pessoas"),
                ("1 via", "uma via"),
                ("2 andares", "2 andares"),
                ("0–3 anos", "0 a 3 anos"),
                ("03-1234-5678", "0 3, 1 2 3 4, 5 6 7 8"),
                ("(11) 91234-5678", "1 1, 9 1 2 3 4, 5 6 7 8"),
                ("+81 3-1234-5678", "mais 8 1, 3, 1 2 3 4, 5 6 7 8"),
                ("〒123-4567", "código postal 1 2 3, 4 5 6 7"),
                ("20 °C", "20 graus"),
                ("1 km", "1 quilômetro"),
                ("10%", "10%"),
            ],
        );
    }

    #[test]
    fn places_and_abbreviations() {
        check(
            "pt",
            &[
                ("2F", "2º andar"),
                ("B1F", "subsolo 1"),
                ("guichê B-12", "guichê B 12"),
                ("nº 5", "número 5"),
                ("No. 5", "número 5"),
                ("Sr. Silva", "senhor Silva"),
                ("Sra. Sato", "senhora Sato"),
                ("Dra. Lima", "doutora Lima"),
                ("Av. Paulista", "avenida Paulista"),
                ("R. Augusta", "rua Augusta"),
                ("p. ex. o passaporte", "por exemplo o passaporte"),
                ("lápis, papel etc.", "lápis, papel e assim por diante"),
                ("Tel.: 5", "telefone 5"),
                ("Lixo / Impostos", "Lixo, Impostos"),
                ("info@city.jp", "info arroba city ponto jp"),
            ],
        );
    }
}
