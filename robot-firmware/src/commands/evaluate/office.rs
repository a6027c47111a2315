//! Judging the agent of a knowledge pack.

use std::io::Write;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use madoguchi_core::pack::Pack;
use madoguchi_core::understanding::{Index, Outcome, Understanding};

use super::table::{self, Utterance};
use super::{Judged, NONE, PERSON, Understood, try_all};
use crate::cli::EvaluateArgs;
use crate::config::Config;
use crate::engines;
use crate::learned::Kept;
use crate::pack;
use crate::threads::meaning::learn;

/// Tries every utterance on the pack, as `ask` would.
pub(super) fn judge(
    config: &Config,
    args: &EvaluateArgs,
    file: &Path,
) -> anyhow::Result<Vec<Judged>> {
    let pack = pack::load(args.pack.as_ref().unwrap_or(&config.pack))?;
    let utterances = table::read(file, &args.none)?;
    check_labels(&pack, file, &utterances)?;
    let mut index = Index::new(&pack);
    let mut meaning = None;
    if !args.words_only {
        let mut loaded = engines::meaning(&config.models)?;
        let kept = Kept::within(&config.state);
        index = learn(
            &mut loaded,
            index,
            &kept,
            &AtomicBool::new(false),
            |_, _| {},
        )?;
        meaning = Some(loaded);
    }
    let mut mistakes = Vec::new();
    let judged = try_all(&utterances, |utterance| {
        let vector = match &mut meaning {
            Some(meaning) => Some(meaning.embedder.embed(&utterance.text)?),
            None => None,
        };
        let language = utterance.language.as_ref();
        let vector = vector.as_ref().map(<[f32; _]>::as_slice);
        let understanding = index.understand(&utterance.text, language, vector);
        let likely = likely(&understanding);
        let understood = understood(understanding);
        if args.mistakes && understood.label != utterance.label {
            mistakes.push(line(utterance, &understood, &likely));
        }
        Ok(understood)
    })?;
    if !mistakes.is_empty() {
        let out = &mut std::io::stdout().lock();
        mistakes
            .iter()
            .try_for_each(|line| writeln!(out, "{line}"))?;
        writeln!(out)?;
    }
    Ok(judged)
}

/// What is shown of an utterance that was judged wrongly.
fn line(utterance: &Utterance, understood: &Understood, likely: &str) -> String {
    let of = |label: &Option<String>| label.clone().unwrap_or_else(|| NONE.to_owned());
    let (expected, got) = (of(&utterance.label), of(&understood.label));
    format!("{}\t{expected}, not {got} ({likely})", utterance.text)
}

/// The likeliest of all that a pack can mean.
fn likely(understanding: &Understanding) -> String {
    let rule = understanding.rule.iter();
    let rule = rule.map(|(id, probability)| format!("policy {id} {probability:.2}"));
    let topics = understanding.candidates.iter().take(2);
    let topics = topics.map(|own| format!("{} {:.2}", own.topic, own.probability));
    rule.chain(topics).collect::<Vec<_>>().join(", ")
}

/// A label that the pack lacks is a slip of the pen, not a mistake of the agent.
fn check_labels(pack: &Pack, file: &Path, utterances: &[Utterance]) -> anyhow::Result<()> {
    for utterance in utterances {
        let Some(label) = &utterance.label else {
            continue;
        };
        let known = label == PERSON || pack.topic(label).is_some() || pack.flow(label).is_some();
        anyhow::ensure!(
            known,
            "{}, line {}: the pack {} has no topic or flow `{label}`; write one of these, `{PERSON}` \
             or `{NONE}`",
            file.display(),
            utterance.line,
            pack.id_and_version()
        );
    }
    Ok(())
}

fn understood(understanding: Understanding) -> Understood {
    if let Some(probability) = understanding.asks_for_person {
        return Understood {
            label: Some(PERSON.to_owned()),
            probability,
            offered: Vec::new(),
        };
    }
    let of_topics: f32 = understanding.candidates.iter().map(|c| c.probability).sum();
    let (label, probability, offered) = match understanding.outcome {
        Outcome::Topic { topic, probability } => (Some(topic), probability, Vec::new()),
        Outcome::Close(topics) => (None, 1.0 - of_topics, topics),
        Outcome::None => (None, 1.0 - of_topics, Vec::new()),
    };
    Understood {
        label,
        probability,
        offered,
    }
}
