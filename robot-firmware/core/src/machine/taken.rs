//! What a flow takes from a tool's answer.

use madoguchi_shared::packet::FactSource;
use serde_json::Value as Json;

use crate::bounded::one_line;
use crate::pack::action::{Action, Outcome, Shape};
use crate::run::{Known, Run};
use crate::slot::Value;
use crate::tool::{Tier, ToolOutcome};

/// A tool's words are cut to this before anybody reads them.
const LONGEST_RESULT: usize = 200;
/// More entries of a list are not offered.
const LONGEST_LIST: usize = 8;

/// What was taken from a tool's answer.
pub(super) struct Taken {
    pub(super) outcome: Outcome,
    results: Vec<(String, String)>,
    secret: Vec<String>,
    lists: Vec<(String, Vec<(String, String)>)>,
    /// Whether the answer has what the pack looks for in it.
    usable: bool,
}

impl Taken {
    /// Takes from `answer` what `action` names; everything else in it is passed over.
    pub(super) fn new(action: &Action, tier: Tier, answer: &ToolOutcome) -> Self {
        let bare = |outcome| Self {
            outcome,
            results: Vec::new(),
            secret: action.secret.clone(),
            lists: Vec::new(),
            usable: true,
        };
        // A change that was done stays done when its answer lacks something.
        let lacking = || match tier {
            Tier::Read => bare(Outcome::None),
            Tier::Reversible | Tier::Irreversible => Self {
                usable: false,
                ..bare(Outcome::Failed)
            },
        };
        let structured = match answer {
            ToolOutcome::Done { structured, .. } => structured.as_ref(),
            ToolOutcome::Refused { .. } => return bare(Outcome::Refused),
            ToolOutcome::TooSlow => return bare(Outcome::TooSlow),
            _ => return bare(Outcome::Failed),
        };
        let at = |pointer: &str| structured.and_then(|answer| answer.pointer(pointer));
        let mut expected = action.expect.iter();
        if expected.any(|(pointer, value)| at(pointer).is_some_and(|own| own != value)) {
            return bare(Outcome::None);
        }
        if action.expect.keys().any(|pointer| at(pointer).is_none()) {
            return lacking();
        }
        let mut taken = bare(Outcome::Found);
        for (name, pointer) in &action.results {
            let Some(text) = at(pointer).and_then(words_of) else {
                return lacking();
            };
            if action
                .shapes
                .get(name)
                .is_some_and(|shape| !shape.fits(&text))
            {
                return Self {
                    usable: false,
                    ..bare(Outcome::Failed)
                };
            }
            taken.results.push((name.clone(), text));
        }
        for (name, list) in &action.lists {
            let entries = at(&list.at).and_then(Json::as_array).into_iter().flatten();
            let fits = |entry: &Json, (pointer, shape): (&String, &Shape)| {
                let text = entry.pointer(pointer).and_then(words_of);
                text.is_some_and(|text| shape.fits(&text))
            };
            let entry = |entry: &Json| {
                list.shapes
                    .iter()
                    .all(|shape| fits(entry, shape))
                    .then_some(())?;
                let value = entry.pointer(&list.value).and_then(words_of)?;
                Some((value, label_of(&list.label, entry)?))
            };
            let entries: Vec<_> = entries.filter_map(entry).take(LONGEST_LIST).collect();
            if entries.is_empty() {
                return lacking();
            }
            taken.lists.push((name.clone(), entries));
        }
        taken
    }

    /// `run` with what was taken.
    pub(super) fn known_in(&self, mut run: Run) -> Run {
        for (name, text) in &self.results {
            let known = Known {
                value: Value::Text(text.clone()),
                source: Some(FactSource::SystemOfRecord),
                secret: self.secret.contains(name),
                place: run.place,
            };
            run.known.insert(name.clone(), known);
        }
        run.lists.extend(self.lists.iter().cloned());
        run
    }

    /// Whether something may have been done, and nobody knows what.
    pub(super) fn may_have_acted(&self, answer: &ToolOutcome) -> bool {
        match answer {
            ToolOutcome::Done { .. } => !self.usable,
            answer => answer.may_have_acted(),
        }
    }

    /// The outcome, for whoever reads the record.
    pub(super) fn words(&self, answer: &ToolOutcome) -> String {
        match (self.outcome, answer) {
            (Outcome::Found, _) => {
                let open = self
                    .results
                    .iter()
                    .filter(|(name, _)| !self.secret.contains(name));
                let results = open.map(|(name, text)| format!("{name}: {text}"));
                let results: Vec<String> = results.collect();
                if results.is_empty() {
                    "done".to_owned()
                } else {
                    format!("done; {}", results.join("; "))
                }
            }
            (Outcome::None, _) => "nothing found".to_owned(),
            (_, ToolOutcome::Refused { text, .. }) => {
                format!("refused by the system: {}", clean(text))
            }
            (_, ToolOutcome::BadCall) => "not sent: the tool doesn't take this".to_owned(),
            (_, ToolOutcome::Unavailable) => "not sent: the system isn't there".to_owned(),
            (_, ToolOutcome::TooSlow) => "no answer in time; it may have been done".to_owned(),
            (_, ToolOutcome::Lost) => {
                "the system was lost before it answered; it may have been done".to_owned()
            }
            (_, ToolOutcome::TooLarge | ToolOutcome::BadAnswer | ToolOutcome::Done { .. }) => {
                "the answer could not be used; it may have been done".to_owned()
            }
        }
    }
}

/// A label with an entry's values in its places.
fn label_of(template: &str, entry: &Json) -> Option<String> {
    let mut label = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (pointer, after) = after.split_once('}')?;
        label += before;
        label += &words_of(entry.pointer(pointer)?)?;
        rest = after;
    }
    Some(label + rest)
}

fn words_of(value: &Json) -> Option<String> {
    let text = match value {
        Json::String(text) => clean(text),
        Json::Number(number) => number.to_string(),
        Json::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// What a tool says is only ever put into the pack's sentences, and opens no slot there.
fn clean(text: &str) -> String {
    one_line(&text.replace(['{', '}'], " "), LONGEST_RESULT)
}
