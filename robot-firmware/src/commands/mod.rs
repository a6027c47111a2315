//! What each command does.

mod ask;
mod models;
mod replay;
mod speech;

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use tracing_subscriber::EnvFilter;

use crate::claim::Claim;
use crate::cli::{Cli, Command, PackCommand, RunArgs};
use crate::config::Config;
use crate::daemon::{self, StartOptions};
use crate::device_key::DeviceKey;
use crate::pack;

/// Where an installed robot is configured.
const INSTALLED: &str = "/etc/madoguchi/robot.toml";
/// Where a checkout is.
const CHECKOUT: &str = "robot-firmware/robot.demo.toml";

/// Runs the command that was given.
pub fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let command = cli.command.unwrap_or(Command::Run(RunArgs::default()));
    log(matches!(command, Command::Run(_)));
    let config = || -> anyhow::Result<Config> {
        let mut config = load_config(cli.config.as_deref())?;
        if let Some(models) = &cli.models {
            config.models.clone_from(models);
        }
        Ok(config)
    };
    match command {
        Command::Run(args) => {
            daemon::run(
                &config()?,
                &StartOptions {
                    record: args.record,
                },
            )?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Claim(args) => {
            let config = config()?;
            let claim = Claim::new(args.console, args.fingerprint, args.code)?;
            if let Ok(Some(now)) = Claim::load(&config.state)
                && (&now.url, &now.fingerprint) != (&claim.url, &claim.fingerprint)
                && !args.force
            {
                anyhow::bail!("this robot belongs to {}; add --force to leave it", now.url);
            }
            let key = DeviceKey::load_or_create(&config.state)?;
            claim.store(&config.state)?;
            writeln!(
                std::io::stdout(),
                "Noted, not tried yet: the robot connects to that console when it is (re)started. \
                 Its key: {}",
                key.public_base64()
            )?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Transcribe(args) => speech::transcribe(&config()?, &args),
        Command::Translate(args) => speech::translate(&config()?, &args),
        Command::Say(args) => speech::say(&config()?, &args),
        Command::Ask(args) => ask::ask(&config()?, &args),
        Command::Models(command) => models::models(&config()?, &command),
        Command::Pack(PackCommand::Check { dir }) => {
            let dir = match dir {
                Some(dir) => dir,
                None => config()?.pack,
            };
            let pack = pack::load(&dir)?;
            let languages: Vec<&str> = pack.languages().iter().map(|lang| lang.as_str()).collect();
            writeln!(
                std::io::stdout(),
                "{} is sound: {} topics in {}",
                pack.id_and_version(),
                pack.topics().len(),
                languages.join(", ")
            )?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Replay(args) => replay::replay(&config()?, &args),
    }
}

fn load_config(named: Option<&Path>) -> anyhow::Result<Config> {
    let path = match named {
        Some(path) => path.to_owned(),
        None => find_config().with_context(|| {
            format!("there is no {INSTALLED}; name a configuration with --config FILE")
        })?,
    };
    Ok(Config::load(&path)?)
}

fn find_config() -> Option<PathBuf> {
    let installed = PathBuf::from(INSTALLED);
    if installed.is_file() {
        return Some(installed);
    }
    let program = std::env::current_exe().ok()?;
    program
        .ancestors()
        .map(|folder| folder.join(CHECKOUT))
        .find(|path| path.is_file())
}

/// Logs go to standard error: milestones for the daemon, trouble only for the other commands.
fn log(daemon: bool) {
    // The WebRTC libraries log peers' addresses; what matters of them comes as a media event.
    let default = if daemon {
        "info,rtc=off,webrtc=off"
    } else {
        "warn,rtc=off,webrtc=off"
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    if daemon {
        log.init();
    } else {
        log.without_time().with_target(false).init();
    }
}
