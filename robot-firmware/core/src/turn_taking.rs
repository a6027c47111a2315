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

/// What an utterance's words look like at a pause. `index` knows the pack's questions.
pub fn completeness(text: &str, language: &Lang, index: &Index) -> Completeness {
    let text = text.trim();
    if text.ends_with(['?', '？', '؟']) {
        return match words_of(language) {
            Some(words) if breaks_off(&Said::new(text), words) => Completeness::Unfinished,
            _ => Completeness::Complete,
        };
    }
    let trails_off = text.ends_with("...") || text.ends_with([',', '、', '，', '،', '…', '-', '—']);
    let said = Said::new(text);
    let ending = |list: fn(&Words) -> &[String]| {
        words_of(language).map_or(0, |words| said.longest_ending(list(words)))
    };
    let finished = ending(|words| &words.finished);
    let unfinished = ending(|words| &words.unfinished).max(ending(|words| &words.numbers));
    if trails_off || said.ends_in_digit() || unfinished > finished {
        return Completeness::Unfinished;
    }
    if finished > 0 || is_known(text, language, index) {
        return Completeness::Complete;
    }
    Completeness::Unknown
}

/// Whether what was taken for a question has only its beginning.
fn breaks_off(said: &Said, words: &Words) -> bool {
    let stranded = said.longest_ending(&words.stranded);
    !words.stranded.is_empty() && said.longest_ending(&words.unfinished) > stranded
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

/// Words without case and punctuation.
struct Said {
    tokens: Vec<String>,
}

impl Said {
    fn new(text: &str) -> Self {
        let folded: String = text.nfkc().flat_map(char::to_lowercase).collect();
        let tokens = folded
            .split(|c: char| !(c.is_alphanumeric() || c == '\''))
            .filter(|token| !token.is_empty())
            .map(str::to_owned)
            .collect();
        Self { tokens }
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
    fn is_made_of<'w>(&self, list: impl Iterator<Item = &'w String>) -> bool {
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
