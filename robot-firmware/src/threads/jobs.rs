//! The recogniser's work, from the voices that share it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crossbeam_channel::{Sender, bounded};
use madoguchi_core::recognition::{LONGEST_QUEUE, Queue, Rank};
use madoguchi_shared::ids::Lang;
use madoguchi_speech::whisper::Transcript;

use super::pulse::{Pulses, Work};

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    /// Whoever stands in front of the robot.
    Visitor,
    /// The operator, in a call.
    Operator,
}

/// What the recogniser is given.
#[derive(Debug)]
pub struct Job {
    /// Counts the jobs of a voice.
    pub number: u64,
    /// Whose voice it is.
    pub voice: Voice,
    /// Mono, 16 kHz.
    pub samples: Vec<f32>,
    /// What its words are for.
    pub purpose: Purpose,
    /// Set when nobody waits for it any more.
    pub given_up: Arc<AtomicBool>,
    /// Where its words go; it must have room for every job that is not answered yet.
    pub reply: Sender<Recognised>,
}

/// What words are for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// A caption while somebody still speaks.
    Partial,
    /// What somebody said.
    Words,
    /// What somebody said, in the language that they named.
    Again(Lang),
}

/// What came of a job.
#[derive(Debug)]
pub struct Recognised {
    /// The job.
    pub job: u64,
    /// Nothing when it was given up, failed, or there is no recogniser.
    pub transcript: Option<Transcript>,
}

impl Job {
    fn rank(&self) -> Rank {
        match self.purpose {
            Purpose::Partial => Rank::SoFar,
            Purpose::Words | Purpose::Again(_) => Rank::Said,
        }
    }

    /// Answers it.
    pub fn answer(self, transcript: Option<Transcript>) {
        // A voice that is gone waits for nothing.
        let _ = self.reply.try_send(Recognised {
            job: self.number,
            transcript,
        });
    }
}

#[derive(Debug, Default)]
struct Shared {
    queue: Queue<Job>,
    /// Words so far that are being recognised: what was said doesn't wait for them.
    under_way: Option<Arc<AtomicBool>>,
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where a voice gives its work.
#[derive(Debug, Clone)]
pub struct JobsIn {
    shared: Arc<Mutex<Shared>>,
    /// One for each job, so that the recogniser beats after each.
    wake: Sender<()>,
}

impl JobsIn {
    /// Gives the recogniser something to do; `false` when it is too far behind.
    pub fn give(&self, job: Job) -> bool {
        let mut shared = lock(&self.shared);
        if job.rank() == Rank::Said
            && let Some(under_way) = shared.under_way.take()
        {
            under_way.store(true, Ordering::Relaxed);
        }
        let Ok(gone) = shared.queue.push(job.rank(), job) else {
            return false;
        };
        drop(shared);
        if let Some(gone) = gone {
            gone.answer(None);
        } else {
            // The queue's bound is the channel's.
            let _ = self.wake.try_send(());
        }
        true
    }
}

/// The recogniser's end.
#[derive(Debug)]
pub struct Jobs {
    shared: Arc<Mutex<Shared>>,
    wakes: Work<()>,
}

/// Both ends of the queue.
pub fn jobs(pulses: &Pulses) -> (JobsIn, Jobs) {
    let (wake, wakes) = bounded(LONGEST_QUEUE);
    let shared = Arc::default();
    let ends = JobsIn {
        shared: Arc::clone(&shared),
        wake,
    };
    let wakes = pulses.worker("recogniser", wakes);
    (ends, Jobs { shared, wakes })
}

impl Iterator for Jobs {
    /// A job, and whether others wait so long that a quick look must do.
    type Item = (Job, bool);

    /// Waits for the next one; nothing once every voice is gone.
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            self.wakes.next()?;
            let mut shared = lock(&self.shared);
            let Some((rank, job)) = shared.queue.take() else {
                continue;
            };
            shared.under_way = (rank == Rank::SoFar).then(|| Arc::clone(&job.given_up));
            return Some((job, shared.queue.is_behind()));
        }
    }
}

#[cfg(test)]
impl Jobs {
    /// What comes next, if anything waits.
    pub(super) fn waiting(&mut self) -> Option<Job> {
        let mut shared = lock(&self.shared);
        shared.queue.take().map(|(_, job)| job)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(number: u64, voice: Voice, purpose: Purpose, reply: &Sender<Recognised>) -> Job {
        Job {
            number,
            voice,
            samples: Vec::new(),
            purpose,
            given_up: Arc::default(),
            reply: reply.clone(),
        }
    }

    #[test]
    fn a_slow_recogniser_hears_what_was_said_and_passes_over_the_oldest_words_so_far() {
        let (jobs_in, mut jobs) = jobs(&Pulses::default());
        let (reply, answers) = bounded(LONGEST_QUEUE);
        let give = |number, voice, purpose| {
            assert!(jobs_in.give(job(number, voice, purpose, &reply)));
        };
        give(1, Voice::Visitor, Purpose::Partial);
        let (running, _) = jobs.next().unwrap();
        for (number, voice) in [
            (2, Voice::Operator),
            (3, Voice::Visitor),
            (4, Voice::Operator),
        ] {
            give(number, voice, Purpose::Partial);
        }
        let dropped = answers.try_recv().unwrap();
        assert_eq!(dropped.job, 2, "the oldest that waits");
        assert!(!running.given_up.load(Ordering::Relaxed));
        give(5, Voice::Operator, Purpose::Words);
        give(6, Voice::Visitor, Purpose::Words);
        assert!(
            running.given_up.load(Ordering::Relaxed),
            "what was said doesn't wait for a caption"
        );
        running.answer(None);
        drop(jobs_in);
        let order: Vec<u64> = jobs
            .map(|(job, _)| {
                let number = job.number;
                job.answer(None);
                number
            })
            .collect();
        assert_eq!(order, [5, 6, 3, 4]);
        let answered: Vec<u64> = answers.try_iter().map(|answer| answer.job).collect();
        assert_eq!(answered, [1, 5, 6, 3, 4], "every job is answered once");
    }
}
