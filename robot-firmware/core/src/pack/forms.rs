//! Reading `flows/<id>.toml`, `actions/<id>.toml` and `policies.toml`.

use madoguchi_shared::ids::Lang;
use madoguchi_shared::packet::ReasonCode;
use serde_json::{Map, Value};

use super::action::{List, Outcome, Undo};
use super::entries::{LEAST_EXAMPLES, optional_per_language, per_language, sentences};
use super::flow::{Ask, Does, Selectable, Step, Test};
use super::policy::{Compare, Effect, How};
use super::read::Section;
use super::{Action, Flow, Rule, Sentences, Texts};
use crate::slot::{Days, Kind};
use crate::tool::Tier;

/// Digits that a number may have when nothing else is said.
const DIGITS: (usize, usize) = (1, 20);

/// The key that names the file, and must be its name.
fn id(root: &mut Section<'_>, id: &str) {
    if let Some(written) = root.text("id", "its name, the same as the file's")
        && written != id
    {
        let message =
            format!("`id` is `{written}`, but the file is named `{id}`; make them the same");
        root.problem(root.at_key("id"), message);
    }
}

/// One of several words.
fn word<T: Copy>(section: &mut Section<'_>, key: &str, known: &[(&str, T)]) -> Option<T> {
    let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
    let written = section.text(key, &format!("one of: {}", words.join(", ")))?;
    let found = known.iter().find(|(word, _)| *word == written);
    if found.is_none() {
        let message = format!("`{key}` is “{written}”; known: {}", words.join(", "));
        section.problem(section.at_key(key), message);
    }
    found.map(|(_, value)| *value)
}

fn optional_texts(section: &mut Section<'_>, key: &str, what: &str, all: &[Lang]) -> Option<Texts> {
    let there = section.keys().iter().any(|own| own == key);
    there.then(|| per_language(section, key, what, all))
}

fn optional_sentences(section: &mut Section<'_>, key: &str, what: &str, all: &[Lang]) -> Sentences {
    let there = section.keys().iter().any(|own| own == key);
    if there {
        sentences(section, key, what, LEAST_EXAMPLES, all)
    } else {
        Sentences::new()
    }
}

pub(super) fn flow(root: &mut Section<'_>, name: &str, languages: &[Lang]) -> Option<Flow> {
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
    let keys = section.keys();
    let has = |key: &str| keys.iter().any(|own| own == key);
    let does = if has("ask") {
        Does::Ask(ask(section, languages)?)
    } else if has("say") {
        Does::Say(per_language(
            section,
            "say",
            "what the robot says",
            languages,
        ))
    } else if has("action") {
        Does::Act {
            action: section.text("action", "the action's name")?,
            again_from: section.optional_text("again_from"),
        }
    } else if has("person") {
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

fn ask(section: &mut Section<'_>, languages: &[Lang]) -> Option<Ask> {
    let kinds = [
        ("date", Kind::Date(Days::default())),
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
    let mut kind = word(section, "ask", &kinds)?;
    match &mut kind {
        Kind::Date(days) => {
            days.from = section.number("from_days");
            days.to = section.number("to_days");
            if days.from.zip(days.to).is_some_and(|(from, to)| to < from) {
                let message = "`to_days` is before `from_days`; no day can be chosen";
                section.problem(section.at_key("to_days"), message.to_owned());
            }
        }
        Kind::Number { least, most } => {
            if let Some(text) = section.optional_text("digits") {
                let bounds = digits(&text);
                if bounds.is_none() {
                    let message = format!("`digits` is “{text}”; write \"8\" or \"6-8\"");
                    section.problem(section.at_key("digits"), message);
                }
                (*least, *most) = bounds.unwrap_or(DIGITS);
            }
        }
        _ => {}
    }
    let mask = section.optional_text("mask");
    if let Some(mask) = &mask {
        let places = mask.matches('#').count();
        if kind
            != (Kind::Number {
                least: places,
                most: places,
            })
        {
            let message = format!(
                "`mask` has {places} places; it needs `ask = \"number\"` and `digits = \"{places}\"`"
            );
            section.problem(section.at_key("mask"), message);
        }
    }
    let mut choices = Vec::new();
    let mut choices_from = None;
    if kind == Kind::Choice {
        choices_from = section.optional_text("choices_from");
        for mut entry in section.sections("choices") {
            let value = entry
                .text("value", "what the office's systems call it")
                .unwrap_or_default();
            let label = per_language(&mut entry, "label", "the button", languages);
            let also = match entry.keys().iter().any(|key| key == "also") {
                true => sentences(&mut entry, "also", "other words for it", 0, languages),
                false => Sentences::new(),
            };
            choices.push(Selectable { value, label, also });
            entry.close();
        }
        if choices.len() < 2 && choices_from.is_none() {
            let message = "a choice needs two [[steps.choices]] at least, or `choices_from`";
            section.problem(section.at_key("ask"), message.to_owned());
        }
    }
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

fn digits(text: &str) -> Option<(usize, usize)> {
    let (least, most) = text.split_once('-').unwrap_or((text, text));
    let bounds = (least.trim().parse().ok()?, most.trim().parse().ok()?);
    (1 <= bounds.0 && bounds.0 <= bounds.1 && bounds.1 <= DIGITS.1).then_some(bounds)
}

pub(super) fn action(root: &mut Section<'_>, name: &str, languages: &[Lang]) -> Option<Action> {
    id(root, name);
    let tiers = [
        ("read", Tier::Read),
        ("reversible", Tier::Reversible),
        ("irreversible", Tier::Irreversible),
    ];
    let server = root.text("server", "the server's name in the robot's configuration");
    let tool = root.text("tool", "the tool's name");
    let tier = word(root, "tier", &tiers);
    let verification = root.optional_text("verification");
    let person = root.flag("person");
    let arguments = constants(root, "arguments");
    let pointers = |root: &mut Section<'_>, key: &str| {
        let pairs = constants(root, key).into_iter();
        pairs.collect::<std::collections::BTreeMap<_, _>>()
    };
    let mut results = std::collections::BTreeMap::new();
    for (name, pointer) in pointers(root, "results") {
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
    let mut secret = Vec::new();
    for (at, name) in root.texts("secret") {
        if !results.contains_key(&name) {
            root.problem(
                at,
                format!("`secret` names `{name}`, which is none of [results]"),
            );
        }
        secret.push(name);
    }
    let expect = pointers(root, "expect");
    let mut lists = std::collections::BTreeMap::new();
    if let Some(mut section) = root.optional_section("lists") {
        for name in section.keys() {
            if let Some(mut list) = section.section(&name, "a list to choose from") {
                let mut text = |key: &str, what: &str| list.text(key, what).unwrap_or_default();
                let own = List {
                    at: text("at", "the list, as a JSON Pointer"),
                    value: text("value", "an entry's value, as a JSON Pointer inside it"),
                    label: text("label", "what the visitor reads, as {/date} {/time}"),
                };
                lists.insert(name, own);
                list.close();
            }
        }
    }
    let mut say = std::collections::BTreeMap::new();
    if let Some(mut section) = root.section("say", "what is said of each outcome") {
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
    }
    let mut person_on = Vec::new();
    for (at, text) in root.texts("person_on") {
        match Outcome::ALL.iter().find(|outcome| outcome.key() == text) {
            Some(outcome) => person_on.push(*outcome),
            None => root.problem(at, format!("`person_on` names “{text}”, which is no outcome; known: found, none, refused, failed, too_slow")),
        }
    }
    let confirm = optional_texts(root, "confirm", "what the visitor must agree to", languages);
    if tier == Some(Tier::Irreversible) && confirm.is_none() && !person {
        let message = "what can't be undone needs [confirm], or `person = true`";
        root.problem(root.at_key("tier"), message.to_owned());
    }
    let undo = root.optional_section("undo").and_then(|mut section| {
        let tool = section.text("tool", "the tool that takes it back")?;
        let arguments = constants(&mut section, "arguments");
        section.close();
        Some(Undo { tool, arguments })
    });
    Some(Action {
        id: name.to_owned(),
        server: server?,
        tool: tool?,
        tier: tier?,
        verification,
        arguments,
        results,
        secret,
        expect,
        lists,
        say,
        person_on,
        confirm,
        person,
        undo,
    })
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

pub(super) fn rules(root: &mut Section<'_>, languages: &[Lang]) -> Option<Vec<Rule>> {
    let effects = [Effect::Allow, Effect::Refuse, Effect::Exception].map(|e| (e.key(), e));
    let mut rules: Vec<Rule> = Vec::new();
    for mut section in root.sections("rules") {
        let id = section.text("id", "the rule's name").unwrap_or_default();
        let version = section
            .text("version", "the version of its text")
            .unwrap_or_default();
        let effect = word(&mut section, "effect", &effects).unwrap_or(Effect::Exception);
        let ask = optional_sentences(&mut section, "ask", "sentences it stands for", languages);
        let mut rule = Rule {
            id,
            version,
            effect,
            ask,
            topic: None,
            flow: None,
            action: None,
            values: Vec::new(),
            says: per_language(&mut section, "says", "what the rule says", languages),
            say: optional_texts(&mut section, "say", "what the visitor is told", languages)
                .unwrap_or_default(),
            next_step: optional_per_language(&mut section, "next_step", languages),
        };
        if let Some(mut when) = section.optional_section("when") {
            rule.topic = when.optional_text("topic");
            rule.flow = when.optional_text("flow");
            rule.action = when.optional_text("action");
            for (at, text) in when.texts("values") {
                match compare(&text) {
                    Some(compare) => rule.values.push(compare),
                    None => when.problem(at, format!("“{text}” is no comparison; write `<name> is <value>`, `is not`, `above` or `below`")),
                }
            }
            when.close();
        }
        let bare = rule.topic.is_none() && rule.flow.is_none() && rule.action.is_none();
        if bare && rule.values.is_empty() && rule.ask.is_empty() {
            let message = "a rule needs [rules.ask] or [rules.when]; this one would always hold";
            section.problem(section.at_key("id"), message.to_owned());
        }
        if rule.effect == Effect::Refuse && rule.say.is_empty() {
            let message = "a rule that refuses needs [rules.say], the words to the visitor";
            section.problem(section.at_key("id"), message.to_owned());
        }
        if rules.iter().any(|earlier| earlier.id == rule.id) {
            let message = format!("two rules are named `{}`; give each its own name", rule.id);
            section.problem(section.at_key("id"), message);
        }
        section.close();
        rules.push(rule);
    }
    Some(rules)
}

fn compare(text: &str) -> Option<Compare> {
    let ways = [
        (" is not ", How::IsNot),
        (" is ", How::Is),
        (" above ", How::Above),
        (" below ", How::Below),
    ];
    ways.into_iter().find_map(|(words, how)| {
        let (name, with) = text.split_once(words)?;
        Some(Compare {
            name: name.trim().to_owned(),
            how,
            with: with.trim().to_owned(),
        })
    })
}
