//! How soon the robot is silent when somebody speaks while it does.
//!
//! `cargo bench --bench barge_in -- [MODELS]`: the media engine with echo cancellation, in a
//! simulated room whose microphone hears the loudspeaker, and behind it the daemon's ear: voice
//! detector and endpointer. While the robot speaks without a pause, a visitor says 300 ms of a
//! word (of Debian's `pocketsphinx-testdata`). What core and the daemon's queues take, less than a
//! millisecond, is not in the figures.
//!
//! The delay is that from the end of the 300 ms until the microphone, before any processing, hears
//! nothing any more: the robot's last sound, its way through a device that holds 60 ms, 20 ms of
//! air and the room's reflections are all in it.
#![allow(clippy::unwrap_used)]

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, bounded};
use madoguchi_core::endpoint::{EndpointEvent, EndpointSettings, Endpointer};
use madoguchi_media::{AudioBlock, MediaConfig, MediaEngine, SimulatedRoom, SpeechClip};
use madoguchi_speech::models::ModelStore;
use madoguchi_speech::scoring::percentile;
use madoguchi_speech::vad::{FRAME, VoiceDetector};
use madoguchi_speech::voice::{VOICE_RATE_HZ, VoicePrograms, Voices};
use madoguchi_speech::wav::{self, SPEECH_RATE_HZ};

const RUNS: usize = 25;
const CARDS: &str = "/usr/share/pocketsphinx/test/data/cards";
const SENTENCE: &str = "The office is open Monday to Friday, from half past eight in the morning to \
     five in the afternoon, and you find the counter on the ground floor right behind the entrance.";
const SPEECH: Duration = Duration::from_millis(300);
/// The robot has spoken for this long when the visitor begins; each run a little longer.
const LEAD: Duration = Duration::from_millis(1_200);
/// −60 dB of full scale.
const LOUD: f32 = 0.001;
/// Silence for this long is no gap.
const SILENT: Duration = Duration::from_millis(400);
const PATIENCE: Duration = Duration::from_secs(3);

struct Run {
    /// From the first sound of the visitor until it counts as speech.
    noticed: Duration,
    /// From the end of the visitor's 300 ms to silence.
    silent: Duration,
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let named = arguments.find(|argument| !argument.starts_with("--"));
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let models = root.join(named.as_deref().unwrap_or(".demo/models"));
    let visitors = visitors();
    if visitors.is_empty() {
        println!("SKIPPED: {CARDS} is missing; install pocketsphinx-testdata");
        return;
    }
    let sentence = sentence(&models);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let (events, _events) = bounded(4_096);
    let (block_sender, blocks) = bounded(256);
    let config = MediaConfig {
        voice_processing: true,
        room: Some(SimulatedRoom::default()),
        ..MediaConfig::default()
    };
    let engine =
        MediaEngine::start(config, runtime.handle(), events, block_sender, bounded(1).0).unwrap();
    if !engine.cancels_echo() {
        println!("SKIPPED: no echo cancellation; install gstreamer1.0-plugins-bad");
        return;
    }
    let mut ear = Ear::new(blocks);
    // The canceller learns the room from the first sentence.
    say(&engine, &sentence, 0);
    ear.listen_for(Duration::from_secs(4));
    engine.stop_playing();

    let (mut runs, mut itself) = (Vec::new(), 0);
    for number in 1..=RUNS {
        ear.wait_for_silence();
        say(&engine, &sentence, number as u64);
        if ear.listen_for(LEAD + Duration::from_millis(17) * number as u32) {
            itself += 1;
            engine.stop_playing();
            continue;
        }
        let visitor = &visitors[number % visitors.len()];
        runs.extend(interrupt(&engine, &mut ear, visitor));
        engine.stop_playing();
        eprintln!("barge-in: {number} of {RUNS}");
    }
    engine.shutdown();
    println!(
        "barge-in, {RUNS} runs in a simulated room: stopped {}, not noticed {}, stopped by its own \
         voice {itself}",
        runs.len(),
        RUNS - runs.len() - itself,
    );
    row(
        "speech begins → noticed",
        runs.iter().map(|run| run.noticed),
    );
    row(
        "300 ms of speech → silence",
        runs.iter().map(|run| run.silent),
    );
}

/// Lets `visitor` speak while the robot does; nothing when that isn't noticed.
fn interrupt(engine: &MediaEngine, ear: &mut Ear, visitor: &[f32]) -> Option<Run> {
    let begin = Instant::now();
    engine.play_visitor(visitor.to_vec());
    let (mut noticed, mut last_loud) = (None, begin);
    while begin.elapsed() < PATIENCE {
        let block = ear.next();
        if ear.started && noticed.is_none() {
            engine.stop_playing();
            noticed = Some(begin.elapsed());
        }
        if block.input_rms > LOUD {
            last_loud = block.at;
        } else if noticed.is_some() && block.at.saturating_duration_since(last_loud) > SILENT {
            break;
        }
    }
    Some(Run {
        noticed: noticed?,
        silent: last_loud.saturating_duration_since(begin + SPEECH),
    })
}

/// The microphone's blocks, and whether somebody speaks in them.
struct Ear {
    blocks: Receiver<AudioBlock>,
    detector: VoiceDetector,
    endpointer: Endpointer,
    /// Whether somebody began to speak since the last silence.
    started: bool,
}

impl Ear {
    fn new(blocks: Receiver<AudioBlock>) -> Self {
        Self {
            blocks,
            detector: VoiceDetector::new(),
            endpointer: Endpointer::new(EndpointSettings::default()),
            started: false,
        }
    }

    fn next(&mut self) -> AudioBlock {
        let block = self.blocks.recv_timeout(PATIENCE).unwrap();
        let (endpointer, started) = (&mut self.endpointer, &mut self.started);
        self.detector.push(&block.samples, |probability| {
            let event = endpointer.push(probability, FRAME);
            *started |= matches!(event, Some(EndpointEvent::Started { .. }));
        });
        block
    }

    /// Whether somebody began to speak within `time`.
    fn listen_for(&mut self, time: Duration) -> bool {
        let until = Instant::now() + time;
        while Instant::now() < until {
            self.next();
        }
        self.started
    }

    fn wait_for_silence(&mut self) {
        let mut since = Instant::now();
        while since.elapsed() < SILENT {
            if self.next().input_rms > LOUD {
                since = Instant::now();
            }
        }
        self.endpointer.reset();
        self.started = false;
    }
}

fn say(engine: &MediaEngine, sentence: &[i16], id: u64) {
    engine.play(SpeechClip {
        id,
        sample_rate: VOICE_RATE_HZ,
        samples: sentence.to_vec(),
    });
}

/// The robot's sentence without its pauses, so that a gap is none of its own.
fn sentence(models: &Path) -> Vec<i16> {
    let store = ModelStore::new(models).unwrap();
    let mut samples = Vec::new();
    let mut voices = Voices::load(&store, &VoicePrograms::default(), &[]);
    voices
        .say(&"en".parse().unwrap(), SENTENCE, &mut |piece| {
            samples.extend(piece.samples);
            ControlFlow::Continue(())
        })
        .unwrap();
    let loud = |part: &&[i16]| part.iter().any(|sample| sample.unsigned_abs() > 1_000);
    let parts = samples.chunks(VOICE_RATE_HZ as usize / 50).filter(loud);
    parts.flatten().copied().collect()
}

/// The first 300 ms of what each speaker of the recordings says.
fn visitors() -> Vec<Vec<f32>> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(CARDS)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "wav"))
        .collect();
    files.sort();
    let length = (SPEECH.as_secs_f64() * f64::from(SPEECH_RATE_HZ)) as usize;
    let beginning = |path: &PathBuf| {
        let sound = wav::read(path).ok()?;
        let peak = sound
            .iter()
            .fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
        let first = sound.iter().position(|sample| sample.abs() > 0.2 * peak)?;
        let word = sound.get(first..first + length)?;
        Some(word.iter().map(|sample| sample * 0.5 / peak).collect())
    };
    files.iter().filter_map(beginning).collect()
}

fn row(what: &str, times: impl Iterator<Item = Duration>) {
    let ms: Vec<f64> = times.map(|time| time.as_secs_f64() * 1_000.0).collect();
    let (p50, p95) = (percentile(&ms, 50.0), percentile(&ms, 95.0));
    println!(
        "{what:<46} p50 {p50:>6.0} ms   p95 {p95:>6.0} ms   n {}",
        ms.len()
    );
}
