//! `check`: what works on this robot, as far as it can be told beside or without the daemon.

use std::io::Write;
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

use crate::check::{self, Condition, Finding, Part};
use crate::config::Config;
use crate::fit;

pub(super) fn check(config: &Config, measure: bool, json: bool) -> anyhow::Result<ExitCode> {
    if measure {
        fit::forget(&config.state);
    }
    let mut check = check::survey(config);
    match fit::load(&config.recogniser(), &AtomicBool::new(false)) {
        Ok((_, fitted)) => check.note_recogniser(&fitted),
        Err(error) => check.note(Finding::new(
            Part::Recogniser,
            Condition::Trouble,
            format!("{error:#}"),
        )),
    }
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{:#}", check::json(&check))?;
    } else {
        for finding in &check.findings {
            let (part, condition) = (finding.part.name(), finding.condition.words());
            writeln!(out, "{part:<15} {condition:<14} {}", finding.detail)?;
        }
        let screen = config.screen.listen;
        writeln!(
            out,
            "While the robot runs, http://{screen}/check tells what its devices and its console do."
        )?;
    }
    Ok(if check.is_well() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
