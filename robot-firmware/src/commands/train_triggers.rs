//! `train-triggers`: the scorer that `madoguchi_core::escalation` looks at sentence vectors with.

use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

use anyhow::Context;
use madoguchi_core::escalation::{Lesson, Output, Plan, train};
use madoguchi_core::pack::Pack;
use madoguchi_core::understanding::{Index, Label};

use super::evaluate::emotions::{self, Worth};
use crate::cli::TrainTriggersArgs;
use crate::config::Config;
use crate::engines;
use crate::learned::KeptVectors;
use crate::pack;
use crate::threads::meaning::example_vectors;

/// What a sentence of our own counts beside one of GoEmotions.
const OWN: f32 = 4.0;
/// The same for an example of the pack.
const EXAMPLE: f32 = 1.0;

type Wanted = [Option<bool>; Output::ALL.len()];

/// A sentence and what is known of it.
struct Sentence {
    text: String,
    language: Option<String>,
    wanted: Wanted,
    weight: f32,
}

pub(super) fn train_triggers(
    config: &Config,
    args: &TrainTriggersArgs,
) -> anyhow::Result<ExitCode> {
    let pack = pack::load(args.pack.as_ref().unwrap_or(&config.pack))?;
    let mut sentences = own(&args.sentences)?;
    sentences.extend(examples(&pack));
    let emotions = args.data.join("goemotions");
    let learned = emotions::read(&emotions, "train.tsv")?;
    sentences.extend(general(learned).take(args.most));
    let trained = sentences.len();
    sentences.extend(general(emotions::read(&emotions, "dev.tsv")?));
    let texts: Vec<&str> = sentences.iter().map(|own| own.text.as_str()).collect();
    let mut meaning = engines::meaning(&config.models)?;
    let kept = KeptVectors::at(config.state.join("training-vectors"));
    let still = AtomicBool::new(false);
    let progress = |done, of| eprintln!("{done} of {of} sentence vectors");
    let vectors = example_vectors(&mut meaning, &texts, &kept, &still, progress)?;
    let lessons = sentences.iter().zip(vectors).map(|(own, vector)| Lesson {
        vector,
        language: own.language.clone(),
        wanted: own.wanted,
        weight: own.weight,
    });
    let mut lessons: Vec<Lesson> = lessons.collect();
    let dev = lessons.split_off(trained);
    let plan = Plan::default();
    let scorer = train(&lessons, plan, |pass| {
        eprintln!("pass {pass} of {}", plan.passes)
    });
    let scored = dev.iter().map(|lesson| {
        let around = scorer.around_general(&lesson.vector).unwrap_or_default();
        let place = Output::Distress as usize;
        let score = scorer.scores_around(&around)[place];
        (score, lesson.wanted[place] == Some(true))
    });
    emotions::print(Worth::of(scored.collect()), args.json)?;
    std::fs::write(&args.out, scorer.to_bytes())
        .with_context(|| format!("cannot write {}", args.out.display()))?;
    Ok(ExitCode::SUCCESS)
}

/// Talk of no office tells of distress only.
fn general(texts: Vec<emotions::Text>) -> impl Iterator<Item = Sentence> {
    texts.into_iter().map(|own| {
        let mut wanted = Wanted::default();
        wanted[Output::Distress as usize] = Some(own.distress);
        Sentence {
            text: own.text,
            language: None,
            wanted,
            weight: 1.0,
        }
    })
}

/// The sentences that were written for this: a text, its language and its label a line.
fn own(path: &Path) -> anyhow::Result<Vec<Sentence>> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut sentences = Vec::new();
    for (line, row) in text.lines().enumerate().skip(1) {
        let columns: Vec<&str> = row.split('\t').collect();
        let [text, language, label] = columns[..] else {
            anyhow::bail!(
                "{}, line {}: not a text, its language and its label with tabs between them",
                path.display(),
                line + 1
            );
        };
        let output = Output::ALL.into_iter().find(|output| output.key() == label);
        if output.is_none() && label != "none" {
            let known = Output::ALL.map(Output::key).join(", ");
            anyhow::bail!(
                "{}, line {}: `{label}` is no label; write {known} or none",
                path.display(),
                line + 1
            );
        }
        sentences.push(Sentence {
            text: text.to_owned(),
            language: Some(language.to_owned()),
            wanted: wanted(output),
            weight: OWN,
        });
    }
    Ok(sentences)
}

/// Only what is meant; whoever is in danger, or needs help, may be in distress too.
fn wanted(output: Option<Output>) -> Wanted {
    let mut wanted = [Some(false); Output::ALL.len()];
    match output {
        None | Some(Output::Person) => {}
        Some(_) => wanted[Output::Distress as usize] = None,
    }
    if let Some(output) = output {
        wanted[output as usize] = Some(true);
    }
    wanted
}

/// The pack's examples: none of them tells of anything, but for its wishes for a person, its threats,
/// and what its policies leave to a person, which may be said in distress.
fn examples(pack: &Pack) -> Vec<Sentence> {
    let index = Index::new(pack);
    let sentence = |example: &madoguchi_core::understanding::Example| {
        let wanted = match &example.label {
            Label::Person => wanted(Some(Output::Person)),
            Label::Rule(id) if id == "threats" => wanted(Some(Output::Violence)),
            Label::Rule(_) => {
                let mut wanted = wanted(None);
                wanted[Output::Distress as usize] = None;
                wanted
            }
            Label::Topic(_) | Label::None => wanted(None),
        };
        Sentence {
            text: example.text.clone(),
            language: Some(example.language.to_string()),
            wanted,
            weight: EXAMPLE,
        }
    };
    index.examples().iter().map(sentence).collect()
}
