//! Every long-lived thread and task of the daemon.
//!
//! | name | owner of | reads | bound | writes |
//! | --- | --- | --- | --- | --- |
//! | `loop` | core's machine, media engine | events | 256 | all queues below |
//! | | | media events | 256 | |
//! | `hearing` | voice detector, endpointer | microphone blocks | 200 (2 s) | jobs, events |
//! | | | results | 4 | |
//! | | | requests to hear again | 2 | |
//! | `recogniser` | Whisper | jobs | 4 | results, events |
//! | `voice` | Piper, Open JTalk, espeak-ng, sound kept in memory | sentences | 8 | events |
//! | `meaning` | sentence vectors | turns | 8 | events |
//! | `translator` | translation models | sentences | 32 | events |
//! | `presence` | the sensor for people in front, where one is configured | the sensor, every 200 ms | | events |
//! | `watchdog` | every part's beats | the beats, every 250 ms | | the service manager |
//! | `link` (task) | the console's socket | messages to the console | 256 | events |
//! | `keeper` (task) | the file of what is owed to the console | a flag that it changed | 1 | |
//! | back office (a task for each server) | an MCP server: its process or address | calls of tools | 8 | events |
//! | `screen` (task) | the page's sockets | views and levels (newest only), signals (64) | | events |
//! | media engine | pipelines, peer connections | see `madoguchi_media` | | media events, microphone blocks |
//!
//! Every thread ends when its input queue is dropped; the loop drops them at the end; `presence`
//! ends by [`Controls::stopping`]. A thread or
//! task that panics ends the daemon ([`ends`]), and so does one that hangs ([`pulse`]).

pub mod ends;
mod gate;
pub mod hearing;
pub mod meaning;
pub mod presence;
pub mod pulse;
pub mod recogniser;
pub mod translator;
pub mod voice;

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use madoguchi_shared::ids::Lang;

pub use gate::{Gate, gate};

/// What the loop tells several threads at once.
#[derive(Debug, Default)]
pub struct Controls {
    /// The sentence that the voices should be working on; 0 for none.
    pub say: AtomicU64,
    /// Set while what the microphone hears is not a visitor's: the robot's own voice or, without
    /// echo cancellation, an operator's.
    pub deaf: AtomicBool,
    /// Set while the loudspeaker sounds, by the robot's own voice or an operator's.
    pub sounding: AtomicBool,
    /// Set while the visitor wants no microphone.
    pub microphone_off: AtomicBool,
    /// The language that the visit has been held in so far.
    pub held: Mutex<Option<Lang>>,
    /// Set while a visitor is here or heard; work that nobody waits for rests then.
    pub serving: AtomicBool,
    /// Set once a recogniser is there.
    pub recognises: AtomicBool,
    /// Set where the recogniser is fast enough to show words while somebody still speaks.
    pub captions: AtomicBool,
    /// Set once, at the end.
    pub stopping: AtomicBool,
}

impl Controls {
    /// Whether the visitor wants no microphone.
    pub fn microphone_off(&self) -> bool {
        self.microphone_off.load(Ordering::Relaxed)
    }

    /// Whether what the microphone hears is not a visitor's.
    pub fn deaf(&self) -> bool {
        self.deaf.load(Ordering::Relaxed)
    }

    /// Whether the daemon is ending.
    pub fn stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }
}

/// Events for the loop.
pub const EVENTS: usize = 256;
/// Blocks of 10 ms from the microphone.
pub const MICROPHONE_BLOCKS: usize = 200;
/// Sound for the recogniser, and words from it.
pub const RECOGNITIONS: usize = 4;
/// Utterances to be heard again.
pub const AGAIN: usize = 2;
/// Sentences for the voices.
pub const SENTENCES: usize = 8;
/// Turns for the sentence vectors.
pub const TURNS: usize = 8;
/// Sentences for translation.
pub const TRANSLATIONS: usize = 32;
/// Calls of a back-office server's tools.
pub const TOOL_CALLS: usize = 8;
/// Messages for the console.
pub const CONSOLE_MESSAGES: usize = 256;
