//! Translation with the installed pairs.

use crate::support::{model, store};
use madoguchi_shared::ids::Lang;
use madoguchi_shared::packet::TranslationConfidence;
use madoguchi_speech::models::ModelStore;
use madoguchi_speech::translate::{
    By, Form, Glossary, MachineTranslator, NamedPair, Term, TranslateError, Translator,
};

fn lang(tag: &str) -> Lang {
    tag.parse().unwrap()
}

#[test]
fn english_and_portuguese_go_both_ways() {
    model("firefox-en-pt");
    model("firefox-pt-en");
    let mut translator = MachineTranslator::new(&store());
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
    // Kernels round differently, so that the two nouns may come in either order.
    assert!(
        ["certificate of residence", "residence certificate"]
            .iter()
            .any(|noun| text == format!("I need a {noun}. Where is the counter?")),
        "{text}"
    );
    let text = translate("pt", "en", "Bom dia.\n\nObrigado.\n");
    assert_eq!(text.lines().count(), 3, "{text:?}");
    assert_eq!(translate("en", "pt", " 8:30 – 17:15 "), " 8:30 – 17:15 ");
    assert_eq!(translate("en", "pt", ""), "");
    assert_eq!(translate("ja", "ja", "そのまま"), "そのまま");
}

#[test]
fn a_model_with_damaged_files_is_named_and_the_others_translate_on() {
    let folder = tempfile::tempdir().unwrap();
    let sound = model("firefox-en-pt");
    for entry in std::fs::read_dir(sound.parent().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_owned();
        let mut bytes = std::fs::read(&path).unwrap();
        if name.to_string_lossy().starts_with("lex.") {
            bytes[64..264].fill(0xff);
        }
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    let own = NamedPair {
        from: lang("en"),
        to: lang("pt"),
        by: By::Firefox(folder.path().to_owned()),
    };
    let mut translator = MachineTranslator::new(&store()).with_pairs(&[own]);
    for _ in 0..2 {
        let wish = "I want to talk to a person.";
        let error = translator
            .translate(&lang("en"), &lang("pt"), wish)
            .unwrap_err()
            .to_string();
        for part in ["damaged", "madoguchi-robot models fetch"] {
            assert!(error.contains(part), "{error}");
        }
    }
    let back = translator.translate(&lang("pt"), &lang("en"), "Bom dia.");
    assert!(back.is_ok(), "{back:?}");
}

#[test]
fn a_pair_without_a_model_is_named() {
    let mut translator = MachineTranslator::new(&store());
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
    for pair in ["firefox-ja-en", "firefox-en-fr"] {
        std::fs::create_dir(dir.path().join(pair)).unwrap();
    }
    std::fs::write(dir.path().join("firefox-ja-en/model.jaen.bin"), b"nonsense").unwrap();
    std::fs::write(dir.path().join("firefox-ja-en/vocab.jaen.spm"), b"nonsense").unwrap();
    let mut translator = MachineTranslator::new(&ModelStore::new(dir.path()).unwrap());
    assert!(translator.can_translate(&lang("ja"), &lang("fr")));
    assert!(!translator.can_translate(&lang("fr"), &lang("ja")));
    let error = translator
        .translate(&lang("ja"), &lang("fr"), "はい")
        .unwrap_err()
        .to_string();
    assert!(error.contains("firefox-ja-en"), "{error}");
    let error = translator
        .translate(&lang("en"), &lang("fr"), "yes")
        .unwrap_err()
        .to_string();
    assert!(error.contains("there is no model.*.bin"), "{error}");
}

#[test]
fn terms_and_facts_survive_the_installed_models() {
    model("firefox-en-pt");
    model("firefox-pt-en");
    let form = |en: &str, pt: &str, like: Option<(&str, &str)>| Form {
        words: [
            (lang("en"), vec![en.to_owned()]),
            (lang("pt"), vec![pt.to_owned()]),
        ]
        .into(),
        like: like
            .map(|(en, pt)| [(lang("en"), en.to_owned()), (lang("pt"), pt.to_owned())].into())
            .unwrap_or_default(),
    };
    let terms = [
        form("landlord", "senhorio", Some(("owner", "proprietário"))),
        form("parking ticket", "multa de estacionamento", None),
    ];
    let terms = terms.map(|form| Term { forms: vec![form] }).into();
    let mut translator = MachineTranslator::new(&store()).with_glossary(Glossary { terms });
    let mut translate = |from: &str, to: &str, text: &str| {
        translator
            .translate(&lang(from), &lang(to), text)
            .unwrap()
            .text
    };
    let text = translate("en", "pt", "My landlord won't repair the heating.");
    assert!(text.starts_with("Meu senhorio não"), "{text}");
    // Without a word to stand in, the term replaces what the model aligned with it.
    let text = translate("en", "pt", "I got a parking ticket yesterday.");
    assert!(text.contains("multa de estacionamento ontem."), "{text}");
    let text = translate("pt", "en", "Meu senhorio saiu.");
    assert!(text.contains("landlord"), "{text}");
    let text = translate(
        "en",
        "pt",
        "Mr. Takahashi asks for form A-102 and ¥1,500 by mail to info@city.example.jp.",
    );
    for fact in ["Takahashi", "A-102", "500", "info@city.example.jp"] {
        assert!(text.contains(fact), "{text}");
    }
}

#[test]
fn a_translation_is_judged_by_its_way_back() {
    model("firefox-en-pt");
    model("firefox-pt-en");
    let mut translator = MachineTranslator::new(&store());
    let (en, pt) = (lang("en"), lang("pt"));
    let text = "Please wait a moment.";
    let done = translator.translate(&en, &pt, text).unwrap();
    let judged = translator.judge(&en, &pt, text, &done);
    assert_eq!(
        judged.confidence,
        Some(TranslationConfidence::High),
        "{judged:?}"
    );
    assert_eq!(
        translator.translate(&en, &pt, text).unwrap().text,
        done.text
    );
}

/// A program that writes what a mode of Apertium might.
fn apertium(dir: &std::path::Path) -> NamedPair {
    use std::os::unix::fs::PermissionsExt;
    let program = dir.join("apertium");
    let script = "#!/bin/sh\n[ \"$4\" = spa-por ] || exit 1\nsed 's/Buenos días/Bom dia/'\n";
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    NamedPair {
        from: lang("es"),
        to: lang("pt"),
        by: By::Apertium {
            program,
            mode: "spa-por".to_owned(),
        },
    }
}

#[test]
fn apertium_stands_in_where_no_model_leads_and_is_labelled() {
    let dir = tempfile::tempdir().unwrap();
    let named = apertium(dir.path());
    let empty = ModelStore::new(dir.path()).unwrap();
    let mut translator = MachineTranslator::new(&empty).with_pairs(std::slice::from_ref(&named));
    assert!(translator.can_translate(&lang("es"), &lang("pt-BR")));
    let done = translator
        .translate(&lang("es"), &lang("pt"), "Buenos días.")
        .unwrap();
    assert_eq!((done.text.as_str(), done.by_rules), ("Bom dia.", true));

    let mut wrong = named.clone();
    if let By::Apertium { mode, .. } = &mut wrong.by {
        *mode = "spa-xyz".to_owned();
    }
    let mut translator = MachineTranslator::new(&empty).with_pairs(&[wrong]);
    let error = translator
        .translate(&lang("es"), &lang("pt"), "Hola.")
        .unwrap_err();
    assert!(error.to_string().contains("`apertium -l`"), "{error}");

    // Two models that lead through English come first.
    for pair in ["firefox-es-en", "firefox-en-pt"] {
        std::fs::create_dir(dir.path().join(pair)).unwrap();
    }
    let models = ModelStore::new(dir.path()).unwrap();
    let mut translator = MachineTranslator::new(&models).with_pairs(&[named]);
    let error = translator
        .translate(&lang("es"), &lang("pt"), "Hola.")
        .unwrap_err();
    assert!(matches!(error, TranslateError::Load { .. }), "{error}");
}

#[test]
fn a_model_that_the_configuration_names_stands_in_for_the_installed_one() {
    let dir = tempfile::tempdir().unwrap();
    let named = NamedPair {
        from: lang("en"),
        to: lang("pt"),
        by: By::Firefox(dir.path().to_owned()),
    };
    let mut translator = MachineTranslator::new(&store()).with_pairs(&[named]);
    let error = translator
        .translate(&lang("en"), &lang("pt"), "yes")
        .unwrap_err();
    assert!(
        error.to_string().contains("there is no model.*.bin"),
        "{error}"
    );
}
