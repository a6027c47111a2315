//! What became of the visits, per reason and per language.

use std::collections::BTreeMap;
use std::io::{self, Write};

use madoguchi_shared::packet::{Reason, ReasonCode};
use serde_json::{Value, json};

use super::table::Visit;

/// What became of one visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Verdict {
    language: String,
    expected: Option<ReasonCode>,
    /// Turns at which nobody should be called, and how many of them were played.
    quiet_turns: usize,
    outcome: Outcome,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// As expected; also when nobody was to be called and nobody was.
    Right,
    Missed,
    /// Nobody was to be called, or not yet.
    Needless,
    /// For the right reason, at a later turn.
    Late,
    WrongReason,
}

impl Verdict {
    pub(super) fn on(visit: &Visit, called: Option<&(usize, Reason)>) -> Self {
        let called = called.map(|(at, reason)| (*at, reason.code));
        let outcome = match (visit.expected, called) {
            (None, None) => Outcome::Right,
            (Some(_), None) => Outcome::Missed,
            (None, Some(_)) => Outcome::Needless,
            (Some((due, _)), Some((at, _))) if at < due => Outcome::Needless,
            (Some((_, code)), Some((_, got))) if code != got => Outcome::WrongReason,
            (Some((due, _)), Some((at, _))) if at > due => Outcome::Late,
            (Some(_), Some(_)) => Outcome::Right,
        };
        let due = visit.expected.map_or(visit.turns.len(), |(due, _)| due);
        Self {
            language: visit.language.to_string(),
            expected: visit.expected.map(|(_, code)| code),
            quiet_turns: called.map_or(due, |(at, _)| due.min(at + 1)),
            outcome,
        }
    }

    pub(super) fn is_right(&self) -> bool {
        self.outcome == Outcome::Right
    }

    pub(super) fn word(&self) -> &'static str {
        match self.outcome {
            Outcome::Right => "right",
            Outcome::Missed => "missed",
            Outcome::Needless => "needless",
            Outcome::Late => "late",
            Outcome::WrongReason => "wrong reason",
        }
    }
}

/// Counts of one reason in one language.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Counts {
    expected: usize,
    right: usize,
    missed: usize,
    /// Called before it was due.
    early: usize,
    late: usize,
    wrong_reason: usize,
}

/// Turns at which nobody should be called, and how often somebody was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Quiet {
    turns: usize,
    needless: usize,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Tables {
    /// By reason and language.
    reasons: BTreeMap<(String, String), Counts>,
    quiet: BTreeMap<String, Quiet>,
}

fn tables(verdicts: &[Verdict]) -> Tables {
    let mut tables = Tables::default();
    for verdict in verdicts {
        let quiet = tables.quiet.entry(verdict.language.clone()).or_default();
        quiet.turns += verdict.quiet_turns;
        quiet.needless += usize::from(verdict.outcome == Outcome::Needless);
        let Some(code) = verdict.expected else {
            continue;
        };
        let place = (name(code), verdict.language.clone());
        let counts = tables.reasons.entry(place).or_default();
        counts.expected += 1;
        *match verdict.outcome {
            Outcome::Right => &mut counts.right,
            Outcome::Missed => &mut counts.missed,
            Outcome::Needless => &mut counts.early,
            Outcome::Late => &mut counts.late,
            Outcome::WrongReason => &mut counts.wrong_reason,
        } += 1;
    }
    tables
}

fn name(code: ReasonCode) -> String {
    json!(code).as_str().unwrap_or_default().to_owned()
}

fn share(part: usize, of: usize) -> Option<f64> {
    (of > 0).then(|| part as f64 / of as f64)
}

/// One object.
pub(super) fn json(verdicts: &[Verdict]) -> Value {
    let Tables { reasons, quiet } = tables(verdicts);
    let reasons = reasons.into_iter().map(|((reason, language), own)| {
        json!({
            "reason": reason, "language": language, "expected": own.expected, "right": own.right,
            "recall": share(own.right, own.expected), "missed": own.missed, "early": own.early,
            "late": own.late, "wrong_reason": own.wrong_reason,
        })
    });
    let quiet = quiet.into_iter().map(|(language, own)| {
        json!({
            "language": language, "turns": own.turns, "needless": own.needless,
            "share": share(own.needless, own.turns),
        })
    });
    json!({
        "visits": verdicts.len(),
        "reasons": reasons.collect::<Vec<_>>(),
        "needless": quiet.collect::<Vec<_>>(),
    })
}

/// A row for each reason and language.
pub(super) fn text(out: &mut impl Write, verdicts: &[Verdict]) -> io::Result<()> {
    let Tables { reasons, quiet } = tables(verdicts);
    writeln!(
        out,
        "{:20} {:9} {:>13} {:>8} {:>7} {:>6} {:>6} {:>13}",
        "reason", "language", "right", "recall", "missed", "early", "late", "wrong reason"
    )?;
    for ((reason, language), own) in reasons {
        let right = format!("{} of {}", own.right, own.expected);
        let recall = 100.0 * share(own.right, own.expected).unwrap_or(0.0);
        writeln!(
            out,
            "{reason:20} {language:9} {right:>13} {recall:>6.1} % {:>7} {:>6} {:>6} {:>13}",
            own.missed, own.early, own.late, own.wrong_reason
        )?;
    }
    writeln!(
        out,
        "\nneedless, of the turns at which nobody was to be called"
    )?;
    for (language, own) in quiet {
        let part = 100.0 * share(own.needless, own.turns).unwrap_or(0.0);
        writeln!(
            out,
            "{language:9} {:>4} of {:<4} {part:5.1} %",
            own.needless, own.turns
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use madoguchi_shared::packet::Reason;

    use super::super::table::Turn;
    use super::*;

    fn verdict(
        turns: usize,
        expected: Option<(usize, ReasonCode)>,
        called: Option<(usize, ReasonCode)>,
    ) -> Verdict {
        let turn = Turn {
            text: String::new(),
        };
        let visit = Visit {
            language: "en".parse().unwrap(),
            turns: vec![turn; turns],
            expected,
        };
        let called = called.map(|(at, code)| {
            let reason = Reason {
                code,
                language: None,
                evidence: Vec::new(),
            };
            (at, reason)
        });
        Verdict::on(&visit, called.as_ref())
    }

    #[test]
    fn a_call_is_right_late_early_or_for_the_wrong_reason() {
        use ReasonCode::{Distress, Safety};
        for (expected, called, word) in [
            (None, None, "right"),
            (None, Some((0, Distress)), "needless"),
            (Some((1, Distress)), Some((1, Distress)), "right"),
            (Some((1, Distress)), None, "missed"),
            (Some((1, Distress)), Some((0, Distress)), "needless"),
            (Some((1, Distress)), Some((2, Distress)), "late"),
            (Some((1, Distress)), Some((1, Safety)), "wrong reason"),
        ] {
            assert_eq!(
                verdict(3, expected, called).word(),
                word,
                "{expected:?} {called:?}"
            );
        }
    }

    #[test]
    fn turns_after_a_call_count_for_nothing() {
        let verdicts = [
            verdict(3, None, Some((0, ReasonCode::Distress))),
            verdict(
                3,
                Some((2, ReasonCode::Safety)),
                Some((2, ReasonCode::Safety)),
            ),
            verdict(1, None, None),
        ];
        let quiet = tables(&verdicts).quiet["en"];
        assert_eq!((quiet.turns, quiet.needless), (4, 1));
    }
}
