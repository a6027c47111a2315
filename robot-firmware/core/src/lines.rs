//! The sentences of the agent, always authored text of the pack.

use madoguchi_shared::ids::Lang;

use crate::pack::{Pack, Phrase};

/// One thing the agent may say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AgentLine {
    Phrase(Phrase),
    Answer(String),
    WhichOf(Vec<String>),
}

/// Words with their language: a phrase the visitor's language lacks comes in another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Authored {
    pub(crate) text: String,
    /// What is only shown.
    pub(crate) detail: Option<String>,
    pub(crate) language: Lang,
}

impl AgentLine {
    /// The line in the visitor's language, else in the pack's default one.
    pub(crate) fn render(&self, pack: &Pack, language: &Lang) -> Authored {
        let own = pack
            .languages()
            .contains(language)
            .then(|| self.in_pack_language(pack, language));
        if let Some(text) = own.or_else(|| self.courtesy(pack, language)) {
            let detail = self.detail(pack, language);
            return Authored {
                text,
                detail,
                language: language.clone(),
            };
        }
        let fallback = pack.default_language();
        Authored {
            text: self.in_pack_language(pack, fallback),
            detail: self.detail(pack, fallback),
            language: fallback.clone(),
        }
    }

    fn detail(&self, pack: &Pack, language: &Lang) -> Option<String> {
        let Self::Answer(topic) = self else {
            return None;
        };
        pack.topic(topic)?.answer(language)?.show.clone()
    }

    fn in_pack_language(&self, pack: &Pack, language: &Lang) -> String {
        match self {
            Self::Phrase(phrase) => pack.phrase(language, *phrase).to_owned(),
            Self::Answer(topic) => pack
                .topic(topic)
                .and_then(|topic| topic.answer(language))
                .map(|answer| answer.say.clone())
                .unwrap_or_else(|| pack.phrase(language, Phrase::NotUnderstood).to_owned()),
            Self::WhichOf(topics) => {
                let titles: Vec<&str> = topics
                    .iter()
                    .filter_map(|topic| pack.topic(topic))
                    .map(|topic| topic.title(language))
                    .collect();
                format!(
                    "{} {}",
                    pack.phrase(language, Phrase::WhichOfThese),
                    titles.join(" / ")
                )
            }
        }
    }

    /// The few sentences that a language without answers has.
    fn courtesy(&self, pack: &Pack, language: &Lang) -> Option<String> {
        let Self::Phrase(phrase) = self else {
            return None;
        };
        let courtesy = match phrase {
            Phrase::Transferring
            | Phrase::Waiting
            | Phrase::WaitingLong
            | Phrase::Connecting
            | Phrase::NoPicture => Phrase::PersonComingUnsupported,
            Phrase::ConsoleUnreachable | Phrase::OperatorLost => Phrase::NobodyNow,
            Phrase::EndOfCall => Phrase::Goodbye,
            other => *other,
        };
        pack.courtesy(language, courtesy).map(str::to_owned)
    }
}
