//! Media in and out of a connection.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use rtc::media_stream::MediaStreamTrack;
use rtc::rtp;
use rtc::rtp_transceiver::rtp_sender::{
    RTCRtpCodec, RTCRtpCodingParameters, RTCRtpEncodingParameters, RTCRtpRtxParameters,
    RtpCodecKind,
};
use rtc::shared::marshal::{Marshal, Unmarshal};
use webrtc::media_stream::track_local::static_rtp::TrackLocalStaticRTP;
use webrtc::media_stream::track_local::{TrackLocal, TrackLocalEvent};
use webrtc::media_stream::track_remote::{TrackRemote, TrackRemoteEvent};

use super::rtcp;
use super::settings;
use crate::pipeline::{OPUS_PAYLOAD_TYPE, VP8_PAYLOAD_TYPE};

const STREAM: &str = "robot";

/// A packet on its way from one connection to another, or to a decoder.
pub(crate) struct MediaPacket(rtp::Packet);

impl MediaPacket {
    /// Its bytes; `None` when the packet can't be written.
    pub(crate) fn to_bytes(&self) -> Option<BytesMut> {
        self.0.marshal().ok()
    }
}

/// A track that the robot sends.
#[derive(Clone)]
pub(crate) struct OutgoingTrack {
    track: Arc<TrackLocalStaticRTP>,
    ssrc: u32,
    payload_type: u8,
}

impl OutgoingTrack {
    pub(super) fn video() -> Self {
        Self::new(
            "video",
            RtpCodecKind::Video,
            settings::vp8(),
            VP8_PAYLOAD_TYPE,
            Some(RTCRtpRtxParameters {
                ssrc: rand::random(),
            }),
        )
    }

    pub(super) fn audio() -> Self {
        Self::new(
            "audio",
            RtpCodecKind::Audio,
            settings::opus(),
            OPUS_PAYLOAD_TYPE,
            None,
        )
    }

    fn new(
        name: &str,
        kind: RtpCodecKind,
        codec: RTCRtpCodec,
        payload_type: u8,
        rtx: Option<RTCRtpRtxParameters>,
    ) -> Self {
        let ssrc = rand::random();
        let track = MediaStreamTrack::new(
            STREAM.to_owned(),
            format!("{STREAM}-{name}"),
            name.to_owned(),
            kind,
            vec![RTCRtpEncodingParameters {
                rtp_coding_parameters: RTCRtpCodingParameters {
                    ssrc: Some(ssrc),
                    rtx,
                    ..Default::default()
                },
                active: true,
                codec,
                ..Default::default()
            }],
        );
        Self {
            track: Arc::new(TrackLocalStaticRTP::new(track)),
            ssrc,
            payload_type,
        }
    }

    pub(super) fn local(&self) -> Arc<dyn TrackLocal> {
        Arc::clone(&self.track) as Arc<dyn TrackLocal>
    }

    /// Sends a packet that an encoder made.
    pub(crate) async fn send(&self, mut packet: Bytes) {
        if let Ok(packet) = rtp::Packet::unmarshal(&mut packet) {
            self.write(packet).await;
        }
    }

    /// Sends a packet of another connection on: the stream and its extensions are that
    /// connection's own, the payload stays as it is.
    pub(crate) async fn forward(&self, packet: &MediaPacket) {
        let mut packet = packet.0.clone();
        packet.header.extension = false;
        packet.header.extensions.clear();
        packet.header.extensions_padding = 0;
        self.write(packet).await;
    }

    async fn write(&self, mut packet: rtp::Packet) {
        packet.header.ssrc = self.ssrc;
        packet.header.payload_type = self.payload_type;
        // Fails only when the connection is closing, which its owner hears of otherwise.
        let _ = self.track.write_rtp(packet).await;
    }

    /// Waits until the other side asks for a key frame; `None` when the connection is closed.
    pub(crate) async fn key_frame_wanted(&self) -> Option<()> {
        let TrackLocalEvent::OnRtcpPacket(_) = self.track.poll().await? else {
            return Some(());
        };
        Some(())
    }
}

/// A track that a page sends.
#[derive(Clone)]
pub(crate) struct IncomingTrack {
    track: Arc<dyn TrackRemote>,
}

impl IncomingTrack {
    pub(super) fn new(track: Arc<dyn TrackRemote>) -> Self {
        Self { track }
    }

    /// The next packet; `None` when the track has ended.
    pub(crate) async fn next(&self) -> Option<MediaPacket> {
        loop {
            match self.track.poll().await? {
                TrackRemoteEvent::OnRtpPacket(packet) => return Some(MediaPacket(packet)),
                TrackRemoteEvent::OnEnded => return None,
                _ => {}
            }
        }
    }

    /// Asks the page for a picture that needs no other.
    pub(crate) async fn request_key_frame(&self) {
        for ssrc in self.track.ssrcs().await {
            let _ = self.track.write_rtcp(rtcp::picture_loss(ssrc)).await;
        }
    }
}
