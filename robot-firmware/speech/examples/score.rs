//! Scores the recogniser on a folder of clips: language decisions, error rates, times.
//!
//! `score MODELS CLIPS [LANG,LANG… [THREADS]]`: `CLIPS/manifest.tsv` names a WAV file, its language, its
//! length and its reference text (may be empty) in the first four columns.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use madoguchi_shared::ids::Lang;
use madoguchi_speech::models::ModelStore;
use madoguchi_speech::whisper::{Recogniser, Whisper, default_threads};
use madoguchi_speech::{vad, wav};

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let (models, clips) = (&arguments[1], Path::new(&arguments[2]));
    let candidates: Vec<Lang> = arguments
        .get(3)
        .map_or("ja,en,pt", String::as_str)
        .split(',')
        .filter_map(|tag| tag.parse().ok())
        .collect();
    let store = ModelStore::new(models).unwrap();
    let threads = arguments
        .get(4)
        .map_or_else(default_threads, |n| n.parse().unwrap());
    let start = std::time::Instant::now();
    let mut whisper = Whisper::load(&store.file("whisper-base").unwrap(), threads).unwrap();
    println!("loaded in {:?}", start.elapsed());
    let manifest = std::fs::read_to_string(clips.join("manifest.tsv")).unwrap();
    let (mut audio, mut compute) = (0.0, 0.0);
    for line in manifest.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let samples = wav::read(&clips.join(columns[0])).unwrap();
        let heard = whisper.transcribe(&samples, &candidates).unwrap();
        audio += heard.audio.as_secs_f64();
        compute += heard.compute.as_secs_f64();
        let scores: Vec<String> = heard
            .scores
            .iter()
            .take(4)
            .map(|(lang, p)| format!("{lang} {p:.2}"))
            .collect();
        let mass: f32 = heard
            .scores
            .iter()
            .filter(|(l, _)| candidates.contains(l))
            .map(|(_, p)| p)
            .sum();
        let voiced = vad::voiced_time(&samples);
        println!(
            "{:18} {} {:?} mass {mass:.3} [{}] {:.1}s in {:.2}s conf {:.2} nosp {:.3} voiced {:.1}/{:.1} {:?} wer {}\n    {}",
            columns[0],
            columns[1],
            heard.decision,
            scores.join(", "),
            heard.audio.as_secs_f64(),
            heard.compute.as_secs_f64(),
            heard.confidence,
            heard.no_speech_probability,
            voiced.longest.as_secs_f32(),
            voiced.total.as_secs_f32(),
            heard.rejected,
            error_rate(
                columns[3],
                &heard.text,
                matches!(columns[1], "ja" | "zh" | "ko")
            ),
            heard.text
        );
    }
    println!("{audio:.1} s of audio in {compute:.1} s");
}

/// Word (or character) error rate in percent, `-` without a reference.
fn error_rate(reference: &str, text: &str, by_character: bool) -> String {
    let units = |text: &str| -> Vec<String> {
        let text = text.to_lowercase();
        if by_character {
            text.chars()
                .filter(|c| c.is_alphanumeric())
                .map(String::from)
                .collect()
        } else {
            let words = text.split(|c: char| !c.is_alphanumeric() && c != '\'');
            words
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect()
        }
    };
    let (reference, text) = (units(reference), units(text));
    if reference.is_empty() {
        return "-".to_owned();
    }
    let mut row: Vec<usize> = (0..=text.len()).collect();
    for (i, expected) in reference.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, said) in text.iter().enumerate() {
            let substitution = diagonal + usize::from(expected != said);
            diagonal = row[j + 1];
            row[j + 1] = substitution.min(row[j] + 1).min(diagonal + 1);
        }
    }
    format!(
        "{:.0} %",
        100.0 * row[text.len()] as f64 / reference.len() as f64
    )
}
