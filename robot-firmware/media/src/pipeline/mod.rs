//! GStreamer: devices and codecs. Nothing here knows of networks or sessions; encoded media
//! leaves and enters as RTP packets (RFC 3550) in plain bytes.

pub(crate) mod blocks;
pub(crate) mod camera;
pub(crate) mod device;
pub(crate) mod echo;
pub(crate) mod level;
pub(crate) mod loudspeaker;
pub(crate) mod microphone;
pub(crate) mod mixer;
pub(crate) mod resample;
pub(crate) mod room;
pub(crate) mod still;
pub(crate) mod visitor;
pub(crate) mod voice;

use std::time::Duration;

use bytes::Bytes;
use gstreamer as gst;
use gstreamer::element_factory::ElementBuilder;
use gstreamer::prelude::*;
use gstreamer_app as gst_app;
use tokio::sync::mpsc;

use crate::error::MediaError;
use crate::picture::NewestPicture;

/// RTP payload type of VP8 towards an operator.
pub(crate) const VP8_PAYLOAD_TYPE: u8 = 96;
/// RTP payload type of VP8 retransmissions (RFC 4588).
pub(crate) const RTX_PAYLOAD_TYPE: u8 = 97;
/// RTP payload type of Opus.
pub(crate) const OPUS_PAYLOAD_TYPE: u8 = 111;

/// Where encoded packets go. Bounded by its maker; a packet that finds it full is dropped, since
/// late media is worse than lost media.
pub(crate) type PacketSender = mpsc::Sender<Bytes>;

/// Why a pipeline can't be built.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PipelineError {
    #[error("the element `{0}` can't be made; its GStreamer plugin isn't installed")]
    Element(&'static str),
    #[error("the elements of the {0} pipeline don't fit together")]
    Link(&'static str),
}

const NEEDED: [(&str, &str); 12] = [
    ("audiotestsrc", "gstreamer1.0-plugins-base"),
    ("audioconvert", "gstreamer1.0-plugins-base"),
    ("audioresample", "gstreamer1.0-plugins-base"),
    ("opusenc", "gstreamer1.0-plugins-base"),
    ("opusdec", "gstreamer1.0-plugins-base"),
    ("videotestsrc", "gstreamer1.0-plugins-base"),
    ("videoconvert", "gstreamer1.0-plugins-base"),
    ("level", "gstreamer1.0-plugins-good"),
    ("vp8enc", "gstreamer1.0-plugins-good"),
    ("rtpvp8pay", "gstreamer1.0-plugins-good"),
    ("rtpopuspay", "gstreamer1.0-plugins-good"),
    ("rtpjitterbuffer", "gstreamer1.0-plugins-good"),
];

/// Starts GStreamer and checks that the parts that every robot needs are there.
pub(crate) fn init() -> Result<(), MediaError> {
    gst::init().map_err(MediaError::Init)?;
    for (element, package) in NEEDED {
        if gst::ElementFactory::find(element).is_none() {
            return Err(MediaError::MissingElement { element, package });
        }
    }
    Ok(())
}

/// One clock and one zero, for pipelines whose timestamps are compared with each other.
#[derive(Debug, Clone)]
pub(crate) struct Timebase {
    clock: gst::Clock,
    zero: gst::ClockTime,
}

impl Timebase {
    pub(crate) fn new() -> Self {
        let clock = gst::SystemClock::obtain();
        let zero = clock.time();
        Self { clock, zero }
    }

    fn pipeline(&self) -> gst::Pipeline {
        let pipeline = gst::Pipeline::new();
        pipeline.use_clock(Some(&self.clock));
        pipeline.set_start_time(gst::ClockTime::NONE);
        pipeline.set_base_time(self.zero);
        pipeline
    }
}

/// What joins the loudspeaker and the microphone of one robot.
#[derive(Clone)]
pub(crate) struct Joint {
    pub(crate) timebase: Timebase,
    pub(crate) canceller: Option<echo::EchoCanceller>,
    pub(crate) room: Option<room::Room>,
}

/// An element by its factory's name, with its properties set by `set`.
fn element<'a>(
    factory: &'static str,
    set: impl FnOnce(ElementBuilder<'a>) -> ElementBuilder<'a>,
) -> Result<gst::Element, PipelineError> {
    set(gst::ElementFactory::make(factory))
        .build()
        .map_err(|_| PipelineError::Element(factory))
}

fn plain(factory: &'static str) -> Result<gst::Element, PipelineError> {
    element(factory, |builder| builder)
}

fn caps_filter(caps: &gst::Caps) -> Result<gst::Element, PipelineError> {
    element("capsfilter", |builder| builder.property("caps", caps))
}

/// A queue that gives a thread of its own to what follows, and drops the oldest when that is slow.
fn leaky_queue(time: gst::ClockTime) -> Result<gst::Element, PipelineError> {
    element("queue", |builder| {
        builder
            .property("max-size-buffers", 0u32)
            .property("max-size-bytes", 0u32)
            .property("max-size-time", time.nseconds())
            .property_from_str("leaky", "downstream")
    })
}

fn mono(format: &str, rate_hz: u32) -> gst::Caps {
    gst::Caps::builder("audio/x-raw")
        .field("format", format)
        .field("layout", "interleaved")
        .field("rate", i32::try_from(rate_hz).unwrap_or(i32::MAX))
        .field("channels", 1i32)
        .build()
}

/// A buffer of a silent test source, to be written over. It is marked as a gap, and elements take
/// a gap for silence whatever it contains.
fn overwritten(buffer: &mut gst::Buffer) -> &mut gst::BufferRef {
    let buffer = buffer.make_mut();
    buffer.unset_flags(gst::BufferFlags::GAP);
    buffer
}

/// Ends a pipeline in a callback that takes each buffer's bytes.
fn byte_sink(mut take: impl FnMut(&[u8]) + Send + 'static) -> gst_app::AppSink {
    aged_sink(move |bytes, _| take(bytes))
}

/// The same with the time since what is in the buffer was taken up, where the source tells.
fn aged_sink(mut take: impl FnMut(&[u8], Option<Duration>) + Send + 'static) -> gst_app::AppSink {
    let sink = gst_app::AppSink::builder()
        .sync(false)
        .max_buffers(64)
        .drop(true)
        .build();
    sink.set_callbacks(
        gst_app::AppSinkCallbacks::builder()
            .new_sample(move |sink| {
                let sample = sink.pull_sample().map_err(|_| gst::FlowError::Eos)?;
                if let Some(buffer) = sample.buffer()
                    && let Ok(map) = buffer.map_readable()
                {
                    let now = sink.current_running_time();
                    let age = now
                        .zip(buffer.pts())
                        .map(|(now, pts)| now.saturating_sub(pts));
                    take(&map, age.map(Into::into));
                }
                Ok(gst::FlowSuccess::Ok)
            })
            .build(),
    );
    sink
}

/// Where an RTP packet has its timestamp (RFC 3550, 5.1).
pub(crate) const RTP_TIMESTAMP: std::ops::Range<usize> = 4..8;

/// Ends a pipeline in a queue of RTP packets of pictures.
fn packet_sink(packets: PacketSender, newest: NewestPicture) -> gst_app::AppSink {
    aged_sink(move |bytes, age| {
        if let Some(age) = age {
            newest.sent(bytes, age);
        }
        let _ = packets.try_send(Bytes::copy_from_slice(bytes));
    })
}

fn add_and_link(
    pipeline: &gst::Pipeline,
    name: &'static str,
    elements: &[&gst::Element],
) -> Result<(), PipelineError> {
    pipeline
        .add_many(elements)
        .and_then(|()| gst::Element::link_many(elements))
        .map_err(|_| PipelineError::Link(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{
        CameraSource, LoudspeakerSink, MicrophoneSource, SimulatedRoom, VideoFormat,
    };
    use crate::event::EventSink;
    use device::{Device, Progress};

    /// A plugin that isn't installed here is the one excuse.
    fn fits(what: &str, built: Result<gst::Pipeline, PipelineError>) {
        match built {
            Ok(_) => {}
            Err(PipelineError::Element(name)) => eprintln!("not checked: {what} without {name}"),
            Err(error) => panic!("{what}: {error}"),
        }
    }

    #[test]
    fn the_elements_of_every_kind_of_device_fit_together() {
        init().unwrap();
        let events = EventSink::new(crossbeam_channel::bounded(1).0);
        let levels = level::Levels::new(events.clone());
        let progress = Progress::default();
        let device = || "default".to_owned();
        let joint = Joint {
            timebase: Timebase::new(),
            canceller: echo::EchoCanceller::new(&LoudspeakerSink::Simulated),
            room: Some(room::Room::new(SimulatedRoom::default())),
        };
        for source in [
            MicrophoneSource::Simulated,
            MicrophoneSource::Alsa { device: device() },
            MicrophoneSource::Pulse {
                device: Some(device()),
            },
            MicrophoneSource::Pipewire {
                target: Some(device()),
            },
        ] {
            let what = format!("{source:?}");
            let mut microphone = microphone::Microphone::new(
                source,
                visitor::Visitor::default(),
                joint.clone(),
                events.clone(),
                levels.clone(),
                crossbeam_channel::bounded(1).0,
            );
            fits(&what, microphone.build(&progress));
        }
        for sink in [
            LoudspeakerSink::Simulated,
            LoudspeakerSink::Alsa { device: device() },
            LoudspeakerSink::Pulse {
                device: Some(device()),
            },
            LoudspeakerSink::Pipewire {
                target: Some(device()),
            },
        ] {
            let what = format!("{sink:?}");
            let playout = loudspeaker::Playout::new(events.clone());
            let mut loudspeaker = loudspeaker::Loudspeaker::new(
                sink,
                playout,
                joint.clone(),
                events.clone(),
                levels.clone(),
            );
            fits(&what, loudspeaker.build(&progress));
        }
        for source in [
            CameraSource::Simulated,
            CameraSource::V4l2 {
                device: "/dev/video0".to_owned(),
            },
            CameraSource::Libcamera {
                name: Some(device()),
            },
        ] {
            let what = format!("{source:?}");
            let mut camera = camera::Camera::new(
                source,
                VideoFormat::default(),
                500_000,
                mpsc::channel(1).0,
                NewestPicture::default(),
                events.clone(),
            );
            fits(&what, camera.build(&progress));
        }
    }
}
