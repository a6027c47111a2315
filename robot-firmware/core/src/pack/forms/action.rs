//! Reading an action: the call, what is taken from its answer, and what is said of it.

use std::collections::BTreeMap;

use madoguchi_shared::ids::Lang;
use serde_json::{Map, Value};

use super::{id, optional_texts, word};
use crate::pack::action::{List, Outcome, Shape, Undo};
use crate::pack::entries::per_language;
use crate::pack::read::Section;
use crate::pack::{Action, Texts};
use crate::tool::Tier;

const TIERS: &[(&str, Tier)] = &[
    ("read", Tier::Read),
    ("reversible", Tier::Reversible),
    ("irreversible", Tier::Irreversible),
];

pub(in crate::pack) fn action(
    root: &mut Section<'_>,
    name: &str,
    languages: &[Lang],
) -> Option<Action> {
    id(root, name);
    let server = root.text("server", "the server's name in the robot's configuration");
    let tool = root.text("tool", "the tool's name");
    let tier = word(root, "tier", TIERS);
    let verification = root.optional_text("verification");
    let person = root.flag("person");
    let arguments = constants(root, "arguments");
    let results = results(root);
    let shapes = shapes(root, |name| results.contains_key(name), "none of [results]");
    let secret = secret(root, &results);
    let expect = constants(root, "expect").into_iter().collect();
    let lists = lists(root);
    let say = say(root, languages);
    let keep = optional_texts(root, "keep", "what the visitor takes along", languages);
    let person_on = person_on(root);
    let confirm = optional_texts(root, "confirm", "what the visitor must agree to", languages);
    if tier == Some(Tier::Irreversible) && confirm.is_none() && !person {
        let message = "what can't be undone needs [confirm], or `person = true`";
        root.problem(root.at_key("tier"), message.to_owned());
    }
    let undo = undo(root);
    Some(Action {
        id: name.to_owned(),
        server: server?,
        tool: tool?,
        tier: tier?,
        verification,
        arguments,
        results,
        shapes,
        secret,
        expect,
        lists,
        say,
        keep,
        person_on,
        confirm,
        person,
        undo,
    })
}

fn results(root: &mut Section<'_>) -> BTreeMap<String, String> {
    let mut results = BTreeMap::new();
    for (name, pointer) in constants(root, "results") {
        match pointer {
            Value::String(pointer) if pointer.starts_with('/') => {
                results.insert(name, pointer);
            }
            _ => {
                let message =
                    format!("`results.{name}` must be a JSON Pointer such as \"/status\"");
                root.problem(root.at_key("results"), message);
            }
        }
    }
    results
}

fn shapes(
    section: &mut Section<'_>,
    taken: impl Fn(&str) -> bool,
    otherwise: &str,
) -> BTreeMap<String, Shape> {
    let mut shapes = BTreeMap::new();
    let Some(mut section) = section.optional_section("shapes") else {
        return shapes;
    };
    for name in section.keys() {
        if !taken(&name) {
            let message = format!("`shapes` is about `{name}`, which is {otherwise}");
            section.problem(section.at_key(&name), message);
        }
        let shape = word(&mut section, &name, &Shape::ALL);
        shapes.extend(shape.map(|shape| (name, shape)));
    }
    section.close();
    shapes
}

fn secret(root: &mut Section<'_>, results: &BTreeMap<String, String>) -> Vec<String> {
    let named = root.texts("secret");
    for (at, name) in &named {
        if !results.contains_key(name) {
            let message = format!("`secret` names `{name}`, which is none of [results]");
            root.problem(*at, message);
        }
    }
    named.into_iter().map(|(_, name)| name).collect()
}

fn lists(root: &mut Section<'_>) -> BTreeMap<String, List> {
    let mut lists = BTreeMap::new();
    let Some(mut section) = root.optional_section("lists") else {
        return lists;
    };
    for name in section.keys() {
        if let Some(mut list) = section.section(&name, "a list to choose from") {
            let mut text = |key: &str, what: &str| list.text(key, what).unwrap_or_default();
            let at = text("at", "the list, as a JSON Pointer");
            let value = text("value", "an entry's value, as a JSON Pointer inside it");
            let label = text("label", "what the visitor reads, as {/date} {/time}");
            let taken =
                |pointer: &str| pointer == value || label.contains(&format!("{{{pointer}}}"));
            let shapes = shapes(&mut list, taken, "neither `value` nor in `label`");
            let own = List {
                at,
                value,
                label,
                shapes,
            };
            lists.insert(name, own);
            list.close();
        }
    }
    lists
}

fn say(root: &mut Section<'_>, languages: &[Lang]) -> BTreeMap<Outcome, Texts> {
    let mut say = BTreeMap::new();
    let Some(mut section) = root.section("say", "what is said of each outcome") else {
        return say;
    };
    for outcome in Outcome::ALL {
        let what = format!("what is said when the outcome is `{}`", outcome.key());
        let texts = if outcome == Outcome::Found {
            optional_texts(&mut section, outcome.key(), &what, languages)
        } else {
            Some(per_language(&mut section, outcome.key(), &what, languages))
        };
        say.extend(texts.map(|texts| (outcome, texts)));
    }
    section.close();
    say
}

fn person_on(root: &mut Section<'_>) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for (at, text) in root.texts("person_on") {
        match Outcome::ALL.iter().find(|outcome| outcome.key() == text) {
            Some(outcome) => outcomes.push(*outcome),
            None => {
                let known = Outcome::ALL.map(Outcome::key).join(", ");
                let message =
                    format!("`person_on` names “{text}”, which is no outcome; known: {known}");
                root.problem(at, message);
            }
        }
    }
    outcomes
}

fn undo(root: &mut Section<'_>) -> Option<Undo> {
    let mut section = root.optional_section("undo")?;
    let tool = section.text("tool", "the tool that takes it back")?;
    let arguments = constants(&mut section, "arguments");
    section.close();
    Some(Undo { tool, arguments })
}

fn constants(section: &mut Section<'_>, key: &str) -> Map<String, Value> {
    let mut constants = Map::new();
    let Some(mut section) = section.optional_section(key) else {
        return constants;
    };
    for name in section.keys() {
        constants.extend(section.constant(&name).map(|value| (name, value)));
    }
    constants
}
