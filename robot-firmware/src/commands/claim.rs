//! `claim`: give the robot to a console.

use std::io::Write;
use std::process::ExitCode;

use serde_json::json;

use super::WrongUse;
use crate::claim::Claim;
use crate::cli::ClaimArgs;
use crate::config::Config;
use crate::device_key::DeviceKey;
use crate::link::introduce;

pub(super) fn claim(config: &Config, args: ClaimArgs) -> anyhow::Result<ExitCode> {
    let mut claim = Claim::new(args.console, args.fingerprint, args.code)
        .map_err(|error| WrongUse(error.to_string()))?;
    if let Ok(Some(now)) = Claim::load(&config.state)
        && (&now.url, &now.fingerprint) != (&claim.url, &claim.fingerprint)
        && !args.force
    {
        let sentence = format!(
            "this robot was given to {} before; add --force to leave it",
            now.url
        );
        return Err(WrongUse(sentence).into());
    }
    let device_key = DeviceKey::load_or_create(&config.state)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let introduced = runtime.block_on(introduce(&claim, &device_key));
    let (name, reason) = match introduced {
        Ok(name) => {
            claim.code = None;
            (Some(name), None)
        }
        Err(error) if error.is_refusal() => return Err(error.into()),
        Err(error) => (None, Some(format!("{:#}", anyhow::Error::from(error)))),
    };
    claim.store(&config.state)?;
    let key = device_key.public_base64();
    let mut out = std::io::stdout();
    if args.json {
        let object = json!({
            "console": claim.url,
            "fingerprint": claim.fingerprint,
            "key": key,
            "name": name,
            "tried": name.is_some(),
            "reason": reason,
        });
        writeln!(out, "{object}")?;
    } else if let Some(name) = name {
        writeln!(
            out,
            "The console has taken this robot in as “{name}”; the robot connects to it when it is \
             (re)started. Its key: {key}"
        )?;
    } else {
        let reason = reason.unwrap_or_default();
        writeln!(
            out,
            "Noted, and not taken in yet: {reason}. The robot tries again when it is (re)started. \
             Its key: {key}"
        )?;
    }
    Ok(ExitCode::SUCCESS)
}
