//! Playback: the device pulls, the [`Mixer`] gives.

use std::sync::{Arc, Mutex};

use gstreamer as gst;
use gstreamer::prelude::*;

use super::device::{Device, Progress};
use super::echo::EchoCanceller;
use super::level::{self, Levels};
use super::mixer::{Mixer, Playback, RATE_HZ};
use super::{
    Joint, PipelineError, add_and_link, caps_filter, element, mono, overwritten, plain, room,
};
use crate::config::LoudspeakerSink;
use crate::event::{EventSink, MediaEvent};

const NAME: &str = "loudspeaker";
#[cfg(target_endian = "little")]
const SAMPLE_FORMAT: &str = "S16LE";
#[cfg(target_endian = "big")]
const SAMPLE_FORMAT: &str = "S16BE";
#[cfg(target_endian = "little")]
const ROOM_FORMAT: &str = "F32LE";
#[cfg(target_endian = "big")]
const ROOM_FORMAT: &str = "F32BE";
/// What a simulated loudspeaker holds back where it is heard, as a real one would, and reports.
const ROOM_DEVICE_LATENCY: gst::ClockTime = gst::ClockTime::from_mseconds(60);
/// 10 ms.
const BUFFER_SAMPLES: usize = 480;
/// What the device may hold back, in microseconds. Together with a buffer of 10 ms it keeps the
/// time from "stop" to silence well under 100 ms.
const DEVICE_BUFFER_US: i64 = 60_000;
const DEVICE_PERIOD_US: i64 = 10_000;

/// The queue of what is to be heard, shared between those who speak and the device.
#[derive(Clone)]
pub(crate) struct Playout {
    mixer: Arc<Mutex<Mixer>>,
    events: EventSink,
}

impl Playout {
    pub(crate) fn new(events: EventSink) -> Self {
        Self {
            mixer: Arc::default(),
            events,
        }
    }

    pub(crate) fn play(&self, id: u64, samples: Vec<i16>) {
        self.with(|mixer| mixer.push_clip(id, samples).into_iter().collect());
    }

    /// Ends a clip that can't be played.
    pub(crate) fn refuse(&self, id: u64) {
        self.tell(vec![Playback::Ended { id, cut: true }]);
    }

    pub(crate) fn stop(&self) {
        self.with(Mixer::stop_clips);
    }

    pub(crate) fn voice(&self, samples: impl IntoIterator<Item = i16>) {
        self.with(|mixer| {
            mixer.push_voice(samples);
            Vec::new()
        });
    }

    pub(crate) fn mute_voice(&self, mute: bool) {
        self.with(|mixer| {
            mixer.mute_voice(mute);
            Vec::new()
        });
    }

    pub(crate) fn set_volume(&self, factor: f32) {
        self.with(|mixer| {
            mixer.set_volume(factor);
            Vec::new()
        });
    }

    fn set_device(&self, works: bool) {
        self.with(|mixer| mixer.set_device(works));
    }

    fn fill(&self, out: &mut [i16]) {
        self.with(|mixer| mixer.fill(out));
    }

    fn with(&self, act: impl FnOnce(&mut Mixer) -> Vec<Playback>) {
        let happened = match self.mixer.lock() {
            Ok(mut mixer) => act(&mut mixer),
            Err(_) => return,
        };
        self.tell(happened);
    }

    fn tell(&self, happened: Vec<Playback>) {
        for playback in happened {
            self.events.send(match playback {
                Playback::Started { id } => MediaEvent::PlaybackStarted { id },
                Playback::Ended { id, cut } => MediaEvent::PlaybackEnded { id, cut },
            });
        }
    }
}

/// The loudspeaker's device.
pub(crate) struct Loudspeaker {
    sink: LoudspeakerSink,
    playout: Playout,
    joint: Joint,
    events: EventSink,
    levels: Levels,
}

impl Loudspeaker {
    pub(crate) fn new(
        sink: LoudspeakerSink,
        playout: Playout,
        joint: Joint,
        events: EventSink,
        levels: Levels,
    ) -> Self {
        Self {
            sink,
            playout,
            joint,
            events,
            levels,
        }
    }

    /// The elements that let sound out, in a row.
    fn sink(&self) -> Result<Vec<gst::Element>, PipelineError> {
        let sink = match &self.sink {
            LoudspeakerSink::Simulated => return self.simulated(),
            LoudspeakerSink::Alsa { device } => element("alsasink", |builder| {
                builder
                    .property("device", device)
                    .property("buffer-time", DEVICE_BUFFER_US)
                    .property("latency-time", DEVICE_PERIOD_US)
            }),
            LoudspeakerSink::Pulse { device } => element("pulsesink", |builder| {
                builder
                    .property_if_some("device", device.as_ref())
                    .property("buffer-time", DEVICE_BUFFER_US)
                    .property("latency-time", DEVICE_PERIOD_US)
            }),
            LoudspeakerSink::Pipewire { target } => element("pipewiresink", |builder| {
                builder.property_if_some("target-object", target.as_ref())
            }),
        };
        Ok(vec![sink?])
    }

    /// A sink that takes its time; a room hears what it takes.
    fn simulated(&self) -> Result<Vec<gst::Element>, PipelineError> {
        let Some(room) = self.joint.room.clone() else {
            let sink = element("fakesink", |builder| builder.property("sync", true))?;
            return Ok(vec![sink]);
        };
        let sink = element("fakesink", |builder| {
            builder
                .property("sync", true)
                .property("render-delay", ROOM_DEVICE_LATENCY.nseconds())
        })?;
        let caps = caps_filter(&mono(ROOM_FORMAT, room::RATE_HZ))?;
        caps.static_pad("src")
            .ok_or(PipelineError::Link(NAME))?
            .add_probe(gst::PadProbeType::BUFFER, move |_, info| {
                if let Some(buffer) = info.buffer()
                    && let Some(at) = buffer.pts()
                    && let Ok(map) = buffer.map_readable()
                {
                    room.play(at + ROOM_DEVICE_LATENCY, &map);
                }
                gst::PadProbeReturn::Ok
            });
        Ok(vec![caps, sink])
    }
}

impl Device for Loudspeaker {
    type Command = std::convert::Infallible;
    const THREAD: &'static str = "media-speaker";

    fn build(&mut self, progress: &Progress) -> Result<gst::Pipeline, PipelineError> {
        let pipeline = self.joint.timebase.pipeline();
        let source = element("audiotestsrc", |builder| {
            builder
                .property("is-live", true)
                .property_from_str("wave", "silence")
                .property("samplesperbuffer", BUFFER_SAMPLES as i32)
        })?;
        let format = caps_filter(&mono(SAMPLE_FORMAT, RATE_HZ))?;
        let ear = self.joint.canceller.as_ref().map(EchoCanceller::ear);
        let meter = level::meter()?;
        let convert = plain("audioconvert")?;
        let resample = plain("audioresample")?;
        let sink = self.sink()?;
        let row: Vec<&gst::Element> = [&source, &format]
            .into_iter()
            .chain(&ear)
            .chain([&meter, &convert, &resample])
            .chain(&sink)
            .collect();
        add_and_link(&pipeline, NAME, &row)?;
        let playout = self.playout.clone();
        let progress = progress.clone();
        format
            .static_pad("src")
            .ok_or(PipelineError::Link(NAME))?
            .add_probe(gst::PadProbeType::BUFFER, move |_, info| {
                if let Some(buffer) = info.buffer_mut()
                    && let Ok(mut map) = overwritten(buffer).map_writable()
                {
                    progress.step();
                    for part in map.chunks_mut(2 * BUFFER_SAMPLES) {
                        let mut samples = [0; BUFFER_SAMPLES];
                        playout.fill(&mut samples[..part.len() / 2]);
                        for (bytes, sample) in part.as_chunks_mut::<2>().0.iter_mut().zip(samples) {
                            *bytes = sample.to_ne_bytes();
                        }
                    }
                }
                gst::PadProbeReturn::Ok
            });
        Ok(pipeline)
    }

    fn command(&mut self, _: Option<&gst::Pipeline>, command: Self::Command) {
        match command {}
    }

    fn level(&mut self, level: f32) {
        self.levels.loudspeaker(level);
    }

    fn lost(&mut self, reason: String) {
        self.levels.loudspeaker(0.0);
        self.playout.set_device(false);
        self.events.send(MediaEvent::LoudspeakerLost { reason });
    }

    fn back(&mut self) {
        self.playout.set_device(true);
        self.events.send(MediaEvent::LoudspeakerBack);
    }
}
