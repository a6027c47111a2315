//! Voice processing: echo cancellation, noise suppression and gain control of the WebRTC project,
//! as GStreamer's `webrtcdsp` has them.
//!
//! The canceller learns the room from what the loudspeaker plays. Its ear, a `webrtcechoprobe`,
//! stands in the loudspeaker's pipeline; `webrtcdsp` in the microphone's finds it by its name.
//! It puts both together by their timestamps and the latency that the loudspeaker reports, so
//! both pipelines need one clock and one zero.

use gstreamer as gst;
use gstreamer::prelude::*;
use tracing::warn;

use super::{PipelineError, element};
use crate::config::LoudspeakerSink;

/// By how much what is played goes to the canceller before it leaves the loudspeaker. Version 0.3 of
/// the library, Debian 12's, then finds an echo that comes 0 to 50 ms after that; without, only
/// one that comes after 30 to 80 ms. Later versions search further.
const LEAD: gst::ClockTime = gst::ClockTime::from_mseconds(30);

/// A sink that doesn't report what it holds back has its lead by that.
fn lead(loudspeaker: &LoudspeakerSink) -> gst::ClockTime {
    match loudspeaker {
        LoudspeakerSink::Pipewire { .. } => gst::ClockTime::ZERO,
        LoudspeakerSink::Simulated
        | LoudspeakerSink::Alsa { .. }
        | LoudspeakerSink::Pulse { .. } => LEAD,
    }
}

/// Both pipelines work at this rate while a canceller joins them.
pub(crate) const RATE_HZ: u32 = 48_000;

/// A canceller of one engine. Its copies share one ear, which moves into every new pipeline of the
/// loudspeaker: a microphone that has found it keeps it.
#[derive(Clone)]
pub(crate) struct EchoCanceller {
    ear: gst::Element,
    lead: gst::ClockTime,
}

impl EchoCanceller {
    /// Absent, with a warning, where the plugin isn't installed.
    pub(crate) fn new(loudspeaker: &LoudspeakerSink) -> Option<Self> {
        let filter = gst::ElementFactory::find("webrtcdsp");
        let ear = gst::ElementFactory::make("webrtcechoprobe").build();
        match (filter, ear) {
            (Some(_), Ok(ear)) => Some(Self {
                ear,
                lead: lead(loudspeaker),
            }),
            _ => {
                warn!(
                    "no echo cancellation: GStreamer's `webrtcdsp` is missing; install \
                     gstreamer1.0-plugins-bad, or the robot hears nobody while it speaks"
                );
                None
            }
        }
    }

    /// The ear, free for a new pipeline.
    pub(crate) fn ear(&self) -> gst::Element {
        let former = self.ear.parent().and_downcast::<gst::Bin>();
        if let Some(former) = former {
            let _ = former.remove(&self.ear);
            let _ = self.ear.set_state(gst::State::Null);
        }
        self.ear.clone()
    }

    /// A new filter for the microphone.
    pub(crate) fn filter(&self) -> Result<gst::Element, PipelineError> {
        let filter = element("webrtcdsp", |builder| {
            builder
                .property("probe", self.ear.name())
                .property_from_str("echo-suppression-level", "high")
        })?;
        let lead = self.lead;
        filter
            .static_pad("sink")
            .ok_or(PipelineError::Link("echo"))?
            .add_probe(gst::PadProbeType::BUFFER, move |_, info| {
                if let Some(buffer) = info.buffer_mut()
                    && let Some(at) = buffer.pts()
                {
                    buffer.make_mut().set_pts(at + lead);
                }
                gst::PadProbeReturn::Ok
            });
        Ok(filter)
    }
}
