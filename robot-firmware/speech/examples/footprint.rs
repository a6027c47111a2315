//! Memory that the speech part takes with all of its models loaded and used:
//! `cargo run --release --example footprint -- MODELS`, with the unit's `MALLOC_…` settings as
//! `make bench` gives them. espeak-ng and Open JTalk run as programs of
//! their own and are not in it.
#![allow(clippy::unwrap_used)]

use std::ops::ControlFlow;

use madoguchi_shared::ids::Lang;
use madoguchi_speech::meaning::Embedder;
use madoguchi_speech::models::ModelStore;
use madoguchi_speech::resample::resample;
use madoguchi_speech::translate::{MachineTranslator, Translator};
use madoguchi_speech::voice::{VOICE_RATE_HZ, VoicePrograms, Voices};
use madoguchi_speech::wav::SPEECH_RATE_HZ;
use madoguchi_speech::whisper::{Expected, Recogniser, Whisper, default_threads};

/// What the daemon keeps of synthesised sentences by default.
const CACHE_BYTES: usize = 48_000_000;
const REACH_MB: f64 = 450.0;
const WORDS: [(&str, &str); 3] = [
    (
        "en",
        "The office is open from Monday to Friday, from nine to five.",
    ),
    (
        "pt",
        "A prefeitura abre de segunda a sexta, das nove às cinco.",
    ),
    (
        "ja",
        "区役所は、月曜日から金曜日の、九時から五時まで開いています。",
    ),
];

fn main() {
    let folder = std::env::args()
        .nth(1)
        .expect("name the folder of the models");
    let store = ModelStore::new(folder).unwrap();
    let lang = |tag: &str| -> Lang { tag.parse().unwrap() };
    let mut last = resident("VmRSS");
    let mut row = |what: &str| {
        let now = resident("VmRSS");
        let peak = resident("VmHWM");
        println!(
            "{what:<46} {:>7.1} MB, at the peak so far {peak:.1} MB",
            now - last
        );
        last = now;
    };
    row("the program itself");

    let mut voices = Voices::load(&store, &VoicePrograms::default(), &[]).with_cache(CACHE_BYTES);
    let mut clip = Vec::new();
    for (tag, text) in WORDS {
        let keep = |samples: Vec<i16>| samples.into_iter().map(|s| f32::from(s) / 32_768.0);
        let mut spoken = Vec::new();
        voices
            .say(&lang(tag), text, &mut |piece| {
                spoken.extend(keep(piece.samples));
                ControlFlow::Continue(())
            })
            .unwrap();
        if tag == "en" {
            clip = resample(&spoken, VOICE_RATE_HZ, SPEECH_RATE_HZ).unwrap();
        }
    }
    row("voices");

    let model = store.file("whisper-base").unwrap();
    let mut whisper = Whisper::load(&model, default_threads()).unwrap();
    // Noise is doubtful, so that the second look's memory is counted, too.
    let noise: Vec<f32> = clip
        .iter()
        .enumerate()
        .map(|(n, sample)| sample * 0.05 + ((n * 7_919) % 1_000) as f32 / 20_000.0)
        .collect();
    for sound in [&clip, &noise] {
        whisper.transcribe(sound, Expected::default()).unwrap();
    }
    row("recogniser");

    let mut embedder = Embedder::load(&store.file("e5-small").unwrap()).unwrap();
    embedder.embed(WORDS[2].1).unwrap();
    row("sentence vectors");

    let mut translator = MachineTranslator::new(&store);
    for (from, to, text) in [("en", "pt", WORDS[0].1), ("pt", "en", WORDS[1].1)] {
        translator.translate(&lang(from), &lang(to), text).unwrap();
    }
    row("translation, both ways");

    println!(
        "{:<46} {:>7.1} MB, at its peak {:.1} MB (to reach: {REACH_MB} MB)",
        "speech part, all models loaded and used",
        resident("VmRSS"),
        resident("VmHWM"),
    );
}

/// A line of this process's memory, in MB.
fn resident(name: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    let kib: f64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kib * 1024.0 / 1e6
}
