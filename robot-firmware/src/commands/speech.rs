//! `translate` and `say`.

use std::io::{BufRead, Write};
use std::ops::ControlFlow;
use std::process::ExitCode;

use anyhow::Context;
use madoguchi_speech::translate::Translator;
use madoguchi_speech::voice::VOICE_RATE_HZ;
use madoguchi_speech::wav;
use serde_json::json;

use crate::cli::{SayArgs, TranslateArgs};
use crate::config::Config;
use crate::engines;

pub(super) fn translate(config: &Config, args: &TranslateArgs) -> anyhow::Result<ExitCode> {
    let mut translator = engines::translator_for(&config.models, &args.from, &args.to)?;
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
            translator.translate(&args.from, &args.to, &line)?.text
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
    voices.say(&args.lang, &args.text, &mut |piece| {
        samples.extend(piece.samples);
        ControlFlow::Continue(())
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
