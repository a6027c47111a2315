//! From files to a [`Pack`].

use std::collections::BTreeMap;

use madoguchi_shared::ids::Lang;

use super::agree::{self, Notes};
use super::attachments::is_host;
use super::entries::{none, per_language, requests, tag, topic, words};
use super::forms::{action, escalation, flow, hours, places, rules, terms};
use super::read::{Section, Source};
use super::{Escalation, Pack, PackFile, Places, Problem, Sentences, Thresholds};
use super::{sense, sense_places};

const UNKNOWN_FILE: &str = "this file is not known; a pack has pack.toml, requests.toml, \
     none.toml, policies.toml, escalation.toml, hours.toml, places.toml, glossary.toml, topics/<id>.toml, \
     flows/<id>.toml, actions/<id>.toml and \
     phrases/<language>.toml";

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
                pack.topics.extend(read(file, &mut problems, |root| {
                    topic(root, id, &languages)
                }));
            }
            Some((_, Some(("flows", id)))) => {
                pack.flows
                    .extend(read(file, &mut problems, |root| flow(root, id, &languages)));
            }
            Some((_, Some(("actions", id)))) => {
                pack.actions.extend(read(file, &mut problems, |root| {
                    action(root, id, &languages)
                }));
            }
            Some(("policies", None)) => {
                pack.rules.extend(
                    read(file, &mut problems, |root| rules(root, &languages))
                        .into_iter()
                        .flatten(),
                );
            }
            Some(("hours", None)) => {
                pack.hours.extend(
                    read(file, &mut problems, |root| hours(root, &languages))
                        .into_iter()
                        .flatten(),
                );
            }
            Some(("places", None)) => {
                let own = read(file, &mut problems, |root| places(root, &languages));
                pack.places = own.unwrap_or_default();
            }
            Some(("escalation", None)) => {
                let own = read(file, &mut problems, |root| escalation(root, &languages));
                pack.escalation = own.unwrap_or_default();
            }
            Some(("glossary", None)) => {
                let known = with_phrases(&languages, files);
                pack.glossary.extend(
                    read(file, &mut problems, |root| terms(root, &known))
                        .into_iter()
                        .flatten(),
                );
            }
            Some((_, Some(("phrases", tag)))) => {
                pack.words.extend(read(file, &mut problems, |root| {
                    words(root, tag, &languages)
                }));
            }
            Some(_) => problems.push(Problem {
                path: file.path.clone(),
                line: 1,
                message: UNKNOWN_FILE.to_owned(),
            }),
        }
    }
    pack.topics.sort_by(|a, b| a.id.cmp(&b.id));

    pack.flows.sort_by(|a, b| a.id.cmp(&b.id));
    pack.actions.sort_by(|a, b| a.id.cmp(&b.id));

    whole(&pack, files, &mut problems);
    if problems.is_empty() {
        let problems = &mut problems;
        let mut notes = Notes { files, problems };
        agree::check(&pack, &mut notes);
        sense::check(&pack, &mut notes);
        sense_places::check(&pack, &mut notes);
    }
    problems.sort();
    // The same words in several languages are noted where they first stand.
    problems.dedup();
    if problems.is_empty() {
        Ok(pack)
    } else {
        Err(problems)
    }
}

/// The office's languages, and those in which it has at least courtesy words.
fn with_phrases(languages: &[Lang], files: &[PackFile]) -> Vec<Lang> {
    let mut known = languages.to_vec();
    for file in files {
        let tag = file.path.strip_prefix("phrases/");
        let tag = tag.and_then(|name| name.strip_suffix(".toml")?.parse().ok());
        known.extend(tag.filter(|tag| !languages.contains(tag)));
    }
    known
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
        link_hosts: Vec::new(),
        thresholds: Thresholds::default(),
        topics: Vec::new(),
        flows: Vec::new(),
        actions: Vec::new(),
        rules: Vec::new(),
        escalation: Escalation::default(),
        glossary: Vec::new(),
        hours: Vec::new(),
        places: Places::default(),
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
    if let Some(mut operators) = root.optional_section("operators") {
        pack.link_hosts = link_hosts(&mut operators);
        operators.close();
    }
    Some(pack)
}

/// Hosts to which operators may show links of their own.
fn link_hosts(section: &mut Section<'_>) -> Vec<String> {
    let hosts = section.texts("link_hosts");
    for (at, host) in &hosts {
        if !is_host(host) {
            let message = format!(
                "`operators.link_hosts` names “{host}”; write a host's full name and nothing else, such as \"www.city.example.jp\""
            );
            section.problem(*at, message);
        }
    }
    let hosts = hosts.into_iter();
    hosts.map(|(_, host)| host.to_ascii_lowercase()).collect()
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
