//! Real speech that anyone can install, and sounds that are no speech.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::support::{langs, model, packaged, words};
use madoguchi_speech::wav;
use madoguchi_speech::whisper::{
    Expected, LONGEST_AUDIO, LanguageDecision, RecogniseError, Recogniser, Rejection, Whisper,
    default_threads,
};

const ALSA: &str = "/usr/share/sounds/alsa";
const NOVEL: &str = "/usr/share/pocketsphinx/test/data/librivox/\
    sense_and_sensibility_01_austen_64kb-0870.wav";

fn whisper() -> Whisper {
    Whisper::load(&model("whisper-base"), default_threads()).unwrap()
}

#[test]
fn read_english_is_written_down() {
    let mut whisper = whisper();
    let path = packaged(NOVEL, "pocketsphinx-testdata");
    let samples = wav::read(&path).unwrap();
    let heard = whisper
        .transcribe(&samples, Expected::among(&langs(&["ja", "en", "pt"])))
        .unwrap();
    assert_eq!(
        heard.decision,
        LanguageDecision::Candidate("en".parse().unwrap())
    );
    assert!(
        heard.language_probability > 0.9 && heard.confidence > 0.7,
        "{heard:?}"
    );
    let said = words(&heard.text).join(" ");
    assert!(
        said.contains("john dashwood had then leisure to consider"),
        "{said}"
    );
    assert!(
        said.contains("prudently in his power to do for them"),
        "{said}"
    );
    assert_eq!(heard.audio.as_secs(), 7);
    let total: f32 = heard
        .scores
        .iter()
        .map(|(_, probability)| probability)
        .sum();
    assert!(
        (total - 1.0).abs() < 1e-3 && heard.scores.len() == 99,
        "{total}"
    );
}

#[test]
fn every_word_has_its_own_confidence() {
    let second = NOVEL.replace("0870", "0880");
    let samples = wav::read(&packaged(&second, "pocketsphinx-testdata")).unwrap();
    let candidates = langs(&["ja", "en", "pt"]);
    let heard = whisper()
        .transcribe(&samples, Expected::among(&candidates))
        .unwrap();
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

#[test]
fn english_is_another_language_where_the_office_has_none() {
    let mut whisper = whisper();
    let path = packaged(NOVEL, "pocketsphinx-testdata");
    let samples = wav::read(&path).unwrap();
    let heard = whisper
        .transcribe(&samples, Expected::among(&langs(&["ja", "pt"])))
        .unwrap();
    assert_eq!(
        heard.decision,
        LanguageDecision::Other("en".parse().unwrap())
    );
    assert!(heard.text.contains("Dashwood"), "{}", heard.text);
}

#[test]
fn two_words_are_enough_and_noise_is_not() {
    let mut whisper = whisper();
    let dir = packaged(ALSA, "alsa-utils");
    let mut hear = |file: &str| {
        let samples = wav::read(&dir.join(file)).unwrap();
        whisper
            .transcribe(&samples, Expected::among(&langs(&["ja", "en", "pt"])))
            .unwrap()
    };
    for (file, expected) in [
        ("Front_Left.wav", ["front", "left"]),
        ("Side_Right.wav", ["side", "right"]),
    ] {
        let heard = hear(file);
        assert_eq!(words(&heard.text), expected);
        assert_eq!(
            heard.decision,
            LanguageDecision::Candidate("en".parse().unwrap())
        );
    }
    let heard = hear("Noise.wav");
    assert_eq!(
        (heard.text.as_str(), heard.rejected),
        ("", Some(Rejection::NoSpeech))
    );
}

#[test]
fn nothing_heard_is_no_text_and_no_panic() {
    let mut whisper = whisper();
    for length in [0, 1, 200, 4_000, 48_000] {
        let heard = whisper
            .transcribe(&vec![0.0; length], Expected::among(&langs(&["en"])))
            .unwrap();
        assert_eq!(
            (heard.text.as_str(), heard.rejected),
            ("", Some(Rejection::NoSpeech))
        );
        assert!(heard.compute < Duration::from_secs(1));
    }
    let too_long = vec![0.0; 16_000 * (LONGEST_AUDIO.as_secs() as usize + 1)];
    let refused = whisper.transcribe(&too_long, Expected::default());
    assert!(matches!(refused, Err(RecogniseError::TooLong { .. })));
}

#[test]
fn a_recognition_that_nobody_waits_for_ends_without_words() {
    let mut whisper = whisper();
    let path = packaged(NOVEL, "pocketsphinx-testdata");
    let samples = wav::read(&path).unwrap();
    let given_up = AtomicBool::new(true);
    let english = langs(&["en"]);
    let expected = Expected {
        given_up: Some(&given_up),
        ..Expected::among(&english)
    };
    let heard = whisper.transcribe(&samples, expected);
    assert!(matches!(heard, Err(RecogniseError::GivenUp)), "{heard:?}");
    given_up.store(false, Ordering::Relaxed);
    let heard = whisper.transcribe(&samples, expected).unwrap();
    assert!(heard.rejected.is_none(), "{heard:?}");
}

#[test]
fn a_long_recording_keeps_its_end() {
    let mut whisper = whisper();
    let first = packaged(NOVEL, "pocketsphinx-testdata");
    let mut samples = Vec::new();
    for clip in ["0890", "0920", "0880", "0870", "0890", "0920", "0930"] {
        let path = first.to_str().unwrap().replace("0870", clip);
        samples.extend(wav::read(Path::new(&path)).unwrap());
        samples.extend([0.0; 8_000]);
    }
    let heard = whisper
        .transcribe(&samples, Expected::among(&langs(&["en"])))
        .unwrap();
    assert!(heard.audio > Duration::from_secs(35), "{:?}", heard.audio);
    let said = words(&heard.text).join(" ");
    for part in [
        "john dashwood had then leisure",
        "might even have been made amiable",
    ] {
        assert!(said.contains(part), "{said}");
    }
}

#[test]
fn a_file_that_is_no_model_is_refused() {
    let error = Whisper::load(Path::new("/nonexistent/ggml.bin"), 1).unwrap_err();
    assert!(
        error.to_string().contains("/nonexistent/ggml.bin"),
        "{error}"
    );
    assert!(
        error.to_string().contains("madoguchi-robot models verify"),
        "{error}"
    );
}
