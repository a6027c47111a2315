//! Everything that reaches the daemon's loop, as one closed enum.

use std::ops::Range;

use madoguchi_core::Input;
use madoguchi_core::understanding::Index;
use madoguchi_media::SpeechClip;
use madoguchi_shared::screen::ScreenToRobot;

use crate::link::LinkEvent;

/// One event.
#[derive(Debug)]
pub enum Event {
    /// Already what core takes.
    Core(Input),
    /// From the screen page.
    Screen(ScreenToRobot),
    /// A screen page connected and wants everything.
    ScreenReady,
    /// From the console.
    Link(LinkEvent),
    /// From the voices.
    Speech(SpeechEvent),
    /// The examples' sentence vectors are learned.
    Learned(Box<Index>),
    /// The noise floor of the room, in dB of full scale, about once a second.
    Noise(f32),
    /// A sample visitor's voice, mono at 16 kHz.
    Visitor(Vec<f32>),
    /// The daemon is asked to end.
    Stop,
}

/// What the speaking thread says.
#[derive(Debug)]
pub enum SpeechEvent {
    /// A piece of a sentence is ready for the loudspeaker.
    Clip {
        /// Which sentence of the agent.
        say: u64,
        /// Where the piece stands in its text, in bytes.
        span: Range<usize>,
        /// The sound; its id is given by the loop.
        clip: SpeechClip,
    },
    /// No more pieces follow.
    Done {
        /// Which sentence of the agent.
        say: u64,
    },
}

impl From<LinkEvent> for Event {
    fn from(event: LinkEvent) -> Self {
        Self::Link(event)
    }
}
