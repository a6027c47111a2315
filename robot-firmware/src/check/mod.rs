//! What works on this robot, for whoever sets it up: the page `/check` of the screen's server, and
//! `madoguchi-robot check`. Nothing in it is about a visitor.

mod body;
mod page;
mod survey;

use std::sync::{Arc, Mutex};

use madoguchi_media::MediaEvent;
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::fit::Fitted;
use crate::link::LinkEvent;

pub use body::devices;
pub use page::{STYLE, escaped, html, json};
pub use survey::{speakers, survey, updates};

/// A part of the robot that can be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// What hears the visitor.
    Microphone,
    /// What the visitor hears.
    Loudspeaker,
    /// What an operator sees.
    Camera,
    /// The motors' controller.
    Wheels,
    /// The two contacts of the emergency stop.
    EmergencyStop,
    /// The contact in front.
    FrontBumper,
    /// The contact behind.
    RearBumper,
    /// What sees the floor end in front.
    FrontFloor,
    /// The same behind.
    RearFloor,
    /// What looks ahead.
    FrontRange,
    /// What looks back.
    RearRange,
    /// The battery.
    Battery,
    /// What tells the heat inside.
    Thermometer,
    /// What feels the robot lean.
    Tilt,
    /// The sign of life for the watchdog relay.
    Heartbeat,
    /// The head's servos.
    Head,
    /// The signal lamp.
    Lamp,
    /// What calls the staff in the room.
    Bell,
    /// From speech to words, as it was timed on this board.
    Recogniser,
    /// Who speaks each of the office's languages.
    Voices,
    /// The office's knowledge.
    Pack,
    /// The models on disk.
    Models,
    /// Where operators are.
    Console,
    /// The program.
    Program,
    /// `robot.toml`, where it can't be used.
    Configuration,
    /// What the robot remembers, where it can't be read or written.
    State,
    /// How the last update goes, or went.
    Updates,
}

impl Part {
    /// For what is written down, and read by another version.
    pub fn id(self) -> String {
        let id = serde_json::to_value(self).unwrap_or_default();
        id.as_str().unwrap_or_default().to_owned()
    }

    /// The part of that identifier, where this version has one.
    pub fn of_id(id: &str) -> Option<Self> {
        serde_json::from_value(id.into()).ok()
    }

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Microphone => "Microphone",
            Self::Loudspeaker => "Loudspeaker",
            Self::Camera => "Camera",
            Self::Wheels => "Wheels",
            Self::EmergencyStop => "Emergency stop",
            Self::FrontBumper => "Front bumper",
            Self::RearBumper => "Rear bumper",
            Self::FrontFloor => "Front floor",
            Self::RearFloor => "Rear floor",
            Self::FrontRange => "Front range",
            Self::RearRange => "Rear range",
            Self::Battery => "Battery",
            Self::Thermometer => "Thermometer",
            Self::Tilt => "Tilt sensor",
            Self::Heartbeat => "Heartbeat",
            Self::Head => "Head",
            Self::Lamp => "Lamp",
            Self::Bell => "Bell",
            Self::Recogniser => "Recogniser",
            Self::Voices => "Voices",
            Self::Pack => "Knowledge pack",
            Self::Models => "Models",
            Self::Console => "Console",
            Self::Program => "Program",
            Self::Configuration => "Configuration",
            Self::State => "State",
            Self::Updates => "Updates",
        }
    }
}

/// Whether a part works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// It does.
    Works,
    /// It doesn't; visits go on without it where they can.
    Trouble,
    /// Nothing has tried it yet.
    Untried,
}

impl Condition {
    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::Trouble => "trouble",
            Self::Untried => "not tried yet",
        }
    }
}

/// What is known about one part.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Finding {
    /// Which.
    pub part: Part,
    /// Whether it works.
    pub condition: Condition,
    /// What it is, and what helps where it doesn't work.
    pub detail: String,
}

impl Finding {
    /// A finding.
    pub fn new(part: Part, condition: Condition, detail: impl Into<String>) -> Self {
        Self {
            part,
            condition,
            detail: detail.into(),
        }
    }
}

/// Everything that is known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Check {
    /// One for each part, in [`Part`]'s order.
    pub findings: Vec<Finding>,
    /// How the recogniser does on this board, once it was timed.
    pub recogniser: Option<Fitted>,
    /// Loudness at the microphone now, 0 (silence) to 1.
    pub microphone_level: Option<f32>,
    /// Whether a visitor is served now.
    pub serving: bool,
    /// Whether the robot is about to start anew, and has said so.
    pub renewing: bool,
}

impl Check {
    /// Replaces what was known about the part.
    pub fn note(&mut self, finding: Finding) {
        match self
            .findings
            .binary_search_by_key(&finding.part, |known| known.part)
        {
            Ok(place) => self.findings[place] = finding,
            Err(place) => self.findings.insert(place, finding),
        }
    }

    /// Notes what came of timing the recogniser.
    pub fn note_recogniser(&mut self, fitted: &Fitted) {
        let (condition, remark) = match fitted.understood {
            Some(true) => (Condition::Works, "; it understood a known sentence"),
            Some(false) => (
                Condition::Trouble,
                "; it didn't understand a known sentence",
            ),
            None => (Condition::Works, ""),
        };
        let condition = match fitted.fit.is_fast_enough() {
            true => condition,
            false => Condition::Trouble,
        };
        let busy = match fitted.disturbed {
            true => "; the board was busy meanwhile, the next start times it anew",
            false => "",
        };
        let detail = format!("{}{remark}{busy}", fitted.fit);
        self.note(Finding::new(Part::Recogniser, condition, detail));
        self.recogniser = Some(fitted.clone());
    }

    /// Whether nothing is in trouble.
    pub fn is_well(&self) -> bool {
        let trouble = |finding: &Finding| finding.condition == Condition::Trouble;
        !self.findings.iter().any(trouble)
    }
}

/// What the running daemon knows; every thread notes its own part.
#[derive(Debug, Clone, Default)]
pub struct CheckBook(Arc<Mutex<Check>>);

impl CheckBook {
    /// Begins with what is known before anything runs. Where the media engine does, microphone and
    /// loudspeaker say when they are lost, and the camera is opened for a call.
    pub fn begin(config: &Config, media: bool) -> Self {
        let mut check = survey(config);
        for finding in &mut check.findings {
            match finding.part {
                Part::Microphone | Part::Loudspeaker | Part::Camera if !media => {
                    finding.condition = Condition::Trouble;
                }
                Part::Microphone | Part::Loudspeaker => finding.condition = Condition::Works,
                _ => {}
            }
        }
        Self(Arc::new(Mutex::new(check)))
    }

    /// Notes whether a visitor is served.
    pub fn note_serving(&self, serving: bool) {
        self.with(|check| check.serving = serving);
    }

    /// Notes whether the robot is about to start anew, and tells whether it was until now.
    pub fn note_renewing(&self, renewing: bool) -> bool {
        let mut before = false;
        self.with(|check| before = std::mem::replace(&mut check.renewing, renewing));
        before
    }

    /// Replaces what was known about a part.
    pub fn note(&self, finding: Finding) {
        self.with(|check| check.note(finding));
    }

    /// Notes what came of timing the recogniser.
    pub fn note_recogniser(&self, fitted: &Fitted) {
        self.with(|check| check.note_recogniser(fitted));
    }

    /// Notes what a media event tells about a device.
    pub fn note_media(&self, event: &MediaEvent) {
        let (part, trouble) = match event {
            MediaEvent::MicrophoneLost { reason } => (Part::Microphone, Some(reason)),
            MediaEvent::MicrophoneBack => (Part::Microphone, None),
            MediaEvent::LoudspeakerLost { reason } => (Part::Loudspeaker, Some(reason)),
            MediaEvent::LoudspeakerBack => (Part::Loudspeaker, None),
            MediaEvent::CameraLost { reason } => (Part::Camera, Some(reason)),
            MediaEvent::CameraBack => (Part::Camera, None),
            MediaEvent::Levels { microphone, .. } => {
                return self.with(|check| check.microphone_level = Some(*microphone));
            }
            _ => return,
        };
        self.with(|check| {
            let known = check.findings.iter_mut().find(|known| known.part == part);
            let Some(known) = known else { return };
            let device = known.detail.split("; lost: ").next().unwrap_or_default();
            *known = match trouble {
                None => Finding::new(part, Condition::Works, device),
                Some(reason) => {
                    let detail = format!("{device}; lost: {reason}. `madoguchi-robot devices` lists those that are there");
                    Finding::new(part, Condition::Trouble, detail)
                }
            };
        });
    }

    /// Notes whether the console is reached.
    pub fn note_link(&self, event: &LinkEvent) {
        let condition = match event {
            LinkEvent::Up { .. } => Condition::Works,
            LinkEvent::Down => Condition::Trouble,
            LinkEvent::Message(_) => return,
        };
        self.with(|check| {
            let mut findings = check.findings.iter_mut();
            if let Some(console) = findings.find(|known| known.part == Part::Console) {
                console.condition = condition;
            }
        });
    }

    /// What is known now.
    pub fn read(&self) -> Check {
        self.0.lock().map(|check| check.clone()).unwrap_or_default()
    }

    /// What was noted until now, which is forgotten.
    pub fn take(&self) -> Vec<Finding> {
        let mut taken = Vec::new();
        self.with(|check| taken = std::mem::take(&mut check.findings));
        taken
    }

    fn with(&self, change: impl FnOnce(&mut Check)) {
        if let Ok(mut check) = self.0.lock() {
            change(&mut check);
        }
    }
}
