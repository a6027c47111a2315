//! Capture: one device, two readers. The recogniser's blocks always flow; the call's Opus packets
//! only while a call stands.

use std::sync::{Arc, Mutex};

use crossbeam_channel::Sender;
use gstreamer as gst;
use gstreamer::prelude::*;

use super::blocks::{BlockMaker, SAMPLE_FORMAT};
use super::device::{Device, Progress};
use super::echo::{EchoCanceller, RATE_HZ};
use super::level::{self, Levels};
use super::visitor::Visitor;
use super::{
    Joint, OPUS_PAYLOAD_TYPE, PacketSender, PipelineError, add_and_link, byte_sink, caps_filter,
    element, leaky_queue, mono, overwritten, plain,
};
use crate::config::MicrophoneSource;
use crate::event::{AudioBlock, EventSink, MICROPHONE_RATE_HZ, MediaEvent};

const NAME: &str = "microphone";
/// Webrtc's processing and Opus both like it best; the recogniser's rate is made from it.
const CAPTURE_RATE_HZ: u32 = RATE_HZ;
const VALVE: &str = "call";
const QUEUE: gst::ClockTime = gst::ClockTime::from_mseconds(200);

/// What can be asked of the microphone.
pub(crate) enum MicrophoneCommand {
    /// Encode for a call and send the packets there; stop with `None`.
    Encode(Option<PacketSender>),
}

/// The microphone's device.
pub(crate) struct Microphone {
    source: MicrophoneSource,
    visitor: Visitor,
    joint: Joint,
    events: EventSink,
    levels: Levels,
    blocks: BlockMaker,
    outlet: Arc<Mutex<Option<PacketSender>>>,
}

impl Microphone {
    pub(crate) fn new(
        source: MicrophoneSource,
        visitor: Visitor,
        joint: Joint,
        events: EventSink,
        levels: Levels,
        blocks: Sender<AudioBlock>,
    ) -> Self {
        Self {
            source,
            visitor,
            joint,
            events,
            levels,
            blocks: BlockMaker::new(blocks),
            outlet: Arc::default(),
        }
    }

    fn encodes(&self) -> bool {
        self.outlet.lock().is_ok_and(|outlet| outlet.is_some())
    }

    fn measure_input(&self, capture: &gst::Element) -> Result<(), PipelineError> {
        let pad = capture.static_pad("src").ok_or(PipelineError::Link(NAME))?;
        let blocks = self.blocks.clone();
        pad.add_probe(gst::PadProbeType::BUFFER, move |_, info| {
            if let Some(buffer) = info.buffer()
                && let Ok(map) = buffer.map_readable()
            {
                blocks.note_input(rms(&map));
            }
            gst::PadProbeReturn::Ok
        });
        Ok(())
    }

    /// The elements that deliver sound, in a row.
    fn source(&self) -> Result<Vec<gst::Element>, PipelineError> {
        let source = match &self.source {
            MicrophoneSource::Simulated => return self.simulated(),
            MicrophoneSource::Alsa { device } => element("alsasrc", |builder| {
                builder
                    .property("device", device)
                    .property("buffer-time", 100_000i64)
                    .property("latency-time", 10_000i64)
            }),
            MicrophoneSource::Pulse { device } => element("pulsesrc", |builder| {
                builder
                    .property_if_some("device", device.as_ref())
                    .property("buffer-time", 100_000i64)
                    .property("latency-time", 10_000i64)
            }),
            MicrophoneSource::Pipewire { target } => element("pipewiresrc", |builder| {
                builder.property_if_some("target-object", target.as_ref())
            }),
        };
        Ok(vec![source?])
    }

    /// GStreamer's test source gives the real-time beat; what is heard is written over its silence.
    fn simulated(&self) -> Result<Vec<gst::Element>, PipelineError> {
        let source = element("audiotestsrc", |builder| {
            builder
                .property("is-live", true)
                .property_from_str("wave", "silence")
                .property("samplesperbuffer", 160i32)
        })?;
        let caps = caps_filter(&mono(SAMPLE_FORMAT, MICROPHONE_RATE_HZ))?;
        let visitor = self.visitor.clone();
        let room = self.joint.room.clone();
        caps.static_pad("src")
            .ok_or(PipelineError::Link(NAME))?
            .add_probe(gst::PadProbeType::BUFFER, move |_, info| {
                if let Some(buffer) = info.buffer_mut() {
                    let at = buffer.pts();
                    if let Ok(mut map) = overwritten(buffer).map_writable() {
                        visitor.fill(&mut map);
                        if let (Some(room), Some(at)) = (&room, at) {
                            room.hear(at, &mut map);
                        }
                    }
                }
                gst::PadProbeReturn::Ok
            });
        Ok(vec![source, caps])
    }
}

impl Device for Microphone {
    type Command = MicrophoneCommand;
    const THREAD: &'static str = "media-mic";

    fn build(&mut self, progress: &Progress) -> Result<gst::Pipeline, PipelineError> {
        let pipeline = self.joint.timebase.pipeline();
        let source = self.source()?;
        let convert = plain("audioconvert")?;
        let resample = plain("audioresample")?;
        let capture = caps_filter(&mono("S16LE", CAPTURE_RATE_HZ))?;
        self.measure_input(&capture)?;
        let canceller = self.joint.canceller.as_ref();
        let processing = canceller.map(EchoCanceller::filter).transpose()?;
        let meter = level::meter()?;
        let tee = plain("tee")?;
        let row: Vec<&gst::Element> = source
            .iter()
            .chain([&convert, &resample, &capture])
            .chain(&processing)
            .chain([&meter, &tee])
            .collect();
        add_and_link(&pipeline, NAME, &row)?;

        let down = plain("audioresample")?;
        let float = plain("audioconvert")?;
        let format = caps_filter(&mono(SAMPLE_FORMAT, MICROPHONE_RATE_HZ))?;
        let mut block = self.blocks.clone().collect();
        let progress = progress.clone();
        let sink = byte_sink(move |bytes| {
            progress.step();
            block(bytes);
        });
        add_and_link(
            &pipeline,
            NAME,
            &[&down, &float, &format, sink.upcast_ref()],
        )?;

        let call_queue = leaky_queue(QUEUE)?;
        let valve = element("valve", |builder| {
            builder.name(VALVE).property("drop", !self.encodes())
        })?;
        let encoder = element("opusenc", |builder| {
            builder
                .property_from_str("audio-type", "voice")
                .property("bitrate", 32_000i32)
                .property("inband-fec", true)
                .property("packet-loss-percentage", 5i32)
        })?;
        let payload = element("rtpopuspay", |builder| {
            builder
                .property("pt", u32::from(OPUS_PAYLOAD_TYPE))
                .property("mtu", 1_180u32)
        })?;
        let outlet = Arc::clone(&self.outlet);
        let call_sink = byte_sink(move |bytes| {
            if let Ok(outlet) = outlet.lock()
                && let Some(packets) = outlet.as_ref()
            {
                let _ = packets.try_send(bytes::Bytes::copy_from_slice(bytes));
            }
        });
        call_sink.set_async(false);
        add_and_link(
            &pipeline,
            NAME,
            &[
                &call_queue,
                &valve,
                &encoder,
                &payload,
                call_sink.upcast_ref(),
            ],
        )?;
        tee.link(&down)
            .and_then(|()| tee.link(&call_queue))
            .map_err(|_| PipelineError::Link(NAME))?;
        Ok(pipeline)
    }

    fn command(&mut self, pipeline: Option<&gst::Pipeline>, command: MicrophoneCommand) {
        let MicrophoneCommand::Encode(packets) = command;
        let encode = packets.is_some();
        if let Ok(mut outlet) = self.outlet.lock() {
            *outlet = packets;
        }
        if let Some(valve) = pipeline.and_then(|pipeline| pipeline.by_name(VALVE)) {
            valve.set_property("drop", !encode);
        }
    }

    fn level(&mut self, level: f32) {
        self.levels.microphone(level);
    }

    fn lost(&mut self, reason: String) {
        self.levels.microphone(0.0);
        self.events.send(MediaEvent::MicrophoneLost { reason });
    }

    fn back(&mut self) {
        self.events.send(MediaEvent::MicrophoneBack);
    }
}

/// The RMS, 0 to 1, of little-endian `i16`.
fn rms(bytes: &[u8]) -> f32 {
    let samples = bytes.as_chunks::<2>().0;
    let energy: f64 = samples
        .iter()
        .map(|sample| (f64::from(i16::from_le_bytes(*sample)) / 32_768.0).powi(2))
        .sum();
    (energy / samples.len().max(1) as f64).sqrt() as f32
}
