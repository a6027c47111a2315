//! In which language a visit is held, and the question on the screen where that isn't sure.

use madoguchi_shared::ids::Lang;
use madoguchi_shared::packet::{Channel, Speaker};

use super::Machine;
use crate::input::{Heard, SpokenLanguage};
use crate::lines::AgentLine;
use crate::output::Output;
use crate::pack::Phrase;
use crate::time::Now;
use crate::visit::{Phase, Visit, Words};

/// Shorter utterances ("OK", "sim", "はい") don't change the language that a visit is held in;
/// letters of Han, kana and Hangul count twice.
const SWITCH_LETTERS: usize = 8;
/// So many languages are asked for at most.
const CHOICES: usize = 3;

/// An utterance that waits for the visitor to say in which language it was.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    heard: Heard,
    /// The language of the words.
    words_in: Option<Lang>,
    /// The likeliest first.
    pub(crate) languages: Vec<Lang>,
}

impl Machine {
    /// Whether it takes a question to know in which language somebody spoke.
    pub(super) fn must_ask_language(&self, heard: &Heard) -> bool {
        let settled =
            |visit: &Visit| visit.language_settled && !matches!(visit.phase, Phase::Leaving { .. });
        let again = |visit: &Visit| visit.unsure > 0 && self.seems_to_be_in_another(heard);
        let agent = self
            .visit
            .as_ref()
            .is_none_or(|visit| matches!(visit.phase, Phase::Agent | Phase::Leaving { .. }));
        let SpokenLanguage::Unsure(likely) = &heard.language else {
            return false;
        };
        let visit = self.visit.as_ref();
        agent && likely.len() > 1 && (!visit.is_some_and(settled) || visit.is_some_and(again))
    }

    /// Whether another language than the visit's is likelier, in words long enough to tell.
    fn seems_to_be_in_another(&self, heard: &Heard) -> bool {
        let SpokenLanguage::Unsure(likely) = &heard.language else {
            return false;
        };
        let held = self.visit.as_ref().map(|visit| &visit.language);
        letters(&heard.text) >= SWITCH_LETTERS && !self.awaits_a_name() && likely.first() != held
    }

    /// Counts the utterances in a row that seem to be in another language.
    pub(super) fn note_doubt(&mut self, heard: &Heard) {
        let doubt = self.seems_to_be_in_another(heard);
        let Some(visit) = &mut self.visit else { return };
        visit.unsure = if doubt { visit.unsure + 1 } else { 0 };
    }

    /// In which language the words of an utterance are. The recogniser takes the visit's where
    /// that is among the likely ones.
    pub(super) fn words_in(&self, heard: &Heard) -> Option<Lang> {
        let held = self.visit.as_ref().filter(|visit| visit.language_settled);
        let held = held.map(|visit| &visit.language);
        match &heard.language {
            SpokenLanguage::Pack(language) | SpokenLanguage::Other(language) => Some(language),
            SpokenLanguage::Unsure(likely) => {
                held.filter(|held| likely.contains(held)).or(likely.first())
            }
        }
        .cloned()
    }

    pub(super) fn ask_language(&mut self, heard: Heard, now: Now) {
        let SpokenLanguage::Unsure(likely) = &heard.language else {
            return;
        };
        let languages: Vec<Lang> = likely.iter().take(CHOICES).cloned().collect();
        let own = languages.iter().find(|l| self.pack.serves(l).is_some());
        let words_in = self.words_in(&heard);
        self.begin_visit(own, now);
        self.keep_what_was_asked(now);
        if let Some(visit) = &mut self.visit {
            visit.unsure = 0;
            visit.asked = Some(Asked {
                heard,
                words_in,
                languages,
            });
        }
    }

    pub(super) fn chose_language(&mut self, language: Lang, now: Now) {
        let own = self.pack.languages().contains(&language);
        let asked = self.visit.as_mut().and_then(|visit| {
            visit
                .asked
                .take_if(|asked| own || asked.languages.contains(&language))
        });
        if let Some(asked) = asked {
            return self.answered_language(asked, language, now);
        }
        if !own {
            return;
        }
        self.keep_what_was_asked(now);
        let was = self.visit.as_ref().map(|visit| visit.language.clone());
        self.begin_visit(Some(&language), now);
        self.trouble = None;
        let Some(visit) = &mut self.visit else { return };
        visit.language = language.clone();
        visit.language_settled = true;
        if was.as_ref() != Some(&language) && matches!(visit.phase, Phase::Agent) {
            if self.run().is_some() {
                return self.ask_again(Vec::new(), now);
            }
            self.say(&AgentLine::Phrase(Phrase::Greeting), now);
        }
    }

    /// What was said need not be said again: it is looked at once more as that language.
    fn answered_language(&mut self, asked: Asked, language: Lang, now: Now) {
        self.begin_visit(Some(&language), now);
        let as_spoken = match self.pack.serves(&language) {
            Some(own) => SpokenLanguage::Pack(own.clone()),
            None => SpokenLanguage::Other(language.clone()),
        };
        let words_are_right = asked.words_in.as_ref() == Some(&language);
        let heard = Heard {
            language: as_spoken,
            ..asked.heard
        };
        if words_are_right {
            return self.resident_spoke(heard, now);
        }
        let utterance = heard.utterance;
        if let Some(visit) = &mut self.visit {
            visit.language = language.clone();
            visit.language_settled = true;
            visit.heard_again = Some(heard);
        }
        self.speech_ended(utterance, now);
        self.emit(Output::RecogniseAgain {
            utterance,
            language,
        });
    }

    /// Takes the words as they were when nothing better came of hearing them again.
    pub(super) fn heard_again(&mut self, utterance: u32) -> Option<Heard> {
        let visit = self.visit.as_mut()?;
        visit
            .heard_again
            .take_if(|heard| heard.utterance == utterance)
    }

    /// A question that nobody answered leaves its words in the transcript, as good as they are.
    pub(super) fn keep_what_was_asked(&mut self, now: Now) {
        let Some(asked) = self.visit.as_mut().and_then(|visit| visit.asked.take()) else {
            return;
        };
        let secret = self.may_be_secret(asked.heard.utterance);
        self.take_line(
            Words {
                speaker: Speaker::Resident,
                channel: Channel::Speech,
                doubtful: asked.heard.doubtful(),
                text: asked.heard.text,
                language: None,
                confidence: Some(asked.heard.confidence),
            },
            secret,
            now,
        );
    }

    pub(super) fn settle_language(&mut self, heard: &Heard) {
        let Some(visit) = &mut self.visit else { return };
        let (SpokenLanguage::Pack(language) | SpokenLanguage::Other(language)) = &heard.language
        else {
            return;
        };
        if letters(&heard.text) >= SWITCH_LETTERS || !visit.language_settled {
            visit.language = language.clone();
            visit.language_settled = true;
        }
    }
}

fn letters(text: &str) -> usize {
    text.chars()
        .map(|c| match c {
            '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' => 2,
            c => usize::from(c.is_alphanumeric()),
        })
        .sum()
}
