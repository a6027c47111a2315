//! How the voices of a call share one recogniser.
//!
//! What somebody has said is recognised before the words so far of anybody, in the order in which
//! it was said. Words so far wait in two places only: a third makes the oldest of them go, as
//! nobody reads them any more. What was said never goes for them. It has a bound of its own, which
//! a recogniser that works at all doesn't reach; where it is reached, whoever asks is told.

use std::collections::VecDeque;

/// Words so far that wait: one of each voice.
const SO_FAR: usize = 2;
/// Utterances that wait. At 28 s each, the longest, they are a quarter of an hour of sound.
const SAID: usize = 32;
/// Pieces of work that wait at most.
pub const LONGEST_QUEUE: usize = SO_FAR + SAID;
/// So many utterances that wait are a recogniser that is behind.
const BEHIND: usize = 2;

/// What a recognition is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rank {
    /// A caption while somebody still speaks.
    SoFar,
    /// What somebody said.
    Said,
}

/// See the module.
#[derive(Debug)]
pub struct Queue<J> {
    so_far: VecDeque<J>,
    said: VecDeque<J>,
}

impl<J> Default for Queue<J> {
    fn default() -> Self {
        Self {
            so_far: VecDeque::new(),
            said: VecDeque::new(),
        }
    }
}

impl<J> Queue<J> {
    /// Takes a piece of work; returns what has no room because of it: the oldest words so far.
    ///
    /// # Errors
    /// The work itself, where so many utterances wait that the recogniser must be stuck.
    pub fn push(&mut self, rank: Rank, job: J) -> Result<Option<J>, J> {
        match rank {
            Rank::SoFar => {
                self.so_far.push_back(job);
                let full = self.so_far.len() > SO_FAR;
                Ok(full.then(|| self.so_far.pop_front()).flatten())
            }
            Rank::Said if self.said.len() == SAID => Err(job),
            Rank::Said => {
                self.said.push_back(job);
                Ok(None)
            }
        }
    }

    /// The next piece of work.
    pub fn take(&mut self) -> Option<(Rank, J)> {
        let said = self.said.pop_front().map(|job| (Rank::Said, job));
        said.or_else(|| Some((Rank::SoFar, self.so_far.pop_front()?)))
    }

    /// Whether what was said waits so long that a quick look at it must do.
    pub fn is_behind(&self) -> bool {
        self.said.len() >= BEHIND
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_words_so_far_go_first_and_what_was_said_never_does() {
        let mut queue = Queue::default();
        let mut gone = Vec::new();
        let mut said = Vec::new();
        for number in 0..20 {
            let rank = if number % 4 == 3 {
                Rank::Said
            } else {
                Rank::SoFar
            };
            if rank == Rank::Said {
                said.push(number);
            }
            gone.extend(queue.push(rank, number).unwrap());
        }
        assert_eq!(
            gone,
            [0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 16],
            "oldest first"
        );
        let left: Vec<(Rank, i32)> = std::iter::from_fn(|| queue.take()).collect();
        let words = |rank: Rank| left.iter().filter(move |(own, _)| *own == rank);
        assert_eq!(
            words(Rank::Said).map(|(_, job)| *job).collect::<Vec<_>>(),
            said
        );
        assert_eq!(
            words(Rank::SoFar).map(|(_, job)| *job).collect::<Vec<_>>(),
            [17, 18]
        );
        assert!(
            left[..said.len()]
                .iter()
                .all(|(rank, _)| *rank == Rank::Said)
        );
    }

    #[test]
    fn two_voices_that_never_stop_wait_in_bounded_room() {
        let mut queue = Queue::default();
        for number in 0..SAID {
            assert!(queue.push(Rank::Said, number).is_ok());
            let _ = queue.push(Rank::SoFar, number);
            assert_eq!(queue.is_behind(), number + 1 >= BEHIND);
        }
        assert_eq!(queue.push(Rank::Said, 99), Err(99), "whoever asked is told");
        assert_eq!(std::iter::from_fn(|| queue.take()).count(), LONGEST_QUEUE);
        assert!(!queue.is_behind());
    }
}
