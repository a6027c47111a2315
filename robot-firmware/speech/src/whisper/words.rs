//! From the decoder's tokens to words with a confidence each.

use madoguchi_shared::ids::Lang;

/// Languages that are written without spaces between words. Korean and Vietnamese have spaces.
const UNSPACED: &[&str] = &["ja", "zh", "yue", "th", "lo", "my", "km", "bo"];

/// A word as it was heard.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    /// The word with the punctuation that follows it. In a language written without spaces: a
    /// piece of one or a few characters.
    pub text: String,
    /// Probability of its least likely token, 0 to 1: a name or a number is as doubtful as its
    /// most doubtful part.
    pub confidence: f32,
}

/// Groups `tokens` (bytes and log probability) into the words of `language`.
pub(super) fn words(tokens: &[(Vec<u8>, f32)], language: &Lang) -> Vec<Word> {
    let spaced = !UNSPACED.contains(&language.as_str());
    let mut words: Vec<(Vec<u8>, f32)> = Vec::new();
    for (bytes, log_p) in tokens {
        let punctuation = std::str::from_utf8(bytes)
            .is_ok_and(|text| !text.trim().is_empty() && !text.contains(char::is_alphanumeric));
        let (starts_with_space, p) = (bytes.first() == Some(&b' '), log_p.exp());
        match words.last_mut() {
            Some((word, _)) if punctuation && !starts_with_space => word.extend(bytes),
            Some((word, confidence))
                if std::str::from_utf8(word).is_err() || (spaced && !starts_with_space) =>
            {
                word.extend(bytes);
                *confidence = confidence.min(p);
            }
            _ => words.push((bytes.clone(), p)),
        }
    }
    words
        .into_iter()
        .map(|(bytes, confidence)| Word {
            text: String::from_utf8_lossy(&bytes).trim().to_owned(),
            confidence,
        })
        .filter(|word| !word.text.is_empty())
        .collect()
}

/// The first of `words`, as far as they make up `text`.
pub(super) fn cut(mut words: Vec<Word>, text: &str) -> Vec<Word> {
    let mut rest = text;
    let kept = words.iter().take_while(|word| {
        let found = rest.find(&word.text);
        if let Some(at) = found {
            rest = &rest[at + word.text.len()..];
        }
        found.is_some()
    });
    let kept = kept.count();
    words.truncate(kept);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grouped(tokens: &[(&[u8], f32)], language: &str) -> Vec<(String, f32)> {
        let tokens: Vec<_> = tokens
            .iter()
            .map(|(bytes, p)| (bytes.to_vec(), p.ln()))
            .collect();
        let words = words(&tokens, &language.parse().unwrap());
        let rounded = |p: f32| (p * 100.0).round() / 100.0;
        words
            .into_iter()
            .map(|word| (word.text, rounded(word.confidence)))
            .collect()
    }

    #[test]
    fn a_word_is_as_sure_as_its_least_sure_token() {
        let tokens: [(&[u8], f32); 5] = [
            (b" Room", 0.9),
            (b" 6", 0.8),
            (b"07", 0.3),
            (b",", 0.1),
            (b" please", 0.95),
        ];
        let expected = [("Room", 0.9), ("607,", 0.3), ("please", 0.95)];
        assert_eq!(
            grouped(&tokens, "en"),
            expected.map(|(word, p)| (word.to_owned(), p))
        );
    }

    #[test]
    fn without_spaces_a_token_is_a_word_and_no_letter_is_torn() {
        let [first, second] = ["住".as_bytes(), "民票".as_bytes()];
        let tokens = [
            (&first[..2], 0.9),
            (&first[2..], 0.4),
            (second, 0.7),
            ("。".as_bytes(), 0.2),
        ];
        let expected = [("住", 0.4), ("民票。", 0.7)];
        assert_eq!(
            grouped(&tokens, "ja"),
            expected.map(|(word, p)| (word.to_owned(), p))
        );
    }

    #[test]
    fn words_beyond_the_text_are_cut() {
        let word = |text: &str| Word {
            text: text.to_owned(),
            confidence: 1.0,
        };
        let words = ["I", "lost", "it.", "Please", "subscribe."]
            .map(word)
            .to_vec();
        assert_eq!(cut(words, "I lost it.").len(), 3);
    }
}
