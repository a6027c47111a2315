//! The one task that owns the call. It takes the daemon's orders and the connections' events one
//! after the other, so that nothing about a call is ever decided twice at once.

use bytes::Bytes;
use madoguchi_shared::signal::Signal;
use tokio::sync::mpsc;
use tracing::{debug, warn};

use crate::call::{Call, Equipment};
use crate::config::{CallConfig, CameraSource, VideoFormat};
use crate::event::{EventSink, MediaEvent};
use crate::peer::{Leg, PeerChange, PeerEvent};
use crate::picture::NewestPicture;
use crate::pipeline::blocks::BlockMaker;
use crate::pipeline::device::{Absence, DeviceThread};
use crate::pipeline::loudspeaker::Playout;
use crate::pipeline::microphone::MicrophoneCommand;

const PEER_EVENTS: usize = 512;
/// A description of our size is 3 to 5 kB; parsing much more is nobody's right.
const SDP_LIMIT_BYTES: usize = 64 * 1024;

/// What the daemon asks for.
pub(crate) enum Order {
    StartCall(CallConfig),
    OperatorSignal(Signal),
    ScreenSignal(Signal),
    ScreenReady,
    Hold(bool),
    Mute(bool),
    EndCall,
    TakeStill(u32),
    SendControl(Bytes),
    SendMotion(Bytes),
}

/// See the module.
pub(crate) struct Conductor {
    camera: CameraSource,
    /// Outlives the calls, as the camera's threads don't.
    camera_absence: Absence,
    video: VideoFormat,
    newest_picture: NewestPicture,
    microphone: DeviceThread<MicrophoneCommand>,
    muted: bool,
    playout: Playout,
    heard: BlockMaker,
    events: EventSink,
    peer_events: (mpsc::Sender<PeerEvent>, mpsc::Receiver<PeerEvent>),
    call: Option<Call>,
    screen_session: u32,
}

macro_rules! equipment {
    ($self:ident) => {
        Equipment {
            camera: &$self.camera,
            camera_absence: &$self.camera_absence,
            video: $self.video,
            newest_picture: &$self.newest_picture,
            microphone: &$self.microphone,
            muted: $self.muted,
            playout: &$self.playout,
            heard: &$self.heard,
            events: &$self.events,
            peers: &$self.peer_events.0,
        }
    };
}

impl Conductor {
    pub(crate) fn new(
        camera: CameraSource,
        (video, newest_picture): (VideoFormat, NewestPicture),
        microphone: DeviceThread<MicrophoneCommand>,
        playout: Playout,
        heard: BlockMaker,
        events: EventSink,
    ) -> Self {
        Self {
            camera,
            camera_absence: Absence::default(),
            video,
            newest_picture,
            microphone,
            muted: false,
            playout,
            heard,
            events,
            peer_events: mpsc::channel(PEER_EVENTS),
            call: None,
            screen_session: 0,
        }
    }

    /// Runs until the engine is gone, and gives the microphone back.
    pub(crate) async fn run(
        mut self,
        mut orders: mpsc::Receiver<Order>,
    ) -> DeviceThread<MicrophoneCommand> {
        loop {
            tokio::select! {
                order = orders.recv() => match order {
                    Some(order) => self.obey(order).await,
                    None => break,
                },
                Some(event) = self.peer_events.1.recv() => self.peer(event).await,
            }
        }
        self.end_call().await;
        self.microphone
    }

    async fn obey(&mut self, order: Order) {
        match order {
            Order::StartCall(config) => self.start_call(config).await,
            Order::OperatorSignal(signal) => self.operator_signal(signal).await,
            Order::ScreenSignal(signal) => self.screen_signal(signal).await,
            Order::ScreenReady => self.offer_screen().await,
            Order::EndCall => self.end_call().await,
            Order::TakeStill(number) => match &self.call {
                Some(call) => call.take_still(number, &equipment!(self)),
                None => self.events.send(MediaEvent::Still { number, jpeg: None }),
            },
            Order::Hold(hold) => {
                let with = equipment!(self);
                if let Some(call) = &mut self.call {
                    call.hold(hold, &with).await;
                }
            }
            Order::Mute(muted) => {
                self.muted = muted;
                let with = equipment!(self);
                if let Some(call) = &self.call {
                    call.use_microphone(&with);
                }
            }
            Order::SendControl(bytes) => {
                if let Some(call) = &mut self.call
                    && !call.operator().send_control(&bytes).await
                {
                    debug!("a message to the operator's page is lost: the channel isn't open");
                }
            }
            Order::SendMotion(bytes) => {
                if let Some(call) = &mut self.call {
                    call.operator().send_motion(&bytes).await;
                }
            }
        }
    }

    async fn start_call(&mut self, config: CallConfig) {
        self.end_call().await;
        let session = config.session;
        match Call::begin(config, &equipment!(self)).await {
            Ok((call, sdp)) => {
                self.call = Some(call);
                self.events.send(MediaEvent::OperatorSignal(Signal::Offer {
                    session,
                    sdp,
                    proof: None,
                }));
                self.offer_screen().await;
            }
            Err(error) => {
                self.microphone.command(MicrophoneCommand::Encode(None));
                self.events.send(MediaEvent::CallFailed {
                    session,
                    reason: with_source(&error),
                });
            }
        }
    }

    async fn end_call(&mut self) {
        if let Some(call) = self.call.take() {
            call.end(&equipment!(self)).await;
        }
    }

    async fn fail(&mut self, reason: String) {
        let Some(call) = self.call.take() else {
            return;
        };
        let session = call.session;
        call.end(&equipment!(self)).await;
        self.events.send(MediaEvent::CallFailed { session, reason });
    }

    async fn offer_screen(&mut self) {
        let Some(call) = &mut self.call else {
            return;
        };
        self.screen_session = self.screen_session.wrapping_add(1);
        let session = self.screen_session;
        match call.offer_screen(session, &self.peer_events.0).await {
            Ok(sdp) => self.events.send(MediaEvent::ScreenSignal(Signal::Offer {
                session,
                sdp,
                proof: None,
            })),
            Err(error) => warn!(
                reason = with_source(&error),
                "the operator's picture can't reach the screen"
            ),
        }
    }

    async fn operator_signal(&mut self, signal: Signal) {
        let Some(call) = &mut self.call else {
            return;
        };
        match signal {
            Signal::Answer { session, sdp, .. } if session == call.session => {
                if call.operator().is_answered() {
                    debug!("a second answer of the operator's page is dropped");
                    return;
                }
                let taken = if sdp.len() > SDP_LIMIT_BYTES {
                    Err("the operator's page sent an answer of unreasonable length".to_owned())
                } else {
                    let taken = call.operator().answer(sdp).await;
                    taken.map_err(|error| with_source(&error))
                };
                if let Err(reason) = taken {
                    self.fail(reason).await;
                }
            }
            Signal::Candidate {
                session,
                candidate,
                sdp_mid,
                sdp_m_line_index,
            } if session == call.session => {
                call.operator()
                    .candidate(candidate, sdp_mid, sdp_m_line_index)
                    .await;
            }
            _ => debug!("a signal of the operator's page belongs to no call"),
        }
    }

    async fn screen_signal(&mut self, signal: Signal) {
        let Some(call) = &mut self.call else {
            return;
        };
        match signal {
            Signal::Answer { session, sdp, .. } => {
                let Some(screen) = call.screen(session) else {
                    return;
                };
                if screen.is_answered() || sdp.len() > SDP_LIMIT_BYTES {
                    return;
                }
                if let Err(error) = screen.answer(sdp).await {
                    warn!(
                        reason = with_source(&error),
                        "the screen page can't show the operator"
                    );
                    call.close_screen().await;
                }
            }
            Signal::Candidate {
                session,
                candidate,
                sdp_mid,
                sdp_m_line_index,
            } => {
                if let Some(screen) = call.screen(session) {
                    screen.candidate(candidate, sdp_mid, sdp_m_line_index).await;
                }
            }
            Signal::Offer { .. } => debug!("the screen page doesn't offer; its offer is dropped"),
        }
    }

    async fn peer(&mut self, event: PeerEvent) {
        match event.leg {
            Leg::Operator => self.operator_change(event.session, event.change).await,
            Leg::Screen => self.screen_change(event.session, event.change).await,
        }
    }

    async fn operator_change(&mut self, session: u32, change: PeerChange) {
        let Some(call) = self.call.as_mut().filter(|call| call.session == session) else {
            return;
        };
        match change {
            PeerChange::Candidate(candidate) => self
                .events
                .send(MediaEvent::OperatorSignal(signal(session, candidate))),
            PeerChange::Connected => {
                let again = call.connected;
                call.operator_connected();
                self.events.send(if again {
                    MediaEvent::CallResumed { session }
                } else {
                    MediaEvent::CallConnected { session }
                });
            }
            PeerChange::Interrupted => {
                if call.operator_interrupted() {
                    self.events.send(MediaEvent::CallInterrupted { session });
                }
            }
            PeerChange::Failed => {
                let reason = if call.connected {
                    "the connection to the operator broke"
                } else {
                    "no way was found to reach the operator's page"
                };
                self.fail(reason.to_owned()).await;
            }
            PeerChange::Video(track) => call.video(track, &self.peer_events.0).await,
            PeerChange::Audio(track) => call.audio(track),
            PeerChange::FirstVideo => self.events.send(MediaEvent::OperatorVideo { session }),
            PeerChange::KeyFrameWanted => call.key_frame_wanted(),
            PeerChange::ControlOpen => self.events.send(MediaEvent::ControlOpen { session }),
            PeerChange::Control(bytes) => self.events.send(MediaEvent::ControlMessage(bytes)),
            PeerChange::Motion(bytes) => self.events.send(MediaEvent::MotionMessage(bytes)),
        }
    }

    async fn screen_change(&mut self, session: u32, change: PeerChange) {
        let Some(call) = &mut self.call else {
            return;
        };
        if call.screen(session).is_none() {
            return;
        }
        match change {
            PeerChange::Candidate(candidate) => self
                .events
                .send(MediaEvent::ScreenSignal(signal(session, candidate))),
            PeerChange::Connected => call.screen_connected().await,
            PeerChange::Interrupted => call.screen_interrupted(),
            PeerChange::KeyFrameWanted => call.screen_wants_key_frame().await,
            PeerChange::Failed => {
                debug!("the connection to the screen page is gone");
                call.close_screen().await;
            }
            _ => {}
        }
    }
}

/// All media share one transport (RFC 9143), so every candidate belongs to the first description.
fn signal(session: u32, candidate: String) -> Signal {
    Signal::Candidate {
        session,
        candidate,
        sdp_mid: None,
        sdp_m_line_index: Some(0),
    }
}

fn with_source(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {}", with_source(source)),
        None => error.to_string(),
    }
}
