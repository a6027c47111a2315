//! Reading a flow: its steps and what they ask.

use madoguchi_shared::ids::Lang;
use madoguchi_shared::packet::ReasonCode;

use super::{id, optional_sentences, optional_texts, word};
use crate::pack::entries::{per_language, sentences};
use crate::pack::flow::{Ask, Does, Selectable, Step, Test};
use crate::pack::read::Section;
use crate::pack::{Flow, Sentences};
use crate::slot::{Days, Kind};

/// Digits that a number may have when nothing else is said.
const DIGITS: (usize, usize) = (1, 20);

pub(in crate::pack) fn flow(
    root: &mut Section<'_>,
    name: &str,
    languages: &[Lang],
) -> Option<Flow> {
    id(root, name);
    let title = per_language(root, "title", "the flow's title", languages);
    let ask = optional_sentences(root, "ask", "ways to ask for it", languages);
    let topics = root
        .texts("topics")
        .into_iter()
        .map(|(_, topic)| topic)
        .collect();
    let grants = root.optional_text("grants");
    let tries = root.count("tries", 3, 1, 9);
    let mut steps: Vec<Step> = Vec::new();
    let sections = root.sections("steps");
    if sections.is_empty() {
        let message = "[[steps]] is missing; it holds what is asked, said and done";
        root.problem(0, message.to_owned());
    }
    for mut section in sections {
        if let Some(step) = step(&mut section, languages) {
            if steps.iter().any(|earlier| earlier.id == step.id) {
                let message = format!("two steps are named `{}`; give each its own name", step.id);
                section.problem(section.at_key("id"), message);
            }
            steps.push(step);
        }
        section.close();
    }
    Some(Flow {
        id: name.to_owned(),
        title,
        ask,
        topics,
        grants,
        tries,
        steps,
    })
}

fn step(section: &mut Section<'_>, languages: &[Lang]) -> Option<Step> {
    let id = section.text("id", "the step's name")?;
    let when = section.optional_text("when").and_then(|text| {
        let test = test(&text);
        if test.is_none() {
            let message =
                format!("`when` is “{text}”; write `<step> is <value>` or `<step> is not <value>`");
            section.problem(section.at_key("when"), message);
        }
        test
    });
    let does = if section.has("ask") {
        Does::Ask(ask(section, languages)?)
    } else if section.has("say") {
        Does::Say(per_language(
            section,
            "say",
            "what the robot says",
            languages,
        ))
    } else if section.has("action") {
        Does::Act {
            action: section.text("action", "the action's name")?,
            again_from: section.optional_text("again_from"),
        }
    } else if section.has("person") {
        Does::Person(word(section, "person", REASONS)?)
    } else {
        let message = format!(
            "the step `{id}` does nothing; give it one of `ask` (a kind of answer), [steps.say], `action`, `person`"
        );
        section.problem(section.at_key("id"), message);
        return None;
    };
    Some(Step { id, when, does })
}

const REASONS: &[(&str, ReasonCode)] = &[
    ("asked_for_person", ReasonCode::AskedForPerson),
    ("identity_needed", ReasonCode::IdentityNeeded),
    ("irreversible_action", ReasonCode::IrreversibleAction),
    ("policy_exception", ReasonCode::PolicyException),
    ("repeated_failure", ReasonCode::RepeatedFailure),
    ("accessibility_need", ReasonCode::AccessibilityNeed),
];

fn test(text: &str) -> Option<Test> {
    let (step, value) = text.split_once(" is ")?;
    let (is, value) = match value.strip_prefix("not ") {
        Some(value) => (false, value),
        None => (true, value),
    };
    Some(Test {
        step: step.trim().to_owned(),
        is,
        value: value.trim().to_owned(),
    })
}

const KINDS: &[(&str, Kind)] = &[
    (
        "date",
        Kind::Date(Days {
            from: None,
            to: None,
        }),
    ),
    ("name", Kind::Name),
    (
        "number",
        Kind::Number {
            least: DIGITS.0,
            most: DIGITS.1,
        },
    ),
    ("choice", Kind::Choice),
    ("address", Kind::Address),
    ("yes_no", Kind::YesNo),
];

fn ask(section: &mut Section<'_>, languages: &[Lang]) -> Option<Ask> {
    let mut kind = word(section, "ask", KINDS)?;
    bound(section, &mut kind);
    let mask = mask(section, kind);
    let (choices, choices_from) = match kind {
        Kind::Choice => choices(section, languages),
        _ => (Vec::new(), None),
    };
    Some(Ask {
        kind,
        choices,
        choices_from,
        mask,
        prompt: per_language(section, "prompt", "the question", languages),
        invalid: optional_texts(
            section,
            "invalid",
            "what to say of a wrong answer",
            languages,
        ),
        read_back: optional_texts(section, "read_back", "how it is read back", languages),
        secret: section.flag("secret"),
    })
}

/// The bounds of a day or a number, where the step names them.
fn bound(section: &mut Section<'_>, kind: &mut Kind) {
    match kind {
        Kind::Date(days) => {
            days.from = section.number("from_days");
            days.to = section.number("to_days");
            if days.from.zip(days.to).is_some_and(|(from, to)| to < from) {
                let message = "`to_days` is before `from_days`; no day can be chosen";
                section.problem(section.at_key("to_days"), message.to_owned());
            }
        }
        Kind::Number { least, most } => {
            let Some(text) = section.optional_text("digits") else {
                return;
            };
            match digits(&text) {
                Some(bounds) => (*least, *most) = bounds,
                None => {
                    let message = format!("`digits` is “{text}”; write \"8\" or \"6-8\"");
                    section.problem(section.at_key("digits"), message);
                }
            }
        }
        Kind::Name | Kind::Choice | Kind::Address | Kind::YesNo => {}
    }
}

fn mask(section: &mut Section<'_>, kind: Kind) -> Option<String> {
    let mask = section.optional_text("mask")?;
    let places = mask.matches('#').count();
    let fitting = Kind::Number {
        least: places,
        most: places,
    };
    if kind != fitting {
        let message = format!(
            "`mask` has {places} places; it needs `ask = \"number\"` and `digits = \"{places}\"`"
        );
        section.problem(section.at_key("mask"), message);
    }
    Some(mask)
}

fn choices(section: &mut Section<'_>, languages: &[Lang]) -> (Vec<Selectable>, Option<String>) {
    let from = section.optional_text("choices_from");
    let mut choices = Vec::new();
    for mut entry in section.sections("choices") {
        let value = entry
            .text("value", "what the office's systems call it")
            .unwrap_or_default();
        let label = per_language(&mut entry, "label", "the button", languages);
        let also = if entry.has("also") {
            sentences(&mut entry, "also", "other words for it", 0, languages)
        } else {
            Sentences::new()
        };
        choices.push(Selectable { value, label, also });
        entry.close();
    }
    if choices.len() < 2 && from.is_none() {
        let message = "a choice needs two [[steps.choices]] at least, or `choices_from`";
        section.problem(section.at_key("ask"), message.to_owned());
    }
    (choices, from)
}

fn digits(text: &str) -> Option<(usize, usize)> {
    let (least, most) = text.split_once('-').unwrap_or((text, text));
    let bounds = (least.trim().parse().ok()?, most.trim().parse().ok()?);
    (1 <= bounds.0 && bounds.0 <= bounds.1 && bounds.1 <= DIGITS.1).then_some(bounds)
}
