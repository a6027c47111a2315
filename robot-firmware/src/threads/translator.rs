//! Translation, on the one thread that owns the models.

use crossbeam_channel::Sender;
use madoguchi_core::Input;
use madoguchi_shared::ids::Lang;
use madoguchi_speech::translate::{MachineTranslator, Translator};
use tracing::warn;

use super::pulse::Work;
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

/// What the thread is asked for.
#[derive(Debug)]
pub enum TranslatorJob {
    /// To translate.
    Translate(Translation),
    /// To forget what it has translated: the visit is over.
    Forget,
}

/// Serves until the queue is dropped.
pub fn run(mut translator: MachineTranslator, jobs: Work<TranslatorJob>, events: Sender<Event>) {
    for job in jobs {
        let TranslatorJob::Translate(job) = job else {
            translator.forget();
            continue;
        };
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
pub fn run_without(jobs: Work<TranslatorJob>, events: Sender<Event>) {
    for job in jobs {
        let TranslatorJob::Translate(job) = job else {
            continue;
        };
        let _ = events.send(Event::Core(Input::Translated {
            request: job.request,
            text: None,
        }));
    }
}
