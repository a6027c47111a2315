//! The files of a pack that are written for each topic or language.

use std::collections::BTreeMap;

use madoguchi_shared::ids::Lang;

use super::attachments::attachments;
use super::read::Section;
use super::{Answer, Direction, Phrase, Review, ScreenLabel, Sentences, Topic, Words};

/// Fewer example questions than this in a language don't carry the recognition of a topic.
pub(super) const LEAST_EXAMPLES: usize = 3;

pub(super) fn tag(section: &Section<'_>, at: usize, text: &str) -> Option<Lang> {
    text.parse()
        .map_err(|error| section.problem(at, format!("{error}")))
        .ok()
}

/// A section with one text for every language of the pack.
pub(super) fn per_language(
    parent: &mut Section<'_>,
    key: &str,
    what: &str,
    languages: &[Lang],
) -> BTreeMap<Lang, String> {
    let mut texts = BTreeMap::new();
    let Some(mut section) = parent.section(key, what) else {
        return texts;
    };
    for language in languages {
        let what = format!("{what} in that language");
        texts.extend(
            section
                .text(language.as_str(), &what)
                .map(|text| (language.clone(), text)),
        );
    }
    section.only_languages(languages);
    section.close();
    texts
}

/// The same, where any language may be left out.
pub(super) fn optional_per_language(
    parent: &mut Section<'_>,
    key: &str,
    languages: &[Lang],
) -> BTreeMap<Lang, String> {
    let mut texts = BTreeMap::new();
    let Some(mut section) = parent.optional_section(key) else {
        return texts;
    };
    for language in languages {
        texts.extend(
            section
                .optional_text(language.as_str())
                .map(|text| (language.clone(), text)),
        );
    }
    section.only_languages(languages);
    section.close();
    texts
}

/// A section with a list of sentences for every language of the pack.
pub(super) fn sentences(
    parent: &mut Section<'_>,
    key: &str,
    what: &str,
    least: usize,
    languages: &[Lang],
) -> Sentences {
    let mut lists = Sentences::new();
    let Some(mut section) = parent.section(key, what) else {
        return lists;
    };
    for language in languages {
        let list = section.texts(language.as_str());
        if list.len() < least {
            section.problem(
                section.at_key(language.as_str()),
                format!(
                    "`{key}.{language}` has {} of at least {least} entries; it lists {what}",
                    list.len()
                ),
            );
        }
        for (index, (at, text)) in list.iter().enumerate() {
            if list.iter().take(index).any(|(_, earlier)| earlier == text) {
                section.problem(*at, format!("`{key}.{language}` lists “{text}” twice"));
            }
        }
        lists.insert(
            language.clone(),
            list.into_iter().map(|(_, text)| text).collect(),
        );
    }
    section.only_languages(languages);
    section.close();
    lists
}

pub(super) fn requests(
    root: &mut Section<'_>,
    languages: &[Lang],
) -> Option<(Sentences, Sentences)> {
    let asks = sentences(
        root,
        "ask",
        "ways to ask for a person",
        LEAST_EXAMPLES,
        languages,
    );
    let sounds = sentences(
        root,
        "not",
        "sentences that only sound like asking for a person",
        0,
        languages,
    );
    Some((asks, sounds))
}

pub(super) fn none(root: &mut Section<'_>, languages: &[Lang]) -> Option<Sentences> {
    Some(sentences(
        root,
        "say",
        "sentences that no topic answers",
        LEAST_EXAMPLES,
        languages,
    ))
}

pub(super) fn topic(root: &mut Section<'_>, id: &str, languages: &[Lang]) -> Option<Topic> {
    if let Some(written) = root.text("id", "the topic's name, the same as the file's")
        && written != id
    {
        let message =
            format!("`id` is `{written}`, but the file is named `{id}`; make them the same");
        root.problem(root.at_key("id"), message);
    }
    let title = per_language(root, "title", "the topic's title", languages);
    let ask = sentences(root, "ask", "example questions", LEAST_EXAMPLES, languages);
    let mut answers = BTreeMap::new();
    if let Some(mut section) = root.section("answer", "what the robot says") {
        for language in languages {
            let what = format!("the answer in `{language}`");
            if let Some(mut answer) = section.section(language.as_str(), &what) {
                let say = answer
                    .text("say", "what the robot says")
                    .unwrap_or_default();
                let show = answer.optional_text("show");
                answers.insert(language.clone(), Answer { say, show });
                answer.close();
            }
        }
        section.only_languages(languages);
        section.close();
    }
    let suggestion = optional_per_language(root, "suggestion", languages);
    let operator_hint = optional_per_language(root, "operator_hint", languages);
    let attachments = attachments(root, languages);
    let follow_ups = root.texts("follow_ups").into_iter();
    let follow_ups = follow_ups.map(|(_, topic)| topic).collect();
    let hours = root.optional_text("hours");
    let valid_from = root.date("valid_from");
    let valid_until = root.date("valid_until");
    if let (Some(from), Some(until)) = (valid_from, valid_until)
        && until < from
    {
        let message = format!("`valid_until` ({until}) is before `valid_from` ({from})");
        root.problem(root.at_key("valid_until"), message);
    }
    Some(Topic {
        id: id.to_owned(),
        title,
        ask,
        answer: answers,
        suggestion,
        operator_hint,
        attachments,
        follow_ups,
        hours,
        valid_from,
        valid_until,
    })
}

pub(super) fn words(
    root: &mut Section<'_>,
    file: &str,
    languages: &[Lang],
) -> Option<(Lang, Words)> {
    let language = root.text(
        "language",
        "the language's tag, the same as the file's name",
    );
    if let Some(written) = language
        && written != file
    {
        let message = format!(
            "`language` is `{written}`, but the file is named `{file}`; make them the same"
        );
        root.problem(root.at_key("language"), message);
    }
    let language = tag(root, 0, file)?;
    let served = languages.contains(&language);
    let mut words = Words {
        name: root
            .text("name", "the language's name in itself")
            .unwrap_or_default(),
        ..Words::default()
    };
    let choice = |root: &mut Section<'_>, key: &str, good: [&str; 2], what: &str| {
        let text = root.text(key, what)?;
        let found = good.iter().position(|known| *known == text);
        if found.is_none() {
            let message = format!(
                "`{key}` is “{text}”; write \"{}\" or \"{}\"",
                good[0], good[1]
            );
            root.problem(root.at_key(key), message);
        }
        found
    };
    if choice(root, "direction", ["ltr", "rtl"], "\"ltr\" or \"rtl\"") == Some(1) {
        words.direction = Direction::RightToLeft;
    }
    if choice(
        root,
        "status",
        ["reviewed", "machine"],
        "\"reviewed\" or \"machine\"",
    ) == Some(0)
    {
        words.review = Review::Reviewed;
    }
    let mut courtesy = root.section("courtesy", "sentences that every language has");
    let mut phrases = if served {
        root.section("phrases", "the robot's other sentences")
    } else {
        root.optional_section("phrases")
    };
    for phrase in Phrase::ALL {
        let section = if phrase.is_courtesy() {
            &mut courtesy
        } else {
            &mut phrases
        };
        let Some(section) = section else { continue };
        let text = if served || phrase.is_courtesy() {
            section.text(
                phrase.key(),
                "a sentence that the robot needs in this language",
            )
        } else {
            section.optional_text(phrase.key())
        };
        words.phrases.extend(text.map(|text| (*phrase, text)));
    }
    if let Some(mut labels) = root.section("labels", "the words on the screen") {
        for label in ScreenLabel::ALL {
            let text = if served || label.is_essential() {
                labels.text(
                    label.key(),
                    "a label that the screen needs in this language",
                )
            } else {
                labels.optional_text(label.key())
            };
            words.labels.extend(text.map(|text| (*label, text)));
        }
        labels.close();
    }
    courtesy.into_iter().chain(phrases).for_each(Section::close);
    Some((language, words))
}
