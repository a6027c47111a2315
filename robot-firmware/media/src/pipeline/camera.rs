//! The camera and its encoder. They run only while a call stands.

use std::sync::{Arc, Mutex, PoisonError};

use crossbeam_channel::Sender;
use gstreamer as gst;
use gstreamer::prelude::*;
use gstreamer_video as gst_video;

use super::device::{Device, Progress};
use super::{
    PacketSender, PipelineError, VP8_PAYLOAD_TYPE, add_and_link, caps_filter, element, leaky_queue,
    packet_sink, plain,
};
use crate::config::{CameraSource, VideoFormat};
use crate::event::{EventSink, MediaEvent};
use crate::picture::NewestPicture;

const NAME: &str = "camera";
const VALVE: &str = "hold";
const ENCODER: &str = "encoder";
const SINK: &str = "packets";
/// Two pictures at 30 a second: what is older is stale.
const QUEUE: gst::ClockTime = gst::ClockTime::from_mseconds(66);

/// What can be asked of the camera.
pub(crate) enum CameraCommand {
    /// Make the next picture one that needs no other (RFC 6386, key frame).
    KeyFrame,
    /// Spend at most this on the picture.
    Bitrate { bit_s: u32 },
    /// Encode nothing, or go on.
    Hold(bool),
    /// Give the next picture, uncompressed.
    Still(Sender<gst::Sample>),
}

/// The camera's device.
pub(crate) struct Camera {
    source: CameraSource,
    format: VideoFormat,
    packets: PacketSender,
    newest: NewestPicture,
    events: EventSink,
    bitrate_bit_s: u32,
    hold: bool,
    /// Who waits for a still.
    still: Arc<Mutex<Option<Sender<gst::Sample>>>>,
}

impl Camera {
    pub(crate) fn new(
        source: CameraSource,
        format: VideoFormat,
        bitrate_bit_s: u32,
        packets: PacketSender,
        newest: NewestPicture,
        events: EventSink,
    ) -> Self {
        Self {
            source,
            format,
            packets,
            newest,
            events,
            bitrate_bit_s,
            hold: false,
            still: Arc::default(),
        }
    }

    fn source(&self) -> Result<gst::Element, PipelineError> {
        match &self.source {
            CameraSource::Simulated | CameraSource::None => element("videotestsrc", |builder| {
                builder
                    .property("is-live", true)
                    .property_from_str("pattern", "ball")
                    .property_from_str("motion", "sweep")
            }),
            CameraSource::V4l2 { device } => {
                element("v4l2src", |builder| builder.property("device", device))
            }
            CameraSource::Libcamera { name } => element("libcamerasrc", |builder| {
                builder.property_if_some("camera-name", name.as_ref())
            }),
        }
    }

    /// What the camera should deliver, best first: the very picture, else whatever it can.
    fn wishes(&self) -> gst::Caps {
        let exact = gst::Structure::builder("video/x-raw")
            .field("width", pixels(self.format.width))
            .field("height", pixels(self.format.height))
            .field(
                "framerate",
                gst::Fraction::new(pixels(self.format.frames_per_second), 1),
            )
            .build();
        gst::Caps::builder_full()
            .structure(exact)
            .structure(gst::Structure::new_empty("video/x-raw"))
            .build()
    }

    fn picture(&self) -> gst::Caps {
        gst::Caps::builder("video/x-raw")
            .field("format", "I420")
            .field("width", pixels(self.format.width))
            .field("height", pixels(self.format.height))
            .build()
    }
}

impl Device for Camera {
    type Command = CameraCommand;
    const THREAD: &'static str = "media-camera";

    fn build(&mut self, progress: &Progress) -> Result<gst::Pipeline, PipelineError> {
        self.newest.forget();
        let pipeline = gst::Pipeline::new();
        let source = self.source()?;
        let wishes = caps_filter(&self.wishes())?;
        let convert = plain("videoconvert")?;
        let scale = plain("videoscale")?;
        let rate = element("videorate", |builder| {
            builder
                .property("drop-only", true)
                .property("max-rate", pixels(self.format.frames_per_second))
        })?;
        let picture = caps_filter(&self.picture())?;
        let queue = leaky_queue(QUEUE)?;
        let valve = element("valve", |builder| {
            builder.name(VALVE).property("drop", self.hold)
        })?;
        let encoder = element("vp8enc", |builder| {
            builder
                .name(ENCODER)
                .property("threads", 1i32)
                .property("cpu-used", -8i32)
                .property("deadline", 1i64)
                .property("lag-in-frames", 0i32)
                .property_from_str("end-usage", "cbr")
                .property("target-bitrate", bitrate(self.bitrate_bit_s))
                .property("keyframe-max-dist", 300i32)
                .property("buffer-initial-size", 300i32)
                .property("buffer-optimal-size", 400i32)
                .property("buffer-size", 600i32)
        })?;
        let payload = element("rtpvp8pay", |builder| {
            builder
                .property("pt", u32::from(VP8_PAYLOAD_TYPE))
                .property("mtu", 1_180u32)
                .property_from_str("picture-id-mode", "15-bit")
        })?;
        let sink = packet_sink(self.packets.clone(), self.newest.clone());
        sink.set_property("name", SINK);
        add_and_link(
            &pipeline,
            NAME,
            &[
                &source,
                &wishes,
                &convert,
                &scale,
                &rate,
                &picture,
                &queue,
                &valve,
                &encoder,
                &payload,
                sink.upcast_ref(),
            ],
        )?;
        let progress = progress.clone();
        let still = Arc::clone(&self.still);
        picture
            .static_pad("src")
            .ok_or(PipelineError::Link(NAME))?
            .add_probe(gst::PadProbeType::BUFFER, move |pad, info| {
                progress.step();
                let wanted = still.lock().unwrap_or_else(PoisonError::into_inner).take();
                if let (Some(wanted), Some(buffer)) = (wanted, info.buffer()) {
                    let caps = pad.current_caps();
                    let sample = gst::Sample::builder()
                        .buffer(buffer)
                        .caps_if_some(caps.as_ref());
                    let _ = wanted.try_send(sample.build());
                }
                gst::PadProbeReturn::Ok
            });
        Ok(pipeline)
    }

    fn command(&mut self, pipeline: Option<&gst::Pipeline>, command: CameraCommand) {
        let part = |name| pipeline.and_then(|pipeline| pipeline.by_name(name));
        match command {
            CameraCommand::KeyFrame => {
                if let Some(pad) = part(SINK).and_then(|sink| sink.static_pad("sink")) {
                    pad.push_event(
                        gst_video::UpstreamForceKeyUnitEvent::builder()
                            .all_headers(true)
                            .build(),
                    );
                }
            }
            CameraCommand::Bitrate { bit_s } => {
                self.bitrate_bit_s = bit_s;
                if let Some(encoder) = part(ENCODER) {
                    encoder.set_property("target-bitrate", bitrate(bit_s));
                }
            }
            CameraCommand::Still(wanted) => {
                *self.still.lock().unwrap_or_else(PoisonError::into_inner) = Some(wanted);
            }
            CameraCommand::Hold(hold) => {
                self.hold = hold;
                if let Some(valve) = part(VALVE) {
                    valve.set_property("drop", hold);
                }
            }
        }
    }

    fn lost(&mut self, reason: String) {
        self.events.send(MediaEvent::CameraLost { reason });
    }

    fn back(&mut self) {
        self.events.send(MediaEvent::CameraBack);
    }
}

fn pixels(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

fn bitrate(bit_s: u32) -> i32 {
    i32::try_from(bit_s).unwrap_or(i32::MAX)
}
