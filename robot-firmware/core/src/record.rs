//! A recorded visit, and its replay.
//!
//! A record is a text file of one JSON object a line: the [`Header`], then each input with its
//! moment followed by the outputs it led to. It is written only when asked for (`--record`), since
//! it holds what people said.

use serde::{Deserialize, Serialize};

use crate::machine::{Machine, Settings};
use crate::{Input, Now, Output};

/// The first line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// Version of this format: 1.
    pub madoguchi_record: u32,
    /// Name and version of the knowledge pack that was in use.
    pub pack: String,
    /// What the machine was told at its start.
    pub settings: Settings,
}

/// A later line: something that happened, and what the machine did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// When.
    pub now: Now,
    /// What; `None` when a deadline passed.
    pub input: Option<Input>,
    /// What followed.
    pub outputs: Vec<Output>,
}

/// A step whose outputs differ from the recorded ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Counts the steps from 1.
    pub step: usize,
    /// As recorded.
    pub recorded: Vec<Output>,
    /// As replayed.
    pub replayed: Vec<Output>,
}

/// Performs one step and returns what the machine wants done.
pub fn perform(machine: &mut Machine, input: Option<Input>, now: Now) -> Vec<Output> {
    match input {
        Some(input) => machine.handle(input, now),
        None => machine.handle_timeout(now),
    }
    std::iter::from_fn(|| machine.poll_output()).collect()
}

/// Replays steps on a fresh machine and returns the first difference.
pub fn replay(machine: &mut Machine, steps: impl IntoIterator<Item = Step>) -> Option<Difference> {
    while machine.poll_output().is_some() {}
    steps.into_iter().enumerate().find_map(|(index, step)| {
        let replayed = perform(machine, step.input, step.now);
        (replayed != step.outputs).then_some(Difference {
            step: index + 1,
            recorded: step.outputs,
            replayed,
        })
    })
}
