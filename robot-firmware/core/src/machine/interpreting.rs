//! Interpreter mode: somebody of the staff at the counter and the visitor talk in turns through the
//! robot, each in their own language.

use madoguchi_shared::ids::Lang;
use madoguchi_shared::packet::{Channel, Speaker};
use madoguchi_shared::screen::{InterpreterSide, InterpreterWish};

use super::Machine;
use crate::bounded::{LONGEST_LINE, one_line};
use crate::input::{Heard, SpokenLanguage};
use crate::lines::AgentLine;
use crate::manners;
use crate::output::Milestone;
use crate::pack::Phrase;
use crate::time::Now;
use crate::translation::MachineTranslation;
use crate::visit::{Phase, TranslationFor, Words};

/// What stands of it in a visit.
#[derive(Debug, Clone)]
pub(crate) struct Interpreting {
    /// Of the staff, and of the visitor; while `running` is unset those that are proposed.
    pub(crate) clerk: Lang,
    pub(crate) visitor: Lang,
    pub(crate) running: bool,
    /// Whether the languages that were chosen can't be translated into each other.
    pub(crate) refused: bool,
    /// Whether the staff's half stands on its head, to be read from the other side of a counter.
    pub(crate) turned: bool,
    /// The first line that belongs to it.
    pub(crate) first_line: u32,
}

impl Interpreting {
    fn language(&self, side: InterpreterSide) -> &Lang {
        match side {
            InterpreterSide::Clerk => &self.clerk,
            InterpreterSide::Visitor => &self.visitor,
        }
    }

    /// Who speaks a language; the visitor where both do.
    fn side_of(&self, language: &Lang) -> Option<InterpreterSide> {
        [InterpreterSide::Visitor, InterpreterSide::Clerk]
            .into_iter()
            .find(|side| self.language(*side).primary() == language.primary())
    }
}

impl Machine {
    pub(super) fn interpreter(&mut self, wish: InterpreterWish, now: Now) {
        let free = |phase: &Phase| matches!(phase, Phase::Agent | Phase::Leaving { .. });
        if !self.visit.as_ref().is_none_or(|visit| free(&visit.phase)) {
            return;
        }
        match wish {
            InterpreterWish::Choose => self.choose_languages(now),
            InterpreterWish::Between { clerk, visitor } => self.interpret(clerk, visitor, now),
            InterpreterWish::Turn { turned } => {
                if let Some(own) = self.interpreting_mut() {
                    own.turned = turned;
                }
            }
            InterpreterWish::Say { side, text } => {
                let text = one_line(&text, LONGEST_LINE);
                if self.is_interpreting() && !text.is_empty() {
                    self.begin_visit(None, now);
                    self.stop_saying();
                    self.interpret_line(side, Channel::Typed, &text, None, now);
                }
            }
            InterpreterWish::End => self.end_interpreting(now),
        }
    }

    /// Asks which two languages, with the likeliest proposed.
    pub(super) fn choose_languages(&mut self, now: Now) {
        self.begin_visit(None, now);
        self.stop_saying();
        self.leave_flows();
        let clerk = self.pack.default_language().clone();
        let Some(visit) = &mut self.visit else { return };
        let other = |language: &&Lang| **language != clerk;
        let visitor = Some(&visit.language).filter(other);
        let visitor = visitor.or_else(|| self.pack.languages().iter().find(other));
        let visitor = visitor.unwrap_or(&clerk).clone();
        let first_line = visit.next_number();
        visit.interpreting = Some(Interpreting {
            clerk,
            visitor,
            running: false,
            refused: false,
            turned: false,
            first_line,
        });
    }

    fn interpret(&mut self, clerk: Lang, visitor: Lang, now: Now) {
        let known = self.interpreters_languages();
        let can = known.contains(&clerk)
            && known.contains(&visitor)
            && self.can_translate(&clerk, &visitor)
            && self.can_translate(&visitor, &clerk);
        self.begin_visit(None, now);
        let Some(visit) = &mut self.visit else { return };
        let first_line = visit.next_number();
        let turned = visit.interpreting.as_ref().is_some_and(|own| own.turned);
        visit.interpreting = Some(Interpreting {
            clerk,
            visitor: visitor.clone(),
            running: can,
            refused: !can,
            turned,
            first_line,
        });
        if !can {
            return self.say(&AgentLine::Phrase(Phrase::InterpreterNoModel), now);
        }
        visit.language = visitor;
        visit.language_settled = true;
        visit.failed_answers = 0;
        self.begin_visit(None, now);
        self.milestone(Milestone::InterpretingBegan);
        self.say(&AgentLine::Phrase(Phrase::InterpreterStarted), now);
    }

    pub(super) fn end_interpreting(&mut self, now: Now) {
        let Some(own) = self
            .visit
            .as_mut()
            .and_then(|visit| visit.interpreting.take())
        else {
            return;
        };
        self.begin_visit(None, now);
        self.stop_saying();
        if own.running {
            self.milestone(Milestone::InterpretingEnded);
            self.say(&AgentLine::Phrase(Phrase::InterpreterEnded), now);
        }
    }

    /// Nobody has said anything for a while; whether somebody was being interpreted.
    pub(super) fn interpreting_falls_silent(&mut self, now: Now) -> bool {
        let there = self.interpreting().is_some();
        self.end_interpreting(now);
        there
    }

    /// It belongs to a visit that the agent serves: a case, or a goodbye, ends it.
    pub(super) fn interpreting_ends_with_the_agent(&mut self) {
        if let Some(visit) = &mut self.visit
            && !matches!(visit.phase, Phase::Agent)
        {
            visit.interpreting = None;
        }
    }

    pub(crate) fn interpreting(&self) -> Option<&Interpreting> {
        self.visit.as_ref()?.interpreting.as_ref()
    }

    fn interpreting_mut(&mut self) -> Option<&mut Interpreting> {
        self.visit.as_mut()?.interpreting.as_mut()
    }

    pub(super) fn is_interpreting(&self) -> bool {
        self.interpreting().is_some_and(|own| own.running)
    }

    /// What can be chosen: the office's languages, and those that translations lead to.
    pub(crate) fn interpreters_languages(&self) -> Vec<Lang> {
        let mut all = self.pack.languages().to_vec();
        for (from, to) in &self.settings.translations {
            for language in [from, to] {
                if !all.contains(language) {
                    all.push(language.clone());
                }
            }
        }
        all
    }

    /// Takes what was said as the line of whoever speaks that language.
    pub(super) fn interpret_heard(&mut self, heard: &Heard, now: Now) {
        let Some(own) = self.interpreting() else {
            return;
        };
        let side = match &heard.language {
            SpokenLanguage::Pack(language) | SpokenLanguage::Other(language) => {
                own.side_of(language)
            }
            SpokenLanguage::Unsure(likely) => {
                likely.iter().find_map(|language| own.side_of(language))
            }
        };
        self.begin_visit(None, now);
        let Some(side) = side else {
            return self.say(&AgentLine::Phrase(Phrase::NotCaught), now);
        };
        let confidence = Some(heard.confidence);
        self.interpret_line(side, Channel::Speech, &heard.text, confidence, now);
    }

    fn interpret_line(
        &mut self,
        side: InterpreterSide,
        channel: Channel,
        text: &str,
        confidence: Option<f32>,
        now: Now,
    ) {
        let Some(own) = self.interpreting() else {
            return;
        };
        let language = own.language(side).clone();
        let (speaker, to) = match side {
            InterpreterSide::Clerk => (Speaker::Clerk, own.visitor.clone()),
            InterpreterSide::Visitor => (Speaker::Resident, own.clerk.clone()),
        };
        if manners::ends_interpreting(text, &language) {
            return self.end_interpreting(now);
        }
        let words = Words {
            speaker,
            channel,
            text: text.to_owned(),
            language: Some(language.clone()),
            confidence,
            doubtful: Vec::new(),
        };
        let turn = self.take_line(words, false, now);
        if self.hears_danger(turn, text, now) {
            return;
        }
        let purpose = TranslationFor::Interpreted(turn, to.clone());
        self.translate(purpose, language, to, text.to_owned());
    }

    /// Shows and says a line in the other one's language.
    pub(super) fn interpreted(
        &mut self,
        turn: u32,
        to: Lang,
        came: Option<MachineTranslation>,
        now: Now,
    ) {
        let interpreting = self.is_interpreting();
        let Some(line) = self.visit.as_mut().and_then(|visit| visit.line_mut(turn)) else {
            return;
        };
        let Some(came) = came else {
            line.caption.untranslated = true;
            return;
        };
        let said = came.text.clone();
        line.show_translated(came, to.clone());
        self.send_turn(turn);
        if interpreting {
            self.stop_saying();
            self.speak(turn, to, said, 0, now);
        }
    }
}
