use std::path::Path;
use std::thread;

use crossbeam_channel::bounded;
use madoguchi_media::MICROPHONE_BLOCK_SAMPLES;
use madoguchi_speech::wav::{self, SPEECH_RATE_HZ};
use madoguchi_speech::whisper::LanguageDecision;

use super::*;
use crate::pack;
use crate::threads::jobs::{Job, jobs};
use crate::threads::pulse::{Patience, Pulses};

/// Sentences of a novel, as Debian's pocketsphinx-testdata brings them.
const NOVEL: &str = "/usr/share/pocketsphinx/test/data/librivox/\
    sense_and_sensibility_01_austen_64kb-";
const BLOCK: Duration = Duration::from_millis(10);

fn sentence(number: &str) -> Vec<f32> {
    let samples = wav::read(Path::new(&format!("{NOVEL}{number}.wav"))).unwrap();
    let loud = |sample: &f32| sample.abs() > 0.02;
    let start = samples.iter().position(loud).unwrap();
    let end = samples.iter().rposition(loud).unwrap();
    samples[start..end].to_vec()
}

fn seconds(samples: usize) -> f64 {
    samples as f64 / f64::from(SPEECH_RATE_HZ)
}

/// What a look costs on two idle x86 cores, and a little more.
fn cost(samples: usize) -> Duration {
    Duration::from_secs_f64(0.12 + 0.06 * seconds(samples))
}

fn transcript(job: &Job) -> Option<Transcript> {
    let english: Lang = "en".parse().unwrap();
    (!job.given_up.load(Ordering::Relaxed)).then(|| Transcript {
        text: format!("and {:.0}", seconds(job.samples.len())),
        words: Vec::new(),
        language: english.clone(),
        language_probability: 0.9,
        decision: LanguageDecision::Candidate(english),
        scores: Vec::new(),
        confidence: 0.9,
        no_speech_probability: 0.0,
        rejected: None,
        audio: Duration::ZERO,
        compute: cost(job.samples.len()),
    })
}

/// Plays `sound` into the thread, with a recogniser whose looks take as much of the sound's own
/// time as they [`cost`]. What the thread told, and after how much sound.
fn play(sound: &[f32]) -> Vec<(Duration, Input)> {
    let (to_blocks, blocks) = bounded(0);
    let (jobs, mut asked) = jobs(&Pulses::default());
    let (_again, again) = bounded(1);
    let (events, told) = bounded(64);
    let wires = Wires {
        blocks,
        jobs,
        again,
        events,
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("pack");
    let index = Arc::new(Index::new(&pack::load(&folder).unwrap()));
    let thread = thread::spawn(move || {
        let controls = Controls::default();
        controls.recognises.store(true, Ordering::Relaxed);
        controls.captions.store(true, Ordering::Relaxed);
        let pulse = Pulses::default().of("hearing", Patience::Loop);
        let endpoint = EndpointSettings::default();
        run(Voice::Visitor, wires, endpoint, index, &controls, &pulse);
    });
    let mut said = Vec::new();
    let mut under_way: Option<(Duration, Job)> = None;
    let blocks = sound.chunks_exact(MICROPHONE_BLOCK_SAMPLES);
    for (number, samples) in (0_u32..).zip(blocks) {
        let now = BLOCK * number;
        let block = AudioBlock {
            number: u64::from(number),
            at: Instant::now(),
            input_rms: 0.1,
            samples: samples.to_vec(),
        };
        // Taken only when everything before it was dealt with.
        to_blocks.send(block).unwrap();
        if let Some((_, job)) = under_way.take_if(|(ready, _)| *ready <= now) {
            let transcript = transcript(&job);
            job.answer(transcript);
        }
        if under_way.is_none() {
            let job = asked.waiting();
            under_way = job.map(|job| (now + cost(job.samples.len()), job));
        }
        said.extend(told.try_iter().filter_map(|event| match event {
            Event::Core(input) => Some((now, input)),
            _ => None,
        }));
    }
    drop(to_blocks);
    thread.join().unwrap();
    said
}

/// The longest time for which somebody spoke without new words on the screen.
fn longest_without_words(said: &[(Duration, Input)]) -> Duration {
    let (mut since, mut longest) = (None, Duration::ZERO);
    for (now, input) in said {
        let speaks = match input {
            Input::SpeechStarted { .. } | Input::SpeechResumed { .. } | Input::Partial(_) => true,
            Input::SpeechPaused { .. } | Input::SpeechEnded { .. } => false,
            _ => continue,
        };
        longest = longest.max(since.map_or(Duration::ZERO, |since| *now - since));
        since = speaks.then_some(*now);
    }
    longest
}

fn partials(said: &[(Duration, Input)]) -> Vec<String> {
    let partial = |(_, input): &(Duration, Input)| match input {
        Input::Partial(partial) => Some(partial.text.clone()),
        _ => None,
    };
    said.iter().filter_map(partial).collect()
}

#[test]
fn words_so_far_come_at_least_once_a_second() {
    for number in ["0870", "0880", "0890", "0920"] {
        let sound = sentence(number);
        let said = play(&sound);
        let words = partials(&said).len();
        assert!(
            words as f64 >= seconds(sound.len()) - 1.0,
            "{number}: {said:#?}"
        );
        let longest = longest_without_words(&said);
        assert!(
            longest <= Duration::from_secs(1),
            "{number}: {longest:?} {said:#?}"
        );
    }
}

#[test]
fn they_come_as_often_of_somebody_who_talks_for_long() {
    let sound = ["0870", "0880", "0890", "0870", "0880"]
        .map(sentence)
        .concat();
    assert!(seconds(sound.len()) > 20.0);
    let said = play(&sound);
    let longest = longest_without_words(&said);
    assert!(longest <= Duration::from_secs(1), "{longest:?} {said:#?}");
    let words = partials(&said);
    assert!(!words[0].starts_with('…'), "{words:?}");
    assert_eq!(
        words.last().unwrap(),
        "… and 6",
        "only the newest sound is looked at"
    );
}
