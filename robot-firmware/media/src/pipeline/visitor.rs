//! Who speaks into the simulated microphone.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use crate::event::MICROPHONE_RATE_HZ;

/// Two minutes; longer recordings are cut.
const LIMIT_SAMPLES: usize = 120 * MICROPHONE_RATE_HZ as usize;

/// A queue of samples at [`MICROPHONE_RATE_HZ`]; silence when it is empty.
#[derive(Clone, Default)]
pub(crate) struct Visitor(Arc<Mutex<VecDeque<f32>>>);

impl Visitor {
    /// Lets somebody speak, after whoever is speaking already.
    pub(crate) fn speak(&self, samples: Vec<f32>) {
        if let Ok(mut queue) = self.0.lock() {
            let room = LIMIT_SAMPLES.saturating_sub(queue.len());
            queue.extend(samples.into_iter().take(room));
        }
    }

    /// Overwrites `out`, samples as native-endian `f32`, with what is said now.
    pub(crate) fn fill(&self, out: &mut [u8]) {
        let Ok(mut queue) = self.0.lock() else {
            return;
        };
        for bytes in out.as_chunks_mut::<4>().0 {
            *bytes = queue.pop_front().unwrap_or(0.0).to_ne_bytes();
        }
    }
}
