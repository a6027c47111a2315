//! Translation, on the one thread that owns the models.

use crossbeam_channel::Sender;
use madoguchi_core::{Input, MachineTranslation};
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
        let done = translator
            .translate(&job.from, &job.to, &job.text)
            .inspect_err(|error| warn!("no translation: {error}"))
            .ok();
        let translated = done.map(|done| {
            let judged = translator.judge(&job.from, &job.to, &job.text, &done);
            MachineTranslation {
                text: done.text,
                back: judged.back,
                confidence: judged.confidence,
            }
        });
        let _ = events.send(Event::Core(Input::Translated {
            request: job.request,
            translated,
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
            translated: None,
        }));
    }
}
