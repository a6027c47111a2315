//! Who may make bundles: Ed25519 keys (RFC 8032) in PEM.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey};
use ed25519_dalek::{Signature, SigningKey, VerifyingKey};

/// What stands before the manifest in what is signed, so that no other signature can be meant.
const LABEL: &[u8] = b"madoguchi-bundle-v1\n";

/// Why a key can't be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A file can't be read or written.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The file holds no key.
    #[error("{} is not {what} in PEM; `madoguchi-robot bundle key` makes both halves", path.display())]
    NotAKey {
        /// Which half is wanted.
        what: &'static str,
        /// The file.
        path: PathBuf,
    },
}

fn io_error(action: &'static str, path: &Path, source: io::Error) -> KeyError {
    let path = path.to_owned();
    KeyError::Io {
        action,
        path,
        source,
    }
}

/// The keys that a robot believes.
#[derive(Debug, Clone, Default)]
pub struct Keys(Vec<VerifyingKey>);

impl Keys {
    /// All `*.pem` of a folder; none where there is no such folder.
    ///
    /// # Errors
    /// [`KeyError`] for one that is no public key: a robot that believes fewer keys than it should
    /// has to be mended.
    pub fn read(folder: &Path) -> Result<Self, KeyError> {
        let mut keys = Vec::new();
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self(keys)),
            Err(error) => return Err(io_error("read", folder, error)),
        };
        for entry in entries {
            let path = entry
                .map_err(|error| io_error("read", folder, error))?
                .path();
            if path.extension().is_none_or(|extension| extension != "pem") {
                continue;
            }
            let pem = fs::read_to_string(&path).map_err(|error| io_error("read", &path, error))?;
            let key = VerifyingKey::from_public_key_pem(&pem).map_err(|_| KeyError::NotAKey {
                what: "the public half of an Ed25519 key",
                path,
            })?;
            keys.push(key);
        }
        Ok(Self(keys))
    }

    /// Whether nobody is believed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether one of them signed this manifest.
    pub(crate) fn signed(&self, manifest: &[u8], signature: &[u8; 64]) -> bool {
        let signature = Signature::from_bytes(signature);
        let said = [LABEL, manifest].concat();
        let mut keys = self.0.iter();
        keys.any(|key| key.verify_strict(&said, &signature).is_ok())
    }
}

impl From<VerifyingKey> for Keys {
    fn from(key: VerifyingKey) -> Self {
        Self(vec![key])
    }
}

pub(crate) fn sign(key: &SigningKey, manifest: &[u8]) -> [u8; 64] {
    use ed25519_dalek::Signer;
    key.sign(&[LABEL, manifest].concat()).to_bytes()
}

/// Writes a new key, made of 32 random bytes, to `path`, for its owner only, and its public half to
/// `public`. Files that are there stay as they are.
///
/// # Errors
/// [`KeyError::Io`].
pub fn generate_key(random: &[u8; 32], path: &Path, public: &Path) -> Result<(), KeyError> {
    let key = SigningKey::from_bytes(random);
    let private_pem = key.to_pkcs8_pem(LineEnding::LF).map_err(io::Error::other);
    let public_pem = key.verifying_key().to_public_key_pem(LineEnding::LF);
    let write = |path: &Path, mode: u32, pem: &str| {
        let mut options = fs::OpenOptions::new();
        let mut file = options.write(true).create_new(true).mode(mode).open(path)?;
        file.write_all(pem.as_bytes())?;
        file.sync_all()
    };
    private_pem
        .and_then(|pem| write(path, 0o600, &pem))
        .map_err(|error| io_error("write", path, error))?;
    let written = public_pem.map_err(io::Error::other);
    written
        .and_then(|pem| write(public, 0o644, &pem))
        .map_err(|error| io_error("write", public, error))
}

/// The private half in `path`.
///
/// # Errors
/// [`KeyError`].
pub fn read_signing_key(path: &Path) -> Result<SigningKey, KeyError> {
    let pem = fs::read_to_string(path).map_err(|error| io_error("read", path, error))?;
    SigningKey::from_pkcs8_pem(&pem).map_err(|_| KeyError::NotAKey {
        what: "the private half of an Ed25519 key",
        path: path.to_owned(),
    })
}
