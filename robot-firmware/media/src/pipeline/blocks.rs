//! Sound cut into the recogniser's blocks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::Instant;

use crossbeam_channel::{Sender, TrySendError};
use tracing::warn;

use crate::event::{AudioBlock, MICROPHONE_BLOCK_SAMPLES};

/// The format from which blocks are cut, at [`crate::MICROPHONE_RATE_HZ`].
#[cfg(target_endian = "little")]
pub(super) const SAMPLE_FORMAT: &str = "F32LE";
#[cfg(target_endian = "big")]
pub(super) const SAMPLE_FORMAT: &str = "F32BE";

/// One voice on its way to the recogniser. Its blocks are counted over all of its clones.
#[derive(Debug, Clone)]
pub(crate) struct BlockMaker {
    out: Sender<AudioBlock>,
    number: Arc<AtomicU64>,
    full: Arc<AtomicBool>,
    /// The bits of the newest `f32`.
    input_rms: Arc<AtomicU32>,
}

impl BlockMaker {
    pub(crate) fn new(out: Sender<AudioBlock>) -> Self {
        Self {
            out,
            number: Arc::default(),
            full: Arc::default(),
            input_rms: Arc::default(),
        }
    }

    /// Notes how loud the sound is before it is processed; 0 where nobody does.
    pub(super) fn note_input(&self, rms: f32) {
        self.input_rms.store(rms.to_bits(), Ordering::Relaxed);
    }

    pub(super) fn collect(self) -> impl FnMut(&[u8]) + Send + 'static {
        let mut samples = Vec::with_capacity(MICROPHONE_BLOCK_SAMPLES);
        move |bytes| {
            for sample in bytes.as_chunks::<4>().0 {
                samples.push(f32::from_ne_bytes(*sample));
                if samples.len() == MICROPHONE_BLOCK_SAMPLES {
                    let full = std::mem::replace(
                        &mut samples,
                        Vec::with_capacity(MICROPHONE_BLOCK_SAMPLES),
                    );
                    self.send(full);
                }
            }
        }
    }

    fn send(&self, samples: Vec<f32>) {
        let block = AudioBlock {
            number: self.number.fetch_add(1, Ordering::Relaxed),
            at: Instant::now(),
            input_rms: f32::from_bits(self.input_rms.load(Ordering::Relaxed)),
            samples,
        };
        match self.out.try_send(block) {
            Ok(()) => self.full.store(false, Ordering::Relaxed),
            Err(TrySendError::Disconnected(_)) => {}
            Err(TrySendError::Full(block)) => {
                if !self.full.swap(true, Ordering::Relaxed) {
                    warn!(
                        block = block.number,
                        "the listener doesn't keep up; sound on its way to the recogniser is lost"
                    );
                }
            }
        }
    }
}
