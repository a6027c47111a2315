//! Whether somebody has finished, and whether they want the word at all, by their words.
//!
//! The words stand in `data/turn_taking.toml`, by language.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use madoguchi_shared::ids::Lang;
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

use crate::endpoint::Completeness;
use crate::understanding::{Index, Outcome};

/// Probability from which a question counts as understood before anything but its words is known.
const SURE: f32 = 0.8;
/// Confidence of a last word below which it tells less of the end.
const SURE_WORD: f32 = 0.5;
/// Confidence of all words below which they don't tell whether more will follow.
const SURE_WORDS: f32 = 0.45;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    unfinished: Vec<String>,
    #[serde(default)]
    stranded: Vec<String>,
    #[serde(default)]
    finished: Vec<String>,
    numbers: Vec<String>,
    backchannels: Vec<String>,
    closings: Vec<String>,
    hush: Vec<String>,
}

#[allow(clippy::expect_used, reason = "a constant that a test checks")]
static WORDS: LazyLock<BTreeMap<String, Words>> = LazyLock::new(|| {
    toml::from_str(include_str!("../data/turn_taking.toml")).expect("a table of words by language")
});

fn words_of(language: &Lang) -> Option<&'static Words> {
    WORDS.get(language.as_str().split('-').next()?)
}

/// What was recognised of an utterance before a pause.
#[derive(Debug, Clone, Copy)]
pub struct SoFar<'a> {
    /// The words.
    pub text: &'a str,
    /// Their language.
    pub language: &'a Lang,
    /// The recogniser's confidence in all of them, from 0 to 1.
    pub confidence: f32,
    /// Its confidence in the last word, from 0 to 1.
    pub last_word: f32,
}

/// What an utterance's words look like at a pause. `index` knows the pack's questions.
pub fn completeness(so_far: SoFar<'_>, index: &Index) -> Completeness {
    let judged = by_the_words(so_far.text.trim(), so_far.language, index);
    // A word that was broken off is a guess ("the" becomes "them"), and a hesitation any words at
    // all: what they say of the end counts less.
    let guessed = so_far.last_word < SURE_WORD;
    match judged {
        Completeness::Complete if guessed => Completeness::Unknown,
        Completeness::Unknown if guessed || so_far.confidence < SURE_WORDS => {
            Completeness::Unfinished
        }
        judged => judged,
    }
}

fn by_the_words(text: &str, language: &Lang, index: &Index) -> Completeness {
    let said = Said::new(text);
    let words = words_of(language);
    if text.ends_with(['?', '？', '؟']) {
        return match words {
            Some(words) => question(text, &said, words, language, index),
            None => Completeness::Complete,
        };
    }
    let trails_off = text.ends_with("...") || text.ends_with([',', '、', '，', '،', '…', '-', '—']);
    let ending =
        |list: fn(&Words) -> &[String]| words.map_or(0, |words| said.longest_ending(list(words)));
    let finished = ending(|words| &words.finished);
    let unfinished = ending(|words| &words.unfinished).max(ending(|words| &words.numbers));
    if trails_off || said.ends_in_digit() || unfinished > finished {
        return Completeness::Unfinished;
    }
    // Where a sentence marks its end, a question that the pack knows but that has no such mark may
    // be the beginning of another.
    let marks_its_end = words.is_some_and(|words| !words.finished.is_empty());
    let closes = words.is_some_and(|words| said.is_made_of(words.closings.iter()));
    if finished > 0 || closes || (!marks_its_end && is_known(text, language, index)) {
        return Completeness::Complete;
    }
    Completeness::Unknown
}

/// What was taken for a question may be its beginning: "Can you tell me if?" surely, "Is there?" and
/// "Where is it in?" perhaps.
fn question(text: &str, said: &Said, words: &Words, lang: &Lang, index: &Index) -> Completeness {
    let unfinished = said.longest_ending(&words.unfinished);
    let stranded = said.longest_ending(&words.stranded);
    let short = said.words_with_spaces().is_some_and(|words| words < 3);
    if !words.stranded.is_empty() && unfinished > stranded {
        Completeness::Unfinished
    } else if stranded > 0 || (short && !is_known(text, lang, index)) {
        Completeness::Unknown
    } else {
        Completeness::Complete
    }
}

fn is_known(text: &str, language: &Lang, index: &Index) -> bool {
    let understanding = index.understand(text, Some(language), None);
    match understanding.outcome {
        Outcome::Topic { probability, .. } => probability >= SURE,
        Outcome::Close(_) | Outcome::None => {
            understanding.asks_for_person.is_some_and(|p| p >= SURE)
        }
    }
}

/// Whether words only say "go on, I am listening" in one of these languages.
pub fn is_backchannel(text: &str, languages: &[&Lang]) -> bool {
    says_only(text, languages, |words| vec![&words.backchannels])
}

/// Whether words only thank and say goodbye.
pub fn is_leave_taking(text: &str, languages: &[&Lang]) -> bool {
    says_only(text, languages, |words| {
        vec![&words.closings, &words.backchannels]
    })
}

/// Whether words only want the robot to be silent.
pub fn is_hush(text: &str, languages: &[&Lang]) -> bool {
    says_only(text, languages, |words| vec![&words.hush])
}

fn says_only(text: &str, languages: &[&Lang], lists: fn(&Words) -> Vec<&Vec<String>>) -> bool {
    let said = Said::new(text);
    languages
        .iter()
        .filter_map(|language| words_of(language))
        .any(|words| said.is_made_of(lists(words).into_iter().flatten()))
}

/// Thanks and goodbyes of a language.
pub(crate) fn closings(language: &Lang) -> &'static [String] {
    words_of(language).map_or(&[], |words| &words.closings)
}

/// Words without case and punctuation.
pub(crate) struct Said {
    tokens: Vec<String>,
}

impl Said {
    pub(crate) fn new(text: &str) -> Self {
        let folded: String = text.nfkc().flat_map(char::to_lowercase).collect();
        let tokens = folded
            .split(|c: char| !(c.is_alphanumeric() || c == '\''))
            .filter(|token| !token.is_empty())
            .map(str::to_owned)
            .collect();
        Self { tokens }
    }

    /// How many words there are; absent in scripts that don't part them.
    pub(crate) fn words_with_spaces(&self) -> Option<usize> {
        let parted = !self.tokens.iter().any(|token| is_suffix(token));
        parted.then_some(self.tokens.len())
    }

    fn ends_in_digit(&self) -> bool {
        let last = self
            .tokens
            .last()
            .and_then(|token| token.chars().next_back());
        last.is_some_and(char::is_numeric)
    }

    /// Letters of the longest entry with which the words end; 0 when they end with none.
    fn longest_ending(&self, list: &[String]) -> usize {
        let ends = |entry: &Self| match entry.tokens.as_slice() {
            [] => false,
            [suffix] if is_suffix(suffix) => {
                let last = self.tokens.last();
                last.is_some_and(|last| last.ends_with(suffix))
            }
            words => self.tokens.ends_with(words),
        };
        let letters = |entry: Self| entry.tokens.concat().chars().count();
        let entries = list.iter().map(|entry| Self::new(entry));
        entries.filter(ends).map(letters).max().unwrap_or(0)
    }

    /// Whether there is nothing but entries of the list.
    pub(crate) fn is_made_of<'w>(&self, list: impl Iterator<Item = &'w String>) -> bool {
        let entries: Vec<String> = list.map(|e| Self::new(e).tokens.concat()).collect();
        let text = self.tokens.concat();
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let longest = entries
                .iter()
                .filter_map(|entry| rest.strip_prefix(entry.as_str()))
                .min_by_key(|rest| rest.len());
            match longest {
                Some(shorter) if shorter.len() < rest.len() => rest = shorter,
                _ => return false,
            }
        }
        !text.is_empty()
    }
}

/// Whether an entry may be the end of a longer word: kana, Han, Hangul.
fn is_suffix(word: &str) -> bool {
    word.chars().all(|c| {
        matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lang(tag: &str) -> Lang {
        tag.parse().unwrap()
    }

    #[test]
    fn the_words_are_a_table_by_language() {
        for tag in ["en", "ja", "pt", "es", "fr", "de", "it", "zh", "ko", "vi"] {
            assert!(words_of(&lang(tag)).is_some(), "{tag}");
        }
        assert!(words_of(&lang("pt-BR")).is_some());
    }

    #[test]
    fn listening_is_told_from_speaking() {
        let heard = |text: &str, tags: &[&str]| {
            let languages: Vec<Lang> = tags.iter().map(|tag| lang(tag)).collect();
            is_backchannel(text, &languages.iter().collect::<Vec<_>>())
        };
        for (text, tag) in [
            ("Mm-hmm.", "en"),
            ("Yeah, yeah.", "en"),
            ("Uh-huh, okay.", "en"),
            ("うん。", "ja"),
            ("はい、はい。", "ja"),
            ("ああ、なるほど。", "ja"),
            ("Aham.", "pt"),
            ("Ah, sim, tá bom.", "pt"),
        ] {
            assert!(heard(text, &[tag]), "{text}");
        }
        for (text, tag) in [
            ("Stop.", "en"),
            ("No.", "en"),
            ("Yes, but where is that?", "en"),
            ("Okayama", "en"),
            ("違います", "ja"),
            ("はい、でもどこですか", "ja"),
            ("Sim, mas onde?", "pt"),
            ("", "en"),
            ("...", "en"),
        ] {
            assert!(!heard(text, &[tag]), "{text}");
        }
        assert!(heard("Mm-hmm.", &["pt", "en"]), "either language counts");
    }

    #[test]
    fn thanks_and_goodbyes_are_told_from_questions() {
        for (text, tag) in [
            ("Thank you, bye.", "en"),
            ("Okay, thank you so much. Goodbye!", "en"),
            ("どうもありがとうございました。", "ja"),
            ("はい、失礼します。", "ja"),
            ("Muito obrigada, tchau!", "pt"),
            ("谢谢，再见。", "zh"),
        ] {
            assert!(is_leave_taking(text, &[&lang(tag)]), "{text}");
        }
        for (text, tag) in [
            ("Thank you, and where is the toilet?", "en"),
            ("Bom dia.", "pt"),
            ("こんにちは。", "ja"),
            ("", "en"),
        ] {
            assert!(!is_leave_taking(text, &[&lang(tag)]), "{text}");
        }
    }

    #[test]
    fn the_wish_for_silence_is_told_from_an_interruption() {
        for (text, tag) in [
            ("Stop.", "en"),
            ("Wait, wait a moment, please.", "en"),
            ("ちょっと待って。", "ja"),
            ("Espera, por favor.", "es"),
            ("Para, para!", "pt"),
        ] {
            assert!(is_hush(text, &[&lang(tag)]), "{text}");
        }
        for (text, tag) in [
            ("Stop, where is the toilet?", "en"),
            ("Where is the bus stop?", "en"),
            ("Okay.", "en"),
            ("", "en"),
        ] {
            assert!(!is_hush(text, &[&lang(tag)]), "{text}");
        }
    }
}
