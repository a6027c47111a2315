//! Keeps track of which sentence of the agent is sounding, and of where in it.

use std::collections::VecDeque;
use std::ops::Range;

use madoguchi_core::Input;

/// The sentence that is being spoken, and its clips on the way through the loudspeaker.
#[derive(Debug, Default)]
pub struct Player {
    current: Option<Current>,
    next_clip: u64,
}

#[derive(Debug)]
struct Current {
    say: u64,
    /// Clips that are not over, each with its place in the text.
    waiting: VecDeque<(u64, Range<usize>)>,
    started: bool,
    complete: bool,
}

impl Player {
    /// A new sentence begins; an older one is forgotten.
    pub fn begin(&mut self, say: u64) {
        self.current = Some(Current {
            say,
            waiting: VecDeque::new(),
            started: false,
            complete: false,
        });
    }

    /// The sentence was stopped.
    pub fn stop(&mut self) {
        self.current = None;
    }

    /// Numbers a clip of a sentence; `None` when the sentence is no longer wanted.
    pub fn clip(&mut self, say: u64, span: Range<usize>) -> Option<u64> {
        let current = self.current.as_mut().filter(|current| current.say == say)?;
        self.next_clip += 1;
        current.waiting.push_back((self.next_clip, span));
        Some(self.next_clip)
    }

    /// All clips of the sentence have been numbered.
    pub fn complete(&mut self, say: u64) -> Option<Input> {
        self.current
            .as_mut()
            .filter(|current| current.say == say)?
            .complete = true;
        self.ended()
    }

    /// A clip began to sound.
    pub fn started(&mut self, clip: u64) -> Vec<Input> {
        let Some(current) = &mut self.current else {
            return Vec::new();
        };
        let Some((_, span)) = current.waiting.iter().find(|(waiting, _)| *waiting == clip) else {
            return Vec::new();
        };
        let id = current.say;
        let progress = Input::SayProgress {
            id,
            start: span.start,
            end: span.end,
        };
        if std::mem::replace(&mut current.started, true) {
            vec![progress]
        } else {
            vec![Input::SayStarted { id }, progress]
        }
    }

    /// A clip is over.
    pub fn clip_ended(&mut self, clip: u64) -> Option<Input> {
        self.current
            .as_mut()?
            .waiting
            .retain(|(waiting, _)| *waiting != clip);
        self.ended()
    }

    fn ended(&mut self) -> Option<Input> {
        let current = self
            .current
            .take_if(|c| c.complete && c.waiting.is_empty())?;
        Some(Input::SayEnded { id: current.say })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_goes_piece_by_piece_and_ends_with_its_last_clip() {
        let progress = |start, end| Input::SayProgress { id: 7, start, end };
        let mut player = Player::default();
        player.begin(7);
        let a = player.clip(7, 0..5).unwrap();
        let b = player.clip(7, 6..9).unwrap();
        assert_eq!(
            player.started(a),
            [Input::SayStarted { id: 7 }, progress(0, 5)]
        );
        assert_eq!(player.clip_ended(a), None);
        assert_eq!(player.started(b), [progress(6, 9)]);
        assert_eq!(player.complete(7), None);
        assert_eq!(player.clip_ended(b), Some(Input::SayEnded { id: 7 }));
    }

    #[test]
    fn a_sentence_without_sound_ends_at_once() {
        let mut player = Player::default();
        player.begin(1);
        assert_eq!(player.complete(1), Some(Input::SayEnded { id: 1 }));
    }

    #[test]
    fn clips_of_a_stopped_sentence_are_not_played() {
        let mut player = Player::default();
        player.begin(1);
        let clip = player.clip(1, 0..1).unwrap();
        player.begin(2);
        assert_eq!(player.clip(1, 1..2), None);
        assert_eq!(player.started(clip), []);
        player.stop();
        assert_eq!(player.clip(2, 0..1), None);
    }
}
