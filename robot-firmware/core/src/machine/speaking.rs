//! The agent's sentences: into the transcript, onto the screen, to the voice, and cut off again.

use std::time::Duration;

use madoguchi_shared::packet::{Channel, Speaker, Translation};

use super::Machine;
use crate::lines::{AgentLine, Authored};
use crate::output::Output;
use crate::time::Now;
use crate::visit::Words;

/// Before the first sound.
const SYNTHESIS: Duration = Duration::from_secs(10);
/// Synthesis and playback of one character take at most this.
const SPEECH_PER_CHAR: Duration = Duration::from_millis(350);

/// The sentence that is being spoken.
#[derive(Debug, Clone)]
pub(super) struct Saying {
    pub(super) id: u64,
    pub(super) turn: Option<u32>,
    authored: Authored,
    pub(super) lost_at: u64,
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
        self.speak(authored, Some(turn), now);
    }

    fn speak(&mut self, authored: Authored, turn: Option<u32>, now: Now) {
        let id = self.next_say;
        self.next_say += 1;
        let chars = u32::try_from(authored.text.chars().count()).unwrap_or(u32::MAX);
        let lost_at = now.after(SYNTHESIS + SPEECH_PER_CHAR.saturating_mul(chars));
        self.cut_off = None;
        self.saying = Some(Saying {
            id,
            turn,
            authored: authored.clone(),
            lost_at,
        });
        self.emit(Output::Say {
            id,
            language: authored.language,
            text: authored.text,
        });
    }

    pub(super) fn stop_saying(&mut self) {
        let Some(saying) = self.saying.take() else {
            return;
        };
        self.emit(Output::StopSaying);
        if let Some(turn) = saying.turn
            && let Some(line) = self.visit.as_mut().and_then(|visit| visit.line_mut(turn))
        {
            line.turn.interrupted = true;
        }
        self.cut_off = Some(saying);
    }

    /// Says again what was cut off last.
    pub fn resume_saying(&mut self, now: Now) -> bool {
        let Some(Saying { turn, authored, .. }) = self.cut_off.take() else {
            return false;
        };
        if let Some(turn) = turn
            && let Some(line) = self.visit.as_mut().and_then(|visit| visit.line_mut(turn))
        {
            line.turn.interrupted = false;
        }
        self.speak(authored, turn, now);
        true
    }

    pub(super) fn say_ended(&mut self, id: u64, now: Now) {
        if self.saying.as_ref().is_some_and(|saying| saying.id == id) {
            self.saying = None;
            if let Some(visit) = &mut self.visit {
                visit.idle_at = now.after(visit.idle);
            }
        }
    }
}
