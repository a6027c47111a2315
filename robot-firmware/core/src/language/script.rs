//! Scripts that leave one language, or a few that letters tell apart.

use whatlang::Script;

/// Characters of everyday Chinese that Japanese doesn't write.
const CHINESE: &str = "我你您他她们們这這吗嗎呢什么麼怎哪请請没沒还還给給很吧";
const UKRAINIAN: &str = "іїєґ";
const RUSSIAN: &str = "ыэъё";
const MONGOLIAN: &str = "өү";
const URDU: &str = "ٹڈڑںےہھ";
const PERSIAN: &str = "پچژگکی";

/// What a script says about the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// This one.
    One(&'static str),
    /// The first or the second; trigrams or function words must tell.
    Either(&'static str, &'static str),
    /// Any of those written in Latin letters.
    Latin,
    /// Nothing that this office could use.
    Nothing,
}

pub(super) fn of(text: &str, script: Script) -> Says {
    let any = |letters: &str| text.to_lowercase().chars().any(|c| letters.contains(c));
    match script {
        Script::Latin => Says::Latin,
        Script::Hiragana | Script::Katakana => Says::One("ja"),
        Script::Mandarin if text.chars().any(is_kana) => Says::One("ja"),
        Script::Mandarin if any(CHINESE) => Says::One("zh"),
        Script::Mandarin => Says::Either("ja", "zh"),
        Script::Hangul => Says::One("ko"),
        Script::Thai => Says::One("th"),
        Script::Hebrew => Says::One("he"),
        Script::Bengali => Says::One("bn"),
        Script::Myanmar => Says::One("my"),
        Script::Khmer => Says::One("km"),
        Script::Tamil => Says::One("ta"),
        Script::Sinhala => Says::One("si"),
        Script::Ethiopic => Says::One("am"),
        Script::Arabic if any(URDU) => Says::One("ur"),
        Script::Arabic if any(PERSIAN) => Says::One("fa"),
        Script::Arabic => Says::One("ar"),
        Script::Cyrillic if any(UKRAINIAN) => Says::One("uk"),
        Script::Cyrillic if any(MONGOLIAN) => Says::One("mn"),
        Script::Cyrillic if any(RUSSIAN) => Says::One("ru"),
        Script::Cyrillic => Says::Either("ru", "uk"),
        Script::Devanagari => Says::Either("hi", "ne"),
        _ => Says::Nothing,
    }
}

fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30ff}')
}
