//! Sound as halls, telephones and broken files have it, through the command line: a sensible outcome
//! for each, and nothing that nobody said.

use std::f32::consts::TAU;
use std::path::Path;

use crate::support::{Daemon, Robot, ten_of_clubs};
use madoguchi_shared::screen::{Activity, ScreenToRobot};
use madoguchi_speech::resample::resample;
use madoguchi_speech::scoring::error_rate::{Errors, Measure};
use madoguchi_speech::wav::{self, SPEECH_RATE_HZ};
use serde_json::Value;

const SECOND: usize = SPEECH_RATE_HZ as usize;
const ILL_DISPOSED: &str = "unless to be rather cold hearted and rather selfish is to be ill \
    disposed";

fn sound(seconds: usize, at: impl FnMut(usize) -> f32) -> Vec<f32> {
    (0..seconds * SECOND).map(at).collect()
}

fn tone(hz: f32, sample: usize) -> f32 {
    (sample as f32 * hz * TAU / SECOND as f32).sin()
}

/// From −1 to 1, for each seed the same every time.
fn white(seed: u64) -> impl FnMut() -> f32 {
    let mut state = seed;
    move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 40) as f32 / (1 << 23) as f32 - 1.0
    }
}

fn white_noise() -> Vec<f32> {
    let mut noise = white(1);
    sound(4, |_| 0.3 * noise())
}

fn pink_noise() -> Vec<f32> {
    let (mut noise, mut pink) = (white(1), 0.0);
    sound(4, |_| {
        pink = 0.97 * pink + 0.1 * noise();
        pink
    })
}

fn hum() -> Vec<f32> {
    let overtone = |n: u8, i| 0.2 / f32::from(n) * tone(50.0 * f32::from(n), i);
    sound(4, |i| (1..6).map(|n| overtone(n, i)).sum())
}

fn applause() -> Vec<f32> {
    let (mut noise, mut dice, mut clap) = (white(1), white(2), 0.0);
    sound(4, |_| {
        if dice() > 0.995 {
            clap = 0.8;
        }
        clap *= 0.995;
        clap * noise()
    })
}

/// Five chords with a beat, as a waiting line plays them.
fn music() -> Vec<f32> {
    let mut drum = white(1);
    sound(5, |i| {
        let root = [220.0, 196.0, 174.6, 164.8, 220.0][i / SECOND];
        let fade = 1.0 - (i % SECOND) as f32 / SECOND as f32;
        let chord = [1.0, 1.26, 1.5, 2.0].map(|step| tone(root * step, i));
        let beat = (-((i % (SECOND / 2)) as f32) / 800.0).exp();
        0.2 * fade * chord.iter().sum::<f32>() + 0.3 * beat * drum()
    })
}

/// A sentence of a novel.
fn sentence(number: &str) -> Vec<f32> {
    let name = format!("librivox/sense_and_sensibility_01_austen_64kb-{number}.wav");
    let recordings = Path::new(ten_of_clubs()).ancestors().nth(2).unwrap();
    wav::read(&recordings.join(name)).unwrap()
}

fn without_silence(samples: &[f32]) -> Vec<f32> {
    let loud = |sample: &f32| sample.abs() > 0.02;
    let start = samples.iter().position(loud).unwrap();
    let end = samples.iter().rposition(loud).unwrap();
    samples[start..end].to_vec()
}

fn write(robot: &Robot, name: &str, rate: u32, channels: u16, bits: u16, samples: &[f32]) {
    let spec = hound::WavSpec {
        channels,
        sample_rate: rate,
        bits_per_sample: bits,
        sample_format: hound::SampleFormat::Int,
    };
    let full_scale = 2_f32.powi(i32::from(bits) - 1) - 1.0;
    let mut file = hound::WavWriter::create(robot.path(name), spec).unwrap();
    for sample in resample(samples, SPEECH_RATE_HZ, rate).unwrap() {
        for _ in 0..channels {
            let sample = (sample.clamp(-1.0, 1.0) * full_scale) as i32;
            file.write_sample(sample).unwrap();
        }
    }
    file.finalize().unwrap();
}

fn heard(samples: &[f32]) -> Value {
    let robot = Robot::with_models();
    write(&robot, "a.wav", SPEECH_RATE_HZ, 1, 16, samples);
    robot.run(&["transcribe", "a.wav", "--json"]).json()
}

fn text(heard: &Value) -> String {
    heard["text"].as_str().unwrap().to_lowercase()
}

fn words(heard: &Value) -> usize {
    heard["words"].as_array().unwrap().len()
}

fn assert_no_words(name: &str, samples: &[f32]) {
    let heard = heard(samples);
    assert_eq!(text(&heard), "", "{name}: {heard}");
    assert_eq!(words(&heard), 0, "{name}: {heard}");
    assert!(heard["rejected"].is_string(), "{name}: {heard}");
    assert_eq!(heard["language_decision"], "unsure", "{name}: {heard}");
}

fn assert_ill_disposed(name: &str, heard: &Value) {
    let errors = Errors::between(ILL_DISPOSED, &text(heard), Measure::Wer);
    assert!(errors.rate().unwrap() <= 0.35, "{name}: {heard}");
    assert_eq!(heard["language"], "en", "{name}: {heard}");
    assert_eq!(heard["language_decision"], "candidate", "{name}: {heard}");
}

#[test]
fn silence_and_noise_have_no_words() {
    assert_no_words("silence", &sound(3, |_| 0.0));
    assert_no_words("white noise", &white_noise());
    assert_no_words("pink noise", &pink_noise());
}

#[test]
fn hum_music_and_applause_have_no_words() {
    assert_no_words("hum", &hum());
    assert_no_words("music", &music());
    assert_no_words("applause", &applause());
}

#[test]
fn clipped_speech_is_understood() {
    let clip = |sample: &f32| (sample * 20.0).clamp(-1.0, 1.0);
    let clipped: Vec<f32> = sentence("0890").iter().map(clip).collect();
    assert_ill_disposed("clipped", &heard(&clipped));
}

#[test]
fn files_of_telephones_and_studios_give_the_same_words() {
    let robot = Robot::with_models();
    for (name, rate, channels, bits) in [
        ("telephone.wav", 8_000, 1, 8),
        ("old.wav", 11_025, 1, 16),
        ("studio.wav", 44_100, 2, 24),
    ] {
        write(&robot, name, rate, channels, bits, &sentence("0890"));
        let ran = robot.run(&["transcribe", name, "--json"]);
        assert_ill_disposed(name, &ran.json());
    }
}

#[test]
fn of_two_people_at_once_no_more_is_written_than_they_said() {
    let (one, other) = (sentence("0870"), sentence("0890"));
    let both = one.iter().zip(other.iter().cycle()).map(|(a, b)| a + b);
    let heard = heard(&both.collect::<Vec<f32>>());
    assert!(words(&heard) <= 40, "{heard}");
    assert_ne!(heard["language_decision"], "other", "{heard}");
    assert!(heard["confidence"].as_f64().unwrap() < 0.9, "{heard}");
}

#[test]
fn a_minute_without_a_pause_is_written_down_from_start_to_end() {
    let order = [
        "0870", "0890", "0920", "0880", "0890", "0920", "0870", "0920", "0890", "0880",
    ];
    let mut minute = order
        .map(|number| without_silence(&sentence(number)))
        .concat();
    minute.resize(60 * SECOND, 0.0);
    let heard = heard(&minute);
    assert_eq!(heard["seconds_audio"], 60.0, "{heard}");
    let text = text(&heard);
    assert!(text.contains("leisure to consider"), "{text}");
    let tail: Vec<&str> = text.split_whitespace().rev().take(25).collect();
    assert!(tail.iter().any(|word| word.starts_with("ill")), "{text}");
    assert!((100..200).contains(&words(&heard)), "{text}");
}

#[test]
fn a_file_that_ends_early_or_holds_text_is_refused_with_a_reason() {
    let robot = Robot::with_models();
    write(
        &robot,
        "whole.wav",
        SPEECH_RATE_HZ,
        1,
        16,
        &sentence("0890"),
    );
    let whole = std::fs::read(robot.path("whole.wav")).unwrap();
    robot.write("cut.wav", &whole[..whole.len() / 2]);
    robot.write("text.wav", "Ten of clubs.\n");
    for (file, reason) in [("cut.wav", "cut off"), ("text.wav", "not a WAV file")] {
        let ran = robot.run(&["transcribe", file, "--json"]);
        let complaint = ran.complaint();
        assert!(
            complaint.contains(file) && complaint.contains(reason),
            "{complaint}"
        );
    }
}

/// Whoever waits beside a band or a fan isn't spoken to, and the robot goes on listening.
#[test]
fn a_robot_that_hears_music_and_noise_says_nothing() {
    let robot = Robot::with_models();
    for (name, samples) in [("music", music()), ("noise", pink_noise())] {
        let wav = format!("{name}.wav");
        write(&robot, &wav, SPEECH_RATE_HZ, 1, 16, &samples[..2 * SECOND]);
        robot.configure(&format!(
            "[[visitor]]\nid = \"{name}\"\nlabel = \"{name}\"\nlanguage = \"en\"\nwav = \"{wav}\""
        ));
    }
    let wav = ten_of_clubs();
    robot.configure(&format!(
        "[[visitor]]\nid = \"card\"\nlabel = \"Card\"\nlanguage = \"en\"\nwav = {wav:?}"
    ));
    let daemon = Daemon::start(&robot, &[]);
    let mut page = daemon.page();
    page.wait_for(|view| view.activity == Activity::Listening);
    for id in ["music", "noise", "card"] {
        page.say(&ScreenToRobot::PlayVisitor { id: id.to_owned() });
    }
    let view = page.wait_for(|view| view.captions.iter().any(|line| !line.partial));
    let words = view.captions[0].text.to_lowercase();
    let card = ["ten of", "10 of"].iter().any(|card| words.contains(card));
    assert!(card, "{:?}", view.captions);
}
