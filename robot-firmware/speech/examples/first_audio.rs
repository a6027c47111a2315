//! From a text to its first sound, cached and not: `cargo run --example first_audio -- MODELS`.
//!
//! Prints a line per language with p50 and p95 over the texts, the synthesis time per second of
//! speech, and what the texts take in memory.
#![allow(clippy::unwrap_used)]

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use madoguchi_shared::ids::Lang;
use madoguchi_speech::models::ModelStore;
use madoguchi_speech::scoring::percentile;
use madoguchi_speech::voice::{VOICE_RATE_HZ, VoicePrograms, Voices, pieces};

const ROUNDS: usize = 5;
const TEXTS: [(&str, [&str; 4]); 3] = [
    (
        "en",
        [
            "The office is open Monday to Friday, from half past eight in the morning to five in the afternoon.",
            "Burnable garbage is collected on Tuesdays and Fridays; put it out by 8:30.",
            "You need your residence card and your passport.",
            "The counter for certificates is on the ground floor, right behind the main entrance. A copy costs ¥300.",
        ],
    ),
    (
        "pt",
        [
            "A prefeitura abre de segunda a sexta, das oito e meia da manhã às cinco da tarde.",
            "O lixo queimável é recolhido às terças e sextas; coloque-o para fora até as 8:30.",
            "Você precisa do cartão de residência e do passaporte.",
            "O balcão de certidões fica no térreo, logo atrás da entrada principal. Uma cópia custa ¥300.",
        ],
    ),
    (
        "ja",
        [
            "区役所は、月曜日から金曜日の、午前8時30分から午後5時まで開いています。",
            "燃えるごみは、火曜日と金曜日に集めます。朝8:30までに出してください。",
            "在留カードとパスポートが必要です。",
            "証明書の窓口は、1階の正面入口のすぐ後ろにあります。1通300円です。",
        ],
    ),
];

fn main() {
    let folder = std::env::args()
        .nth(1)
        .expect("name the folder of the models");
    let store = ModelStore::new(folder).unwrap();
    for (lang, texts) in TEXTS {
        let lang: Lang = lang.parse().unwrap();
        let mut bare = Voices::load(&store, &VoicePrograms::default(), &[]);
        let mut cached =
            Voices::load(&store, &VoicePrograms::default(), &[]).with_cache(100_000_000);
        for text in texts {
            for span in pieces(&lang, text) {
                assert!(cached.prepare(&lang, &text[span]).unwrap());
            }
        }
        let (mut first, mut from_memory) = (Vec::new(), Vec::new());
        let (mut spent, mut spoken) = (Duration::ZERO, 0);
        for text in texts.iter().cycle().take(ROUNDS * texts.len()) {
            let (sound, whole, samples) = timed(&mut bare, &lang, text);
            first.push(sound);
            spent += whole;
            spoken += samples;
            from_memory.push(timed(&mut cached, &lang, text).0);
        }
        let seconds = spoken as f64 / f64::from(VOICE_RATE_HZ);
        println!(
            "{:<26} not cached {}   cached {}   {:.3} s a second of speech   {:.1} MB kept",
            bare.name_for(&lang),
            percentiles(&first),
            percentiles(&from_memory),
            spent.as_secs_f64() / seconds,
            cached.cached_bytes() as f64 / 1e6,
        );
    }
}

/// Time to the first piece, time to the last one, and the samples of all.
fn timed(voices: &mut Voices, lang: &Lang, text: &str) -> (Duration, Duration, usize) {
    let begin = Instant::now();
    let (mut first, mut samples) = (None, 0);
    voices
        .say(lang, text, &mut |piece| {
            first.get_or_insert_with(|| begin.elapsed());
            samples += piece.samples.len();
            ControlFlow::Continue(())
        })
        .unwrap();
    (first.unwrap(), begin.elapsed(), samples)
}

fn percentiles(times: &[Duration]) -> String {
    let ms: Vec<f64> = times
        .iter()
        .map(|time| time.as_secs_f64() * 1_000.0)
        .collect();
    let (p50, p95) = (percentile(&ms, 50.0), percentile(&ms, 95.0));
    format!("p50 {p50:>5.0} ms  p95 {p95:>5.0} ms")
}
