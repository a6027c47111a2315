//! `transcribe`: one recording, or a folder of labelled ones.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use madoguchi_shared::ids::Lang;
use madoguchi_speech::wav;
use madoguchi_speech::whisper::calibration::Calibration;
use madoguchi_speech::whisper::{
    Expected, LanguageDecision, Recogniser, Rejection, Transcript, Whisper, knows_language,
};
use serde_json::{Value, json};

use super::{WrongUse, score};
use crate::cli::TranscribeArgs;
use crate::config::Config;
use crate::engines;
use crate::pack;

pub(super) fn transcribe(config: &Config, args: &TranscribeArgs) -> anyhow::Result<ExitCode> {
    if args.manifest.is_some() && args.file.is_file() {
        return Err(WrongUse(format!(
            "--manifest is for a folder of clips; {} is a file: leave --manifest out or name the \
             folder",
            args.file.display()
        ))
        .into());
    }
    if args.manifest.is_some() || args.file.is_dir() {
        return score::score(config, args);
    }
    let candidates = candidates(config, args)?;
    let samples = wav::read(&args.file)?;
    let mut whisper = whisper(config, args)?;
    let transcript = whisper.transcribe(&samples, Expected::among(&candidates))?;
    let mut out = std::io::stdout().lock();
    if args.json {
        writeln!(out, "{}", as_json(&transcript))?;
        return Ok(ExitCode::SUCCESS);
    }
    match transcript.rejected {
        Some(reason) => writeln!(out, "(no words: {})", reason.as_str())?,
        None => writeln!(out, "{}", transcript.text)?,
    }
    writeln!(
        out,
        "→ {} ({}, {:.0} %), confidence {:.2}, {:.1} s of sound in {:.2} s",
        transcript.language,
        decision(&transcript),
        transcript.language_probability * 100.0,
        transcript.confidence,
        transcript.audio.as_secs_f64(),
        transcript.compute.as_secs_f64(),
    )?;
    Ok(ExitCode::SUCCESS)
}

/// The languages that the office has.
pub(super) fn candidates(config: &Config, args: &TranscribeArgs) -> anyhow::Result<Vec<Lang>> {
    if let Some(unknown) = args.candidates.iter().find(|one| !knows_language(one)) {
        return Err(WrongUse(format!(
            "--candidates {unknown}: the speech model knows no such language; write one as in \
             ISO 639, such as `pt`"
        ))
        .into());
    }
    if args.candidates.is_empty() {
        Ok(pack::load(&config.pack)?.languages().to_vec())
    } else {
        Ok(args.candidates.clone())
    }
}

/// The recogniser with the calibration that was asked for.
pub(super) fn whisper(config: &Config, args: &TranscribeArgs) -> anyhow::Result<Whisper> {
    let threads = args
        .threads
        .map_or_else(|| config.hearing.threads(), usize::from);
    let whisper = engines::whisper(&config.models, config.hearing.model.as_deref(), threads)?;
    Ok(match &args.calibration {
        Some(file) => whisper.with_calibration(Calibration::load(file)?),
        None => whisper,
    })
}

/// Where the table of the clips in `folder` is: as named, within the folder, or as usual.
pub(super) fn manifest_path(named: Option<&Path>, folder: &Path) -> PathBuf {
    match named {
        Some(path) if path.exists() || !folder.join(path).exists() => path.to_owned(),
        Some(path) => folder.join(path),
        None => folder.join("manifest.tsv"),
    }
}

pub(super) fn decision(transcript: &Transcript) -> &'static str {
    match transcript.decision {
        LanguageDecision::Candidate(_) => "candidate",
        LanguageDecision::Other(_) => "other",
        LanguageDecision::Unsure(_) => "unsure",
    }
}

/// A transcript for programs.
pub(super) fn as_json(transcript: &Transcript) -> Value {
    let words = transcript
        .words
        .iter()
        .map(|word| json!({ "text": word.text, "confidence": word.confidence }));
    json!({
        "text": transcript.text,
        "words": words.collect::<Vec<_>>(),
        "confidence": transcript.confidence,
        "language": transcript.language,
        "language_probability": transcript.language_probability,
        "language_decision": decision(transcript),
        "no_speech_probability": transcript.no_speech_probability,
        "rejected": transcript.rejected.map(Rejection::as_str),
        "seconds_audio": transcript.audio.as_secs_f64(),
        "seconds_compute": transcript.compute.as_secs_f64(),
    })
}
