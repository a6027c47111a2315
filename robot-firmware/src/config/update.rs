//! `[update]`: what keeps the robot up to date.

use std::path::{Path, PathBuf};

use madoguchi_core::slot::is_clock_time;
use serde::Deserialize;

/// `[update]`; without sources nothing is fetched by itself.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UpdateConfig {
    /// Where bundles are looked for: addresses, or files.
    pub sources: Vec<String>,
    /// From when on the robot may update itself, by the office's clock.
    pub quiet_from: String,
    /// Until when; an update that has begun by then is finished.
    pub quiet_until: String,
    /// What came by updates, and what is known of them.
    pub folder: PathBuf,
    /// The public keys of whom the robot takes bundles from.
    pub keys: PathBuf,
    /// What an image says of itself; a robot without it has no slots.
    pub image: PathBuf,
}

impl Default for UpdateConfig {
    fn default() -> Self {
        Self {
            sources: Vec::new(),
            quiet_from: "01:00".to_owned(),
            quiet_until: "05:00".to_owned(),
            folder: "/var/lib/madoguchi-update".into(),
            keys: "/usr/lib/madoguchi/update-keys".into(),
            image: "/usr/lib/madoguchi/image.toml".into(),
        }
    }
}

impl UpdateConfig {
    /// Relative paths start at `base`.
    pub(super) fn start_at(&mut self, base: &Path) {
        for path in [&mut self.folder, &mut self.keys, &mut self.image] {
            *path = base.join(&*path);
        }
        for source in self.sources.iter_mut().filter(|source| !is_address(source)) {
            *source = base.join(&*source).to_string_lossy().into_owned();
        }
    }

    /// What is wrong and what to do, in one sentence.
    pub(super) fn check(&self) -> Result<(), String> {
        for (key, time) in [
            ("quiet_from", &self.quiet_from),
            ("quiet_until", &self.quiet_until),
        ] {
            if !is_clock_time(time) {
                return Err(format!(
                    "update.{key} = \"{time}\" is no time; write one such as \"01:00\""
                ));
            }
        }
        let plain = |source: &&String| source.starts_with("http://");
        match self.sources.iter().find(plain) {
            Some(source) if !on_loopback(source) => Err(format!(
                "update.sources has \"{source}\": whoever is on the way can keep updates away; use https"
            )),
            _ => Ok(()),
        }
    }

    /// Whether this time of day, such as `01:30`, is in the quiet hours; they may go over midnight.
    pub fn is_quiet(&self, now: &str) -> bool {
        let (from, until) = (self.quiet_from.as_str(), self.quiet_until.as_str());
        match from <= until {
            true => from <= now && now < until,
            false => from <= now || now < until,
        }
    }
}

/// Whether a source is an address, and not a file.
pub fn is_address(source: &str) -> bool {
    source.starts_with("https://") || source.starts_with("http://")
}

fn on_loopback(source: &str) -> bool {
    reqwest::Url::parse(source)
        .ok()
        .and_then(|url| {
            url.host_str()
                .map(madoguchi_shared::loopback::is_loopback_host)
        })
        .unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_may_go_over_midnight() {
        let quiet = |from: &str, until: &str, now: &str| {
            let config = UpdateConfig {
                quiet_from: from.to_owned(),
                quiet_until: until.to_owned(),
                ..UpdateConfig::default()
            };
            config.is_quiet(now)
        };
        assert!(quiet("01:00", "05:00", "01:00") && quiet("01:00", "05:00", "04:59"));
        assert!(!quiet("01:00", "05:00", "00:59") && !quiet("01:00", "05:00", "05:00"));
        assert!(quiet("22:00", "05:00", "23:59") && quiet("22:00", "05:00", "04:00"));
        assert!(!quiet("22:00", "05:00", "12:00"));
    }
}
