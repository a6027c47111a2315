//! Fits the weights of `madoguchi_core::understanding` to a pack and shows how well it does.
//!
//! ```text
//! cargo run -p madoguchi-core --example fit_understanding -- \
//!     examples PACK                          print the sentences that need a vector
//!     score PACK QUESTIONS [VECTORS]         show every miss, and the rates
//!     fit PACK VECTORS                       print weights for `Weights::default`
//! ```
//!
//! QUESTIONS has lines of text, expected (a topic's id, `person` or `none`) and language, divided
//! by tabs. VECTORS has lines of a text, a tab, and the numbers of its sentence vector divided by
//! spaces; it must cover the pack's examples and the questions.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use madoguchi_core::pack::{Pack, PackFile};
use madoguchi_core::understanding::{Index, Outcome};
use madoguchi_shared::ids::Lang;

type Vectors = BTreeMap<String, Vec<f32>>;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["examples", pack] => {
            for example in index(pack, None)?.examples() {
                println!("{}", example.text);
            }
            Ok(())
        }
        ["score", pack, questions] => score(&index(pack, None)?, questions, None),
        ["score", pack, questions, vectors] => {
            let vectors = read_vectors(vectors)?;
            score(&index(pack, Some(&vectors))?, questions, Some(&vectors))
        }
        ["fit", pack, vectors] => {
            let vectors = read_vectors(vectors)?;
            println!("{:#?}", index(pack, Some(&vectors))?.fit_weights());
            Ok(())
        }
        _ => Err("usage: examples PACK | score PACK QUESTIONS [VECTORS] | fit PACK VECTORS".into()),
    }
}

fn index(pack: &str, vectors: Option<&Vectors>) -> Result<Index, Box<dyn Error>> {
    let mut files = Vec::new();
    gather(Path::new(pack), "", &mut files)?;
    let pack = Pack::parse(&files).map_err(|problems| {
        problems
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n")
    })?;
    let mut index = Index::new(&pack);
    if let Some(vectors) = vectors {
        let wanted = index.examples().iter().map(|example| {
            vectors
                .get(&example.text)
                .cloned()
                .ok_or(format!("no vector for “{}”", example.text))
        });
        let wanted = wanted.collect::<Result<Vec<_>, _>>()?;
        index.set_vectors(wanted)?;
    }
    Ok(index)
}

fn gather(folder: &Path, prefix: &str, files: &mut Vec<PackFile>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            gather(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.push(PackFile {
                path: name,
                text: fs::read_to_string(entry.path())?,
            });
        }
    }
    Ok(())
}

fn read_vectors(path: &str) -> Result<Vectors, Box<dyn Error>> {
    let mut vectors = Vectors::new();
    for line in fs::read_to_string(path)?.lines() {
        let (text, numbers) = line
            .split_once('\t')
            .ok_or("a line of vectors has no tab")?;
        let numbers = numbers
            .split(' ')
            .map(str::parse)
            .collect::<Result<_, _>>()?;
        vectors.insert(text.to_owned(), numbers);
    }
    Ok(vectors)
}

#[derive(Default)]
struct Counts {
    questions: u32,
    right: u32,
    offered: u32,
    wrong_answer: u32,
}

fn score(index: &Index, questions: &str, vectors: Option<&Vectors>) -> Result<(), Box<dyn Error>> {
    let mut counts: BTreeMap<(String, &str), Counts> = BTreeMap::new();
    let text = fs::read_to_string(questions)?;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let [text, expected, language] = line.split('\t').collect::<Vec<_>>()[..] else {
            return Err(format!("not three columns: {line}").into());
        };
        let language: Lang = language.parse()?;
        let vector = vectors.and_then(|vectors| vectors.get(text));
        let got = index.understand(text, Some(&language), vector.map(Vec::as_slice));
        let (answered, offered) = match &got.outcome {
            _ if got.asks_for_person.is_some() => ("person", false),
            Outcome::Topic { topic, .. } => (topic.as_str(), false),
            Outcome::Close(topics) => ("none", topics.iter().any(|topic| topic == expected)),
            Outcome::None => ("none", false),
        };
        let kind = if matches!(expected, "person" | "none") {
            expected
        } else {
            "topic"
        };
        let count = counts.entry((language.to_string(), kind)).or_default();
        count.questions += 1;
        count.right += u32::from(answered == expected);
        count.offered += u32::from(offered);
        let wrong = answered != expected && !matches!(answered, "person" | "none");
        count.wrong_answer += u32::from(wrong);
        if answered != expected {
            let best = got.candidates.first();
            let best = best.map(|best| format!("{} {:.2}", best.topic, best.probability));
            let best = best.unwrap_or_default();
            println!("{language}  {text}\n    expected {expected}, got {answered} ({best})");
        }
    }
    for ((language, kind), count) in counts {
        let Counts {
            questions,
            right,
            offered,
            wrong_answer,
        } = count;
        println!(
            "{language:8} {kind:7} right {right} of {questions}, offered {offered}, wrong answer {wrong_answer}"
        );
    }
    Ok(())
}
