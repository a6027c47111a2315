//! Whisper as a [`Recogniser`].

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use madoguchi_shared::ids::Lang;
use tracing::warn;
use whisper_rs::{WhisperContext, WhisperContextParameters};

use super::board::{Fit, LONGEST_WAIT};
use super::calibration::Calibration;
use super::decode::{Look, Network, Preview};
use super::language::{Expected, LanguageDecision};
use super::windows::windows;
use super::words::{Word, cut, words};
use super::{LONGEST_AUDIO, RecogniseError, Recogniser, Rejection, Transcript, gate};
use crate::wav::SPEECH_RATE_HZ;

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
/// language or text come out doubtful it is looked at a second time with the encoder's
/// full context, which takes four times as long.
#[derive(Debug)]
pub struct Whisper {
    network: Network,
    calibration: Calibration,
    second_look: bool,
}

/// What was heard in one window.
struct Heard {
    scores: Vec<(Lang, f32)>,
    decision: LanguageDecision,
    language: Lang,
    no_speech: f32,
    text: String,
    words: Vec<Word>,
    log_probability: f32,
    tokens: usize,
}

impl Heard {
    fn mean_log_probability(&self) -> f32 {
        self.log_probability / self.tokens.max(1) as f32
    }

    fn rejection(&self) -> Option<Rejection> {
        gate::after(&self.text, self.mean_log_probability(), self.no_speech)
    }

    fn is_doubtful(&self) -> bool {
        !self.decision.is_sure() || self.mean_log_probability() < SURE_TEXT.ln()
    }

    /// Takes in what was said in the window after this one.
    fn append(&mut self, more: Self) {
        self.text = format!("{} {}", self.text, more.text);
        self.words.extend(more.words);
        self.log_probability += more.log_probability;
        self.tokens += more.tokens;
    }
}

/// One window on its way through the network.
#[derive(Clone, Copy)]
struct Window<'a> {
    sound: &'a [f32],
    voiced: Duration,
    expected: Expected<'a>,
}

impl Whisper {
    /// Loads the model in `path`, to be run on `threads` threads, see [`default_threads`], with
    /// the [`Calibration`] that lies beside it. Without a sound one, the default one is used and the
    /// log says why.
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
            calibration: Calibration::beside(path).unwrap_or_else(|error| {
                warn!("the built-in calibration is used: {error}");
                Calibration::default()
            }),
            second_look: true,
        })
    }

    /// Reads the languages' probabilities by another calibration.
    pub fn with_calibration(mut self, calibration: Calibration) -> Self {
        self.calibration = calibration;
        self
    }

    /// The languages that the model knows.
    pub fn languages(&self) -> &[Lang] {
        &self.network.vocabulary.languages
    }

    /// The logarithms of the network's own probabilities for the languages of a clip of at most
    /// 27 s: what a calibration is fitted to.
    ///
    /// # Errors
    /// [`RecogniseError::Engine`].
    pub fn language_log_probabilities(
        &mut self,
        samples: &[f32],
    ) -> Result<Vec<(Lang, f32)>, RecogniseError> {
        let first = windows(samples).into_iter().next().unwrap_or_default();
        let preview = self.network.encode(&samples[first], Look::Quick)?;
        Ok(self.named(&preview))
    }

    /// Times one look at a clip on this board, the encoder and as many words as people say in that
    /// time, and tells what was heard in it.
    ///
    /// # Errors
    /// [`RecogniseError::GivenUp`] or [`RecogniseError::Engine`].
    pub fn measure(
        &mut self,
        clip: &[f32],
        given_up: &AtomicBool,
    ) -> Result<(Duration, String), RecogniseError> {
        let expected = Expected {
            hurry: true,
            given_up: Some(given_up),
            ..Expected::default()
        };
        // The first look is slower than any later one: memory is touched for the first time.
        let heard = self.transcribe(clip, expected)?;
        let mut time = heard.compute;
        if time <= 2 * LONGEST_WAIT {
            let once = self.network.measure(clip, expected)?;
            time = self.network.measure(clip, expected)?.min(once);
        }
        Ok((time, heard.text))
    }

    /// Runs as `fit` says.
    pub fn with_fit(mut self, fit: &Fit) -> Self {
        self.second_look = fit.second_look;
        if fit.lean { self.lean() } else { self }
    }

    /// Computes less context, see [`Fit::lean`].
    pub fn lean(mut self) -> Self {
        self.network.run_lean();
        self
    }

    fn named(&self, preview: &Preview) -> Vec<(Lang, f32)> {
        let languages = self.languages().iter().cloned();
        languages.zip(preview.languages.iter().copied()).collect()
    }

    /// Hears one window, in `language` or in the one that it decides on.
    fn hear(
        &mut self,
        window: Window<'_>,
        language: Option<&Lang>,
    ) -> Result<Heard, RecogniseError> {
        let quick = self.look(window, language, Look::Quick)?;
        if window.expected.hurry || !self.second_look || !quick.is_doubtful() {
            return Ok(quick);
        }
        let full = self.look(window, language, Look::Full)?;
        let full_is_better = full.mean_log_probability() >= quick.mean_log_probability();
        Ok(if full_is_better || quick.text.is_empty() {
            full
        } else {
            quick
        })
    }

    fn look(
        &mut self,
        window: Window<'_>,
        language: Option<&Lang>,
        look: Look,
    ) -> Result<Heard, RecogniseError> {
        let Window {
            sound,
            voiced,
            expected,
        } = window;
        expected.awaited()?;
        let preview = self.network.encode(sound, look)?;
        expected.awaited()?;
        let own = self.named(&preview);
        let scores = self.calibration.probabilities(&own, voiced, expected);
        let decision = match expected.named {
            Some(named) => expected.certain(named),
            None => self.calibration.decide(&scores, voiced, expected),
        };
        let language = language
            .or(decision.words_in(expected.held))
            .unwrap_or(&scores[0].0)
            .clone();
        let decoded = self.network.decode(&language, sound.len(), expected)?;
        let bytes: Vec<u8> = decoded
            .tokens
            .iter()
            .flat_map(|(bytes, _)| bytes)
            .copied()
            .collect();
        let text = String::from_utf8_lossy(&bytes);
        let said = gate::without_boilerplate(&text);
        let log_probability = decoded.tokens.iter().map(|(_, log_p)| log_p).sum::<f32>();
        Ok(Heard {
            scores,
            decision,
            no_speech: preview.no_speech,
            words: cut(words(&decoded.tokens, &language), said),
            // Where nothing else was said, the gate is to see the boilerplate.
            text: if said.is_empty() { text.trim() } else { said }.to_owned(),
            language,
            log_probability: log_probability + decoded.end_log_probability,
            tokens: decoded.tokens.len() + 1,
        })
    }

    fn recognise(
        &mut self,
        samples: &[f32],
        expected: Expected<'_>,
    ) -> Result<Transcript, RecogniseError> {
        let voiced = match gate::before(samples) {
            Ok(voiced) => voiced,
            Err(rejection) => return Ok(self.unheard(expected, rejection)),
        };
        let mut windows = windows(samples).into_iter().map(|window| Window {
            sound: &samples[window],
            voiced,
            expected,
        });
        let Some(first) = windows.next() else {
            return Ok(self.unheard(expected, Rejection::NoSpeech));
        };
        let mut heard = self.hear(first, None)?;
        let mut rejected = heard.rejection();
        for window in windows {
            let more = self.hear(window, Some(&heard.language))?;
            if more.rejection().is_some() {
                continue;
            }
            if rejected.take().is_some() {
                heard = Heard {
                    scores: heard.scores,
                    decision: heard.decision,
                    ..more
                };
            } else {
                heard.append(more);
            }
        }
        if rejected.is_some() {
            heard.text.clear();
            heard.words.clear();
            heard.decision = LanguageDecision::Unsure(expected.candidates.to_vec());
        }
        let own = heard
            .scores
            .iter()
            .find(|(lang, _)| *lang == heard.language);
        Ok(Transcript {
            confidence: heard.mean_log_probability().exp(),
            text: heard.text,
            words: heard.words,
            decision: heard.decision,
            language_probability: own.map_or(0.0, |(_, p)| *p),
            language: heard.language,
            scores: heard.scores,
            no_speech_probability: heard.no_speech,
            rejected,
            audio: Duration::ZERO,
            compute: Duration::ZERO,
        })
    }

    /// A transcript without text, for sound that the network isn't asked about.
    fn unheard(&self, expected: Expected<'_>, rejection: Rejection) -> Transcript {
        let mut known = expected.held.into_iter().chain(expected.candidates);
        let known = known.find(|lang| self.languages().contains(lang));
        Transcript {
            text: String::new(),
            words: Vec::new(),
            language: known.unwrap_or(&self.languages()[0]).clone(),
            language_probability: 0.0,
            decision: LanguageDecision::Unsure(expected.candidates.to_vec()),
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
        expected: Expected<'_>,
    ) -> Result<Transcript, RecogniseError> {
        let start = Instant::now();
        let audio = Duration::from_secs_f64(samples.len() as f64 / f64::from(SPEECH_RATE_HZ));
        if audio > LONGEST_AUDIO {
            return Err(RecogniseError::TooLong { audio });
        }
        let mut transcript = self.recognise(samples, expected)?;
        transcript.audio = audio;
        transcript.compute = start.elapsed();
        Ok(transcript)
    }
}
