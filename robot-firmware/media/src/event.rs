//! What passes between the engine and the daemon.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use bytes::Bytes;
use crossbeam_channel::{Sender, TrySendError};
use madoguchi_shared::signal::Signal;
use tracing::error;

/// Samples a second of an [`AudioBlock`].
pub const MICROPHONE_RATE_HZ: u32 = 16_000;
/// Samples of an [`AudioBlock`]: 10 ms.
pub const MICROPHONE_BLOCK_SAMPLES: usize = 160;

/// What happened in the engine.
#[derive(Debug, Clone, PartialEq)]
pub enum MediaEvent {
    /// To be carried to the operator's page.
    OperatorSignal(Signal),
    /// To be carried to the robot's own screen page.
    ScreenSignal(Signal),
    /// The operator's leg is connected: picture and sound may flow both ways.
    CallConnected {
        /// The call.
        session: u32,
    },
    /// The first picture data of the operator came in.
    OperatorVideo {
        /// The call.
        session: u32,
    },
    /// The connection to the operator doesn't answer; it may come back by itself.
    CallInterrupted {
        /// The call.
        session: u32,
    },
    /// An interrupted connection answers again.
    CallResumed {
        /// The call.
        session: u32,
    },
    /// The call is over because it can't go on; there is nothing left to end.
    CallFailed {
        /// The call.
        session: u32,
        /// Why, in a sentence for the log.
        reason: String,
    },
    /// The control channel to the operator's page is open.
    ControlOpen {
        /// The call.
        session: u32,
    },
    /// The operator's page sent this over the reliable channel.
    ControlMessage(Bytes),
    /// The operator's page sent this over the channel that may lose and reorder.
    MotionMessage(Bytes),
    /// The loudspeaker begins with a clip.
    PlaybackStarted {
        /// The clip.
        id: u64,
    },
    /// A clip is over. Every clip that was given to the engine gets exactly one of these.
    PlaybackEnded {
        /// The clip.
        id: u64,
        /// Whether it was cut off, or never played at all.
        cut: bool,
    },
    /// Sound levels, about ten a second. 0 is silence (−60 dBFS and below), 1 is full scale; in
    /// between the scale is linear in decibels.
    Levels {
        /// At the microphone.
        microphone: f32,
        /// At the loudspeaker.
        loudspeaker: f32,
    },
    /// The microphone doesn't work; the engine keeps trying.
    MicrophoneLost {
        /// Why.
        reason: String,
    },
    /// The microphone works again.
    MicrophoneBack,
    /// The camera doesn't work; the engine keeps trying as long as the call stands.
    CameraLost {
        /// Why.
        reason: String,
    },
    /// A still that was asked for.
    Still {
        /// Its number.
        number: u32,
        /// As JPEG; absent when the camera gave none.
        jpeg: Option<Bytes>,
    },
    /// The camera works again.
    CameraBack,
    /// The loudspeaker doesn't work; the engine keeps trying.
    LoudspeakerLost {
        /// Why.
        reason: String,
    },
    /// The loudspeaker works again.
    LoudspeakerBack,
    /// A thread or task of the engine has panicked. Only a new engine is whole again.
    Panicked {
        /// On which thread; tasks run on those of the runtime.
        thread: String,
    },
}

/// 10 ms of sound from the microphone: [`MICROPHONE_BLOCK_SAMPLES`] samples at
/// [`MICROPHONE_RATE_HZ`], one channel, from −1 to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct AudioBlock {
    /// Counts all blocks from 0; a gap means that the receiver's queue was full.
    pub number: u64,
    /// When the last sample reached the engine.
    pub at: Instant,
    /// How loud the microphone was, as RMS from 0 to 1, before voice processing took out echo and
    /// noise and levelled the rest.
    pub input_rms: f32,
    /// The samples.
    pub samples: Vec<f32>,
}

/// Something for the loudspeaker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpeechClip {
    /// Named in the playback events; the caller keeps it unique.
    pub id: u64,
    /// Samples a second.
    pub sample_rate: u32,
    /// One channel.
    pub samples: Vec<i16>,
}

/// The engine's end of the daemon's event queue. Never blocks: it is used from streaming threads.
#[derive(Debug, Clone)]
pub(crate) struct EventSink {
    events: Sender<MediaEvent>,
    lost: Arc<AtomicU64>,
}

impl EventSink {
    pub(crate) fn new(events: Sender<MediaEvent>) -> Self {
        Self {
            events,
            lost: Arc::default(),
        }
    }

    pub(crate) fn send(&self, event: MediaEvent) {
        match self.events.try_send(event) {
            Ok(()) | Err(TrySendError::Disconnected(_)) => {}
            Err(TrySendError::Full(_)) => {
                let lost = self.lost.fetch_add(1, Ordering::Relaxed) + 1;
                error!(
                    lost,
                    "the queue of media events is full and one is lost: the daemon's loop doesn't read it"
                );
            }
        }
    }

    /// For what is out of date at once: skipped while the queue is more than half full, so that it
    /// can't crowd out what matters.
    pub(crate) fn send_if_roomy(&self, event: MediaEvent) {
        let roomy = self
            .events
            .capacity()
            .is_none_or(|capacity| self.events.len() * 2 <= capacity);
        if roomy {
            let _ = self.events.try_send(event);
        }
    }
}

impl Drop for EventSink {
    /// Who panics can't tell it any more: what they told events with does.
    fn drop(&mut self) {
        if std::thread::panicking() {
            let thread = std::thread::current();
            let thread = thread.name().unwrap_or("media").to_owned();
            self.send(MediaEvent::Panicked { thread });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_panics_with_its_sink_is_told_and_one_that_ends_is_not() {
        let (events, told) = crossbeam_channel::bounded(8);
        let sink = EventSink::new(events);
        let run = |panics: bool| {
            let sink = sink.clone();
            let body = move || {
                let _sink = sink;
                assert!(!panics, "as asked for");
            };
            let thread = std::thread::Builder::new().name("media-mic".to_owned());
            thread.spawn(body).unwrap().join().is_err()
        };
        assert!(!run(false));
        assert!(told.try_recv().is_err());
        assert!(run(true));
        let thread = "media-mic".to_owned();
        assert_eq!(told.try_recv(), Ok(MediaEvent::Panicked { thread }));
    }
}
