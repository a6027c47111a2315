//! How often a person is cut off, and how long one who has finished waits to be understood: with
//! a fixed pause, and with one that follows the words.
//!
//! `cargo bench --bench endpointing -- [MODELS [CLIPS [PARTS [PAUSE_MS]]]]`. The labelled set is made anew each
//! time: the sentences of `endpointing.tsv`, spoken by the robot's own voices in two parts with a
//! pause of known length between them, and every recording (one utterance each) of the folder
//! CLIPS; without it Debian's `pocketsphinx-testdata`. Nothing of it is kept. The microphone's clock
//! is a virtual one: recognition, on one thread, takes the processor time that it took, so that
//! other work on the machine changes nothing. PARTS (`tuning,judged`) leaves out the
//! others, as rules are worked on without the sealed part. PAUSE_MS is the silence after which
//! recognition on trial begins, else the daemon's.
#![allow(clippy::unwrap_used)]

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use madoguchi_core::endpoint::{Completeness, EndpointEvent, EndpointSettings, Endpointer};
use madoguchi_core::pack::{Pack, PackFile};
use madoguchi_core::turn_taking::{SoFar, completeness};
use madoguchi_core::understanding::Index;
use madoguchi_shared::ids::Lang;
use madoguchi_speech::models::ModelStore;
use madoguchi_speech::resample::resample;
use madoguchi_speech::scoring::{percentile, processor_seconds};
use madoguchi_speech::vad::{FRAME, FRAME_SAMPLES, VoiceDetector};
use madoguchi_speech::voice::{VOICE_RATE_HZ, VoicePrograms, Voices};
use madoguchi_speech::wav::{self, SPEECH_RATE_HZ};
use madoguchi_speech::whisper::{Expected, Recogniser, Transcript, Whisper};

const HERE: &str = env!("CARGO_MANIFEST_DIR");
const LIBRIVOX: &str = "/usr/share/pocketsphinx/test/data/librivox";
const RECORDED: &str = "recorded";
const PARTS: &str = "tuning,judged,sealed,recorded";
/// Sound that is quieter than this counts as silence at the ends of a part.
const SILENCE: f32 = 0.01;
const BEFORE: Duration = Duration::from_millis(500);
const AFTER: Duration = Duration::from_secs(3);
/// What the daemon leaves of the silence.
const POST_ROLL: Duration = Duration::from_millis(200);

/// One utterance, from silence to silence.
struct Clip {
    /// `tuning` and `judged`: what the rules were chosen by; `sealed`: written before the newest of
    /// them, and tried when they stood; or `recorded`.
    part: String,
    name: String,
    samples: Vec<f32>,
    /// Where its last sound is.
    end: Duration,
    /// Whether it has a pause that somebody put there.
    labelled: bool,
}

struct Outcome {
    cut_off: bool,
    /// From the end of the voice to the decision that it was the end.
    decided: Duration,
    /// From the end of the voice to the words.
    words: Duration,
    recognitions: u32,
    /// What was recognised last.
    heard: String,
}

fn main() {
    let args: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with("--"))
        .collect();
    let root = Path::new(HERE).join("..");
    let named =
        |place: usize, default: &str| root.join(args.get(place).map_or(default, String::as_str));
    let (models, clips) = (named(0, ".demo/models"), named(1, LIBRIVOX));
    let languages: Vec<Lang> = ["ja", "en", "pt"].map(|tag| tag.parse().unwrap()).to_vec();
    let file = ModelStore::new(&models)
        .unwrap()
        .file("whisper-base")
        .unwrap();
    let mut bench = Bench {
        recogniser: Box::new(Whisper::load(&file, 1).unwrap()),
        languages,
        index: Index::new(&sample_pack()),
    };
    let parts: Vec<&str> = args
        .get(2)
        .map_or(PARTS, String::as_str)
        .split(',')
        .collect();
    let mut set = spoken(&models, &parts);
    let made = set.len();
    set.extend(recorded(&clips));
    println!(
        "{made} sentences with pauses made by the robot's voices, {} recordings",
        set.len() - made
    );
    let fixed = EndpointSettings {
        complete_silence: Duration::from_millis(600),
        end_silence: Duration::from_millis(600),
        unfinished_silence: Duration::from_millis(600),
        ..EndpointSettings::default()
    };
    let by_words = EndpointSettings {
        pause: args.get(3).map_or(EndpointSettings::default().pause, |ms| {
            Duration::from_millis(ms.parse().unwrap())
        }),
        ..EndpointSettings::default()
    };
    for part in parts {
        let set: Vec<&Clip> = set.iter().filter(|clip| clip.part == part).collect();
        bench.report(part, "fixed pause of 600 ms", &set, |bench, clip| {
            bench.fixed(clip, &fixed)
        });
        bench.report(part, "pause by the words", &set, |bench, clip| {
            bench.adaptive(clip, &by_words)
        });
    }
}

struct Bench {
    recogniser: Box<dyn Recogniser>,
    languages: Vec<Lang>,
    index: Index,
}

impl Bench {
    fn report(
        &mut self,
        part: &str,
        how: &str,
        set: &[&Clip],
        run: impl Fn(&mut Self, &Clip) -> Outcome,
    ) {
        let mut outcomes: Vec<(&Clip, Outcome)> = Vec::new();
        for &clip in set {
            eprintln!("{part}, {how}: {} of {}", outcomes.len() + 1, set.len());
            outcomes.push((clip, run(self, clip)));
        }
        let cut: Vec<String> = outcomes
            .iter()
            .filter(|(_, outcome)| outcome.cut_off)
            .map(|(clip, outcome)| format!("{}: heard \"{}\"", clip.name, outcome.heard.trim()))
            .collect();
        let paused = outcomes.iter().filter(|(clip, _)| clip.labelled).count();
        let of_paused = outcomes
            .iter()
            .filter(|(clip, o)| clip.labelled && o.cut_off)
            .count();
        let share = |part: usize, all: usize| 100.0 * part as f64 / all.max(1) as f64;
        println!(
            "{part}, {how}: false cut-offs {:.1} % ({} of {}), of those with a made pause {:.1} %",
            share(cut.len(), set.len()),
            cut.len(),
            set.len(),
            share(of_paused, paused)
        );
        let whole = || outcomes.iter().filter(|(_, outcome)| !outcome.cut_off);
        row(
            "  end of speech → decision",
            whole().map(|(_, o)| o.decided),
        );
        row("  end of speech → words", whole().map(|(_, o)| o.words));
        let recognitions: u32 = outcomes.iter().map(|(_, o)| o.recognitions).sum();
        println!(
            "  recognitions per utterance {:.2}",
            f64::from(recognitions) / set.len() as f64
        );
        for name in cut {
            println!("  cut off: {name}");
        }
    }

    /// Recognition begins when the utterance is over.
    fn fixed(&mut self, clip: &Clip, settings: &EndpointSettings) -> Outcome {
        let mut endpointer = Endpointer::new(settings.clone());
        for (now, probability) in frames(clip) {
            if let Some(EndpointEvent::Ended { silence }) = endpointer.push(probability, FRAME) {
                let (transcript, compute) = self.recognise(clip, now, silence);
                let heard = transcript.map_or_else(String::new, |t| t.text);
                return outcome(clip, now, now + compute, 1, heard);
            }
        }
        outcome(clip, clip.end + AFTER, clip.end + AFTER, 0, String::new())
    }

    /// Recognition begins at a pause, and its words decide how long that may last.
    fn adaptive(&mut self, clip: &Clip, settings: &EndpointSettings) -> Outcome {
        let mut endpointer = Endpointer::new(settings.clone());
        let mut pending: VecDeque<(Duration, u32, Completeness)> = VecDeque::new();
        let mut free = Duration::ZERO;
        let mut recognitions = 0;
        let mut heard = String::new();
        for (now, probability) in frames(clip) {
            while pending.front().is_some_and(|(ready, ..)| *ready <= now) {
                let Some((_, pause, words)) = pending.pop_front() else {
                    break;
                };
                endpointer.judge(pause, words);
            }
            match endpointer.push(probability, FRAME) {
                Some(EndpointEvent::Paused { pause, silence }) => {
                    let (transcript, compute) = self.recognise(clip, now, silence);
                    recognitions += 1;
                    heard = transcript
                        .as_ref()
                        .map_or_else(String::new, |t| t.text.clone());
                    let words = transcript.filter(|t| t.rejected.is_none()).map_or(
                        Completeness::Unknown,
                        |t| {
                            let so_far = SoFar {
                                text: &t.text,
                                language: &t.language,
                                confidence: t.confidence,
                                last_word: t.words.last().map_or(0.0, |word| word.confidence),
                            };
                            completeness(so_far, &self.index)
                        },
                    );
                    free = free.max(now) + compute;
                    pending.push_back((free, pause, words));
                }
                Some(EndpointEvent::Ended { .. }) => {
                    return outcome(clip, now, now.max(free), recognitions, heard);
                }
                _ => {}
            }
        }
        outcome(
            clip,
            clip.end + AFTER,
            clip.end + AFTER,
            recognitions,
            heard,
        )
    }

    /// What was said until `now`, and how long it took to be recognised.
    fn recognise(
        &mut self,
        clip: &Clip,
        now: Duration,
        silence: Duration,
    ) -> (Option<Transcript>, Duration) {
        let end = samples_of(now.saturating_sub(silence.saturating_sub(POST_ROLL)));
        let sound = &clip.samples[..end.min(clip.samples.len())];
        let before = processor_seconds();
        let transcript = self
            .recogniser
            .transcribe(sound, Expected::among(&self.languages))
            .ok();
        let compute = Duration::from_secs_f64((processor_seconds() - before).max(0.0));
        (transcript, compute)
    }
}

/// Every frame's end and its probability of voice.
fn frames(clip: &Clip) -> Vec<(Duration, f32)> {
    let mut detector = VoiceDetector::new();
    let mut frames = Vec::new();
    for frame in clip.samples.chunks_exact(FRAME_SAMPLES) {
        let now = FRAME * (frames.len() as u32 + 1);
        detector.push(frame, |probability| frames.push((now, probability)));
    }
    frames
}

fn outcome(
    clip: &Clip,
    ended: Duration,
    words: Duration,
    recognitions: u32,
    heard: String,
) -> Outcome {
    Outcome {
        cut_off: ended < clip.end,
        decided: ended.saturating_sub(clip.end),
        words: words.saturating_sub(clip.end),
        recognitions,
        heard,
    }
}

fn row(what: &str, spans: impl Iterator<Item = Duration>) {
    let ms: Vec<f64> = spans.map(|span| span.as_secs_f64() * 1_000.0).collect();
    let (p50, p95) = (percentile(&ms, 50.0), percentile(&ms, 95.0));
    println!(
        "{what:<28} p50 {p50:>5.0} ms   p95 {p95:>5.0} ms   n {}",
        ms.len()
    );
}

/// The sentences of the table, spoken by the robot's own voices.
fn spoken(models: &Path, parts: &[&str]) -> Vec<Clip> {
    let store = ModelStore::new(models).unwrap();
    let mut voices = Voices::load(&store, &VoicePrograms::default(), &[]);
    let mut say = |lang: &str, text: &str| -> Vec<f32> {
        let mut samples = Vec::new();
        voices
            .say(&lang.parse().unwrap(), text, &mut |piece| {
                samples.extend(piece.samples.iter().map(|s| f32::from(*s) / 32_768.0));
                ControlFlow::Continue(())
            })
            .unwrap();
        trimmed(&resample(&samples, VOICE_RATE_HZ, SPEECH_RATE_HZ).unwrap())
    };
    let table = std::fs::read_to_string(Path::new(HERE).join("benches/endpointing.tsv")).unwrap();
    let row = |line: &str| {
        let mut cells = line.split('\t');
        let mut cell = || cells.next().unwrap_or_default();
        let (part, lang, before, pause, after) = (cell(), cell(), cell(), cell(), cell());
        let pause = Duration::from_millis(pause.parse().unwrap());
        let mut sound = say(lang, before);
        if !after.is_empty() {
            sound.resize(sound.len() + samples_of(pause), 0.0);
            sound.extend(say(lang, after));
        }
        clip(
            part,
            format!("{lang}: {before} ({} ms) {after}", pause.as_millis()),
            sound,
            !after.is_empty(),
        )
    };
    table
        .lines()
        .skip(1)
        .filter(|line| {
            parts
                .iter()
                .any(|part| line.split('\t').next() == Some(part))
        })
        .map(row)
        .collect()
}

fn recorded(folder: &Path) -> Vec<Clip> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ext| ext == "wav"))
        .collect();
    files.sort();
    let named = |path: &PathBuf| {
        let name = path.file_name()?.to_string_lossy().into_owned();
        Some(clip(RECORDED, name, trimmed(&wav::read(path).ok()?), false))
    };
    files.iter().filter_map(named).collect()
}

fn clip(part: &str, name: String, sound: Vec<f32>, labelled: bool) -> Clip {
    let mut samples = vec![0.0; samples_of(BEFORE)];
    samples.extend(sound);
    let end = Duration::from_secs_f64(samples.len() as f64 / f64::from(SPEECH_RATE_HZ));
    samples.resize(samples.len() + samples_of(AFTER), 0.0);
    Clip {
        part: part.to_owned(),
        name,
        samples,
        end,
        labelled,
    }
}

fn trimmed(sound: &[f32]) -> Vec<f32> {
    let loud = |sample: &f32| sample.abs() >= SILENCE;
    let first = sound.iter().position(loud).unwrap_or(0);
    let last = sound.iter().rposition(loud).map_or(0, |last| last + 1);
    sound.get(first..last).unwrap_or_default().to_vec()
}

fn samples_of(span: Duration) -> usize {
    (span.as_secs_f64() * f64::from(SPEECH_RATE_HZ)) as usize
}

fn sample_pack() -> Pack {
    let root = Path::new(HERE).join("pack");
    let mut files = Vec::new();
    for folder in ["", "actions", "flows", "phrases", "topics"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ext| ext == "toml") {
                let name = path
                    .strip_prefix(&root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned();
                let text = std::fs::read_to_string(&path).unwrap();
                files.push(PackFile { path: name, text });
            }
        }
    }
    Pack::parse(&files).unwrap()
}
