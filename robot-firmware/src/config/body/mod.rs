//! `[body]`: what a real base feels with, and what it shows.

mod bus;
mod check;
mod wiring;

use std::path::{Path, PathBuf};

use madoguchi_hardware::board::Board;
use serde::Deserialize;

pub use bus::{BatteryConfig, MonitorKind, RangeConfig, TiltConfig};
pub use wiring::{Active, EmergencyStopPins, EndPins, HeadConfig, SwitchedPin};

/// `[body]`. Pins are BCM numbers.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BodyConfig {
    /// Where pins and buses are.
    pub board: BoardKind,
    /// What this base is meant to do without.
    pub without: Vec<Omission>,
    /// The emergency stop.
    pub emergency_stop: Option<EmergencyStopPins>,
    /// The bumpers.
    pub bumpers: Option<EndPins>,
    /// What sees the floor end.
    pub cliffs: Option<EndPins>,
    /// The square wave for a watchdog relay.
    pub heartbeat: Option<u8>,
    /// The battery.
    pub battery: Option<BatteryConfig>,
    /// What feels the robot lean.
    pub tilt: Option<TiltConfig>,
    /// A folder of the kernel's class `thermal`.
    pub temperature: Option<PathBuf>,
    /// The head.
    pub head: Option<HeadConfig>,
    /// The signal lamp.
    pub lamp: Option<SwitchedPin>,
    /// What looks where the robot drives.
    #[serde(rename = "range")]
    pub ranges: Vec<RangeConfig>,
}

/// Where pins and buses are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BoardKind {
    /// On a Raspberry Pi's header.
    #[default]
    RaspberryPi,
    /// In the folder `board` of `state`.
    Simulated,
}

/// What a base may be meant to do without; each is a decision with a consequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Omission {
    /// Leaning doesn't stop it.
    Tilt,
    /// An edge of the floor doesn't stop it.
    Cliffs,
    /// No relay cuts the motors' power when the program hangs.
    Heartbeat,
}

impl Omission {
    /// As it stands in the configuration, and what follows.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Tilt => ("tilt", "leaning doesn't stop the robot"),
            Self::Cliffs => ("cliffs", "an edge of the floor doesn't stop the robot"),
            Self::Heartbeat => (
                "heartbeat",
                "no relay cuts the motors' power when the program hangs",
            ),
        }
    }
}

impl BodyConfig {
    /// The board, with `state` for a simulated one.
    pub fn board(&self, state: &Path) -> Board {
        match self.board {
            BoardKind::RaspberryPi => Board::raspberry_pi(),
            BoardKind::Simulated => Board::simulated(state.join("board")),
        }
    }

    /// Makes relative paths start at `base`.
    pub(super) fn start_at(&mut self, base: &Path) {
        let battery = self
            .battery
            .as_mut()
            .and_then(|battery| battery.folder.as_mut());
        for path in battery.into_iter().chain(&mut self.temperature) {
            *path = base.join(&*path);
        }
    }
}
