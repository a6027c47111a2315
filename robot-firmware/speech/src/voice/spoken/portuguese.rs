//! Portuguese of Brazil as it is read aloud.

use std::sync::LazyLock;

use regex::Captures;

use super::{PHONE, Rule, clock, day_of_year, digits, number, rule, word};

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
    vec![
        rule(
            r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b(?:https?://)?(?:www\.)[\w-]+(?:\.[\w-]+)+",
            |found| {
                let address = found[0]
                    .trim_start_matches("https://")
                    .trim_start_matches("http://");
                Some(
                    address
                        .replace('@', " arroba ")
                        .replace('.', " ponto ")
                        .replace('-', " traço "),
                )
            },
        ),
        rule(r"〒\s?(\d{3})-(\d{4})", |found| {
            Some(format!("código postal {}", digits(&found[0], ", ")))
        }),
        rule(PHONE, |found| {
            let plus = if found[0].starts_with('+') {
                "mais "
            } else {
                ""
            };
            Some(plus.to_owned() + &digits(&found[0], ", "))
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
        rule(
            r"\b(?:1º|0?1) de (janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro)\b",
            |found| Some(format!("primeiro de {}", &found[1])),
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
        rule(r"R\$\s?([\d.]+)(?:,(\d{2}))?", |found| {
            amount(
                &found[1].replace('.', ""),
                found.get(2).map(|c| c.as_str()),
                "real",
                "reais",
            )
        }),
        rule(
            r"(?:[¥￥]\s?|\bJPY\s)([\d.]+\d|\d)|([\d.]+\d|\d)\s?(?:円|JPY\b)",
            |found| {
                let yen = found.get(1).or(found.get(2))?.as_str().replace('.', "");
                amount(&yen, None, "iene", "ienes")
            },
        ),
        rule(r"(?:US)?\$\s?([\d.]*\d)(?:,(\d{2}))?", |found| {
            amount(
                &found[1].replace('.', ""),
                found.get(2).map(|c| c.as_str()),
                "dólar",
                "dólares",
            )
        }),
        rule(r"€\s?([\d.]*\d)(?:,(\d{2}))?", |found| {
            amount(
                &found[1].replace('.', ""),
                found.get(2).map(|c| c.as_str()),
                "euro",
                "euros",
            )
        }),
        rule(r"\bB(\d)F\b", |found| {
            Some(format!("subsolo {}", &found[1]))
        }),
        rule(r"\b(\d{1,2})F\b", |found| {
            Some(format!("{}º andar", &found[1]))
        }),
        rule(r"\b([A-Z])-(\d{1,4})\b", |found| {
            Some(format!("{} {}", &found[1], &found[2]))
        }),
        rule(
            r"(?:\b[Nn]\.?º\s?|\b[Nn][oº°]\.\s?|№\s?|#)(\d)",
            |found| Some(format!("número {}", &found[1])),
        ),
        rule(r"\b(\d{1,3})\s?[–—〜~-]\s?(\d{1,3})\b", |found| {
            Some(format!("{} a {}", &found[1], &found[2]))
        }),
        rule(
            &format!(r"\b(\d{{0,3}}[12])(\s(?:{FEMININE})\b)"),
            |found| Some(feminine(number(found, 1)?) + &found[2]),
        ),
        rule(r"(\d)\s?°\s?C\b", |found| {
            Some(format!("{} graus", &found[1]))
        }),
        rule(r"\b(\d[\d,.]*)\s?(km|cm|mm|kg|m|g|min)\b", |found| {
            let unit = match &found[2] {
                "km" => "quilômetro",
                "cm" => "centímetro",
                "mm" => "milímetro",
                "kg" => "quilo",
                "m" => "metro",
                "g" => "grama",
                _ => "minuto",
            };
            Some(format!(
                "{} {unit}{}",
                &found[1],
                if &found[1] == "1" { "" } else { "s" }
            ))
        }),
        word(r"Sr\.", |_| Some("senhor".to_owned())),
        word(r"Sra\.", |_| Some("senhora".to_owned())),
        word(r"Srta\.", |_| Some("senhorita".to_owned())),
        word(r"Dr\.", |_| Some("doutor".to_owned())),
        word(r"Dra\.", |_| Some("doutora".to_owned())),
        word(r"Prof\.", |_| Some("professor".to_owned())),
        word(r"Av\.", |_| Some("avenida".to_owned())),
        word(r"R\. ([A-ZÁÉÍÓÚ])", |found| {
            Some(format!("rua {}", &found[1]))
        }),
        word(r"p\. ?ex\.,?|[Ee]x\.:", |_| Some("por exemplo".to_owned())),
        word(r"etc\.", |_| Some("e assim por diante".to_owned())),
        word(r"[Tt]el\.:?", |_| Some("telefone".to_owned())),
        word(r"pág\.", |_| Some("página".to_owned())),
        word(r"aprox\.", |_| Some("aproximadamente".to_owned())),
        word(r"máx\.", |_| Some("no máximo".to_owned())),
        rule(r"\s&\s", |_| Some(" e ".to_owned())),
        rule(r"\s/\s", |_| Some(", ".to_owned())),
    ]
});

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

fn amount(whole: &str, cents: Option<&str>, one: &str, many: &str) -> Option<String> {
    let currency = if whole == "1" { one } else { many };
    Some(match cents {
        None | Some("00") => format!("{whole} {currency}"),
        Some(cents) => format!(
            "{whole} {currency} e {} centavos",
            cents.trim_start_matches('0')
        ),
    })
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
