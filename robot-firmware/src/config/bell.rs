//! `[bell]`: how staff in the building are called.

use serde::Deserialize;

/// `[bell]`; without any key nobody in the building can be called.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BellConfig {
    /// An address that takes a POST of JSON: robot's site and place, the case's number, the reason.
    pub webhook: Option<String>,
    /// Rings in the log only, for demonstrations.
    pub simulated: bool,
}

impl BellConfig {
    /// Whether anything would ring.
    pub fn is_there(&self) -> bool {
        self.simulated || self.webhook.is_some()
    }

    /// What is wrong and what to do, in one sentence.
    pub(super) fn check(&self) -> Result<(), String> {
        match &self.webhook {
            Some(_) if self.simulated => {
                Err("bell.webhook and bell.simulated = true are two bells; remove one".to_owned())
            }
            Some(url) if reqwest::Url::parse(url).is_err() || !url.starts_with("http") => {
                Err(format!(
                    "bell.webhook = \"{url}\" is no address; write one such as \"https://desk.example.jp/ring\""
                ))
            }
            _ => Ok(()),
        }
    }
}
