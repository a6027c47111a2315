//! `update status`.

use std::io::Write;
use std::process::ExitCode;

use anyhow::Context;
use madoguchi_update::apart::Versions;
use madoguchi_update::{RealDisk, Record, Slot};
use serde_json::json;

use crate::cli::Apart;
use crate::config::Config;
use crate::update::Image;

pub(super) fn status(config: &Config, json: bool) -> anyhow::Result<ExitCode> {
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
            "fault": record.fault,
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
    if let Some(fault) = &record.fault {
        writeln!(out, "fault    {fault}")?;
    }
    Ok(ExitCode::SUCCESS)
}
