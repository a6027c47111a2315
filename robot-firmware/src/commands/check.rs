//! `check`: what works on this robot, as far as it can be told beside or without the daemon.

use std::io::Write;
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

use crate::check::{self, Condition, Finding, Part};
use crate::claim::Claim;
use crate::config::Config;
use crate::fit;
use crate::link::answers;

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
    if let Ok(Some(claim)) = Claim::load(&config.state) {
        check.note(console(&claim)?);
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

/// Whether the console stands where the claim says.
fn console(claim: &Claim) -> anyhow::Result<Finding> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    Ok(match runtime.block_on(answers(claim)) {
        Ok(()) => Finding::new(Part::Console, Condition::Works, claim.url.clone()),
        Err(error) => {
            let reason = format!("{:#}", anyhow::Error::from(error));
            Finding::new(Part::Console, Condition::Trouble, reason)
        }
    })
}
