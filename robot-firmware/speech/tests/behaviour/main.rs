//! All that speech does, with real models and voices.
//!
//! One program for all of it: two threads of it run side by side, and it is linked once.
#![allow(clippy::unwrap_used)]

mod converts_whisper;
mod detects_voice;
mod installs_models;
mod reads_wav;
mod recognises_speech;
mod speaks;
mod speaks_in_pieces;
mod translates;
mod understands_meaning;

#[path = "../support/mod.rs"]
mod support;
