//! `update`: by hand, or by the service at night.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use madoguchi_update::apart::Versions;
use madoguchi_update::{Keys, Progress, RealDisk, Record, Slot, Start};
use serde_json::{Value, json};

use super::WrongUse;
use crate::cli::{Apart, InstallArgs, UpdateArgs, UpdateCommand};
use crate::clock::wall;
use crate::config::Config;
use crate::pack;
use crate::update::{
    Image, Installer, Outcome, Robot, Source, Verdict, keep, peek, restart_machine, restart_robot,
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

fn installer(config: &Config, again: bool) -> anyhow::Result<Installer<'_>> {
    Ok(Installer {
        config: &config.update,
        image: Image::load(&config.update.image)?,
        keys: Keys::read(&config.update.keys)?,
        robot: Robot::new(config.screen.listen)?,
        again,
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
        let pack = pack::load(&config.pack)?;
        if !config.update.is_quiet(wall(), pack.time_zone()) {
            return Ok(ExitCode::SUCCESS);
        }
    }
    let installer = installer(config, args.again)?;
    if installer.robot.is_serving() {
        bail!("a visitor is being served; try again when the robot is free");
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

fn after(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::System => "it is tried when the machine starts anew",
        Outcome::Apart => "it is used when the robot starts anew",
    }
}

fn restart(installer: &Installer<'_>, outcomes: &[Outcome]) -> anyhow::Result<()> {
    if outcomes.is_empty() {
        return Ok(());
    }
    while installer.robot.is_serving() {
        std::thread::sleep(Duration::from_secs(2));
    }
    match &installer.image {
        Some(image) if outcomes.contains(&Outcome::System) => {
            let start = image.slots()?.begin_try(&mut RealDisk)?;
            restart_machine(&start)
        }
        _ => restart_robot(),
    }
}

fn check(config: &Config, source: Option<String>, json: bool) -> anyhow::Result<ExitCode> {
    let installer = installer(config, false)?;
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

fn status(config: &Config, json: bool) -> anyhow::Result<ExitCode> {
    let image = Image::load(&config.update.image)?;
    let record =
        Record::read(&config.update.folder).context("the record of updates can't be read")?;
    let slots = match &image {
        Some(image) => {
            let slots = image.slots()?;
            let entry = |slot| anyhow::Ok((slot, slots.entry(&RealDisk, slot)?));
            let [a, b] = Slot::BOTH.map(entry);
            vec![a?, b?]
        }
        None => Vec::new(),
    };
    let apart = [Apart::Pack, Apart::Models].map(|kind| {
        let version = Versions::new(&config.update.folder, kind.name()).version();
        (kind.name(), version)
    });
    let running = image.as_ref().and_then(|image| image.slot().ok());
    if json {
        let told = json!({
            "board": image.as_ref().map(|image| &image.board),
            "version": image.as_ref().map(|image| &image.version),
            "running": running,
            "slots": slots.iter().map(|(slot, entry)| json!({ "slot": slot, "entry": entry })).collect::<Vec<_>>(),
            "pack": apart[0].1, "models": apart[1].1,
            "last": record.progress,
        });
        writeln!(std::io::stdout(), "{told:#}")?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut out = std::io::stdout().lock();
    match &image {
        Some(image) => writeln!(out, "{} {}", image.board, image.version)?,
        None => writeln!(
            out,
            "no image: this robot has no slots, its system is apt's"
        )?,
    }
    for (slot, entry) in &slots {
        let here = if running == Some(*slot) {
            "running"
        } else {
            ""
        };
        let words = match entry {
            None => "empty".to_owned(),
            Some(entry) => match entry.tries_left {
                None => format!("{} kept", entry.version),
                Some(0) => format!("{} failed", entry.version),
                Some(left) => format!("{} on trial, {left} tries left", entry.version),
            },
        };
        writeln!(out, "slot {slot}   {words:<32} {here}")?;
    }
    for (kind, version) in apart.iter() {
        let words = version
            .as_ref()
            .map_or("the system's own".to_owned(), ToString::to_string);
        writeln!(out, "{kind:<8} {words}")?;
    }
    if let Some(last) = &record.progress {
        let reason = last
            .reason
            .as_deref()
            .map_or(String::new(), |reason| format!(": {reason}"));
        writeln!(
            out,
            "last     {} {} {:?}, {} %{reason}",
            last.kind, last.version, last.phase, last.percent
        )?;
    }
    Ok(ExitCode::SUCCESS)
}

fn keep_running(config: &Config, patience_s: u64, restart: bool) -> anyhow::Result<ExitCode> {
    let Some(image) = Image::load(&config.update.image)? else {
        return Ok(ExitCode::SUCCESS);
    };
    let robot = Robot::new(config.screen.listen)?;
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
        Verdict::TryAgain(start) if restart => {
            writeln!(out, "the newer version is tried once more")?;
            restart_machine(&start)?;
        }
        Verdict::TryAgain(_) => writeln!(
            out,
            "a newer version is to be tried; start the machine anew"
        )?,
    }
    Ok(ExitCode::SUCCESS)
}

fn undo(config: &Config, kind: Apart, restart: bool) -> anyhow::Result<ExitCode> {
    let name = kind.name();
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
