//! Reads the network's language probabilities as odds that an office can act on.
//!
//! A network is surer than it is right, the more so the less it heard. Its probabilities are
//! flattened by a temperature for the length of speech (Guo et al., *On Calibration of Modern
//! Neural Networks*, 2017), weighed by what was known before (the office's languages, the
//! language of the visit), and taken for certain only from a probability on that mistakes are
//! rarer than they are dear. All numbers come from a file that [`fit`](Fitting::fit) makes from
//! labelled clips.

mod fit;
mod material;

use std::path::{Path, PathBuf};
use std::time::Duration;

pub use fit::{Fitting, Outcomes, Report};
use madoguchi_shared::ids::Lang;
pub use material::{Cut, cuts};
use serde::{Deserialize, Serialize};

use super::language::{Expected, LanguageDecision};

/// A language below this probability is not worth asking about.
const WORTH_ASKING: f32 = 0.1;
/// Nor one below this worth naming as what is spoken, however foreign the utterance is.
const WORTH_NAMING: f32 = 0.25;
/// Name of the file beside a model that replaces the calibration compiled in.
pub const FILE_NAME: &str = "calibration.toml";

/// The numbers by which language probabilities are read.
///
/// The default is meant for Whisper *base* in 8 bit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// How many times likelier than any other a candidate is before anything was heard.
    pub candidate_odds: f64,
    /// The same for the language held so far.
    pub held_odds: f64,
    /// The same for a language of `seldom`.
    pub seldom_odds: f64,
    /// Languages that hardly anybody speaks without speaking another one as well.
    pub seldom: Vec<Lang>,
    /// By length of speech, shortest first.
    pub length: Vec<LengthClass>,
}

/// What holds for utterances up to some length.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LengthClass {
    /// Seconds of voice up to which the class goes; the last one goes on without end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to_s: Option<f64>,
    /// Divides the logarithms of the network's probabilities; above 1 it flattens them.
    pub temperature: f64,
    /// Probability from which the likeliest language is certain.
    pub sure: f64,
    /// Probability of all languages together that are no candidates, from which the likeliest of
    /// them is certain enough to be acted on: near relatives that share it do no harm. Default 1,
    /// never.
    #[serde(default = "never")]
    pub foreign: f64,
}

fn never() -> f64 {
    1.0
}

/// Why a calibration can't be used.
#[derive(Debug, thiserror::Error)]
pub enum CalibrationError {
    /// The file can't be read.
    #[error("cannot read the calibration {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is no calibration.
    #[error("{} is no calibration; make one with `madoguchi-robot calibrate`", path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// Where and why.
        source: toml::de::Error,
    },
    /// A number makes no sense.
    #[error("{}: {reason}; make it anew with `madoguchi-robot calibrate`", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// Which one.
        reason: &'static str,
    },
}

impl Default for Calibration {
    #[expect(
        clippy::expect_used,
        reason = "the file is part of the program, and a test reads it"
    )]
    fn default() -> Self {
        toml::from_str(include_str!("../../../calibration.toml")).expect("sound")
    }
}

impl Calibration {
    /// Reads the calibration in `path`.
    ///
    /// # Errors
    /// [`CalibrationError`].
    pub fn load(path: &Path) -> Result<Self, CalibrationError> {
        let text = std::fs::read_to_string(path).map_err(|source| CalibrationError::Read {
            path: path.to_owned(),
            source,
        })?;
        let calibration: Self =
            toml::from_str(&text).map_err(|source| CalibrationError::Parse {
                path: path.to_owned(),
                source,
            })?;
        match calibration.fault() {
            Some(reason) => Err(CalibrationError::Invalid {
                path: path.to_owned(),
                reason,
            }),
            None => Ok(calibration),
        }
    }

    /// The calibration beside the model in `path`, else the default.
    ///
    /// # Errors
    /// [`CalibrationError`], but not for a file that isn't there.
    pub fn beside(model: &Path) -> Result<Self, CalibrationError> {
        let path = model.with_file_name(FILE_NAME);
        if path.exists() {
            Self::load(&path)
        } else {
            Ok(Self::default())
        }
    }

    fn fault(&self) -> Option<&'static str> {
        let positive = |number: f64| number.is_finite() && number > 0.0;
        let odds = [self.candidate_odds, self.held_odds, self.seldom_odds];
        let ends: Vec<f64> = self
            .length
            .iter()
            .filter_map(|class| class.up_to_s)
            .collect();
        if !odds.into_iter().all(positive) {
            Some("odds must be above 0")
        } else if self
            .length
            .split_last()
            .is_none_or(|(_, rest)| rest.iter().any(|class| class.up_to_s.is_none()))
        {
            Some("every [[length]] but the last needs `up_to_s`")
        } else if !ends.is_sorted() {
            Some("the [[length]] classes must stand shortest first")
        } else if !self.length.iter().all(|class| positive(class.temperature)) {
            Some("a temperature must be above 0")
        } else if !self
            .length
            .iter()
            .flat_map(|class| [class.sure, class.foreign])
            .all(|probability| (0.0..=1.0).contains(&probability))
        {
            Some("`sure` and `foreign` must be from 0 to 1")
        } else {
            None
        }
    }

    fn class_of(&self, voiced: Duration) -> usize {
        let seconds = voiced.as_secs_f64();
        let holds = |class: &LengthClass| class.up_to_s.is_none_or(|end| seconds <= end);
        let last = self.length.len().saturating_sub(1);
        self.length.iter().position(holds).unwrap_or(last)
    }

    /// How likely `lang` is before anything was heard, up to a common factor.
    fn prior(&self, lang: &Lang, expected: Expected<'_>) -> f64 {
        let mut odds = 1.0;
        if !expected.candidates.is_empty() && expected.candidates.contains(lang) {
            odds *= self.candidate_odds;
        } else if self.seldom.contains(lang) {
            odds *= self.seldom_odds;
        }
        if expected.held == Some(lang) {
            odds *= self.held_odds;
        }
        odds
    }

    /// The probability of every language, likeliest first, from the logarithms of the network's
    /// probabilities for an utterance with `voiced` of speech in it.
    pub fn probabilities(
        &self,
        log_probabilities: &[(Lang, f32)],
        voiced: Duration,
        expected: Expected<'_>,
    ) -> Vec<(Lang, f32)> {
        let temperature = self.length[self.class_of(voiced)].temperature;
        let score = |(lang, log_p): &(Lang, f32)| {
            f64::from(*log_p) / temperature + self.prior(lang, expected).ln()
        };
        let logs: Vec<f64> = log_probabilities.iter().map(score).collect();
        let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let total: f64 = logs.iter().map(|log| (log - largest).exp()).sum();
        let named = log_probabilities.iter().zip(logs);
        let mut scores: Vec<(Lang, f32)> = named
            .map(|((lang, _), log)| (lang.clone(), ((log - largest).exp() / total) as f32))
            .collect();
        scores.sort_by(|a, b| b.1.total_cmp(&a.1));
        scores
    }

    /// The verdict on `probabilities`, see [`Calibration::probabilities`].
    pub fn decide(
        &self,
        probabilities: &[(Lang, f32)],
        voiced: Duration,
        expected: Expected<'_>,
    ) -> LanguageDecision {
        let class = &self.length[self.class_of(voiced)];
        let sure = class.sure as f32;
        let office = probabilities
            .iter()
            .filter(|(lang, _)| expected.is_candidate(lang));
        let foreign = 1.0 - office.map(|(_, p)| p).sum::<f32>();
        match probabilities.first() {
            Some((lang, p)) if *p >= sure => expected.certain(lang),
            Some((lang, p))
                if !expected.is_candidate(lang)
                    && *p >= WORTH_NAMING
                    && foreign > class.foreign as f32 =>
            {
                LanguageDecision::Other(lang.clone())
            }
            _ => {
                let likely = probabilities.iter().enumerate().take(3);
                let likely = likely.filter(|(place, (_, p))| *place < 2 || *p >= WORTH_ASKING);
                LanguageDecision::Unsure(likely.map(|(_, (lang, _))| lang.clone()).collect())
            }
        }
    }
}

#[cfg(test)]
mod tests;
