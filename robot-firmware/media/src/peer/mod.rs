//! WebRTC: one connection to an operator's page, one to the robot's own screen page.
//!
//! Everything of the `webrtc` library stays in here. What leaves are SDP and candidates as text,
//! media as RTP packets in bytes, and [`PeerEvent`]s.

mod bandwidth;
mod codecs;
mod connection;
mod known;
mod network;
mod rtcp;
mod settings;
mod track;
mod turn_stream;

use bytes::Bytes;

pub(crate) use connection::{Connection, OperatorMedia, OperatorTerms};
pub(crate) use track::{IncomingTrack, OutgoingTrack};

/// Why a connection can't be made or can't go on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PeerError {
    /// Sockets, certificates or the local description.
    #[error("the connection can't be prepared")]
    Prepare(#[source] webrtc::error::Error),
    /// The page's description.
    #[error("the page's answer can't be used")]
    Answer(#[source] webrtc::error::Error),
    /// It takes none of what the robot sends.
    #[error("the page has none of the robot's codecs for {0}; the robot sends VP8 and Opus")]
    Codec(&'static str),
    /// The library gave up on it.
    #[error("the page's answer can't be read at all")]
    Poisoned,
}

/// Which of the two connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leg {
    Operator,
    Screen,
}

/// Something that happened on a connection.
pub(crate) struct PeerEvent {
    pub(crate) leg: Leg,
    pub(crate) session: u32,
    pub(crate) change: PeerChange,
}

/// What happened.
pub(crate) enum PeerChange {
    /// A local candidate was found; empty at the end of candidates.
    Candidate(String),
    Connected,
    /// Nothing was heard for a while.
    Interrupted,
    Failed,
    /// The page sends a picture.
    Video(IncomingTrack),
    /// The page sends sound.
    Audio(IncomingTrack),
    /// The first packet of the page's picture was forwarded.
    FirstVideo,
    /// The page can't decode what it got.
    KeyFrameWanted,
    ControlOpen,
    Control(Bytes),
    Motion(Bytes),
}
