//! The knowledge pack: everything that one office lets its robot say.
//!
//! A pack is a folder of TOML files that a city employee can read and write:
//!
//! | file | what it holds |
//! | --- | --- |
//! | `pack.toml` | the office, its languages, when to call a person |
//! | `topics/<id>.toml` | one routine question: ways to ask it, and the answer |
//! | `pictures/` | what topics show: files that whoever reads the folder looks at |
//! | `phrases/<language>.toml` | sentences and labels of the robot itself |
//! | `requests.toml` | ways to ask for a person, and sentences that only sound like it |
//! | `none.toml` | sentences that no topic answers |
//! | `flows/<id>.toml` | one matter that takes several questions |
//! | `actions/<id>.toml` | one call of a tool of the office's systems |
//! | `policies.toml` | what the agent may not decide alone |
//! | `escalation.toml` | when the robot calls a person by itself: words, scores, what is said in danger |
//! | `glossary.toml` | terms that a translation must render as they are written |
//! | `hours.toml` | when what is open, as data |
//! | `places.toml` | where what is in the building, as data |
//!
//! [`Pack::parse`] reads them; it touches no disk. It finds all problems of all files at once, and
//! a pack with a problem is not used.

pub mod action;
mod agree;
mod attachments;
mod entries;
pub mod escalation;
pub mod flow;
mod forms;
pub mod glossary;
pub mod hours;
mod keys;
mod parse;
pub mod places;
pub mod policy;
mod read;
mod sense;
mod sense_places;
mod topic;
mod words;

use std::collections::BTreeMap;

use madoguchi_shared::ids::Lang;

pub use action::Action;
pub use attachments::Picture;
pub use escalation::Escalation;
pub use flow::{Flow, Texts};
pub use hours::Hours;
pub use keys::{Phrase, ScreenLabel};
pub use places::{Place, Places};
pub use policy::Rule;
pub use topic::{Answer, Date, Topic};
use words::Words;
pub use words::{Direction, Review};

/// One file of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackFile {
    /// Its path inside the pack, with `/` between folders, such as `topics/childcare.toml`.
    pub path: String,
    /// What it holds.
    pub text: String,
}

/// Something wrong with a pack. Shows itself as `topics/childcare.toml:12: …`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{path}:{line}: {message}")]
pub struct Problem {
    /// The file, as in [`PackFile::path`].
    pub path: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong, why, and what to do.
    pub message: String,
}

/// When the agent answers, asks back or calls a person; `[escalation]` in `pack.toml`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// The least probability at which a topic's answer is given; default 0.6.
    pub answer_score: f32,
    /// By how much the best topic must lead the next one, or the robot asks which was meant;
    /// default 0.25.
    pub margin: f32,
    /// The least probability at which a topic is offered as one of several; default 0.2.
    pub offer_score: f32,
    /// The least probability at which words count as asking for a person; default 0.6.
    pub person_score: f32,
    /// How many questions in a row may stay without an answer before a person is called;
    /// default 2.
    pub failed_answers: u8,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            answer_score: 0.6,
            margin: 0.25,
            offer_score: 0.2,
            person_score: 0.6,
            failed_answers: 2,
        }
    }
}

/// Sentences by language, each list in the order of the file.
pub(crate) type Sentences = BTreeMap<Lang, Vec<String>>;

/// A whole, checked pack.
#[derive(Debug, Clone, PartialEq)]
pub struct Pack {
    id: String,
    version: String,
    languages: Vec<Lang>,
    default_language: Lang,
    office: BTreeMap<Lang, String>,
    site: String,
    place: String,
    time_zone: String,
    link_hosts: Vec<String>,
    thresholds: Thresholds,
    topics: Vec<Topic>,
    flows: Vec<Flow>,
    actions: Vec<Action>,
    rules: Vec<Rule>,
    escalation: Escalation,
    glossary: Vec<glossary::Term>,
    hours: Vec<Hours>,
    places: Places,
    words: BTreeMap<Lang, Words>,
    asks_for_person: Sentences,
    only_sounds_like_it: Sentences,
    none: Sentences,
}

impl Pack {
    /// Reads a pack's files, in any order. Files whose name doesn't end in `.toml` are passed over.
    ///
    /// # Errors
    ///
    /// Every [`Problem`] of every file, ordered by file and line; never an empty list.
    pub fn parse(files: &[PackFile]) -> Result<Self, Vec<Problem>> {
        parse::pack(files)
    }

    /// The pack's name, such as `hoshikawa`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The pack's version.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Name and version in one, as the packet carries them: `hoshikawa 2026.1`.
    pub fn id_and_version(&self) -> String {
        format!("{} {}", self.id, self.version)
    }

    /// The languages that the office serves, in the order of their buttons; never empty.
    pub fn languages(&self) -> &[Lang] {
        &self.languages
    }

    /// The pack's language that serves a tag: itself, or the one with its primary subtag (`pt` for
    /// `pt-BR`, and the other way round).
    pub fn serves(&self, language: &Lang) -> Option<&Lang> {
        self.languages
            .iter()
            .find(|own| *own == language)
            .or_else(|| {
                let primary = language.primary();
                self.languages.iter().find(|own| own.primary() == primary)
            })
    }

    /// The language of the idle robot.
    pub fn default_language(&self) -> &Lang {
        &self.default_language
    }

    /// The office's name; where it has none in this language, in the one that a stranger is
    /// likeliest to read.
    pub fn office(&self, language: &Lang) -> &str {
        nearest(&self.office, language)
            .or_else(|| self.office.get(self.lingua_franca()))
            .map_or("", String::as_str)
    }

    /// The site's name.
    pub fn site(&self) -> &str {
        &self.site
    }

    /// Where in the site the robot stands.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// The site's time zone, such as `Asia/Tokyo`.
    pub fn time_zone(&self) -> &str {
        &self.time_zone
    }

    /// Hosts to which an operator may show links of their own, in lower case.
    pub fn link_hosts(&self) -> &[String] {
        &self.link_hosts
    }

    /// Whether an address leads to one of [`Self::link_hosts`]; absent for what is no whole
    /// `https` address with nothing hidden in it.
    pub fn link_to(&self, url: &str) -> Option<bool> {
        let host = attachments::host_of(url)?.to_ascii_lowercase();
        Some(self.link_hosts.contains(&host))
    }

    /// When to answer, to ask back or to call a person.
    pub fn thresholds(&self) -> &Thresholds {
        &self.thresholds
    }

    /// The topics, ordered by id.
    pub fn topics(&self) -> &[Topic] {
        &self.topics
    }

    /// One topic.
    pub fn topic(&self, id: &str) -> Option<&Topic> {
        self.topics.iter().find(|topic| topic.id == id)
    }

    /// The files that its topics and floors show, each with the path of the file that names it.
    pub fn pictures(&self) -> impl Iterator<Item = (String, &Picture)> {
        let of = |topic: &Topic| format!("topics/{}.toml", topic.id);
        let topics = self.topics.iter();
        let of_topics =
            topics.flat_map(move |topic| topic.pictures().map(move |own| (of(topic), own)));
        let maps = self.places.maps();
        of_topics.chain(maps.map(|own| ("places.toml".to_owned(), own)))
    }

    /// The flows, ordered by id.
    pub fn flows(&self) -> &[Flow] {
        &self.flows
    }

    /// One flow.
    pub fn flow(&self, id: &str) -> Option<&Flow> {
        self.flows.iter().find(|flow| flow.id == id)
    }

    /// The actions, ordered by id.
    pub fn actions(&self) -> &[Action] {
        &self.actions
    }

    /// One action.
    pub fn action(&self, id: &str) -> Option<&Action> {
        self.actions.iter().find(|action| action.id == id)
    }

    /// The policies, in the order of their file: the first that holds decides.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// When the robot calls a person by itself.
    pub fn escalation(&self) -> &Escalation {
        &self.escalation
    }

    /// Terms that a translation must render as they are written.
    pub fn glossary(&self) -> &[glossary::Term] {
        &self.glossary
    }

    /// The opening hours of that name.
    pub fn hours(&self, id: &str) -> Option<&Hours> {
        self.hours.iter().find(|hours| hours.id == id)
    }

    /// Where things are in the building.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// The title of a topic or flow.
    pub fn title(&self, id: &str, language: &Lang) -> Option<&str> {
        let flow = || Some(self.flow(id)?.title(language));
        self.topic(id)
            .map(|topic| topic.title(language))
            .or_else(flow)
    }

    /// Whether what a name stands for holds on that day; flows always do.
    pub fn holds_on(&self, topic: &str, day: Date) -> bool {
        self.topic(topic).is_none_or(|topic| topic.valid_on(day))
    }

    /// The questions that the screen offers as buttons on that day.
    pub fn suggestions(&self, language: &Lang, day: Date) -> Vec<String> {
        self.topics
            .iter()
            .filter(|topic| topic.valid_on(day))
            .filter_map(|topic| topic.suggestion(language))
            .map(str::to_owned)
            .collect()
    }

    pub(crate) fn asks_for_person(&self) -> &Sentences {
        &self.asks_for_person
    }

    pub(crate) fn only_sounds_like_it(&self) -> &Sentences {
        &self.only_sounds_like_it
    }

    pub(crate) fn none_of_these(&self) -> &Sentences {
        &self.none
    }

    /// What a stranger to the office's languages is likeliest to read: English where the office
    /// has it, else the default language.
    pub fn lingua_franca(&self) -> &Lang {
        let english = self.languages.iter().find(|own| own.as_str() == "en");
        english.unwrap_or(&self.default_language)
    }
}

/// The entry for a tag, or for its primary subtag.
pub(crate) fn nearest<'m, T>(map: &'m BTreeMap<Lang, T>, language: &Lang) -> Option<&'m T> {
    map.get(language).or_else(|| {
        let primary = language.primary();
        map.iter()
            .find(|(own, _)| own.as_str() == primary)
            .map(|(_, value)| value)
    })
}
