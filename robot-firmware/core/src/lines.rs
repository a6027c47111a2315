//! The sentences of the agent, always authored text of the pack.

use madoguchi_shared::ids::Lang;
use madoguchi_shared::screen::Attachment;

use crate::pack::{Pack, Phrase, Texts};

/// One thing the agent may say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AgentLine {
    Phrase(Phrase),
    Answer(String),
    WhichOf(Vec<String>),
    /// Text of a flow, action or policy, with what is known already in its places.
    Written(Texts),
    /// The same, and what the visitor takes along.
    Kept {
        said: Texts,
        keep: Texts,
    },
    /// The same about a topic, whose shown part stays on the screen.
    About(String, Texts),
    /// Where a place is, by its id.
    Place(String),
    /// That there is no counter of that number.
    NoCounter(u32),
    /// One after the other.
    Then(Vec<AgentLine>),
}

/// Words with their language: a phrase the visitor's language lacks comes in another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Authored {
    pub(crate) text: String,
    /// What is only shown.
    pub(crate) detail: Option<String>,
    /// What there is to look at beside them.
    pub(crate) attachments: Vec<Attachment>,
    pub(crate) language: Lang,
}

impl AgentLine {
    /// The line as it can be said in a language: one without answers of its own has a few
    /// courteous sentences.
    pub(crate) fn sayable_in(self, pack: &Pack, language: &Lang) -> Self {
        if let Self::Then(lines) = self {
            let lines = lines
                .into_iter()
                .map(|line| line.sayable_in(pack, language));
            return Self::Then(lines.collect());
        }
        let Self::Phrase(phrase) = &self else {
            return self;
        };
        let courtesy = courtesy_for(*phrase);
        let lacks = |phrase| pack.courtesy(language, phrase).is_none();
        let only_courtesies = !pack.languages().contains(language);
        // Why a person comes is said by no other sentence.
        let tells_why = *phrase == Phrase::Transferring;
        if only_courtesies && (tells_why || lacks(*phrase)) && !lacks(courtesy) {
            return Self::Phrase(courtesy);
        }
        self
    }

    /// The words in a language, else in one that a stranger is likelier to read.
    pub(crate) fn render(&self, pack: &Pack, language: &Lang) -> Authored {
        let served = pack.languages().contains(language);
        let own = match self {
            _ if served => Some(self.in_pack_language(pack, language)),
            Self::Phrase(phrase) => pack.courtesy(language, *phrase).map(str::to_owned),
            _ => None,
        };
        let language = if own.is_some() {
            language
        } else {
            pack.lingua_franca()
        };
        Authored {
            text: own.unwrap_or_else(|| self.in_pack_language(pack, language)),
            detail: self.detail(pack, language),
            attachments: self.attachments(pack, language),
            language: language.clone(),
        }
    }

    fn detail(&self, pack: &Pack, language: &Lang) -> Option<String> {
        match self {
            Self::Answer(topic) | Self::About(topic, _) => {
                pack.topic(topic)?.answer(language)?.show.clone()
            }
            Self::Kept { keep, .. } => keep.get(language).cloned(),
            Self::Then(lines) => lines.iter().find_map(|line| line.detail(pack, language)),
            Self::Phrase(_)
            | Self::WhichOf(_)
            | Self::Written(_)
            | Self::Place(_)
            | Self::NoCounter(_) => None,
        }
    }

    fn attachments(&self, pack: &Pack, language: &Lang) -> Vec<Attachment> {
        match self {
            Self::Answer(topic) | Self::About(topic, _) => {
                let topic = pack.topic(topic);
                topic.map_or_else(Vec::new, |topic| topic.attachments(language))
            }
            Self::Kept { keep, .. } => {
                let text = keep.get(language).cloned();
                text.map(|text| Attachment::Note { text })
                    .into_iter()
                    .collect()
            }
            Self::Then(lines) => {
                let each = lines.iter().map(|line| line.attachments(pack, language));
                each.flatten().collect()
            }
            Self::Place(id) => {
                let places = pack.places();
                let map = places.place(id).and_then(|own| places.map(own, language));
                map.into_iter().collect()
            }
            Self::Phrase(_) | Self::WhichOf(_) | Self::Written(_) | Self::NoCounter(_) => {
                Vec::new()
            }
        }
    }

    fn in_pack_language(&self, pack: &Pack, language: &Lang) -> String {
        match self {
            Self::Phrase(phrase) => pack.phrase(language, *phrase).to_owned(),
            Self::Answer(topic) => pack
                .topic(topic)
                .and_then(|topic| topic.answer(language))
                .map(|answer| answer.say.clone())
                .unwrap_or_else(|| pack.phrase(language, Phrase::NotUnderstood).to_owned()),
            Self::Place(id) => place_in_words(pack, id, language).unwrap_or_default(),
            Self::NoCounter(number) => {
                let counter = pack.places().counter(*number, language);
                let phrase = pack.phrase(language, Phrase::NoSuchCounter);
                phrase.replace("{place}", &counter)
            }
            Self::Written(texts) | Self::About(_, texts) | Self::Kept { said: texts, .. } => {
                texts.get(language).cloned().unwrap_or_default()
            }
            Self::Then(lines) => {
                let lines = lines
                    .iter()
                    .map(|line| line.in_pack_language(pack, language));
                lines.collect::<Vec<_>>().join(" ")
            }
            Self::WhichOf(topics) => {
                let titles: Vec<&str> = topics
                    .iter()
                    .filter_map(|topic| pack.title(topic, language))
                    .collect();
                format!(
                    "{} {}",
                    pack.phrase(language, Phrase::WhichOfThese),
                    titles.join(" / ")
                )
            }
        }
    }
}

fn place_in_words(pack: &Pack, id: &str, language: &Lang) -> Option<String> {
    let told = pack.places().told(pack.places().place(id)?, language);
    let text = pack.phrase(language, Phrase::PlaceIs);
    let text = text.replace("{place}", &told.name);
    let text = text.replace("{on}", &told.on).replace("{way}", &told.way);
    let mut letters = text.trim().chars();
    let first = letters.next()?.to_uppercase();
    Some(first.chain(letters).collect())
}

fn courtesy_for(phrase: Phrase) -> Phrase {
    match phrase {
        Phrase::Transferring
        | Phrase::Waiting
        | Phrase::WaitingLong
        | Phrase::Connecting
        | Phrase::OperatorAway
        | Phrase::PersonDeclined
        | Phrase::ColleagueComing
        | Phrase::NoPicture => Phrase::PersonComingUnsupported,
        Phrase::HoldLonger => Phrase::OnHold,
        Phrase::ConsoleUnreachable | Phrase::OperatorLost => Phrase::NobodyNow,
        Phrase::EndOfCall => Phrase::Goodbye,
        other => other,
    }
}
