//! Translation between languages, by Mozilla's Firefox Translations models.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fxtranslate::engine::Engine;
use fxtranslate::segment::{Segmenter, Span};
use madoguchi_shared::ids::Lang;

use crate::models::ModelStore;
use crate::sentences;

/// Folders of the store that hold a pair are called `firefox-FROM-TO`.
const PAIR_PREFIX: &str = "firefox-";
/// Pairs that don't exist directly go through this language.
const PIVOT: &str = "en";

/// Turns text of one language into another.
pub trait Translator {
    /// Whether there is a way from `from` to `to`.
    fn can_translate(&self, from: &Lang, to: &Lang) -> bool;

    /// Translates `text`, sentence by sentence; white space between sentences is kept.
    ///
    /// Regional variants count as their language: `pt-BR` as `pt`. A text in the wanted language
    /// already, or without any letter, comes back as it is.
    ///
    /// # Errors
    /// [`TranslateError::NoModel`] when there is no way; [`TranslateError::Load`] when there is
    /// one that can't be used.
    fn translate(
        &mut self,
        from: &Lang,
        to: &Lang,
        text: &str,
    ) -> Result<Translated, TranslateError>;
}

/// A translation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Translated {
    /// The text in the other language.
    pub text: String,
    /// The language that it went through, if it took two steps.
    pub via: Option<Lang>,
    /// Time that it took, loading of models included.
    pub compute: Duration,
}

/// Why a text was not translated.
#[derive(Debug, thiserror::Error)]
pub enum TranslateError {
    /// No model leads from one language to the other.
    #[error(
        "no translation model from `{from}` to `{to}` is installed in {}; \
         put one there as `firefox-{from}-{to}`", dir.display()
    )]
    NoModel {
        /// The language of the text.
        from: Lang,
        /// The language wanted.
        to: Lang,
        /// The store.
        dir: PathBuf,
    },
    /// A model's files are missing or damaged.
    #[error(
        "cannot load the translation model in {}: {reason}; \
         run `madoguchi-robot models fetch`", dir.display()
    )]
    Load {
        /// The pair's folder.
        dir: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

/// Firefox Translations models from a model store, loaded when first needed (70 ms and 41 MB a
/// pair; then about 5 ms a sentence).
///
/// Not `Send`: it stays in the thread that made it. Nothing that was translated is kept.
pub struct FirefoxTranslator {
    dir: PathBuf,
    pairs: BTreeMap<(String, String), Pair>,
}

enum Pair {
    OnDisk(PathBuf),
    Loaded(Box<Engine>),
}

impl FirefoxTranslator {
    /// Finds the pairs in `store`. None at all is no error.
    pub fn new(store: &ModelStore) -> Self {
        let pair = |dir: PathBuf| {
            let name = dir.file_name()?.to_str()?.strip_prefix(PAIR_PREFIX)?;
            let (from, to) = name.split_once('-')?;
            Some(((from.to_owned(), to.to_owned()), Pair::OnDisk(dir)))
        };
        let pairs = store
            .folders(PAIR_PREFIX)
            .into_iter()
            .filter_map(pair)
            .collect();
        Self {
            dir: store.dir().to_owned(),
            pairs,
        }
    }

    /// The pairs that are there, from and to.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs
            .keys()
            .map(|(from, to)| (from.as_str(), to.as_str()))
    }

    /// The stops after `from` on the way to `to`; `None` without a way.
    fn route<'a>(&self, from: &str, to: &'a str) -> Option<Vec<&'a str>> {
        let has = |from: &str, to: &str| self.pairs.contains_key(&(from.to_owned(), to.to_owned()));
        if from == to {
            Some(Vec::new())
        } else if has(from, to) {
            Some(vec![to])
        } else if has(from, PIVOT) && has(PIVOT, to) {
            Some(vec![PIVOT, to])
        } else {
            None
        }
    }

    fn engine(&mut self, from: &str, to: &str) -> Result<Option<&Engine>, TranslateError> {
        let Some(pair) = self.pairs.get_mut(&(from.to_owned(), to.to_owned())) else {
            return Ok(None);
        };
        if let Pair::OnDisk(dir) = pair {
            let engine = load(dir).map_err(|reason| TranslateError::Load {
                dir: dir.clone(),
                reason,
            })?;
            *pair = Pair::Loaded(Box::new(engine));
        }
        Ok(match pair {
            Pair::Loaded(engine) => Some(engine),
            Pair::OnDisk(_) => None,
        })
    }
}

impl Translator for FirefoxTranslator {
    fn can_translate(&self, from: &Lang, to: &Lang) -> bool {
        self.route(language(from), language(to)).is_some()
    }

    fn translate(
        &mut self,
        from: &Lang,
        to: &Lang,
        text: &str,
    ) -> Result<Translated, TranslateError> {
        let start = Instant::now();
        let no_model = || TranslateError::NoModel {
            from: from.clone(),
            to: to.clone(),
            dir: self.dir.clone(),
        };
        let route = self
            .route(language(from), language(to))
            .ok_or_else(no_model)?;
        let mut text = text.to_owned();
        let mut at = language(from);
        for stop in &route {
            if text.chars().any(char::is_alphabetic)
                && let Some(engine) = self.engine(at, stop)?
            {
                text = engine.translate_segmented(&text, &Sentences);
            }
            at = stop;
        }
        let via = if route.len() > 1 {
            route[0].parse().ok()
        } else {
            None
        };
        Ok(Translated {
            text,
            via,
            compute: start.elapsed(),
        })
    }
}

/// The primary subtag.
fn language(tag: &Lang) -> &str {
    tag.as_str().split('-').next().unwrap_or_default()
}

struct Sentences;

impl Segmenter for Sentences {
    fn sentences(&self, text: &str) -> Vec<Span> {
        let spans = sentences::spans(text).into_iter();
        spans
            .map(|span| Span {
                start: span.start,
                end: span.end,
            })
            .collect()
    }
}

/// Loads the pair whose files stand in `dir`, under the names that Mozilla gives them.
fn load(dir: &Path) -> Result<Engine, String> {
    let names: Vec<PathBuf> = std::fs::read_dir(dir)
        .map_err(|error| error.to_string())?
        .flatten()
        .map(|entry| entry.path())
        .collect();
    let find = |prefix: &str, extension: &str| {
        names.iter().find(|path| {
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default();
            name.starts_with(prefix) && name.ends_with(extension)
        })
    };
    let model = find("model.", ".bin").ok_or("there is no model.*.bin")?;
    let source = find("srcvocab.", ".spm").or_else(|| find("vocab.", ".spm"));
    let target = find("trgvocab.", ".spm").or_else(|| find("vocab.", ".spm"));
    let (Some(source), Some(target)) = (source, target) else {
        return Err("there is no vocab.*.spm".to_owned());
    };
    let shortlist = find("lex.", ".bin").map(std::fs::read).transpose();
    let shortlist = shortlist.map_err(|error| error.to_string())?;
    // The parsers of these files panic on bytes that they don't expect.
    catch_unwind(AssertUnwindSafe(|| {
        let engine = Engine::load(model, source, target)?;
        Ok(match shortlist {
            Some(bytes) => engine.with_shortlist_bytes(&bytes),
            None => engine,
        })
    }))
    .unwrap_or_else(|_| Err("its files are damaged".to_owned()))
}
