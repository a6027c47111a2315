//! A person who reads along while the agent serves, suggests its next line, or takes the visitor over.

use madoguchi_shared::ids::{Lang, VisitId};
use madoguchi_shared::packet::{Channel, OperatorCard, ReasonCode, Speaker, Turn};
use madoguchi_shared::watch::{SUGGESTION_MAX_CHARS, VisitUnderWay};

use super::Machine;
use crate::bounded::one_line;
use crate::case::Trigger;
use crate::lines::AgentLine;
use crate::output::Output;
use crate::pack::Phrase;
use crate::time::Now;
use crate::visit::{Phase, Visit, Watch, Words};

impl Machine {
    /// Somebody watches from now on, or nobody does any more. The screen says so before the first
    /// line leaves the robot.
    pub(super) fn watched(&mut self, visit_id: VisitId, by: Option<OperatorCard>, now: Now) {
        let Some(visit) = self.served(visit_id) else {
            return;
        };
        let known = visit.watch.as_ref().map(|watch| watch.by.id);
        let begins = by.as_ref().is_some_and(|by| Some(by.id) != known);
        if !begins && by.is_some() {
            return;
        }
        visit.watch = by.map(|by| Watch { by, said: false });
        if !begins {
            return;
        }
        self.show();
        let turns = self.visit.iter().flat_map(|visit| &visit.lines);
        let turns = turns.map(|line| line.turn.clone()).collect();
        self.send_watched(turns);
        self.translate_for_reader();
        self.tell_of_watcher(now);
    }

    /// Says once that somebody reads along, as soon as the robot says nothing else.
    pub(super) fn tell_of_watcher(&mut self, now: Now) {
        if self.is_speaking() {
            return;
        }
        let visit = self.visit.as_mut();
        let serves = visit.filter(|visit| matches!(visit.phase, Phase::Agent));
        let untold = serves.and_then(|visit| visit.watch.as_mut().filter(|watch| !watch.said));
        if let Some(watch) = untold {
            watch.said = true;
            self.say(&AgentLine::Phrase(Phrase::Watched), now);
        }
    }

    pub(super) fn send_watched(&mut self, turns: Vec<Turn>) {
        let watched = self.visit.as_ref().filter(|_| self.is_watched());
        if let Some(visit_id) = watched.map(|visit| visit.id) {
            self.emit(Output::SendWatched { visit_id, turns });
        }
    }

    /// Whether somebody reads along.
    pub(crate) fn is_watched(&self) -> bool {
        let watched = |visit: &Visit| visit.watch.is_some() && is_served(visit);
        self.visit.as_ref().is_some_and(watched)
    }

    /// The agent says what who watches has written; it stands on the screen as a person's.
    pub(super) fn suggested(&mut self, visit_id: VisitId, text: &str, language: Lang, now: Now) {
        let text = one_line(text, SUGGESTION_MAX_CHARS);
        let Some(visit) = self.served(visit_id) else {
            return;
        };
        if visit.watch.is_none() || text.is_empty() {
            return;
        }
        visit.failed_answers = 0;
        self.begin_visit(None, now);
        self.stop_saying();
        self.forget_what_was_cut_off();
        let words = Words {
            speaker: Speaker::Operator,
            channel: Channel::Typed,
            text,
            language: Some(language),
            confidence: None,
            doubtful: Vec::new(),
        };
        self.operator_line(words, None, now);
    }

    /// Speaks a person's line while the agent has the word.
    pub(super) fn speak_suggestion(&mut self, turn: u32, now: Now) {
        let Some(visit) = self.visit.as_ref().filter(|visit| is_served(visit)) else {
            return;
        };
        let Some(caption) = visit.line(turn).map(|line| line.caption.clone()) else {
            return;
        };
        self.stop_saying();
        if let Some(language) = caption.language {
            self.speak(turn, language, caption.text, 0, now);
        }
    }

    pub(super) fn visit_taken(&mut self, visit_id: VisitId, now: Now) {
        let watch = self.served(visit_id).and_then(|visit| visit.watch.clone());
        if let Some(Watch { by, .. }) = watch {
            let trigger = Trigger::new(ReasonCode::SteppedIn, "watcher", 1.0, by.name);
            self.escalate(trigger, now);
        }
    }

    /// Tells the console which visit the agent serves. Nobody watches one that it doesn't serve.
    pub(super) fn tell_visit(&mut self) {
        if let Some(visit) = self.visit.as_mut().filter(|visit| !is_served(visit)) {
            visit.watch = None;
        }
        let served = self.visit.as_ref().filter(|visit| is_served(visit));
        let under_way = served.map(|visit| VisitUnderWay {
            visit_id: visit.id,
            since: visit.since,
            language: visit.language.clone(),
        });
        if self.abilities.console && self.told_visit != under_way {
            self.told_visit.clone_from(&under_way);
            self.emit(Output::SendVisit(under_way));
        }
    }

    /// Without its console the robot is watched by nobody, and says so.
    pub(super) fn watch_ends(&mut self) {
        self.told_visit = None;
        if let Some(visit) = &mut self.visit {
            visit.watch = None;
        }
    }

    fn translate_for_reader(&mut self) {
        let lines = self.visit.iter().flat_map(|visit| &visit.lines);
        let turns: Vec<u32> = lines.map(|line| line.turn.number).collect();
        for turn in turns {
            self.translate_turn(turn);
        }
    }

    /// The visit of that name, while the agent serves it.
    fn served(&mut self, visit_id: VisitId) -> Option<&mut Visit> {
        let visit = self.visit.as_mut();
        visit.filter(|visit| visit.id == visit_id && is_served(visit))
    }
}

fn is_served(visit: &Visit) -> bool {
    matches!(visit.phase, Phase::Agent)
}
