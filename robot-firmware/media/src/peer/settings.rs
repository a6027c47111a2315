//! How both peer connections are set up: codecs, the chain that RTP passes, and ICE's patience.

use std::time::Duration;

use rtc::ice::mdns::MulticastDnsMode;
use rtc::interceptor::{
    CongestionControlBuilder, NackGeneratorBuilder, NackResponderBuilder, PacerBuilder,
    ReceiverReportBuilder, SenderReportBuilder, TwccReceiverBuilder, TwccSenderBuilder,
};
use rtc::peer_connection::configuration::interceptor_registry::{
    Registry, Slot, configure_simulcast_extension_headers,
};
use rtc::peer_connection::configuration::media_engine::{
    MIME_TYPE_OPUS, MIME_TYPE_RTX, MIME_TYPE_VP8, MediaEngine,
};
use rtc::peer_connection::configuration::setting_engine::{SettingEngine, SettingEngineBuilder};
use rtc::rtp_transceiver::rtp_sender::{
    RTCPFeedback, RTCRtpCodec, RTCRtpCodecParameters, RTCRtpHeaderExtensionCapability, RtpCodecKind,
};
use rtc::sdp::extmap::TRANSPORT_CC_URI;
use rtc::shared::error::Result;
use tokio::sync::watch;

use super::bandwidth::Observed;
use super::rtcp::KeyFrameRequests;
use crate::pipeline::{OPUS_PAYLOAD_TYPE, RTX_PAYLOAD_TYPE, VP8_PAYLOAD_TYPE};

/// Half a second of a 1 Mbit/s picture in packets. What is older is of no use to the other side
/// and, resent after an outage, freezes its picture once more.
const RESEND_PACKETS: u16 = 128;
/// Asking more often only feeds a storm when the path is down.
const NACKS_PER_PACKET: u16 = 3;
/// A key frame leaves in one go; what follows is paced.
const BURST_BIT: f64 = 400_000.0;
/// About a second: what waits longer is better made anew, as a key frame.
const PACER_PACKETS: usize = 128;

pub(super) fn vp8() -> RTCRtpCodec {
    RTCRtpCodec {
        mime_type: MIME_TYPE_VP8.to_owned(),
        clock_rate: 90_000,
        channels: 0,
        sdp_fmtp_line: String::new(),
        rtcp_feedback: vec![feedback("ccm", "fir")],
    }
}

pub(super) fn opus() -> RTCRtpCodec {
    RTCRtpCodec {
        mime_type: MIME_TYPE_OPUS.to_owned(),
        clock_rate: 48_000,
        channels: 2,
        sdp_fmtp_line: "minptime=10;useinbandfec=1".to_owned(),
        rtcp_feedback: Vec::new(),
    }
}

fn feedback(typ: &str, parameter: &str) -> RTCPFeedback {
    RTCPFeedback {
        typ: typ.to_owned(),
        parameter: parameter.to_owned(),
    }
}

/// Only what is used, so that no page can choose another codec.
fn codecs() -> Result<MediaEngine> {
    let mut engine = MediaEngine::default();
    let rtx = RTCRtpCodec {
        mime_type: MIME_TYPE_RTX.to_owned(),
        clock_rate: 90_000,
        channels: 0,
        sdp_fmtp_line: format!("apt={VP8_PAYLOAD_TYPE}"),
        rtcp_feedback: Vec::new(),
    };
    for (rtp_codec, payload_type, kind) in [
        (vp8(), VP8_PAYLOAD_TYPE, RtpCodecKind::Video),
        (rtx, RTX_PAYLOAD_TYPE, RtpCodecKind::Video),
        (opus(), OPUS_PAYLOAD_TYPE, RtpCodecKind::Audio),
    ] {
        engine.register_codec(
            RTCRtpCodecParameters {
                rtp_codec,
                payload_type,
            },
            kind,
        )?;
    }
    for parameter in ["", "pli"] {
        engine.register_feedback(feedback("nack", parameter), RtpCodecKind::Video);
    }
    configure_simulcast_extension_headers(&mut engine)?;
    Ok(engine)
}

fn chain() -> Registry {
    Registry::new()
        .with(
            Slot::NackResponder,
            NackResponderBuilder::new()
                .with_size(RESEND_PACKETS)
                .build(),
        )
        .with(
            Slot::NackGenerator,
            NackGeneratorBuilder::new()
                .with_interval(Duration::from_millis(30))
                .with_max_nacks_per_packet(NACKS_PER_PACKET)
                .build(),
        )
        .with(Slot::ReceiverReport, ReceiverReportBuilder::new().build())
        .with(Slot::SenderReport, SenderReportBuilder::new().build())
        .with(Slot::from(14_000), KeyFrameRequests::default())
}

/// For the screen page: loopback needs no congestion control.
pub(super) fn for_screen() -> Result<(MediaEngine, Registry)> {
    Ok((codecs()?, chain()))
}

/// For an operator's page, with what the path leaves for the picture, in bits a second.
pub(super) fn for_operator(
    picture_limit_bit_s: u32,
) -> Result<(MediaEngine, Registry, watch::Receiver<u32>)> {
    let mut engine = codecs()?;
    for kind in [RtpCodecKind::Video, RtpCodecKind::Audio] {
        engine.register_feedback(feedback("transport-cc", ""), kind);
        engine.register_header_extension(
            RTCRtpHeaderExtensionCapability {
                uri: TRANSPORT_CC_URI.to_owned(),
            },
            kind,
            None,
        )?;
    }
    let (estimator, picture_bit_s) = Observed::new(picture_limit_bit_s);
    let registry = chain()
        .with(
            Slot::CongestionControl,
            CongestionControlBuilder::new(estimator).build(),
        )
        .with(
            Slot::Pacer,
            PacerBuilder::new()
                .with_burst_bits(BURST_BIT)
                .with_queue_limit(PACER_PACKETS)
                .build(),
        )
        .with(Slot::TwccSender, TwccSenderBuilder::new().build())
        .with(Slot::TwccReceiver, TwccReceiverBuilder::new().build());
    Ok((engine, registry, picture_bit_s))
}

/// ICE (RFC 8445) in a hurry. By default a check that arrives before the candidate it comes from
/// costs a second.
pub(super) fn ice() -> SettingEngine {
    let ms = |ms| Some(Duration::from_millis(ms));
    SettingEngineBuilder::new()
        .with_multicast_dns_mode(MulticastDnsMode::Disabled)
        .with_prflx_acceptance_min_wait(ms(20))
        .with_srflx_acceptance_min_wait(ms(100))
        .with_relay_acceptance_min_wait(ms(300))
        .with_ice_connection_attempts(ms(50), Some(28))
        .with_ice_timeouts(ms(3_000), ms(30_000), ms(1_000))
        .build()
}
