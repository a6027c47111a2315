//! A page that answers the robot's offer: what a browser does, as far as the engine can tell.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use gstreamer as gst;
use gstreamer::prelude::*;
use gstreamer_app as gst_app;
use madoguchi_shared::signal::Signal;
use rtc::media_stream::MediaStreamTrack;
use rtc::peer_connection::configuration::interceptor_registry::register_default_interceptors;
use rtc::peer_connection::configuration::setting_engine::SettingEngineBuilder;
use rtc::rtp;
use rtc::rtp_transceiver::rtp_sender::{
    RTCRtpCodec, RTCRtpCodingParameters, RTCRtpEncodingParameters, RtpCodecKind,
};
use rtc::shared::marshal::Unmarshal;
use tokio::sync::{mpsc, watch};
use webrtc::data_channel::{DataChannel, DataChannelEvent};
use webrtc::media_stream::track_local::TrackLocal;
use webrtc::media_stream::track_local::static_rtp::TrackLocalStaticRTP;
use webrtc::media_stream::track_remote::{TrackRemote, TrackRemoteEvent};
use webrtc::peer_connection::{
    MediaEngine, PeerConnection, PeerConnectionBuilder, PeerConnectionEventHandler,
    RTCIceCandidateInit, RTCPeerConnectionIceEvent, RTCPeerConnectionState, RTCSessionDescription,
    Registry,
};

const VIDEO: &str = "videotestsrc is-live=true pattern=smpte ! video/x-raw,width=320,height=240,framerate=15/1 \
     ! vp8enc deadline=1 cpu-used=-8 threads=1 keyframe-max-dist=30 target-bitrate=300000 \
     ! rtpvp8pay pt=96 mtu=1180 picture-id-mode=15-bit ! appsink name=out sync=false";
const AUDIO: &str = "audiotestsrc is-live=true wave=sine freq=440 volume=0.5 ! audio/x-raw,rate=48000,channels=1 \
     ! opusenc ! rtpopuspay pt=111 ! appsink name=out sync=false";

#[derive(Default)]
pub struct Counters {
    pub video: AtomicU64,
    pub audio: AtomicU64,
    pub key_frames: AtomicU64,
    /// Of the last sound that came in, in samples at 48 kHz.
    pub audio_timestamp: AtomicU32,
}

type Channels = Arc<Mutex<Vec<(String, Arc<dyn DataChannel>)>>>;
type Messages = Arc<Mutex<Vec<(String, Bytes)>>>;

pub struct Page {
    connection: Arc<dyn PeerConnection>,
    session: Mutex<u32>,
    sends: bool,
    outbox: Mutex<mpsc::Receiver<Signal>>,
    out: mpsc::Sender<Signal>,
    pub got: Arc<Counters>,
    connected: watch::Receiver<bool>,
    pub channels: Channels,
    pub messages: Messages,
    session_of_candidates: Arc<Mutex<u32>>,
}

impl Page {
    pub async fn operator() -> Self {
        Self::new(true).await
    }

    pub async fn screen() -> Self {
        Self::new(false).await
    }

    async fn new(sends: bool) -> Self {
        gst::init().unwrap();
        let (out, outbox) = mpsc::channel(64);
        let (connected_sender, connected) = watch::channel(false);
        let got = Arc::new(Counters::default());
        let channels = Arc::default();
        let messages = Arc::default();
        let session_of_candidates = Arc::default();
        let mut engine = MediaEngine::default();
        engine.register_default_codecs().unwrap();
        let registry = register_default_interceptors(Registry::new(), &mut engine).unwrap();
        let connection = PeerConnectionBuilder::new()
            .with_media_engine(engine)
            .with_interceptor_registry(registry)
            .with_setting_engine(
                SettingEngineBuilder::new()
                    .with_multicast_dns_mode(rtc::ice::mdns::MulticastDnsMode::Disabled)
                    .build(),
            )
            .with_handler(Arc::new(Handler {
                out: out.clone(),
                got: Arc::clone(&got),
                connected: connected_sender,
                channels: Arc::clone(&channels),
                messages: Arc::clone(&messages),
                session: Arc::clone(&session_of_candidates),
            }))
            .with_udp_addrs(vec!["127.0.0.1:0"])
            .build()
            .await
            .unwrap();
        Self {
            connection: Arc::new(connection),
            session: Mutex::new(0),
            sends,
            outbox: Mutex::new(outbox),
            out,
            got,
            connected,
            channels,
            messages,
            session_of_candidates,
        }
    }

    /// What the page wants to say to the robot.
    pub fn signals(&self) -> Vec<Signal> {
        let mut outbox = self.outbox.lock().unwrap();
        std::iter::from_fn(|| outbox.try_recv().ok()).collect()
    }

    /// Takes a signal of the robot.
    pub async fn take(&self, signal: Signal) {
        match signal {
            Signal::Offer { session, sdp, .. } => self.answer(session, sdp).await,
            Signal::Candidate {
                session, candidate, ..
            } => {
                if session == *self.session.lock().unwrap() && !candidate.is_empty() {
                    let _ = self
                        .connection
                        .add_ice_candidate(RTCIceCandidateInit {
                            candidate,
                            sdp_mline_index: Some(0),
                            ..Default::default()
                        })
                        .await;
                }
            }
            Signal::Answer { .. } => panic!("the robot answered"),
        }
    }

    async fn answer(&self, session: u32, sdp: String) {
        *self.session.lock().unwrap() = session;
        *self.session_of_candidates.lock().unwrap() = session;
        let offer = RTCSessionDescription::offer(sdp).unwrap();
        self.connection.set_remote_description(offer).await.unwrap();
        if self.sends {
            self.send(RtpCodecKind::Audio, "audio/opus", 48_000, 2, AUDIO)
                .await;
            self.send(RtpCodecKind::Video, "video/VP8", 90_000, 0, VIDEO)
                .await;
        }
        let answer = self.connection.create_answer(None).await.unwrap();
        let sdp = answer.sdp.clone();
        self.connection.set_local_description(answer).await.unwrap();
        self.out
            .send(Signal::Answer {
                session,
                sdp,
                proof: None,
            })
            .await
            .unwrap();
    }

    async fn send(
        &self,
        kind: RtpCodecKind,
        mime: &str,
        clock_rate: u32,
        channels: u16,
        pipeline: &str,
    ) {
        let ssrc: u32 = rand::random();
        let track = Arc::new(TrackLocalStaticRTP::new(MediaStreamTrack::new(
            "page".to_owned(),
            format!("page-{mime}"),
            mime.to_owned(),
            kind,
            vec![RTCRtpEncodingParameters {
                rtp_coding_parameters: RTCRtpCodingParameters {
                    ssrc: Some(ssrc),
                    ..Default::default()
                },
                codec: RTCRtpCodec {
                    mime_type: mime.to_owned(),
                    clock_rate,
                    channels,
                    ..Default::default()
                },
                ..Default::default()
            }],
        )));
        self.connection
            .add_track(Arc::clone(&track) as Arc<dyn TrackLocal>)
            .await
            .unwrap();
        let mut packets = encode(pipeline);
        let mut connected = self.connected.clone();
        tokio::spawn(async move {
            let _ = connected.wait_for(|connected| *connected).await;
            while let Some(mut bytes) = packets.recv().await {
                let mut packet = rtp::Packet::unmarshal(&mut bytes).unwrap();
                packet.header.ssrc = ssrc;
                if track.write_rtp(packet).await.is_err() {
                    return;
                }
            }
        });
    }

    pub fn is_connected(&self) -> bool {
        *self.connected.borrow()
    }

    pub async fn say(&self, label: &str, text: &str) {
        let channel = self
            .channels
            .lock()
            .unwrap()
            .iter()
            .find(|(name, _)| name == label)
            .map(|(_, channel)| Arc::clone(channel))
            .unwrap();
        channel.send_text(text).await.unwrap();
    }

    /// The same where it may be refused.
    pub async fn try_say(&self, label: &str, text: &str) -> bool {
        let channels = self.channels.lock().unwrap().clone();
        let channel = channels.iter().find(|(name, _)| name == label);
        match channel {
            Some((_, channel)) => channel.send_text(text).await.is_ok(),
            None => false,
        }
    }

    pub async fn close(&self) {
        self.connection.close().await.unwrap();
    }
}

fn encode(pipeline: &str) -> mpsc::Receiver<Bytes> {
    let (sender, receiver) = mpsc::channel(64);
    let pipeline = gst::parse::launch(pipeline)
        .unwrap()
        .downcast::<gst::Pipeline>()
        .unwrap();
    let sink = pipeline
        .by_name("out")
        .unwrap()
        .downcast::<gst_app::AppSink>()
        .unwrap();
    pipeline.set_state(gst::State::Playing).unwrap();
    std::thread::spawn(move || {
        while let Ok(sample) = sink.pull_sample() {
            let map = sample.buffer().unwrap().map_readable().unwrap();
            if let Err(mpsc::error::TrySendError::Closed(_)) =
                sender.try_send(Bytes::copy_from_slice(&map))
            {
                break;
            }
        }
        pipeline.set_state(gst::State::Null).unwrap();
    });
    receiver
}

#[derive(Clone)]
struct Handler {
    out: mpsc::Sender<Signal>,
    got: Arc<Counters>,
    connected: watch::Sender<bool>,
    channels: Channels,
    messages: Messages,
    session: Arc<Mutex<u32>>,
}

#[async_trait::async_trait]
impl PeerConnectionEventHandler for Handler {
    async fn on_ice_candidate(&self, event: RTCPeerConnectionIceEvent) {
        let session = *self.session.lock().unwrap();
        let _ = self.out.try_send(Signal::Candidate {
            session,
            candidate: event.candidate.to_json().unwrap().candidate,
            sdp_mid: None,
            sdp_m_line_index: Some(0),
        });
    }

    async fn on_connection_state_change(&self, state: RTCPeerConnectionState) {
        if state == RTCPeerConnectionState::Connected {
            self.connected.send_replace(true);
        }
    }

    async fn on_data_channel(&self, channel: Arc<dyn DataChannel>) {
        let handler = self.clone();
        tokio::spawn(async move {
            let label = channel.label().await.unwrap();
            handler
                .channels
                .lock()
                .unwrap()
                .push((label.clone(), Arc::clone(&channel)));
            while let Some(event) = channel.poll().await {
                if let DataChannelEvent::OnMessage(message) = event {
                    handler
                        .messages
                        .lock()
                        .unwrap()
                        .push((label.clone(), message.data.freeze()));
                }
            }
        });
    }

    async fn on_track(&self, track: Arc<dyn TrackRemote>) {
        let got = Arc::clone(&self.got);
        tokio::spawn(async move {
            let kind = track.kind().await;
            while let Some(event) = track.poll().await {
                let TrackRemoteEvent::OnRtpPacket(packet) = event else {
                    continue;
                };
                if kind == RtpCodecKind::Audio {
                    got.audio_timestamp
                        .store(packet.header.timestamp, Ordering::Relaxed);
                    got.audio.fetch_add(1, Ordering::Relaxed);
                    continue;
                }
                got.video.fetch_add(1, Ordering::Relaxed);
                if starts_key_frame(&packet.payload) {
                    got.key_frames.fetch_add(1, Ordering::Relaxed);
                }
            }
        });
    }
}

/// RFC 7741: start of partition 0 in the payload descriptor, then bit P of the frame's first byte.
fn starts_key_frame(payload: &[u8]) -> bool {
    let Some(&first) = payload.first() else {
        return false;
    };
    let starts = first & 0x10 != 0 && first & 0x07 == 0;
    let mut header = 1;
    if first & 0x80 != 0 {
        let extended = payload.get(1).copied().unwrap_or(0);
        header += 1;
        if extended & 0x80 != 0 {
            header += if payload.get(2).copied().unwrap_or(0) & 0x80 != 0 {
                2
            } else {
                1
            };
        }
        header += usize::from(extended & 0x40 != 0);
        header += usize::from(extended & 0x30 != 0);
    }
    starts && payload.get(header).is_some_and(|byte| byte & 1 == 0)
}
