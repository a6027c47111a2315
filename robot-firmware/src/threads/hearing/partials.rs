//! When the recogniser is asked for the words so far of a running utterance.

use std::time::Duration;

use madoguchi_speech::whisper::Transcript;

use super::Ticket;

/// Words so far are shown this often, where the recogniser is fast enough.
const EVERY: Duration = Duration::from_millis(800);
/// A recogniser that takes longer than this for words so far is left alone for a while.
const LONGEST_COMPUTE: Duration = Duration::from_millis(900);
/// For so many utterances.
const REST: u32 = 8;

/// The schedule of words so far.
#[derive(Default)]
pub(super) struct Partials {
    /// Sound since the last ones were asked for.
    since: Duration,
    /// Utterances that go without, after the recogniser was too slow.
    rest: u32,
    /// The job that was asked for last.
    job: u64,
    /// That job, until it is answered or given up.
    under_way: Option<Ticket>,
}

impl Partials {
    /// An utterance began `ago`.
    pub(super) fn begin(&mut self, ago: Duration) {
        self.since = ago;
        self.rest = self.rest.saturating_sub(1);
    }

    /// So much more sound is there.
    pub(super) fn pass(&mut self, sound: Duration) {
        self.since += sound;
    }

    pub(super) fn due(&self) -> bool {
        self.since >= EVERY && self.rest == 0
    }

    /// The recogniser was asked; `None` when it is too far behind.
    pub(super) fn asked(&mut self, ticket: Option<Ticket>) {
        self.since = Duration::ZERO;
        self.job = ticket.as_ref().map_or(self.job, |ticket| ticket.job);
        self.under_way = ticket;
    }

    /// A job was answered: whether it was one for words so far that are still wanted.
    pub(super) fn answered(&mut self, job: u64, transcript: Option<&Transcript>) -> bool {
        if job == self.job
            && transcript.is_some_and(|transcript| transcript.compute > LONGEST_COMPUTE)
        {
            self.rest = REST;
        }
        self.under_way.take_if(|ticket| ticket.job == job).is_some()
    }

    /// Nobody waits for them any more.
    pub(super) fn give_up(&mut self) {
        if let Some(ticket) = self.under_way.take() {
            ticket.give_up();
        }
    }
}
