//! Judging a classifier that bare examples taught.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Instant;

use madoguchi_core::understanding::{Classifier, Labelled};
use madoguchi_speech::meaning::Embedder;

use super::progress::Progress;
use super::table::{self, Utterance};
use super::{Judged, NONE, Understood, judged, try_all, vectors};
use crate::cli::EvaluateArgs;
use crate::config::Config;

/// Where each part is tried on what the others teach, one utterance of so many is understood from
/// its text on, for the time that this takes; the others' vectors are those that were learned from.
const TIMED: usize = 20;

/// Learns from the examples and tries every utterance.
pub(super) fn judge(
    config: &Config,
    args: &EvaluateArgs,
    file: &Path,
) -> anyhow::Result<Vec<Judged>> {
    let examples = examples(args)?;
    let utterances = table::read(file, &args.none)?;
    check_labels(&examples, file, &utterances)?;
    let vectors = vectors::of(config, args.words_only, &examples)?;
    let progress = Progress::new("learning from the examples", examples.len());
    let classifier = teach(examples.iter().zip(&vectors))?;
    progress.step(examples.len());
    drop(progress);
    let mut embedder = vectors::embedder(config, args.words_only)?;
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
    let vectors = vectors::of(config, args.words_only, &examples)?;
    let folds = usize::from(folds);
    let parts = deal(&examples, folds);
    let progress = Progress::new("learning and trying, by parts", folds);
    let part = |part: usize, embedder: &mut Option<Embedder>| {
        let others = (0..examples.len()).filter(|at| parts[*at] != part);
        let classifier = teach(others.map(|at| (&examples[at], &vectors[at])))?;
        let own = (0..examples.len()).filter(|at| parts[*at] == part);
        let tried = own.enumerate().map(|(turn, at)| {
            let start = Instant::now();
            if turn % TIMED == 0
                && let Some(embedder) = embedder
            {
                embedder.embed(&examples[at].text)?;
            }
            let understood = understood(&classifier, &examples[at], &vectors[at]);
            let taken = start.elapsed().as_secs_f64() * 1e3;
            let is_timed = turn % TIMED == 0;
            Ok(judged(&examples[at], understood, is_timed.then_some(taken)))
        });
        let tried: anyhow::Result<Vec<Judged>> = tried.collect();
        progress.step(1);
        tried
    };
    let work = |mine: usize, all: usize| -> anyhow::Result<Vec<Judged>> {
        let mut embedder = vectors::embedder(config, args.words_only)?;
        let mine = (mine..folds).step_by(all);
        let tried: anyhow::Result<Vec<Vec<Judged>>> =
            mine.map(|own| part(own, &mut embedder)).collect();
        Ok(tried?.into_iter().flatten().collect())
    };
    Ok(vectors::on_all_cores(work)?.into_iter().flatten().collect())
}

fn examples(args: &EvaluateArgs) -> anyhow::Result<Vec<Utterance>> {
    let mut examples = Vec::new();
    for file in &args.train {
        examples.extend(table::read(file, &args.none)?);
    }
    Ok(examples)
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
