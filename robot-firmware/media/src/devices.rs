//! The devices that are plugged in, under the names by which a configuration chooses them.

use gstreamer as gst;
use gstreamer::prelude::*;

use crate::error::MediaError;
use crate::pipeline;

/// What a device is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceKind {
    /// Takes up sound.
    Microphone,
    /// Plays sound.
    Loudspeaker,
    /// Takes pictures.
    Camera,
}

/// A device that could be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundDevice {
    /// What it is for.
    pub kind: DeviceKind,
    /// The system that reaches it: `alsa`, `pulse`, `pipewire`, `v4l2` or `libcamera`.
    pub system: &'static str,
    /// Its name in that system.
    pub name: String,
    /// What its maker calls it.
    pub label: String,
}

/// Looks for microphones, loudspeakers and cameras. The same device may be reached by more than
/// one system.
///
/// # Errors
///
/// Only when GStreamer or one of its plugins isn't installed.
pub fn find_devices() -> Result<Vec<FoundDevice>, MediaError> {
    pipeline::init()?;
    let monitor = gst::DeviceMonitor::new();
    for class in ["Audio/Source", "Audio/Sink", "Video/Source"] {
        monitor.add_filter(Some(class), None);
    }
    // Without a monitor there is nothing to be found.
    if monitor.start().is_err() {
        return Ok(Vec::new());
    }
    let found = monitor.devices().iter().filter_map(describe).collect();
    monitor.stop();
    Ok(found)
}

fn describe(device: &gst::Device) -> Option<FoundDevice> {
    let element = device.create_element(None).ok()?;
    let factory = element.factory()?.name();
    let (kind, system, property) = match factory.as_str() {
        "alsasrc" => (DeviceKind::Microphone, "alsa", "device"),
        "alsasink" => (DeviceKind::Loudspeaker, "alsa", "device"),
        "pulsesrc" => (DeviceKind::Microphone, "pulse", "device"),
        "pulsesink" => (DeviceKind::Loudspeaker, "pulse", "device"),
        "pipewiresrc" if device.has_classes("Audio") => (DeviceKind::Microphone, "pipewire", ""),
        "pipewiresink" => (DeviceKind::Loudspeaker, "pipewire", ""),
        "v4l2src" => (DeviceKind::Camera, "v4l2", "device"),
        "libcamerasrc" => (DeviceKind::Camera, "libcamera", "camera-name"),
        _ => return None,
    };
    let name = if property.is_empty() {
        device.properties()?.get::<String>("node.name").ok()?
    } else {
        element.property::<Option<String>>(property)?
    };
    Some(FoundDevice {
        kind,
        system,
        name,
        label: device.display_name().to_string(),
    })
}
