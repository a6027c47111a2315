//! The agent's part of a visit: hearing, answering, asking again.

use madoguchi_shared::ids::Lang;
use madoguchi_shared::packet::{Channel, ReasonCode, Speaker};
use madoguchi_shared::screen::{InterpreterSide, InterpreterWish};

use super::topics::named;
use super::{EMBEDDING, Machine};
use crate::bounded::{LONGEST_LINE, one_line};
use crate::case::Trigger;
use crate::input::{Heard, NoWords, SpokenLanguage};
use crate::language::{self, Written};
use crate::lines::AgentLine;
use crate::manners;
use crate::output::Output;
use crate::pack::Phrase;
use crate::pack::policy::Situation;
use crate::run::{REDACTED, Run};
use crate::slot;
use crate::time::Now;
use crate::understanding::Outcome;
use crate::visit::{AwaitedVector, Phase, Wish, Words};

impl Machine {
    pub(super) fn typed(&mut self, text: &str, now: Now) {
        self.take_typed(text, Self::language_of_typed, now);
    }

    pub(super) fn typed_in(&mut self, language: Lang, text: &str, now: Now) {
        let written = match self.pack.serves(&language) {
            Some(own) => Written::Pack {
                language: own.clone(),
                sure: true,
            },
            None => Written::Other(language),
        };
        self.take_typed(text, |_, _| written, now);
    }

    fn take_typed(&mut self, text: &str, language: impl FnOnce(&Self, &str) -> Written, now: Now) {
        let text = one_line(text, LONGEST_LINE);
        if text.is_empty() {
            return;
        }
        if let Some(form) = self.asks_for_words_on_form()
            && !self.tells_of_danger(&text)
        {
            return self.answered(form, &text, now);
        }
        if self.is_interpreting() {
            let wish = InterpreterWish::Say {
                side: InterpreterSide::Visitor,
                text,
            };
            return self.interpreter(wish, now);
        }
        let written = language(self, &text);
        let begin = match &written {
            Written::Pack { language, .. } | Written::Other(language) => Some(language),
            Written::Unknown => None,
        };
        self.begin_visit(begin, now);
        self.keep_what_was_asked(now);
        self.barged_in = false;
        self.stop_saying();
        let named = self.awaits_a_name();
        if let (Some(language), Some(visit)) = (begin, &mut self.visit)
            && matches!(visit.phase, Phase::Agent)
            && !named
        {
            visit.language = language.clone();
            visit.language_settled = true;
        }
        let language = self.visit.as_ref().map(|visit| visit.language.clone());
        let secret = self.asks_for_secret();
        let turn = self.take_line(
            Words {
                speaker: Speaker::Resident,
                channel: Channel::Typed,
                text: text.clone(),
                language,
                confidence: None,
                doubtful: Vec::new(),
            },
            secret,
            now,
        );
        if self.hears_danger(turn, &text, now) || self.took_contact(&text, now) {
            return;
        }
        if !self.agent_has_the_word() {
            return self.look_at_meanwhile(turn, text, now);
        }
        if let Written::Other(language) = written
            && !self.awaits_a_name()
        {
            self.unsupported(language, 1.0, "written", turn, now);
        } else {
            let question = self.run().map(|run| run.number);
            self.embed(turn, text, question, now);
        }
    }

    /// A language of the office that was chosen or spoken stays, unless the words are surely in
    /// another one.
    fn language_of_typed(&self, text: &str) -> Written {
        let written = language::of_typed(text, self.pack.languages());
        let Some(visit) = &self.visit else {
            return written;
        };
        let leaving = matches!(visit.phase, Phase::Leaving { .. });
        let own = self.pack.languages().contains(&visit.language);
        if named(&self.pack, &visit.offered(), text, &visit.language).is_some() {
            return Written::Pack {
                language: visit.language.clone(),
                sure: true,
            };
        }
        match &written {
            Written::Pack { sure: false, .. } | Written::Unknown if own && !leaving => {
                Written::Pack {
                    language: visit.language.clone(),
                    sure: false,
                }
            }
            _ => written,
        }
    }

    fn unsupported(&mut self, language: Lang, score: f32, how: &str, turn: u32, now: Now) {
        let trigger = Trigger::new(
            ReasonCode::UnsupportedLanguage,
            "language_id",
            score,
            format!("{how} language: {language}"),
        );
        self.escalate(trigger.in_turn(turn).about(language), now);
    }

    pub(super) fn resident_spoke(&mut self, heard: Heard, now: Now) {
        if self.is_interpreting() {
            return self.interpret_heard(&heard, now);
        }
        if self.must_ask_language(&heard) {
            return self.ask_language(heard, now);
        }
        let spoken = self.words_in(&heard);
        let first = match &heard.language {
            SpokenLanguage::Unsure(likely) => likely
                .iter()
                .find(|lang| self.pack.languages().contains(lang))
                .cloned(),
            SpokenLanguage::Pack(_) | SpokenLanguage::Other(_) => spoken.clone(),
        };
        self.begin_visit(first.as_ref(), now);
        self.keep_what_was_asked(now);
        if self.agent_has_the_word() && !self.awaits_a_name() {
            self.note_doubt(&heard);
            self.settle_language(&heard);
        }
        let language = spoken.or_else(|| self.visit.as_ref().map(|visit| visit.language.clone()));
        let turn = self.take_line(
            Words {
                speaker: Speaker::Resident,
                channel: Channel::Speech,
                text: heard.text.clone(),
                language,
                confidence: Some(heard.confidence),
                doubtful: heard.doubtful(),
            },
            self.may_be_secret(heard.utterance),
            now,
        );
        if self.hears_danger(turn, &heard.text, now) || self.took_contact(&heard.text, now) {
            return;
        }
        if !self.agent_has_the_word() {
            return self.look_at_meanwhile(turn, heard.text, now);
        }
        // A word too short to change the visit's language calls nobody either.
        let held_in = self.visit.as_ref().map(|visit| &visit.language);
        if let SpokenLanguage::Other(language) = &heard.language
            && held_in == Some(language)
            && !self.awaits_a_name()
        {
            let language = language.clone();
            self.unsupported(language, heard.language_probability, "spoken", turn, now);
        } else {
            let put = |run: &&Run| heard.utterance > run.after;
            let question = self.run().filter(put).map(|run| run.number);
            self.embed(turn, heard.text, question, now);
        }
    }

    pub(super) fn agent_has_the_word(&self) -> bool {
        self.visit
            .as_ref()
            .is_some_and(|visit| matches!(visit.phase, Phase::Agent))
    }

    /// Adds the resident's line to the transcript and sends it on where a case is open. Of words
    /// that may hold a secret only a plain yes, no or command is kept.
    pub(super) fn take_line(&mut self, mut words: Words, secret: bool, now: Now) -> u32 {
        self.trouble = None;
        let Some(visit) = &mut self.visit else {
            return 0;
        };
        visit.not_caught = 0;
        if secret && !slot::is_plain_reply(&words.text, &visit.language) {
            REDACTED.clone_into(&mut words.text);
            words.doubtful.clear();
        }
        let turn = visit.add(words, now.wall);
        self.send_turn(turn);
        self.translate_turn(turn);
        turn
    }

    fn wants_interpreter(&self, text: &str) -> bool {
        let visit = self.visit.as_ref();
        visit.is_some_and(|visit| manners::asks_to_interpret(text, &visit.language))
    }

    /// Takes the words of a line, which the transcript may not have, and the question that was
    /// put before they began.
    fn embed(&mut self, turn: u32, text: String, question: Option<u32>, now: Now) {
        if self.wants_interpreter(&text) {
            return self.choose_languages(now);
        }
        if self.answer_at_once(turn, &text, question, now) || self.minds_manners(turn, &text, now) {
            return;
        }
        self.hears_wish_for_person(turn, &text, now);
        self.await_vector(turn, text, question, None, now);
    }

    pub(super) fn await_vector(
        &mut self,
        turn: u32,
        text: String,
        question: Option<u32>,
        part: Option<usize>,
        now: Now,
    ) {
        let request = self.next_request();
        let by = now.after(EMBEDDING);
        let Some(visit) = &mut self.visit else { return };
        visit.awaiting_vectors.push(AwaitedVector {
            request,
            turn,
            text: text.clone(),
            question,
            part,
            by,
        });
        self.emit(Output::Embed { request, text });
    }

    /// What was asked for too long ago is gone: words alone must do.
    pub(super) fn give_up_answers(&mut self, now: Now) {
        let passed = |by: u64| by <= now.monotonic_ms;
        if let Some(lost) = self.recognising.take_if(|awaited| passed(awaited.by)) {
            self.heard_nothing(lost.number, NoWords::NotCaught, now);
            self.over = self.over.max(lost.number);
        }
        self.hearing.take_if(|heard| passed(heard.by));
        self.go_on_saying(now);
        let late: Vec<u64> = self
            .visit
            .iter()
            .flat_map(|visit| &visit.awaiting_vectors)
            .filter(|awaited| passed(awaited.by))
            .map(|awaited| awaited.request)
            .collect();
        for request in late {
            self.embedded(request, None, now);
        }
    }

    pub(super) fn embedded(&mut self, request: u64, vector: Option<&[f32]>, now: Now) {
        let Some(visit) = &mut self.visit else { return };
        let awaited = &mut visit.awaiting_vectors;
        let Some(index) = awaited.iter().position(|a| a.request == request) else {
            return;
        };
        let AwaitedVector {
            turn,
            text,
            question,
            part,
            ..
        } = awaited.remove(index);
        if matches!(visit.phase, Phase::Waiting { .. }) {
            self.means_danger(turn, &text, vector, now);
            return self.answer_meanwhile(turn, &text, vector, now);
        }
        if !matches!(visit.phase, Phase::Agent) {
            return;
        }
        let Some(line) = visit.line(turn) else { return };
        let understanding = self
            .index
            .understand(&text, line.turn.language.as_ref(), vector);
        if let Some(part) = part {
            return self.understood_part(turn, part, understanding, now);
        }
        let words = line.turn.text.clone();
        if self.calls_for_person(turn, &text, vector, &understanding, now) {
            return;
        }
        if self.answers_for_place(turn, &text, true, now) {
            return;
        }
        if let Some(score) = understanding.asks_for_person {
            let trigger = Trigger::new(ReasonCode::AskedForPerson, "person_request", score, words);
            self.escalate(trigger.in_turn(turn), now);
            return;
        }
        if let Some((rule, score)) = &understanding.rule {
            let values = self.values();
            let flow = self.run().map(|run| run.flow.clone());
            let topic = match &understanding.outcome {
                Outcome::Topic { topic, .. } => Some(topic.as_str()),
                Outcome::Close(_) | Outcome::None => None,
            };
            let situation = Situation {
                said: Some(rule),
                topic,
                flow: flow.as_deref(),
                action: None,
                values: Some(&values),
            };
            if self.decided_by_policy(situation, &[], Some(turn), *score, now) {
                return;
            }
        }
        if self.run().is_some() {
            return self.answer_in_flow(turn, &text, question, &understanding, now);
        }
        if !self.takes_in_turn(turn, &text, &understanding, vector.is_some(), now) {
            self.answer(turn, &understanding, now);
        }
    }

    pub(super) fn goodbye(&mut self, now: Now) {
        let Some(visit) = &self.visit else { return };
        if matches!(visit.phase, Phase::Leaving { .. }) {
            return;
        }
        self.resident_left();
        match self.is_changing() {
            true => self.wish(Wish::Leave, now),
            false => self.leave(Phrase::Goodbye, now),
        }
    }

    /// Says goodbye and ends the visit a little later.
    pub(super) fn leave(&mut self, phrase: Phrase, now: Now) {
        self.leave_after(Vec::new(), phrase, now);
    }

    /// The same after what is to be said first.
    pub(super) fn leave_after(&mut self, mut lines: Vec<AgentLine>, phrase: Phrase, now: Now) {
        self.leave_flows();
        let until = now.after(self.settings.patience.goodbye);
        if let Some(visit) = &mut self.visit {
            visit.phase = Phase::Leaving { until };
            visit.awaiting_vectors.clear();
        }
        self.over = self.last_utterance;
        lines.push(AgentLine::Phrase(phrase));
        self.say_all(lines, now);
    }
}
