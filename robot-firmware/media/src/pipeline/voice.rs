//! The operator's voice: Opus over RTP in, samples for the loudspeaker and blocks for the
//! recogniser out. One per call.

use gstreamer as gst;
use gstreamer::prelude::*;
use gstreamer_app as gst_app;
use tracing::warn;

use super::blocks::{self, BlockMaker};
use super::loudspeaker::Playout;
use super::mixer::RATE_HZ;
use super::{
    OPUS_PAYLOAD_TYPE, PipelineError, add_and_link, byte_sink, caps_filter, element, mono, plain,
};
use crate::event::MICROPHONE_RATE_HZ;

const NAME: &str = "voice";
/// Against the jitter of the path; GStreamer's own default of 200 ms is heard as a delay.
const JITTER_MS: u32 = 40;
#[cfg(target_endian = "little")]
const SAMPLE_FORMAT: &str = "S16LE";
#[cfg(target_endian = "big")]
const SAMPLE_FORMAT: &str = "S16BE";

/// The decoder. Dropping it ends the voice.
pub(crate) struct Voice {
    pipeline: gst::Pipeline,
    source: gst_app::AppSrc,
    playout: Playout,
}

impl Voice {
    pub(crate) fn start(playout: Playout, blocks: BlockMaker) -> Result<Self, PipelineError> {
        let pipeline = gst::Pipeline::new();
        let caps = gst::Caps::builder("application/x-rtp")
            .field("media", "audio")
            .field("encoding-name", "OPUS")
            .field("clock-rate", 48_000i32)
            .field("payload", i32::from(OPUS_PAYLOAD_TYPE))
            .build();
        let source = gst_app::AppSrc::builder()
            .caps(&caps)
            .format(gst::Format::Time)
            .is_live(true)
            .do_timestamp(true)
            .max_buffers(64)
            .leaky_type(gst_app::AppLeakyType::Downstream)
            .build();
        let jitter = element("rtpjitterbuffer", |builder| {
            builder
                .property("latency", JITTER_MS)
                .property("do-lost", true)
        })?;
        let unpack = plain("rtpopusdepay")?;
        let decoder = element("opusdec", |builder| {
            builder
                .property("plc", true)
                .property("use-inband-fec", true)
        })?;
        let convert = plain("audioconvert")?;
        let resample = plain("audioresample")?;
        let format = caps_filter(&mono(SAMPLE_FORMAT, RATE_HZ))?;
        let tee = plain("tee")?;
        let out = playout.clone();
        let sink = byte_sink(move |bytes| {
            out.voice(
                bytes
                    .as_chunks::<2>()
                    .0
                    .iter()
                    .map(|sample| i16::from_ne_bytes(*sample)),
            );
        });
        add_and_link(
            &pipeline,
            NAME,
            &[
                source.upcast_ref(),
                &jitter,
                &unpack,
                &decoder,
                &convert,
                &resample,
                &format,
                &tee,
                sink.upcast_ref(),
            ],
        )?;
        let float = plain("audioconvert")?;
        let down = plain("audioresample")?;
        let heard_format = caps_filter(&mono(blocks::SAMPLE_FORMAT, MICROPHONE_RATE_HZ))?;
        let heard = byte_sink(blocks.collect());
        heard.set_async(false);
        add_and_link(
            &pipeline,
            NAME,
            &[&float, &down, &heard_format, heard.upcast_ref()],
        )?;
        tee.link(&float).map_err(|_| PipelineError::Link(NAME))?;
        if let Some(bus) = pipeline.bus() {
            bus.set_sync_handler(|_, message| {
                if let gst::MessageView::Error(error) = message.view() {
                    warn!(error = %error.error(), "the operator's voice can't be decoded");
                }
                gst::BusSyncReply::Drop
            });
        }
        let voice = Self {
            pipeline,
            source,
            playout,
        };
        voice
            .pipeline
            .set_state(gst::State::Playing)
            .map_err(|_| PipelineError::Link(NAME))?;
        Ok(voice)
    }

    /// Takes one RTP packet.
    pub(crate) fn push(&self, packet: impl AsRef<[u8]> + Send + 'static) {
        let _ = self.source.push_buffer(gst::Buffer::from_slice(packet));
    }
}

impl Drop for Voice {
    fn drop(&mut self) {
        let _ = self.pipeline.set_state(gst::State::Null);
        self.playout.mute_voice(false);
    }
}
