//! What the engine plays with: devices, picture format, and the terms of one call.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use madoguchi_shared::signal::IceServer;

/// The devices of one robot.
///
/// The default is simulated throughout: it needs no camera and no sound card.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MediaConfig {
    /// Where the picture comes from.
    pub camera: CameraSource,
    /// Where sound comes from.
    pub microphone: MicrophoneSource,
    /// Where sound goes.
    pub loudspeaker: LoudspeakerSink,
    /// Whether what the microphone takes up goes through echo cancellation, noise suppression and
    /// gain control. Where they aren't installed it goes on without.
    pub voice_processing: bool,
    /// What a simulated loudspeaker's sound meets on its way to a simulated microphone. They don't
    /// hear each other when it is absent; real devices don't need it.
    pub room: Option<SimulatedRoom>,
    /// The picture that an operator receives.
    pub video: VideoFormat,
}

/// A room in which the microphone hears the loudspeaker, with reflections for 60 ms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SimulatedRoom {
    /// From when a sample leaves the loudspeaker until it is taken up: the way through the air,
    /// and what real devices don't report of their own delay.
    pub delay: Duration,
    /// How much weaker the echo is than what is played, in decibels.
    pub loss_db: u8,
}

impl Default for SimulatedRoom {
    /// 20 ms and 12 dB: a loudspeaker and a microphone in one box.
    fn default() -> Self {
        Self {
            delay: Duration::from_millis(20),
            loss_db: 12,
        }
    }
}

/// Where the picture comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum CameraSource {
    /// A moving test picture.
    #[default]
    Simulated,
    /// A Video4Linux device such as `/dev/video0`.
    V4l2 {
        /// The device file.
        device: String,
    },
    /// A camera behind libcamera, such as the Raspberry Pi's.
    Libcamera {
        /// Its libcamera name; the first one when absent.
        name: Option<String>,
    },
    /// No camera: an operator hears the resident but sees nobody.
    None,
}

/// Where sound comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum MicrophoneSource {
    /// Silence, into which [`MediaEngine::play_visitor`](crate::MediaEngine::play_visitor) speaks.
    #[default]
    Simulated,
    /// An ALSA device.
    Alsa {
        /// Its name, such as `default` or `hw:1,0`.
        device: String,
    },
    /// A PulseAudio source.
    Pulse {
        /// Its name; the server's default when absent.
        device: Option<String>,
    },
    /// A PipeWire source.
    Pipewire {
        /// The node's name or serial; the session's default when absent.
        target: Option<String>,
    },
}

/// Where sound goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum LoudspeakerSink {
    /// Nowhere, at the speed of a real device.
    #[default]
    Simulated,
    /// An ALSA device.
    Alsa {
        /// Its name, such as `default` or `hw:1,0`.
        device: String,
    },
    /// A PulseAudio sink.
    Pulse {
        /// Its name; the server's default when absent.
        device: Option<String>,
    },
    /// A PipeWire sink.
    Pipewire {
        /// The node's name or serial; the session's default when absent.
        target: Option<String>,
    },
}

/// The picture that an operator receives, encoded as VP8 (RFC 6386).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VideoFormat {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Pictures a second.
    pub frames_per_second: u32,
    /// The most that the encoder may spend.
    pub bitrate_limit_kbit_s: u32,
}

impl Default for VideoFormat {
    /// 640 × 480 at 30 pictures and at most 1,500 kbit a second.
    fn default() -> Self {
        Self {
            width: 640,
            height: 480,
            frames_per_second: 30,
            bitrate_limit_kbit_s: 1_500,
        }
    }
}

/// The terms of one call with an operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallConfig {
    /// Number of the media session. It stands in every [`Signal`](madoguchi_shared::signal::Signal)
    /// of the operator's leg; a signal of another session is dropped.
    pub session: u32,
    /// STUN and TURN servers.
    pub ice_servers: Vec<IceServer>,
    /// Local addresses to bind. An unspecified address stands for every interface of its family
    /// except loopback; one that can't be bound is left out. Loopback joins them on a machine
    /// with no way out.
    pub bind: Vec<SocketAddr>,
}

impl CallConfig {
    /// A call over every interface of the robot, with no servers.
    pub fn new(session: u32) -> Self {
        Self {
            session,
            ice_servers: Vec::new(),
            bind: vec![
                SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)),
                SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)),
            ],
        }
    }
}
