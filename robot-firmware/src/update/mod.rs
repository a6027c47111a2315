//! Updates as this robot has them: what its image says, where bundles come from, and what the
//! robot that runs must say to them. The rest is `madoguchi_update`'s.

mod image;
mod install;
mod keep;
mod proof;
mod robot;
mod source;
mod trial;
mod watch;

use std::process::Command;

use anyhow::{Context, bail};
use madoguchi_update::{RealDisk, Slots, Start};

pub use image::Image;
pub use install::{Installer, Outcome};
pub use keep::{Verdict, keep};
pub use robot::{Robot, Visit};
pub use source::{Source, peek};
pub use trial::Trial;
pub use watch::Updater;

/// The robot's own service.
const SERVICE: &str = "madoguchi-robot.service";

/// Has the service manager start the machine anew, so that the other slot is tried.
///
/// # Errors
/// When nothing is to be tried, or it refuses; this was no try then.
pub fn restart_for_try(slots: &dyn Slots) -> anyhow::Result<()> {
    let start = slots.begin_try(&mut RealDisk)?;
    let restarted = restart_machine(&start);
    if restarted.is_err() {
        slots.take_back_try(&mut RealDisk)?;
    }
    restarted
}

/// Has it start the machine anew.
///
/// # Errors
/// When it refuses.
pub fn restart_machine(start: &Start) -> anyhow::Result<()> {
    let mut words = vec!["reboot".to_owned()];
    if let Start::RestartWith(argument) = start {
        words.push(format!("--reboot-argument={argument}"));
    }
    systemctl(&words)
}

/// Has it start the robot anew, where it runs.
///
/// # Errors
/// When it refuses.
pub fn restart_robot() -> anyhow::Result<()> {
    systemctl(&["--no-block", "try-restart", SERVICE].map(str::to_owned))
}

fn systemctl(words: &[String]) -> anyhow::Result<()> {
    let said = Command::new("systemctl").args(words).output();
    let said = said.context("cannot run systemctl; restart by hand")?;
    if !said.status.success() {
        let reason = String::from_utf8_lossy(&said.stderr);
        bail!("systemctl {} says: {}", words.join(" "), reason.trim());
    }
    Ok(())
}
