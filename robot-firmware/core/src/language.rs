//! The language of typed words, where nobody chose one.

use madoguchi_shared::ids::Lang;
use whatlang::{Detector, Script};

/// Fewer letters than this say little about a language written in Latin script.
const ENOUGH_LATIN: usize = 8;
/// Another language than the office's is only believed of a text of this length …
const ENOUGH_FOR_OTHER: usize = 20;
/// … and with this confidence.
const SURE: f64 = 0.9;

/// What typed words are written in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Written {
    /// Most likely one of the pack's.
    Pack {
        /// Which.
        language: Lang,
        /// Script or trigrams leave no doubt.
        sure: bool,
    },
    /// Surely another one.
    Other(Lang),
    /// Nothing speaks for any.
    Unknown,
}

/// Decides by script and character trigrams (whatlang): first over all languages, for one that the
/// office doesn't have, then among the pack's.
pub(crate) fn of_typed(text: &str, pack_languages: &[Lang]) -> Written {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let all = Detector::with_allowlist(LANGUAGES.iter().map(|(code, _)| *code).collect());
    if let Some(info) = all.detect(text)
        && let Some(lang) = LANGUAGES.iter().find(|(code, _)| *code == info.lang())
        && let Ok(lang) = lang.1.parse::<Lang>()
        && !pack_languages.contains(&lang)
    {
        let own_script = !matches!(info.script(), Script::Latin | Script::Mandarin);
        if own_script || (letters >= ENOUGH_FOR_OTHER && info.confidence() >= SURE) {
            return Written::Other(lang);
        }
    }
    let known: Vec<(whatlang::Lang, &Lang)> = pack_languages
        .iter()
        .filter_map(|lang| Some((code_of(lang)?, lang)))
        .collect();
    let detector = Detector::with_allowlist(known.iter().map(|(code, _)| *code).collect());
    let Some(info) = detector.detect(text) else {
        return Written::Unknown;
    };
    if info.script() == Script::Latin && letters < ENOUGH_LATIN {
        return Written::Unknown;
    }
    known
        .into_iter()
        .find(|(code, _)| *code == info.lang())
        .map_or(Written::Unknown, |(_, lang)| Written::Pack {
            language: lang.clone(),
            sure: info.script() != Script::Latin || info.confidence() >= SURE,
        })
}

fn code_of(tag: &Lang) -> Option<whatlang::Lang> {
    let primary = tag.as_str().split('-').next()?;
    LANGUAGES
        .iter()
        .find(|(_, tag)| *tag == primary)
        .map(|(code, _)| *code)
}

const LANGUAGES: &[(whatlang::Lang, &str)] = {
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
    ]
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_words_find_their_language() {
        let pack: Vec<Lang> = ["ja", "en", "pt"]
            .iter()
            .map(|t| t.parse().unwrap())
            .collect();
        let language_of = |text| match of_typed(text, &pack) {
            Written::Pack { language, .. } => Some(language.to_string()),
            Written::Other(language) => Some(format!("other {language}")),
            Written::Unknown => None,
        };
        for (text, expected) in [
            ("ゴミの日はいつですか", Some("ja")),
            ("転入届", Some("ja")),
            ("When is the garbage collected on our street?", Some("en")),
            ("Quais são os horários de atendimento?", Some("pt")),
            ("ok", None),
            (
                "Ich brauche Hilfe mit meinem Mietvertrag.",
                Some("other de"),
            ),
            ("여권을 잃어버렸어요", Some("other ko")),
            ("ฉันทำหนังสือเดินทางหาย", Some("other th")),
        ] {
            assert_eq!(language_of(text).as_deref(), expected, "{text}");
        }
    }
}
