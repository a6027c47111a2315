//! Which console this robot belongs to: its address and the fingerprint of its certificate.

use std::io;
use std::path::{Path, PathBuf};

use axum::http::Uri;
use serde::{Deserialize, Serialize};

use crate::files::write_private;

const FILE: &str = "console.toml";

/// The console of a claimed robot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// `wss://HOST:PORT/robot/link`, or `ws://` on loopback.
    pub url: String,
    /// SHA-256 of the console's certificate in hexadecimal; every other certificate is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// One-time code, until the console has taken it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// Why a claim can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    /// The address is of the wrong kind.
    #[error("`{0}` is no console address; it looks like wss://console.example:8443/robot/link")]
    Url(String),
    /// Unencrypted to another machine.
    #[error("`{0}` would send cases unencrypted over the network; use wss://")]
    Plain(String),
    /// TLS without a pin.
    #[error("wss:// needs the console's fingerprint; `madoguchi-console fingerprint` prints it")]
    NoFingerprint,
    /// Not 32 bytes of hexadecimal.
    #[error("`{0}` is no SHA-256 fingerprint; `madoguchi-console fingerprint` prints it")]
    Fingerprint(String),
    /// The file can't be read or written.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The file isn't what was written.
    #[error("{} is damaged; run `madoguchi-robot claim` again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Claim {
    /// The console's page for phones of staff in the room.
    pub fn phone_page(&self) -> String {
        let page = self.url.replacen("ws", "http", 1);
        let root = page.strip_suffix("/robot/link").unwrap_or(&page);
        format!("{root}/onsite.html")
    }

    /// Checks address and fingerprint.
    ///
    /// # Errors
    /// [`ClaimError`] says what is wrong and what would be right.
    pub fn new(
        url: String,
        fingerprint: Option<String>,
        code: Option<String>,
    ) -> Result<Self, ClaimError> {
        let fingerprint = fingerprint
            .map(|text| {
                let hex: String = text.chars().filter(|c| !matches!(c, ':' | ' ')).collect();
                let whole = hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit());
                whole
                    .then(|| hex.to_lowercase())
                    .ok_or(ClaimError::Fingerprint(text))
            })
            .transpose()?;
        let address: Option<Uri> = url.parse().ok();
        let host = address.as_ref().and_then(Uri::host);
        match address.as_ref().and_then(Uri::scheme_str).zip(host) {
            Some(("wss", _)) if fingerprint.is_none() => return Err(ClaimError::NoFingerprint),
            Some(("wss", _)) | Some(("ws", "127.0.0.1" | "localhost" | "[::1]")) => {}
            Some(("ws", _)) => return Err(ClaimError::Plain(url)),
            _ => return Err(ClaimError::Url(url)),
        }
        Ok(Self {
            url,
            fingerprint,
            code,
        })
    }

    /// The claim in the state folder, checked as a new one is; `None` for a robot that belongs to
    /// nobody yet.
    ///
    /// # Errors
    /// When the file is there and can't be used.
    pub fn load(state: &Path) -> Result<Option<Self>, ClaimError> {
        let path = state.join(FILE);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => {
                return Err(ClaimError::Io {
                    action: "read",
                    path,
                    source,
                });
            }
        };
        let checked = match toml::from_str::<Self>(&text) {
            Ok(claim) => Self::new(claim.url, claim.fingerprint, claim.code).map_err(Into::into),
            Err(error) => Err(error.into()),
        };
        checked
            .map(Some)
            .map_err(|source| ClaimError::Damaged { path, source })
    }

    /// Writes the claim, whole or not at all.
    ///
    /// # Errors
    /// When the state folder can't be written.
    pub fn store(&self, state: &Path) -> Result<(), ClaimError> {
        let path = state.join(FILE);
        toml::to_string(self)
            .map_err(io::Error::other)
            .and_then(|text| write_private(&path, text.as_bytes()))
            .map_err(|source| ClaimError::Io {
                action: "write",
                path,
                source,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(url: &str, fingerprint: Option<&str>) -> Result<Claim, String> {
        Claim::new(url.to_owned(), fingerprint.map(str::to_owned), None).map_err(|e| e.to_string())
    }

    #[test]
    fn a_console_elsewhere_needs_tls_and_a_fingerprint() {
        let print = "AB:".repeat(31) + "AB";
        assert!(claim("wss://c.example:8443/robot/link", Some(&print)).is_ok());
        assert!(
            claim("wss://c.example:8443/robot/link", None)
                .unwrap_err()
                .contains("fingerprint")
        );
        assert!(
            claim("ws://c.example/robot/link", None)
                .unwrap_err()
                .contains("unencrypted")
        );
        assert!(claim("ws://127.0.0.1:8780/robot/link", None).is_ok());
        assert!(claim("ws://[::1]:8780/robot/link", None).is_ok());
        assert!(
            claim("ws://localhost:x@c.example/robot/link", None)
                .unwrap_err()
                .contains("unencrypted")
        );
        assert!(claim("wss://", Some(&print)).is_err());
        assert!(claim("http://c.example", None).is_err());
        assert!(claim("wss://c.example/robot/link", Some("12")).is_err());
    }

    #[test]
    fn a_claim_survives_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        let claim = claim("ws://localhost:1/robot/link", None).unwrap();
        claim.store(dir.path()).unwrap();
        assert_eq!(Claim::load(dir.path()).unwrap(), Some(claim));
    }

    #[test]
    fn a_stored_claim_is_held_to_the_same_rules() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(Claim::load(dir.path()).unwrap(), None);
        for (file, why) in [
            ("url = 'wss://c.example:8443/robot/link'", "fingerprint"),
            ("url = 'ws://c.example/robot/link'", "unencrypted"),
            (
                "url = 'wss://c.example/robot/link'\nfingerprint = 'ab'",
                "SHA-256",
            ),
            ("url = 'c.example'", "no console address"),
            ("url = ", "TOML"),
        ] {
            std::fs::write(dir.path().join(FILE), file).unwrap();
            let error = anyhow::Error::from(Claim::load(dir.path()).unwrap_err());
            let sentence = format!("{error:#}");
            assert!(sentence.contains(why), "{file}: {sentence}");
            assert!(
                sentence.contains("`madoguchi-robot claim` again"),
                "{sentence}"
            );
        }
    }
}
