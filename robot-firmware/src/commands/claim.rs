//! `claim`: give the robot to a console.

use std::io::Write;
use std::process::ExitCode;

use serde_json::json;

use super::WrongUse;
use crate::claim::Claim;
use crate::cli::ClaimArgs;
use crate::config::Config;
use crate::device_key::DeviceKey;

pub(super) fn claim(config: &Config, args: ClaimArgs) -> anyhow::Result<ExitCode> {
    let claim = Claim::new(args.console, args.fingerprint, args.code)
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
    let key = DeviceKey::load_or_create(&config.state)?.public_base64();
    claim.store(&config.state)?;
    let mut out = std::io::stdout();
    if args.json {
        let object = json!({
            "console": claim.url,
            "fingerprint": claim.fingerprint,
            "key": key,
            "tried": false,
        });
        writeln!(out, "{object}")?;
    } else {
        writeln!(
            out,
            "Noted, not tried yet: the robot connects to that console when it is (re)started. \
             Its key: {key}"
        )?;
    }
    Ok(ExitCode::SUCCESS)
}
