//! Translation with the installed pairs.
#![allow(clippy::unwrap_used)]

mod support;

use madoguchi_shared::ids::Lang;
use madoguchi_speech::models::ModelStore;
use madoguchi_speech::translate::{FirefoxTranslator, TranslateError, Translator};
use support::{model, store};

fn lang(tag: &str) -> Lang {
    tag.parse().unwrap()
}

#[test]
fn english_and_portuguese_go_both_ways() {
    model("firefox-en-pt");
    model("firefox-pt-en");
    let mut translator = FirefoxTranslator::new(&store());
    let mut translate = |from: &str, to: &str, text: &str| {
        translator
            .translate(&lang(from), &lang(to), text)
            .unwrap()
            .text
    };
    let text = translate("en", "pt", "Please wait a moment.");
    assert!(text.contains("aguarde um momento"), "{text}");
    let text = translate(
        "pt-BR",
        "en",
        "Eu preciso de um atestado de residência. Onde fica o balcão?",
    );
    assert_eq!(
        text,
        "I need a certificate of residence. Where is the counter?"
    );
    let text = translate("pt", "en", "Bom dia.\n\nObrigado.\n");
    assert_eq!(text.lines().count(), 3, "{text:?}");
    assert_eq!(translate("en", "pt", " 8:30 – 17:15 "), " 8:30 – 17:15 ");
    assert_eq!(translate("en", "pt", ""), "");
    assert_eq!(translate("ja", "ja", "そのまま"), "そのまま");
}

#[test]
fn a_pair_without_a_model_is_named() {
    let mut translator = FirefoxTranslator::new(&store());
    assert!(!translator.can_translate(&lang("ja"), &lang("sw")));
    let error = translator
        .translate(&lang("ja"), &lang("sw"), "はい")
        .unwrap_err();
    assert!(matches!(error, TranslateError::NoModel { .. }));
    assert!(error.to_string().contains("`firefox-ja-sw`"), "{error}");
}

#[test]
fn two_pairs_lead_through_english_and_a_damaged_one_is_named() {
    let dir = tempfile::tempdir().unwrap();
    for pair in ["firefox-ja-en", "firefox-en-pt"] {
        std::fs::create_dir(dir.path().join(pair)).unwrap();
    }
    std::fs::write(dir.path().join("firefox-ja-en/model.jaen.bin"), b"nonsense").unwrap();
    std::fs::write(dir.path().join("firefox-ja-en/vocab.jaen.spm"), b"nonsense").unwrap();
    let mut translator = FirefoxTranslator::new(&ModelStore::new(dir.path()).unwrap());
    assert!(translator.can_translate(&lang("ja"), &lang("pt")));
    assert!(!translator.can_translate(&lang("pt"), &lang("ja")));
    let error = translator
        .translate(&lang("ja"), &lang("pt"), "はい")
        .unwrap_err()
        .to_string();
    assert!(error.contains("firefox-ja-en"), "{error}");
    let error = translator
        .translate(&lang("en"), &lang("pt"), "yes")
        .unwrap_err()
        .to_string();
    assert!(error.contains("there is no model.*.bin"), "{error}");
}
