//! The robot's media engine: camera, microphone and loudspeaker through GStreamer, calls with an
//! operator through WebRTC.
//!
//! The engine decides nothing about a visit. It carries out what the daemon asks of
//! [`MediaEngine`] and tells what happened in [`MediaEvent`]s.
//!
//! ```text
//! microphone ─┬─ 16 kHz blocks ───────────────────────────► recogniser (the daemon)
//!             └─ Opus ─┐
//! camera ────── VP8 ───┴─► operator's page ─┬─ Opus ─► decoder ─► mixer ─► loudspeaker
//!                                           │             speech clips ─┘
//!                                           └─ VP8, untouched ─► screen page (loopback)
//! ```
//!
//! What the loudspeaker plays is taken out of the microphone's sound before anybody hears it.
//!
//! # Threads and tasks
//!
//! | who | lives | takes from (bound) |
//! | --- | --- | --- |
//! | thread `media-mic` | with the engine | commands (32), bus messages (64) |
//! | thread `media-speaker` | with the engine | bus messages (64); clips (5 min), voice (200 ms) |
//! | thread `media-camera` | with a call | commands (32), bus messages (64) |
//! | task conductor | with the engine | orders (256), events of the connections (512) |
//! | tasks pump ×2 | with a call | Opus packets (64), VP8 packets (256) |
//! | task follow-bandwidth | with a call | the latest estimate |
//! | tasks show, listen | with a track of the operator | the library's queue (256) |
//! | tasks key frames ×2, channels ×2 | with a connection | the library's queue (256) |
//! | GStreamer's streaming threads | with their pipeline | leaky queues, 200 ms at most |
//!
//! A queue of media that is full loses media; it never stops its producer.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod call;
mod conductor;
mod config;
mod devices;
mod engine;
mod error;
mod event;
mod peer;
mod picture;
mod pipeline;

pub use config::{
    CallConfig, CameraSource, LoudspeakerSink, MediaConfig, MicrophoneSource, SimulatedRoom,
    VideoFormat,
};
pub use devices::{DeviceKind, FoundDevice, find_devices};
pub use engine::MediaEngine;
pub use error::MediaError;
pub use event::{AudioBlock, MICROPHONE_BLOCK_SAMPLES, MICROPHONE_RATE_HZ, MediaEvent, SpeechClip};
pub use picture::Picture;
