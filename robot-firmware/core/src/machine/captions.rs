//! Captions in a call: what the operator says, and what either side is saying.

use madoguchi_shared::ids::Lang;
use madoguchi_shared::packet::{Channel, Speaker, WordsSoFar};
use madoguchi_shared::screen::Caption;

use super::Machine;
use crate::bounded::{LONGEST_SPEECH, one_line};
use crate::input::{OperatorVoice, Partial, SpokenLanguage};
use crate::output::Output;
use crate::time::Now;
use crate::visit::{Phase, Words};

/// The operator's voice in a call.
#[derive(Debug, Clone, Default)]
pub(super) struct Voice {
    /// The newest utterance.
    last: u32,
    /// Utterances up to this one are meant for nobody (any more).
    over: u32,
    /// What is being said.
    so_far: Option<Partial>,
    /// The operator's first line on the screen.
    first_line: u32,
}

impl Voice {
    /// What was begun is meant for nobody: a hold, or the end of the call.
    pub(super) fn forget(&mut self) {
        self.over = self.last;
        self.so_far = None;
    }
}

impl Machine {
    /// Another operator, or none: earlier words are not theirs.
    pub(super) fn begin_voice(&mut self) {
        self.voice.forget();
        let next = self.visit.as_ref().map(|visit| visit.next_number());
        self.voice.first_line = next.unwrap_or_default();
    }

    pub(super) fn operator_voice(&mut self, voice: OperatorVoice, now: Now) {
        let (OperatorVoice::Started { utterance }
        | OperatorVoice::Partial(Partial { utterance, .. })
        | OperatorVoice::Nothing { utterance }) = voice
        else {
            return self.operator_heard(voice, now);
        };
        self.voice.last = self.voice.last.max(utterance);
        if utterance <= self.voice.over || self.operators_languages().is_none() {
            return;
        }
        match voice {
            OperatorVoice::Partial(partial) => {
                self.voice.so_far = Some(Partial {
                    text: one_line(&partial.text, LONGEST_SPEECH),
                    language: self.own_tag(partial.language),
                    ..partial
                });
            }
            _ => self.forget_so_far(utterance),
        }
    }

    fn operator_heard(&mut self, voice: OperatorVoice, now: Now) {
        let OperatorVoice::Heard(heard) = voice else {
            return;
        };
        self.voice.last = self.voice.last.max(heard.utterance);
        let text = one_line(&heard.text, LONGEST_SPEECH);
        let Some(languages) = self.operators_languages() else {
            return;
        };
        if heard.utterance <= self.voice.over || text.is_empty() {
            return self.forget_so_far(heard.utterance);
        }
        self.forget_so_far(heard.utterance);
        let language = match heard.language {
            SpokenLanguage::Pack(language) | SpokenLanguage::Other(language) => Some(language),
            SpokenLanguage::Unsure(likely) => languages
                .into_iter()
                .find(|own| likely.contains(own))
                .or_else(|| likely.into_iter().next()),
        };
        self.operator_line(
            Words {
                speaker: Speaker::Operator,
                channel: Channel::Speech,
                text,
                language: language.map(|language| self.own_tag(language)),
                confidence: Some(heard.confidence),
                doubtful: Vec::new(),
            },
            None,
            now,
        );
    }

    fn forget_so_far(&mut self, utterance: u32) {
        self.voice
            .so_far
            .take_if(|so_far| so_far.utterance <= utterance);
    }

    /// The languages of the operator whose voice is to be recognised, their own first.
    pub(super) fn operators_languages(&self) -> Option<Vec<Lang>> {
        match &self.visit.as_ref()?.phase {
            Phase::Operator {
                operator,
                media,
                away_until: None,
                aside,
                ..
            } if media.stands() && aside.hold.is_none() => Some(operator.languages.clone()),
            _ => None,
        }
    }

    /// Tells the operator what is being said, where that has changed.
    pub(super) fn tell_so_far(&mut self) {
        let heard = self.operators_languages().is_some() && self.abilities.console;
        let resident = self
            .provisional()
            .filter(|caption| heard && !caption.text.is_empty());
        let resident = resident.map(|caption| (caption.text, caption.language));
        let operator = self.voice.so_far.clone();
        let operator = operator.filter(|so_far| heard && !so_far.text.is_empty());
        let operator = operator.map(|so_far| (so_far.text, Some(so_far.language)));
        let now = [(Speaker::Resident, resident), (Speaker::Operator, operator)];
        let before = std::mem::replace(&mut self.told_so_far, now.clone().map(|(_, words)| words));
        let Some(case_id) = self.open_case_id().filter(|_| self.abilities.console) else {
            return;
        };
        for ((speaker, words), before) in now.into_iter().zip(before) {
            if words != before {
                let (text, language) = words.unwrap_or_default();
                let words = WordsSoFar {
                    speaker,
                    text,
                    language,
                };
                self.emit(Output::SendSoFar { case_id, words });
            }
        }
    }

    /// What stands below the operator's face: the words so far, or their newest line where it was
    /// spoken.
    pub(crate) fn operator_words(&self) -> Option<Caption> {
        let visit = self.visit.as_ref()?;
        if !matches!(visit.phase, Phase::Operator { .. }) || self.is_on_hold() {
            return None;
        }
        if let Some(so_far) = &self.voice.so_far {
            return Some(Caption {
                number: visit.next_number(),
                speaker: Speaker::Operator,
                said_by: None,
                text: so_far.text.clone(),
                language: Some(so_far.language.clone()),
                original: None,
                detail: None,
                attachments: Vec::new(),
                untranslated: false,
                recognised: true,
                partial: true,
                sounding: None,
            });
        }
        let own = visit.lines.iter().rev();
        let newest = own
            .take_while(|line| line.turn.number >= self.voice.first_line)
            .find(|line| line.turn.speaker == Speaker::Operator)?;
        (newest.turn.channel == Channel::Speech).then(|| newest.caption.clone())
    }

    /// Whether nothing that is said in a call becomes a caption.
    pub(crate) fn lacks_captions(&self) -> bool {
        let phase = self.visit.as_ref().map(|visit| &visit.phase);
        matches!(phase, Some(Phase::Operator { .. })) && !self.abilities.recogniser
    }
}
