//! Whether the running system is proven.

use std::path::PathBuf;

use madoguchi_update::{Proven, Record};
use tracing::{error, warn};

use super::Image;
use crate::config::UpdateConfig;

/// A system of an image that was not kept yet, as far as the updater's record says.
#[derive(Debug)]
pub struct Trial {
    folder: PathBuf,
    /// What runs; absent where nobody can tell, so that it is never proven.
    running: Option<Proven>,
}

impl Trial {
    /// The trial of this robot's system; none on one that has no slots, or was proven.
    pub fn of(config: &UpdateConfig) -> Option<Self> {
        let said = match Image::load(&config.image) {
            Ok(None) => return None,
            Ok(Some(image)) => image.slot().map(|slot| (slot, image.version)),
            Err(error) => Err(error),
        };
        let running = match said {
            Ok((slot, version)) => Some(Proven { slot, version }),
            Err(error) => {
                error!("the wheels stay still, for this system can't be proven: {error}");
                None
            }
        };
        let trial = Self {
            folder: config.folder.clone(),
            running,
        };
        if trial.is_over() {
            return None;
        }
        warn!("this system has to prove itself before the wheels may turn");
        Some(trial)
    }

    /// Whether it was proven by now.
    pub fn is_over(&self) -> bool {
        let record = Record::read(&self.folder).unwrap_or_default();
        self.running.is_some() && record.proven == self.running
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use madoguchi_update::Slot;

    use super::*;

    #[test]
    fn only_what_was_proven_in_this_slot_ends_the_trial() {
        let dir = tempfile::tempdir().unwrap();
        let config = UpdateConfig {
            folder: dir.path().join("updates"),
            image: dir.path().join("image.toml"),
            ..UpdateConfig::default()
        };
        assert!(Trial::of(&config).is_none(), "no image, no trial");
        fs::write(&config.image, "nonsense").unwrap();
        let trial = Trial::of(&config).unwrap();
        assert!(!trial.is_over());
        let line = dir.path().join("cmdline");
        fs::write(&line, "ro madoguchi.slot=b\n").unwrap();
        let image = format!(
            "board = \"generic-amd64\"\nversion = \"1.1.0\"\nbuilt_unix_s = 0\nboot = \"uefi\"\ncommand_line = {line:?}\n"
        );
        fs::write(&config.image, image).unwrap();
        let trial = Trial::of(&config).unwrap();
        let mut record = Record::default();
        for (slot, version, over) in [
            (Slot::A, "1.1.0", false),
            (Slot::B, "1.0.0", false),
            (Slot::B, "1.1.0", true),
        ] {
            let version = version.parse().unwrap();
            record.proven = Some(Proven { slot, version });
            record.write(&config.folder).unwrap();
            assert_eq!(trial.is_over(), over, "{record:?}");
            assert_eq!(Trial::of(&config).is_none(), over);
        }
    }
}
