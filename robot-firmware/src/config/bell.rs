//! `[bell]`: how staff in the building are called.

use std::time::Duration;

use serde::Deserialize;

use super::body::Active;

/// `[bell]`; without any key nobody in the building can be called.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BellConfig {
    /// An address that takes a POST of JSON: robot's site and place, the case's number, the reason.
    pub webhook: Option<String>,
    /// A bell or buzzer at a pin.
    pub contact: Option<BellContact>,
    /// Rings in the log only, for demonstrations.
    pub simulated: bool,
}

impl BellConfig {
    /// Whether anything would ring.
    pub fn is_there(&self) -> bool {
        self.simulated || self.webhook.is_some() || self.contact.is_some()
    }

    /// What is wrong and what to do, in one sentence.
    pub(super) fn check(&self) -> Result<(), String> {
        if self
            .contact
            .is_some_and(|contact| !(1..=10_000).contains(&contact.ring_ms))
        {
            return Err("bell.contact.ring_ms must be from 1 to 10000".to_owned());
        }
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

/// `[bell] contact`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BellContact {
    /// The pin.
    pub pin: u8,
    /// Which level rings.
    pub active: Active,
    /// How long it rings.
    #[serde(default = "default_ring")]
    pub ring_ms: u16,
}

fn default_ring() -> u16 {
    1_000
}

impl BellContact {
    /// How long it rings.
    pub fn length(self) -> Duration {
        Duration::from_millis(self.ring_ms.into())
    }
}
