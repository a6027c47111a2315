//! One call: its two connections, the camera and the decoder that live as long as it does, and the
//! tasks that move packets between them.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tracing::{debug, warn};

use crate::config::{CallConfig, CameraSource, VideoFormat};
use crate::event::{EventSink, MediaEvent};
use crate::peer::{
    Connection, IncomingTrack, Leg, OperatorMedia, OperatorTerms, OutgoingTrack, PeerChange,
    PeerError, PeerEvent,
};
use crate::picture::NewestPicture;
use crate::pipeline::blocks::BlockMaker;
use crate::pipeline::camera::{Camera, CameraCommand};
use crate::pipeline::device::{Absence, DeviceThread};
use crate::pipeline::loudspeaker::Playout;
use crate::pipeline::microphone::MicrophoneCommand;
use crate::pipeline::voice::Voice;
use crate::pipeline::{PacketSender, PipelineError, still};

/// About 1.3 s of Opus.
const AUDIO_QUEUE: usize = 64;
/// More than the packets of one key frame.
const VIDEO_QUEUE: usize = 256;
/// Key frames are large: a page that asks for them in a row gets one.
const KEY_FRAME_PAUSE: Duration = Duration::from_millis(200);
const CAMERA_STOP: Duration = Duration::from_secs(1);

/// Why a call can't begin.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallError {
    #[error("{0}")]
    Peer(#[from] PeerError),
    #[error("the operator's voice can't be decoded: {0}")]
    Voice(#[from] PipelineError),
    #[error("the camera can't be started: {0}")]
    Camera(#[from] crate::error::MediaError),
}

/// What a call needs of the robot.
pub(crate) struct Equipment<'a> {
    pub(crate) camera: &'a CameraSource,
    pub(crate) camera_absence: &'a Absence,
    pub(crate) video: VideoFormat,
    pub(crate) newest_picture: &'a NewestPicture,
    pub(crate) microphone: &'a DeviceThread<MicrophoneCommand>,
    /// Whether the resident switched the microphone off.
    pub(crate) muted: bool,
    pub(crate) playout: &'a Playout,
    /// The operator's voice on its way to the recogniser.
    pub(crate) heard: &'a BlockMaker,
    pub(crate) events: &'a EventSink,
    pub(crate) peers: &'a mpsc::Sender<PeerEvent>,
}

/// See the module.
pub(crate) struct Call {
    pub(crate) session: u32,
    /// Whether the connection stood at some time.
    pub(crate) connected: bool,
    interrupted: bool,
    operator: Connection,
    screen: Option<Screen>,
    /// The screen's track, once the screen page can take pictures.
    face: watch::Sender<Option<OutgoingTrack>>,
    operator_video: Option<IncomingTrack>,
    camera: Option<DeviceThread<CameraCommand>>,
    voice: Arc<Voice>,
    audio_packets: PacketSender,
    gate: Arc<Gate>,
    key_frame_made: Option<Instant>,
    key_frame_asked: Option<Instant>,
    tasks: JoinSet<()>,
}

struct Screen {
    session: u32,
    connection: Connection,
    track: OutgoingTrack,
}

/// Whether media may pass now.
#[derive(Default)]
struct Gate {
    connected: AtomicBool,
    hold: AtomicBool,
}

impl Gate {
    fn open(&self) -> bool {
        self.connected.load(Ordering::Relaxed) && !self.held()
    }

    fn held(&self) -> bool {
        self.hold.load(Ordering::Relaxed)
    }
}

impl Call {
    /// Prepares everything and makes the offer to the operator's page.
    pub(crate) async fn begin(
        config: CallConfig,
        with: &Equipment<'_>,
    ) -> Result<(Self, String), CallError> {
        let picture_limit_bit_s = with.video.bitrate_limit_kbit_s.saturating_mul(1_000);
        let terms = OperatorTerms {
            session: config.session,
            ice_servers: config.ice_servers,
            bind: config.bind,
            picture_limit_bit_s,
        };
        let (operator, media) = Connection::to_operator(terms, with.peers.clone()).await?;
        let offer = operator.offer().await?;
        let voice = Arc::new(Voice::start(with.playout.clone(), with.heard.clone())?);
        let (audio_packets, audio) = mpsc::channel(AUDIO_QUEUE);
        let (video_packets, video) = mpsc::channel(VIDEO_QUEUE);
        let OperatorMedia {
            audio: audio_track,
            video: video_track,
            picture_bit_s,
        } = media;
        let camera = match with.camera {
            CameraSource::None => None,
            source => {
                let device = Camera::new(
                    source.clone(),
                    with.video,
                    *picture_bit_s.borrow(),
                    video_packets,
                    with.newest_picture.clone(),
                    with.events.clone(),
                );
                let absence = with.camera_absence.clone();
                Some(DeviceThread::start_again(device, absence)?)
            }
        };
        let gate = Arc::new(Gate::default());
        let mut tasks = JoinSet::new();
        tasks.spawn(pump(audio, audio_track, Arc::clone(&gate)));
        tasks.spawn(pump(video, video_track, Arc::clone(&gate)));
        if let Some(camera) = &camera {
            tasks.spawn(follow_bandwidth(picture_bit_s, camera.commands()));
        }
        let call = Self {
            session: config.session,
            connected: false,
            interrupted: false,
            operator,
            screen: None,
            face: watch::Sender::new(None),
            operator_video: None,
            camera,
            voice,
            audio_packets,
            gate,
            key_frame_made: None,
            key_frame_asked: None,
            tasks,
        };
        call.use_microphone(with);
        Ok((call, offer))
    }

    /// Sends the microphone's sound unless the call is on hold or the resident switched it off.
    pub(crate) fn use_microphone(&self, with: &Equipment<'_>) {
        let packets = (!self.gate.held() && !with.muted).then(|| self.audio_packets.clone());
        with.microphone.command(MicrophoneCommand::Encode(packets));
    }

    /// Prepares a new connection to the screen page in place of the old one, and its offer.
    pub(crate) async fn offer_screen(
        &mut self,
        session: u32,
        peers: &mpsc::Sender<PeerEvent>,
    ) -> Result<String, PeerError> {
        self.close_screen().await;
        let bind = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let (connection, track) = Connection::to_screen(session, bind, peers.clone()).await?;
        let offer = connection.offer().await?;
        self.screen = Some(Screen {
            session,
            connection,
            track,
        });
        Ok(offer)
    }

    /// Gives up the connection to the screen page.
    pub(crate) async fn close_screen(&mut self) {
        self.face.send_replace(None);
        if let Some(screen) = self.screen.take() {
            screen.connection.close().await;
        }
    }

    pub(crate) fn operator(&mut self) -> &mut Connection {
        &mut self.operator
    }

    /// The connection to the screen page, if `session` is the one that stands.
    pub(crate) fn screen(&mut self, session: u32) -> Option<&mut Connection> {
        self.screen
            .as_mut()
            .filter(|screen| screen.session == session)
            .map(|screen| &mut screen.connection)
    }

    /// Media may flow to the operator: the first picture must be one that needs no other, however
    /// recently another was made.
    pub(crate) fn operator_connected(&mut self) {
        self.connected = true;
        self.interrupted = false;
        self.gate.connected.store(true, Ordering::Relaxed);
        self.make_key_frame();
    }

    /// The path to the operator is down; `false` when that was known already. Where it is the
    /// robot's own link that blocks, what is written meanwhile piles up and is delivered, seconds
    /// old, once the path is back; so nothing is written.
    pub(crate) fn operator_interrupted(&mut self) -> bool {
        self.gate.connected.store(false, Ordering::Relaxed);
        self.connected && !std::mem::replace(&mut self.interrupted, true)
    }

    /// The screen page doesn't answer.
    pub(crate) fn screen_interrupted(&mut self) {
        self.face.send_replace(None);
    }

    /// The screen page can take pictures.
    pub(crate) async fn screen_connected(&mut self) {
        if let Some(screen) = &self.screen {
            self.face.send_replace(Some(screen.track.clone()));
        }
        self.ask_key_frame().await;
    }

    /// The operator's page wants a picture that needs no other.
    pub(crate) fn key_frame_wanted(&mut self) {
        if passed(self.key_frame_made) {
            self.make_key_frame();
        }
    }

    /// The screen page wants a picture that needs no other.
    pub(crate) async fn screen_wants_key_frame(&mut self) {
        if passed(self.key_frame_asked) {
            self.ask_key_frame().await;
        }
    }

    fn make_key_frame(&mut self) {
        self.key_frame_made = Some(Instant::now());
        if let Some(camera) = &self.camera {
            camera.command(CameraCommand::KeyFrame);
        }
    }

    async fn ask_key_frame(&mut self) {
        if let Some(video) = &self.operator_video {
            self.key_frame_asked = Some(Instant::now());
            video.request_key_frame().await;
        }
    }

    /// The operator's picture: on to the screen page.
    pub(crate) async fn video(&mut self, track: IncomingTrack, peers: &mpsc::Sender<PeerEvent>) {
        self.operator_video = Some(track.clone());
        let first = PeerEvent {
            leg: Leg::Operator,
            session: self.session,
            change: PeerChange::FirstVideo,
        };
        self.tasks.spawn(show(
            track,
            self.face.subscribe(),
            Arc::clone(&self.gate),
            peers.clone(),
            first,
        ));
        self.ask_key_frame().await;
    }

    /// The operator's voice: on to the loudspeaker.
    pub(crate) fn audio(&mut self, track: IncomingTrack) {
        let voice = Arc::clone(&self.voice);
        self.tasks.spawn(async move {
            while let Some(packet) = track.next().await {
                if let Some(bytes) = packet.to_bytes() {
                    voice.push(bytes);
                }
            }
        });
    }

    /// Stops all media both ways, or lets it flow again.
    pub(crate) async fn hold(&mut self, hold: bool, with: &Equipment<'_>) {
        self.gate.hold.store(hold, Ordering::Relaxed);
        self.use_microphone(with);
        if let Some(camera) = &self.camera {
            camera.command(CameraCommand::Hold(hold));
        }
        with.playout.mute_voice(hold);
        if !hold {
            self.make_key_frame();
            self.ask_key_frame().await;
        }
    }

    /// Takes a still; its event follows, with or without one.
    pub(crate) fn take_still(&self, number: u32, with: &Equipment<'_>) {
        let events = with.events.clone();
        let (give, picture) = crossbeam_channel::bounded(1);
        match &self.camera {
            Some(camera) => camera.command(CameraCommand::Still(give)),
            None => drop(give),
        }
        tokio::task::spawn_blocking(move || {
            let jpeg = still::encode(&picture);
            events.send(MediaEvent::Still { number, jpeg });
        });
    }

    /// Ends everything that belongs to the call.
    pub(crate) async fn end(mut self, with: &Equipment<'_>) {
        with.microphone.command(MicrophoneCommand::Encode(None));
        self.tasks.shutdown().await;
        self.close_screen().await;
        self.operator.close().await;
        drop(self.voice);
        if let Some(camera) = self.camera {
            let stopped = tokio::task::spawn_blocking(move || camera.stop());
            if tokio::time::timeout(CAMERA_STOP, stopped).await.is_err() {
                warn!("the camera's driver doesn't let go of the camera");
            }
        }
    }
}

fn passed(last: Option<Instant>) -> bool {
    last.is_none_or(|last| last.elapsed() >= KEY_FRAME_PAUSE)
}

/// From an encoder to a connection. What was encoded before the connection stood is dropped.
async fn pump(mut packets: mpsc::Receiver<Bytes>, track: OutgoingTrack, gate: Arc<Gate>) {
    while let Some(packet) = packets.recv().await {
        if gate.open() {
            track.send(packet).await;
        }
    }
}

/// From the operator's page to the screen page.
async fn show(
    track: IncomingTrack,
    face: watch::Receiver<Option<OutgoingTrack>>,
    gate: Arc<Gate>,
    peers: mpsc::Sender<PeerEvent>,
    first: PeerEvent,
) {
    let mut first = Some(first);
    while let Some(packet) = track.next().await {
        if let Some(first) = first.take() {
            let _ = peers.send(first).await;
        }
        if gate.held() {
            continue;
        }
        let screen = face.borrow().clone();
        if let Some(screen) = screen {
            screen.forward(&packet).await;
        }
    }
}

async fn follow_bandwidth(
    mut picture_bit_s: watch::Receiver<u32>,
    camera: crossbeam_channel::Sender<CameraCommand>,
) {
    while picture_bit_s.changed().await.is_ok() {
        let bit_s = *picture_bit_s.borrow_and_update();
        debug!(bit_s, "the path to the operator changed");
        let _ = camera.try_send(CameraCommand::Bitrate { bit_s });
    }
}
