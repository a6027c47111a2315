//! The attempts of `data/injections.tsv`.
#![allow(clippy::unwrap_used, dead_code)]

use std::fs;
use std::path::Path;

/// One attempt.
#[derive(Debug, Clone)]
pub struct Attack {
    pub language: String,
    /// `voice`, `typed`, `account` or `tool`.
    pub arrives: String,
    /// Its turns.
    pub turns: Vec<String>,
}

pub fn all() -> Vec<Attack> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/injections.tsv");
    let text = fs::read_to_string(path).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(attack).collect()
}

pub fn arriving(ways: &[&str]) -> Vec<Attack> {
    let mut attacks = all();
    attacks.retain(|attack| ways.contains(&attack.arrives.as_str()));
    attacks
}

fn attack(line: &str) -> Attack {
    let fields: Vec<&str> = line.split('\t').collect();
    let [language, arrives, words] = fields[..] else {
        panic!("not three fields: {line}");
    };
    Attack {
        language: language.to_owned(),
        arrives: arrives.to_owned(),
        turns: words
            .split("||")
            .map(|turn| unescaped(turn.trim()))
            .collect(),
    }
}

fn unescaped(text: &str) -> String {
    let mut parts = text.split("\\u");
    let mut plain = parts.next().unwrap().to_owned();
    for part in parts {
        let code = u32::from_str_radix(&part[..4], 16).unwrap();
        plain.push(char::from_u32(code).unwrap());
        plain += &part[4..];
    }
    plain.replace("\\n", "\n")
}

impl Attack {
    pub fn words(&self) -> String {
        self.turns.join(" ")
    }

    /// Whether a text carries a piece of it that nobody says by chance.
    pub fn is_in(&self, text: &str) -> bool {
        self.turns.iter().any(|turn| {
            let letters: Vec<char> = turn.chars().collect();
            let shares = |length: usize, telling: fn(&String) -> bool| {
                let mut pieces = letters.windows(length).map(|piece| piece.iter().collect());
                pieces.any(|piece: String| telling(&piece) && text.contains(&piece))
            };
            shares(14, |_| true) || shares(10, |piece| !piece.is_ascii())
        })
    }
}
