//! Whisper as a [`Recogniser`].

use std::path::Path;
use std::time::{Duration, Instant};

use madoguchi_shared::ids::Lang;
use whisper_rs::{WhisperContext, WhisperContextParameters};

use super::decode::Network;
use super::language::{LanguageDecision, decide};
use super::windows::windows;
use super::{LONGEST_AUDIO, RecogniseError, Recogniser, Rejection, Transcript, gate};
use crate::wav::SPEECH_RATE_HZ;

/// A multilingual Whisper model in whisper.cpp's format.
///
/// Loading takes about 0.1 s and the *base* model some 150 MB of memory. A turn of five seconds is
/// recognised in well under a second on two desktop cores, its language included.
#[derive(Debug)]
pub struct Whisper {
    network: Network,
}

impl Whisper {
    /// Loads the model in `path`, to be run on `threads` threads (2 is a good default).
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

    fn scored(&self, probabilities: &[f32]) -> Vec<(Lang, f32)> {
        let languages = self.languages().iter().cloned();
        let mut scores: Vec<_> = languages.zip(probabilities.iter().copied()).collect();
        scores.sort_by(|a, b| b.1.total_cmp(&a.1));
        scores
    }

    /// A transcript without text, for sound that the network isn't asked about.
    fn unheard(&self, candidates: &[Lang], rejection: Rejection) -> Transcript {
        let known = candidates
            .iter()
            .find(|lang| self.languages().contains(lang));
        let language = known.unwrap_or(&self.languages()[0]).clone();
        Transcript {
            text: String::new(),
            language,
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

    fn recognise(
        &mut self,
        samples: &[f32],
        candidates: &[Lang],
    ) -> Result<Transcript, RecogniseError> {
        if let Some(rejection) = gate::before(samples) {
            return Ok(self.unheard(candidates, rejection));
        }
        let mut heard: Option<Transcript> = None;
        let (mut text, mut log_probability, mut tokens) = (String::new(), 0.0, 0);
        for window in windows(samples) {
            let sound = &samples[window];
            let preview = self.network.encode(sound)?;
            let transcript = match &mut heard {
                Some(transcript) => transcript,
                None => {
                    let mut first = self.unheard(candidates, Rejection::NoSpeech);
                    first.scores = self.scored(&preview.languages);
                    first.decision = decide(&first.scores, candidates);
                    if let Some(language) = first.decision.likeliest() {
                        first.language = language.clone();
                    }
                    let own = first
                        .scores
                        .iter()
                        .find(|(lang, _)| *lang == first.language);
                    first.language_probability = own.map_or(0.0, |(_, p)| *p);
                    first.no_speech_probability = preview.no_speech;
                    heard.insert(first)
                }
            };
            let decoded = self.network.decode(&transcript.language, sound.len())?;
            let said = String::from_utf8_lossy(&decoded.text).trim().to_owned();
            let mean = decoded.log_probability / decoded.tokens.max(1) as f32;
            let rejection = gate::after(&said, mean, preview.no_speech);
            if rejection.is_none() {
                if !text.is_empty() {
                    text.push(' ');
                }
                text.push_str(&said);
                log_probability += decoded.log_probability;
                tokens += decoded.tokens;
                transcript.rejected = None;
            } else if text.is_empty() {
                transcript.rejected = rejection;
                transcript.confidence = mean.exp();
            }
        }
        let Some(mut transcript) = heard else {
            return Ok(self.unheard(candidates, Rejection::NoSpeech));
        };
        if transcript.rejected.is_none() {
            transcript.text = text;
            transcript.confidence = (log_probability / tokens.max(1) as f32).exp();
        }
        Ok(transcript)
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
