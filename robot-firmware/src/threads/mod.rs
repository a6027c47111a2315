//! Every long-lived thread and task of the daemon.
//!
//! | name | owner of | reads | bound | writes |
//! | --- | --- | --- | --- | --- |
//! | `loop` | core's machine, media engine | events | 256 | all queues below |
//! | | | media events | 256 | |
//! | `hearing` | voice detector, endpointer | microphone blocks | 100 (2 s) | utterances, events |
//! | `recogniser` | Whisper | utterances | 4 | events |
//! | `voice` | Piper, Open JTalk, espeak-ng | sentences | 8 | events |
//! | `meaning` | sentence vectors | turns | 8 | events |
//! | `translator` | translation models | sentences | 32 | events |
//! | `link` (task) | the console's socket | messages to the console | 256 | events |
//! | `screen` (task) | the page's sockets | views (newest only), levels (64) | | events |
//! | media engine | pipelines, peer connections | see `madoguchi_media` | | media events, microphone blocks |
//!
//! Every thread ends when its input queue is dropped; the loop drops them at the end.

pub mod hearing;
pub mod meaning;
pub mod recogniser;
pub mod translator;
pub mod voice;

use std::thread::{Builder, JoinHandle};

/// Events for the loop.
pub const EVENTS: usize = 256;
/// Blocks of 20 ms from the microphone.
pub const MICROPHONE_BLOCKS: usize = 100;
/// Utterances for the recogniser.
pub const UTTERANCES: usize = 4;
/// Sentences for the voices.
pub const SENTENCES: usize = 8;
/// Turns for the sentence vectors.
pub const TURNS: usize = 8;
/// Sentences for translation.
pub const TRANSLATIONS: usize = 32;
/// Messages for the console.
pub const CONSOLE_MESSAGES: usize = 256;

/// Starts a named thread.
///
/// # Errors
/// When the system has no more threads.
pub fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> std::io::Result<JoinHandle<()>> {
    Builder::new().name(name.to_owned()).spawn(body)
}
