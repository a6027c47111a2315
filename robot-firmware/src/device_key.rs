//! The robot's identity: an Ed25519 key (RFC 8032) made at the first start, never leaving the robot.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use ed25519_dalek::{Signer, SigningKey};
use ring::hkdf::{HKDF_SHA256, Salt};

use crate::files::{create_private_dir, write_private};

/// File name in the state folder.
const FILE: &str = "device.key";

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum DeviceKeyError {
    /// The state folder or the key can't be read or written.
    #[error("cannot {action} {}; the daemon must own that folder", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The file holds no key.
    #[error(
        "{} is not an Ed25519 key; remove it to make a new one (the robot must be claimed again)",
        path.display()
    )]
    NotAKey {
        /// The file.
        path: PathBuf,
    },
}

fn io_error(action: &'static str, path: &Path, source: io::Error) -> DeviceKeyError {
    DeviceKeyError::Io {
        action,
        path: path.to_owned(),
        source,
    }
}

/// The key.
#[derive(Debug)]
pub struct DeviceKey(SigningKey);

impl DeviceKey {
    /// The key in the state folder, made if it isn't there.
    ///
    /// # Errors
    /// [`DeviceKeyError`]; a damaged key is never replaced silently.
    pub fn load_or_create(state: &Path) -> Result<Self, DeviceKeyError> {
        create_private_dir(state).map_err(|source| io_error("create", state, source))?;
        let path = state.join(FILE);
        match fs::read_to_string(&path) {
            Ok(pem) => SigningKey::from_pkcs8_pem(&pem)
                .map(Self)
                .map_err(|_| DeviceKeyError::NotAKey { path: path.clone() }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let key = SigningKey::from_bytes(&rand::random());
                key.to_pkcs8_pem(LineEnding::LF)
                    .map_err(io::Error::other)
                    .and_then(|pem| write_private(&path, pem.as_bytes()))
                    .map_err(|source| io_error("write", &path, source))?;
                Ok(Self(key))
            }
            Err(error) => Err(io_error("read", &path, error)),
        }
    }

    /// The public half, 32 bytes in base64.
    pub fn public_base64(&self) -> String {
        BASE64.encode(self.0.verifying_key().as_bytes())
    }

    /// A key for another purpose, which tells nothing of this one: HKDF (RFC 5869) with SHA-256.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        let salt = Salt::new(HKDF_SHA256, b"madoguchi-device-key");
        let mut key = [0; 32];
        let secret = salt.extract(self.0.as_bytes());
        let info = [purpose.as_bytes()];
        let filled = secret
            .expand(&info, HKDF_SHA256)
            .and_then(|derived| derived.fill(&mut key));
        filled.expect("the length fits");
        key
    }

    /// A signature, 64 bytes in base64.
    pub fn sign_base64(&self, message: &[u8]) -> String {
        BASE64.encode(self.0.sign(message).to_bytes())
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_key_is_made_once_and_only_its_owner_reads_it() {
        let dir = tempfile::tempdir().unwrap();
        let state = dir.path().join("robot");
        let first = DeviceKey::load_or_create(&state).unwrap().public_base64();
        let second = DeviceKey::load_or_create(&state).unwrap().public_base64();
        assert_eq!(first, second);
        let mode = fs::metadata(state.join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_damaged_key_is_named_and_kept() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(FILE), "nonsense").unwrap();
        let error = DeviceKey::load_or_create(dir.path())
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("device.key") && error.contains("claimed again"),
            "{error}"
        );
        assert_eq!(
            fs::read_to_string(dir.path().join(FILE)).unwrap(),
            "nonsense"
        );
    }
}
