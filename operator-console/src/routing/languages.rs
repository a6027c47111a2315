//! Which language tags can name what an operator speaks.

use madoguchi_shared::ids::Lang;

/// The languages with two letters (ISO 639-1), in the order of the alphabet.
const TWO_LETTERS: &str = "\
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de \
    dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia \
    id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo \
    lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl \
    ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk \
    tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// Whether it is a language, with no more than a script and a region behind it, as cases and
/// operators name them (RFC 5646). Of the thousands of languages with three letters none is refused.
pub(super) fn is_spoken(language: &Lang) -> bool {
    let mut subtags = language.as_str().split('-').peekable();
    let primary = subtags.next().unwrap_or_default();
    let is_known = primary.len() == 3 || TWO_LETTERS.split(' ').any(|known| known == primary);
    subtags.next_if(|subtag| is_script(subtag));
    subtags.next_if(|subtag| is_region(subtag));
    is_known && subtags.next().is_none()
}

fn is_script(subtag: &str) -> bool {
    subtag.len() == 4 && subtag.bytes().all(|b| b.is_ascii_alphabetic())
}

fn is_region(subtag: &str) -> bool {
    match subtag.len() {
        2 => subtag.bytes().all(|b| b.is_ascii_alphabetic()),
        3 => subtag.bytes().all(|b| b.is_ascii_digit()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_may_have_a_script_and_a_region() {
        let is_spoken = |tag: &str| is_spoken(&tag.parse().unwrap());
        for good in [
            "en",
            "pt-BR",
            "es-419",
            "zh-Hant",
            "zh-Hant-TW",
            "fil",
            "jsl",
        ] {
            assert!(is_spoken(good), "{good}");
        }
        for bad in [
            "xx",
            "xx-bad-tag-zz",
            "en-bad",
            "en-US-Latn",
            "zh-Hant-TW-x-me",
        ] {
            assert!(!is_spoken(bad), "{bad}");
        }
    }
}
