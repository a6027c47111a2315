//! Staff in the room take a visitor over: on the robot's own screen behind a PIN, or on a phone by
//! a link that the robot asks its console for.
//!
//! The robot alone says when staff have a case ([`crate::packet::Owner::Onsite`]): a phone's acts
//! reach it through the console. What they gave back travels in the closed case's packet
//! ([`crate::packet::Packet::returned`]), so that it reaches a console that was away, once.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::{Lang, UnixMs};
use crate::packet::{Packet, ReturnPacket};

/// Fewest digits of a PIN.
pub const PIN_MIN_DIGITS: usize = 6;
/// Most digits of a PIN.
pub const PIN_MAX_DIGITS: usize = 12;
/// A link for a phone can be opened for so long, in milliseconds.
pub const LINK_LIFE_MS: u64 = 120_000;

/// A PIN as it was entered; it doesn't show in a log.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(transparent)]
pub struct Pin(pub String);

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(…)")
    }
}

/// A phone that was opened by a link may come back for so long, in milliseconds.
pub const PASS_LIFE_MS: u64 = 60 * 60 * 1000;

/// What staff do at the robot's own screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum StaffAct {
    /// Open the panel: its PIN is asked for.
    Open,
    /// Close it; a case that they took stays theirs.
    Close,
    /// Enter the PIN.
    Enter {
        /// What was entered.
        pin: Pin,
    },
    /// Ask for a link to the case for a phone.
    AskLink,
    /// Take the visitor over, or give them back.
    Do {
        /// Which.
        what: OnsiteAct,
    },
}

/// What staff do with a visitor, on either screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum OnsiteAct {
    /// Take them over.
    Accept,
    /// They are still at it: what they have stays theirs.
    InHand,
    /// Give them back.
    End {
        /// What goes back with them.
        back: ReturnPacket,
    },
}

/// The staff's panel on the robot's own screen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct StaffView {
    /// The language in which staff read.
    pub language: Lang,
    /// Words for the panel in that language, as [`crate::screen::ScreenView::labels`].
    pub labels: BTreeMap<String, String>,
    /// What it shows.
    pub panel: StaffPanel,
}

/// What the staff's panel shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum StaffPanel {
    /// No PIN was set, so nobody can get in.
    NoPin,
    /// The PIN is asked for.
    Pin {
        /// Whether one is being checked.
        checking: bool,
        /// Whether the last one was wrong.
        wrong: bool,
        /// Until when none is taken, after too many wrong ones, by the robot's clock.
        until: Option<UnixMs>,
    },
    /// No visitor is here.
    Nobody,
    /// The visitor's case. Where none is open, what one would hold that staff open now; its owner
    /// is the agent.
    Case {
        /// The case.
        packet: Box<Packet>,
        /// Whether a link for a phone can be had: only for an open case, from a console.
        linkable: bool,
        /// The link, for as long as it can be used.
        link: Option<StaffLink>,
    },
}

/// A link to one case for one phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StaffLink {
    /// What the phone opens; the secret is behind the `#`, which a browser sends to no server.
    pub url: String,
    /// Until when it can be opened, by the console's clock.
    pub until: UnixMs,
}

/// What a phone says to the console (`GET /api/onsite`); the first message is one of the first two.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum PhoneToConsole {
    /// I was opened by this link.
    Open {
        /// What stands behind the `#` of [`StaffLink::url`].
        token: String,
    },
    /// I come back.
    Resume {
        /// [`ConsoleToPhone::Opened`].
        pass: String,
    },
    /// This is to be done. Accepting again tells that somebody still has the phone in hand.
    Do {
        /// What.
        what: OnsiteAct,
    },
}

impl fmt::Debug for PhoneToConsole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PhoneToConsole(…)")
    }
}

/// What the console says to a phone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ConsoleToPhone {
    /// The link is used up; the phone comes back by this.
    Opened {
        /// For [`PhoneToConsole::Resume`], for [`PASS_LIFE_MS`].
        pass: String,
    },
    /// The case as it stands.
    Case {
        /// The case.
        packet: Box<Packet>,
        /// Whether its robot can be reached, so that something can be done.
        online: bool,
    },
    /// The case has ended, or the link or pass can't be used (any more). The connection ends.
    Over {
        /// Whether it is the case.
        ended: bool,
    },
    /// The robot can't be reached: nothing was done.
    RobotAway,
}
