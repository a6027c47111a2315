//! Piper: neural voices (VITS) in ONNX, run by `rten`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rten::{Model, NodeId, RunOptions, ThreadPool, ValueOrView};
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, Tensor};
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

use super::VoiceError;
use super::espeak::Espeak;

/// Punctuation that Piper's voices know as a pause or a melody.
const PAUSES: [char; 6] = ['.', ',', ';', ':', '!', '?'];
/// Abbreviations of English that espeak-ng reads as the end of a sentence.
const TITLES: [&str; 5] = ["Mr.", "Mrs.", "Ms.", "Dr.", "St."];

/// A voice: the network, and how it writes phonemes.
pub(super) struct Piper {
    pub(super) name: String,
    /// Primary subtag of its language.
    pub(super) language: String,
    model: Model,
    inputs: [NodeId; 3],
    output: NodeId,
    settings: Settings,
    threads: std::sync::Arc<ThreadPool>,
}

/// The part of `NAME.onnx.json` that is used.
#[derive(Debug, Deserialize)]
struct Settings {
    audio: Audio,
    espeak: EspeakVoice,
    inference: Inference,
    phoneme_id_map: BTreeMap<String, Vec<i32>>,
    #[serde(default)]
    num_speakers: u32,
}

#[derive(Debug, Deserialize)]
struct Audio {
    sample_rate: u32,
}

#[derive(Debug, Deserialize)]
struct EspeakVoice {
    voice: String,
}

#[derive(Debug, Deserialize)]
struct Inference {
    noise_scale: f32,
    length_scale: f32,
    noise_w: f32,
}

impl Piper {
    /// Loads the voice in `dir`: the one `*.onnx` with its `*.onnx.json`.
    pub(super) fn load(dir: &Path) -> Result<Self, VoiceError> {
        let damaged = |reason: String| VoiceError::Load {
            dir: dir.to_owned(),
            reason,
        };
        let onnx = onnx_in(dir).ok_or_else(|| damaged("there is no *.onnx".to_owned()))?;
        let json = std::fs::read_to_string(onnx.with_added_extension("json"))
            .map_err(|error| damaged(format!("its settings: {error}")))?;
        let settings: Settings = serde_json::from_str(&json)
            .map_err(|error| damaged(format!("its settings: {error}")))?;
        if settings.num_speakers > 1 {
            return Err(damaged(
                "voices of several speakers are not supported".to_owned(),
            ));
        }
        let model = Model::load_file(&onnx).map_err(|error| damaged(error.to_string()))?;
        let node = |name: &str| {
            model
                .node_id(name)
                .map_err(|error| damaged(error.to_string()))
        };
        let inputs = [node("input")?, node("input_lengths")?, node("scales")?];
        let output = *model
            .output_ids()
            .first()
            .ok_or_else(|| damaged("no output".to_owned()))?;
        let name = onnx
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default()
            .to_owned();
        let language = settings
            .espeak
            .voice
            .split('-')
            .next()
            .unwrap_or_default()
            .to_owned();
        // One thread: two would be busy while the next sentence is being heard.
        let threads = std::sync::Arc::new(ThreadPool::with_num_threads(1));
        Ok(Self {
            name,
            language,
            model,
            inputs,
            output,
            settings,
            threads,
        })
    }

    /// The sound of one sentence (−1 to 1) and its rate.
    pub(super) fn say(
        &self,
        espeak: &Espeak,
        sentence: &str,
    ) -> Result<(u32, Vec<f32>), VoiceError> {
        let failed = |reason: String| VoiceError::Synthesis {
            voice: self.name.clone(),
            reason,
        };
        let phonemes = self.phonemes(espeak, sentence)?;
        if phonemes
            .trim_matches(|c: char| PAUSES.contains(&c) || c == ' ')
            .is_empty()
        {
            return Ok((self.settings.audio.sample_rate, Vec::new()));
        }
        let ids = self.ids(&phonemes);
        let length = i32::try_from(ids.len()).map_err(|error| failed(error.to_string()))?;
        let Inference {
            noise_scale,
            length_scale,
            noise_w,
        } = self.settings.inference;
        let ids = NdTensor::from_data([1, ids.len()], ids);
        let scales = vec![noise_scale, length_scale, noise_w];
        let values: [ValueOrView<'_>; 3] = [
            ids.into(),
            NdTensor::from_data([1], vec![length]).into(),
            NdTensor::from_data([3], scales).into(),
        ];
        let mut options = RunOptions::default();
        options.thread_pool = Some(self.threads.clone());
        let inputs = self.inputs.into_iter().zip(values).collect();
        let [output] = self
            .model
            .run_n(inputs, [self.output], Some(options))
            .map_err(|error| failed(error.to_string()))?;
        let samples: Tensor<f32> = output
            .try_into()
            .map_err(|_| failed("its output is not sound".to_owned()))?;
        Ok((self.settings.audio.sample_rate, samples.to_vec()))
    }

    /// The sentence's phonemes, clause by clause, each with the punctuation that ends it:
    /// espeak-ng itself leaves the punctuation out.
    fn phonemes(&self, espeak: &Espeak, sentence: &str) -> Result<String, VoiceError> {
        let mut sentence = sentence.to_owned();
        for title in TITLES {
            sentence = sentence.replace(title, &title[..title.len() - 1]);
        }
        let mut phonemes = String::new();
        for (clause, pause) in clauses(&sentence) {
            let spoken = espeak.phonemes(&self.settings.espeak.voice, clause)?;
            if !spoken.is_empty() {
                phonemes.push_str(&spoken);
                phonemes.extend(pause);
                phonemes.push(' ');
            }
        }
        Ok(phonemes.trim_end().nfd().collect())
    }

    /// `^ _ (phoneme _)* $`, as the voices were trained; what a voice doesn't know is left out.
    fn ids(&self, phonemes: &str) -> Vec<i32> {
        let map = &self.settings.phoneme_id_map;
        let of = |symbol: &str| map.get(symbol).into_iter().flatten().copied();
        let mut ids: Vec<i32> = of("^").chain(of("_")).collect();
        let mut buffer = [0; 4];
        for phoneme in phonemes.chars() {
            let known = of(phoneme.encode_utf8(&mut buffer));
            let before = ids.len();
            ids.extend(known);
            if ids.len() > before {
                ids.extend(of("_"));
            }
        }
        ids.extend(of("$"));
        ids
    }
}

/// The clauses of a sentence, each with the pause that ends it.
fn clauses(sentence: &str) -> Vec<(&str, Option<char>)> {
    let mut clauses = Vec::new();
    let mut start = 0;
    let mut chars = sentence.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let at_gap = chars.peek().is_none_or(|(_, next)| !next.is_alphanumeric());
        if PAUSES.contains(&c) && at_gap {
            clauses.push((sentence[start..at].trim(), Some(c)));
            start = at + c.len_utf8();
        }
    }
    clauses.push((sentence[start..].trim(), None));
    clauses.retain(|(clause, _)| clause.chars().any(char::is_alphanumeric));
    clauses
}

/// The one `*.onnx` in `dir`.
fn onnx_in(dir: &Path) -> Option<PathBuf> {
    let paths = std::fs::read_dir(dir)
        .ok()?
        .flatten()
        .map(|entry| entry.path());
    let mut found: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|ext| ext == "onnx"))
        .collect();
    found.sort();
    found.into_iter().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_falls_into_clauses_with_their_pauses() {
        let expected = [
            ("Yes", Some(',')),
            ("at 8:30", Some(';')),
            ("1,000 yen", Some('!')),
        ];
        assert_eq!(clauses("Yes, at 8:30; 1,000 yen!"), expected);
        assert_eq!(clauses("no end"), [("no end", None)]);
        assert_eq!(clauses("..."), []);
    }
}
