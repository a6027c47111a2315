//! One window of sound through the network: encoder, language, then greedy decoding.

use std::time::{Duration, Instant};

use madoguchi_shared::ids::Lang;
use whisper_rs::{FullParams, SamplingStrategy, WhisperContext, WhisperError, WhisperState};

use super::RecogniseError;
use super::language::Expected;
use super::vocabulary::{Vocabulary, log_sum_exp};
use crate::wav::SPEECH_RATE_HZ;

/// How many encoder positions (of 20 ms) are computed for a sound.
#[derive(Debug, Clone, Copy)]
struct Context {
    shortest: usize,
    /// Positions beyond the sound, without which the decoder repeats itself.
    margin: usize,
    step: usize,
}

const ROOMY: Context = Context {
    shortest: 384,
    margin: 128,
    step: 64,
};
/// A fifth less for four seconds.
const LEAN: Context = Context {
    shortest: 256,
    margin: 96,
    step: 16,
};
const LONGEST_CONTEXT: usize = 1500;
/// Shortest clip that the spectrogram takes, 250 ms; shorter ones are padded.
const SHORTEST: usize = SPEECH_RATE_HZ as usize / 4;
/// Tokens that a text may have, plus this many a second.
const TOKENS: usize = 12;
const TOKENS_PER_SECOND: usize = 10;
/// Tokens that people say a second, prompt and end included.
const TYPICAL_TOKENS_PER_SECOND: usize = 5;

/// The network with its working memory.
#[derive(Debug)]
pub(super) struct Network {
    context: WhisperContext,
    state: WhisperState,
    pub(super) vocabulary: Vocabulary,
    threads: usize,
    fitting: Context,
}

/// How much of the encoder's context is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// As much as the sound needs: up to four times faster.
    Quick,
    /// All of it, as the network was trained. With twice as much as the sound needs, the language
    /// was named as well, but words were made of noise.
    Full,
}

/// What the start-of-transcript token says about a window.
#[derive(Debug)]
pub(super) struct Preview {
    /// Log probability of every language, in the vocabulary's order.
    pub(super) languages: Vec<f32>,
    pub(super) no_speech: f32,
}

/// The text of a window.
#[derive(Debug, Default)]
pub(super) struct Decoded {
    /// Bytes and log probability of every token; a letter may be spread over several.
    pub(super) tokens: Vec<(Vec<u8>, f32)>,
    /// Log probability that the text ends after them; 0 where it was cut.
    pub(super) end_log_probability: f32,
}

impl Network {
    pub(super) fn new(context: WhisperContext, threads: usize) -> Result<Self, WhisperError> {
        let state = context.create_state()?;
        let vocabulary = Vocabulary::of(&context);
        Ok(Self {
            context,
            state,
            vocabulary,
            threads,
            fitting: ROOMY,
        })
    }

    /// Computes no more context than slow boards have time for.
    pub(super) fn run_lean(&mut self) {
        self.fitting = LEAN;
    }

    /// Encodes a window of at most 30 s, and reads off languages and no-speech.
    pub(super) fn encode(
        &mut self,
        samples: &[f32],
        look: Look,
    ) -> Result<Preview, RecogniseError> {
        let mut padded = samples.to_vec();
        padded.resize(samples.len().max(SHORTEST), 0.0);
        self.compute_mel(&padded, look)
            .map_err(failed("computing the spectrogram"))?;
        self.state
            .encode(0, self.threads)
            .map_err(failed("encoding"))?;
        self.step(self.vocabulary.start, 0)?;
        let logits = self.logits()?;
        let no_speech = (logits[self.vocabulary.no_speech as usize] - log_sum_exp(logits)).exp();
        let logits = &logits[self.vocabulary.language_tokens()];
        let total = log_sum_exp(logits);
        let languages = logits.iter().map(|logit| logit - total).collect();
        Ok(Preview {
            languages,
            no_speech,
        })
    }

    /// The time for one quick look at `samples`, with [`TYPICAL_TOKENS_PER_SECOND`] decoded.
    pub(super) fn measure(
        &mut self,
        samples: &[f32],
        expected: Expected<'_>,
    ) -> Result<Duration, RecogniseError> {
        let start = Instant::now();
        expected.awaited()?;
        self.encode(samples, Look::Quick)?;
        let tokens = TYPICAL_TOKENS_PER_SECOND * samples.len() / SPEECH_RATE_HZ as usize;
        for position in 1..=tokens {
            expected.awaited()?;
            self.step(self.vocabulary.no_times, position)?;
            self.vocabulary.choose(self.logits()?, false);
        }
        Ok(start.elapsed())
    }

    /// The spectrogram, and how much of it the encoder looks at.
    ///
    /// `full` alone can set the audio context, and returns before encoding when it is asked for
    /// no more than the 100 ms that it ignores.
    fn compute_mel(&mut self, samples: &[f32], look: Look) -> Result<(), WhisperError> {
        let Context {
            shortest,
            margin,
            step,
        } = self.fitting;
        let positions = samples.len() * 50 / SPEECH_RATE_HZ as usize + margin;
        let quick = positions.next_multiple_of(step).max(shortest);
        let context = match look {
            Look::Quick => quick,
            Look::Full => LONGEST_CONTEXT,
        };
        let mut params = FullParams::new(SamplingStrategy::Greedy { best_of: 1 });
        params.set_n_threads(self.threads as i32);
        params.set_audio_ctx(context.min(LONGEST_CONTEXT) as i32);
        params.set_duration_ms(100);
        params.set_print_progress(false);
        self.state.full(params, samples)
    }

    /// The text of the encoded window in `language`, as long as it is awaited.
    pub(super) fn decode(
        &mut self,
        language: &Lang,
        samples: usize,
        expected: Expected<'_>,
    ) -> Result<Decoded, RecogniseError> {
        let vocabulary = &self.vocabulary;
        let Some(language) = vocabulary.language_token(language) else {
            return Ok(Decoded::default());
        };
        let (task, no_times) = (vocabulary.transcribe, vocabulary.no_times);
        self.state
            .decode(&[language, task], 1, self.threads)
            .map_err(failed("decoding"))?;
        self.step(no_times, 3)?;
        let mut position = 4;
        let budget = TOKENS + TOKENS_PER_SECOND * samples.div_ceil(SPEECH_RATE_HZ as usize);
        let mut tokens: Vec<i32> = Vec::new();
        let mut log_probabilities = Vec::new();
        let mut end_log_probability = 0.0;
        while tokens.len() < budget {
            expected.awaited()?;
            let (token, log_p) = self.vocabulary.choose(self.logits()?, tokens.is_empty());
            if token == self.vocabulary.end_of_text {
                end_log_probability = log_p;
                break;
            }
            tokens.push(token);
            log_probabilities.push(log_p);
            if let Some(length) = before_repetition(&tokens) {
                tokens.truncate(length);
                break;
            }
            self.step(token, position)?;
            position += 1;
        }
        let bytes = |token| self.context.token_to_bytes(token).unwrap_or_default();
        let tokens = tokens.into_iter().map(|token| bytes(token).to_vec());
        Ok(Decoded {
            tokens: tokens.zip(log_probabilities).collect(),
            end_log_probability,
        })
    }

    /// Feeds one token. With several, [`Network::logits`] would be those after the first.
    fn step(&mut self, token: i32, position: usize) -> Result<(), RecogniseError> {
        self.state
            .decode(&[token], position, self.threads)
            .map_err(failed("decoding"))
    }

    /// What may follow the token that was fed last.
    fn logits(&self) -> Result<&[f32], RecogniseError> {
        self.state.get_logits().map_err(failed("decoding"))
    }
}

fn failed(doing: &'static str) -> impl Fn(WhisperError) -> RecogniseError {
    move |source| RecogniseError::Engine { doing, source }
}

/// The length up to and with the first copy, when `tokens` ends in copies of one phrase.
fn before_repetition(tokens: &[i32]) -> Option<usize> {
    /// A longer phrase is not said twice within one window.
    const LONGEST_PHRASE: usize = 40;
    (1..=LONGEST_PHRASE.min(tokens.len() / 3)).find_map(|period| {
        let copies = match period {
            1 => 8,
            2..=3 => 5,
            4..=9 => 4,
            _ => 3,
        };
        let start = tokens.len().checked_sub(period * copies)?;
        let (phrase, rest) = tokens[start..].split_at(period);
        rest.chunks(period)
            .all(|copy| copy == phrase)
            .then_some(start + period)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loop_is_cut_after_its_first_round() {
        let phrase: Vec<i32> = (0..12).collect();
        let said = [&[90, 91][..], &phrase, &phrase, &phrase].concat();
        assert_eq!(before_repetition(&said), Some(14));
        assert_eq!(before_repetition(&said[..said.len() - 1]), None);
    }

    #[test]
    fn a_number_with_equal_digits_is_no_loop() {
        assert_eq!(before_repetition(&[5, 7, 7, 7, 7, 7, 7]), None);
        assert_eq!(before_repetition(&[7; 8]), Some(1));
        assert_eq!(before_repetition(&[]), None);
    }
}
