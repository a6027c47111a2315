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
    let asked = visit
        .lines
        .iter()
        .rev()
        .find(|line| line.turn.speaker == Speaker::Resident);
    if let Some(line) = asked {
        summary.push(SummaryLine {
            about: SummaryPart::Wanted,
            text: format!(
                "The resident said{}: “{}”.",
                language_note(line, pack, reader),
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
            turns: visit
                .lines
                .iter()
                .filter(|line| line.turn.speaker == Speaker::Agent)
                .map(|line| line.turn.number)
                .collect(),
        });
    }
    summary.push(SummaryLine {
        about: SummaryPart::Needed,
        text: needed(reason, pack),
        turns: reason
            .evidence
            .iter()
            .filter_map(|evidence| evidence.turn)
            .collect(),
    });
    summary
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

fn language_note(line: &Line, pack: &Pack, reader: &Lang) -> String {
    match (&line.turn.translation, &line.turn.language) {
        (Some(_), Some(language)) => {
            format!(" ({}, translated by machine)", pack.language_name(language))
        }
        (None, Some(language)) if language != reader => {
            format!(" ({}, not translated)", pack.language_name(language))
        }
        _ => String::new(),
    }
}

fn needed(reason: &Reason, pack: &Pack) -> String {
    match reason.code {
        ReasonCode::UnsupportedLanguage => match &reason.language {
            Some(language) => format!(
                "Somebody who speaks {} is needed; the office has no answers in that language.",
                pack.language_name(language)
            ),
            None => "Somebody who speaks the resident's language is needed.".to_owned(),
        },
        ReasonCode::AskedForPerson => "The resident asked for a person.".to_owned(),
        ReasonCode::RepeatedFailure => {
            "The robot did not understand the question several times in a row.".to_owned()
        }
        ReasonCode::PolicyException => "A person must decide on an exception to policy.".to_owned(),
        ReasonCode::Distress => "The resident is in distress and needs a person.".to_owned(),
        ReasonCode::LowConfidence => "The robot is not sure what was meant.".to_owned(),
        ReasonCode::IdentityNeeded => "The resident's identity must be checked.".to_owned(),
        ReasonCode::IrreversibleAction => "A person must confirm what can't be undone.".to_owned(),
        ReasonCode::Safety => "Somebody may be in danger.".to_owned(),
        ReasonCode::AccessibilityNeed => "The resident needs help the robot can't give.".to_owned(),
        ReasonCode::SystemFault => "The robot has a fault and can't go on alone.".to_owned(),
    }
}
