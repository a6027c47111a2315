//! Reading `escalation.toml`.

use madoguchi_shared::ids::Lang;

use crate::escalation::Danger;
use crate::pack::Sentences;
use crate::pack::entries::{optional_per_language, sentences, tag};
use crate::pack::escalation::{Distress, Escalation, NUMBER, Rules, Scores};
use crate::pack::read::Section;

pub(in crate::pack) fn escalation(
    root: &mut Section<'_>,
    languages: &[Lang],
) -> Option<Escalation> {
    let mut escalation = Escalation::default();
    if let Some(mut section) = root.optional_section("scores") {
        escalation.scores = scores(&mut section);
        section.close();
    }
    if let Some(mut section) = root.optional_section("distress") {
        escalation.distress = distress(&mut section, languages);
        section.close();
    }
    if let Some(mut section) = root.optional_section("danger") {
        for danger in Danger::ALL {
            if let Some(mut own) = section.optional_section(danger.key()) {
                let rules = rules(&mut own, languages);
                escalation.dangers.insert(danger, rules);
                own.close();
            }
        }
        section.close();
    }
    escalation.only_sounds = words(root, "not", "words that only sound like it", languages);
    Some(escalation)
}

fn scores(section: &mut Section<'_>) -> Scores {
    let safe = Scores::default();
    Scores {
        danger: section.share("danger", safe.danger),
        person: section.share("person", safe.person),
        accessibility: section.share("accessibility", safe.accessibility),
        identity: section.share("identity", safe.identity),
    }
}

fn distress(section: &mut Section<'_>, languages: &[Lang]) -> Distress {
    let safe = Distress::default();
    let distress = Distress {
        threshold: section.share("threshold", safe.threshold),
        classifier: section.share("classifier", safe.classifier),
        least: section.share("least", safe.least),
        words: section.share("words", safe.words),
        repeats: section.share("repeats", safe.repeats),
        silence: section.share("silence", safe.silence),
        silence_s: section.count("silence_s", safe.silence_s, 5, 240),
        carry: section.share("carry", safe.carry),
        list: words(section, "list", "words of distress", languages),
        next_step: optional_per_language(section, "next_step", languages),
    };
    for (key, part) in [("repeats", distress.repeats), ("silence", distress.silence)] {
        if part >= distress.threshold {
            let message = format!(
                "`distress.{key}` reaches `threshold`; it says too little to call a person alone"
            );
            section.problem(section.at_key(key), message);
        }
    }
    distress
}

fn rules(section: &mut Section<'_>, languages: &[Lang]) -> Rules {
    let number = section.text("number", "the local emergency number");
    let list = words(section, "words", "words that tell of it", languages);
    let mut say = optional_per_language(section, "say", languages);
    for (language, text) in &say {
        if !text.contains(NUMBER) {
            let message = format!("`say.{language}` doesn't name `{NUMBER}`, the emergency number");
            section.problem(section.at_key("say"), message);
        }
    }
    let mut reviewed = Vec::new();
    for (at, text) in section.texts("reviewed") {
        let Some(language) = tag(section, at, &text) else {
            continue;
        };
        if !say.contains_key(&language) {
            let message =
                format!("`reviewed` names `{language}`, which has no sentence in `say`; write it");
            section.problem(at, message);
        }
        reviewed.push(language);
    }
    say.retain(|language, _| reviewed.contains(language));
    Rules {
        number: number.unwrap_or_default(),
        words: list,
        say,
        next_step: optional_per_language(section, "next_step", languages),
    }
}

/// Lists that may be left out, also in single languages.
fn words(section: &mut Section<'_>, key: &str, what: &str, languages: &[Lang]) -> Sentences {
    let mut lists = Sentences::new();
    if section.has(key) {
        lists = sentences(section, key, what, 0, languages);
    }
    lists
}
