//! From microphone blocks to utterances, and from utterances to words in time.
//!
//! At a short pause the words so far are recognised on trial. They decide how long the pause may
//! last ([`madoguchi_core::endpoint`]); when the utterance is over with it, they are its words.
//! Otherwise the trial is given up and the utterance goes on. While somebody speaks and the
//! recogniser is idle, it also says what it has understood so far.
//!
//! The visitor's voice and, in a call, the operator's are heard by a thread each.

mod buffer;
mod jobs;
mod kept;
mod partials;
mod teller;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded, never, select};
use madoguchi_core::Input;
use madoguchi_core::endpoint::{Completeness, EndpointEvent, EndpointSettings, Endpointer};
use madoguchi_core::input::Partial;
use madoguchi_core::recognition::LONGEST_QUEUE;
use madoguchi_core::turn_taking::{SoFar, completeness};
use madoguchi_core::understanding::Index;
use madoguchi_core::volume::NoiseFloor;
use madoguchi_media::AudioBlock;
use madoguchi_shared::ids::Lang;
use madoguchi_speech::vad::{FRAME, VoiceDetector};
use madoguchi_speech::whisper::Transcript;
use tracing::warn;

use super::Controls;
use super::jobs::{JobsIn, Purpose, Recognised, Voice};
use super::pulse::{BEAT, Pulse};
use super::recogniser::outcome;
use crate::event::Event;
use buffer::Buffer;
use jobs::{Awaited, Jobs, Trial};
use kept::KeptSound;
use partials::Partials;
use teller::Teller;

/// A microphone that delivers nothing for so long is gone, and with it what was being said.
const GONE: Duration = Duration::from_secs(2);
/// Jobs that the recogniser has not answered: those that wait and the one that is under way.
const ANSWERS: usize = LONGEST_QUEUE + 1;
/// The loop hears of the noise in the room this often.
const NOISE_EVERY: Duration = Duration::from_secs(1);

/// The ends of the queues that the thread uses.
pub struct Wires {
    /// The voice.
    pub blocks: Receiver<AudioBlock>,
    /// To the recogniser.
    pub jobs: JobsIn,
    /// From the loop.
    pub again: Receiver<Again>,
    /// To the loop.
    pub events: Sender<Event>,
}

/// A request to recognise the last utterance once more, in the language that the visitor named.
#[derive(Debug)]
pub struct Again {
    /// The utterance.
    pub utterance: u32,
    /// Its language.
    pub language: Lang,
}

/// Runs until the queue of blocks is dropped. `index` tells which words are a question that
/// the pack knows.
pub fn run(
    voice: Voice,
    wires: Wires,
    endpoint: EndpointSettings,
    index: Arc<Index>,
    controls: &Controls,
    pulse: &Pulse,
) {
    let Wires {
        blocks,
        jobs,
        mut again,
        events,
    } = wires;
    let (reply, results) = bounded(ANSWERS);
    let mut hearing = Hearing {
        detector: VoiceDetector::new(),
        buffer: Buffer::new(&endpoint),
        endpointer: Endpointer::new(endpoint),
        index,
        noise: NoiseFloor::default(),
        noise_told: Instant::now(),
        number: 0,
        trial: None,
        partials: Partials::default(),
        awaited: Vec::new(),
        kept: KeptSound::default(),
        voice_probability: 0.0,
        jobs: Jobs::new(voice, jobs, reply),
        teller: Teller { voice, events },
    };
    let mut heard_at = Instant::now();
    loop {
        pulse.beat();
        if !controls.serving.load(Ordering::Relaxed) {
            hearing.kept.forget_doubtful();
        }
        select! {
            recv(blocks) -> block => {
                heard_at = Instant::now();
                match block {
                    Ok(_) if controls.off(voice) => hearing.forget_all(),
                    Ok(_) if controls.deaf(voice) => hearing.forget(),
                    Ok(block) => hearing.take(&block, controls),
                    Err(_) => return,
                }
            }
            recv(results) -> result => {
                if let Ok(result) = result {
                    hearing.recognised(result);
                }
            }
            recv(again) -> request => match request {
                Ok(request) => hearing.again(request),
                Err(_) => again = never(),
            },
            default(BEAT) => {
                if controls.off(voice) {
                    hearing.forget_all();
                } else if heard_at.elapsed() >= GONE {
                    hearing.forget();
                }
            }
        }
    }
}

struct Hearing {
    detector: VoiceDetector,
    endpointer: Endpointer,
    buffer: Buffer,
    index: Arc<Index>,
    noise: NoiseFloor,
    noise_told: Instant,
    /// Counts the utterances.
    number: u32,
    trial: Option<Trial>,
    partials: Partials,
    /// Utterances that are over and wait for their words.
    awaited: Vec<Awaited>,
    kept: KeptSound,
    /// Of the newest frame: a block may be shorter than one.
    voice_probability: f32,
    jobs: Jobs,
    teller: Teller,
}

impl Hearing {
    fn take(&mut self, block: &AudioBlock, controls: &Controls) {
        let samples = &block.samples;
        self.jobs.recognises = controls.recognises.load(Ordering::Relaxed);
        self.kept.let_go_of_old_sound();
        self.buffer.push(samples);
        let mut found = Vec::new();
        let mut newest: Option<f32> = None;
        let endpointer = &mut self.endpointer;
        let partials = &mut self.partials;
        self.detector.push(samples, |probability| {
            partials.pass(FRAME);
            newest = Some(newest.map_or(probability, |p| p.max(probability)));
            found.extend(endpointer.push(probability, FRAME));
        });
        self.voice_probability = newest.unwrap_or(self.voice_probability);
        if !controls.sounding.load(Ordering::Relaxed) {
            self.measure_noise(block);
        }
        for event in found {
            self.endpoint(event);
        }
        if !self.endpointer.in_speech() {
            self.buffer.keep_pre_roll();
        } else if self.endpointer.hears_voice() && controls.captions.load(Ordering::Relaxed) {
            self.ask_for_partial();
        }
    }

    fn endpoint(&mut self, event: EndpointEvent) {
        match event {
            EndpointEvent::Started { ago } => {
                self.number = self.number.wrapping_add(1);
                self.buffer.begin(ago);
                self.partials.begin(ago);
                self.tell(Input::SpeechStarted {
                    utterance: self.number,
                });
            }
            EndpointEvent::Hushed { silence } => {
                self.tell(Input::SpeechPaused {
                    utterance: self.number,
                    silence_ms: u32::try_from(silence.as_millis()).unwrap_or(u32::MAX),
                });
            }
            EndpointEvent::Paused { pause, silence } => self.try_words(pause, silence),
            EndpointEvent::Resumed => {
                self.give_up_trial();
                self.tell(Input::SpeechResumed {
                    utterance: self.number,
                });
            }
            EndpointEvent::Ended { silence } => self.finish(silence),
        }
    }

    fn try_words(&mut self, pause: u32, silence: Duration) {
        // Not sooner: in speech there is a hush every other second, and the words so far that are
        // under way are shown if they come within it.
        self.partials.give_up();
        let samples = self.buffer.utterance(silence);
        match self.jobs.ask(samples, Purpose::Words) {
            Some(ticket) => {
                self.trial = Some(Trial {
                    ticket,
                    pause,
                    outcome: None,
                });
            }
            None => self.endpointer.judge(pause, Completeness::Unknown),
        }
    }

    fn measure_noise(&mut self, block: &AudioBlock) {
        let length = Duration::from_secs_f64(
            block.samples.len() as f64 / f64::from(madoguchi_media::MICROPHONE_RATE_HZ),
        );
        self.noise
            .push(block.input_rms, self.voice_probability, length);
        if let Some(noise_db) = self.noise.db()
            && self.noise_told.elapsed() >= NOISE_EVERY
        {
            self.noise_told = Instant::now();
            self.teller.tell_noise(noise_db);
        }
    }

    fn finish(&mut self, silence: Duration) {
        self.partials.give_up();
        let utterance = self.number;
        self.tell(if silence.is_zero() {
            Input::SpeechCut { utterance }
        } else {
            Input::SpeechEnded { utterance }
        });
        let voice = self.endpointer.voice();
        let samples = self.buffer.utterance(silence);
        self.buffer.clear();
        self.kept.keep(utterance, samples.clone());
        match self.trial.take() {
            Some(Trial {
                outcome: Some(transcript),
                ..
            }) => self.tell_words(utterance, voice, transcript),
            Some(Trial { ticket, .. }) => self.awaited.push(Awaited {
                ticket,
                utterance,
                voice,
            }),
            None => self.await_words(utterance, voice, samples, Purpose::Words),
        }
    }

    fn again(
        &mut self,
        Again {
            utterance,
            language,
        }: Again,
    ) {
        match self.kept.take_doubtful(utterance) {
            Some(samples) => {
                let purpose = Purpose::Again(language);
                self.await_words(utterance, Duration::ZERO, samples, purpose);
            }
            None => self.tell_words(utterance, Duration::ZERO, None),
        }
    }

    fn await_words(
        &mut self,
        utterance: u32,
        voice: Duration,
        samples: Vec<f32>,
        purpose: Purpose,
    ) {
        match self.jobs.ask(samples, purpose) {
            Some(ticket) => self.awaited.push(Awaited {
                ticket,
                utterance,
                voice,
            }),
            None if !self.jobs.recognises => self.tell_words(utterance, Duration::ZERO, None),
            None => {
                warn!("the recogniser is too slow; an utterance is dropped");
                self.tell_words(utterance, voice, None);
            }
        }
    }

    fn recognised(&mut self, result: Recognised) {
        self.jobs.answered();
        let Recognised { job, transcript } = result;
        let is_partial = self.partials.answered(job, transcript.as_ref());
        if let Some(place) = self
            .awaited
            .iter()
            .position(|awaited| awaited.ticket.job == job)
        {
            let awaited = self.awaited.remove(place);
            return self.tell_words(awaited.utterance, awaited.voice, transcript);
        }
        if let Some(trial) = self.trial.as_mut().filter(|trial| trial.ticket.job == job) {
            let words = transcript
                .as_ref()
                .filter(|transcript| transcript.rejected.is_none())
                .map_or(Completeness::Unknown, |transcript| {
                    completeness(so_far(transcript), &self.index)
                });
            self.endpointer.judge(trial.pause, words);
            trial.outcome = Some(transcript);
            return;
        }
        if is_partial
            && let Some(transcript) = transcript
            && transcript.rejected.is_none()
            && !transcript.text.trim().is_empty()
        {
            self.tell(Input::Partial(Partial {
                utterance: self.number,
                text: self.partials.words(&transcript.text),
                language: transcript.language,
            }));
        }
    }

    fn ask_for_partial(&mut self) {
        if self.partials.due() && self.jobs.all_answered() {
            let samples = self
                .partials
                .newest_of(self.buffer.utterance(Duration::ZERO));
            let ticket = self.jobs.ask(samples, Purpose::Partial);
            self.partials.asked(ticket);
        }
    }

    fn give_up_trial(&mut self) {
        if let Some(trial) = self.trial.take() {
            trial.ticket.give_up();
        }
    }

    fn forget(&mut self) {
        self.kept.let_go_of_old_sound();
        if self.endpointer.in_speech() {
            self.give_up_trial();
            self.partials.give_up();
            self.tell_words(self.number, Duration::ZERO, None);
        }
        self.endpointer.reset();
        self.detector.reset();
        self.buffer.clear();
    }

    /// Forgets what was said before as well: its words are not wanted any more.
    fn forget_all(&mut self) {
        self.forget();
        self.kept = KeptSound::default();
        for awaited in std::mem::take(&mut self.awaited) {
            awaited.ticket.give_up();
            self.tell_words(awaited.utterance, Duration::ZERO, None);
        }
    }

    fn tell_words(&mut self, utterance: u32, voice: Duration, transcript: Option<Transcript>) {
        self.kept.understood(utterance, transcript.as_ref());
        self.tell(outcome(utterance, transcript, voice));
    }

    fn tell(&self, input: Input) {
        self.teller.tell(input);
    }
}

fn so_far(transcript: &Transcript) -> SoFar<'_> {
    SoFar {
        text: &transcript.text,
        language: &transcript.language,
        confidence: transcript.confidence,
        last_word: transcript.words.last().map_or(0.0, |word| word.confidence),
    }
}

#[cfg(test)]
mod tests;
