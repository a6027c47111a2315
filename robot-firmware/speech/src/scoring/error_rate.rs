//! Word and character error rates.
//!
//! Both texts are normalised first: NFKC, lower case, everything but letters, their marks and
//! digits taken as a space. Numbers stay as they are written, so "two" is not "2". The errors are
//! the fewest substitutions, deletions and insertions of words between the two (Levenshtein), of
//! characters in languages that are written without spaces, and in Korean, whose spacing is free.

use madoguchi_shared::ids::Lang;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What is counted in a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Words: word error rate.
    Wer,
    /// Characters: character error rate.
    Cer,
}

impl Measure {
    /// The one that is usual for `lang`.
    pub fn of(lang: &Lang) -> Self {
        const BY_CHARACTER: [&str; 9] = ["ja", "zh", "yue", "ko", "th", "lo", "my", "km", "bo"];
        let primary = lang.as_str().split('-').next().unwrap_or_default();
        if BY_CHARACTER.contains(&primary) {
            Self::Cer
        } else {
            Self::Wer
        }
    }

    /// `wer` or `cer`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wer => "wer",
            Self::Cer => "cer",
        }
    }
}

/// Errors, and the words or characters that they are to be divided by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Errors {
    /// Substitutions, deletions and insertions.
    pub errors: usize,
    /// Words or characters of the reference.
    pub reference: usize,
}

impl Errors {
    /// Compares `text` with what was said.
    pub fn between(reference: &str, text: &str, measure: Measure) -> Self {
        let (reference, text) = (units(reference, measure), units(text, measure));
        Self {
            errors: distance(&reference, &text),
            reference: reference.len(),
        }
    }

    /// The rate; above 1 where more was written than said, `None` without a reference.
    pub fn rate(self) -> Option<f64> {
        (self.reference > 0).then(|| self.errors as f64 / self.reference as f64)
    }
}

impl std::ops::AddAssign for Errors {
    fn add_assign(&mut self, other: Self) {
        self.errors += other.errors;
        self.reference += other.reference;
    }
}

/// Which of `words`, as they were heard one after the other, were said: those that need no change
/// on the shortest way from `reference` to them. A word without a letter or digit is none.
pub fn said(reference: &str, words: &[&str], measure: Measure) -> Vec<Option<bool>> {
    let reference = units(reference, measure);
    let own: Vec<Vec<String>> = words.iter().map(|word| units(word, measure)).collect();
    let heard = own.concat();
    let table = distances(&reference, &heard);
    let mut right = vec![false; heard.len()];
    let (mut i, mut j) = (reference.len(), heard.len());
    while i > 0 && j > 0 {
        if reference[i - 1] == heard[j - 1] && table[i][j] == table[i - 1][j - 1] {
            right[j - 1] = true;
            (i, j) = (i - 1, j - 1);
        } else if table[i][j] == table[i - 1][j - 1] + 1 {
            (i, j) = (i - 1, j - 1);
        } else if table[i][j] == table[i][j - 1] + 1 {
            j -= 1;
        } else {
            i -= 1;
        }
    }
    let mut right = right.into_iter();
    own.iter()
        .map(|units| {
            let wrong = right.by_ref().take(units.len()).filter(|right| !right);
            let wrong = wrong.count();
            (!units.is_empty()).then_some(wrong == 0)
        })
        .collect()
}

fn units(text: &str, measure: Measure) -> Vec<String> {
    let lower: String = text.nfkc().flat_map(char::to_lowercase).nfkc().collect();
    let spoken = |c: char| c.is_alphanumeric() || is_combining_mark(c);
    match measure {
        Measure::Wer => {
            let words = lower.split(|c| !spoken(c)).filter(|word| !word.is_empty());
            words.map(str::to_owned).collect()
        }
        Measure::Cer => lower
            .chars()
            .filter(|c| spoken(*c))
            .map(String::from)
            .collect(),
    }
}

fn distance(from: &[String], to: &[String]) -> usize {
    distances(from, to)[from.len()][to.len()]
}

/// The fewest changes from every beginning of `from` to every beginning of `to`.
fn distances(from: &[String], to: &[String]) -> Vec<Vec<usize>> {
    let mut rows: Vec<Vec<usize>> = vec![(0..=to.len()).collect()];
    for (i, expected) in from.iter().enumerate() {
        let above = &rows[i];
        let mut row = vec![i + 1];
        for (j, heard) in to.iter().enumerate() {
            let substitution = above[j] + usize::from(expected != heard);
            row.push(substitution.min(row[j] + 1).min(above[j + 1] + 1));
        }
        rows.push(row);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(reference: &str, text: &str, lang: &str) -> Option<f64> {
        let measure = Measure::of(&lang.parse().unwrap());
        Errors::between(reference, text, measure).rate()
    }

    #[test]
    fn case_punctuation_and_width_are_no_errors() {
        assert_eq!(
            rate("Mr. Quilter, I see!", "mr quilter I SEE", "en"),
            Some(0.0)
        );
        assert_eq!(rate("ＡＢＣ１２３", "abc123", "en"), Some(0.0));
        assert_eq!(rate("住民票、です。", "住民票です", "ja"), Some(0.0));
        assert_eq!(rate("cafe\u{301}", "café", "fr"), Some(0.0));
        assert_eq!(rate("그는 걸어갔다.", "그는걸어갔다", "ko"), Some(0.0));
    }

    #[test]
    fn substitutions_deletions_and_insertions_count_one_each() {
        assert_eq!(rate("one two three four", "one too three", "en"), Some(0.5));
        assert_eq!(rate("one", "one two three", "en"), Some(2.0));
        assert_eq!(rate("one two", "", "en"), Some(1.0));
        assert_eq!(rate("砸自己的脚", "砸自己的角", "zh-CN"), Some(0.2));
        assert_eq!(rate("room 607", "room six hundred seven", "en"), Some(1.5));
        assert_eq!(rate("...", "one", "en"), None);
    }

    #[test]
    fn what_was_said_is_told_from_what_was_misheard() {
        let told = |reference, words: &[&str], measure| said(reference, words, measure);
        assert_eq!(
            told(
                "Room 607, please.",
                &["Room", "62018,", "please!"],
                Measure::Wer
            ),
            [Some(true), Some(false), Some(true)]
        );
        assert_eq!(
            told(
                "a well-known name",
                &["well-known,", "…", "names"],
                Measure::Wer
            ),
            [Some(true), None, Some(false)]
        );
        assert_eq!(
            told("砸自己的脚", &["砸", "自己", "的角"], Measure::Cer),
            [Some(true), Some(true), Some(false)]
        );
        assert_eq!(told("", &["no"], Measure::Wer), [Some(false)]);
    }

    #[test]
    fn marks_that_make_a_letter_stay_with_it() {
        assert_eq!(rate("हिन्दी में", "हिन्दी में", "hi"), Some(0.0));
        assert_eq!(rate("ครับ", "ครบ", "th"), Some(0.25));
    }
}
