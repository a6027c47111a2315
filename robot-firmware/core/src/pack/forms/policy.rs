//! Reading the rules of the policies.

use madoguchi_shared::ids::Lang;

use super::{optional_sentences, optional_texts, word};
use crate::pack::Rule;
use crate::pack::entries::{optional_per_language, per_language};
use crate::pack::policy::{Compare, Effect, How};
use crate::pack::read::Section;

pub(in crate::pack) fn rules(root: &mut Section<'_>, languages: &[Lang]) -> Option<Vec<Rule>> {
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
