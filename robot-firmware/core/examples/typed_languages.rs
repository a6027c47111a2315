//! Prints how well the language of typed words is found, on labelled sentences.
//!
//! ```text
//! cargo run -p madoguchi-core --example typed_languages [LABELLED.tsv]
//! ```
//!
//! LABELLED (by default `tests/data/typed_languages.tsv`) has lines of a text, a tab and its
//! language, or `und` for what nobody could tell.

use std::collections::BTreeMap;
use std::error::Error;
use std::time::Instant;

use madoguchi_core::language::{Written, of_typed};
use madoguchi_shared::ids::Lang;

const DEFAULT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/data/typed_languages.tsv"
);

#[derive(Default)]
struct Count {
    right: u32,
    open: u32,
    wrong: u32,
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).unwrap_or(DEFAULT.to_owned());
    let text = std::fs::read_to_string(path)?;
    let rows: Vec<(&str, &str)> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.rsplit_once('\t'))
        .collect();
    let office: Vec<Lang> = ["ja", "en", "pt"]
        .into_iter()
        .map(str::parse)
        .collect::<Result<_, _>>()?;

    let whatlang = |text: &str| whatlang::detect(text).map(|info| info.lang().code().to_owned());
    print_row("whatlang, all its languages", &rows, |text| {
        whatlang(text).map(|code| iso_639_1(&code).to_owned())
    });
    print_row("whichlang", &rows, |text| {
        Some(iso_639_1(whichlang::detect_language(text).three_letter_code()).to_owned())
    });
    print_row("madoguchi, where sure", &rows, |text| {
        match of_typed(text, &office) {
            Written::Pack {
                language,
                sure: true,
            }
            | Written::Other(language) => Some(language.to_string()),
            Written::Pack { sure: false, .. } | Written::Unknown => None,
        }
    });
    Ok(())
}

fn print_row(name: &str, rows: &[(&str, &str)], decide: impl Fn(&str) -> Option<String>) {
    let start = Instant::now();
    let decided: Vec<Option<String>> = rows.iter().map(|(text, _)| decide(text)).collect();
    let micros = start.elapsed().as_micros() / rows.len().max(1) as u128;
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    let mut misses = Vec::new();
    for ((text, expected), decided) in rows.iter().zip(&decided) {
        let count = counts.entry(expected).or_default();
        match decided {
            Some(tag) if tag == expected => count.right += 1,
            None => count.open += 1,
            Some(tag) => {
                count.wrong += 1;
                misses.push(format!("  {expected} taken for {tag}: {text}"));
            }
        }
    }
    let undetermined = counts.remove("und").unwrap_or_default();
    let sum = |of: fn(&Count) -> u32| counts.values().map(of).sum::<u32>();
    println!(
        "{name}: {} right, {} open, {} wrong; of {} that nobody could tell {} decided; {micros} µs",
        sum(|c| c.right),
        sum(|c| c.open),
        sum(|c| c.wrong),
        undetermined.open + undetermined.wrong,
        undetermined.wrong,
    );
    for (tag, count) in &counts {
        print!(" {tag} {}/{}/{}", count.right, count.open, count.wrong);
    }
    println!();
    if misses.len() < 20 {
        for miss in misses {
            println!("{miss}");
        }
    }
}

fn iso_639_1(three: &str) -> &str {
    match three {
        "jpn" => "ja",
        "eng" => "en",
        "por" => "pt",
        "spa" => "es",
        "fra" => "fr",
        "deu" => "de",
        "ita" => "it",
        "vie" => "vi",
        "kor" => "ko",
        "cmn" => "zh",
        "tgl" => "tl",
        "ind" => "id",
        "rus" => "ru",
        "ukr" => "uk",
        "ara" => "ar",
        "hin" => "hi",
        "tha" => "th",
        "tur" => "tr",
        "nld" => "nl",
        "pol" => "pl",
        other => other,
    }
}
