//! `check`: what works on this robot, as far as it can be told beside, without or by the daemon.

use std::io::Write;
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use anyhow::Context;
use reqwest::Client;
use serde::Deserialize;
use serde_json::Value;
use tokio::time::{Instant, sleep};

use crate::check::{self, Condition, Finding, Part};
use crate::claim::Claim;
use crate::config::Config;
use crate::fit;
use crate::link::answers;

/// The daemon answers from memory.
const ANSWER: Duration = Duration::from_secs(5);
const BETWEEN_LOOKS: Duration = Duration::from_millis(500);

pub(super) fn check(config: &Config, measure: bool, json: bool) -> anyhow::Result<ExitCode> {
    if measure {
        fit::forget(&config.state);
    }
    let mut check = check::survey(config);
    for finding in check::devices(config) {
        check.note(finding);
    }
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
    if json {
        writeln!(std::io::stdout(), "{:#}", check::json(&check))?;
    } else {
        list(&check.findings)?;
        let screen = config.screen.listen;
        writeln!(
            std::io::stdout(),
            "While the robot runs, http://{screen}/check tells what its devices and its console do."
        )?;
    }
    Ok(verdict(check.is_well()))
}

/// What the daemon itself tells, as soon as it serves.
pub(super) fn running(config: &Config, patience_s: u64, json: bool) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let url = format!("http://{}/check.json", config.screen.listen);
    let patience = Duration::from_secs(patience_s);
    // The first one stays; whoever was earlier has installed the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().no_proxy().timeout(ANSWER).build()?;
    let told = runtime
        .block_on(ask(&client, &url, patience))
        .with_context(|| {
            format!(
                "no robot serves at {url} after {patience_s} s; look at the log of \
                 madoguchi-robot.service"
            )
        })?;
    let check: Value = serde_json::from_str(&told)?;
    if json {
        writeln!(std::io::stdout(), "{check:#}")?;
    } else {
        list(&Vec::<Finding>::deserialize(&check["findings"])?)?;
    }
    Ok(verdict(check["well"] == true))
}

async fn ask(client: &Client, url: &str, patience: Duration) -> reqwest::Result<String> {
    let until = Instant::now() + patience;
    loop {
        let answer = async {
            client
                .get(url)
                .send()
                .await?
                .error_for_status()?
                .text()
                .await
        };
        match answer.await {
            Err(_) if Instant::now() < until => sleep(BETWEEN_LOOKS).await,
            answered => return answered,
        }
    }
}

fn list(findings: &[Finding]) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for finding in findings {
        let (part, condition) = (finding.part.name(), finding.condition.words());
        writeln!(out, "{part:<15} {condition:<14} {}", finding.detail)?;
    }
    Ok(())
}

fn verdict(well: bool) -> ExitCode {
    match well {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
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
