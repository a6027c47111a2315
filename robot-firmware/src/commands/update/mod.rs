//! `update`: by hand, or by the service at night.

mod restart;
mod status;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::bail;
use madoguchi_core::slot::clock_time;
use madoguchi_update::apart::Versions;
use madoguchi_update::{Keys, Lock, Progress, Start};
use serde_json::{Value, json};

use self::restart::{forget_fault, restart, wait_until_free};
use self::status::status;
use super::WrongUse;
use crate::cli::{Apart, InstallArgs, UpdateArgs, UpdateCommand};
use crate::clock::wall;
use crate::config::Config;
use crate::pack;
use crate::update::{
    Image, Installer, Outcome, Robot, Source, Verdict, Visit, keep, peek, restart_for_try,
    restart_machine, restart_robot,
};

pub(super) fn update(config: &Config, args: UpdateArgs) -> anyhow::Result<ExitCode> {
    match args.command {
        None => install(config, &args.install),
        Some(UpdateCommand::Check { source, json }) => check(config, source, json),
        Some(UpdateCommand::Status { json }) => status(config, json),
        Some(UpdateCommand::Keep { patience, restart }) => keep_running(config, patience, restart),
        Some(UpdateCommand::Undo { kind, restart }) => undo(config, kind, restart),
    }
}

fn installer(config: &Config) -> anyhow::Result<Installer<'_>> {
    Ok(Installer {
        config: &config.update,
        image: Image::load(&config.update.image)?,
        keys: Keys::read(&config.update.keys)?,
        robot: Robot::new(config.screen.listen)?,
        again: None,
    })
}

fn sources(config: &Config, named: Option<&String>) -> Result<Vec<Source>, WrongUse> {
    let sources: Vec<Source> = match named {
        Some(named) => vec![named.clone().into()],
        None => config
            .update
            .sources
            .iter()
            .cloned()
            .map(Source::from)
            .collect(),
    };
    match sources.is_empty() {
        true => Err(WrongUse(
            "there is no bundle; name a file or an address, or set update.sources in robot.toml"
                .to_owned(),
        )),
        false => Ok(sources),
    }
}

fn install(config: &Config, args: &InstallArgs) -> anyhow::Result<ExitCode> {
    let sources = match sources(config, args.source.as_ref()) {
        // The timer runs on every robot.
        Err(_) if args.quiet_hours => return Ok(ExitCode::SUCCESS),
        sources => sources?,
    };
    if args.quiet_hours {
        let time = match &args.at {
            Some(time) => time.clone(),
            None => clock_time(wall(), pack::load(&config.pack)?.time_zone()),
        };
        if !config.update.is_quiet(&time) {
            return Ok(ExitCode::SUCCESS);
        }
    }
    let _lock = Lock::take(&config.update.folder, command(args))?;
    let plain = installer(config)?;
    let installer = Installer {
        again: args.again.clone(),
        robot: plain.robot.with_nobody_there(args.nobody_there),
        ..plain
    };
    match installer.robot.visit() {
        Visit::Nobody => forget_fault(&installer)?,
        Visit::Somebody => bail!("a visitor is being served; try again when the robot is free"),
        // At night there is time.
        Visit::Unknown if args.quiet_hours => wait_until_free(&installer)?,
        Visit::Unknown => bail!(
            "the robot doesn't answer, which counts as a visit; see what `systemctl status \
             madoguchi-robot` says, or go and look and add --nobody-there"
        ),
    }
    let (mut rows, mut outcomes, mut failed) = (Vec::new(), Vec::new(), false);
    for source in &sources {
        // At night, what is here already is no news.
        if args.quiet_hours
            && let Ok(manifest) = peek(source, &installer.keys)
            && installer.judge(&manifest).is_err()
        {
            continue;
        }
        let shown = std::io::stderr().is_terminal();
        let mut show = |progress: &Progress| {
            if shown {
                let (kind, version, percent) =
                    (&progress.kind, &progress.version, progress.percent);
                eprint!("\r{kind} {version}: {percent} % ");
            }
        };
        let installed = installer.install(source, &mut show);
        if shown {
            eprintln!();
        }
        let name = source.name();
        match installed {
            Ok((manifest, outcome)) => {
                let (kind, version) = (manifest.contents.name(), &manifest.version);
                if !args.json {
                    writeln!(
                        std::io::stdout(),
                        "{kind} {version} is installed; {}",
                        after(outcome)
                    )?;
                }
                rows.push(
                    json!({ "source": name, "kind": kind, "version": version, "installed": true }),
                );
                outcomes.push(outcome);
            }
            Err(error) => {
                failed = true;
                if !args.json {
                    eprintln!("madoguchi-robot: {name} is not installed: {error:#}");
                }
                rows.push(
                    json!({ "source": name, "installed": false, "reason": format!("{error:#}") }),
                );
            }
        }
    }
    if args.json {
        writeln!(std::io::stdout(), "{:#}", Value::Array(rows))?;
    }
    if args.restart {
        restart(&installer, &outcomes)?;
    }
    Ok(verdict(!failed))
}

/// For whoever finds the lock taken.
fn command(args: &InstallArgs) -> &'static str {
    match args.quiet_hours {
        true => "madoguchi-robot update --quiet-hours",
        false => "madoguchi-robot update",
    }
}

fn after(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::System => "it is tried when the machine starts anew",
        Outcome::Apart => "it is used when the robot starts anew",
    }
}

fn check(config: &Config, source: Option<String>, json: bool) -> anyhow::Result<ExitCode> {
    let installer = installer(config)?;
    let (mut rows, mut failed) = (Vec::new(), false);
    for source in sources(config, source.as_ref())? {
        let name = source.name();
        let row = match peek(&source, &installer.keys) {
            Ok(manifest) => {
                let refusal = installer
                    .judge(&manifest)
                    .err()
                    .map(|refusal| refusal.to_string());
                let (kind, version) = (manifest.contents.name(), &manifest.version);
                if !json {
                    let words = refusal.as_deref().unwrap_or("can be installed");
                    writeln!(std::io::stdout(), "{name}: {kind} {version}: {words}")?;
                }
                json!({
                    "source": name, "kind": kind, "version": version, "bytes": manifest.size(),
                    "installable": refusal.is_none(), "reason": refusal,
                })
            }
            Err(error) => {
                failed = true;
                if !json {
                    writeln!(std::io::stdout(), "{name}: {error:#}")?;
                }
                json!({ "source": name, "installable": false, "reason": format!("{error:#}") })
            }
        };
        rows.push(row);
    }
    if json {
        writeln!(std::io::stdout(), "{:#}", Value::Array(rows))?;
    }
    Ok(verdict(!failed))
}

fn keep_running(config: &Config, patience_s: u64, restart: bool) -> anyhow::Result<ExitCode> {
    let Some(image) = Image::load(&config.update.image)? else {
        return Ok(ExitCode::SUCCESS);
    };
    let robot = Robot::new(config.screen.listen)?;
    // A system that runs has to be proven, also while somebody installs something else.
    let _lock = Lock::wait(&config.update.folder, "madoguchi-robot update keep")?;
    let kept = keep(
        &config.update,
        &image,
        &robot,
        Duration::from_secs(patience_s),
    )?;
    let version = &image.version;
    let mut out = std::io::stdout();
    match kept {
        Verdict::Kept { was_on_trial: true } => {
            writeln!(out, "version {version} works and is kept")?
        }
        Verdict::Kept {
            was_on_trial: false,
        } => writeln!(out, "version {version} was kept before")?,
        Verdict::FellBack => {
            writeln!(
                out,
                "version {version} runs again: the newer one never worked here"
            )?;
        }
        Verdict::Unproven(reason) => {
            eprintln!("madoguchi-robot: version {version} is not kept: {reason}");
            if restart {
                restart_machine(&Start::Restart)?;
            }
            return Ok(ExitCode::FAILURE);
        }
        Verdict::TryAgain if restart => {
            writeln!(out, "the newer version is tried once more")?;
            restart_for_try(&*image.slots()?)?;
        }
        Verdict::TryAgain => writeln!(
            out,
            "a newer version is to be tried; start the machine anew"
        )?,
    }
    Ok(ExitCode::SUCCESS)
}

fn undo(config: &Config, kind: Apart, restart: bool) -> anyhow::Result<ExitCode> {
    let name = kind.name();
    let _lock = Lock::take(&config.update.folder, "madoguchi-robot update undo")?;
    let before = Versions::new(&config.update.folder, name).undo()?;
    let words = before.map_or("the system's own".to_owned(), |version| version.to_string());
    writeln!(
        std::io::stdout(),
        "{name}: {words} is used when the robot starts anew"
    )?;
    if restart {
        restart_robot()?;
    }
    Ok(ExitCode::SUCCESS)
}

fn verdict(well: bool) -> ExitCode {
    match well {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}
