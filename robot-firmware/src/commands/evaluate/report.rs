//! Figures for people and for programs.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::json;

use super::figures::{Decision, Figures, confusions};
use super::{Judged, NONE, PERSON};

/// How many kinds of mistakes are shown.
const WORST: usize = 15;

/// One line of JSON.
pub(super) fn json(judged: &[Judged]) -> io::Result<()> {
    let figures = Figures::of(judged.iter().map(|own| &own.decision));
    let object = json!({
        "accuracy_in_scope": figures.accuracy_in_scope,
        "out_of_scope_recall": figures.out_of_scope_recall,
        "out_of_scope_precision": figures.out_of_scope_precision,
        "expected_calibration_error": figures.expected_calibration_error,
        "ms_per_utterance_p50": figures.ms_p50,
        "ms_per_utterance_p95": figures.ms_p95,
    });
    writeln!(io::stdout().lock(), "{object}")
}

/// A page of text.
pub(super) fn text(judged: &[Judged]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let decisions: Vec<Decision> = judged.iter().map(|own| own.decision.clone()).collect();
    let figures = Figures::of(decisions.iter());
    let Figures {
        in_scope,
        out_of_scope,
        right,
        wrong_label,
        passed_over,
        ..
    } = figures;
    let all = in_scope + out_of_scope;
    writeln!(
        out,
        "{all} utterances, {in_scope} in scope, {out_of_scope} out of scope"
    )?;
    let percent = |share: Option<f64>| match share {
        Some(share) => format!("{:5.1} %", 100.0 * share),
        None => "    –".to_owned(),
    };
    writeln!(
        out,
        "accuracy in scope           {}   {right} right, {passed_over} taken for {NONE}",
        percent(figures.accuracy_in_scope)
    )?;
    writeln!(
        out,
        "out-of-scope recall         {}",
        percent(figures.out_of_scope_recall)
    )?;
    writeln!(
        out,
        "out-of-scope precision      {}",
        percent(figures.out_of_scope_precision)
    )?;
    writeln!(
        out,
        "wrong label of all          {}   {wrong_label}",
        percent(Some(wrong_label as f64 / all.max(1) as f64))
    )?;
    if let Some(error) = figures.expected_calibration_error {
        writeln!(out, "expected calibration error  {error:7.3}")?;
    }
    if let (Some(p50), Some(p95)) = (figures.ms_p50, figures.ms_p95) {
        writeln!(
            out,
            "time per utterance          {p50:5.1} ms p50, {p95:.1} ms p95"
        )?;
    }
    groups(&mut out, judged)?;
    let mistakes = confusions(&decisions);
    if !mistakes.is_empty() {
        writeln!(out, "\nmost frequent mistakes")?;
    }
    for ((expected, got), count) in mistakes.iter().take(WORST) {
        let (expected, got) = (expected.unwrap_or(NONE), got.unwrap_or(NONE));
        writeln!(out, "{count:5}  {expected}, taken for {got}")?;
    }
    Ok(())
}

/// A row for each language and kind of utterance, where there is more than one.
fn groups(out: &mut impl Write, judged: &[Judged]) -> io::Result<()> {
    let mut groups: BTreeMap<(&str, &str), Vec<&Judged>> = BTreeMap::new();
    for own in judged {
        let kind = match own.decision.expected.as_deref() {
            None => NONE,
            Some(PERSON) => PERSON,
            Some(_) => "labels",
        };
        groups
            .entry((own.language.as_deref().unwrap_or("–"), kind))
            .or_default()
            .push(own);
    }
    if groups.len() < 2 {
        return Ok(());
    }
    writeln!(
        out,
        "\n{:10} {:8} {:>13} {:>12} {:>12}",
        "language", "expected", "right", "asked back", "wrong label"
    )?;
    for ((language, kind), own) in groups {
        let all = own.len();
        let count = |what: fn(&Judged) -> bool| own.iter().filter(|own| what(own)).count();
        let right = count(|own| own.decision.expected == own.decision.got);
        let offered = count(|own| own.offered);
        let wrong =
            count(|own| own.decision.got.is_some() && own.decision.got != own.decision.expected);
        let right = format!("{right} of {all}");
        writeln!(
            out,
            "{language:10} {kind:8} {right:>13} {offered:>12} {wrong:>12}"
        )?;
    }
    Ok(())
}
