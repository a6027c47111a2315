//! `evaluate`: how often the agent understands, on utterances of which the meaning is known.

mod bare;
pub(super) mod emotions;
mod escalation;
mod figures;
mod office;
mod progress;
mod report;
mod table;
mod vectors;

use std::process::ExitCode;
use std::time::Instant;

use self::figures::Decision;
use self::progress::Progress;
use self::table::Utterance;
use crate::cli::EvaluateArgs;
use crate::config::Config;

/// How a wish for a person is labelled in a file of utterances for a pack.
const PERSON: &str = "person";
/// How figures call what belongs to no label.
const NONE: &str = "none";

/// What was made of an utterance.
struct Understood {
    label: Option<String>,
    probability: f32,
    /// The topics that it was asked back about.
    offered: Vec<String>,
}

/// An utterance that was tried.
struct Judged {
    decision: Decision,
    language: Option<String>,
    /// Asked back with the right label among the offered ones.
    offered: bool,
}

pub(super) fn evaluate(config: &Config, args: &EvaluateArgs) -> anyhow::Result<ExitCode> {
    if let Some(file) = &args.escalation {
        return escalation::judge(config, args, file);
    }
    if let Some(folder) = &args.emotions {
        return emotions::judge(config, args, folder);
    }
    let judged = match (&args.utterances, args.folds) {
        (None, folds) => bare::cross_validate(config, args, folds.unwrap_or(0))?,
        (Some(utterances), _) if args.train.is_empty() => office::judge(config, args, utterances)?,
        (Some(utterances), _) => bare::judge(config, args, utterances)?,
    };
    if args.json {
        report::json(&judged)?;
    } else {
        report::text(&judged)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Tries every utterance, and takes the time of each.
fn try_all(
    utterances: &[Utterance],
    mut understand: impl FnMut(&Utterance) -> anyhow::Result<Understood>,
) -> anyhow::Result<Vec<Judged>> {
    let progress = Progress::new("trying", utterances.len());
    let mut all = Vec::with_capacity(utterances.len());
    for utterance in utterances {
        let start = Instant::now();
        let understood = understand(utterance)?;
        let taken = start.elapsed().as_secs_f64() * 1e3;
        all.push(judged(utterance, understood, Some(taken)));
        progress.step(1);
    }
    Ok(all)
}

fn judged(utterance: &Utterance, understood: Understood, milliseconds: Option<f64>) -> Judged {
    let expected = utterance.label.clone();
    let offered = expected
        .as_ref()
        .is_some_and(|label| understood.offered.contains(label));
    Judged {
        decision: Decision {
            expected,
            got: understood.label,
            probability: understood.probability,
            milliseconds,
        },
        language: utterance.language.as_ref().map(ToString::to_string),
        offered,
    }
}
