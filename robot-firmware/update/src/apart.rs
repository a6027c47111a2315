//! Packs and models that come beside the system: folders, each of one version, of which a symbolic
//! link names the one in use.
//!
//! ```text
//! FOLDER/pack/1.2.0/…            what a bundle brought
//! FOLDER/pack/current -> 1.2.0   absent: what the system has of its own is used
//! FOLDER/pack/before -> 1.1.0    what `undo` goes back to; absent: the system's own
//! FOLDER/pack/undone             the newest version that was taken back
//! ```

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use semver::Version;

use crate::bundle::{Bundle, BundleError};
use crate::manifest::Manifest;
use crate::rules::{Refusal, judge_apart};

const CURRENT: &str = "current";
const BEFORE: &str = "before";
const UNDONE: &str = "undone";

/// Why a pack or models were not exchanged. What was in use is.
#[derive(Debug, thiserror::Error)]
pub enum ApartError {
    /// The bundle.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// Not for this robot.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The disk.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// It is signed, and can't be used.
    #[error("it can't be used: {0}")]
    Unusable(String),
    /// There is nothing to go back from.
    #[error("nothing came by an update, so that there is nothing to take back")]
    NothingToUndo,
}

fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> ApartError {
    let path = path.to_owned();
    move |source| ApartError::Io {
        action,
        path,
        source,
    }
}

/// All versions of one kind.
#[derive(Debug, Clone)]
pub struct Versions {
    folder: PathBuf,
}

impl Versions {
    /// Those of `kind`, `pack` or `models`, in a folder of updates.
    pub fn new(folder: &Path, kind: &str) -> Self {
        let folder = folder.join(kind);
        Self { folder }
    }

    /// The folder in use, as long as something came by an update.
    pub fn current(&self) -> Option<PathBuf> {
        let path = self.folder.join(CURRENT);
        path.is_dir().then_some(path)
    }

    /// Its version.
    pub fn version(&self) -> Option<Version> {
        self.named(CURRENT)
    }

    fn named(&self, link: &str) -> Option<Version> {
        let to = fs::read_link(self.folder.join(link)).ok()?;
        Version::parse(to.to_str()?).ok()
    }

    /// Whether a bundle may be taken; what was taken back by hand, and what is older, only `again`.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn judge(
        &self,
        manifest: &Manifest,
        times: (i64, i64),
        again: bool,
    ) -> Result<(), Refusal> {
        let (here, undone) = (self.version(), self.undone());
        judge_apart(manifest, (here.as_ref(), undone.as_ref()), times, again)
    }

    /// Takes what a bundle brings into use, once `usable` says of its folder that it can be used.
    /// `times` are when the system was made and now; `told` hears how many bytes are there.
    ///
    /// # Errors
    /// [`ApartError`]; nothing has changed then.
    pub fn install<R: Read>(
        &self,
        bundle: &mut Bundle<'_, R>,
        times: (i64, i64),
        again: bool,
        usable: &dyn Fn(&Path) -> Result<(), String>,
        told: &mut dyn FnMut(u64),
    ) -> Result<(), ApartError> {
        self.judge(&bundle.manifest, times, again)?;
        let (here, version) = (self.version(), bundle.manifest.version.clone());
        fs::create_dir_all(&self.folder).map_err(failed("create", &self.folder))?;
        let arriving = self.folder.join(format!("{version}.arriving"));
        let installed = self.folder.join(version.to_string());
        for left in [&arriving, &installed] {
            remove_folder(left)?;
        }
        let brought = unpack(bundle, &arriving, told)
            .and_then(|()| usable(&arriving).map_err(ApartError::Unusable));
        if let Err(error) = brought {
            let _ = fs::remove_dir_all(&arriving);
            return Err(error);
        }
        fs::rename(&arriving, &installed).map_err(failed("write", &installed))?;
        sync_folder(&self.folder)?;
        self.link(BEFORE, here.as_ref())?;
        self.link(CURRENT, Some(&version))?;
        self.tidy()
    }

    /// Goes back to what was in use before, once.
    ///
    /// # Errors
    /// [`ApartError`].
    pub fn undo(&self) -> Result<Option<Version>, ApartError> {
        let undone = self.version().ok_or(ApartError::NothingToUndo)?;
        let newest = match self.undone() {
            Some(newest) if newest.cmp_precedence(&undone).is_gt() => newest,
            _ => undone,
        };
        let (path, scratch) = (self.folder.join(UNDONE), self.folder.join("undone.new"));
        let written = File::create(&scratch).and_then(|mut file| {
            file.write_all(newest.to_string().as_bytes())?;
            file.sync_all()?;
            fs::rename(&scratch, &path)
        });
        written.map_err(failed("write", &path))?;
        let before = self.named(BEFORE);
        self.link(CURRENT, before.as_ref())?;
        self.link(BEFORE, None)?;
        self.tidy()?;
        Ok(before)
    }

    fn undone(&self) -> Option<Version> {
        let text = fs::read_to_string(self.folder.join(UNDONE)).ok()?;
        Version::parse(text.trim()).ok()
    }

    /// A link is there with its old target or its new one.
    fn link(&self, name: &str, to: Option<&Version>) -> Result<(), ApartError> {
        let path = self.folder.join(name);
        match to {
            Some(version) => {
                let scratch = self.folder.join(format!("{name}.new"));
                remove_file(&scratch)?;
                symlink(version.to_string(), &scratch).map_err(failed("create", &scratch))?;
                fs::rename(&scratch, &path).map_err(failed("write", &path))?;
            }
            None => remove_file(&path)?,
        }
        sync_folder(&self.folder)
    }

    /// Removes what neither link names.
    fn tidy(&self) -> Result<(), ApartError> {
        let used = [self.named(CURRENT), self.named(BEFORE)];
        let entries = fs::read_dir(&self.folder).map_err(failed("read", &self.folder))?;
        for entry in entries.flatten() {
            let name = entry.file_name();
            let version = name.to_str().and_then(|name| Version::parse(name).ok());
            if version.is_some() && !used.contains(&version) {
                remove_folder(&entry.path())?;
            }
        }
        Ok(())
    }
}

fn unpack<R: Read>(
    bundle: &mut Bundle<'_, R>,
    to: &Path,
    told: &mut dyn FnMut(u64),
) -> Result<(), ApartError> {
    fs::create_dir(to).map_err(failed("create", to))?;
    let mut there = 0;
    let mut folders = vec![to.to_owned()];
    while let Some(reader) = bundle.next_part()? {
        let path = to.join(&reader.part.name);
        if let Some(folder) = path.parent()
            && !folder.is_dir()
        {
            fs::create_dir_all(folder).map_err(failed("create", folder))?;
            let within = folder.ancestors().take_while(|above| *above != to);
            folders.extend(within.map(Path::to_owned));
        }
        let mut file = File::create_new(&path).map_err(failed("create", &path))?;
        reader.copy(&mut |bytes: &[u8]| {
            file.write_all(bytes)?;
            there += bytes.len() as u64;
            told(there);
            Ok(())
        })?;
        file.sync_all().map_err(failed("write", &path))?;
    }
    folders.iter().try_for_each(|folder| sync_folder(folder))
}

fn sync_folder(path: &Path) -> Result<(), ApartError> {
    let synced = File::open(path).and_then(|folder| folder.sync_all());
    synced.map_err(failed("write", path))
}

fn remove_folder(path: &Path) -> Result<(), ApartError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed("remove", path)(error)),
        _ => Ok(()),
    }
}

fn remove_file(path: &Path) -> Result<(), ApartError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed("remove", path)(error)),
        _ => Ok(()),
    }
}
