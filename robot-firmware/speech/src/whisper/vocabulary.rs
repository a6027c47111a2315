//! What the decoder needs of the vocabulary: special tokens, languages, and what it may not write.

use std::ops::Range;

use madoguchi_shared::ids::Lang;
use whisper_rs::{WhisperContext, get_lang_max_id, get_lang_str};

/// Symbols that are not spoken; as single tokens they are never written.
/// Source: `Tokenizer.non_speech_tokens` of OpenAI's Whisper.
const UNSPOKEN: &[&str] = &[
    "\"",
    "#",
    "(",
    ")",
    "*",
    "+",
    "/",
    ":",
    ";",
    "<",
    "=",
    ">",
    "@",
    "[",
    "\\",
    "]",
    "^",
    "_",
    "`",
    "{",
    "|",
    "}",
    "~",
    "「",
    "」",
    "『",
    "』",
    "<<",
    ">>",
    "<<<",
    ">>>",
    "--",
    "---",
    "-(",
    "-[",
    "('",
    "(\"",
    "((",
    "))",
    "(((",
    ")))",
    "[[",
    "]]",
    "{{",
    "}}",
    "♪♪",
    "♪♪♪",
];
/// First bytes of the musical symbols ♩ to ♯, which are more than one token.
const MUSIC: &[u8] = &[0xe2, 0x99];
/// Tokens of the multilingual vocabulary that are neither text nor languages nor times.
const NOT_LANGUAGES: i32 = 51_766;

/// Token numbers, fixed when a model is loaded.
#[derive(Debug)]
pub(super) struct Vocabulary {
    pub(super) start: i32,
    pub(super) end_of_text: i32,
    pub(super) transcribe: i32,
    pub(super) no_times: i32,
    pub(super) no_speech: i32,
    /// The languages, in the order of their tokens.
    pub(super) languages: Vec<Lang>,
    first_language: i32,
    /// Text tokens that are never written.
    suppressed: Vec<i32>,
    /// Tokens that may not be the first.
    blank: Vec<i32>,
}

impl Vocabulary {
    pub(super) fn of(context: &WhisperContext) -> Self {
        let count = (context.n_vocab() - NOT_LANGUAGES).max(0);
        let languages = (0..count)
            .filter_map(|id| bcp47(get_lang_str(id)?))
            .collect();
        let end_of_text = context.token_eot();
        let bytes = |token: i32| context.token_to_bytes(token).unwrap_or_default();
        let unspoken = |token: &i32| {
            let bytes = bytes(*token);
            let text = bytes.strip_prefix(b" ").unwrap_or(bytes);
            UNSPOKEN.iter().any(|symbol| symbol.as_bytes() == text)
                || text == MUSIC
                || bytes == b" -"
                || bytes == b" '"
        };
        Self {
            start: context.token_sot(),
            end_of_text,
            transcribe: context.token_transcribe(),
            no_times: context.token_not(),
            no_speech: context.token_nosp(),
            languages,
            first_language: context.token_lang(0),
            suppressed: (0..end_of_text).filter(unspoken).collect(),
            blank: (0..end_of_text)
                .filter(|token| bytes(*token) == b" ")
                .chain([end_of_text])
                .collect(),
        }
    }

    /// Tokens of the languages.
    pub(super) fn language_tokens(&self) -> Range<usize> {
        let first = self.first_language as usize;
        first..first + self.languages.len()
    }

    /// The token of `language`, if the model knows it.
    pub(super) fn language_token(&self, language: &Lang) -> Option<i32> {
        let index = self.languages.iter().position(|known| known == language)?;
        Some(self.first_language + index as i32)
    }

    /// The likeliest text token and its log probability among those that may follow.
    pub(super) fn choose(&self, logits: &[f32], is_first: bool) -> (i32, f32) {
        let text = &logits[..=self.end_of_text as usize];
        let allowed = |token: i32| {
            self.suppressed.binary_search(&token).is_err()
                && !(is_first && self.blank.contains(&token))
        };
        let mut best = (self.end_of_text, f32::NEG_INFINITY);
        for (token, logit) in text.iter().enumerate() {
            if *logit > best.1 && allowed(token as i32) {
                best = (token as i32, *logit);
            }
        }
        (best.0, best.1 - log_sum_exp(text))
    }
}

/// Whether Whisper was taught the language, whatever model is installed; regional variants count as
/// their language.
pub fn knows_language(language: &Lang) -> bool {
    (0..=get_lang_max_id())
        .filter_map(|id| bcp47(get_lang_str(id)?))
        .any(|known| known.primary() == language.primary())
}

/// Whisper's code as a language tag: it calls Javanese `jw`.
fn bcp47(code: &str) -> Option<Lang> {
    if code == "jw" { "jv" } else { code }.parse().ok()
}

/// Logarithm of the sum of exponentials, the denominator of a softmax.
pub(super) fn log_sum_exp(logits: &[f32]) -> f32 {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    largest
        + logits
            .iter()
            .map(|logit| (logit - largest).exp())
            .sum::<f32>()
            .ln()
}
