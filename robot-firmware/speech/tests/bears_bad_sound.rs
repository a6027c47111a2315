//! Sound as bad as a hall makes it: no words where nobody spoke, the words where somebody did.
#![allow(clippy::unwrap_used)]

mod support;

use std::f32::consts::TAU;
use std::path::Path;
use std::sync::{Mutex, OnceLock};

use madoguchi_speech::scoring::error_rate::{Errors, Measure};
use madoguchi_speech::wav::{self, SPEECH_RATE_HZ};
use madoguchi_speech::whisper::{
    Expected, LanguageDecision, Recogniser, Transcript, Whisper, default_threads,
};
use support::{langs, model, packaged};

const NOVEL: &str = "/usr/share/pocketsphinx/test/data/librivox/\
    sense_and_sensibility_01_austen_64kb-0870.wav";
const ILL_DISPOSED: &str = "unless to be rather cold hearted and rather selfish is to be ill \
    disposed";
const SECOND: usize = SPEECH_RATE_HZ as usize;

/// One model for all tests.
fn hear(samples: &[f32]) -> Transcript {
    static WHISPER: OnceLock<Mutex<Whisper>> = OnceLock::new();
    let load = || Whisper::load(&model("whisper-base"), default_threads()).unwrap();
    let candidates = langs(&["ja", "en", "pt"]);
    WHISPER
        .get_or_init(|| Mutex::new(load()))
        .lock()
        .unwrap()
        .transcribe(samples, Expected::among(&candidates))
        .unwrap()
}

/// A sentence of the novel.
fn sentence(number: &str) -> Vec<f32> {
    let first = packaged(NOVEL, "pocketsphinx-testdata");
    let path = first.to_str().unwrap().replace("0870", number);
    wav::read(Path::new(&path)).unwrap()
}

fn word_error_rate(said: &str, heard: &Transcript) -> f64 {
    Errors::between(said, &heard.text, Measure::Wer)
        .rate()
        .unwrap()
}

fn assert_english(heard: &Transcript) {
    let english = LanguageDecision::Candidate("en".parse().unwrap());
    assert_eq!(heard.decision, english, "{heard:?}");
}

/// White noise from −1 to 1, the same every time.
fn white() -> impl FnMut() -> f32 {
    let mut state = 1_u64;
    move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 40) as f32 / (1 << 23) as f32 - 1.0
    }
}

fn sound(seconds: usize, mut at: impl FnMut(usize) -> f32) -> Vec<f32> {
    (0..seconds * SECOND).map(&mut at).collect()
}

#[test]
fn what_nobody_said_is_not_written_down() {
    let tone = |hz: f32, i: usize| (i as f32 * hz * TAU / SECOND as f32).sin();
    let mut noise = white();
    let mut dice = white();
    let (mut pink, mut clap) = (0.0, 0.0);
    let sounds = [
        ("white noise", sound(4, |_| 0.3 * noise())),
        (
            "pink noise",
            sound(4, |_| {
                pink = 0.97 * pink + 0.1 * dice();
                pink
            }),
        ),
        (
            "hum",
            sound(4, |i| {
                (1..6)
                    .map(|n| 0.2 / n as f32 * tone(50.0 * n as f32, i))
                    .sum()
            }),
        ),
        (
            "chords",
            sound(5, |i| {
                let root = [220.0, 196.0, 174.6, 164.8, 220.0][i / SECOND];
                let fade = 1.0 - (i % SECOND) as f32 / SECOND as f32;
                let chord = [1.0, 1.26, 1.5, 2.0].map(|step| tone(root * step, i));
                0.2 * fade * chord.iter().sum::<f32>()
            }),
        ),
        (
            "applause",
            sound(4, |_| {
                if dice() > 0.995 {
                    clap = 0.8;
                }
                clap *= 0.995;
                clap * noise()
            }),
        ),
    ];
    for (name, samples) in sounds {
        let heard = hear(&samples);
        assert_eq!(heard.text, "", "{name}: {heard:?}");
        assert!(
            heard.rejected.is_some() && heard.words.is_empty(),
            "{name}: {heard:?}"
        );
        assert!(!heard.decision.is_sure(), "{name}: {heard:?}");
    }
}

#[test]
fn overdriven_speech_is_still_understood() {
    let samples = sentence("0890");
    let clipped: Vec<f32> = samples
        .iter()
        .map(|s| (s * 20.0).clamp(-1.0, 1.0))
        .collect();
    let heard = hear(&clipped);
    assert!(word_error_rate(ILL_DISPOSED, &heard) <= 0.35, "{heard:?}");
    assert_english(&heard);
}

#[test]
fn files_of_any_shape_give_the_same_words() {
    let samples = sentence("0890");
    let folder = tempfile::tempdir().unwrap();
    let shapes = [
        ("telephone", 8_000, 1, 8),
        ("studio", 44_100, 2, 24),
        ("old", 11_025, 1, 16),
    ];
    for (name, rate, channels, bits) in shapes {
        let path = folder.path().join(name);
        let spec = hound::WavSpec {
            channels,
            sample_rate: rate,
            bits_per_sample: bits,
            sample_format: hound::SampleFormat::Int,
        };
        let resampled =
            madoguchi_speech::resample::resample(&samples, SPEECH_RATE_HZ, rate).unwrap();
        let mut writer = hound::WavWriter::create(&path, spec).unwrap();
        for sample in resampled {
            let full_scale = f32::from(2_u8).powi(i32::from(bits) - 1) - 1.0;
            for _ in 0..channels {
                writer
                    .write_sample((sample.clamp(-1.0, 1.0) * full_scale) as i32)
                    .unwrap();
            }
        }
        writer.finalize().unwrap();
        let heard = hear(&wav::read(&path).unwrap());
        assert!(
            word_error_rate(ILL_DISPOSED, &heard) <= 0.35,
            "{name}: {heard:?}"
        );
        assert_english(&heard);
    }
}

#[test]
fn two_people_at_once_give_the_words_of_one_or_none() {
    let (one, other) = (sentence("0870"), sentence("0890"));
    let both: Vec<f32> = one
        .iter()
        .zip(other.iter().cycle())
        .map(|(a, b)| a + b)
        .collect();
    let heard = hear(&both);
    assert!(
        !matches!(heard.decision, LanguageDecision::Other(_)),
        "{heard:?}"
    );
    assert!(heard.words.len() <= 40, "{heard:?}");
    assert!(heard.confidence < 0.9, "{heard:?}");
}

#[test]
fn a_minute_without_a_pause_keeps_its_start_and_its_end() {
    let numbers = [
        "0870", "0890", "0920", "0880", "0890", "0920", "0870", "0920", "0890", "0880",
    ];
    let mut minute = Vec::new();
    for number in numbers {
        let samples = sentence(number);
        let loud = |sample: &f32| sample.abs() > 0.02;
        let start = samples.iter().position(loud).unwrap();
        let end = samples.iter().rposition(loud).unwrap();
        minute.extend_from_slice(&samples[start..end]);
    }
    minute.resize(60 * SECOND, 0.0);
    let heard = hear(&minute);
    let text = heard.text.to_lowercase();
    assert!(text.contains("leisure to consider"), "{text}");
    let tail: Vec<&str> = text.split_whitespace().rev().take(25).collect();
    assert!(tail.iter().any(|word| word.starts_with("ill")), "{text}");
    assert!(
        (100..200).contains(&heard.words.len()),
        "{}: {text}",
        heard.words.len()
    );
}

#[test]
fn every_word_has_its_own_confidence() {
    let samples = sentence("0880");
    let heard = hear(&samples);
    let joined: Vec<&str> = heard.words.iter().map(|word| word.text.as_str()).collect();
    assert_eq!(joined.join(" "), heard.text);
    assert!(
        heard
            .words
            .iter()
            .all(|word| (0.0..=1.0).contains(&word.confidence))
    );
    let sure = |text: &str| {
        let word = heard
            .words
            .iter()
            .find(|word| word.text.to_lowercase().starts_with(text));
        word.unwrap().confidence
    };
    assert!(sure("young") > 0.8 && sure("man") > 0.8, "{heard:?}");
}
