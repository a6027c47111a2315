//! Questions in languages that no example is written in find their topic.

use crate::support::model;
use madoguchi_speech::meaning::{Embedder, MeaningError, similarity};

const TOPICS: [(&str, [&str; 2]); 8] = [
    (
        "hours",
        [
            "What time does the office open and close?",
            "役所は何時から何時まで開いていますか。",
        ],
    ),
    (
        "moving in",
        [
            "I moved to this city. How do I register my new address?",
            "転入届を出したいのですが。",
        ],
    ),
    (
        "certificate",
        [
            "I need a copy of my residence certificate.",
            "住民票の写しが欲しいです。",
        ],
    ),
    (
        "insurance",
        [
            "How do I join the national health insurance?",
            "国民健康保険に加入したいです。",
        ],
    ),
    (
        "garbage",
        [
            "On which day is burnable garbage collected?",
            "燃えるゴミの日はいつですか。",
        ],
    ),
    (
        "childcare",
        [
            "How do I apply for a nursery school?",
            "保育園の申し込みはどこですか。",
        ],
    ),
    (
        "tax",
        ["Where can I pay my taxes?", "税金はどこで払えますか。"],
    ),
    (
        "lost",
        ["I lost my wallet in this building.", "落とし物をしました。"],
    ),
];

const QUESTIONS: [(&str, &str); 14] = [
    ("hours", "A que horas a prefeitura abre?"),
    (
        "moving in",
        "Acabei de me mudar, preciso registrar meu endereço.",
    ),
    ("certificate", "Quero um atestado de residência."),
    ("insurance", "Como faço o seguro de saúde?"),
    ("garbage", "Que dia passa o lixo queimável?"),
    ("childcare", "Quiero inscribir a mi hija en la guardería."),
    ("tax", "¿Dónde se pagan los impuestos?"),
    ("lost", "He perdido mi paraguas aquí."),
    ("hours", "Mấy giờ văn phòng mở cửa?"),
    ("garbage", "Ngày nào thu gom rác đốt được?"),
    ("tax", "Tôi có thể nộp thuế ở đâu?"),
    ("lost", "傘を忘れてしまったんですけど、届いていませんか"),
    ("childcare", "子どもを預けたいんですが"),
    ("certificate", "where do i get proof of where i live"),
];

#[test]
fn questions_find_their_topic_in_languages_without_examples() {
    let path = model("e5-small");
    let mut embedder = Embedder::load(&path).unwrap();
    let topics: Vec<_> = TOPICS
        .iter()
        .map(|(topic, examples)| (*topic, examples.map(|e| embedder.embed(e).unwrap())))
        .collect();
    let mut missed = Vec::new();
    for (expected, question) in QUESTIONS {
        let vector = embedder.embed(question).unwrap();
        assert!((similarity(&vector, &vector) - 1.0).abs() < 1e-4);
        let score = |examples: &[_; 2]| {
            examples
                .iter()
                .map(|e| similarity(e, &vector))
                .fold(f32::MIN, f32::max)
        };
        let best = topics
            .iter()
            .max_by(|a, b| score(&a.1).total_cmp(&score(&b.1)))
            .unwrap();
        assert!(score(&best.1) > 0.8, "{question}: {}", score(&best.1));
        if best.0 != expected {
            missed.push((question, best.0));
        }
    }
    // With two examples a topic the model misses three of these; more examples are the remedy.
    assert!(missed.len() <= 3, "{missed:?}");
}

#[test]
fn vectors_agree_with_the_reference_program() {
    let path = model("e5-small");
    let vector = Embedder::load(&path)
        .unwrap()
        .embed("Quiero inscribir a mi hija en la guardería.");
    let reference = [0.015_024, -0.011_465, -0.024_332, -0.034_370];
    for (ours, theirs) in vector.unwrap().iter().zip(reference) {
        assert!((ours - theirs).abs() < 2e-3, "{ours} instead of {theirs}");
    }
}

#[test]
fn any_text_has_a_meaning() {
    let path = model("e5-small");
    let mut embedder = Embedder::load(&path).unwrap();
    for text in ["", " ", "\u{0}\u{fffd}", "🙂", &"long ".repeat(2_000)] {
        let vector = embedder.embed(text).unwrap();
        assert!(vector.iter().all(|x| x.is_finite()));
    }
}

#[test]
fn a_damaged_model_is_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), b"E5S1\x01\0\0\0 and then nothing of use").unwrap();
    let error = Embedder::load(file.path()).err().unwrap();
    assert!(matches!(error, MeaningError::Damaged { .. }));
    assert!(
        error.to_string().contains("models fetch e5-small"),
        "{error}"
    );
}
