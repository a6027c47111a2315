//! What the recogniser is asked, and for whom.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossbeam_channel::Sender;
use madoguchi_speech::whisper::Transcript;

use crate::threads::jobs::{Job, JobsIn, Purpose, Recognised, Voice};

/// A job that may be given up.
pub(super) struct Ticket {
    pub(super) job: u64,
    given_up: Arc<AtomicBool>,
}

impl Ticket {
    pub(super) fn give_up(&self) {
        self.given_up.store(true, Ordering::Relaxed);
    }
}

/// The recognition of what came before the running pause.
pub(super) struct Trial {
    pub(super) ticket: Ticket,
    pub(super) pause: u32,
    /// Its words, or the reason to do without; once they are there.
    pub(super) outcome: Option<Option<Transcript>>,
}

/// An utterance that is over, and the job that gives its words.
pub(super) struct Awaited {
    pub(super) ticket: Ticket,
    pub(super) utterance: u32,
    pub(super) voice: Duration,
}

/// The queue to the recogniser.
pub(super) struct Jobs {
    voice: Voice,
    queue: JobsIn,
    reply: Sender<Recognised>,
    /// Counts the jobs.
    newest: u64,
    /// Jobs that the recogniser has not answered.
    open: usize,
    /// Whether there is a recogniser yet.
    pub(super) recognises: bool,
}

impl Jobs {
    pub(super) fn new(voice: Voice, queue: JobsIn, reply: Sender<Recognised>) -> Self {
        Self {
            voice,
            queue,
            reply,
            newest: 0,
            open: 0,
            recognises: false,
        }
    }

    /// Gives the recogniser something to do; `None` when it isn't there yet or too far behind.
    pub(super) fn ask(&mut self, samples: Vec<f32>, purpose: Purpose) -> Option<Ticket> {
        if !self.recognises {
            return None;
        }
        self.newest += 1;
        let given_up = Arc::new(AtomicBool::new(false));
        let job = Job {
            number: self.newest,
            voice: self.voice,
            samples,
            purpose,
            given_up: Arc::clone(&given_up),
            reply: self.reply.clone(),
        };
        if !self.queue.give(job) {
            return None;
        }
        self.open += 1;
        Some(Ticket {
            job: self.newest,
            given_up,
        })
    }

    /// The recogniser has answered one.
    pub(super) fn answered(&mut self) {
        self.open = self.open.saturating_sub(1);
    }

    pub(super) fn all_answered(&self) -> bool {
        self.open == 0
    }
}
