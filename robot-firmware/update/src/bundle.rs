//! A bundle: a tar archive (POSIX.1-1988 or GNU) of `manifest.json`, `manifest.sig`, and the parts
//! below `parts/`, in the manifest's order, so that it can be taken as it arrives.
//!
//! Its entries are read as they stand: what an archive may say besides (extended headers, sparse
//! files, links) is refused before any of it is read, for a reader that follows it would keep as
//! much of it in memory as whoever made it likes. Only a name that is too long for a header may
//! stand before its part, and is as long as the manifest says.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use sha2::{Digest, Sha256};
use tar::{Archive, Builder, Entries, Entry, EntryType, Header};

use crate::keys::{Keys, sign};
use crate::manifest::{MANIFEST_MAX, Manifest, ManifestError, Part};

const MANIFEST: &str = "manifest.json";
const SIGNATURE: &str = "manifest.sig";
const PARTS: &str = "parts";
/// What is read and written at a time.
const PIECE: usize = 1 << 18;

/// Why a bundle isn't taken.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// Something else was named.
    #[error("this is no bundle; `madoguchi-robot bundle` makes one")]
    NotABundle,
    /// The robot believes nobody.
    #[error(
        "this robot believes no vendor's key; an image has them in /usr/lib/madoguchi/update-keys"
    )]
    NoKeys,
    /// None of the robot's keys signed it.
    #[error(
        "it is not signed by a key that this robot believes; take the bundle of the robot's vendor"
    )]
    Foreign,
    /// The manifest.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// It ends before its last part does.
    #[error("it ends too early, in `{0}`; fetch it anew")]
    Truncated(String),
    /// What was signed is not what came.
    #[error("`{0}` in it is not what was signed; fetch it anew")]
    Damaged(String),
    /// The source fails.
    #[error("it can't be read")]
    Read(#[source] io::Error),
    /// A part could not be put where it belongs.
    #[error("`{part}` can't be written")]
    Write {
        /// Which.
        part: String,
        /// Why not.
        source: io::Error,
    },
}

/// A bundle of which the manifest is known to be signed, and the parts are still to come.
pub struct Bundle<'a, R: Read> {
    /// What was signed.
    pub manifest: Manifest,
    entries: Entries<'a, R>,
    next: usize,
}

impl<'a, R: Read> Bundle<'a, R> {
    /// Reads as far as the signature.
    ///
    /// # Errors
    /// [`BundleError`].
    pub fn open(archive: &'a mut Archive<R>, keys: &Keys) -> Result<Self, BundleError> {
        if keys.is_empty() {
            return Err(BundleError::NoKeys);
        }
        let mut entries = archive.entries().map_err(BundleError::Read)?.raw(true);
        let manifest = small(&mut entries, MANIFEST, MANIFEST_MAX)?;
        let signature = small(&mut entries, SIGNATURE, 64)?;
        let signature = signature.try_into().map_err(|_| BundleError::Foreign)?;
        if !keys.signed(&manifest, &signature) {
            return Err(BundleError::Foreign);
        }
        Ok(Self {
            manifest: Manifest::parse(&manifest)?,
            entries,
            next: 0,
        })
    }

    /// The next part; none after the last one. One that isn't taken is passed over.
    ///
    /// # Errors
    /// [`BundleError`].
    pub fn next_part(&mut self) -> Result<Option<PartReader<'a, R>>, BundleError> {
        let Some(part) = self.manifest.parts.get(self.next).cloned() else {
            return Ok(None);
        };
        self.next += 1;
        let path = Path::new(PARTS).join(&part.name);
        let mut entry = self.entry(&part)?;
        let named = match entry.header().entry_type() {
            EntryType::GNULongName => {
                says(&mut entry, &path).map_err(|error| of_reading(error, &part.name))?
            }
            _ => entry.path().is_ok_and(|named| named == path),
        };
        if named && entry.header().entry_type() == EntryType::GNULongName {
            entry = self.entry(&part)?;
        }
        if !named || !is_file(&entry) || entry.size() != part.size {
            return Err(BundleError::Damaged(part.name));
        }
        Ok(Some(PartReader { part, entry }))
    }

    fn entry(&mut self, part: &Part) -> Result<Entry<'a, R>, BundleError> {
        match self.entries.next() {
            Some(Ok(entry)) => Ok(entry),
            None => Err(BundleError::Truncated(part.name.clone())),
            Some(Err(error)) => Err(of_reading(error, &part.name)),
        }
    }
}

fn is_file<R: Read>(entry: &Entry<'_, R>) -> bool {
    entry.header().entry_type() == EntryType::Regular
}

/// Whether a name that is too long for a header is this one; it ends with a zero byte.
fn says<R: Read>(entry: &mut Entry<'_, R>, path: &Path) -> io::Result<bool> {
    let wanted = path.as_os_str().as_encoded_bytes();
    if entry.size() != wanted.len() as u64 + 1 {
        return Ok(false);
    }
    let mut name = vec![0; wanted.len() + 1];
    entry.read_exact(&mut name)?;
    Ok(name.strip_suffix(b"\0") == Some(wanted))
}

fn small<R: Read>(
    entries: &mut Entries<'_, R>,
    name: &str,
    largest: u64,
) -> Result<Vec<u8>, BundleError> {
    let Some(Ok(entry)) = entries.next() else {
        return Err(BundleError::NotABundle);
    };
    let size = entry.size();
    let named = entry.path().is_ok_and(|path| path == Path::new(name));
    if !named || !is_file(&entry) || size > largest {
        return Err(BundleError::NotABundle);
    }
    let mut bytes = Vec::new();
    let read = entry.take(largest).read_to_end(&mut bytes);
    read.map_err(|error| of_reading(error, name))?;
    match bytes.len() as u64 == size {
        true => Ok(bytes),
        false => Err(BundleError::Truncated(name.to_owned())),
    }
}

fn of_reading(error: io::Error, part: &str) -> BundleError {
    match error.kind() {
        // The archive's reader says `Other` where half a header is there.
        io::ErrorKind::UnexpectedEof | io::ErrorKind::Other => {
            BundleError::Truncated(part.to_owned())
        }
        _ => BundleError::Read(error),
    }
}

/// What takes a part piece by piece.
pub trait Pieces {
    /// The next bytes.
    ///
    /// # Errors
    /// When they can't be put where they belong.
    fn take(&mut self, bytes: &[u8]) -> io::Result<()>;
}

impl<F: FnMut(&[u8]) -> io::Result<()>> Pieces for F {
    fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        self(bytes)
    }
}

/// One part that can be taken.
pub struct PartReader<'a, R: Read> {
    /// What the manifest says of it.
    pub part: Part,
    entry: Entry<'a, R>,
}

impl<R: Read> PartReader<'_, R> {
    /// Hands on all of it, and only then tells whether it was what was signed.
    ///
    /// # Errors
    /// [`BundleError`]; what was handed on is then worth nothing.
    pub fn copy(mut self, to: &mut dyn Pieces) -> Result<(), BundleError> {
        let name = self.part.name;
        let (mut sum, mut arrived) = (Sha256::new(), 0);
        let mut piece = vec![0; PIECE];
        loop {
            let read = match self.entry.read(&mut piece) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(of_reading(error, &name)),
            };
            let bytes = &piece[..read];
            sum.update(bytes);
            arrived += read as u64;
            to.take(bytes).map_err(|source| BundleError::Write {
                part: name.clone(),
                source,
            })?;
        }
        if arrived != self.part.size {
            return Err(BundleError::Truncated(name));
        }
        match hex(&sum.finalize()) == self.part.sha256 {
            true => Ok(()),
            false => Err(BundleError::Damaged(name)),
        }
    }
}

/// Two lower-case digits for each byte.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Writes a bundle of these files, in their order. The manifest's parts are made of them.
///
/// # Errors
/// [`BundleError`]; what was written is then worth nothing.
pub fn write_bundle(
    mut manifest: Manifest,
    files: &[(String, PathBuf)],
    key: &SigningKey,
    to: impl Write,
) -> Result<Manifest, BundleError> {
    let of = |name: &str| {
        let part = name.to_owned();
        move |source| BundleError::Write { part, source }
    };
    manifest.parts = Vec::new();
    for (name, path) in files {
        let (size, sha256) = measure(path).map_err(of(name))?;
        let name = name.clone();
        manifest.parts.push(Part { name, size, sha256 });
    }
    let bytes = manifest.to_bytes()?;
    let mut archive = Builder::new(to);
    let mut append = |name: &Path, size: u64, content: &mut dyn Read| {
        let mut header = Header::new_gnu();
        header.set_size(size);
        header.set_mode(0o644);
        header.set_mtime(u64::try_from(manifest.created_unix_s).unwrap_or_default());
        archive.append_data(&mut header, name, content)
    };
    let signature = sign(key, &bytes);
    append(Path::new(MANIFEST), bytes.len() as u64, &mut &bytes[..]).map_err(of(MANIFEST))?;
    append(Path::new(SIGNATURE), 64, &mut &signature[..]).map_err(of(SIGNATURE))?;
    for ((name, path), part) in files.iter().zip(&manifest.parts) {
        let mut file = std::fs::File::open(path).map_err(of(name))?.take(part.size);
        append(&Path::new(PARTS).join(name), part.size, &mut file).map_err(of(name))?;
    }
    let mut written = archive.into_inner().map_err(of(PARTS))?;
    written.flush().map_err(of(PARTS))?;
    Ok(manifest)
}

fn measure(path: &Path) -> io::Result<(u64, String)> {
    let mut file = std::fs::File::open(path)?;
    let mut sum = Sha256::new();
    let mut piece = vec![0; PIECE];
    let mut size = 0;
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            return Ok((size, hex(&sum.finalize())));
        }
        size += read as u64;
        sum.update(&piece[..read]);
    }
}
