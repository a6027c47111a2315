//! Words and letters as numbers: tf-idf over words, parts of words, where wanted words that follow
//! each other, and pairs of letters in scripts that are written without spaces (Salton and Buckley 1988). Letter n-grams forgive
//! inflection and a recogniser's slips.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization;

use super::linear::Row;

/// The vocabulary of all examples, and how rare each of its features is.
#[derive(Debug, Clone)]
pub(super) struct Lexical {
    vocabulary: BTreeMap<String, u32>,
    rarity: Vec<f32>,
    unseen: f32,
    pairs: bool,
}

impl Lexical {
    /// Learns which features are rare from all texts.
    pub(super) fn new<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        Self::learn(texts, false)
    }

    /// The same, and two words that follow each other are a feature too.
    pub(super) fn with_pairs<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        Self::learn(texts, true)
    }

    fn learn<'t>(texts: impl Iterator<Item = &'t str>, pairs: bool) -> Self {
        let bags: Vec<BTreeMap<String, f32>> = texts.map(|text| features(text, pairs)).collect();
        let mut vocabulary = BTreeMap::new();
        let mut seen_in: Vec<f32> = Vec::new();
        for feature in bags.iter().flat_map(BTreeMap::keys) {
            let next = seen_in.len() as u32;
            let id = *vocabulary.entry(feature.clone()).or_insert(next);
            if id == next {
                seen_in.push(0.0);
            }
            if let Some(count) = seen_in.get_mut(id as usize) {
                *count += 1.0;
            }
        }
        let all = bags.len() as f32;
        let rarity = seen_in
            .iter()
            .map(|seen| ((all + 1.0) / (seen + 1.0)).ln())
            .collect();
        Self {
            vocabulary,
            rarity,
            unseen: (all + 1.0).ln(),
            pairs,
        }
    }

    /// A text as a row of length 1. Features that no example has keep their share of the length,
    /// so that a long foreign sentence with one common word is not taken for a match.
    pub(super) fn row(&self, text: &str) -> Row {
        let mut row = Row::new();
        let mut square = 0.0;
        for (feature, share) in features(text, self.pairs) {
            let id = self.vocabulary.get(&feature);
            let rarity = id
                .and_then(|id| self.rarity.get(*id as usize))
                .copied()
                .unwrap_or(self.unseen);
            let weight = share * rarity;
            square += weight * weight;
            row.extend(id.map(|id| (*id, weight)));
        }
        if square > 0.0 {
            let length = square.sqrt();
            row.iter_mut().for_each(|(_, weight)| *weight /= length);
        }
        row
    }

    /// How many features there are.
    pub(super) fn len(&self) -> u32 {
        self.rarity.len() as u32
    }
}

/// Two texts are the same when only case, accents, width, spaces and signs tell them apart.
pub(crate) fn plain(text: &str) -> String {
    fold(text)
        .chars()
        .filter(|letter| letter.is_alphanumeric())
        .collect()
}

/// Lower case, one form per letter, and no accents (Japanese voicing marks stay).
pub(crate) fn fold(text: &str) -> String {
    text.nfkc()
        .flat_map(char::to_lowercase)
        .nfd()
        .filter(|letter| !('\u{300}'..='\u{36f}').contains(letter))
        .nfc()
        .collect()
}

/// Whether a script is written without spaces: Thai, Lao, Myanmar, Khmer, kana, Han.
fn is_unspaced(letter: char) -> bool {
    matches!(letter,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{20000}'..='\u{3ffff}')
}

fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

fn features(text: &str, pairs: bool) -> BTreeMap<String, f32> {
    let mut bag = BTreeSet::new();
    let mut before = EDGE.to_owned();
    let folded = fold(text);
    let mut run = String::new();
    for letter in folded.chars().chain(std::iter::once(' ')) {
        let goes_on = run
            .chars()
            .last()
            .is_none_or(|last| is_unspaced(last) == is_unspaced(letter));
        let in_word = letter.is_alphanumeric() || is_unspaced(letter);
        if !(in_word && goes_on) {
            collect(&run, &mut bag);
            if pairs && run.chars().next().is_some_and(|first| !is_unspaced(first)) {
                bag.insert(format!("{before} {run}"));
                before.clone_from(&run);
            }
            run.clear();
        }
        if in_word {
            run.push(letter);
        }
    }
    if pairs {
        bag.insert(format!("{before} {EDGE}"));
    }
    let share = |feature: &str| match feature {
        part if part.starts_with('#') => PART,
        pair if pair.contains(' ') => PAIR,
        _ => 1.0,
    };
    bag.into_iter()
        .map(|feature| {
            let share = share(&feature);
            (feature, share)
        })
        .collect()
}

/// What a part of a word counts beside the whole word.
const PART: f32 = 0.4;
/// What two words that follow each other count beside a word.
const PAIR: f32 = 0.7;
/// Stands before the first word and after the last.
const EDGE: &str = "^";

fn collect(run: &str, bag: &mut BTreeSet<String>) {
    let letters: Vec<char> = run.chars().collect();
    let Some(first) = letters.first() else { return };
    if is_unspaced(*first) {
        bag.extend(
            letters
                .iter()
                .filter(|letter| is_han(**letter))
                .map(char::to_string),
        );
        bag.extend(letters.windows(2).map(String::from_iter));
        bag.extend(
            letters
                .windows(3)
                .map(|part| format!("#{}", String::from_iter(part))),
        );
    } else {
        bag.insert(run.to_owned());
        let framed: Vec<char> = format!("<{run}>").chars().collect();
        bag.extend(
            framed
                .windows(4)
                .map(|part| format!("#{}", String::from_iter(part))),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_and_width_do_not_matter_but_voicing_does() {
        assert_eq!(fold("Endereço ＡＢＣ"), "endereco abc");
        assert_eq!(fold("がき"), "がき");
        assert_ne!(fold("がき"), fold("かき"));
    }

    fn shared(texts: [&str; 2], text: &str) -> [f32; 2] {
        let lexical = Lexical::new(texts.into_iter());
        let wanted = lexical.row(text);
        texts.map(|own| {
            let own: BTreeMap<u32, f32> = lexical.row(own).into_iter().collect();
            wanted
                .iter()
                .map(|(id, weight)| weight * own.get(id).unwrap_or(&0.0))
                .sum()
        })
    }

    #[test]
    fn an_inflected_word_is_nearer_than_a_strange_one() {
        let [near, far] = shared(
            ["I am moving house", "Where is the toilet"],
            "we moved houses",
        );
        assert!(near > 0.03 && far == 0.0, "{near} {far}");
    }

    #[test]
    fn japanese_is_compared_without_spaces() {
        let texts = ["ごみの日はいつですか", "税金はどこで払えますか"];
        let [near, far] = shared(texts, "燃えるごみの日を教えて");
        assert!(near > 4.0 * far, "{near} {far}");
    }

    #[test]
    fn signs_alone_are_no_words() {
        assert!(
            Lexical::new(["one", "two"].into_iter())
                .row(" …!")
                .is_empty()
        );
        assert_eq!(plain("Olá, tudo bem?"), plain("ola tudo bem"));
    }
}
