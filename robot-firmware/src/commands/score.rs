//! `transcribe DIR --manifest FILE`: how well the recogniser does on labelled clips.

mod bands;

use std::collections::BTreeMap;
use std::io::Write;
use std::process::ExitCode;

use madoguchi_shared::ids::Lang;
use madoguchi_speech::scoring::error_rate::{Errors, Measure};
use madoguchi_speech::scoring::manifest::{self, Clip};
use madoguchi_speech::scoring::{percentile, processor_seconds};
use madoguchi_speech::wav;
use madoguchi_speech::whisper::{Expected, Recogniser, Transcript, Whisper};
use serde_json::{Value, json};

use bands::Bands;

use super::transcribe::{as_json, candidates, manifest_path, whisper};
use crate::cli::TranscribeArgs;
use crate::config::Config;

/// Length in seconds from which no language should be mistaken.
const LONG_S: f64 = 3.0;

/// Clips, and how their languages were decided.
#[derive(Debug, Default)]
struct Languages {
    right: usize,
    wrong: usize,
    unsure: usize,
}

impl Languages {
    fn count(&mut self, verdict: &str) {
        match verdict {
            "right" => self.right += 1,
            "wrong" => self.wrong += 1,
            _ => self.unsure += 1,
        }
    }

    fn json(&self) -> Value {
        json!({ "right": self.right, "wrong": self.wrong, "unsure": self.unsure })
    }
}

impl std::fmt::Display for Languages {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} right, {} wrong, {} not sure",
            self.right, self.wrong, self.unsure
        )
    }
}

/// What adds up over clips.
#[derive(Debug, Default)]
struct Sum {
    clips: usize,
    failed: usize,
    languages: Languages,
    words: Errors,
    characters: Errors,
    audio_s: f64,
    compute_s: Vec<f64>,
    processor_s: f64,
}

impl Sum {
    fn add(
        &mut self,
        transcript: &Transcript,
        verdict: &str,
        score: Option<(Measure, Errors)>,
        processor_s: f64,
    ) {
        self.processor_s += processor_s;
        self.languages.count(verdict);
        match score {
            Some((Measure::Wer, errors)) => self.words += errors,
            Some((Measure::Cer, errors)) => self.characters += errors,
            None => {}
        }
        self.audio_s += transcript.audio.as_secs_f64();
        self.compute_s.push(transcript.compute.as_secs_f64());
    }

    fn real_time_factor(&self) -> f64 {
        self.compute_s.iter().sum::<f64>() / self.audio_s.max(f64::MIN_POSITIVE)
    }

    fn processor_share(&self) -> f64 {
        self.processor_s / self.audio_s.max(f64::MIN_POSITIVE)
    }

    fn json(&self) -> Value {
        json!({
            "clips": self.clips,
            "failed": self.failed,
            "language": self.languages.json(),
            "wer": self.words.rate(),
            "reference_words": self.words.reference,
            "cer": self.characters.rate(),
            "reference_characters": self.characters.reference,
            "seconds_audio": self.audio_s,
            "seconds_compute": self.compute_s.iter().sum::<f64>(),
            "real_time_factor": self.real_time_factor(),
            "processor_seconds_per_second": self.processor_share(),
            "seconds_compute_p50": percentile(&self.compute_s, 50.0),
            "seconds_compute_p95": percentile(&self.compute_s, 95.0),
        })
    }
}

impl std::fmt::Display for Sum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:3} clips, language {}", self.clips, self.languages)?;
        for (name, errors) in [("WER", self.words), ("CER", self.characters)] {
            if let Some(rate) = errors.rate() {
                write!(f, ", {name} {:.1} % of {}", 100.0 * rate, errors.reference)?;
            }
        }
        write!(
            f,
            ", {:.1} s of sound in {:.1} s (real-time factor {:.2}, processor {:.2} s a second, a \
             clip p50 {:.2} s, p95 {:.2} s)",
            self.audio_s,
            self.compute_s.iter().sum::<f64>(),
            self.real_time_factor(),
            self.processor_share(),
            percentile(&self.compute_s, 50.0),
            percentile(&self.compute_s, 95.0)
        )?;
        if self.failed > 0 {
            write!(f, ", {} could not be read", self.failed)?;
        }
        Ok(())
    }
}

/// Everything that was measured.
#[derive(Debug, Default)]
struct Board {
    all: Sum,
    long: Languages,
    by_language: BTreeMap<Lang, Sum>,
    bands: Bands,
    files: Vec<Value>,
}

pub(super) fn score(config: &Config, args: &TranscribeArgs) -> anyhow::Result<ExitCode> {
    let folder = &args.file;
    let candidates = candidates(config, args)?;
    let clips = manifest::read(&manifest_path(args.manifest.as_deref(), folder), folder)?;
    let mut whisper = whisper(config, args)?;
    let mut board = Board::default();
    let mut out = std::io::stdout().lock();
    for clip in &clips {
        let line = board.take(clip, &mut whisper, &candidates);
        if !args.json {
            writeln!(out, "{line}")?;
        }
    }
    if args.json {
        writeln!(out, "{}", board.json(&candidates))?;
    } else {
        writeln!(out)?;
        for (lang, sum) in &board.by_language {
            writeln!(out, "{lang:4} {sum}")?;
        }
        writeln!(out, "all  {}", board.all)?;
        writeln!(out, "of {LONG_S} s and more: language {}", board.long)?;
        board.bands.write(&mut out)?;
    }
    Ok(if board.all.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

impl Board {
    /// Recognises a clip and returns what a person wants to read about it.
    fn take(&mut self, clip: &Clip, whisper: &mut Whisper, candidates: &[Lang]) -> String {
        let own = self.by_language.entry(clip.lang.clone()).or_default();
        own.clips += 1;
        self.all.clips += 1;
        let samples = wav::read(&clip.path).map_err(anyhow::Error::from);
        let before = processor_seconds();
        let heard = samples.and_then(|samples| {
            let expected = Expected::among(candidates);
            Ok(whisper.transcribe(&samples, expected)?)
        });
        let processor_s = processor_seconds() - before;
        let transcript = match heard {
            Ok(transcript) => transcript,
            Err(error) => {
                own.failed += 1;
                self.all.failed += 1;
                let error = format!("{error:#}");
                let object = json!({ "file": clip.name, "lang": clip.lang, "error": error });
                self.files.push(object);
                return format!("{} {error}", clip.name);
            }
        };
        let verdict = match (
            transcript.decision.is_sure(),
            transcript.language == clip.lang,
        ) {
            (false, _) => "unsure",
            (true, true) => "right",
            (true, false) => "wrong",
        };
        let measure = Measure::of(&clip.lang);
        let reference = clip.reference.as_deref();
        let errors = reference.map(|said| Errors::between(said, &transcript.text, measure));
        let score = errors.map(|errors| (measure, errors));
        own.add(&transcript, verdict, score, processor_s);
        self.all.add(&transcript, verdict, score, processor_s);
        if let Some(said) = reference {
            self.bands.add(said, &transcript, measure);
        }
        if transcript.audio.as_secs_f64() >= LONG_S {
            self.long.count(verdict);
        }
        let rate = errors.and_then(Errors::rate);
        self.files.push(file_json(clip, &transcript, verdict, rate));
        format!(
            "{} {} → {} {verdict}, {} {}, {:.1} s in {:.2} s: {}",
            clip.name,
            clip.lang,
            transcript.language,
            measure.as_str().to_uppercase(),
            rate.map_or("-".to_owned(), |rate| format!("{:.0} %", 100.0 * rate)),
            transcript.audio.as_secs_f64(),
            transcript.compute.as_secs_f64(),
            transcript
                .rejected
                .map_or(transcript.text.as_str(), |reason| reason.as_str()),
        )
    }

    fn json(&self, candidates: &[Lang]) -> Value {
        let languages = self.by_language.iter();
        let languages = languages.map(|(lang, sum)| (lang.to_string(), sum.json()));
        let mut object = self.all.json();
        object["language_3s"] = self.long.json();
        object["confidence_bands"] = self.bands.json();
        object["candidates"] = json!(candidates);
        object["languages"] = Value::Object(languages.collect());
        object["files"] = json!(self.files);
        object
    }
}

fn file_json(clip: &Clip, transcript: &Transcript, verdict: &str, rate: Option<f64>) -> Value {
    let mut object = as_json(transcript);
    object["file"] = json!(clip.name);
    object["lang"] = json!(clip.lang);
    object["ref"] = json!(clip.reference);
    object["language_verdict"] = json!(verdict);
    object["measure"] = json!(Measure::of(&clip.lang).as_str());
    object["error_rate"] = json!(rate);
    object
}
