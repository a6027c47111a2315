//! What the machine is told once, at the start.

use std::time::Duration;

use madoguchi_shared::ids::Lang;
use madoguchi_shared::screen::SampleVisitor;
use serde::{Deserialize, Serialize};

/// What the machine is told once, at the start.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Start of the sequence that identifiers are made from; random in the daemon.
    pub seed: u64,
    /// The site's name, as operators read it.
    pub site: String,
    /// Where the robot stands.
    pub place: String,
    /// Version of the software.
    pub software: String,
    /// Name of the recogniser's model.
    pub recogniser: Option<String>,
    /// The language in which operators read packets.
    pub packet_language: Lang,
    /// Pairs (from, to) that can be translated.
    pub translations: Vec<(Lang, Lang)>,
    /// Whether speech stops the robot's sentence; needs echo cancellation or a simulated room.
    pub barge_in: bool,
    /// Whether staff in the building can be called.
    #[serde(default)]
    pub bell: bool,
    /// Whether there is something that moves the robot.
    #[serde(default)]
    pub motion: bool,
    /// Who can be played into a simulated microphone.
    pub sample_visitors: Vec<SampleVisitor>,
    /// How long things may take.
    pub patience: Patience,
}

/// How long the robot waits for what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Patience {
    /// A silent visitor has left. Default 60 s.
    pub visit_idle: Duration,
    /// Nobody says anything in interpreter mode before it ends. Default 2 min.
    #[serde(default = "interpreter")]
    pub interpreter: Duration,
    /// The same as `visit_idle` after a person has handed the visitor back, and after an account was read out, when
    /// the visitor is asked after first. Default 20 s.
    pub idle_after_call: Duration,
    /// The presence sensor sees nobody before the visitor counts as gone. Default 3 s.
    #[serde(default = "absence")]
    pub absence: Duration,
    /// A call stays open after that, for a visitor who only fetches something. Default 20 s.
    #[serde(default = "absence_in_call")]
    pub absence_in_call: Duration,
    /// The goodbye stands. Default 4 s.
    pub goodbye: Duration,
    /// A new case waits for a lost console. Default 8 s.
    pub console: Duration,
    /// A resident waits for an operator before they are asked what else they want. Default 120 s.
    pub operator: Duration,
    /// The same for one who chose to wait on. Default 15 min.
    #[serde(default = "waits_on")]
    pub waits_on: Duration,
    /// Picture and sound come up, the operator's consent to camera and microphone included.
    /// Default 30 s.
    pub media_setup: Duration,
    /// An operator whose page is gone comes back. Default 20 s.
    pub operator_return: Duration,
    /// Staff in the room who have a case act, on either screen. Default 10 min.
    #[serde(default = "onsite")]
    pub onsite: Duration,
    /// The panel of staff in the room closes when nobody touches the screen. Default 60 s.
    #[serde(default = "staff_panel")]
    pub staff_panel: Duration,
}

fn onsite() -> Duration {
    Duration::from_secs(10 * 60)
}

fn staff_panel() -> Duration {
    Duration::from_secs(60)
}

fn interpreter() -> Duration {
    Duration::from_secs(120)
}

fn absence() -> Duration {
    Duration::from_secs(3)
}

fn absence_in_call() -> Duration {
    Duration::from_secs(20)
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            visit_idle: Duration::from_secs(60),
            interpreter: interpreter(),
            idle_after_call: Duration::from_secs(20),
            absence: absence(),
            absence_in_call: absence_in_call(),
            goodbye: Duration::from_secs(4),
            console: Duration::from_secs(8),
            operator: Duration::from_secs(120),
            waits_on: waits_on(),
            media_setup: Duration::from_secs(30),
            operator_return: Duration::from_secs(20),
            onsite: onsite(),
            staff_panel: staff_panel(),
        }
    }
}

fn waits_on() -> Duration {
    Duration::from_secs(15 * 60)
}
