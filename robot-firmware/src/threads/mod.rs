//! Every long-lived thread and task of the daemon.
//!
//! | name | owner of | reads | bound | writes |
//! | --- | --- | --- | --- | --- |
//! | `loop` | core's machine, media engine | events | 256 | all queues below |
//! | | | media events | 256 | |
//! | | | what the motion gate tells | 1 | |
//! | `hearing` | voice detector, endpointer | microphone blocks | 200 (2 s) | jobs, events |
//! | | | results | 35 | |
//! | | | requests to hear again | 2 | |
//! | `operator-voice` | the same for the operator's voice | blocks of a call | 200 (2 s) | jobs, events |
//! | | | results | 35 | |
//! | `recogniser` | Whisper | jobs of both ([`jobs`]) | 34 | results, events |
//! | `voice` | Piper, Open JTalk, espeak-ng, sound kept in memory | sentences | 8 | events |
//! | `meaning` | sentence vectors | turns | 8 | events |
//! | `translator` | translation models | sentences | 32 | events |
//! | `presence` | the sensor for people in front, where one is configured | the sensor, every 200 ms | | events |
//! | `motion` | the motion gate, wheels, contacts and heartbeat, where there are wheels | the contacts, every 2 to 20 ms | | what is told |
//! | | | what the loop and `senses` tell ([`orders()`]) | 64 | |
//! | | | a protective stop, which waits in no queue | 1 | |
//! | `senses` | range sensors, battery and thermometer of a real base | the sensors, every 10 ms | | what it tells the motion gate |
//! | `bell` | a bell at a pin | rings | 1 | |
//! | `watchdog` | every part's beats | the beats, every 250 ms | | the service manager |
//! | `link` (task) | the console's socket | messages to the console | 256 | events |
//! | `keeper` (task) | the file of what is owed to the console | a flag that it changed | 1 | |
//! | back office (a task for each server) | an MCP server: its process or address | calls of tools | 8 | events |
//! | `screen` (task) | the page's sockets | views and levels (newest only), signals (64) | | events |
//! | media engine | pipelines, peer connections | see `madoguchi_media` | | media events, microphone blocks |
//!
//! Every thread ends when its input queue is dropped; the loop drops them at the end; `presence`,
//! `motion` and `senses` end by [`Controls::stopping`]. A thread or
//! task that panics ends the daemon ([`ends`]), and so does one that hangs ([`pulse`]).

pub mod ends;
mod gate;
pub mod hearing;
pub mod jobs;
pub mod meaning;
pub mod motion;
mod orders;
pub mod presence;
pub mod pulse;
pub mod recogniser;
pub mod senses;
pub mod translator;
pub mod voice;

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use madoguchi_shared::ids::Lang;

pub use gate::{Gate, gate};
use jobs::Voice;
pub use orders::{Orders, orders};

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
    /// The languages of the operator whose voice is to be heard, while one's is.
    pub operator: Mutex<Option<Vec<Lang>>>,
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
    /// Whether a voice is not to be heard, and what it said before is wanted no more.
    pub fn off(&self, voice: Voice) -> bool {
        match voice {
            Voice::Visitor => self.microphone_off.load(Ordering::Relaxed),
            Voice::Operator => self.operators_languages().is_none(),
        }
    }

    /// Whether what is heard now is not that voice.
    pub fn deaf(&self, voice: Voice) -> bool {
        voice == Voice::Visitor && self.deaf.load(Ordering::Relaxed)
    }

    /// The languages of the operator whose voice is to be heard, while one's is.
    pub fn operators_languages(&self) -> Option<Vec<Lang>> {
        self.operator.lock().ok().and_then(|own| own.clone())
    }

    /// Whether the daemon is ending.
    pub fn stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }
}

/// Events for the loop.
pub const EVENTS: usize = 256;
/// Blocks of 10 ms from the microphone, or of the operator's voice.
pub const VOICE_BLOCKS: usize = 200;
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
/// What the loop tells the motion gate.
pub const ORDERS: usize = 64;
/// What the motion gate tells: the newest is enough.
pub const TOLD: usize = 1;
/// Messages for the console.
pub const CONSOLE_MESSAGES: usize = 256;
