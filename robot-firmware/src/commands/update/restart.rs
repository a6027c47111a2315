//! What comes after an update, once nobody is in front of the robot.

use madoguchi_update::Record;

use crate::clock::wall;
use crate::update::{Installer, Outcome, restart_for_try, restart_robot};

/// A robot that is silent for too long is told as a fault.
pub(super) fn wait_until_free(installer: &Installer<'_>) -> anyhow::Result<()> {
    match installer.robot.wait_until_free() {
        Ok(()) => forget_fault(installer),
        Err(silent) => {
            note(installer, |record| record.fault = Some(silent.to_string()))?;
            Err(silent.into())
        }
    }
}

/// It is one no longer once the robot answers, also where there is nothing to install.
pub(super) fn forget_fault(installer: &Installer<'_>) -> anyhow::Result<()> {
    let record = Record::read(&installer.config.folder).unwrap_or_default();
    match record.fault {
        Some(_) => note(installer, |record| record.fault = None),
        None => Ok(()),
    }
}

fn note(installer: &Installer<'_>, change: impl FnOnce(&mut Record)) -> anyhow::Result<()> {
    let folder = &installer.config.folder;
    let mut record = Record::read(folder).unwrap_or_default();
    change(&mut record);
    Ok(record.write(folder)?)
}

/// Takes what was installed into use. The screen says so first: whoever comes meanwhile is served.
pub(super) fn restart(installer: &Installer<'_>, outcomes: &[Outcome]) -> anyhow::Result<()> {
    if outcomes.is_empty() {
        return Ok(());
    }
    let announce = |at| note(installer, |record| record.restart_unix_ms = at);
    loop {
        wait_until_free(installer)?;
        announce(Some(wall().0))?;
        if installer.robot.shows_restart() {
            break;
        }
        announce(None)?;
    }
    let restarted = match &installer.image {
        Some(image) if outcomes.contains(&Outcome::System) => image
            .slots()
            .map_err(Into::into)
            .and_then(|slots| restart_for_try(&*slots)),
        _ => restart_robot(),
    };
    if restarted.is_err() {
        announce(None)?;
    }
    restarted
}
