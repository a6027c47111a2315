//! When the recogniser is asked for the words so far of a running utterance.

use std::time::Duration;

use madoguchi_speech::wav::SPEECH_RATE_HZ;
use madoguchi_speech::whisper::Transcript;

use super::jobs::Ticket;

/// Words so far are asked for this often, where the recogniser is fast enough.
const EVERY: Duration = Duration::from_millis(800);
/// The first ones are asked for after so much sound, so that they are there within a second.
const FIRST: Duration = Duration::from_millis(600);
/// The recogniser rests as long as it worked: the pass that is under way when somebody stops
/// can't be given up, and delays the words that the answer waits for.
const SHARE: u32 = 2;

/// Of a longer utterance only the newest sound is recognised, or its captions would come ever more
/// seldom: a look at it takes the longer the more it is.
const NEWEST: Duration = Duration::from_secs(6);

/// The schedule of words so far.
pub(super) struct Partials {
    /// Sound since the last ones were asked for.
    since: Duration,
    /// Sound between two of them in this utterance.
    every: Duration,
    /// The job that was asked for last.
    job: u64,
    /// Whether that job was given only the end of the utterance.
    cut: bool,
    /// That job, until it is answered or given up.
    under_way: Option<Ticket>,
}

impl Default for Partials {
    fn default() -> Self {
        Self {
            since: Duration::ZERO,
            every: EVERY,
            job: 0,
            cut: false,
            under_way: None,
        }
    }
}

impl Partials {
    /// An utterance began `ago`.
    pub(super) fn begin(&mut self, ago: Duration) {
        self.since = ago + EVERY.saturating_sub(FIRST);
        self.every = EVERY;
    }

    /// So much more sound is there.
    pub(super) fn pass(&mut self, sound: Duration) {
        self.since += sound;
    }

    pub(super) fn due(&self) -> bool {
        self.since >= self.every
    }

    /// The sound to be recognised, of an utterance's so far.
    pub(super) fn newest_of(&mut self, mut sound: Vec<f32>) -> Vec<f32> {
        let samples = (NEWEST.as_secs_f64() * f64::from(SPEECH_RATE_HZ)) as usize;
        let surplus = sound.len().saturating_sub(samples);
        self.cut = surplus > 0;
        sound.drain(..surplus);
        sound
    }

    /// The caption for the words of the newest sound.
    pub(super) fn words(&self, text: &str) -> String {
        match self.cut {
            true => format!("… {text}"),
            false => text.to_owned(),
        }
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
            && let Some(transcript) = transcript
        {
            self.every = EVERY.max(transcript.compute * SHARE);
        }
        self.under_way.take_if(|ticket| ticket.job == job).is_some()
    }

    /// Nobody waits for them any more. Who goes on speaking gets the next ones soon.
    pub(super) fn give_up(&mut self) {
        if let Some(ticket) = self.under_way.take() {
            ticket.give_up();
            self.since = self.every;
        }
    }
}
