//! The robot's voices, and the sample visitors who borrow them.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crossbeam_channel::{RecvTimeoutError, Sender};
use madoguchi_media::SpeechClip;
use madoguchi_shared::ids::Lang;
use madoguchi_speech::resample;
use madoguchi_speech::voice::{VOICE_RATE_HZ, Voices};
use madoguchi_speech::wav::{self, SPEECH_RATE_HZ};
use tracing::warn;

use super::pulse::{BEAT, Work};
use super::{Controls, Gate};
use crate::ahead::Ahead;
use crate::event::{Event, SpeechEvent};

/// Between two pieces that are synthesised ahead, for whoever waits for a core.
const BREATH: Duration = Duration::from_millis(50);
/// Nothing is synthesised ahead until this long after the last visitor.
const REST: Duration = Duration::from_secs(3);

/// Something to synthesise.
#[derive(Debug)]
pub enum VoiceJob {
    /// A sentence of the agent.
    Say {
        /// Its number; synthesis stops when another one is current.
        say: u64,
        /// The language of the words.
        language: Lang,
        /// The words.
        text: String,
    },
    /// A sample visitor who speaks with one of our voices.
    SpeakAs {
        /// The language of the words.
        language: Lang,
        /// The words.
        text: String,
    },
    /// A sample visitor who was recorded.
    Play(PathBuf),
}

/// Serves until the queue is dropped. While nobody is being served, and the
/// board has been `measured`, what is `ahead` is prepared.
pub fn run(
    mut voices: Voices,
    mut ahead: Ahead,
    jobs: Work<VoiceJob>,
    controls: &Controls,
    measured: &Gate,
    events: Sender<Event>,
) {
    let mut busy_at = Instant::now();
    loop {
        match jobs.within(if ahead.is_done() { BEAT } else { BREATH }) {
            Ok(job) => {
                serve(&mut voices, job, controls, &events);
                busy_at = Instant::now();
            }
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout)
                if controls.serving.load(Ordering::Relaxed) || !measured.is_open() =>
            {
                busy_at = Instant::now();
            }
            Err(RecvTimeoutError::Timeout) if ahead.is_done() || busy_at.elapsed() < REST => {}
            Err(RecvTimeoutError::Timeout) => ahead.step(&mut voices),
        }
    }
}

fn serve(voices: &mut Voices, job: VoiceJob, controls: &Controls, events: &Sender<Event>) {
    match job {
        VoiceJob::Say {
            say,
            language,
            text,
        } => {
            let wanted = || controls.say.load(Ordering::Relaxed) == say;
            if !wanted() {
                return;
            }
            let outcome = voices.say(&language, &text, &mut |piece| {
                if !wanted() {
                    return ControlFlow::Break(());
                }
                let clip = SpeechClip {
                    id: 0,
                    sample_rate: VOICE_RATE_HZ,
                    samples: piece.samples,
                };
                let span = piece.span;
                let _ = events.send(Event::Speech(SpeechEvent::Clip { say, span, clip }));
                ControlFlow::Continue(())
            });
            if let Err(error) = outcome {
                warn!("a sentence stays silent, its caption is shown: {error}");
            }
            let _ = events.send(Event::Speech(SpeechEvent::Done { say }));
        }
        VoiceJob::SpeakAs { language, text } => {
            let mut samples = Vec::new();
            let outcome = voices.say(&language, &text, &mut |piece| {
                samples.extend(piece.samples.iter().map(|s| f32::from(*s) / 32_768.0));
                ControlFlow::Continue(())
            });
            let resampled = outcome
                .map_err(anyhow::Error::from)
                .and_then(|()| Ok(resample::resample(&samples, VOICE_RATE_HZ, SPEECH_RATE_HZ)?));
            match resampled {
                Ok(samples) => visitor(samples, events),
                Err(error) => warn!("the sample visitor has no voice: {error:#}"),
            }
        }
        VoiceJob::Play(path) => match wav::read(&path) {
            Ok(samples) => visitor(samples, events),
            Err(error) => warn!("the sample visitor can't be played: {error}"),
        },
    }
}

fn visitor(samples: Vec<f32>, events: &Sender<Event>) {
    let _ = events.send(Event::Visitor(samples));
}

/// Without voices: every sentence ends at once, so that the visit goes on by captions.
pub fn run_silent(jobs: Work<VoiceJob>, events: Sender<Event>) {
    for job in jobs {
        match job {
            VoiceJob::Say { say, .. } => {
                let _ = events.send(Event::Speech(SpeechEvent::Done { say }));
            }
            VoiceJob::SpeakAs { .. } => warn!("the sample visitor has no voice"),
            VoiceJob::Play(path) => match wav::read(&path) {
                Ok(samples) => visitor(samples, &events),
                Err(error) => warn!("the sample visitor can't be played: {error}"),
            },
        }
    }
}
