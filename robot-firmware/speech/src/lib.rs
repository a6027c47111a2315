//! Speech: hearing it, understanding it, translating it and speaking it, all on the robot.
//!
//! - [`models`] installs and finds the models that everything else needs;
//! - [`wav`] and [`resample`] bring recordings to 16 kHz mono, [`vad`] says when somebody speaks;
//! - [`whisper`] turns an utterance into text and names its language;
//! - [`scoring`] tells how well it does that on labelled clips;
//! - [`translate`] turns text into another language;
//! - [`meaning`] turns a question into a vector that can be compared;
//! - [`voice`] turns text into sound.
//!
//! Everything here blocks: threads, queues and cancellation belong to the daemon, apart from the
//! workers inside the networks. No sound is written to disk unless [`wav::write`] is called.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod meaning;
pub mod models;
mod program;
pub mod resample;
pub mod scoring;
pub mod sentences;
pub mod translate;
pub mod vad;
pub mod voice;
pub mod wav;
pub mod whisper;
