//! `say`.

use std::io::Write;
use std::ops::ControlFlow;
use std::process::ExitCode;

use madoguchi_shared::ids::Lang;
use madoguchi_speech::voice::{VOICE_RATE_HZ, VoiceError};
use madoguchi_speech::wav;
use serde_json::json;

use super::WrongUse;
use crate::cli::SayArgs;
use crate::config::Config;
use crate::engines;

pub(super) fn unknown(code: &Lang) -> WrongUse {
    WrongUse(format!(
        "`{code}` is no language that is known here; write it as in ISO 639, such as `pt`"
    ))
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
