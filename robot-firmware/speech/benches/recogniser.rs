//! Our recogniser against whisper.cpp's own `full()` at its default parameters: same process, same
//! model file, same clips, same number of threads, taking turns.
//!
//! `make bench-recogniser`, or with labelled clips of your own
//! `make bench-recogniser CLIPS=DIR` (a folder with a `manifest.tsv` as for
//! `madoguchi-robot transcribe`); by default Debian's `pocketsphinx-testdata`.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use madoguchi_shared::ids::Lang;
use madoguchi_speech::models::ModelStore;
use madoguchi_speech::scoring::error_rate::{Errors, Measure};
use madoguchi_speech::scoring::manifest::{self, Clip};
use madoguchi_speech::scoring::{percentile, processor_seconds};
use madoguchi_speech::wav;
use madoguchi_speech::whisper::{Expected, Recogniser, Whisper};
use whisper_rs::{
    FullParams, SamplingStrategy, WhisperContext, WhisperContextParameters, WhisperState,
    get_lang_str,
};

const NOVEL: &str = "/usr/share/pocketsphinx/test/data/librivox";
const THREADS: usize = 2;

/// What a recogniser makes of a clip.
struct Heard {
    text: String,
    language: String,
}

/// What adds up for one recogniser.
#[derive(Default)]
struct Column {
    seconds: Vec<f64>,
    cpu_s: f64,
    right: usize,
    /// By the language that was spoken.
    errors: BTreeMap<Lang, Errors>,
}

impl Column {
    /// Gives back the text.
    fn take(&mut self, clip: &Clip, hear: impl FnOnce() -> Heard) -> String {
        let (start, cpu) = (Instant::now(), processor_seconds());
        let heard = hear();
        self.seconds.push(start.elapsed().as_secs_f64());
        self.cpu_s += processor_seconds() - cpu;
        self.right += usize::from(heard.language == clip.lang.as_str());
        let measure = Measure::of(&clip.lang);
        if let Some(said) = &clip.reference {
            let errors = Errors::between(said, &heard.text, measure);
            *self.errors.entry(clip.lang.clone()).or_default() += errors;
        }
        heard.text.trim().to_owned()
    }

    fn print(&self, name: &str, audio_s: f64) {
        let rate = |measure| {
            let mut sum = Errors::default();
            let own = self
                .errors
                .iter()
                .filter(|(lang, _)| Measure::of(lang) == measure);
            own.for_each(|(_, errors)| sum += *errors);
            percent(sum)
        };
        println!(
            "{name}: {:.2} s in all, a clip p50 {:.2} s, p95 {:.2} s; {:.3} CPU seconds per second \
             of speech; WER {}, CER {}; language right {} of {}",
            self.seconds.iter().sum::<f64>(),
            percentile(&self.seconds, 50.0),
            percentile(&self.seconds, 95.0),
            self.cpu_s / audio_s,
            rate(Measure::Wer),
            rate(Measure::Cer),
            self.right,
            self.seconds.len(),
        );
    }
}

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut arguments = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench");
    let clips = match arguments.next() {
        Some(folder) => {
            let folder = root.join(folder);
            manifest::read(&folder.join("manifest.tsv"), &folder).unwrap_or_else(|e| fail(&e))
        }
        None => novel(),
    };
    let store = ModelStore::new(root.join(".demo/models")).unwrap();
    let model = store.file("whisper-base").unwrap_or_else(|e| fail(&e));
    let candidates: Vec<Lang> = ["ja", "en", "pt"].map(|tag| tag.parse().unwrap()).to_vec();

    let before = resident("VmRSS");
    let mut ours = Whisper::load(&model, THREADS).unwrap();
    let sounds: Vec<Vec<f32>> = clips
        .iter()
        .map(|clip| wav::read(&clip.path).unwrap())
        .collect();
    for sound in &sounds {
        ours.transcribe(sound, Expected::among(&candidates))
            .unwrap();
    }
    let peak = resident("VmHWM") - before;

    whisper_rs::install_logging_hooks();
    let mut parameters = WhisperContextParameters::default();
    parameters.flash_attn(true);
    let context = WhisperContext::new_with_params(&model, parameters).unwrap();
    let mut stock = context.create_state().unwrap();

    let (mut own, mut theirs) = (Column::default(), Column::default());
    let mut ratios = Vec::new();
    for (clip, sound) in clips.iter().zip(&sounds) {
        let ours_heard = own.take(clip, || {
            let heard = ours
                .transcribe(sound, Expected::among(&candidates))
                .unwrap();
            Heard {
                text: heard.text,
                language: heard.language.to_string(),
            }
        });
        let theirs_heard = theirs.take(clip, || full(&mut stock, sound));
        let (a, b) = (own.seconds.last().unwrap(), theirs.seconds.last().unwrap());
        println!(
            "{}: ours {a:.2} s, whisper.cpp {b:.2} s, {:.1} times",
            clip.name,
            b / a
        );
        if ours_heard != theirs_heard {
            println!("    ours “{ours_heard}”\n    whisper.cpp “{theirs_heard}”");
        }
        ratios.push(b / a);
    }
    let audio_s = sounds.iter().map(Vec::len).sum::<usize>() as f64 / 16_000.0;
    println!(
        "\n{} clips, {audio_s:.1} s of speech, {THREADS} threads",
        clips.len()
    );
    own.print("ours       ", audio_s);
    theirs.print("whisper.cpp", audio_s);
    for (lang, errors) in &own.errors {
        println!(
            "{lang}: {} ours {}, whisper.cpp {}, of {}",
            Measure::of(lang).as_str().to_uppercase(),
            percent(*errors),
            percent(theirs.errors.get(lang).copied().unwrap_or_default()),
            errors.reference,
        );
    }
    println!(
        "faster: {:.1} times in all; a clip p50 {:.1}, p5 {:.1} times",
        theirs.seconds.iter().sum::<f64>() / own.seconds.iter().sum::<f64>(),
        percentile(&ratios, 50.0),
        percentile(&ratios, 5.0),
    );
    println!("memory of ours at its peak: {:.0} MB", peak / 1e6);
}

fn percent(errors: Errors) -> String {
    let rate = errors.rate();
    rate.map_or("-".to_owned(), |rate| format!("{:.1} %", 100.0 * rate))
}

/// whisper.cpp as it comes: greedy with five candidates where it falls back to higher
/// temperatures, full context, flash attention, language detected.
fn full(state: &mut WhisperState, sound: &[f32]) -> Heard {
    let mut params = FullParams::new(SamplingStrategy::Greedy { best_of: 5 });
    params.set_n_threads(THREADS as i32);
    params.set_language(Some("auto"));
    params.set_print_progress(false);
    params.set_print_realtime(false);
    state.full(params, sound).unwrap();
    let segments = (0..state.full_n_segments()).filter_map(|index| state.get_segment(index));
    Heard {
        text: segments
            .map(|segment| segment.to_str_lossy().unwrap().into_owned())
            .collect(),
        language: get_lang_str(state.full_lang_id_from_state())
            .unwrap_or("?")
            .to_owned(),
    }
}

/// The clips that Debian packages, with what is read in them.
fn novel() -> Vec<Clip> {
    let folder = PathBuf::from(NOVEL);
    let Ok(texts) = std::fs::read_to_string(folder.join("transcription")) else {
        fail(&format!(
            "{NOVEL} is missing; install pocketsphinx-testdata or name a folder"
        ));
    };
    let clip = |line: &str| {
        let (text, name) = line.rsplit_once(" (")?;
        let name = format!("{}.wav", name.trim_end_matches(')'));
        Some(Clip {
            path: folder.join(&name),
            name,
            lang: "en".parse().ok()?,
            reference: Some(text.replace("<s>", "").replace("</s>", "")),
        })
    };
    texts.lines().filter_map(clip).collect()
}

/// A line of this process's memory, in bytes.
fn resident(name: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace()
        .nth(1)
        .unwrap()
        .parse::<f64>()
        .unwrap()
        * 1024.0
}

fn fail(reason: &dyn std::fmt::Display) -> ! {
    eprintln!("bench: {reason}");
    std::process::exit(1);
}
