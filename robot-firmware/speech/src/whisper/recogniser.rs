//! Whisper as a [`Recogniser`].

use std::path::Path;
use std::time::{Duration, Instant};

use madoguchi_shared::ids::Lang;
use whisper_rs::{WhisperContext, WhisperContextParameters};

use super::decode::{Look, Network};
use super::language::{LanguageDecision, decide};
use super::windows::windows;
use super::{LONGEST_AUDIO, RecogniseError, Recogniser, Rejection, Transcript, gate};
use crate::wav::SPEECH_RATE_HZ;

/// Probability of the likeliest language below which the sound is looked at again in full.
const SURE_LANGUAGE: f32 = 0.6;
/// Confidence in the text below which the sound is looked at again in full.
const SURE_TEXT: f32 = 0.4;

/// Threads for the recogniser: 2 on four cores and more, 1 on fewer.
///
/// The network's threads wait for each other without sleeping. Where other work takes a core from
/// one of them, two are many times slower than one.
pub fn default_threads() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    if cores >= 4 { 2 } else { 1 }
}

/// A multilingual Whisper model in whisper.cpp's format.
///
/// Loading takes about 0.2 s and the *base* model some 150 MB of memory. A turn of five seconds is
/// recognised in 0.4 s on two idle desktop cores and 0.6 s on one, its language included; where
/// language or text come out doubtful it is looked at a second time with the encoder's full
/// context, which takes four times as long.
#[derive(Debug)]
pub struct Whisper {
    network: Network,
}

/// What was heard in one window.
struct Heard {
    scores: Vec<(Lang, f32)>,
    decision: LanguageDecision,
    language: Lang,
    no_speech: f32,
    text: String,
    log_probability: f32,
    tokens: usize,
}

impl Heard {
    fn mean_log_probability(&self) -> f32 {
        self.log_probability / self.tokens.max(1) as f32
    }

    fn is_doubtful(&self) -> bool {
        let language_probability = self.scores.first().map_or(0.0, |(_, p)| *p);
        language_probability < SURE_LANGUAGE || self.mean_log_probability() < SURE_TEXT.ln()
    }
}

impl Whisper {
    /// Loads the model in `path`, to be run on `threads` threads, see [`default_threads`].
    ///
    /// # Errors
    /// [`RecogniseError::Load`] or [`RecogniseError::EnglishOnly`].
    pub fn load(path: &Path, threads: usize) -> Result<Self, RecogniseError> {
        whisper_rs::install_logging_hooks();
        let failed = |source| RecogniseError::Load {
            path: path.to_owned(),
            source,
        };
        let context = WhisperContext::new_with_params(path, WhisperContextParameters::default())
            .map_err(failed)?;
        if !context.is_multilingual() {
            return Err(RecogniseError::EnglishOnly {
                path: path.to_owned(),
            });
        }
        Ok(Self {
            network: Network::new(context, threads.max(1)).map_err(failed)?,
        })
    }

    /// The languages that the model knows.
    pub fn languages(&self) -> &[Lang] {
        &self.network.vocabulary.languages
    }

    /// Hears one window, in `language` or in the one that it decides on.
    fn hear(
        &mut self,
        sound: &[f32],
        candidates: &[Lang],
        language: Option<&Lang>,
    ) -> Result<Heard, RecogniseError> {
        let quick = self.look(sound, candidates, language, Look::Quick)?;
        if !quick.is_doubtful() {
            return Ok(quick);
        }
        let full = self.look(sound, candidates, language, Look::Full)?;
        let full_is_better = full.mean_log_probability() >= quick.mean_log_probability();
        Ok(if full_is_better || quick.text.is_empty() {
            full
        } else {
            quick
        })
    }

    fn look(
        &mut self,
        sound: &[f32],
        candidates: &[Lang],
        language: Option<&Lang>,
        look: Look,
    ) -> Result<Heard, RecogniseError> {
        let preview = self.network.encode(sound, look)?;
        let languages = self.languages().iter().cloned();
        let mut scores: Vec<_> = languages.zip(preview.languages).collect();
        scores.sort_by(|a, b| b.1.total_cmp(&a.1));
        let decision = decide(&scores, candidates);
        let language = language
            .or(decision.likeliest())
            .unwrap_or(&scores[0].0)
            .clone();
        let decoded = self.network.decode(&language, sound.len())?;
        Ok(Heard {
            scores,
            decision,
            language,
            no_speech: preview.no_speech,
            text: String::from_utf8_lossy(&decoded.text).trim().to_owned(),
            log_probability: decoded.log_probability,
            tokens: decoded.tokens,
        })
    }

    fn recognise(
        &mut self,
        samples: &[f32],
        candidates: &[Lang],
    ) -> Result<Transcript, RecogniseError> {
        if let Some(rejection) = gate::before(samples) {
            return Ok(self.unheard(candidates, rejection));
        }
        let mut windows = windows(samples).into_iter();
        let first = &samples[windows.next().unwrap_or_default()];
        let mut heard = self.hear(first, candidates, None)?;
        let judge =
            |heard: &Heard| gate::after(&heard.text, heard.mean_log_probability(), heard.no_speech);
        let mut rejected = judge(&heard);
        for window in windows {
            let more = self.hear(&samples[window], candidates, Some(&heard.language))?;
            if judge(&more).is_some() {
                continue;
            }
            if rejected.take().is_some() {
                heard = Heard {
                    scores: heard.scores,
                    decision: heard.decision,
                    ..more
                };
            } else {
                heard.text = format!("{} {}", heard.text, more.text);
                heard.log_probability += more.log_probability;
                heard.tokens += more.tokens;
            }
        }
        let probability = heard
            .scores
            .iter()
            .find(|(lang, _)| *lang == heard.language);
        Ok(Transcript {
            confidence: heard.mean_log_probability().exp(),
            text: if rejected.is_none() {
                heard.text
            } else {
                String::new()
            },
            decision: match rejected {
                Some(_) => LanguageDecision::Unsure(candidates.to_vec()),
                None => heard.decision,
            },
            language_probability: probability.map_or(0.0, |(_, p)| *p),
            language: heard.language,
            scores: heard.scores,
            no_speech_probability: heard.no_speech,
            rejected,
            audio: Duration::ZERO,
            compute: Duration::ZERO,
        })
    }

    /// A transcript without text, for sound that the network isn't asked about.
    fn unheard(&self, candidates: &[Lang], rejection: Rejection) -> Transcript {
        let known = candidates
            .iter()
            .find(|lang| self.languages().contains(lang));
        Transcript {
            text: String::new(),
            language: known.unwrap_or(&self.languages()[0]).clone(),
            language_probability: 0.0,
            decision: LanguageDecision::Unsure(candidates.to_vec()),
            scores: Vec::new(),
            confidence: 0.0,
            no_speech_probability: 1.0,
            rejected: Some(rejection),
            audio: Duration::ZERO,
            compute: Duration::ZERO,
        }
    }
}

impl Recogniser for Whisper {
    fn transcribe(
        &mut self,
        samples: &[f32],
        candidates: &[Lang],
    ) -> Result<Transcript, RecogniseError> {
        let start = Instant::now();
        let audio = Duration::from_secs_f64(samples.len() as f64 / f64::from(SPEECH_RATE_HZ));
        if audio > LONGEST_AUDIO {
            return Err(RecogniseError::TooLong { audio });
        }
        let mut transcript = self.recognise(samples, candidates)?;
        transcript.audio = audio;
        transcript.compute = start.elapsed();
        Ok(transcript)
    }
}
