//! The agent's sentences: into the transcript, onto the screen, to the voice, cut off and taken up
//! again.

use std::ops::Range;
use std::time::Duration;

use madoguchi_shared::ids::Lang;
use madoguchi_shared::packet::{Channel, Speaker, Translation};

use super::Machine;
use super::hearing::Utterance;
use crate::lines::{AgentLine, Authored};
use crate::output::Output;
use crate::time::Now;
use crate::visit::{Phase, Words};

/// Before the first sound.
const SYNTHESIS: Duration = Duration::from_secs(10);
/// Synthesis and playback of one character take at most this.
const SPEECH_PER_CHAR: Duration = Duration::from_millis(350);

/// A line waits so long for somebody who gives no words.
const HELD_BACK: Duration = Duration::from_secs(4);

/// The line that is being spoken.
#[derive(Debug, Clone)]
pub(super) struct Saying {
    id: u64,
    turn: u32,
    language: Lang,
    /// The whole line.
    text: String,
    /// Where in the line this speaking began, in bytes: not at 0 when the line was taken up again.
    offset: usize,
    /// The piece of the line that is sounding, in bytes; before the first sound none.
    piece: Option<Range<usize>>,
    /// Whether it is said although somebody is being heard: only words stop it.
    pub(super) insists: bool,
    pub(super) lost_at: u64,
}

/// A line that was cut off, and where to take it up again.
#[derive(Debug, Clone)]
pub(super) struct CutOff {
    turn: u32,
    language: Lang,
    text: String,
    /// The beginning of the piece that was cut off, in bytes.
    at: usize,
}

impl Machine {
    /// Speaks and shows a line of the agent.
    pub(super) fn say(&mut self, line: &AgentLine, now: Now) {
        let Some(visit) = &self.visit else { return };
        let line = line.clone().sayable_in(&self.pack, &visit.language);
        let authored = line.render(&self.pack, &visit.language);
        let for_reader = line.render(&self.pack, &self.settings.packet_language);
        self.say_authored(authored, Some(for_reader), now);
    }

    /// Adds a line of the agent to the transcript, which nobody says.
    pub(super) fn note(&mut self, line: &AgentLine, now: Now) {
        let Some(visit) = &self.visit else { return };
        let line = line.clone().sayable_in(&self.pack, &visit.language);
        let authored = line.render(&self.pack, &visit.language);
        let for_reader = line.render(&self.pack, &self.settings.packet_language);
        self.add_authored(&authored, Some(for_reader), now);
    }

    fn say_authored(&mut self, authored: Authored, for_reader: Option<Authored>, now: Now) {
        self.stop_saying();
        let Some(turn) = self.add_authored(&authored, for_reader, now) else {
            return;
        };
        if self.somebody_is_heard() && self.is_the_robots_turn() {
            // Whoever speaks keeps the word; the line follows if nothing comes of theirs.
            if let Some(line) = self.visit.as_mut().and_then(|v| v.line_mut(turn)) {
                line.turn.interrupted = true;
                line.turn.spoken = Some(String::new());
            }
            self.cut_off = Some(CutOff {
                turn,
                language: authored.language,
                text: authored.text,
                at: 0,
            });
            self.barged_in = true;
            self.held_back_until = Some(now.after(HELD_BACK));
            return;
        }
        self.speak(turn, authored.language, authored.text, 0, now);
    }

    fn add_authored(
        &mut self,
        authored: &Authored,
        for_reader: Option<Authored>,
        now: Now,
    ) -> Option<u32> {
        let visit = self.visit.as_mut()?;
        let turn = visit.add(
            Words {
                speaker: Speaker::Agent,
                channel: Channel::Speech,
                text: authored.text.clone(),
                language: Some(authored.language.clone()),
                confidence: None,
                doubtful: Vec::new(),
            },
            now.wall,
        );
        if let Some(line) = visit.line_mut(turn) {
            line.caption.detail = authored.detail.clone();
            line.caption.attachments = authored.attachments.clone();
        }
        if let Some(reader) = for_reader
            && reader.language != authored.language
            && let Some(line) = visit.line_mut(turn)
        {
            line.turn.translation = Some(Translation {
                language: reader.language,
                text: reader.text,
                machine: false,
                back: None,
                confidence: None,
            });
        }
        self.send_turn(turn);
        Some(turn)
    }

    /// Whether somebody speaks, or what they said is still being recognised.
    fn somebody_is_heard(&self) -> bool {
        let awaited = self.recognising.as_ref();
        self.hearing.is_some() || awaited.is_some_and(|awaited| awaited.number > self.over)
    }

    fn is_the_robots_turn(&self) -> bool {
        self.visit.as_ref().is_some_and(|visit| {
            !matches!(visit.phase, Phase::Operator { .. } | Phase::Onsite { .. })
        })
    }

    /// When a line that was stopped or held back is said in any case. Words so far show that it
    /// is a person who speaks: they keep the word to their end.
    pub(super) fn held_back_until(&self) -> Option<u64> {
        let heard = [&self.hearing, &self.recognising];
        let speaks = |u: &Utterance| u.number > self.over && u.has_words();
        let until = self.held_back_until.filter(|_| self.barged_in)?;
        (!heard.into_iter().flatten().any(speaks)).then_some(until)
    }

    /// Takes up the line that a cough, a clap or an "mm-hm" stopped or held back, once nobody else
    /// is being heard, but after a while in any case: a television never ends.
    pub(super) fn go_on_saying(&mut self, now: Now) {
        if !self.barged_in {
            return;
        }
        let until = *self
            .held_back_until
            .get_or_insert_with(|| now.after(HELD_BACK));
        if !self.somebody_is_heard() || until <= now.monotonic_ms {
            self.take_up_saying(now);
        }
    }

    /// The same whoever is being heard.
    pub(super) fn take_up_saying(&mut self, now: Now) {
        self.barged_in = false;
        self.held_back_until = None;
        if !self.is_the_robots_turn() || !self.resume_saying(now) {
            return;
        }
        let insists = self.somebody_is_heard();
        if let Some(saying) = &mut self.saying {
            saying.insists = insists;
        }
        let goodbye = now.after(self.settings.patience.goodbye);
        if let Some(Phase::Leaving { until }) = self.visit.as_mut().map(|v| &mut v.phase) {
            *until = goodbye.max(*until);
        }
    }

    /// Whether a line was held back of which nothing has sounded.
    pub(super) fn holds_a_line_back(&self) -> bool {
        self.barged_in && self.cut_off.as_ref().is_some_and(|line| line.at == 0)
    }

    /// Speaks a line from `offset` on.
    pub(super) fn speak(
        &mut self,
        turn: u32,
        language: Lang,
        text: String,
        offset: usize,
        now: Now,
    ) {
        let id = self.next_say;
        self.next_say += 1;
        self.cut_off = None;
        let spoken = text.get(offset..).unwrap_or_default().to_owned();
        let chars = u32::try_from(spoken.chars().count()).unwrap_or(u32::MAX);
        self.saying = Some(Saying {
            id,
            turn,
            language: language.clone(),
            text,
            offset,
            piece: None,
            insists: false,
            lost_at: now.after(SYNTHESIS + SPEECH_PER_CHAR.saturating_mul(chars)),
        });
        self.emit(Output::Say {
            id,
            language,
            text: spoken,
        });
    }

    /// Takes up the line that was cut off last, from the beginning of the clause in which it
    /// stopped. Returns whether there was one: not when something else has been said since, or
    /// the visit is over.
    pub fn resume_saying(&mut self, now: Now) -> bool {
        let Some(cut_off) = self.cut_off.take() else {
            return false;
        };
        if let Some(line) = self.visit.as_mut().and_then(|v| v.line_mut(cut_off.turn)) {
            line.turn.interrupted = false;
            line.turn.spoken = None;
        }
        let CutOff {
            turn,
            language,
            text,
            at,
        } = cut_off;
        self.speak(turn, language, text, at, now);
        self.show();
        true
    }

    pub(super) fn stop_saying(&mut self) {
        let Some(saying) = self.saying.take() else {
            return;
        };
        self.emit(Output::StopSaying);
        let at = saying.piece.map_or(saying.offset, |piece| piece.start);
        if let Some(line) = self.visit.as_mut().and_then(|v| v.line_mut(saying.turn)) {
            line.turn.interrupted = true;
            line.turn.spoken = saying.text.get(..at).map(|text| text.trim_end().to_owned());
        }
        self.cut_off = Some(CutOff {
            turn: saying.turn,
            language: saying.language,
            text: saying.text,
            at,
        });
    }

    /// Nothing that was said before is taken up again.
    pub(super) fn forget_what_was_cut_off(&mut self) {
        self.cut_off = None;
        self.barged_in = false;
    }

    pub(super) fn say_progress(&mut self, id: u64, piece: Range<usize>) {
        let Some(saying) = self.saying.as_mut().filter(|saying| saying.id == id) else {
            return;
        };
        let piece = saying.offset + piece.start..saying.offset + piece.end;
        if saying.text.get(piece.clone()).is_some() {
            saying.piece = Some(piece);
        }
    }

    pub(super) fn say_ended(&mut self, id: u64, now: Now) {
        if self.saying.as_ref().is_some_and(|saying| saying.id == id) {
            self.saying = None;
            if let Some(visit) = &mut self.visit {
                visit.idle_at = now.after(visit.idle);
            }
            self.tell_of_watcher(now);
        }
    }

    /// The turn that is being spoken, its words, and the piece of them that sounds, in bytes.
    pub(crate) fn sounding(&self) -> Option<(u32, &str, Range<usize>)> {
        let saying = self.saying.as_ref()?;
        Some((saying.turn, &saying.text, saying.piece.clone()?))
    }
}
