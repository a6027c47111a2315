//! Long texts are spoken in pieces: soon, without gaps and clicks, and the same again from memory.

use std::ops::ControlFlow;

use crate::support::{model, packaged, store};
use madoguchi_shared::ids::Lang;
use madoguchi_speech::voice::{SpeechPiece, VOICE_RATE_HZ, VoicePrograms, Voices, pieces};

const TEXTS: [(&str, &str); 3] = [
    (
        "en",
        "The ward office is open Monday to Friday, from half past eight in the morning to five.",
    ),
    (
        "pt",
        "A prefeitura abre de segunda a sexta, das oito e meia da manhã às cinco da tarde.",
    ),
    (
        "ja",
        "区役所は、月曜日から金曜日の、午前8時30分から午後5時まで開いています。",
    ),
];

/// Voices with a cache.
fn voices() -> Voices {
    model("piper-en_US-joe-medium");
    model("htsvoice-mei");
    packaged("/usr/bin/espeak-ng", "espeak-ng");
    packaged("/usr/bin/open_jtalk", "open-jtalk");
    Voices::load(&store(), &VoicePrograms::default(), &[]).with_cache(20_000_000)
}

fn say(voices: &mut Voices, lang: &Lang, text: &str) -> Vec<SpeechPiece> {
    let mut spoken = Vec::new();
    voices
        .say(lang, text, &mut |piece| {
            spoken.push(piece);
            ControlFlow::Continue(())
        })
        .unwrap();
    spoken
}

/// The longest run of samples that nobody hears, in milliseconds, the last pause left out.
fn longest_gap_ms(samples: &[i16]) -> usize {
    let last = samples
        .iter()
        .rposition(|s| s.unsigned_abs() > 300)
        .unwrap();
    let mut gaps = samples[..last].split(|s| s.unsigned_abs() > 300);
    let first = gaps.next().map_or(0, <[i16]>::len);
    let longest = gaps.map(<[i16]>::len).max().unwrap_or(0);
    longest.max(first) * 1_000 / VOICE_RATE_HZ as usize
}

#[test]
fn pieces_follow_each_other_as_one_reading() {
    let mut voices = voices();
    for (lang, text) in TEXTS {
        let spoken = say(&mut voices, &lang.parse().unwrap(), text);
        assert!(spoken.len() > 1, "{lang}");
        for piece in &spoken {
            let ends = [piece.samples[0], *piece.samples.last().unwrap()];
            assert!(
                ends.iter().all(|s| s.unsigned_abs() < 100),
                "{lang}: {ends:?}"
            );
        }
        let whole: Vec<i16> = spoken.into_iter().flat_map(|piece| piece.samples).collect();
        let gap = longest_gap_ms(&whole);
        assert!((80..600).contains(&gap), "{lang}: a gap of {gap} ms");
    }
}

#[test]
fn what_is_prepared_is_spoken_as_it_was_made() {
    let mut voices = voices();
    for (lang, text) in TEXTS {
        let lang = lang.parse().unwrap();
        for span in pieces(&lang, text) {
            assert!(voices.prepare(&lang, &text[span]).unwrap());
        }
        let kept = voices.cached_bytes();
        let first = say(&mut voices, &lang, text);
        // The network draws random numbers: only sound from memory is the same twice.
        assert_eq!(say(&mut voices, &lang, text), first);
        assert_eq!(voices.cached_bytes(), kept, "nothing new was made");
    }
}

#[test]
fn what_was_not_prepared_is_not_kept() {
    let mut voices = voices();
    let portuguese = "pt".parse().unwrap();
    say(&mut voices, &portuguese, "O seu nome é Maria Silva.");
    assert_eq!(voices.cached_bytes(), 0);
}

#[test]
fn numbers_are_spoken_as_they_are_read() {
    packaged("/usr/bin/espeak-ng", "espeak-ng");
    let mut voices = Voices::load(&store(), &VoicePrograms::default(), &[]);
    let mut samples = |text: &str| say(&mut voices, &"pt".parse().unwrap(), text);
    for (written, read) in [
        ("Abrimos às 8:30.", "Abrimos às 8 e meia."),
        ("Custa R$ 20,00.", "Custa 20 reais."),
        ("Fica no 2F.", "Fica no 2º andar."),
    ] {
        let (written, read) = (samples(written), samples(read));
        assert_eq!(written[0].samples, read[0].samples);
    }
}
