//! A connection that the robot offers and a page answers.

use std::net::SocketAddr;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use madoguchi_shared::signal::{CONTROL_CHANNEL, IceServer, MOTION_CHANNEL};
use rtc::rtp_transceiver::rtp_sender::RtpCodecKind;
use rtc::rtp_transceiver::{RTCRtpTransceiverDirection, RTCRtpTransceiverInit};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tracing::{debug, warn};
use webrtc::data_channel::{DataChannel, DataChannelEvent, RTCDataChannelInit};
use webrtc::media_stream::track_remote::TrackRemote;
use webrtc::peer_connection::{
    MediaEngine, PeerConnection, PeerConnectionBuilder, PeerConnectionEventHandler,
    RTCConfigurationBuilder, RTCIceCandidateInit, RTCIceGatheringState, RTCPeerConnectionIceEvent,
    RTCPeerConnectionState, RTCSessionDescription, Registry,
};
use webrtc::runtime::TokioRuntime;

use super::codecs;
use super::known::KnownPeers;
use super::{
    IncomingTrack, Leg, OutgoingTrack, PeerChange, PeerError, PeerEvent, network, settings,
    turn_stream,
};

/// Candidates that may wait for the answer they belong to.
const WAITING_CANDIDATES: usize = 64;
/// Longer messages have no sense on either channel.
const MESSAGE_LIMIT_BYTES: usize = 16 * 1024;
/// A page that doesn't read its channel makes sending fail instead of filling the memory.
const CHANNEL_BUFFER_BYTES: usize = 1 << 20;

/// What the connection to an operator is made with.
pub(crate) struct OperatorTerms {
    pub(crate) session: u32,
    pub(crate) ice_servers: Vec<IceServer>,
    pub(crate) bind: Vec<SocketAddr>,
    pub(crate) picture_limit_bit_s: u32,
}

/// The tracks and channels of the connection to an operator.
pub(crate) struct OperatorMedia {
    pub(crate) audio: OutgoingTrack,
    pub(crate) video: OutgoingTrack,
    /// What the path leaves for the picture, in bits a second.
    pub(crate) picture_bit_s: watch::Receiver<u32>,
}

/// One connection. It must be closed, not only dropped, for its TURN allocations to be freed.
pub(crate) struct Connection {
    inner: Arc<dyn PeerConnection>,
    answered: bool,
    waiting: Vec<RTCIceCandidateInit>,
    control: Option<Arc<dyn DataChannel>>,
    motion: Option<Arc<dyn DataChannel>>,
    tasks: JoinSet<()>,
}

impl Connection {
    /// Prepares the connection to an operator's page: sound and picture both ways, two channels.
    pub(crate) async fn to_operator(
        terms: OperatorTerms,
        events: mpsc::Sender<PeerEvent>,
    ) -> Result<(Self, OperatorMedia), PeerError> {
        let (engine, registry, picture_bit_s) =
            settings::for_operator(terms.picture_limit_bit_s).map_err(PeerError::Prepare)?;
        let handler = Handler {
            leg: Leg::Operator,
            session: terms.session,
            events,
        };
        let mut connection = Self::build(
            engine,
            registry,
            handler.clone(),
            terms.ice_servers,
            network::or_loopback(terms.bind),
        )
        .await?;
        let audio = OutgoingTrack::audio();
        let video = OutgoingTrack::video();
        for track in [&audio, &video] {
            connection
                .inner
                .add_track(track.local())
                .await
                .map_err(PeerError::Prepare)?;
        }
        connection.open_channels(&handler).await?;
        connection.watch_key_frames(video.clone(), handler);
        Ok((
            connection,
            OperatorMedia {
                audio,
                video,
                picture_bit_s,
            },
        ))
    }

    /// Prepares the connection to the screen page: one picture, over loopback.
    pub(crate) async fn to_screen(
        session: u32,
        bind: SocketAddr,
        events: mpsc::Sender<PeerEvent>,
    ) -> Result<(Self, OutgoingTrack), PeerError> {
        let (engine, registry) = settings::for_screen().map_err(PeerError::Prepare)?;
        let handler = Handler {
            leg: Leg::Screen,
            session,
            events,
        };
        let mut connection =
            Self::build(engine, registry, handler.clone(), Vec::new(), vec![bind]).await?;
        let video = OutgoingTrack::video();
        connection
            .inner
            .add_transceiver_from_track(
                video.local(),
                Some(RTCRtpTransceiverInit {
                    direction: RTCRtpTransceiverDirection::Sendonly,
                    ..Default::default()
                }),
            )
            .await
            .map_err(PeerError::Prepare)?;
        connection.watch_key_frames(video.clone(), handler);
        Ok((connection, video))
    }

    async fn build(
        engine: MediaEngine,
        registry: Registry,
        handler: Handler,
        ice_servers: Vec<IceServer>,
        bind: Vec<SocketAddr>,
    ) -> Result<Self, PeerError> {
        let mut tasks = JoinSet::new();
        let ice_servers = turn_stream::over_streams(ice_servers, &mut tasks).await;
        let configuration = RTCConfigurationBuilder::new()
            .with_ice_servers(network::usable_servers(ice_servers))
            .build();
        let inner = PeerConnectionBuilder::new()
            .with_configuration(configuration)
            .with_media_engine(engine)
            .with_interceptor_registry(registry)
            .with_setting_engine(settings::ice())
            .with_runtime(Arc::new(KnownPeers(TokioRuntime)))
            .with_handler(Arc::new(handler))
            .with_udp_addrs(bind)
            .with_data_channel_send_buffer_limit(CHANNEL_BUFFER_BYTES)
            .build()
            .await
            .map_err(PeerError::Prepare)?;
        Ok(Self {
            inner: Arc::new(inner),
            answered: false,
            waiting: Vec::new(),
            control: None,
            motion: None,
            tasks,
        })
    }

    async fn open_channels(&mut self, handler: &Handler) -> Result<(), PeerError> {
        let control = self
            .inner
            .create_data_channel(CONTROL_CHANNEL, None)
            .await
            .map_err(PeerError::Prepare)?;
        let motion = self
            .inner
            .create_data_channel(
                MOTION_CHANNEL,
                Some(RTCDataChannelInit {
                    ordered: false,
                    max_retransmits: Some(0),
                    ..Default::default()
                }),
            )
            .await
            .map_err(PeerError::Prepare)?;
        self.tasks.spawn(read_channel(
            Arc::clone(&control),
            handler.clone(),
            Some(PeerChange::ControlOpen),
            PeerChange::Control,
        ));
        self.tasks.spawn(read_channel(
            Arc::clone(&motion),
            handler.clone(),
            None,
            PeerChange::Motion,
        ));
        self.control = Some(control);
        self.motion = Some(motion);
        Ok(())
    }

    fn watch_key_frames(&mut self, track: OutgoingTrack, handler: Handler) {
        self.tasks.spawn(async move {
            while track.key_frame_wanted().await.is_some() {
                handler.tell(PeerChange::KeyFrameWanted);
            }
        });
    }

    /// Makes the offer and begins to look for candidates.
    pub(crate) async fn offer(&self) -> Result<String, PeerError> {
        let offer = self
            .inner
            .create_offer(None)
            .await
            .map_err(PeerError::Prepare)?;
        let sdp = offer.sdp.clone();
        self.inner
            .set_local_description(offer)
            .await
            .map_err(PeerError::Prepare)?;
        Ok(sdp)
    }

    /// Whether an answer was taken.
    pub(crate) fn is_answered(&self) -> bool {
        self.answered
    }

    /// Takes the page's answer.
    pub(crate) async fn answer(&mut self, sdp: String) -> Result<(), PeerError> {
        if let Some(kind) = codecs::lacking(&sdp) {
            return Err(PeerError::Codec(kind));
        }
        let inner = Arc::clone(&self.inner);
        // A task of its own: the text comes from another machine, and if it makes the library
        // panic, only this call may end.
        tokio::spawn(async move {
            let answer = RTCSessionDescription::answer(sdp)?;
            inner.set_remote_description(answer).await
        })
        .await
        .map_err(|_| PeerError::Poisoned)?
        .map_err(PeerError::Answer)?;
        self.answered = true;
        for candidate in std::mem::take(&mut self.waiting) {
            self.add(candidate).await;
        }
        Ok(())
    }

    /// Takes one of the page's candidates, before or after its answer.
    pub(crate) async fn candidate(
        &mut self,
        candidate: String,
        sdp_mid: Option<String>,
        sdp_mline_index: Option<u16>,
    ) {
        let candidate = RTCIceCandidateInit {
            candidate,
            sdp_mid,
            sdp_mline_index,
            ..Default::default()
        };
        if self.answered {
            self.add(candidate).await;
        } else if self.waiting.len() < WAITING_CANDIDATES {
            self.waiting.push(candidate);
        }
    }

    async fn add(&self, candidate: RTCIceCandidateInit) {
        if let Err(error) = self.inner.add_ice_candidate(candidate).await {
            debug!(%error, "a candidate of the page can't be used");
        }
    }

    /// Sends over the reliable channel; `false` when it isn't open or doesn't drain.
    pub(crate) async fn send_control(&self, bytes: &[u8]) -> bool {
        send(self.control.as_ref(), bytes).await
    }

    /// Sends over the channel that may lose and reorder.
    pub(crate) async fn send_motion(&self, bytes: &[u8]) -> bool {
        send(self.motion.as_ref(), bytes).await
    }

    /// Ends the connection.
    pub(crate) async fn close(mut self) {
        self.tasks.abort_all();
        if let Err(error) = self.inner.close().await {
            debug!(%error, "a connection didn't close cleanly");
        }
    }
}

async fn send(channel: Option<&Arc<dyn DataChannel>>, bytes: &[u8]) -> bool {
    let Some(channel) = channel else {
        return false;
    };
    match std::str::from_utf8(bytes) {
        Ok(text) => channel.try_send_text(text).await.is_ok(),
        Err(_) => channel.try_send(BytesMut::from(bytes)).await.is_ok(),
    }
}

async fn read_channel(
    channel: Arc<dyn DataChannel>,
    handler: Handler,
    mut opened: Option<PeerChange>,
    message: fn(Bytes) -> PeerChange,
) {
    let mut told = false;
    while let Some(event) = channel.poll().await {
        match event {
            DataChannelEvent::OnOpen => {
                if let Some(opened) = opened.take() {
                    handler.tell(opened);
                }
            }
            DataChannelEvent::OnMessage(data) => {
                let bytes = data.data.len();
                if bytes <= MESSAGE_LIMIT_BYTES {
                    handler.tell(message(data.data.freeze()));
                } else if !std::mem::replace(&mut told, true) {
                    warn!(
                        bytes,
                        "messages of the operator's page are dropped: they are longer than any of ours"
                    );
                }
            }
            DataChannelEvent::OnClose => return,
            _ => {}
        }
    }
}

/// Turns the library's callbacks into events. They run on the connection's own task, so nothing
/// here waits.
#[derive(Clone)]
struct Handler {
    leg: Leg,
    session: u32,
    events: mpsc::Sender<PeerEvent>,
}

impl Handler {
    fn tell(&self, change: PeerChange) {
        let event = PeerEvent {
            leg: self.leg,
            session: self.session,
            change,
        };
        if let Err(mpsc::error::TrySendError::Full(_)) = self.events.try_send(event) {
            warn!(leg = ?self.leg, "an event of a connection is lost: too many at once");
        }
    }
}

#[async_trait]
impl PeerConnectionEventHandler for Handler {
    async fn on_ice_candidate(&self, event: RTCPeerConnectionIceEvent) {
        match event.candidate.to_json() {
            Ok(candidate) => self.tell(PeerChange::Candidate(candidate.candidate)),
            Err(error) => debug!(%error, "a local candidate can't be written"),
        }
    }

    async fn on_ice_gathering_state_change(&self, state: RTCIceGatheringState) {
        if state == RTCIceGatheringState::Complete {
            self.tell(PeerChange::Candidate(String::new()));
        }
    }

    async fn on_connection_state_change(&self, state: RTCPeerConnectionState) {
        match state {
            RTCPeerConnectionState::Connected => self.tell(PeerChange::Connected),
            RTCPeerConnectionState::Disconnected => self.tell(PeerChange::Interrupted),
            RTCPeerConnectionState::Failed | RTCPeerConnectionState::Closed => {
                self.tell(PeerChange::Failed);
            }
            _ => {}
        }
    }

    async fn on_track(&self, track: Arc<dyn TrackRemote>) {
        let kind = track.kind().await;
        let track = IncomingTrack::new(track);
        match kind {
            RtpCodecKind::Video => self.tell(PeerChange::Video(track)),
            RtpCodecKind::Audio => self.tell(PeerChange::Audio(track)),
            _ => {}
        }
    }
}
