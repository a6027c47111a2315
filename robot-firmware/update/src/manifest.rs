//! What a bundle says of itself.

use std::collections::BTreeSet;
use std::path::Path;

use semver::Version;
use serde::{Deserialize, Serialize};

/// The only format so far.
pub const FORMAT: u32 = 1;
/// Largest manifest, in bytes.
pub const MANIFEST_MAX: u64 = 1 << 20;
/// Most parts of a bundle; a pack with all its pictures has some hundreds.
const PARTS_MAX: usize = 4096;
/// Longest name of a part, in bytes.
const NAME_MAX: usize = 200;

/// The signed part of a bundle. A field that isn't known here may be a condition, so that a bundle
/// with one is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Of this format: 1.
    pub format: u32,
    /// What the bundle is for.
    pub contents: Contents,
    /// The version that it brings, by Semantic Versioning 2.0.
    pub version: Version,
    /// The oldest version that may go to this one in one step; any when absent.
    #[serde(default)]
    pub minimum_version: Option<Version>,
    /// When it was made, in seconds since 1970.
    pub created_unix_s: i64,
    /// From then on no robot takes it any more.
    pub expires_unix_s: i64,
    /// What follows the manifest, in this order.
    pub parts: Vec<Part>,
}

/// What a bundle is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Contents {
    /// A whole system for one kind of board.
    System {
        /// Such as `generic-amd64`; a robot takes only its own.
        board: String,
        /// Of the root's dm-verity tree, 64 hexadecimal digits.
        root_hash: String,
    },
    /// An office's knowledge pack.
    Pack,
    /// Speech, translation and meaning models.
    Models,
}

impl Contents {
    /// As it stands in messages and folders.
    pub fn name(&self) -> &'static str {
        match self {
            Self::System { .. } => "system",
            Self::Pack => "pack",
            Self::Models => "models",
        }
    }
}

/// One part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// A plain name, or several with `/` between them.
    pub name: String,
    /// In bytes.
    pub size: u64,
    /// Lower-case hexadecimal.
    pub sha256: String,
}

/// Why a manifest can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// Not this program's.
    #[error("its manifest is of format {0}; this robot's software is too old for it")]
    Format(u32),
    /// Not what a manifest is.
    #[error("its manifest can't be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// A name that would be written elsewhere, or twice, or a number out of bounds.
    #[error("its manifest can't be meant: {0}")]
    Nonsense(String),
}

impl Manifest {
    /// Reads and checks one.
    ///
    /// # Errors
    /// [`ManifestError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, ManifestError> {
        #[derive(Deserialize)]
        struct OnlyFormat {
            format: u32,
        }
        let OnlyFormat { format } = serde_json::from_slice(bytes)?;
        if format != FORMAT {
            return Err(ManifestError::Format(format));
        }
        let manifest: Self = serde_json::from_slice(bytes)?;
        manifest.check().map_err(ManifestError::Nonsense)?;
        Ok(manifest)
    }

    /// The bytes that are signed.
    ///
    /// # Errors
    /// [`ManifestError`] for one that [`Manifest::parse`] would refuse.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ManifestError> {
        self.check().map_err(ManifestError::Nonsense)?;
        Ok(serde_json::to_vec_pretty(self)?)
    }

    /// Bytes of all parts together.
    pub fn size(&self) -> u64 {
        let sizes = self.parts.iter().map(|part| part.size);
        sizes.fold(0, u64::saturating_add)
    }

    /// The part of that name.
    pub fn part(&self, name: &str) -> Option<&Part> {
        self.parts.iter().find(|part| part.name == name)
    }

    fn check(&self) -> Result<(), String> {
        let mut names = BTreeSet::new();
        for Part { name, sha256, .. } in &self.parts {
            let plain = |piece: &str| {
                !piece.is_empty() && !piece.starts_with('.') && !piece.contains(['\\', '\0', '\n'])
            };
            if name.len() > NAME_MAX || !name.split('/').all(plain) {
                return Err(format!("`{name}` is no name of a part"));
            }
            if !is_hash(sha256) {
                return Err(format!("`{sha256}` of `{name}` is no SHA-256"));
            }
            if !names.insert(name) {
                return Err(format!("`{name}` stands in it twice"));
            }
        }
        if let Some(name) = names.iter().find(|name| {
            let above = Path::new(name.as_str()).ancestors().skip(1);
            above
                .filter_map(Path::to_str)
                .any(|above| names.iter().any(|name| *name == above))
        }) {
            return Err(format!("`{name}` lies in another part"));
        }
        if self.parts.is_empty() || self.parts.len() > PARTS_MAX {
            return Err(format!("it has {} parts", self.parts.len()));
        }
        if let Contents::System { root_hash, board } = &self.contents
            && (!is_hash(root_hash) || board.is_empty())
        {
            return Err("board or root hash are none".to_owned());
        }
        Ok(())
    }
}

fn is_hash(text: &str) -> bool {
    text.len() == 64
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
