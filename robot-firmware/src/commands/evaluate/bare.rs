//! Judging a classifier that bare examples taught.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Instant;

use madoguchi_core::understanding::{Classifier, Labelled};
use madoguchi_speech::meaning::Embedder;

use super::table::{self, Utterance};
use super::{Judged, NONE, Understood, bar, judged, try_all};
use crate::cli::EvaluateArgs;
use crate::config::Config;
use crate::engines;

/// Examples that are embedded between two steps of the progress bar.
const STEP: usize = 64;

/// Learns from the examples and tries every utterance.
pub(super) fn judge(
    config: &Config,
    args: &EvaluateArgs,
    file: &Path,
) -> anyhow::Result<Vec<Judged>> {
    let examples = examples(args)?;
    let utterances = table::read(file, &args.none)?;
    check_labels(&examples, file, &utterances)?;
    let mut embedder = embedder(config, args)?;
    let progress = bar("learning", examples.len());
    let mut vectors: Vec<Vec<f32>> = Vec::with_capacity(examples.len());
    for some in examples.chunks(STEP) {
        let texts: Vec<&str> = some.iter().map(|own| own.text.as_str()).collect();
        match &mut embedder {
            Some(embedder) => {
                vectors.extend(embedder.embed_all(&texts)?.iter().map(|own| own.to_vec()));
            }
            None => vectors.extend(texts.iter().map(|_| Vec::new())),
        }
        progress.inc(some.len() as u64);
    }
    progress.finish_and_clear();
    let classifier = teach(examples.iter().zip(&vectors))?;
    try_all(&utterances, |utterance| {
        let vector = match &mut embedder {
            Some(embedder) => embedder.embed(&utterance.text)?.to_vec(),
            None => Vec::new(),
        };
        Ok(understood(&classifier, utterance, &vector))
    })
}

/// Tries each part of the examples on what the others teach.
pub(super) fn cross_validate(
    config: &Config,
    args: &EvaluateArgs,
    folds: u8,
) -> anyhow::Result<Vec<Judged>> {
    let examples = examples(args)?;
    let mut embedder = embedder(config, args)?;
    let progress = bar("embedding", examples.len());
    let mut vectors = Vec::with_capacity(examples.len());
    let mut milliseconds = Vec::with_capacity(examples.len());
    for example in &examples {
        let start = Instant::now();
        vectors.push(match &mut embedder {
            Some(embedder) => embedder.embed(&example.text)?.to_vec(),
            None => Vec::new(),
        });
        milliseconds.push(start.elapsed().as_secs_f64() * 1e3);
        progress.inc(1);
    }
    progress.finish_and_clear();
    let parts = deal(&examples, usize::from(folds));
    let progress = bar("trying", examples.len());
    let mut all = Vec::with_capacity(examples.len());
    for part in 0..usize::from(folds) {
        let others = (0..examples.len()).filter(|at| parts[*at] != part);
        let classifier = teach(others.map(|at| (&examples[at], &vectors[at])))?;
        for at in (0..examples.len()).filter(|at| parts[*at] == part) {
            let start = Instant::now();
            let understood = understood(&classifier, &examples[at], &vectors[at]);
            let taken = milliseconds[at] + start.elapsed().as_secs_f64() * 1e3;
            all.push(judged(&examples[at], understood, taken));
            progress.inc(1);
        }
    }
    progress.finish_and_clear();
    Ok(all)
}

fn examples(args: &EvaluateArgs) -> anyhow::Result<Vec<Utterance>> {
    let mut examples = Vec::new();
    for file in &args.train {
        examples.extend(table::read(file, &args.none)?);
    }
    Ok(examples)
}

fn embedder(config: &Config, args: &EvaluateArgs) -> anyhow::Result<Option<Embedder>> {
    if args.words_only {
        return Ok(None);
    }
    Ok(Some(engines::meaning(&config.models)?.embedder))
}

fn teach<'e>(
    examples: impl Iterator<Item = (&'e Utterance, &'e Vec<f32>)>,
) -> anyhow::Result<Classifier> {
    let labelled: Vec<Labelled<'_>> = examples
        .map(|(own, vector)| Labelled {
            text: &own.text,
            vector,
            label: own.label.as_deref(),
        })
        .collect();
    Ok(Classifier::fit(&labelled)?)
}

fn understood(classifier: &Classifier, utterance: &Utterance, vector: &[f32]) -> Understood {
    let got = classifier.classify(&utterance.text, vector);
    let (label, probability) = if got.accepted {
        (Some(got.label.to_owned()), got.in_scope * got.among_labels)
    } else {
        (None, 1.0 - got.in_scope)
    };
    Understood {
        label,
        probability,
        offered: Vec::new(),
    }
}

/// The part of each example: its place among those of its label.
fn deal(examples: &[Utterance], parts: usize) -> Vec<usize> {
    let mut next: BTreeMap<Option<&str>, usize> = BTreeMap::new();
    let labels = examples.iter().map(|own| own.label.as_deref());
    let place = |label| {
        let next = next.entry(label).or_default();
        *next += 1;
        (*next - 1) % parts
    };
    labels.map(place).collect()
}

/// A label that was never shown can't be found.
fn check_labels(
    examples: &[Utterance],
    file: &Path,
    utterances: &[Utterance],
) -> anyhow::Result<()> {
    let shown: BTreeSet<&str> = examples
        .iter()
        .filter_map(|own| own.label.as_deref())
        .collect();
    for utterance in utterances {
        if let Some(label) = &utterance.label
            && !shown.contains(label.as_str())
        {
            anyhow::bail!(
                "{}, line {}: no example in --train has the label `{label}`; if it marks what is out \
                 of scope, write `{NONE}` or name it with --none",
                file.display(),
                utterance.line
            );
        }
    }
    Ok(())
}
