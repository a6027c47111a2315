//! The agent's sentences: into the transcript, onto the screen, to the voice, cut off and taken up
//! again.

use std::ops::Range;
use std::time::Duration;

use madoguchi_shared::ids::Lang;
use madoguchi_shared::packet::{Channel, Speaker, Translation};

use super::Machine;
use crate::lines::{AgentLine, Authored};
use crate::output::Output;
use crate::time::Now;
use crate::visit::{Phase, Visit, Words};

/// Before the first sound.
const SYNTHESIS: Duration = Duration::from_secs(10);
/// Synthesis and playback of one character take at most this.
const SPEECH_PER_CHAR: Duration = Duration::from_millis(350);

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

    fn say_authored(&mut self, authored: Authored, for_reader: Option<Authored>, now: Now) {
        self.stop_saying();
        let Some(visit) = &mut self.visit else { return };
        let turn = visit.add(
            Words {
                speaker: Speaker::Agent,
                channel: Channel::Speech,
                text: authored.text.clone(),
                language: Some(authored.language.clone()),
                confidence: None,
            },
            now.wall,
        );
        if let Some(line) = visit.line_mut(turn) {
            line.caption.detail = authored.detail.clone();
        }
        if let Some(reader) = for_reader
            && reader.language != authored.language
            && let Some(line) = visit.line_mut(turn)
        {
            line.turn.translation = Some(Translation {
                language: reader.language,
                text: reader.text,
                machine: false,
            });
        }
        self.send_turn(turn);
        let agent = |visit: &Visit| matches!(visit.phase, Phase::Agent);
        if self.hearing.is_some() && self.visit.as_ref().is_some_and(agent) {
            // Whoever speaks keeps the word; the answer follows if nothing comes of theirs.
            self.cut_off = Some(CutOff {
                turn,
                language: authored.language,
                text: authored.text,
                at: 0,
            });
            self.barged_in = true;
            return;
        }
        self.speak(turn, authored.language, authored.text, 0, now);
    }

    /// Speaks a line from `offset` on.
    fn speak(&mut self, turn: u32, language: Lang, text: String, offset: usize, now: Now) {
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
        }
    }

    /// The turn that is being spoken, its words, and the piece of them that sounds, in bytes.
    pub(crate) fn sounding(&self) -> Option<(u32, &str, Range<usize>)> {
        let saying = self.saying.as_ref()?;
        Some((saying.turn, &saying.text, saying.piece.clone()?))
    }
}
