//! The summary: what is wanted, what was done, what is needed now; each sentence from turns.

use madoguchi_shared::ids::Lang;
use madoguchi_shared::packet::{Reason, ReasonCode, Speaker, SummaryLine, SummaryPart};

use crate::pack::Pack;
use crate::visit::{Line, Visit};

/// Longer quotations are cut at a word.
const QUOTE_CHARS: usize = 160;

pub(crate) fn write(
    visit: &Visit,
    reason: &Reason,
    pack: &Pack,
    reader: &Lang,
) -> Vec<SummaryLine> {
    let mut summary = Vec::new();
    let asked = question(visit, reason);
    if let Some(line) = asked {
        summary.push(SummaryLine {
            about: SummaryPart::Wanted,
            text: format!(
                "The resident said{}: “{}”.",
                language_note(line, reader),
                quote(line)
            ),
            turns: vec![line.turn.number],
        });
    }
    let titles: Vec<&str> = visit
        .answered
        .iter()
        .filter_map(|topic| pack.topic(topic))
        .map(|topic| topic.title(reader))
        .collect();
    if !titles.is_empty() {
        summary.push(SummaryLine {
            about: SummaryPart::Done,
            text: format!("The robot answered about: {}.", titles.join(", ")),
            turns: visit.answers.clone(),
        });
    }
    summary.push(SummaryLine {
        about: SummaryPart::Needed,
        text: needed(reason).to_owned(),
        turns: reason
            .evidence
            .iter()
            .filter_map(|evidence| evidence.turn)
            .collect(),
    });
    summary
}

/// What the resident wanted when the case opened: the words before "a person, please", else those.
fn question<'a>(visit: &'a Visit, reason: &Reason) -> Option<&'a Line> {
    let trigger = reason.evidence.first().and_then(|evidence| evidence.turn);
    let asks_only = reason.code == ReasonCode::AskedForPerson;
    let said = |line: &&Line| line.turn.speaker == Speaker::Resident;
    let before = |line: &&Line| match trigger {
        Some(turn) if asks_only => line.turn.number < turn,
        Some(turn) => line.turn.number <= turn,
        None => true,
    };
    let lines = || visit.lines.iter().rev().filter(said);
    lines().find(before).or_else(|| lines().next_back())
}

fn quote(line: &Line) -> String {
    let text = line
        .turn
        .translation
        .as_ref()
        .map_or(&line.turn.text, |t| &t.text);
    if text.chars().count() <= QUOTE_CHARS {
        return text.trim_end_matches(['.', '。']).to_owned();
    }
    let cut: String = text.chars().take(QUOTE_CHARS).collect();
    let end = cut.rfind(char::is_whitespace).unwrap_or(cut.len());
    format!("{}…", &cut[..end])
}

fn language_note(line: &Line, reader: &Lang) -> &'static str {
    match (&line.turn.translation, &line.turn.language) {
        (Some(_), _) => " (translated by machine)",
        (None, Some(language)) if language != reader => " (not translated)",
        (None, _) => "",
    }
}

fn needed(reason: &Reason) -> &'static str {
    match reason.code {
        ReasonCode::UnsupportedLanguage => {
            "The office has no answers in the resident's language; somebody who speaks it is needed."
        }
        ReasonCode::AskedForPerson => "The resident asked for a person.",
        ReasonCode::RepeatedFailure => {
            "The robot did not understand the question several times in a row."
        }
        ReasonCode::PolicyException => "A person must decide on an exception to policy.",
        ReasonCode::Distress => "The resident is in distress and needs a person.",
        ReasonCode::LowConfidence => "The robot is not sure what was meant.",
        ReasonCode::IdentityNeeded => "The resident's identity must be checked.",
        ReasonCode::IrreversibleAction => "A person must confirm what can't be undone.",
        ReasonCode::Safety => "Somebody may be in danger.",
        ReasonCode::AccessibilityNeed => "The resident needs help the robot can't give.",
        ReasonCode::SteppedIn => "A person who watched the visit took it over.",
        ReasonCode::SystemFault => "The robot has a fault and can't go on alone.",
    }
}
