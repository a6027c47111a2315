//! What the voices say is heard again by the recogniser.

use std::ops::ControlFlow;
use std::path::Path;

use crate::support::{langs, model, packaged, store, words};
use madoguchi_speech::resample::resample;
use madoguchi_speech::voice::{SpeechPiece, VOICE_RATE_HZ, VoiceError, VoicePrograms, Voices};
use madoguchi_speech::wav::SPEECH_RATE_HZ;
use madoguchi_speech::whisper::{Expected, Recogniser, Whisper, default_threads};

fn say(voices: &mut Voices, lang: &str, text: &str) -> Result<Vec<SpeechPiece>, VoiceError> {
    let mut chunks = Vec::new();
    voices.say(&lang.parse().unwrap(), text, &mut |chunk| {
        chunks.push(chunk);
        ControlFlow::Continue(())
    })?;
    Ok(chunks)
}

#[test]
fn the_recogniser_hears_what_piper_says() {
    let whisper = model("whisper-base");
    model("piper-en_US-joe-medium");
    packaged("/usr/bin/espeak-ng", "espeak-ng");
    let mut voices = Voices::load(&store(), &VoicePrograms::default(), &[]);
    assert_eq!(
        voices.name_for(&"en".parse().unwrap()),
        "Piper en_US-joe-medium"
    );
    let text = "Hello, Mr. Smith! The counter for certificates is on the second floor.";
    let chunks = say(&mut voices, "en", text).unwrap();
    let pieces: Vec<&str> = chunks
        .iter()
        .map(|chunk| &text[chunk.span.clone()])
        .collect();
    assert_eq!(
        pieces,
        [
            "Hello, Mr. Smith!",
            "The counter for certificates is on the second floor."
        ]
    );
    let samples: Vec<f32> = chunks[1]
        .samples
        .iter()
        .map(|s| f32::from(*s) / 32_768.0)
        .collect();
    let samples = resample(&samples, VOICE_RATE_HZ, SPEECH_RATE_HZ).unwrap();
    let mut whisper = Whisper::load(&whisper, default_threads()).unwrap();
    let heard = whisper
        .transcribe(&samples, Expected::among(&langs(&["ja", "en", "pt"])))
        .unwrap();
    assert_eq!(
        words(&heard.text),
        words("the counter for certificates is on the second floor")
    );
}

#[test]
fn a_language_without_a_voice_of_its_own_is_spoken_by_espeak() {
    packaged("/usr/bin/espeak-ng", "espeak-ng");
    let mut voices = Voices::load(&store(), &VoicePrograms::default(), &[]);
    for (lang, text) in [("pt", "Bom dia. Tudo bem?"), ("vi", "Xin chào. Tạm biệt.")] {
        let chunks = say(&mut voices, lang, text).unwrap();
        assert_eq!(chunks.len(), 2);
        for chunk in chunks {
            let seconds = chunk.samples.len() as f32 / VOICE_RATE_HZ as f32;
            let piece = &text[chunk.span];
            assert!((0.3..4.0).contains(&seconds), "{seconds} s for {piece}");
        }
    }
    let error = say(&mut voices, "xx", "foo").unwrap_err();
    assert!(matches!(error, VoiceError::NoVoice { .. }), "{error}");
    assert!(say(&mut voices, "pt", " … ").unwrap().is_empty());
}

#[test]
fn japanese_with_kanji_is_spoken_by_open_jtalk() {
    model("htsvoice-mei");
    packaged("/usr/bin/open_jtalk", "open-jtalk");
    let mut voices = Voices::load(&store(), &VoicePrograms::default(), &[]);
    assert_eq!(
        voices.name_for(&"ja".parse().unwrap()),
        "Open JTalk mei_normal"
    );
    let chunks = say(
        &mut voices,
        "ja",
        "住民票の窓口は三階です。ご案内しますか？",
    )
    .unwrap();
    assert_eq!(chunks.len(), 2);
    let seconds = chunks[0].samples.len() as f32 / VOICE_RATE_HZ as f32;
    assert!((2.0..4.0).contains(&seconds), "{seconds}");
}

#[test]
fn a_sentence_in_progress_is_the_last_when_the_listener_breaks() {
    packaged("/usr/bin/espeak-ng", "espeak-ng");
    let mut voices = Voices::load(&store(), &VoicePrograms::default(), &[]);
    let mut heard = 0;
    let text = "Um. Dois. Três. Quatro.";
    let said = voices.say(&"pt".parse().unwrap(), text, &mut |_| {
        heard += 1;
        if heard == 2 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    assert!(said.is_ok());
    assert_eq!(heard, 2);
}

#[test]
fn a_missing_program_is_named_with_its_package() {
    let programs = VoicePrograms {
        espeak_ng: "/nonexistent/espeak-ng".into(),
        ..Default::default()
    };
    let empty = tempfile::tempdir().unwrap();
    let store = madoguchi_speech::models::ModelStore::new(empty.path()).unwrap();
    let mut voices = Voices::load(&store, &programs, &[]);
    let error = say(&mut voices, "en", "Hello.").unwrap_err().to_string();
    assert!(error.contains("/nonexistent/espeak-ng"), "{error}");
    assert!(error.contains("apt install espeak-ng"), "{error}");
    assert!(!Path::new("/nonexistent").exists());
}
