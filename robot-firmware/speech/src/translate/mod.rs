//! Translation between languages: Mozilla's Firefox Translations models, and Apertium where an
//! office configures it for a pair that has no model.
//!
//! A translation keeps numbers, codes, addresses and names, and renders the office's [`Glossary`]
//! as it is written.

mod apertium;
mod cache;
mod facts;
mod firefox;
mod glossary;
mod guard;
mod judge;
mod links;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use madoguchi_shared::ids::Lang;

use apertium::Apertium;
use cache::Cache;
use firefox::Firefox;
use guard::Model;

use crate::models::{ModelError, ModelStore};
use crate::sentences;

pub use glossary::{Form, Glossary, Term};
pub use judge::Judged;

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
    /// [`TranslateError::NoModel`] when there is no way; the other errors when there is
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
    /// Whether Apertium, which translates word by word and by rules, had a part in it.
    pub by_rules: bool,
    /// What the models made of it, where a fact or a term had to be mended.
    pub unmended: Option<String>,
    /// Facts and terms that could only be added in brackets.
    pub added: usize,
    /// Time that it took, loading of models included.
    pub compute: Duration,
}

/// Why a text was not translated.
#[derive(Debug, thiserror::Error)]
pub enum TranslateError {
    /// No model leads from one language to the other.
    #[error(
        "no translation model from `{from}` to `{to}` is installed in {}; \
         put one there as `firefox-{from}-{to}`, or name one in `[[translation]]` of robot.toml",
        dir.display()
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
    /// A model of the manifest is not what was installed.
    #[error(transparent)]
    Damaged(#[from] ModelError),
    /// A program, or a model whose files are damaged, did not translate.
    #[error("cannot translate from `{from}` to `{to}`: {reason}")]
    Program {
        /// The language of the text.
        from: String,
        /// The language wanted.
        to: String,
        /// What is wrong.
        reason: String,
    },
}

/// A pair of languages that the configuration names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedPair {
    /// The language of the text.
    pub from: Lang,
    /// The language wanted.
    pub to: Lang,
    /// What translates it.
    pub by: By,
}

/// What translates a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// A folder with the files of a Firefox model.
    Firefox(PathBuf),
    /// A mode of Apertium, such as `spa-por`.
    Apertium {
        /// The program.
        program: PathBuf,
        /// The mode.
        mode: String,
    },
}

/// What this robot translates with: the pairs of a model store and of the configuration, each
/// loaded when first needed, and the office's glossary.
///
/// Not `Send`: it stays in the thread that made it. What it has translated is kept in memory, up to
/// a bound, until [`MachineTranslator::forget`].
pub struct MachineTranslator {
    store: ModelStore,
    pairs: BTreeMap<(String, String), Pair>,
    glossary: Glossary,
    cache: Cache,
}

enum Pair {
    OnDisk(PathBuf),
    Firefox(Box<Firefox>),
    Apertium(Apertium),
}

/// A request, by which its result is kept.
type Asked = (String, String, String);

impl MachineTranslator {
    /// Finds the pairs in `store`. None at all is no error.
    pub fn new(store: &ModelStore) -> Self {
        let pair = |dir: PathBuf| {
            let name = dir.file_name()?.to_str()?.strip_prefix(PAIR_PREFIX)?;
            let (from, to) = name.split_once('-')?;
            Some(((from.to_owned(), to.to_owned()), Pair::OnDisk(dir)))
        };
        let folders = store.folders(PAIR_PREFIX).into_iter();
        Self {
            store: store.clone(),
            pairs: folders.filter_map(pair).collect(),
            glossary: Glossary::default(),
            cache: Cache::default(),
        }
    }

    /// Adds pairs: a named model stands in for the store's, Apertium only where there is none.
    #[must_use]
    pub fn with_pairs(mut self, named: &[NamedPair]) -> Self {
        for NamedPair { from, to, by } in named {
            let key = (from.primary().to_owned(), to.primary().to_owned());
            match by {
                By::Firefox(dir) => {
                    self.pairs.insert(key, Pair::OnDisk(dir.clone()));
                }
                By::Apertium { program, mode } => {
                    self.pairs.entry(key).or_insert_with(|| {
                        Pair::Apertium(Apertium {
                            program: program.clone(),
                            mode: mode.clone(),
                        })
                    });
                }
            }
        }
        self
    }

    /// Renders these terms as they are written.
    #[must_use]
    pub fn with_glossary(mut self, glossary: Glossary) -> Self {
        self.glossary = glossary;
        self
    }

    /// The pairs that are there, from and to.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs
            .keys()
            .map(|(from, to)| (from.as_str(), to.as_str()))
    }

    /// Forgets what it has translated.
    pub fn forget(&mut self) {
        self.cache.clear();
    }

    /// The stops after `from` on the way to `to`; `None` without a way.
    fn route<'a>(&self, from: &str, to: &'a str) -> Option<Vec<&'a str>> {
        let pair = |from: &str, to: &str| self.pairs.get(&(from.to_owned(), to.to_owned()));
        let has = |from: &str, to: &str| pair(from, to).is_some();
        let by_model =
            |from: &str, to: &str| pair(from, to).is_some_and(|pair| !pair.is_by_rules());
        if from == to {
            Some(Vec::new())
        } else if by_model(from, to) {
            Some(vec![to])
        } else if by_model(from, PIVOT) && by_model(PIVOT, to) {
            Some(vec![PIVOT, to])
        } else if has(from, to) {
            Some(vec![to])
        } else if has(from, PIVOT) && has(PIVOT, to) {
            Some(vec![PIVOT, to])
        } else {
            None
        }
    }

    /// One step between two languages that have a pair.
    fn step(&mut self, from: &str, to: &str, text: &str) -> Result<Translated, TranslateError> {
        let key = (from.to_owned(), to.to_owned());
        let mut done = Translated::unchanged(text);
        let (Some(pair), Ok(from_tag), Ok(to_tag)) = (
            self.pairs.get_mut(&key),
            from.parse::<Lang>(),
            to.parse::<Lang>(),
        ) else {
            return Ok(done);
        };
        if !text.chars().any(char::is_alphabetic) {
            return Ok(done);
        }
        if let Pair::OnDisk(dir) = pair {
            self.store.verify_if_listed(dir)?;
            let firefox = Firefox::load(dir).map_err(|reason| TranslateError::Load {
                dir: dir.clone(),
                reason,
            })?;
            *pair = Pair::Firefox(Box::new(firefox));
        }
        done.by_rules = pair.is_by_rules();
        let model: &mut dyn Model = match pair {
            Pair::Firefox(firefox) => firefox.as_mut(),
            Pair::Apertium(apertium) => apertium,
            Pair::OnDisk(_) => return Ok(done),
        };
        let (mut whole, mut plain) = (String::new(), String::new());
        let mut at = 0;
        for span in sentences::whole_spans(text) {
            let gap = &text[at..span.start];
            let guarded = guard::translate(
                model,
                &self.glossary,
                (&from_tag, &to_tag),
                &text[span.clone()],
            )
            .map_err(|reason| TranslateError::Program {
                from: from.to_owned(),
                to: to.to_owned(),
                reason,
            })?;
            for (out, sentence) in [
                (&mut plain, guarded.plain.as_ref().unwrap_or(&guarded.text)),
                (&mut whole, &guarded.text),
            ] {
                out.push_str(gap);
                out.push_str(sentence);
            }
            done.added += guarded.added;
            at = span.end;
        }
        whole.push_str(&text[at..]);
        plain.push_str(&text[at..]);
        done.unmended = (plain != whole).then_some(plain);
        done.text = whole;
        Ok(done)
    }
}

impl Pair {
    fn is_by_rules(&self) -> bool {
        matches!(self, Self::Apertium(_))
    }
}

impl Translator for MachineTranslator {
    fn can_translate(&self, from: &Lang, to: &Lang) -> bool {
        self.route(from.primary(), to.primary()).is_some()
    }

    fn translate(
        &mut self,
        from: &Lang,
        to: &Lang,
        text: &str,
    ) -> Result<Translated, TranslateError> {
        let start = Instant::now();
        let (at, end) = (from.primary(), to.primary());
        let route = self.route(at, end).ok_or_else(|| TranslateError::NoModel {
            from: from.clone(),
            to: to.clone(),
            dir: self.store.dir().to_owned(),
        })?;
        let asked = (at.to_owned(), end.to_owned(), text.to_owned());
        if let Some(known) = self.cache.get(&asked) {
            let compute = start.elapsed();
            return Ok(Translated {
                compute,
                ..known.clone()
            });
        }
        let mut done: Option<Translated> = None;
        let mut at = at;
        for stop in &route {
            let text = done.as_ref().map_or(text, |done| &done.text);
            let step = self.step(at, stop, text)?;
            done = Some(match done {
                None => step,
                Some(before) => Translated {
                    via: at.parse().ok(),
                    by_rules: before.by_rules || step.by_rules,
                    added: before.added + step.added,
                    ..step
                },
            });
            at = stop;
        }
        let mut done = done.unwrap_or_else(|| Translated::unchanged(text));
        done.compute = start.elapsed();
        self.cache.keep(asked, done.clone());
        Ok(done)
    }
}

impl Translated {
    fn unchanged(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            via: None,
            by_rules: false,
            unmended: None,
            added: 0,
            compute: Duration::ZERO,
        }
    }
}
