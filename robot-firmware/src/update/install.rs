//! Installing one bundle on this robot.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;
use madoguchi_speech::models::ModelStore;
use madoguchi_update::apart::Versions;
use madoguchi_update::rules::{self, Refusal};
use madoguchi_update::{
    Bundle, Contents, Keys, Manifest, Phase, Progress, RealDisk, Record, TRIES,
};
use semver::Version;
use tar::Archive;

use super::{Image, Robot, Source};
use crate::check::Condition;
use crate::clock::wall;
use crate::config::UpdateConfig;
use crate::pack;

/// How often the visitor is thought of, and the progress is written down.
const LOOK: Duration = Duration::from_secs(2);

/// What has to happen for an installed bundle to be in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The machine has to start anew.
    System,
    /// The robot has to.
    Apart,
}

/// Everything that installing needs.
pub struct Installer<'a> {
    /// The configuration.
    pub config: &'a UpdateConfig,
    /// What this robot's image says, if it has one.
    pub image: Option<Image>,
    /// Who is believed.
    pub keys: Keys,
    /// The robot that runs.
    pub robot: Robot,
    /// The version that is taken although it failed or was taken back.
    pub again: Option<Version>,
}

impl Installer<'_> {
    /// Whether a bundle would be taken.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn judge(&self, manifest: &Manifest) -> Result<(), Refusal> {
        let now_unix_s = wall().0.div_euclid(1000);
        match &manifest.contents {
            Contents::System { .. } => match &self.image {
                Some(image) => rules::judge_system(manifest, &image.installed(), now_unix_s),
                None => Err(Refusal::NoSlots),
            },
            apart => {
                let times = (self.built_unix_s(), now_unix_s);
                self.versions(apart)
                    .judge(manifest, times, self.is_again(manifest))
            }
        }
    }

    fn is_again(&self, manifest: &Manifest) -> bool {
        self.again.as_ref() == Some(&manifest.version)
    }

    fn versions(&self, contents: &Contents) -> Versions {
        Versions::new(&self.config.folder, contents.name())
    }

    fn built_unix_s(&self) -> i64 {
        self.image.as_ref().map_or(0, |image| image.built_unix_s)
    }

    /// Takes a bundle, tells `show` how far it is in percent, and rests while a visitor is served.
    ///
    /// # Errors
    /// A sentence; what was in use is.
    pub fn install(
        &self,
        source: &Source,
        show: &mut dyn FnMut(&Progress),
    ) -> anyhow::Result<(Manifest, Outcome)> {
        let mut archive = Archive::new(source.open()?);
        let mut bundle = Bundle::open(&mut archive, &self.keys)?;
        let manifest = bundle.manifest.clone();
        self.judge(&manifest)?;
        let mut record = Record::read(&self.config.folder).unwrap_or_default();
        let before = self.robot.ask_whoever_answers();
        let parts = |condition| match &before {
            Some(answer) => answer.parts(condition),
            None => Vec::new(),
        };
        record.worked = parts(Condition::Works);
        record.failing = parts(Condition::Trouble);
        record.fault = None;
        let mut progress = Progress {
            kind: manifest.contents.name().to_owned(),
            version: manifest.version.clone(),
            phase: Phase::Writing,
            percent: 0,
            reason: None,
        };
        let mut note = |progress: &Progress| {
            record.progress = Some(progress.clone());
            record
                .write(&self.config.folder)
                .with_context(|| format!("cannot write to {}", self.config.folder.display()))
        };
        note(&progress)?;
        let whole = manifest.size().max(1);
        let mut looked = Instant::now();
        let mut told = |there: u64| {
            let percent = u8::try_from(there.saturating_mul(100) / whole).unwrap_or(100);
            if percent != progress.percent {
                progress.percent = percent;
                show(&progress);
            }
            if looked.elapsed() >= LOOK {
                // A record that can't be written is no reason to stop here.
                let _ = note(&progress);
                // Writing only takes a little of the machine's time, even from a visitor.
                let _ = self.robot.wait_until_free();
                looked = Instant::now();
            }
        };
        let installed = self.put(&mut bundle, &mut told);
        match &installed {
            Ok(Outcome::System) => progress.phase = Phase::Restarting,
            Ok(Outcome::Apart) => progress.phase = Phase::Done,
            Err(error) => {
                progress.phase = Phase::Failed;
                progress.reason = Some(format!("{error:#}"));
            }
        }
        note(&progress)?;
        Ok((manifest, installed?))
    }

    fn put<R: std::io::Read>(
        &self,
        bundle: &mut Bundle<'_, R>,
        told: &mut dyn FnMut(u64),
    ) -> anyhow::Result<Outcome> {
        let contents = bundle.manifest.contents.clone();
        let again = self.is_again(&bundle.manifest);
        if let (Contents::System { .. }, Some(image)) = (&contents, &self.image) {
            let slots = image.slots()?;
            madoguchi_update::install(bundle, &*slots, &mut RealDisk, again, TRIES, told)?;
            return Ok(Outcome::System);
        }
        let times = (self.built_unix_s(), wall().0.div_euclid(1000));
        let usable = |folder: &Path| match contents {
            Contents::Pack => pack::load(folder)
                .map(drop)
                .map_err(|error| error.to_string()),
            _ => models_are_whole(folder),
        };
        self.versions(&contents)
            .install(bundle, times, again, &usable, told)?;
        Ok(Outcome::Apart)
    }
}

/// All that this program's manifest names, as it names them; there may be more.
fn models_are_whole(folder: &Path) -> Result<(), String> {
    let store = ModelStore::new(folder).map_err(|error| error.to_string())?;
    let models = store.list();
    models
        .iter()
        .try_for_each(|model| store.verify(&model.name))
        .map_err(|error| error.to_string())
}
