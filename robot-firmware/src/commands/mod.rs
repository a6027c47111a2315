//! What each command does.

mod ask;
mod bundle;
mod calibrate;
mod check;
mod claim;
mod devices;
mod drive_bench;
mod drive_test;
mod evaluate;
mod models;
mod out_of_order;
mod pack;
mod replay;
mod score;
mod speech;
mod staff_pin;
mod support_bundle;
mod tools;
mod train_triggers;
mod transcribe;
mod translate;
mod update;

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use tracing_subscriber::EnvFilter;

use crate::cli::{Cli, Command, ModelsFolder, PackCommand, RunArgs};
use crate::config::Config;
use crate::daemon::{self, StartOptions};

/// Where an installed robot is configured.
const INSTALLED: &str = "/etc/madoguchi/robot.toml";
/// Where a checkout is.
const CHECKOUT: &str = "robot-firmware/robot.demo.toml";

/// Arguments that don't go with each other, or not with what is there. The exit code is 2, as for
/// those that are wrong by themselves.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct WrongUse(String);

/// Runs the command that was given.
pub fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let command = cli.command.unwrap_or(Command::Run(RunArgs::default()));
    log(matches!(command, Command::Run(_)));
    let config = || load_config(cli.config.as_deref());
    let with_models = |models: &ModelsFolder| -> anyhow::Result<Config> {
        let mut config = config()?;
        if let Some(folder) = &models.folder {
            config.models.clone_from(folder);
        }
        Ok(config)
    };
    match command {
        Command::Run(args) => {
            daemon::run(
                &with_models(&args.models)?,
                &StartOptions {
                    record: args.record,
                },
            )?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Claim(args) => claim::claim(&config()?, args),
        Command::StaffPin { random } => staff_pin::staff_pin(&config()?, random),
        Command::Transcribe(args) => transcribe::transcribe(&with_models(&args.models)?, &args),
        Command::Calibrate(args) => calibrate::calibrate(&with_models(&args.models)?, &args),
        Command::Translate(args) => translate::translate(&with_models(&args.models)?, &args),
        Command::Say(args) => speech::say(&with_models(&args.models)?, &args),
        Command::Ask(args) => ask::ask(&with_models(&args.models)?, &args),
        Command::Devices { json } => devices::devices(json),
        Command::DriveTest => drive_test::drive_test(&config()?.drive),
        Command::DriveBench => drive_bench::drive_bench(&config()?),
        Command::Check {
            measure,
            running,
            models,
            json,
        } => match running {
            Some(patience_s) => check::running(&config()?, patience_s, json),
            None => check::check(&with_models(&models)?, measure, json),
        },
        Command::OutOfOrder { seconds } => out_of_order::out_of_order(config(), seconds),
        Command::Evaluate(args) => evaluate::evaluate(&with_models(&args.models)?, &args),
        Command::TrainTriggers(args) => {
            train_triggers::train_triggers(&with_models(&args.models)?, &args)
        }
        Command::Models(args) => models::models(&with_models(&args.models)?, &args.command),
        Command::Pack(PackCommand::Check { dir, json }) => {
            let dir = match dir {
                Some(dir) => dir,
                None => config()?.pack,
            };
            pack::check(&dir, json)
        }
        Command::Tools(args) => tools::tools(&config()?, &args),
        Command::Update(args) => update::update(&config()?, args),
        Command::SupportBundle { out } => {
            let path = config_path(cli.config.as_deref())?;
            support_bundle::support_bundle(&path, &out)
        }
        Command::Bundle(command) => bundle::bundle(command),
        Command::Replay(args) => replay::replay(&with_models(&args.models)?, &args),
    }
}

fn load_config(named: Option<&Path>) -> anyhow::Result<Config> {
    Ok(Config::load(&config_path(named)?)?)
}

fn config_path(named: Option<&Path>) -> anyhow::Result<PathBuf> {
    match named {
        Some(path) => Ok(path.to_owned()),
        None => find_config().with_context(|| {
            format!("there is no {INSTALLED}; name a configuration with --config FILE")
        }),
    }
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

/// Crates that log peers' addresses, or what tools are asked and answer; what matters of them the
/// daemon tells itself.
const QUIET: [&str; 3] = ["rmcp", "rtc", "webrtc"];

/// Logs go to standard error: milestones for the daemon, trouble only for the other commands.
fn log(daemon: bool) {
    let default = if daemon { "info" } else { "warn" };
    let wanted = std::env::var(EnvFilter::DEFAULT_ENV).ok();
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter(wanted.as_deref(), default))
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    if daemon {
        log.init();
    } else {
        log.without_time().with_target(false).init();
    }
}

/// What `RUST_LOG` wants, with the [`QUIET`] crates off unless it names them.
fn filter(wanted: Option<&str>, default: &str) -> EnvFilter {
    let wanted = wanted.filter(|text| !text.is_empty() && EnvFilter::try_new(text).is_ok());
    let wanted = wanted.unwrap_or(default);
    let named = |quiet: &str| {
        wanted
            .split(',')
            .any(|directive| target(directive).split("::").next() == Some(quiet))
    };
    let off = QUIET.into_iter().filter(|quiet| !named(quiet));
    EnvFilter::new(off.fold(wanted.to_owned(), |all, quiet| format!("{all},{quiet}=off")))
}

/// The crate or module that a directive such as `rtc::peer[span]=debug` is about.
fn target(directive: &str) -> &str {
    let end = directive.find(['=', '[']).unwrap_or(directive.len());
    directive[..end].trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_that_log_too_much_are_quiet_unless_they_are_named() {
        for (wanted, expected) in [
            (None, "rmcp=off,rtc=off,webrtc=off,info"),
            (Some("debug"), "rmcp=off,rtc=off,webrtc=off,debug"),
            (
                Some("madoguchi_robot=trace"),
                "rmcp=off,webrtc=off,rtc=off,madoguchi_robot=trace",
            ),
            (Some("info,rtc=debug"), "rmcp=off,rtc=debug,webrtc=off,info"),
            (
                Some("webrtc::peer=trace"),
                "rmcp=off,rtc=off,webrtc::peer=trace",
            ),
            (Some("no=filter=at=all"), "rmcp=off,rtc=off,webrtc=off,info"),
        ] {
            let sorted = |text: &str| {
                let mut parts: Vec<String> = text.split(',').map(str::to_owned).collect();
                parts.sort();
                parts
            };
            let made = filter(wanted, "info").to_string();
            assert_eq!(sorted(&made), sorted(expected), "{wanted:?}");
        }
    }
}
