//! The language of typed words, where nobody chose one.

use madoguchi_shared::ids::Lang;

/// The pack language in which `text` is most likely written; `None` when nothing speaks for one.
///
/// Script decides first (kana and kanji can only be Japanese where the pack has no Chinese), then
/// character trigrams (whatlang) restricted to the pack's languages.
pub(crate) fn of_typed(text: &str, pack_languages: &[Lang]) -> Option<Lang> {
    let codes: Vec<(whatlang::Lang, &Lang)> = pack_languages
        .iter()
        .filter_map(|lang| Some((three_letters(lang.as_str())?, lang)))
        .collect();
    let detector = whatlang::Detector::with_allowlist(codes.iter().map(|(code, _)| *code).collect());
    let info = detector.detect(text)?;
    let latin_but_short = info.script() == whatlang::Script::Latin && text.chars().count() < 8;
    if latin_but_short {
        return None;
    }
    codes.into_iter().find(|(code, _)| *code == info.lang()).map(|(_, lang)| lang.clone())
}

fn three_letters(tag: &str) -> Option<whatlang::Lang> {
    use whatlang::Lang as L;
    let primary = tag.split('-').next().unwrap_or_default();
    Some(match primary {
        "ja" => L::Jpn,
        "en" => L::Eng,
        "pt" => L::Por,
        "es" => L::Spa,
        "zh" => L::Cmn,
        "ko" => L::Kor,
        "vi" => L::Vie,
        "fr" => L::Fra,
        "de" => L::Deu,
        "it" => L::Ita,
        "ru" => L::Rus,
        "uk" => L::Ukr,
        "id" => L::Ind,
        "ne" => L::Nep,
        "th" => L::Tha,
        "hi" => L::Hin,
        "bn" => L::Ben,
        "ur" => L::Urd,
        "ar" => L::Ara,
        "fa" => L::Pes,
        "tr" => L::Tur,
        "tl" | "fil" => L::Tgl,
        "my" => L::Mya,
        "pl" => L::Pol,
        "nl" => L::Nld,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_words_find_their_pack_language() {
        let pack: Vec<Lang> = ["ja", "en", "pt"].iter().map(|t| t.parse().unwrap()).collect();
        let of = |text| of_typed(text, &pack).map(|lang| lang.to_string());
        assert_eq!(of("ゴミの日はいつですか").as_deref(), Some("ja"));
        assert_eq!(of("When is the garbage collected on our street?").as_deref(), Some("en"));
        assert_eq!(of("Quais são os horários de atendimento?").as_deref(), Some("pt"));
        assert_eq!(of("ok"), None);
    }
}
