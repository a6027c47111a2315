//! TURN credentials that hold for one call only: the REST scheme of coturn's `use-auth-secret`
//! (draft-uberti-behave-turn-rest-00). A user name that begins with the time of its end, and as
//! password the HMAC-SHA1 of that name under the secret that the console shares with the server.

use std::fmt;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use madoguchi_shared::ids::UnixMs;
use madoguchi_shared::signal::IceServer;
use ring::hmac;

/// TURN servers that share a secret with the console.
#[derive(Clone)]
pub struct Turn {
    /// Their URLs (RFC 7065).
    pub urls: Vec<String>,
    /// How long a credential may begin a connection.
    pub lifetime_s: u32,
    secret: hmac::Key,
}

impl Turn {
    /// Servers with this secret.
    pub fn new(urls: Vec<String>, lifetime_s: u32, secret: &[u8]) -> Self {
        Self {
            urls,
            lifetime_s,
            secret: hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret),
        }
    }

    /// The servers for `user`, from now on.
    pub fn issue(&self, user: &str, now: UnixMs) -> IceServer {
        let end_s = now.0 / 1_000 + i64::from(self.lifetime_s);
        let username = format!("{end_s}:{user}");
        let tag = hmac::sign(&self.secret, username.as_bytes());
        IceServer {
            urls: self.urls.clone(),
            username: Some(username),
            credential: Some(BASE64.encode(tag)),
        }
    }
}

impl fmt::Debug for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Turn")
            .field("urls", &self.urls)
            .field("lifetime_s", &self.lifetime_s)
            .finish_non_exhaustive()
    }
}

/// Where the secret is, and what it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TurnConfig {
    /// The servers' URLs.
    pub urls: Vec<String>,
    /// The file that holds the secret, such as a systemd credential; white space around it counts
    /// for nothing.
    pub secret_file: PathBuf,
    /// How long a credential may begin a connection. Default 12 h.
    pub lifetime_s: u32,
}

/// Why there is no secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file can't be read.
    #[error("`turn.secret_file` {} can't be read; it must be the console's to read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The file is empty or short.
    #[error(
        "`turn.secret_file` {} holds less than {SHORTEST} characters; write coturn's \
         `static-auth-secret` into it",
        path.display()
    )]
    Short {
        /// The file.
        path: PathBuf,
    },
}

/// Guessing it must not pay.
const SHORTEST: usize = 16;

impl TurnConfig {
    /// Reads the secret.
    ///
    /// # Errors
    /// [`SecretError`].
    pub fn load(&self) -> Result<Turn, SecretError> {
        let secret = read(&self.secret_file)?;
        Ok(Turn::new(
            self.urls.clone(),
            self.lifetime_s,
            secret.as_bytes(),
        ))
    }
}

fn read(path: &Path) -> Result<String, SecretError> {
    let text = std::fs::read_to_string(path).map_err(|source| SecretError::Read {
        path: path.to_owned(),
        source,
    })?;
    let secret = text.trim().to_owned();
    if secret.len() < SHORTEST {
        return Err(SecretError::Short {
            path: path.to_owned(),
        });
    }
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_ends_at_the_time_that_its_name_tells_and_fits_that_name_only() {
        let urls = vec!["turn:turn.example.jp".to_owned()];
        let turn = Turn::new(urls.clone(), 3_600, b"north wind and the sun");
        let issued = turn.issue("robot", UnixMs(1_700_000_000_999));
        assert_eq!(issued.urls, urls);
        assert_eq!(issued.username.as_deref(), Some("1700003600:robot"));
        // printf 1700003600:robot | openssl dgst -sha1 -hmac "north wind and the sun" -binary | base64
        assert_eq!(
            issued.credential.as_deref(),
            Some("KKcqugXjHJ+oc7cS4hA5NJCfxOc=")
        );
        let other = turn.issue("page", UnixMs(1_700_000_000_999));
        assert_ne!(other.credential, issued.credential);
        assert!(!format!("{turn:?}").contains("north"));
    }

    #[test]
    fn a_secret_that_cannot_be_used_is_named_with_its_remedy() {
        let dir = tempfile::tempdir().unwrap();
        let secret_file = dir.path().join("turn-secret");
        let config = TurnConfig {
            urls: Vec::new(),
            secret_file: secret_file.clone(),
            lifetime_s: 60,
        };
        let told = config.load().unwrap_err().to_string();
        assert!(told.contains("turn-secret can't be read"), "{told}");
        std::fs::write(&secret_file, " short\n").unwrap();
        let told = config.load().unwrap_err().to_string();
        assert!(told.contains("static-auth-secret"), "{told}");
        std::fs::write(&secret_file, "long enough to be one\n").unwrap();
        assert!(config.load().is_ok());
    }
}
