//! Sound levels as the `level` element measures them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use gstreamer as gst;
use std::sync::Mutex;

use super::{PipelineError, element};
use crate::event::{EventSink, MediaEvent};

const INTERVAL: gst::ClockTime = gst::ClockTime::from_mseconds(100);
const QUIETEST_DB: f64 = -60.0;

/// An element that measures what flows through it, ten times a second.
pub(super) fn meter() -> Result<gst::Element, PipelineError> {
    element("level", |builder| {
        builder
            .property("interval", INTERVAL.nseconds())
            .property("post-messages", true)
    })
}

/// Reads a message of the `level` element: the RMS of the first channel, 0 to 1.
pub(super) fn from_message(structure: &gst::StructureRef) -> Option<f32> {
    if structure.name() != "level" {
        return None;
    }
    let rms = structure.get::<gst::glib::ValueArray>("rms").ok()?;
    let decibel = rms.first()?.get::<f64>().ok()?;
    Some(scale(decibel))
}

fn scale(decibel: f64) -> f32 {
    if decibel.is_nan() {
        return 0.0;
    }
    (1.0 - decibel / QUIETEST_DB).clamp(0.0, 1.0) as f32
}

/// Joins the levels of both devices into one event, about ten a second.
#[derive(Clone)]
pub(crate) struct Levels {
    events: EventSink,
    last: Arc<Mutex<Last>>,
}

#[derive(Default)]
struct Last {
    microphone: f32,
    loudspeaker: f32,
    told: Option<Instant>,
}

impl Levels {
    pub(crate) fn new(events: EventSink) -> Self {
        Self {
            events,
            last: Arc::default(),
        }
    }

    pub(crate) fn microphone(&self, level: f32) {
        self.change(|last| last.microphone = level);
    }

    pub(crate) fn loudspeaker(&self, level: f32) {
        self.change(|last| last.loudspeaker = level);
    }

    fn change(&self, change: impl FnOnce(&mut Last)) {
        let Ok(mut last) = self.last.lock() else {
            return;
        };
        change(&mut last);
        let now = Instant::now();
        let due = last
            .told
            .is_none_or(|told| now - told >= Duration::from_millis(90));
        if due {
            last.told = Some(now);
            self.events.send_if_roomy(MediaEvent::Levels {
                microphone: last.microphone,
                loudspeaker: last.loudspeaker,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::scale;

    #[test]
    fn the_scale_runs_from_sixty_decibels_down_to_full_scale() {
        assert_eq!(scale(f64::NEG_INFINITY), 0.0);
        assert_eq!(scale(-60.0), 0.0);
        assert_eq!(scale(-30.0), 0.5);
        assert_eq!(scale(0.0), 1.0);
        assert_eq!(scale(3.0), 1.0);
        assert_eq!(scale(f64::NAN), 0.0);
    }
}
