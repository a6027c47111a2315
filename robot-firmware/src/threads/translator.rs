//! Translation, on the one thread that owns the models.

use crossbeam_channel::{Receiver, Sender};
use madoguchi_core::Input;
use madoguchi_shared::ids::Lang;
use madoguchi_speech::translate::Translator;
use tracing::warn;

use crate::event::Event;

/// A sentence to translate.
#[derive(Debug)]
pub struct Translation {
    /// Number of the request.
    pub request: u64,
    /// From.
    pub from: Lang,
    /// To.
    pub to: Lang,
    /// The words.
    pub text: String,
}

/// Serves until the queue is dropped.
pub fn run(mut translator: impl Translator, jobs: Receiver<Translation>, events: Sender<Event>) {
    for job in jobs {
        let text = translator
            .translate(&job.from, &job.to, &job.text)
            .inspect_err(|error| warn!("no translation: {error}"))
            .ok()
            .map(|translated| translated.text);
        let _ = events.send(Event::Core(Input::Translated {
            request: job.request,
            text,
        }));
    }
}

/// Without models: every sentence stays as it is.
pub fn run_without(jobs: Receiver<Translation>, events: Sender<Event>) {
    for job in jobs {
        let _ = events.send(Event::Core(Input::Translated {
            request: job.request,
            text: None,
        }));
    }
}
