//! Proving a new system, and going on with one that is still to be tried.

use std::time::Duration;

use anyhow::Context;
use madoguchi_update::{Phase, Proven, RealDisk, Record};

use super::proof::works;
use super::{Image, Robot};
use crate::config::UpdateConfig;

/// What came of it.
#[derive(Debug)]
pub enum Verdict {
    /// This system is kept; it was on trial, or wasn't.
    Kept {
        /// Whether it was.
        was_on_trial: bool,
    },
    /// It is on trial, and something doesn't work that did: why not.
    Unproven(String),
    /// This is the old one, and the new one has tries left.
    TryAgain,
    /// This is the old one, and the new one has none.
    FellBack,
}

/// Keeps what runs, as soon as it works; waits `patience` for that.
///
/// # Errors
/// A sentence, where slots or record can't be read or written.
pub fn keep(
    config: &UpdateConfig,
    image: &Image,
    robot: &Robot,
    patience: Duration,
) -> anyhow::Result<Verdict> {
    let slots = image.slots()?;
    let slot = slots.current();
    let mut record = Record::read(&config.folder).unwrap_or_default();
    let other = slots.entry(&RealDisk, slot.other())?;
    let newer = other
        .filter(|other| other.on_trial() && other.version.cmp_precedence(&image.version).is_gt());
    if newer.as_ref().is_some_and(|newer| !newer.failed()) {
        return Ok(Verdict::TryAgain);
    }
    if let Some(failed) = &newer {
        let reason = format!("version {} never worked here", failed.version);
        note(&mut record, Phase::FellBack, Some(reason));
    }
    let running = slots.entry(&RealDisk, slot)?;
    let was_on_trial = running.is_some_and(|entry| entry.on_trial());
    if was_on_trial {
        note(&mut record, Phase::Trial, None);
        write(&record, config)?;
        if let Err(reason) = works(robot, &record, patience) {
            note(&mut record, Phase::Trial, Some(reason.clone()));
            write(&record, config)?;
            return Ok(Verdict::Unproven(reason));
        }
        slots.keep(&mut RealDisk)?;
        note(&mut record, Phase::Done, None);
    }
    let version = image.version.clone();
    record.proven = Some(Proven { slot, version });
    write(&record, config)?;
    Ok(match newer {
        Some(_) => Verdict::FellBack,
        None => Verdict::Kept { was_on_trial },
    })
}

/// How far the system's last update is.
fn note(record: &mut Record, phase: Phase, reason: Option<String>) {
    let last = record.progress.as_mut();
    if let Some(progress) = last.filter(|progress| progress.kind == "system") {
        (progress.phase, progress.reason) = (phase, reason);
    }
}

fn write(record: &Record, config: &UpdateConfig) -> anyhow::Result<()> {
    let written = record.write(&config.folder);
    written.with_context(|| format!("cannot write to {}", config.folder.display()))
}
