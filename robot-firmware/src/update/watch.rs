//! The updater as the daemon sees it: by its record.

use std::time::{Duration, Instant};

use madoguchi_shared::updates::{LastUpdate, UpdatePhase, Updates};
use madoguchi_update::{Phase, Record};

use super::Image;
use crate::config::UpdateConfig;

/// A restart that was announced and doesn't come for so long won't: the updater has ended.
const RESTART: Duration = Duration::from_secs(180);

/// What the daemon knows of it.
#[derive(Debug)]
pub struct Updater {
    config: UpdateConfig,
    /// The version of the image that runs.
    system: Option<String>,
    /// What had been announced when this daemon started: that restart has come.
    over: Option<i64>,
    /// What is announced, and since when it is known.
    announced: Option<(i64, Instant)>,
}

impl Updater {
    /// The one that works on this robot.
    pub fn watch(config: &UpdateConfig) -> Self {
        let image = Image::load(&config.image).ok().flatten();
        Self {
            config: config.clone(),
            system: image.map(|image| image.version.to_string()),
            over: record(config).restart_unix_ms,
            announced: None,
        }
    }

    /// Its configuration.
    pub fn config(&self) -> &UpdateConfig {
        &self.config
    }

    /// Whether the robot is about to be started anew.
    pub fn is_renewing(&mut self, now: Instant) -> bool {
        let announced = record(&self.config).restart_unix_ms;
        self.announced = match (announced, self.announced) {
            (None, _) => None,
            (at, _) if at == self.over => None,
            (Some(at), Some(known)) if known.0 == at => Some(known),
            (Some(at), _) => Some((at, now)),
        };
        self.announced
            .is_some_and(|(_, since)| now.duration_since(since) < RESTART)
    }

    /// For the console.
    pub fn told(&self) -> Updates {
        let record = record(&self.config);
        Updates {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            system: self.system.clone(),
            last: record.progress.map(|last| LastUpdate {
                kind: last.kind,
                version: last.version.to_string(),
                phase: phase(last.phase),
                percent: last.percent,
                reason: last.reason,
            }),
            fault: record.fault,
        }
    }
}

fn record(config: &UpdateConfig) -> Record {
    Record::read(&config.folder).unwrap_or_default()
}

fn phase(phase: Phase) -> UpdatePhase {
    match phase {
        Phase::Writing => UpdatePhase::Writing,
        Phase::Restarting => UpdatePhase::Restarting,
        Phase::Trial => UpdatePhase::Trial,
        Phase::Done => UpdatePhase::Done,
        Phase::Failed => UpdatePhase::Failed,
        Phase::FellBack => UpdatePhase::FellBack,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restart_is_announced_until_it_comes_or_is_taken_back_or_is_overdue() {
        let dir = tempfile::tempdir().unwrap();
        let config = UpdateConfig {
            folder: dir.path().into(),
            image: dir.path().join("image.toml"),
            ..UpdateConfig::default()
        };
        let announce = |restart_unix_ms| {
            let record = Record {
                restart_unix_ms,
                ..Record::default()
            };
            record.write(&config.folder).unwrap();
        };
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        let mut updater = Updater::watch(&config);
        assert!(!updater.is_renewing(start));
        announce(Some(7));
        assert!(updater.is_renewing(start) && updater.is_renewing(after(179)));
        // It came: this is another daemon.
        let mut next = Updater::watch(&config);
        assert!(!next.is_renewing(start));
        assert!(!updater.is_renewing(after(180)));
        announce(None);
        assert!(!next.is_renewing(start));
        announce(Some(8));
        assert!(next.is_renewing(start) && updater.is_renewing(after(181)));
        announce(None);
        assert!(!next.is_renewing(start) && !updater.is_renewing(after(181)));
    }
}
