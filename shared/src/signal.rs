//! WebRTC signalling, the same on both legs: robot ↔ operator's page and robot ↔ screen page.
//!
//! The robot always offers; the page always answers (no glare). Candidates trickle both ways.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One signalling message of a media session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Signal {
    /// The robot's session description (RFC 8866). `session` counts the robot's sessions of this
    /// leg; an answer or candidate of another session is dropped.
    Offer {
        /// Number of the media session.
        session: u32,
        /// The description.
        sdp: String,
        /// Between robot and operator's page: the sender's signature ([`crate::proof`]), 64 bytes
        /// in base64.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        proof: Option<String>,
    },
    /// The page's answer.
    Answer {
        /// Number of the media session that is answered.
        session: u32,
        /// The description.
        sdp: String,
        /// Between robot and operator's page: the sender's signature ([`crate::proof`]), 64 bytes
        /// in base64.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        proof: Option<String>,
    },
    /// One ICE candidate (RFC 8839) of either side.
    Candidate {
        /// Number of the media session.
        session: u32,
        /// The `candidate:` attribute; empty at the end of candidates.
        candidate: String,
        /// The media identification (`a=mid`) it belongs to.
        sdp_mid: Option<String>,
        /// The index of the media description it belongs to.
        sdp_m_line_index: Option<u16>,
    },
}

/// A STUN or TURN server, as `RTCIceServer` takes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct IceServer {
    /// `stun:` and `turn:` URLs (RFC 7064, RFC 7065).
    pub urls: Vec<String>,
    /// User name for TURN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub username: Option<String>,
    /// Credential for TURN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub credential: Option<String>,
}

/// Label of the reliable, ordered data channel between robot and operator's page.
pub const CONTROL_CHANNEL: &str = "control";
/// Label of the unordered data channel without retransmission, for what is useless when late.
pub const MOTION_CHANNEL: &str = "motion";
