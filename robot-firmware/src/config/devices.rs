//! Camera, microphone and loudspeaker in `robot.toml`.

use std::time::Duration;

use madoguchi_media::{
    CameraSource, LoudspeakerSink, MediaConfig, MicrophoneSource, SimulatedRoom, VideoFormat,
};
use serde::Deserialize;

use super::Config;

/// `[microphone]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Microphone {
    /// Which kind.
    pub source: AudioKind,
    /// Which device.
    pub device: Option<String>,
    /// Echo cancellation, noise suppression and gain control; by default where the microphone
    /// hears the loudspeaker.
    pub processing: Option<bool>,
    /// After this time a simulated microphone hears a simulated loudspeaker; never when absent.
    pub echo_ms: Option<u16>,
}

impl Microphone {
    /// Whether what the loudspeaker plays reaches the microphone.
    pub fn hears_loudspeaker(&self) -> bool {
        self.source != AudioKind::Simulated || self.echo_ms.is_some()
    }
}

/// `[loudspeaker]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Loudspeaker {
    /// Which kind.
    pub sink: AudioKind,
    /// Which device.
    pub device: Option<String>,
}

/// A sound system.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AudioKind {
    /// Nothing to touch.
    #[default]
    Simulated,
    /// ALSA.
    Alsa,
    /// PulseAudio.
    Pulse,
    /// PipeWire.
    Pipewire,
}

impl AudioKind {
    /// As it stands in the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Simulated => "simulated",
            Self::Alsa => "alsa",
            Self::Pulse => "pulse",
            Self::Pipewire => "pipewire",
        }
    }
}

/// `[camera]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Camera {
    /// Which kind.
    pub source: CameraKind,
    /// Which device.
    pub device: Option<String>,
}

impl CameraKind {
    /// As it stands in the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Simulated => "simulated",
            Self::V4l2 => "v4l2",
            Self::Libcamera => "libcamera",
            Self::None => "none",
        }
    }
}

/// A camera system.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CameraKind {
    /// A moving test picture.
    #[default]
    Simulated,
    /// Video4Linux.
    V4l2,
    /// libcamera, as on the Raspberry Pi.
    Libcamera,
    /// No camera.
    None,
}

impl Config {
    /// The devices for the media engine.
    pub fn media(&self) -> MediaConfig {
        let microphone = &self.microphone;
        let loudspeaker = &self.loudspeaker;
        let default = || "default".to_owned();
        MediaConfig {
            camera: match self.camera.source {
                CameraKind::Simulated => CameraSource::Simulated,
                CameraKind::V4l2 => CameraSource::V4l2 {
                    device: self
                        .camera
                        .device
                        .clone()
                        .unwrap_or("/dev/video0".to_owned()),
                },
                CameraKind::Libcamera => CameraSource::Libcamera {
                    name: self.camera.device.clone(),
                },
                CameraKind::None => CameraSource::None,
            },
            microphone: match microphone.source {
                AudioKind::Simulated => MicrophoneSource::Simulated,
                AudioKind::Alsa => MicrophoneSource::Alsa {
                    device: microphone.device.clone().unwrap_or_else(default),
                },
                AudioKind::Pulse => MicrophoneSource::Pulse {
                    device: microphone.device.clone(),
                },
                AudioKind::Pipewire => MicrophoneSource::Pipewire {
                    target: microphone.device.clone(),
                },
            },
            loudspeaker: match loudspeaker.sink {
                AudioKind::Simulated => LoudspeakerSink::Simulated,
                AudioKind::Alsa => LoudspeakerSink::Alsa {
                    device: loudspeaker.device.clone().unwrap_or_else(default),
                },
                AudioKind::Pulse => LoudspeakerSink::Pulse {
                    device: loudspeaker.device.clone(),
                },
                AudioKind::Pipewire => LoudspeakerSink::Pipewire {
                    target: loudspeaker.device.clone(),
                },
            },
            voice_processing: microphone
                .processing
                .unwrap_or_else(|| microphone.hears_loudspeaker()),
            room: microphone.echo_ms.map(|delay_ms| SimulatedRoom {
                delay: Duration::from_millis(u64::from(delay_ms)),
                ..SimulatedRoom::default()
            }),
            video: VideoFormat::default(),
        }
    }
}

/// `[presence]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Presence {
    /// What sees whether somebody stands in front of the robot.
    pub sensor: PresenceKind,
}

/// A sensor for people in front.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PresenceKind {
    /// None: a visitor has left when nothing was heard or touched for a while.
    #[default]
    None,
    /// Follows the sample visitors.
    Simulated,
}
