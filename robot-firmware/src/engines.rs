//! Opening what the models folder holds, in one place for the daemon and the commands.

use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use madoguchi_shared::ids::Lang;
use madoguchi_speech::meaning::Embedder;
use madoguchi_speech::models::ModelStore;
use madoguchi_speech::translate::{Glossary, MachineTranslator, NamedPair, Translator};
use madoguchi_speech::voice::{VoicePrograms, Voices};
use madoguchi_speech::whisper::Whisper;

use tracing::warn;

use crate::config::Config;

const RECOGNISER: &str = "whisper-base";
const MEANING: &str = "e5-small";
const JAPANESE_VOICE: &str = "htsvoice-mei";

/// A speech model on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstalledModel {
    /// Its folder's name, or its file's where the configuration names one.
    pub name: String,
    /// The file.
    pub file: PathBuf,
    /// What changes with its content: the manifest's SHA-256, else size and time of change.
    pub checksum: String,
}

/// The speech models that the recogniser can be run with, the largest first: the one that the
/// configuration names, else every `whisper-…` in the models folder.
///
/// # Errors
/// When there is none.
pub fn recognisers(models: &Path, named: Option<&Path>) -> anyhow::Result<Vec<InstalledModel>> {
    if let Some(file) = named {
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        return Ok(vec![InstalledModel {
            name: name.into_owned(),
            file: file.to_owned(),
            checksum: size_and_time(file),
        }]);
    }
    let store = ModelStore::new(models)?;
    let sound = |name: &str| {
        let file = store.sound_file(name);
        file.inspect_err(|error| warn!("left out: {error}")).ok()
    };
    let mut found: Vec<InstalledModel> = store
        .folders("whisper-")
        .into_iter()
        .filter_map(|folder| {
            let name = folder.file_name()?.to_str()?.to_owned();
            let listed = store.manifest().model(&name).ok();
            let (file, checksum) = match listed {
                Some(model) => (sound(&name)?, model.files[0].sha256.clone()),
                None => {
                    let file = model_in(&folder)?;
                    let checksum = size_and_time(&file);
                    (file, checksum)
                }
            };
            Some(InstalledModel {
                name,
                file,
                checksum,
            })
        })
        .collect();
    if found.is_empty() {
        store.sound_file(RECOGNISER)?;
    }
    found.sort_by_key(|model| {
        std::cmp::Reverse(model.file.metadata().map_or(0, |metadata| metadata.len()))
    });
    Ok(found)
}

/// The one file of a folder that somebody filled by hand.
fn model_in(folder: &Path) -> Option<PathBuf> {
    let files = std::fs::read_dir(folder).ok()?.flatten();
    let mut models = files
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "bin"));
    models.next()
}

fn size_and_time(file: &Path) -> String {
    let Ok(metadata) = file.metadata() else {
        return String::new();
    };
    let changed = metadata
        .modified()
        .ok()
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    format!(
        "{} bytes, {} s",
        metadata.len(),
        changed.map_or(0, |since| since.as_secs())
    )
}

/// The recogniser, from the file that the configuration names or the manifest's model.
pub fn whisper(models: &Path, named: Option<&Path>, threads: usize) -> anyhow::Result<Whisper> {
    let file = match named {
        Some(file) => file.to_owned(),
        None => ModelStore::new(models)?.sound_file(RECOGNISER)?,
    };
    Ok(Whisper::load(&file, threads)?)
}

/// Its name, where it is installed.
pub fn recogniser_name(models: &Path, named: Option<&Path>) -> Option<String> {
    if let Some(file) = named {
        return Some(file.file_stem()?.to_string_lossy().into_owned());
    }
    ModelStore::new(models)
        .ok()?
        .file(RECOGNISER)
        .ok()
        .map(|_| format!("{RECOGNISER}-q8_0"))
}

/// The sentence vectors, and the model file's SHA-256 by which results may be kept.
pub struct Meaning {
    /// The model.
    pub embedder: Embedder,
    /// From the manifest.
    pub sha256: String,
}

/// The sentence vectors.
pub fn meaning(models: &Path) -> anyhow::Result<Meaning> {
    let store = ModelStore::new(models)?;
    let embedder = Embedder::load(&store.sound_file(MEANING)?)?;
    let sha256 = store.manifest().model(MEANING)?.files[0].sha256.clone();
    Ok(Meaning { embedder, sha256 })
}

/// The voices; told is what is missing of those that speak the languages `wanted`.
pub fn voices(models: &Path, wanted: &[Lang]) -> anyhow::Result<Voices> {
    let store = ModelStore::new(models)?;
    Ok(Voices::load(&store, &VoicePrograms::default(), wanted))
}

/// The voices, where the one that the manifest has for `lang` is installed and sound.
pub fn voices_for(models: &Path, lang: &Lang) -> anyhow::Result<Voices> {
    let store = ModelStore::new(models)?;
    let tag = lang.primary();
    let piper = format!("piper-{tag}_");
    let own = store.manifest().models.iter().find(|model| {
        model.name.starts_with(&piper) || (tag == "ja" && model.name == JAPANESE_VOICE)
    });
    if let Some(model) = own {
        store.verify(&model.name)?;
    }
    voices(models, std::slice::from_ref(lang))
}

/// The translator, where `from` can be translated to `to`.
pub fn translator_for(
    config: &Config,
    glossary: Glossary,
    from: &Lang,
    to: &Lang,
) -> anyhow::Result<MachineTranslator> {
    let store = ModelStore::new(&config.models)?;
    let mut translator = translator(config, glossary)?;
    let pair = format!("firefox-{}-{}", from.primary(), to.primary());
    if !translator.can_translate(from, to) && store.manifest().model(&pair).is_ok() {
        store.path(&pair)?;
    }
    translator.translate(from, to, "")?;
    Ok(translator)
}

/// The translator, with the pairs of the models folder and of the configuration.
pub fn translator(config: &Config, glossary: Glossary) -> anyhow::Result<MachineTranslator> {
    let pairs: Vec<NamedPair> = config
        .translations
        .iter()
        .map(|pair| pair.named())
        .collect();
    let translator = MachineTranslator::new(&ModelStore::new(&config.models)?);
    Ok(translator.with_pairs(&pairs).with_glossary(glossary))
}

/// Every pair (from, to) that can be translated, directly or in two steps.
pub fn translation_pairs(config: &Config) -> Vec<(Lang, Lang)> {
    let Ok(translator) = translator(config, Glossary::default()) else {
        return Vec::new();
    };
    let mut languages: Vec<Lang> = translator
        .pairs()
        .flat_map(|(from, to)| [from.parse(), to.parse()])
        .flatten()
        .collect();
    languages.sort();
    languages.dedup();
    let mut pairs = Vec::new();
    for from in &languages {
        for to in &languages {
            if from != to && translator.can_translate(from, to) {
                pairs.push((from.clone(), to.clone()));
            }
        }
    }
    pairs
}
