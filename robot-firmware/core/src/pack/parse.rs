//! From files to a [`Pack`].

use std::collections::BTreeMap;

use madoguchi_shared::ids::Lang;

use super::read::{Section, Source};
use super::{
    Answer, Direction, Pack, PackFile, Phrase, Problem, Review, ScreenLabel, Sentences, Thresholds,
    Topic, Words,
};

/// Fewer example questions than this in a language don't carry the recognition of a topic.
const LEAST_EXAMPLES: usize = 3;

/// Reads all files; `pack.toml` first, because the others are checked against its languages.
pub(super) fn pack(files: &[PackFile]) -> Result<Pack, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut pack = match files.iter().find(|file| file.path == "pack.toml") {
        Some(file) => read(file, &mut problems, office),
        None => {
            problems.push(Problem {
                path: "pack.toml".to_owned(),
                line: 1,
                message: "this file is missing; it names the office and its languages".to_owned(),
            });
            None
        }
    }
    .unwrap_or_else(nothing);
    let languages = pack.languages.clone();
    if languages.is_empty() {
        return Err(problems);
    }

    for file in files {
        let name = file.path.strip_suffix(".toml");
        match name.map(|name| (name, name.split_once('/'))) {
            None | Some(("pack", None)) => {}
            Some(("requests", None)) => {
                if let Some((asks, sounds)) =
                    read(file, &mut problems, |root| requests(root, &languages))
                {
                    pack.asks_for_person = asks;
                    pack.only_sounds_like_it = sounds;
                }
            }
            Some(("none", None)) => {
                if let Some(none) = read(file, &mut problems, |root| none(root, &languages)) {
                    pack.none = none;
                }
            }
            Some((_, Some(("topics", id)))) => {
                pack.topics
                    .extend(read(file, &mut problems, |root| topic(root, id, &languages)));
            }
            Some((_, Some(("phrases", tag)))) => {
                pack.words.extend(read(file, &mut problems, |root| words(root, tag, &languages)));
            }
            Some(_) => problems.push(Problem {
                path: file.path.clone(),
                line: 1,
                message: "this file is not known; a pack has pack.toml, requests.toml, none.toml, topics/<id>.toml and phrases/<language>.toml".to_owned(),
            }),
        }
    }
    pack.topics.sort_by(|a, b| a.id.cmp(&b.id));

    whole(&pack, files, &mut problems);
    problems.sort();
    if problems.is_empty() {
        Ok(pack)
    } else {
        Err(problems)
    }
}

/// What only shows when all files are read.
fn whole(pack: &Pack, files: &[PackFile], problems: &mut Vec<Problem>) {
    let has = |path: &str| files.iter().any(|file| file.path == path);
    let mut missing = |path: String, message: &str| {
        if !has(&path) {
            problems.push(Problem {
                path,
                line: 1,
                message: message.to_owned(),
            });
        }
    };
    for language in &pack.languages {
        missing(
            format!("phrases/{language}.toml"),
            "this file is missing; pack.toml lists its language",
        );
    }
    missing(
        "requests.toml".to_owned(),
        "this file is missing; without it nobody can ask for a person in words",
    );
    missing(
        "none.toml".to_owned(),
        "this file is missing; without it the robot takes every question for one it can answer",
    );
    if !files.iter().any(|file| file.path.starts_with("topics/")) {
        missing(
            "topics".to_owned(),
            "no topic is here; add topics/<id>.toml",
        );
    }
}

fn read<T>(
    file: &PackFile,
    problems: &mut Vec<Problem>,
    take: impl FnOnce(&mut Section<'_>) -> Option<T>,
) -> Option<T> {
    let source = Source::new(&file.path, &file.text);
    let taken = source.parse().and_then(|table| {
        let mut root = Section::root(&source, &table);
        let taken = take(&mut root);
        root.close();
        taken
    });
    problems.extend(source.into_problems());
    taken
}

fn nothing() -> Pack {
    Pack {
        id: String::new(),
        version: String::new(),
        languages: Vec::new(),
        default_language: english(),
        office: BTreeMap::new(),
        site: String::new(),
        place: String::new(),
        time_zone: String::new(),
        thresholds: Thresholds::default(),
        topics: Vec::new(),
        words: BTreeMap::new(),
        asks_for_person: Sentences::new(),
        only_sounds_like_it: Sentences::new(),
        none: Sentences::new(),
    }
}

#[allow(clippy::expect_used, reason = "a constant that a test checks")]
fn english() -> Lang {
    "en".parse().expect("`en` is a language tag")
}

fn tag(section: &Section<'_>, at: usize, text: &str) -> Option<Lang> {
    text.parse()
        .map_err(|error| section.problem(at, format!("{error}")))
        .ok()
}

fn office(root: &mut Section<'_>) -> Option<Pack> {
    let mut pack = nothing();
    pack.id = root
        .text("id", "the pack's name, such as \"hoshikawa\"")
        .unwrap_or_default();
    pack.version = root
        .text("version", "the pack's version")
        .unwrap_or_default();
    let listed = root.texts("languages");
    if listed.is_empty() {
        let what =
            "`languages` is missing; it lists the office's languages, such as [\"ja\", \"en\"]";
        root.problem(root.at_key("languages"), what.to_owned());
    }
    for (at, text) in &listed {
        if let Some(language) = tag(root, *at, text) {
            if pack.languages.contains(&language) {
                root.problem(*at, format!("`languages` names `{language}` twice"));
            } else {
                pack.languages.push(language);
            }
        }
    }
    if let Some(text) = root.text("default_language", "the language of the idle robot") {
        let at = root.at_key("default_language");
        if let Some(language) = tag(root, at, &text) {
            if !pack.languages.contains(&language) {
                let message =
                    format!("`default_language` is `{language}`, which `languages` doesn't list");
                root.problem(at, message);
            }
            pack.default_language = language;
        }
    }
    if let Some(mut office) = root.section("office", "the office's name, site and place") {
        pack.office = per_language(&mut office, "name", "the office's name", &pack.languages);
        pack.site = office.text("site", "the site's name").unwrap_or_default();
        pack.place = office
            .text("place", "where in the site the robot stands")
            .unwrap_or_default();
        pack.time_zone = office
            .text("time_zone", "the site's time zone, such as \"Asia/Tokyo\"")
            .unwrap_or_default();
        office.close();
    }
    if let Some(mut escalation) = root.optional_section("escalation") {
        pack.thresholds = thresholds(&mut escalation);
        escalation.close();
    }
    Some(pack)
}

fn thresholds(section: &mut Section<'_>) -> Thresholds {
    let safe = Thresholds::default();
    let thresholds = Thresholds {
        answer_score: section.share("answer_score", safe.answer_score),
        margin: section.share("margin", safe.margin),
        offer_score: section.share("offer_score", safe.offer_score),
        person_score: section.share("person_score", safe.person_score),
        failed_answers: section.count("failed_answers", safe.failed_answers, 1, 9),
    };
    if thresholds.offer_score > thresholds.answer_score {
        let at = section.at_key("offer_score");
        let message = "`escalation.offer_score` is above `answer_score`; no topic could ever be offered for choice";
        section.problem(at, message.to_owned());
    }
    thresholds
}

/// A section with one text for every language of the pack.
fn per_language(
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
fn optional_per_language(
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
fn sentences(
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

fn requests(root: &mut Section<'_>, languages: &[Lang]) -> Option<(Sentences, Sentences)> {
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

fn none(root: &mut Section<'_>, languages: &[Lang]) -> Option<Sentences> {
    Some(sentences(
        root,
        "say",
        "sentences that no topic answers",
        LEAST_EXAMPLES,
        languages,
    ))
}

fn topic(root: &mut Section<'_>, id: &str, languages: &[Lang]) -> Option<Topic> {
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
        valid_from,
        valid_until,
    })
}

fn words(root: &mut Section<'_>, file: &str, languages: &[Lang]) -> Option<(Lang, Words)> {
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
