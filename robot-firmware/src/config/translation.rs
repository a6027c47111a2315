//! `[[translation]]`: pairs of languages beyond those in the models folder.

use std::path::{Path, PathBuf};

use madoguchi_shared::ids::Lang;
use madoguchi_speech::translate::{By, NamedPair};
use serde::Deserialize;

/// The program in Debian.
const APERTIUM: &str = "apertium";

/// A pair of languages.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TranslationPair {
    /// The language of the text.
    pub from: Lang,
    /// The language wanted.
    pub to: Lang,
    /// A folder with the files of a Firefox model …
    pub firefox: Option<PathBuf>,
    /// … or a mode of Apertium, such as `spa-por`.
    pub apertium: Option<String>,
    /// The program, where it isn't `apertium` in `PATH`.
    pub program: Option<PathBuf>,
}

impl TranslationPair {
    /// Relative folders start at the configuration's.
    pub(super) fn start_at(&mut self, base: &Path) {
        if let Some(folder) = &mut self.firefox {
            *folder = base.join(&*folder);
        }
    }

    /// As the translator takes it.
    pub fn named(&self) -> NamedPair {
        let by = match (&self.firefox, &self.apertium) {
            (Some(folder), _) => By::Firefox(folder.clone()),
            (None, mode) => By::Apertium {
                program: self.program.clone().unwrap_or_else(|| APERTIUM.into()),
                mode: mode.clone().unwrap_or_default(),
            },
        };
        NamedPair {
            from: self.from.clone(),
            to: self.to.clone(),
            by,
        }
    }
}

/// What is wrong and what to do, in one sentence.
pub(super) fn check(pairs: &[TranslationPair]) -> Result<(), String> {
    for pair in pairs {
        let (from, to) = (&pair.from, &pair.to);
        if pair.firefox.is_some() == pair.apertium.is_some() {
            return Err(format!(
                "[[translation]] from `{from}` to `{to}` needs one of `firefox` and `apertium`"
            ));
        }
        if pair.program.is_some() && pair.apertium.is_none() {
            return Err(format!(
                "[[translation]] from `{from}` to `{to}` has a `program`, which only goes with `apertium`; remove it"
            ));
        }
        if let Some(mode) = &pair.apertium
            && (mode.is_empty() || mode.starts_with('-'))
        {
            return Err(format!(
                "[[translation]] from `{from}` to `{to}`: `{mode}` is no mode of Apertium; `apertium -l` lists them"
            ));
        }
        if from.primary() == to.primary() {
            return Err(format!(
                "[[translation]] from `{from}` to `{to}` leads nowhere; name two languages"
            ));
        }
    }
    Ok(())
}
