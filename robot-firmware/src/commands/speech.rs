//! `translate` and `say`.

use std::io::{BufRead, Write};
use std::ops::ControlFlow;
use std::process::ExitCode;

use anyhow::Context;
use madoguchi_shared::ids::Lang;
use madoguchi_speech::translate::Translator;
use madoguchi_speech::voice::{VOICE_RATE_HZ, VoiceError};
use madoguchi_speech::wav;
use madoguchi_speech::whisper::knows_language;
use serde_json::json;

use super::WrongUse;
use crate::cli::{SayArgs, TranslateArgs};
use crate::config::Config;
use crate::engines;

pub(super) fn unknown(code: &Lang) -> WrongUse {
    WrongUse(format!(
        "`{code}` is no language that is known here; write it as in ISO 639, such as `pt`"
    ))
}

pub(super) fn translate(config: &Config, args: &TranslateArgs) -> anyhow::Result<ExitCode> {
    let (from, to) = (&args.from, &args.to);
    let mut translator =
        engines::translator_for(&config.models, from, to).map_err(|error| {
            match [from, to].into_iter().find(|code| !knows_language(code)) {
                Some(code) => unknown(code).into(),
                None => error,
            }
        })?;
    let mut out = std::io::stdout().lock();
    for (index, line) in std::io::stdin().lock().lines().enumerate() {
        let line = line.with_context(|| {
            format!(
                "cannot read line {} of standard input; it must be UTF-8 text",
                index + 1
            )
        })?;
        let text = if line.trim().is_empty() {
            String::new()
        } else {
            translator.translate(from, to, &line)?.text
        };
        if args.json {
            writeln!(out, "{}", json!({ "source": line, "translation": text }))?;
        } else {
            writeln!(out, "{text}")?;
        }
        out.flush()?;
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn say(config: &Config, args: &SayArgs) -> anyhow::Result<ExitCode> {
    let mut voices = engines::voices_for(&config.models, &args.lang)?;
    let mut samples = Vec::new();
    let said = voices.say(&args.lang, &args.text, &mut |piece| {
        samples.extend(piece.samples);
        ControlFlow::Continue(())
    });
    said.map_err(|error| match error {
        VoiceError::NoVoice { .. } => WrongUse(error.to_string()).into(),
        error => anyhow::Error::from(error),
    })?;
    if samples.is_empty() {
        anyhow::bail!("there is nothing to say in “{}”", args.text);
    }
    wav::write(&args.out, VOICE_RATE_HZ, &samples)?;
    let seconds = samples.len() as f64 / f64::from(VOICE_RATE_HZ);
    let mut out = std::io::stdout().lock();
    if args.json {
        writeln!(
            out,
            "{}",
            json!({ "file": args.out, "seconds_audio": seconds, "sample_rate": VOICE_RATE_HZ })
        )?;
    } else {
        writeln!(
            out,
            "{}: {seconds:.1} s at {VOICE_RATE_HZ} Hz",
            args.out.display()
        )?;
    }
    Ok(ExitCode::SUCCESS)
}
