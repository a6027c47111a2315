//! `evaluate --emotions`: how well the triggers' scorer tells anger, fear, grief and their like
//! from other talk, on GoEmotions (Demszky et al. 2020).

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use madoguchi_core::escalation::{Output, Scorer};
use serde_json::json;

use super::progress::Progress;
use crate::cli::EvaluateArgs;
use crate::config::Config;
use crate::engines;

/// The emotions that count as distress.
const DISTRESS: [&str; 9] = [
    "anger",
    "fear",
    "grief",
    "sadness",
    "remorse",
    "disappointment",
    "nervousness",
    "annoyance",
    "disgust",
];
/// Texts that are embedded between two steps of the progress bar.
const STEP: usize = 64;

/// A text, and whether one of its emotions is distress.
pub(crate) struct Text {
    pub(crate) text: String,
    pub(crate) distress: bool,
}

/// Reads a part of the set, with the names of `labels.txt` beside it.
///
/// # Errors
/// When a file is missing or has other columns.
pub(crate) fn read(folder: &Path, part: &str) -> anyhow::Result<Vec<Text>> {
    let read = |path: PathBuf| {
        std::fs::read_to_string(&path).with_context(|| {
            format!(
                "cannot read {}; a folder of GoEmotions has train.tsv, dev.tsv and labels.txt",
                path.display()
            )
        })
    };
    let labels = read(folder.join("labels.txt"))?;
    let labels: Vec<bool> = labels
        .lines()
        .map(|name| DISTRESS.contains(&name.trim()))
        .collect();
    let path = folder.join(part);
    let texts = read(path.clone())?;
    let text = |(line, row): (usize, &str)| {
        let mut columns = row.split('\t');
        let (text, numbers) = (columns.next(), columns.next());
        let numbers = numbers.map(|numbers| {
            let each = numbers
                .split(',')
                .map(|own| labels.get(own.trim().parse::<usize>().ok()?));
            each.collect::<Option<Vec<_>>>()
        });
        match (text, numbers) {
            (Some(text), Some(Some(numbers))) => Ok(Text {
                text: text.trim().to_owned(),
                distress: numbers.into_iter().any(|own| *own),
            }),
            _ => anyhow::bail!(
                "{}, line {}: not a text, a tab and the numbers of its labels",
                path.display(),
                line + 1
            ),
        }
    };
    texts.lines().enumerate().map(text).collect()
}

/// What scores are worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Worth {
    /// Area under the ROC curve.
    pub(crate) auc: f64,
    /// The best F1 over all thresholds, with its precision and recall.
    pub(crate) f1: f64,
    pub(crate) precision: f64,
    pub(crate) recall: f64,
    /// The threshold.
    pub(crate) at: f32,
}

impl Worth {
    /// Of scores with what they should tell.
    pub(crate) fn of(mut scored: Vec<(f32, bool)>) -> Self {
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        let of = |wanted: bool| scored.iter().filter(|(_, own)| *own == wanted).count() as f64;
        let (yes, no) = (of(true), of(false));
        let (mut hits, mut alarms, mut area) = (0.0, 0.0, 0.0);
        let mut best = Self {
            auc: 0.0,
            f1: 0.0,
            precision: 0.0,
            recall: 0.0,
            at: 1.0,
        };
        for same in scored.chunk_by(|a, b| a.0 == b.0) {
            let own = same.iter().filter(|(_, own)| *own).count() as f64;
            let others = same.len() as f64 - own;
            area += others * (hits + own / 2.0);
            hits += own;
            alarms += others;
            let f1 = 2.0 * hits / (hits + alarms + yes);
            if f1 > best.f1 {
                best = Self {
                    f1,
                    precision: hits / (hits + alarms),
                    recall: hits / yes,
                    at: same[0].0,
                    ..best
                };
            }
        }
        best.auc = area / (yes * no).max(1.0);
        best
    }
}

pub(super) fn judge(
    config: &Config,
    args: &EvaluateArgs,
    folder: &Path,
) -> anyhow::Result<ExitCode> {
    let texts = read(folder, "dev.tsv")?;
    let scorer = Scorer::built_in();
    let mut embedder = engines::meaning(&config.models)?.embedder;
    let progress = Progress::new("trying", texts.len());
    let mut scored = Vec::with_capacity(texts.len());
    for some in texts.chunks(STEP) {
        let words: Vec<&str> = some.iter().map(|own| own.text.as_str()).collect();
        for (own, vector) in some.iter().zip(embedder.embed_all(&words)?) {
            let around = scorer.around_general(&vector).unwrap_or_default();
            let score = scorer.scores_around(&around)[Output::Distress as usize];
            scored.push((score, own.distress));
        }
        progress.step(some.len());
    }
    drop(progress);
    print(Worth::of(scored), args.json)?;
    Ok(ExitCode::SUCCESS)
}

/// Shows the figures.
pub(crate) fn print(worth: Worth, as_json: bool) -> std::io::Result<()> {
    let Worth {
        auc,
        f1,
        precision,
        recall,
        at,
    } = worth;
    let mut out = std::io::stdout().lock();
    if as_json {
        let object = json!({ "auc": auc, "f1": f1, "precision": precision, "recall": recall, "threshold": at });
        return writeln!(out, "{object}");
    }
    writeln!(
        out,
        "area under ROC {auc:.3}; best F1 {f1:.3} (precision {precision:.3}, recall {recall:.3}, at {at:.2})"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_and_the_best_threshold_are_those_of_the_ranking() {
        let worth = Worth::of(vec![(0.9, true), (0.8, false), (0.7, true), (0.1, false)]);
        assert!((worth.auc - 0.75).abs() < 1e-9, "{worth:?}");
        assert!((worth.f1 - 0.8).abs() < 1e-9, "{worth:?}");
        assert_eq!((worth.recall, worth.at), (1.0, 0.7));
        assert!((Worth::of(vec![(0.5, true), (0.5, false)]).auc - 0.5).abs() < 1e-9);
    }

    #[test]
    fn labels_are_numbers_of_names() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("labels.txt"), "joy\nfear\n").unwrap();
        std::fs::write(dir.path().join("dev.tsv"), "a\t0\tx\nb\t0,1\ty\n").unwrap();
        let texts = read(dir.path(), "dev.tsv").unwrap();
        let told: Vec<bool> = texts.iter().map(|own| own.distress).collect();
        assert_eq!(told, [false, true]);
        std::fs::write(dir.path().join("dev.tsv"), "a\t7\tx\n").unwrap();
        assert!(read(dir.path(), "dev.tsv").is_err());
    }
}
