//! The daemon's configuration: one commented TOML file, `robot.toml`.

mod back_office;
mod bell;
mod body;
mod check;
mod devices;
mod drive;
mod translation;
mod update;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use madoguchi_core::endpoint::EndpointSettings;
use madoguchi_core::volume::VolumeLimits;
use madoguchi_shared::config::{ConfigError, parse};
use madoguchi_shared::ids::Lang;
use madoguchi_update::apart::Versions;
use serde::Deserialize;

use crate::fit::Wanted;

pub use back_office::{BackOffice, Reach};
pub use bell::{BellConfig, BellContact};
pub use body::{
    Active, BatteryConfig, BodyConfig, EmergencyStopPins, EndPins, HeadConfig, MonitorKind,
    Omission, RangeConfig, SwitchedPin, TiltConfig,
};
pub use devices::{AudioKind, Camera, CameraKind, Loudspeaker, Microphone, Presence, PresenceKind};
pub use drive::{CONTROLLERS_TIMEOUT, ControllerKind, DriveConfig, SensorKind};
pub use translation::TranslationPair;
pub use update::{UpdateConfig, is_address};

/// Everything that `robot.toml` may say.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Folder of the knowledge pack.
    #[serde(default = "default_pack")]
    pub pack: PathBuf,
    /// Folder of the models.
    #[serde(default = "default_models")]
    pub models: PathBuf,
    /// Folder of what the robot must remember.
    #[serde(default = "default_state")]
    pub state: PathBuf,
    /// The language in which operators read a case.
    #[serde(default = "default_packet_language")]
    pub packet_language: Lang,
    /// The page for the robot's display.
    #[serde(default)]
    pub screen: Screen,
    /// Where sound comes from.
    #[serde(default)]
    pub microphone: Microphone,
    /// Where sound goes.
    #[serde(default)]
    pub loudspeaker: Loudspeaker,
    /// Where the picture comes from.
    #[serde(default)]
    pub camera: Camera,
    /// What sees people in front.
    #[serde(default)]
    pub presence: Presence,
    /// What turns the wheels.
    #[serde(default)]
    pub drive: DriveConfig,
    /// What a real base feels with.
    #[serde(default)]
    pub body: BodyConfig,
    /// How the robot listens.
    #[serde(default)]
    pub hearing: Hearing,
    /// How the robot speaks.
    #[serde(default)]
    pub voice: Voice,
    /// How long the robot waits.
    #[serde(default)]
    pub patience: Patience,
    /// How staff in the building are called.
    #[serde(default)]
    pub bell: BellConfig,
    /// What keeps the robot up to date.
    #[serde(default)]
    pub update: UpdateConfig,
    /// Who can be played into a simulated microphone, or types on the screen.
    #[serde(default, rename = "visitor")]
    pub visitors: Vec<Visitor>,
    /// The servers of the office's tools.
    #[serde(default, rename = "back_office")]
    pub back_offices: Vec<BackOffice>,
    /// Pairs of languages beyond those in the models folder.
    #[serde(default, rename = "translation")]
    pub translations: Vec<TranslationPair>,
}

/// `[screen]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Screen {
    /// Loopback address of the page.
    pub listen: SocketAddr,
}

/// `[hearing]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Hearing {
    /// A multilingual Whisper model in whisper.cpp's format; by default the installed base model.
    pub model: Option<PathBuf>,
    /// Threads for the recogniser; by default one below four cores, else two.
    pub threads: Option<u8>,
    /// Silence that ends an utterance whose words are complete.
    pub complete_silence_ms: u16,
    /// Silence that ends an utterance whose words don't tell.
    pub end_silence_ms: u16,
    /// Silence that ends an utterance whose words can't be the last ones.
    pub unfinished_silence_ms: u16,
    /// Whether speech interrupts the robot; by default where the microphone is simulated and
    /// doesn't hear the loudspeaker or its echo is cancelled.
    pub barge_in: Option<bool>,
}

/// `[voice]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Voice {
    /// Memory for sentences that are synthesised ahead, in MB; 0 for none.
    pub cache_mb: u16,
    /// Volume in a quiet room, in dB relative to the voices' common loudness.
    pub volume_min_db: f32,
    /// The same in a loud room.
    pub volume_max_db: f32,
}

impl Voice {
    /// The limits of the volume.
    pub fn volume(&self) -> VolumeLimits {
        VolumeLimits {
            min_db: self.volume_min_db,
            max_db: self.volume_max_db,
        }
    }
}

/// `[patience]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Patience {
    /// A silent visitor has left after this.
    pub visit_idle_s: u16,
    /// The same after a call.
    pub idle_after_call_s: u16,
    /// A resident waits this long for an operator.
    pub operator_s: u16,
}

/// `[[visitor]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visitor {
    /// Name in messages.
    pub id: String,
    /// What to write on the button.
    pub label: String,
    /// The language spoken or typed.
    pub language: Lang,
    /// A recording …
    pub wav: Option<PathBuf>,
    /// … or words for one of the robot's own voices …
    pub say: Option<String>,
    /// … or words that are typed on the screen …
    pub types: Option<String>,
    /// … or a hand at the simulated emergency stop …
    pub emergency_stop: Option<Touch>,
    /// … or nothing: whoever is there walks away.
    #[serde(default)]
    pub leaves: bool,
}

/// What a hand does to a simulated emergency stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Touch {
    /// Presses it.
    Press,
    /// Pulls it out and resets the robot.
    Reset,
}

impl Default for Screen {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8700)),
        }
    }
}

impl Hearing {
    /// Threads for the recogniser.
    pub fn threads(&self) -> usize {
        self.threads
            .map_or_else(madoguchi_speech::whisper::default_threads, usize::from)
    }

    /// How long a pause may last.
    pub fn endpoint(&self) -> EndpointSettings {
        let ms = |ms: u16| Duration::from_millis(u64::from(ms));
        EndpointSettings {
            complete_silence: ms(self.complete_silence_ms),
            end_silence: ms(self.end_silence_ms),
            unfinished_silence: ms(self.unfinished_silence_ms),
            ..EndpointSettings::default()
        }
    }
}

impl Default for Hearing {
    fn default() -> Self {
        Self {
            model: None,
            threads: None,
            complete_silence_ms: 400,
            end_silence_ms: 900,
            unfinished_silence_ms: 1_300,
            barge_in: None,
        }
    }
}

impl Default for Voice {
    fn default() -> Self {
        let volume = VolumeLimits::default();
        Self {
            cache_mb: 48,
            volume_min_db: volume.min_db,
            volume_max_db: volume.max_db,
        }
    }
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            visit_idle_s: 60,
            idle_after_call_s: 20,
            operator_s: 120,
        }
    }
}

fn default_pack() -> PathBuf {
    "/usr/share/madoguchi/packs/hoshikawa".into()
}

fn default_models() -> PathBuf {
    "/var/lib/madoguchi/models".into()
}

fn default_state() -> PathBuf {
    "/var/lib/madoguchi/robot".into()
}

fn default_packet_language() -> Lang {
    // `en` is a language tag by construction.
    #[allow(clippy::expect_used)]
    "en".parse().expect("a tag")
}

impl Config {
    /// Reads and checks a file. Relative paths in it start at its own folder.
    ///
    /// # Errors
    /// [`ConfigError`] names the file, the line and the remedy.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Read {
            path: path.to_owned(),
            source,
        })?;
        let mut config: Self = parse(&text, path)?;
        let base = path.parent().unwrap_or(Path::new("."));
        for path in [&mut config.pack, &mut config.models, &mut config.state] {
            *path = base.join(&*path);
        }
        if let Some(model) = &mut config.hearing.model {
            *model = base.join(&*model);
        }
        for wav in config
            .visitors
            .iter_mut()
            .filter_map(|visitor| visitor.wav.as_mut())
        {
            *wav = base.join(&*wav);
        }
        config.body.start_at(base);
        for server in &mut config.back_offices {
            server.start_at(base);
        }
        for pair in &mut config.translations {
            pair.start_at(base);
        }
        config.update.start_at(base);
        // What came by an update goes before what the system has of its own.
        for (kind, folder) in [("pack", &mut config.pack), ("models", &mut config.models)] {
            if let Some(newer) = Versions::new(&config.update.folder, kind).current() {
                *folder = newer;
            }
        }
        config.check().map_err(|message| ConfigError::Value {
            path: path.to_owned(),
            message,
        })?;
        Ok(config)
    }

    /// Whether speech interrupts the robot, whose media engine cancels echo or doesn't. How well
    /// it does with a real loudspeaker in its room has to be tried, and `barge_in` set.
    pub fn barge_in(&self, cancels_echo: bool) -> bool {
        let simulated = self.microphone.source == AudioKind::Simulated;
        let hears_itself = self.microphone.hears_loudspeaker() && !cancels_echo;
        self.hearing.barge_in.unwrap_or(simulated && !hears_itself)
    }

    /// The recogniser that is wanted.
    pub fn recogniser(&self) -> Wanted {
        Wanted {
            models: self.models.clone(),
            named: self.hearing.model.clone(),
            threads: self.hearing.threads(),
            state: self.state.clone(),
        }
    }

    /// The patience that core is told.
    pub fn core_patience(&self) -> madoguchi_core::machine::Patience {
        let seconds = |s: u16| Duration::from_secs(u64::from(s));
        madoguchi_core::machine::Patience {
            visit_idle: seconds(self.patience.visit_idle_s),
            idle_after_call: seconds(self.patience.idle_after_call_s),
            operator: seconds(self.patience.operator_s),
            ..madoguchi_core::machine::Patience::default()
        }
    }
}

#[cfg(test)]
mod tests;
