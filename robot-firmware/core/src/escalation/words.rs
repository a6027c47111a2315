//! Finding the pack's words in what was said.
//!
//! In `…` a pattern has a gap: of up to three words, or of up to eight letters in scripts that are
//! written without spaces. `…` at the end of a word stands for any ending. After `=` the words count
//! only where nothing else is said.

use std::fmt;
use std::ops::Range;

use crate::understanding::fold;

const GAP_WORDS: usize = 3;
const GAP_LETTERS: usize = 8;

/// What was said, as words and as letters.
pub(super) struct Text {
    words: Vec<String>,
    letters: Vec<char>,
}

impl Text {
    pub(super) fn new(text: &str) -> Self {
        let folded: String = fold(text)
            .chars()
            .filter(|letter| !matches!(letter, '\'' | '’' | '`'))
            .collect();
        let words = folded.split(|letter: char| !letter.is_alphanumeric());
        let words = words.filter(|word| !word.is_empty());
        Self {
            words: words.map(str::to_owned).collect(),
            letters: folded.chars().filter(|l| l.is_alphanumeric()).collect(),
        }
    }
}

/// Words to look for.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    written: String,
    alone: bool,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    Words(Vec<Part>),
    /// Runs of letters with gaps between them.
    Letters(Vec<Vec<char>>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Word(String),
    Beginning(String),
    Gap,
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

impl Pattern {
    pub(super) fn new(written: &str) -> Self {
        let (written, alone) = match written.strip_prefix('=') {
            Some(words) => (words.trim_start(), true),
            None => (written, false),
        };
        let kind = if written.chars().any(is_unspaced) {
            let runs = written.split('…').map(|run| Text::new(run).letters);
            Kind::Letters(runs.filter(|run| !run.is_empty()).collect())
        } else {
            Kind::Words(written.split_whitespace().flat_map(parts).collect())
        };
        Self {
            written: written.to_owned(),
            alone,
            kind,
        }
    }

    /// Whether both are of words, or both of letters: only then their places can be compared.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        matches!(
            (&self.kind, &other.kind),
            (Kind::Words(_), Kind::Words(_)) | (Kind::Letters(_), Kind::Letters(_))
        )
    }

    /// Where it stands, counted in words or in letters.
    pub(super) fn find(&self, text: &Text) -> Vec<Range<usize>> {
        let length = match &self.kind {
            Kind::Words(_) => text.words.len(),
            Kind::Letters(_) => text.letters.len(),
        };
        let ends = |start: usize| match &self.kind {
            Kind::Words(parts) => words_end(parts, &text.words, start),
            Kind::Letters(runs) => letters_end(runs, &text.letters, start),
        };
        (0..length)
            .filter_map(|start| Some(start..ends(start)?))
            .filter(|found| !self.alone || *found == (0..length))
            .collect()
    }
}

fn parts(written: &str) -> Vec<Part> {
    if written == "…" {
        return vec![Part::Gap];
    }
    let open = written.ends_with('…');
    let mut words: Vec<Part> = Text::new(written)
        .words
        .into_iter()
        .map(Part::Word)
        .collect();
    if open && let Some(Part::Word(last)) = words.pop() {
        words.push(Part::Beginning(last));
    }
    words
}

fn words_end(parts: &[Part], words: &[String], start: usize) -> Option<usize> {
    let Some((part, rest)) = parts.split_first() else {
        return Some(start);
    };
    let fits = |own: &str, wanted: &Part| match wanted {
        Part::Word(word) => own == word,
        Part::Beginning(beginning) => own.starts_with(beginning.as_str()),
        Part::Gap => false,
    };
    if *part == Part::Gap {
        return (0..=GAP_WORDS).find_map(|skip| words_end(rest, words, start + skip));
    }
    let word = words.get(start)?;
    fits(word, part).then(|| words_end(rest, words, start + 1))?
}

fn letters_end(runs: &[Vec<char>], letters: &[char], start: usize) -> Option<usize> {
    let Some((run, rest)) = runs.split_first() else {
        return Some(start);
    };
    if !letters.get(start..)?.starts_with(run) {
        return None;
    }
    let end = start + run.len();
    if rest.is_empty() {
        return Some(end);
    }
    (0..=GAP_LETTERS).find_map(|skip| letters_end(rest, letters, end + skip))
}

/// Thai, Lao, Myanmar, Khmer, kana, Han.
fn is_unspaced(letter: char) -> bool {
    matches!(letter,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(pattern: &str, text: &str) -> bool {
        !Pattern::new(pattern).find(&Text::new(text)).is_empty()
    }

    #[test]
    fn words_are_whole_and_gaps_are_short() {
        assert!(has("kill myself", "I’ll KILL myself!"));
        assert!(!has("kill myself", "skill myself"));
        assert!(has("hits … me", "he hits my mother and me"));
        assert!(!has("hits … me", "he hits the ball over to you and me"));
        assert!(has("suicid…", "I feel suicidal"));
        assert!(has("dont want to live", "I don't want to live"));
        assert!(has("não respira…", "ela nao respirava"));
        assert!(has("= fire", "Fire!"));
        assert!(!has("= fire", "the fire station"));
        assert!(has("= 火事", "火事！"));
    }

    #[test]
    fn japanese_is_searched_in_letters() {
        assert!(has("死にたい", "もう、死に たい。"));
        assert!(has("夫…殴", "夫にいつも殴られます"));
        assert!(!has("夫…殴", "夫は窓口で待っていて職員が殴られた"));
    }
}
