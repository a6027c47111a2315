//! Which words of a translation come from which words of its source.

use std::ops::Range;

use fxtranslate::engine::{Aligned, Token};

use super::glossary::lower;

/// SentencePiece's mark for a space.
const SPACE: char = '\u{2581}';
/// A target token belongs to a source span that holds this much of its attention.
const SHARE: f32 = 0.5;

/// The attention between the tokens of a sentence and those of its translation.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Links {
    /// The source as the model read it: normalised, and in lower case.
    source: String,
    /// Bytes of `source`.
    source_tokens: Vec<Range<usize>>,
    /// Bytes of the translation.
    target_tokens: Vec<Range<usize>>,
    /// For each target token, the weight of each source token.
    weights: Vec<Vec<f32>>,
}

impl Links {
    pub(super) fn of(aligned: &Aligned) -> Self {
        let read = aligned.source_normalized.replace(SPACE, " ");
        let at = bytes_of(&read);
        let spans = |tokens: &[Token], at: &[usize]| -> Vec<Range<usize>> {
            tokens.iter().map(|t| at[t.begin]..at[t.end]).collect()
        };
        let source_tokens = spans(&aligned.source_tokens, &at);
        let target_tokens = spans(&aligned.target_tokens, &bytes_of(&aligned.target_text));
        let source = lower(&read);
        Self {
            source,
            source_tokens,
            target_tokens,
            weights: aligned.alignments.clone(),
        }
    }

    /// The part of `target` that renders the `nth` occurrence of `words`, as whole words.
    pub(super) fn rendering(&self, target: &str, words: &str, nth: usize) -> Option<Range<usize>> {
        let words = lower(words);
        let (start, found) = self.source.match_indices(&words).nth(nth)?;
        let span = start..start + found.len();
        let inside: Vec<bool> = self
            .source_tokens
            .iter()
            .map(|token| token.start < span.end && span.start < token.end)
            .collect();
        let share = |row: &Vec<f32>| -> f32 {
            let held = row.iter().zip(&inside).filter(|(_, inside)| **inside);
            held.map(|(weight, _)| weight).sum()
        };
        // A small word between two runs ("bilhete de estacionamento") belongs to both.
        let mut runs: Vec<(f32, Range<usize>)> = Vec::new();
        for (token, row) in self.target_tokens.iter().zip(&self.weights) {
            let weight = share(row);
            if weight < SHARE || token.is_empty() {
                continue;
            }
            match runs.last_mut() {
                Some((sum, run)) if one_word(target, run.end..token.start) => {
                    *sum += weight;
                    run.end = token.end;
                }
                _ => runs.push((weight, token.clone())),
            }
        }
        let heaviest = |a: &&(f32, Range<usize>), b: &&(f32, Range<usize>)| a.0.total_cmp(&b.0);
        let range = runs.iter().max_by(heaviest)?.1.clone();
        Some(whole_words(target, range)).filter(|range| !range.is_empty())
    }
}

/// Whether no more than one word, and no punctuation, stands in this part.
fn one_word(text: &str, part: Range<usize>) -> bool {
    text.get(part).is_some_and(|between| {
        between.split_whitespace().count() <= 1
            && between
                .chars()
                .all(|c| c.is_alphanumeric() || c.is_whitespace())
    })
}

/// The byte of each UTF-16 code unit.
fn bytes_of(text: &str) -> Vec<usize> {
    let mut at = Vec::with_capacity(text.len() + 1);
    for (byte, c) in text.char_indices() {
        at.extend(std::iter::repeat_n(byte, c.len_utf16()));
    }
    at.push(text.len());
    at
}

/// The range grown to the ends of its words, without the space and the punctuation around them.
fn whole_words(text: &str, range: Range<usize>) -> Range<usize> {
    let part_of_word = |c: char| c.is_alphanumeric();
    let grown_start = if text[range.clone()].starts_with(part_of_word) {
        text[..range.start].trim_end_matches(part_of_word).len()
    } else {
        range.start
    };
    let grown_end = if text[range.clone()].ends_with(part_of_word) {
        text.len() - text[range.end..].trim_start_matches(part_of_word).len()
    } else {
        range.end
    };
    let grown = &text[grown_start..grown_end];
    let front = grown.len()
        - grown
            .trim_start_matches(|c: char| !c.is_alphanumeric())
            .len();
    let back = grown.len() - grown.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
    if front == grown.len() {
        return grown_start..grown_start;
    }
    grown_start + front..grown_end - back
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_grows_to_whole_words_and_loses_what_is_around_them() {
        let text = "Meu desembarcou, não.";
        assert_eq!(&text[whole_words(text, 6..9)], "desembarcou");
        assert_eq!(&text[whole_words(text, 3..17)], "desembarcou");
        assert!(whole_words(text, 15..17).is_empty());
    }

    #[test]
    fn code_units_are_found_as_bytes() {
        assert_eq!(bytes_of("a😀é"), [0, 1, 1, 5, 7]);
    }
}
