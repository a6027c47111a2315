//! Without sentence vectors the robot still understands much, and keeps silent otherwise. With
//! them the daemon's own tests go further; here the vectors are made up.

use std::sync::OnceLock;

use crate::support::packs::sample;
use madoguchi_core::pack::Pack;
use madoguchi_core::understanding::{Index, Label, Outcome, Understanding, VectorsError};
use madoguchi_shared::ids::Lang;

fn index() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(|| Index::new(&sample()))
}

fn understand(text: &str) -> Understanding {
    index().understand(text, None, None)
}

struct Question {
    text: &'static str,
    expected: &'static str,
    language: Lang,
}

fn questions() -> Vec<Question> {
    let lines = include_str!("../data/questions.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let [text, expected, language] = line.split('\t').collect::<Vec<_>>()[..] else {
                panic!("not three columns: {line}")
            };
            Question {
                text,
                expected,
                language: language.parse().unwrap(),
            }
        })
        .collect()
}

#[test]
fn most_questions_in_the_offices_languages_are_understood_and_few_wrongly() {
    let own = ["ja", "en", "pt"];
    let (mut asked, mut right, mut wrong, mut all) = (0, 0, 0, 0);
    for question in questions()
        .iter()
        .filter(|q| own.contains(&q.language.as_str()))
    {
        all += 1;
        asked += i32::from(!matches!(question.expected, "person" | "none"));
        if let Outcome::Topic { topic, .. } = understand(question.text).outcome {
            if topic == question.expected {
                right += 1;
            } else {
                wrong += 1;
            }
        }
    }
    assert!(
        right * 100 >= asked * 75,
        "{right} of {asked} questions were answered"
    );
    assert!(
        wrong * 100 <= all * 4,
        "{wrong} of {all} got a wrong answer"
    );
}

#[test]
fn who_only_sounds_like_asking_for_a_person_is_not_taken_for_it() {
    for text in [
        "Who is the person in charge of garbage?",
        "Are you a real person?",
        "My friend has an appointment with a person from a bank",
        "担当のお医者さんは誰ですか",
        "人が足りないそうですね",
        "Qual é o nome da pessoa que cuida do lixo?",
        "Deve estar faltando gente aqui",
    ] {
        assert_eq!(understand(text).asks_for_person, None, "{text}");
    }
}

#[test]
fn who_asks_for_a_person_gets_no_answer_instead() {
    for text in [
        "I want to talk to a person",
        "I would prefer to speak with an actual person",
        "係の人を呼んでください",
        "人と話したい",
        "Quero falar com uma pessoa",
        "Quero falar com um atendente, por favor",
    ] {
        let got = understand(text);
        assert!(
            got.asks_for_person.is_some_and(|score| score >= 0.6),
            "{text}: {got:?}"
        );
        assert_eq!(got.outcome, Outcome::None, "{text}");
    }
}

#[test]
fn a_touched_suggestion_is_always_its_topic() {
    let pack = sample();
    for topic in pack.topics() {
        for language in pack.languages() {
            let Some(text) = topic.suggestion(language) else {
                continue;
            };
            let got = understand(text);
            let right =
                matches!(&got.outcome, Outcome::Topic { topic: own, .. } if *own == topic.id);
            assert!(right, "{text}: {got:?}");
        }
    }
}

#[test]
fn nothing_said_means_nothing() {
    for text in ["", " ", "…", "?!", "\u{0}\u{1}", "🙂"] {
        let got = understand(text);
        assert_eq!(
            (got.asks_for_person, got.outcome),
            (None, Outcome::None),
            "{text:?}"
        );
        assert!(
            got.candidates
                .iter()
                .all(|candidate| candidate.probability.is_finite())
        );
    }
}

#[test]
fn the_same_words_always_mean_the_same() {
    let again = Index::new(&sample());
    assert_eq!(again.examples(), index().examples());
    for question in questions().iter().step_by(7) {
        let language = Some(&question.language);
        assert_eq!(
            again.understand(question.text, language, None),
            index().understand(question.text, language, None)
        );
    }
}

/// Vectors that know the label and nothing else.
fn vector(label: &Label, at: usize) -> Vec<f32> {
    static PACK: OnceLock<Pack> = OnceLock::new();
    let pack = PACK.get_or_init(sample);
    let topics = pack.topics();
    let flows = pack.flows().iter().map(|flow| &flow.id);
    let others: Vec<&String> = flows
        .chain(pack.rules().iter().map(|rule| &rule.id))
        .collect();
    let other = |id: &String| topics.len() + 2 + others.iter().position(|own| *own == id).unwrap();
    let mut vector = vec![0.2; topics.len() + 2 + others.len()];
    let place = match label {
        Label::Topic(topic) => {
            let own = topics.iter().position(|own| own.id == *topic);
            own.unwrap_or_else(|| other(topic))
        }
        Label::Person => topics.len(),
        Label::None => topics.len() + 1,
        Label::Rule(rule) => other(rule),
    };
    vector[place] += 1.0;
    let noise = at % vector.len();
    vector[noise] += 0.05;
    vector
}

#[test]
fn a_vector_carries_over_to_a_language_the_office_never_wrote() {
    let mut index = index().clone();
    let vectors = index.examples().iter().enumerate();
    let vectors = vectors
        .map(|(at, example)| vector(&example.label, at))
        .collect();
    index.set_vectors(vectors).unwrap();
    let spanish = "es".parse().unwrap();
    let near = vector(&Label::Topic("garbage-days".to_owned()), 5);
    let got = index.understand("¿Cuándo recogen?", Some(&spanish), Some(&near));
    assert!(
        matches!(&got.outcome, Outcome::Topic { topic, .. } if topic == "garbage-days"),
        "{got:?}"
    );
    let unfit = index.understand("I lost my wallet", None, Some(&[1.0, 2.0]));
    assert_eq!(
        unfit,
        understand("I lost my wallet"),
        "an unfit vector is passed over"
    );
}

#[test]
fn vectors_that_do_not_fit_the_examples_are_refused() {
    let mut index = index().clone();
    let count = index.examples().len();
    let few = index.set_vectors(vec![vec![1.0; 4]]);
    assert_eq!(
        few,
        Err(VectorsError::Count {
            got: 1,
            wanted: count
        })
    );
    let mut vectors = vec![vec![1.0; 4]; count];
    vectors[7] = vec![1.0; 3];
    let short = index.set_vectors(vectors.clone());
    assert_eq!(
        short,
        Err(VectorsError::Length {
            example: 7,
            got: 3,
            wanted: 4
        })
    );
    vectors[7] = vec![0.0; 4];
    assert_eq!(
        index.set_vectors(vectors),
        Err(VectorsError::Direction { example: 7 })
    );
    assert!(!index.has_vectors());
}
