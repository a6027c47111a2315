//! The visitor's voice on its way to words: what the screen shows of it, and whether it takes the
//! word from the robot.

use std::time::Duration;

use madoguchi_shared::ids::Lang;
use madoguchi_shared::packet::Speaker;
use madoguchi_shared::screen::Caption;

use super::Machine;
use crate::bounded::{LONGEST_SPEECH, one_line};
use crate::input::{Heard, NoWords, Partial, SpokenLanguage};
use crate::lines::AgentLine;
use crate::output::Listen;
use crate::pack::Phrase;
use crate::time::Now;
use crate::turn_taking::{is_backchannel, is_hush, is_leave_taking};
use crate::visit::{Phase, Visit};

/// Recognition of one utterance takes at most this.
const RECOGNITION: Duration = Duration::from_secs(30);
/// Nobody is heard for longer than this without a word from the endpointer, which cuts at 28 s.
const LONGEST_UTTERANCE: Duration = Duration::from_secs(40);
/// Confidence in words below which they are asked for once more before anything is made of them.
const GUESS: f32 = 0.3;

/// So many characters of what was cut are put together at most.
const LONGEST_JOINED: usize = 1_000;

/// What is shown of an utterance that may hold a secret, until it is over.
const UNTOLD: &str = "…";

/// An utterance that is being said or recognised.
#[derive(Debug, Clone)]
pub(super) struct Utterance {
    pub(super) number: u32,
    /// When word of it must have come.
    pub(super) by: u64,
    /// Whether its voice has paused.
    paused: bool,
    /// Whether the screen shows a line for it: one that was shown stays until the words are there.
    shown: bool,
    /// The words so far.
    words: String,
    language: Option<Lang>,
}

/// An utterance that was cut while the voice went on.
#[derive(Debug, Clone)]
pub(super) struct Torn {
    number: u32,
    /// Its words, once they are there.
    heard: Option<Heard>,
}

impl Utterance {
    fn new(number: u32, by: u64) -> Self {
        Self {
            number,
            by,
            paused: false,
            shown: false,
            words: String::new(),
            language: None,
        }
    }

    /// Whether words of it are known already.
    pub(super) fn has_words(&self) -> bool {
        !self.words.is_empty()
    }
}

impl Machine {
    pub(super) fn speech_started(&mut self, number: u32, now: Now) {
        self.last_utterance = number;
        self.guard_secret_of(number);
        let stops = self.saying.as_ref().map(|saying| !saying.insists);
        if stops.is_some() && !self.settings.barge_in {
            return;
        }
        if stops == Some(true) {
            self.stop_saying();
            self.barged_in = true;
            self.held_back_until = None;
        }
        self.hearing = Some(Utterance::new(number, now.after(LONGEST_UTTERANCE)));
        if let Some(visit) = &mut self.visit {
            visit.idle_at = now.after(visit.idle);
        }
    }

    pub(super) fn speech_paused(&mut self, number: u32, paused: bool) {
        if let Some(utterance) = self.hearing.as_mut().filter(|u| u.number == number) {
            utterance.paused = paused;
            utterance.shown |= paused;
        }
    }

    /// The pack's tag for a language: a recogniser knows `pt`, an office may have `pt-BR`.
    pub(super) fn own_tag(&self, language: Lang) -> Lang {
        self.pack.serves(&language).cloned().unwrap_or(language)
    }

    pub(super) fn partial(&mut self, partial: Partial) {
        self.guard_secret_of(partial.utterance);
        let language = self.own_tag(partial.language.clone());
        let on_the_way = [self.hearing.as_mut(), self.recognising.as_mut()];
        for utterance in on_the_way.into_iter().flatten() {
            if utterance.number == partial.utterance {
                utterance.shown = true;
                utterance.words = one_line(&partial.text, LONGEST_SPEECH);
                utterance.language = Some(language.clone());
            }
        }
    }

    pub(super) fn speech_ended(&mut self, number: u32, now: Now) {
        self.guard_secret_of(number);
        let by = now.after(RECOGNITION);
        let heard = self.hearing.take_if(|u| u.number == number);
        self.recognising = Some(Utterance {
            by,
            ..heard.unwrap_or_else(|| Utterance::new(number, by))
        });
    }

    pub(super) fn speech_cut(&mut self, number: u32, now: Now) {
        self.speech_ended(number, now);
        let earlier = self.torn.take().and_then(|torn| torn.heard);
        self.torn = Some(Torn {
            number,
            heard: earlier,
        });
    }

    /// Puts the parts of what was cut together; nothing while a part is awaited.
    fn whole(&mut self, heard: Heard) -> Option<Heard> {
        let number = heard.utterance;
        let Some(torn) = self.torn.take_if(|torn| torn.number <= number) else {
            return Some(heard);
        };
        let first = torn.heard.filter(|first| first.utterance > self.over);
        let heard = match first {
            Some(first) => {
                if self.may_be_secret(first.utterance) {
                    self.secret = self.secret.max(number);
                }
                first.joined(heard)
            }
            None => heard,
        };
        let goes_on = |u: &Utterance| u.number > number;
        let on_the_way = [&self.hearing, &self.recognising];
        let more = on_the_way.into_iter().flatten().any(goes_on);
        if torn.number == number && more && heard.text.chars().count() < LONGEST_JOINED {
            let heard = Some(heard);
            self.torn = Some(Torn { number, heard });
            return None;
        }
        Some(heard)
    }

    pub(super) fn heard(&mut self, heard: Heard, now: Now) {
        self.guard_secret_of(heard.utterance);
        self.recognised(heard.utterance);
        let heard = Heard {
            text: one_line(&heard.text, LONGEST_SPEECH),
            language: heard.language.map(|language| self.own_tag(language)),
            ..heard
        };
        if heard.text.is_empty() {
            return self.heard_nothing(heard.utterance, NoWords::Nobody, now);
        }
        let Some(mut heard) = self.whole(heard) else {
            return;
        };
        match self.heard_again(heard.utterance) {
            Some(first) => heard.language = first.language,
            None if heard.utterance <= self.over => return self.go_on_saying(now),
            None => {}
        }
        let serving = |visit: &Visit| !matches!(visit.phase, Phase::Leaving { .. });
        if !self.visit.as_ref().is_some_and(serving) && self.says_only(&heard, is_leave_taking) {
            return self.go_on_saying(now);
        }
        let over_the_robot = self.barged_in || self.is_speaking();
        if over_the_robot && self.says_only(&heard, is_hush) {
            self.barged_in = false;
            return self.stop_saying();
        }
        if over_the_robot && self.says_only(&heard, is_backchannel) && !self.awaits_yes_or_no() {
            return self.go_on_saying(now);
        }
        // Whoever waits for a person, or leaves, is not answered: what was held back follows.
        self.barged_in = self.holds_a_line_back() && !self.agent_has_the_word();
        if self.is_a_guess(&heard) && self.ask_to_repeat(Some(&heard.language), now) {
            return;
        }
        self.resident_spoke(heard, now);
        self.go_on_saying(now);
    }

    pub(super) fn heard_nothing(&mut self, utterance: u32, why: NoWords, now: Now) {
        self.recognised(utterance);
        if let Some(heard) = self.heard_again(utterance) {
            return self.resident_spoke(heard, now);
        }
        let torn = self.torn.take_if(|torn| torn.number <= utterance);
        if let Some(first) = torn.and_then(|torn| torn.heard) {
            return self.heard(first, now);
        }
        let missed = why == NoWords::NotCaught && utterance > self.over;
        if missed && !self.barged_in {
            self.ask_to_repeat(None, now);
        } else {
            self.go_on_saying(now);
        }
    }

    /// Whether the first thing to do with these words is to ask for them again. Answers to a
    /// flow's questions are read back anyway.
    fn is_a_guess(&self, heard: &Heard) -> bool {
        let first = self.visit.as_ref().is_none_or(|v| v.not_caught == 0);
        heard.confidence < GUESS
            && first
            && self.run().is_none()
            && !matches!(heard.language, SpokenLanguage::Other(_))
            && !self.must_ask_language(heard)
            && !self.tells_of_danger(&heard.text)
    }

    /// Says that words were not caught; the second time in a row offers to type, and then says
    /// no more of it. Whether it was said: not while the visitor has, or waits for, something else.
    fn ask_to_repeat(&mut self, spoken: Option<&SpokenLanguage>, now: Now) -> bool {
        let agent = |visit: &Visit| matches!(visit.phase, Phase::Agent);
        if self.is_busy() || !self.visit.as_ref().is_none_or(agent) {
            return false;
        }
        let language = match spoken {
            Some(SpokenLanguage::Pack(language)) => Some(language),
            _ => None,
        };
        self.begin_visit(language, now);
        let Some(visit) = &mut self.visit else {
            return false;
        };
        visit.not_caught += 1;
        let phrase = match visit.not_caught {
            1 => Phrase::NotCaught,
            2 => Phrase::NotCaughtAgain,
            _ => return false,
        };
        self.say(&AgentLine::Phrase(phrase), now);
        true
    }

    /// The microphone comes or goes; who spoke into it when it went is told.
    pub(super) fn microphone(&mut self, available: bool, now: Now) {
        self.abilities.microphone = available;
        let cut = self.hearing.take_if(|_| !available).is_some();
        let agent = |visit: &Visit| matches!(visit.phase, Phase::Agent);
        if cut && self.visit.as_ref().is_some_and(agent) {
            self.barged_in = false;
            self.say(&AgentLine::Phrase(Phrase::CannotHear), now);
        }
    }

    /// Whatever is said while a secret is asked for may hold it, wherever its words arrive.
    fn guard_secret_of(&mut self, utterance: u32) {
        if self.asks_for_secret() {
            self.secret = self.secret.max(utterance);
        }
    }

    pub(super) fn may_be_secret(&self, utterance: u32) -> bool {
        utterance <= self.secret
    }

    /// The visitor switches the microphone off or on, for this visit.
    pub(super) fn switch_microphone(&mut self, on: bool, now: Now) {
        if on && self.visit.is_none() {
            return;
        }
        self.begin_visit(None, now);
        if let Some(visit) = &mut self.visit {
            visit.microphone_off = !on;
        }
        if !on {
            self.over = self.last_utterance;
            self.hearing = None;
            self.recognising = None;
            self.go_on_saying(now);
        }
    }

    /// What the microphone is to be used for now.
    pub(super) fn listen(&self) -> Listen {
        let visit = self.visit.as_ref();
        Listen {
            // What is said to staff in the room is for them alone.
            microphone: !visit.is_some_and(|visit| visit.microphone_off)
                && !self.is_on_hold()
                && !self.is_onsite(),
            held: visit
                .filter(|visit| visit.language_settled && !self.is_interpreting())
                .map(|visit| visit.language.clone()),
            operator: self.operators_languages(),
        }
    }

    /// Whether words say nothing but `this`, in their language or the visit's.
    fn says_only(&self, heard: &Heard, this: fn(&str, &[&Lang]) -> bool) -> bool {
        let spoken = match &heard.language {
            SpokenLanguage::Pack(language) | SpokenLanguage::Other(language) => Some(language),
            SpokenLanguage::Unsure(likely) => likely.first(),
        };
        let own = self.visit.as_ref().map(|visit| &visit.language);
        let languages: Vec<&Lang> = spoken.into_iter().chain(own).collect();
        this(&heard.text, &languages)
    }

    fn recognised(&mut self, number: u32) {
        self.recognising.take_if(|awaited| awaited.number <= number);
        self.hearing.take_if(|heard| heard.number == number);
    }

    /// What the screen shows of an utterance before its words are certain.
    pub(crate) fn provisional(&self) -> Option<Caption> {
        let visible = |utterance: &&Utterance| utterance.shown && utterance.number > self.over;
        let on_the_way = [self.hearing.as_ref(), self.recognising.as_ref()];
        let utterance = on_the_way.into_iter().flatten().find(visible)?;
        let first = self.torn.as_ref().and_then(|torn| torn.heard.as_ref());
        let first = first.filter(|first| first.utterance > self.over);
        let first = first.map_or(String::new(), |heard| format!("{} ", heard.text));
        Some(Caption {
            number: self.visit.as_ref().map_or(1, Visit::next_number),
            speaker: Speaker::Resident,
            said_by: None,
            text: match self.may_be_secret(utterance.number) {
                true => UNTOLD.to_owned(),
                false => first + &utterance.words,
            },
            language: utterance.language.clone(),
            original: None,
            detail: None,
            attachments: Vec::new(),
            untranslated: false,
            recognised: false,
            partial: true,
            sounding: None,
        })
    }

    /// Whether the voice that is being heard has paused.
    pub(crate) fn is_hushed(&self) -> bool {
        self.hearing.as_ref().is_some_and(|heard| heard.paused)
    }
}
