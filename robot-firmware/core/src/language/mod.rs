//! The language of typed words, where nobody chose one.
//!
//! A script of its own settles it. Among the languages in Latin letters three identifiers vote:
//! a linear model (whichlang), character trigrams (whatlang) and function words. Two that agree
//! are sure. Nobody is asked about a few letters or a name: whoever types "OK" or "Anna
//! Müller" goes on in the language that they had. Why so, and how well it does:
//! `docs/decisions/0006-typed-language.md`.

mod script;
mod words;

use madoguchi_shared::ids::Lang;
use script::Says;
use whatlang::{Detector, Script};

/// Fewer letters in Latin script name no language …
const ENOUGH_LATIN: usize = 8;
/// … nor does a single word …
const ENOUGH_WORDS: usize = 2;
/// … and so few words only with the agreement of their function words.
const FEW_WORDS: usize = 2;
/// Letters that are enough in another script; はい is not.
const ENOUGH_OTHER: usize = 3;
/// Letters that are enough for a guess among the office's languages.
const ENOUGH_TO_GUESS: usize = 5;
/// The confidence at which trigrams are sure of a language that no other identifier knows.
const TRIGRAMS_ALONE: f64 = 0.6;

/// What typed words are written in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// One of the office's.
    Pack {
        /// Which.
        language: Lang,
        /// Whether there is no doubt. Where there is, this is a guess for somebody of whom nothing
        /// else is known.
        sure: bool,
    },
    /// Surely another one.
    Other(Lang),
    /// Nothing speaks for any.
    Unknown,
}

/// Decides in which language words were typed to an office of these languages.
pub fn of_typed(text: &str, office: &[Lang]) -> Written {
    // A language that no identifier knows would be taken for its nearest neighbour.
    let judged = office.iter().all(|lang| is_known(lang.primary()));
    match sure(text, office).filter(|_| judged) {
        Some(tag) => match find(tag, office) {
            Some(language) => Written::Pack {
                language,
                sure: true,
            },
            None => tag.parse().map_or(Written::Unknown, Written::Other),
        },
        None => guess(text, office).map_or(Written::Unknown, |language| Written::Pack {
            language,
            sure: false,
        }),
    }
}

fn sure(text: &str, office: &[Lang]) -> Option<&'static str> {
    let script = whatlang::detect_script(text)?;
    let letters = letters(text);
    match script::of(text, script) {
        Says::Latin => sure_of_latin(text, letters, office),
        _ if letters < ENOUGH_OTHER => None,
        Says::One(tag) => Some(tag),
        Says::Either("ja", "zh") => None,
        Says::Either(one, other) => words::vote(text)
            .filter(|tag| [one, other].contains(tag))
            .or_else(|| trigrams(text, &[one, other]).map(|(tag, _)| tag)),
        Says::Nothing => None,
    }
}

fn sure_of_latin(text: &str, letters: usize, office: &[Lang]) -> Option<&'static str> {
    let count = words::words(text).count();
    if letters < ENOUGH_LATIN || count < ENOUGH_WORDS || is_name(text) {
        return None;
    }
    let linear = linear(text);
    let (trigrams, confidence) = trigrams(text, &[])?;
    let leaders = words::leaders(text);
    let alone = confidence >= TRIGRAMS_ALONE && !LINEAR.contains(&trigrams);
    let own = |tag: &&str| find(tag, office).is_some();
    match leaders[..] {
        [words] if words == linear || words == trigrams => Some(words),
        _ if alone => Some(trigrams),
        [_] => None,
        // The office's language has as many words in it as the relative that the two others name.
        _ if leaders.iter().any(own) && !own(&linear) => None,
        _ => (count > FEW_WORDS && linear == trigrams).then_some(linear),
    }
}

/// The likeliest of the office's languages for a text of which nobody is sure.
fn guess(text: &str, office: &[Lang]) -> Option<Lang> {
    let script = whatlang::detect_script(text)?;
    match script::of(text, script) {
        Says::Nothing => None,
        Says::One(tag) => find(tag, office),
        Says::Either(one, other) => find(one, office).or_else(|| find(other, office)),
        Says::Latin if letters(text) < ENOUGH_TO_GUESS => None,
        // A name says where a family came from, not what its bearer speaks.
        Says::Latin if words::words(text).count() >= ENOUGH_WORDS && is_name(text) => {
            words::vote(text).and_then(|tag| find(tag, office))
        }
        Says::Latin => words::vote(text)
            .and_then(|tag| find(tag, office))
            .or_else(|| find(linear(text), office))
            .or_else(|| {
                let tags: Vec<&str> = office.iter().map(Lang::primary).collect();
                find(trigrams(text, &tags)?.0, office)
            }),
    }
}

/// Whether every word begins with a capital, but for the particles of names ("Maria da Silva").
fn is_name(text: &str) -> bool {
    words::words(text).all(|word| {
        let mut letters = word.chars();
        let first = letters.next().is_some_and(char::is_uppercase);
        let rest_small = letters.clone().all(|c| !c.is_uppercase());
        (first && rest_small) || word.chars().count() <= 3 && letters.all(char::is_lowercase)
    })
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphabetic()).count()
}

fn find(tag: &str, office: &[Lang]) -> Option<Lang> {
    office.iter().find(|own| own.primary() == tag).cloned()
}

fn is_known(tag: &str) -> bool {
    TRIGRAMS.iter().any(|(_, known)| *known == tag) || words::knows(tag) || LINEAR.contains(&tag)
}

/// Character trigrams' choice, over these languages or over all that they know.
fn trigrams(text: &str, among: &[&str]) -> Option<(&'static str, f64)> {
    let allowed = TRIGRAMS
        .iter()
        .filter(|(_, tag)| among.is_empty() || among.contains(tag));
    let detector = Detector::with_allowlist(allowed.map(|(code, _)| *code).collect());
    let info = detector.detect(text)?;
    if info.script() != Script::Latin && among.is_empty() {
        return None;
    }
    let (_, tag) = TRIGRAMS.iter().find(|(code, _)| *code == info.lang())?;
    Some((tag, info.confidence()))
}

/// The linear model's choice; it always has one, and it knows only [`LINEAR`].
fn linear(text: &str) -> &'static str {
    use whichlang::Lang as L;
    match whichlang::detect_language(text) {
        L::Ara => "ar",
        L::Cmn => "zh",
        L::Deu => "de",
        L::Eng => "en",
        L::Fra => "fr",
        L::Hin => "hi",
        L::Ita => "it",
        L::Jpn => "ja",
        L::Kor => "ko",
        L::Nld => "nl",
        L::Por => "pt",
        L::Rus => "ru",
        L::Spa => "es",
        L::Swe => "sv",
        L::Tur => "tr",
        L::Vie => "vi",
    }
}

const LINEAR: [&str; 16] = [
    "ar", "zh", "de", "en", "fr", "hi", "it", "ja", "ko", "nl", "pt", "ru", "es", "sv", "tr", "vi",
];

const TRIGRAMS: &[(whatlang::Lang, &str)] = {
    use whatlang::Lang as L;
    &[
        (L::Jpn, "ja"),
        (L::Eng, "en"),
        (L::Por, "pt"),
        (L::Spa, "es"),
        (L::Cmn, "zh"),
        (L::Kor, "ko"),
        (L::Vie, "vi"),
        (L::Fra, "fr"),
        (L::Deu, "de"),
        (L::Ita, "it"),
        (L::Rus, "ru"),
        (L::Ukr, "uk"),
        (L::Ind, "id"),
        (L::Nep, "ne"),
        (L::Tha, "th"),
        (L::Hin, "hi"),
        (L::Ben, "bn"),
        (L::Urd, "ur"),
        (L::Ara, "ar"),
        (L::Pes, "fa"),
        (L::Tur, "tr"),
        (L::Tgl, "tl"),
        (L::Mya, "my"),
        (L::Pol, "pl"),
        (L::Nld, "nl"),
        (L::Swe, "sv"),
        (L::Ron, "ro"),
        (L::Heb, "he"),
        (L::Khm, "km"),
        (L::Tam, "ta"),
        (L::Sin, "si"),
        (L::Amh, "am"),
    ]
};
