//! Speech.
#![cfg_attr(test, allow(clippy::unwrap_used))]
pub mod models;
pub mod resample;
pub mod vad;
pub mod wav;
pub mod whisper;
